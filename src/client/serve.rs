//! `daogou serve` and `daogou demo`.

use crate::app::{Models, Shop, Wanted, run};
use crate::config::{Demo, Serve};
use crate::{demo, store::Store};
use anyhow::Context;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// # Errors
/// When the address is taken or the shop cannot be opened.
pub async fn serve(options: Serve) -> anyhow::Result<()> {
    let listener = TcpListener::bind(options.listen).await.with_context(|| format!("listen on {}", options.listen))?;
    let address = listener.local_addr().context("read the address")?;
    let models = Models::load(&options.place.backends, Wanted::All).await?;
    let shop = Shop::open(&options.place, models).await?;
    let products = shop.rooms.search.shelf().len();
    println!("Shop and chat      http://{address}/");
    println!("Chat socket        ws://{address}/v1/chat");
    println!("Widget             <script type=\"module\" src=\"http://{address}/widget.js\"></script>");
    println!("Health             http://{address}/readyz");
    println!("{products} products, language model {}. Ctrl-C ends.", shop.rooms.drafter.name());
    run(shop, &options, listener, signalled()).await
}

/// # Errors
/// As [`serve`], and when models or the demo shop cannot be put in place.
pub async fn demo(options: Demo) -> anyhow::Result<()> {
    let Demo { serve: options, set } = options;
    super::models::pull_set(set).await?;
    let place = &options.place;
    std::fs::create_dir_all(&place.data).with_context(|| format!("make the data directory {}", place.data.display()))?;
    let store = match &place.database {
        Some(url) => Store::open(url).await?,
        None => Store::open_dir(&place.data).await?,
    };
    let report = demo::import(&store, &place.data, true).await?;
    println!("Demo shop: {} products and variants, {} of them new or changed.", report.read, report.new + report.changed);
    store.close().await;
    serve(options).await
}

/// Cancelled by Ctrl-C or SIGTERM.
fn signalled() -> CancellationToken {
    let stop = CancellationToken::new();
    let token = stop.clone();
    tokio::spawn(async move {
        let mut term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).expect("signals can be caught");
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = term.recv() => {}
        }
        token.cancel();
    });
    stop
}
