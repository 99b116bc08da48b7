//! Opening the rooms in the right order, serving, following the catalogue, and going down without losing anything.

use crate::chat::Hub;
use crate::config::{Backends, Place, Serve};
use crate::learn;
use crate::model::pull::{self, ModelDir, ModelSet};
use crate::model::{Drafter, Ears, Encoder, Eyes, fake};
use crate::search::{Ranking, Search};
use crate::store::Store;
use crate::systems::{Systems, Webhooks};
use crate::turn::policy::{Current, Policies};
use crate::turn::understand::learned;
use crate::turn::{Rooms, World, draft};
use crate::web;
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The models a process uses, and what makes one score of what they say.
pub struct Models {
    pub encoder: Option<Encoder>,
    pub eyes: Option<Eyes>,
    pub drafter: Drafter,
    pub ears: Ears,
    pub ranking: Ranking,
}

/// An opened shop: what commands and the server work on.
pub struct Shop {
    pub rooms: Rooms,
    pub ears: Ears,
    pub data: PathBuf,
}

/// How often the catalogue's change log is looked at.
const FOLLOW: Duration = Duration::from_millis(500);
/// How often what was written is moved from SQLite's log into its file.
const SHORTEN: Duration = Duration::from_secs(1);
const LAST_REPLIES: Duration = Duration::from_secs(8);
/// How long encoding waits for the language model at most, and between two looks.
const WARM: Duration = Duration::from_secs(90);
const WARMING: Duration = Duration::from_millis(100);

impl Models {
    pub fn none() -> Self {
        Self { encoder: None, eyes: None, drafter: Drafter::none(), ears: Ears::none(), ranking: Ranking::default() }
    }

    /// Loads what `backends` names, and what has been pulled for what it leaves open.
    ///
    /// # Errors
    /// When a model that was named cannot be loaded. A pulled one that is broken is left out with a warning.
    pub async fn load(backends: &Backends, wanted: Wanted) -> anyhow::Result<Self> {
        let ranking = backends.ranking;
        if wanted == Wanted::Nothing {
            return Ok(Self { ranking, ..Self::none() });
        }
        let (encoder, eyes) = (load_encoder(backends).await?, load_eyes(backends).await?);
        if wanted == Wanted::Encoders {
            return Ok(Self { encoder, eyes, ranking, ..Self::none() });
        }
        let drafter = load_drafter(backends).await?;
        let ears = load_ears(backends, &drafter).await?;
        Ok(Self { encoder, eyes, drafter, ears, ranking })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    All,
    Encoders,
    Nothing,
}

impl Shop {
    /// Opens store and search and brings them up to date.
    ///
    /// # Errors
    /// When the data directory or the database cannot be used.
    pub async fn open(place: &Place, models: Models) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&place.data).with_context(|| format!("make the data directory {}", place.data.display()))?;
        let store = match &place.database {
            Some(url) => Store::open(url).await?,
            None => Store::open_dir(&place.data).await?,
        };
        let search = Arc::new(Search::open(&place.data, models.encoder, models.eyes, models.ranking)?);
        search.catch_up(&store).await.context("bring the index up to date")?;
        let drafter = models.drafter.clone();
        search.give_way_while(move || drafter.is_writing());
        let policies = Current::default();
        policies.set(Arc::new(Policies::new(store.policies().await.context("read the policies")?)));
        let after_sales = place.after_sales.clone().unwrap_or_else(|| place.data.join("policy.toml"));
        let world = World::new(after_sales)?;
        let rooms = Rooms { search, store, drafter: models.drafter, policies, world, systems: Arc::default() };
        Ok(Self { rooms, ears: models.ears, data: place.data.clone() })
    }

    pub fn media(&self) -> PathBuf {
        self.data.join("media")
    }
}

/// Serves until `stop`, then lets the replies under way end and closes the store.
///
/// # Errors
/// When the uploads directory cannot be made, an address of the shop's own systems is none, or the listener fails.
pub async fn run(mut shop: Shop, serve: &Serve, listener: TcpListener, stop: CancellationToken) -> anyhow::Result<()> {
    let uploads = shop.data.join("uploads");
    std::fs::create_dir_all(&uploads).with_context(|| format!("make the directory {}", uploads.display()))?;
    shop.rooms.systems = Arc::new(Systems::new(&serve.systems)?);
    let webhooks = serve.systems.webhook_url.as_deref().map(|url| Webhooks::new(url, &serve.systems.webhook_secret)).transpose()?;
    let tasks = TaskTracker::new();
    let media = shop.media();
    let rooms = shop.rooms.clone();
    let hub = Hub::new(shop.rooms, shop.ears, uploads, tasks.clone(), stop.clone());
    tokio::task::spawn_blocking(learned::warm_up);
    tasks.spawn(hub.clone().follow_shelf());
    if let Some(webhooks) = webhooks {
        // What is on its way when the server goes down is waited for, as replies are.
        tasks.spawn(webhooks.follow(rooms.store.clone(), stop.clone()));
    }
    tokio::spawn(follow_catalog(rooms.clone(), stop.clone()));
    tokio::spawn(follow_policies(rooms.clone(), stop.clone()));
    tokio::spawn(shorten_log(rooms.store.clone(), stop.clone()));
    tokio::spawn(async move { rooms.drafter.warm_up(&draft::prefixes()).await });
    let store = hub.store.clone();
    let app = web::router::App::new(hub, media, serve.allow_origin.clone(), serve.merchant_key.clone(), serve.max_chats);
    let served = axum::serve(listener, web::router(Arc::new(app))).with_graceful_shutdown(stop.clone().cancelled_owned());
    let ended = tokio::select! {
        ended = served => ended.context("serve"),
        () = async { stop.cancelled().await; tokio::time::sleep(LAST_REPLIES).await } => Ok(()),
    };
    tasks.close();
    let _ = tokio::time::timeout(LAST_REPLIES, tasks.wait()).await;
    store.close().await;
    ended
}

/// Keeps index, shelf and vectors in step with the store. Prices and stock are followed while texts are encoded, which takes minutes.
async fn follow_catalog(rooms: Rooms, stop: CancellationToken) {
    let mut encoded = None;
    let mut encoding: Option<JoinHandle<anyhow::Result<usize>>> = None;
    let mut learning: Option<JoinHandle<()>> = None;
    loop {
        if let Err(error) = rooms.search.catch_up(&rooms.store).await {
            tracing::warn!("the catalogue could not be followed: {error:#}");
        }
        if let Some(ended) = encoding.take_if(|encoding| encoding.is_finished()) {
            match ended.await {
                Ok(Ok(looked_at)) => {
                    let search = &rooms.search;
                    let new = looked_at > 0 && search.fused().is_none() && search.was_judged();
                    if new && learning.as_ref().is_none_or(JoinHandle::is_finished) {
                        learning = Some(tokio::spawn(learn::beside::learn_pictures(search.clone())));
                    }
                }
                Ok(Err(error)) => tracing::warn!("products could not be encoded: {error:#}"),
                Err(error) => tracing::error!("encoding product texts ended: {error}"),
            }
        }
        // A changed offer may have been caught up with by the request that changed it; words are what vectors are made of.
        let wording = Some(rooms.search.wording());
        if wording != encoded && encoding.is_none() {
            encoded = wording;
            encoding = Some(tokio::spawn(encode(rooms.clone(), stop.clone())));
        }
        if !rest(FOLLOW, &stop).await {
            return;
        }
    }
}

/// Makes the vectors that are missing; how many pictures were looked at for it.
async fn encode(rooms: Rooms, stop: CancellationToken) -> anyhow::Result<usize> {
    let encode = async {
        // One after the other: the shop opens when the model is warm, and encoding goes on for minutes.
        let _ = tokio::time::timeout(WARM, warm(&rooms)).await;
        rooms.search.encode_missing(&rooms.store, |done, total| report_progress("texts", done, total)).await?;
        let looked_at = rooms.search.look_at_missing(|done, total| report_progress("pictures", done, total)).await?;
        let search = rooms.search.clone();
        tokio::task::spawn_blocking(move || search.fuse_products()).await.context("embed products")??;
        Ok(looked_at)
    };
    tokio::select! {
        done = encode => done,
        () = stop.cancelled() => Ok(0),
    }
}

/// Until the language model has read its prefixes.
async fn warm(rooms: &Rooms) {
    while !rooms.drafter.is_warm() {
        tokio::time::sleep(WARMING).await;
    }
}

/// Keeps the clauses and their vectors in step with the store.
async fn follow_policies(rooms: Rooms, stop: CancellationToken) {
    let mut at = None;
    loop {
        rooms.world.follow();
        if let Err(error) = catch_up_policies(&rooms, &mut at).await {
            tracing::warn!("the policies could not be followed: {error:#}");
        }
        if !rest(FOLLOW, &stop).await {
            return;
        }
    }
}

/// Reads the policies when their revision is no longer `at`.
async fn catch_up_policies(rooms: &Rooms, at: &mut Option<i64>) -> anyhow::Result<()> {
    let revision = rooms.store.policy_revision().await?;
    if *at == Some(revision) {
        return Ok(());
    }
    let policies = Arc::new(Policies::new(rooms.store.policies().await?));
    rooms.policies.set(policies.clone());
    if rooms.search.encoder().is_some() && !policies.is_empty() {
        match rooms.search.embed(&policies.passages()).await {
            Ok(vectors) => policies.set_vectors(vectors),
            Err(error) => tracing::warn!("policies are found by words alone: {error:#}"),
        }
    }
    *at = Some(revision);
    Ok(())
}

async fn shorten_log(store: Store, stop: CancellationToken) {
    while rest(SHORTEN, &stop).await {
        if let Err(error) = store.shorten_log().await {
            tracing::warn!("the write-ahead log could not be shortened: {error}");
        }
    }
}

/// False as soon as the server goes down.
async fn rest(pause: Duration, stop: &CancellationToken) -> bool {
    tokio::time::timeout(pause, stop.cancelled()).await.is_err()
}

fn report_progress(what: &str, done: usize, total: usize) {
    let step = (total / 10).max(64);
    if done % step < 16 || done >= total {
        tracing::info!("product {what} encoded: {} of {total}", done.min(total));
    }
}

async fn load_encoder(backends: &Backends) -> anyhow::Result<Option<Encoder>> {
    match backends.encoder.as_deref() {
        Some("none") => Ok(None),
        Some("fake") => Ok(Some(Encoder::start(fake::FakeEncoder))),
        Some(dir) => Ok(Some(encoder(PathBuf::from(dir)).await?)),
        None => Ok(or_warn("text encoder", pulled().text, encoder).await),
    }
}

async fn load_eyes(backends: &Backends) -> anyhow::Result<Option<Eyes>> {
    match backends.image_model.as_deref() {
        Some("none") => Ok(None),
        Some("fake") => Ok(Some(Eyes::start(fake::FakeImageEncoder))),
        Some(path) => Ok(Some(eyes(PathBuf::from(path)).await?)),
        None => Ok(or_warn("image encoder", pulled().image, eyes).await),
    }
}

async fn load_drafter(backends: &Backends) -> anyhow::Result<Drafter> {
    match backends.model.as_deref() {
        Some("none") => Ok(Drafter::none()),
        Some("fake") => {
            let text = "This one suits you well. It is light. 它很适合您。".to_owned();
            Ok(Drafter::new(Arc::new(fake::FakeLanguageModel { text, pause: Duration::from_millis(20) })))
        }
        Some(address) if address.starts_with("openai:") => {
            Ok(Drafter::new(Arc::new(crate::model::openai::OpenAi::new(address.trim_start_matches("openai:"))?)))
        }
        Some(path) => drafter(PathBuf::from(path)).await,
        None => Ok(or_warn("language model", pulled().language, drafter).await.unwrap_or_else(Drafter::none)),
    }
}

async fn load_ears(backends: &Backends, drafter: &Drafter) -> anyhow::Result<Ears> {
    let ears = |path| ears(path, drafter.clone());
    match backends.speech.as_deref() {
        Some("none") => Ok(Ears::none()),
        Some("fake") => Ok(Ears::start(fake::FakeRecognizer)),
        Some(path) => ears(PathBuf::from(path)).await,
        None => Ok(or_warn("speech recognizer", pulled().speech, ears).await.unwrap_or_else(Ears::none)),
    }
}

/// A pulled model that is missing or broken costs its part of the service, not the service.
async fn or_warn<T, F: Future<Output = anyhow::Result<T>>>(
    what: &str,
    path: Option<PathBuf>,
    load: impl FnOnce(PathBuf) -> F,
) -> Option<T> {
    let Some(path) = path else {
        tracing::warn!("no {what} has been pulled; going on without one (daogou models pull)");
        return None;
    };
    match load(path).await {
        Ok(loaded) => Some(loaded),
        Err(error) => {
            tracing::warn!("going on without the {what}: {error:#}");
            None
        }
    }
}

/// Model files that are there; the larger language model when both are.
fn pulled() -> ModelPaths {
    let Ok(dir) = ModelDir::from_env() else { return ModelPaths::default() };
    let there = |path: Option<PathBuf>| path.filter(|p| p.exists());
    let (standard, small) = (pull::paths(&dir, ModelSet::Standard), pull::paths(&dir, ModelSet::Small));
    ModelPaths {
        language: there(Some(standard.language)).or(there(Some(small.language))),
        speech: there(Some(standard.speech)),
        image: there(standard.image).and_then(|p| p.parent().map(Path::to_owned)),
        text: there(Some(standard.text_dir.join("model.safetensors"))).and_then(|p| p.parent().map(Path::to_owned)),
    }
}

#[derive(Default)]
struct ModelPaths {
    text: Option<PathBuf>,
    language: Option<PathBuf>,
    speech: Option<PathBuf>,
    image: Option<PathBuf>,
}

#[cfg(feature = "models")]
async fn encoder(dir: PathBuf) -> anyhow::Result<Encoder> {
    let model = tokio::task::spawn_blocking(move || crate::model::e5::E5::load(&dir)).await.context("load the text encoder")??;
    Ok(Encoder::start(model))
}

#[cfg(feature = "models")]
async fn eyes(dir: PathBuf) -> anyhow::Result<Eyes> {
    use crate::model::{clip::Clip, sight};
    let load = move || match dir.join(sight::SMALL).exists() {
        true => Ok(Eyes::start(sight::TwoNets::load(&dir)?)),
        false => Ok(Eyes::start(Clip::load(&dir)?)),
    };
    tokio::task::spawn_blocking(load).await.context("load the image encoder")?
}

#[cfg(feature = "models")]
async fn drafter(path: PathBuf) -> anyhow::Result<Drafter> {
    Ok(Drafter::new(Arc::new(crate::model::mistral::Mistral::load(&path).await?)))
}

#[cfg(feature = "models")]
async fn ears(path: PathBuf, drafter: Drafter) -> anyhow::Result<Ears> {
    let model =
        tokio::task::spawn_blocking(move || crate::model::whisper::Whisper::load(&path)).await.context("load the speech model")??;
    Ok(Ears::start(model.yielding(move || drafter.is_writing())))
}

#[cfg(not(feature = "models"))]
async fn encoder(_: PathBuf) -> anyhow::Result<Encoder> {
    anyhow::bail!("this build has no models (feature \"models\")")
}

#[cfg(not(feature = "models"))]
async fn eyes(_: PathBuf) -> anyhow::Result<Eyes> {
    anyhow::bail!("this build has no models (feature \"models\")")
}

#[cfg(not(feature = "models"))]
async fn drafter(_: PathBuf) -> anyhow::Result<Drafter> {
    anyhow::bail!("this build has no models (feature \"models\")")
}

#[cfg(not(feature = "models"))]
async fn ears(_: PathBuf, _: Drafter) -> anyhow::Result<Ears> {
    anyhow::bail!("this build has no models (feature \"models\")")
}
