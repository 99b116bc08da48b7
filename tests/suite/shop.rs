//! A whole shop for one test: a copy of the stocked demo shop in, the real application on port 0 and on threads of its own out.

use daogou::app::{Models, Shop, run};
use daogou::config::{Backends, Place, Serve, Systems};
use daogou::ingest::read::Format;
use daogou::ingest::world::{Kind, import_world};
use daogou::ingest::{ImportOptions, import_feed};
use daogou::model::{Drafter, Ears, Encoder, Eyes, fake};
use daogou::search::Ranking;
use daogou::store::Store;
use serde_json::{Map, Value};
use sqlx::any::AnyConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{OnceCell, oneshot};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The key that may change offers in a test shop.
pub const MERCHANT_KEY: &str = "a-merchant-key-for-tests";
/// How long anything may take before a test says that it never came. Far beyond what is measured elsewhere.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A running application. Its threads end with it.
pub struct TestShop {
    pub address: SocketAddr,
    data: Option<TempDir>,
    stop: CancellationToken,
    running: JoinHandle<anyhow::Result<()>>,
    threads: Option<Runtime>,
}

/// What a test shop runs with; without models and with ears that say how long they heard something.
pub struct Setup {
    pub drafter: Drafter,
    pub encoder: Option<Encoder>,
    pub eyes: Option<Eyes>,
    pub ears: Ears,
    pub ranking: Ranking,
    pub allow_origin: Vec<String>,
    pub max_chats: usize,
    pub systems: Systems,
}

impl Default for Setup {
    fn default() -> Self {
        let ears = Ears::start(fake::FakeRecognizer);
        let (ranking, allow_origin, systems) = (Ranking::default(), Vec::new(), Systems::default());
        Self { drafter: Drafter::none(), encoder: None, eyes: None, ears, ranking, allow_origin, max_chats: 1_000, systems }
    }
}

impl Setup {
    /// With a language model that writes `text`, one word every `pause`.
    pub fn writing(text: &str, pause: Duration) -> Self {
        let model = fake::FakeLanguageModel { text: text.to_owned(), pause };
        Self { drafter: Drafter::new(Arc::new(model)), ..Self::default() }
    }
}

impl TestShop {
    /// The demo shop without a language model.
    pub async fn open() -> Self {
        Self::with(Setup::default()).await
    }

    pub async fn with(setup: Setup) -> Self {
        Self::on(copy_of_demo().await, setup).await
    }

    /// Over the data another test shop left.
    pub async fn on(data: TempDir, setup: Setup) -> Self {
        let serve = Serve {
            place: place(data.path()),
            listen: ([127, 0, 0, 1], 0).into(),
            allow_origin: setup.allow_origin,
            merchant_key: Some(MERCHANT_KEY.to_owned()),
            max_chats: setup.max_chats,
            systems: setup.systems,
        };
        let Setup { drafter, encoder, eyes, ears, ranking, .. } = setup;
        let models = Models { encoder, eyes, drafter, ears, ranking };
        let threads = Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads for the application");
        let stop = CancellationToken::new();
        let (listening, ready) = oneshot::channel();
        let until = stop.clone();
        let running = threads.spawn(async move {
            let shop = Shop::open(&serve.place, models).await?;
            let listener = TcpListener::bind(serve.listen).await?;
            listening.send(listener.local_addr()?).ok();
            run(shop, &serve, listener, until).await
        });
        let Ok(address) = ready.await else { panic!("the application did not start: {:?}", running.await) };
        Self { address, data: Some(data), stop, running, threads: Some(threads) }
    }

    pub fn data(&self) -> &Path {
        self.data.as_ref().expect("it runs").path()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// GET until `enough` is pleased with the text.
    pub async fn wait_for(&self, path: &str, enough: impl Fn(&str) -> bool) {
        let begun = Instant::now();
        loop {
            let text = reqwest::get(self.url(path)).await.expect("an answer").text().await.expect("a body");
            if enough(&text) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{path} stays {text}");
            tokio::task::yield_now().await;
        }
    }

    /// Asks the application to go down, as a signal would.
    pub fn begin_to_close(&self) {
        self.stop.cancel();
    }

    /// Goes down in order; the data stays.
    pub async fn close(mut self) -> TempDir {
        self.stop.cancel();
        let ended = tokio::time::timeout(PATIENCE, &mut self.running).await.expect("the application went down in time");
        ended.expect("the application did not panic").expect("the application ended well");
        self.data.take().expect("the data is taken once")
    }

    /// Pulls the plug: every task ends where it stands.
    pub fn kill(mut self) -> TempDir {
        self.threads.take().expect("it runs until now").shutdown_background();
        self.data.take().expect("the data is taken once")
    }
}

impl Drop for TestShop {
    fn drop(&mut self) {
        if let Some(threads) = self.threads.take() {
            threads.shutdown_background();
        }
    }
}

/// The demo shop opened without a server and without models.
pub async fn demo() -> (Shop, TempDir) {
    let data = copy_of_demo().await;
    let shop = Shop::open(&place(data.path()), Models::none()).await.expect("the demo shop opens");
    (shop, data)
}

pub fn place(data: &Path) -> Place {
    Place { data: data.to_owned(), database: None, after_sales: None, backends: Backends::default() }
}

/// Import options that place no pictures and print nothing.
pub fn quietly(data: &Path) -> ImportOptions {
    ImportOptions { format: Format::Auto, images: None, replace: false, strict: false, media: data.join("media"), progress: false }
}

/// A fresh copy of the stocked data directory.
pub async fn copy_of_demo() -> TempDir {
    static STOCKED: OnceCell<PathBuf> = OnceCell::const_new();
    let stocked = STOCKED.get_or_init(stock).await;
    let data = tempfile::tempdir().expect("a directory for the test");
    copy(stocked, data.path());
    data
}

/// Imports the demo shop once for the whole run, through the ordinary import. Its drawings are left out: they cost seconds and
/// no test here looks at them.
async fn stock() -> PathBuf {
    let shops = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stocked");
    sweep(&shops);
    let data = shops.join(std::process::id().to_string());
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo");
    let feeds = data.join("feeds");
    std::fs::create_dir_all(&feeds).expect("a directory for the feeds");
    let mut files = Vec::new();
    for feed in list(&demo.join("catalog")) {
        let copy = feeds.join(feed.file_name().expect("a feed has a name"));
        std::fs::write(&copy, without_drawings(&feed)).expect("write a feed");
        files.push(copy);
    }
    let store = Store::open_dir(&data).await.expect("open the store");
    let report = import_feed(&store, &files, &quietly(&data)).await.expect("import the demo catalogue");
    assert_eq!(report.rejected, 0, "{:?}", report.rejections);
    for page in list(&demo.join("policies")) {
        import_world(&store, Kind::Policies, &page).await.expect("import a policy page");
    }
    import_world(&store, Kind::Customers, &demo.join("customers.jsonl")).await.expect("import the customers");
    import_world(&store, Kind::Orders, &demo.join("orders.jsonl")).await.expect("import the orders");
    store.close().await;
    // The index is built once, too.
    let shop = Shop::open(&place(&data), Models::none()).await.expect("build the index");
    shop.rooms.store.close().await;
    data
}

fn without_drawings(feed: &Path) -> String {
    let text = std::fs::read_to_string(feed).expect("read a feed");
    let line = |line: &str| {
        let mut record: Map<String, Value> = serde_json::from_str(line).expect("a feed line is JSON");
        record.remove("image_link");
        Value::Object(record).to_string() + "\n"
    };
    text.lines().filter(|l| !l.trim().is_empty()).map(line).collect()
}

/// Removes what runs that have ended left behind.
fn sweep(shops: &Path) {
    for old in list(shops) {
        let running = old.file_name().is_some_and(|pid| Path::new("/proc").join(pid).exists());
        if !running {
            std::fs::remove_dir_all(old).ok();
        }
    }
}

/// Entries of a directory in the order of their names; none when there is no such directory.
pub fn list(dir: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path()).collect();
    paths.sort();
    paths
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("make a directory");
    for path in list(from) {
        let target = to.join(path.file_name().expect("an entry has a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("copy a file");
        }
    }
}

/// Does to the store what a test needs done to it from outside.
pub async fn sql(data: &Path, statement: &'static str) {
    sqlx::any::install_default_drivers();
    let url = format!("sqlite://{}", data.join("daogou.db").display());
    let mut connection = AnyConnectOptions::from_str(&url).expect("an address").connect().await.expect("open the store");
    connection.execute(statement).await.expect("SQLite obeys");
    connection.close().await.expect("close");
}
