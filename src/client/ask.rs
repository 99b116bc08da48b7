//! `daogou ask`: one turn against the data directory, without a server.

use super::chat::Printer;
use crate::app::{Models, Shop, Wanted};
use crate::chat::{Accept, Hub};
use crate::config::Ask;
use crate::store::chat::Write;
use crate::store::new_id;
use anyhow::Context;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// # Errors
/// When the shop cannot be opened or the reply cannot be stored.
pub async fn ask(options: Ask) -> anyhow::Result<()> {
    let models = Models::load(&options.place.backends, Wanted::All).await?;
    let shop = Shop::open(&options.place, models).await?;
    shop.rooms.search.show_known_vectors(&shop.rooms.store).await?;
    let uploads = shop.data.join("uploads");
    std::fs::create_dir_all(&uploads).with_context(|| format!("make the directory {}", uploads.display()))?;
    let hub = Hub::new(shop.rooms, shop.ears, uploads, TaskTracker::new(), CancellationToken::new());
    let (conversation, _) = hub.open(None, &options.locale, "cli").await.map_err(|e| anyhow::anyhow!("open a conversation: {e}"))?;
    let mut live = conversation.subscribe();
    let mut message = Accept { id: new_id(), text: options.text.unwrap_or_default(), ..Accept::default() };
    for (path, kind) in [(&options.image, "image"), (&options.audio, "audio")] {
        let Some(path) = path else { continue };
        let bytes = std::fs::read(path).with_context(|| format!("read {}", path.display()))?;
        let id = new_id();
        let row = Write::Upload { id: id.clone(), kind: kind.to_owned(), media_type: format!("{kind}/*"), bytes: bytes.len() as i64 };
        std::fs::write(hub.uploads.join(&id), bytes).context("keep the file")?;
        hub.writer.write(vec![row]).await.map_err(|e| anyhow::anyhow!("keep the file: {e}"))?;
        message.uploads.push(id);
    }
    if let Err(refused) = hub.accept(&conversation, message).await {
        anyhow::bail!("the message was not taken: {}", refused.encode(None));
    }
    let mut printer = Printer::default();
    loop {
        let sent = live.recv().await.context("the reply was lost")?;
        match options.json {
            true => println!("{}", sent.json),
            false => printer.print(&serde_json::from_str(&sent.json).context("read a frame")?),
        }
        if sent.json.contains("\"type\":\"done\"") {
            return Ok(());
        }
    }
}
