//! The command line: one documented struct a command. `--help` is the manual.

mod bench;
mod orders;

use crate::catalog::Lang;
use crate::ingest::read::Format;
use crate::ingest::world::Kind;
use crate::model::pull::ModelSet;
use crate::search::Ranking;
use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

pub use bench::Bench;
pub use orders::{Orders, Systems};

/// A shop assistant that a shop runs itself, offline if need be, in Chinese and English.
#[derive(Debug, Parser)]
#[command(name = "daogou", version, max_term_width = 110)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Everything for a first look: models, the demo shop, and a server on 127.0.0.1:8080
    Demo(Demo),
    /// Serve the shop assistant over HTTP and WebSocket
    Serve(Serve),
    /// Fetch, list or verify model files
    #[command(subcommand)]
    Models(Models),
    /// Import a catalogue feed, or with --kind another part of the shop's world
    Import(Import),
    /// Rank products for a query
    Search(Search),
    /// One turn in the terminal
    Ask(Ask),
    /// Talk to a running server in the terminal
    Chat(Chat),
    /// Put a load on a running server and print the times
    Load(Load),
    /// Train on the shop's own data; what is trained is used only when it is better
    #[command(subcommand)]
    Train(Train),
    /// Measure the search on judged data
    Eval(Eval),
    /// Measure one part on this machine
    #[command(subcommand)]
    Bench(Bench),
    /// The shop's orders
    #[command(subcommand)]
    Orders(Orders),
}

/// Where the shop's data and the models are.
#[derive(Clone, Debug, Args)]
pub struct Place {
    /// Directory of the store, the index, pictures and uploads
    #[arg(long, env = "DAOGOU_DATA", default_value = "./data")]
    pub data: PathBuf,
    /// Database address; SQLite in the data directory unless given (postgres://…)
    #[arg(long, env = "DAOGOU_DATABASE")]
    pub database: Option<String>,
    /// The shop's after-sales rules (docs/aftersales.md); policy.toml in the data directory unless given, else those shipped
    #[arg(long, env = "DAOGOU_AFTER_SALES")]
    pub after_sales: Option<PathBuf>,
    #[command(flatten)]
    pub backends: Backends,
}

/// Which models are used, those pulled unless given, and how what they say becomes one score.
#[derive(Clone, Debug, Default, Args)]
pub struct Backends {
    /// Language model: a GGUF file, openai:URL#name, or none; the best one pulled unless given
    #[arg(long, env = "DAOGOU_MODEL")]
    pub model: Option<String>,
    /// Text encoder: a directory, or none; the one pulled unless given
    #[arg(long, env = "DAOGOU_ENCODER")]
    pub encoder: Option<String>,
    /// Speech recognizer: a ggml file, or none; the one pulled unless given
    #[arg(long, env = "DAOGOU_SPEECH")]
    pub speech: Option<String>,
    /// Image encoder: a directory (also of a CLIP, Chinese-CLIP or SigLIP), or none; the one pulled unless given
    #[arg(long, env = "DAOGOU_IMAGE_MODEL")]
    pub image_model: Option<String>,
    /// What makes one score of the signals of a search
    #[arg(long, env = "DAOGOU_RANKING", value_enum, default_value_t)]
    pub ranking: Ranking,
}

#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    pub place: Place,
    /// Address to listen on; loopback unless you say otherwise
    #[arg(long, env = "DAOGOU_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Origin of a page that may open chats besides the server's own (https://shop.example); may be repeated
    #[arg(long, env = "DAOGOU_ALLOW_ORIGIN", value_delimiter = ',')]
    pub allow_origin: Vec<String>,
    /// Key for PATCH /v1/catalog/{id}; without one it is refused
    #[arg(long, env = "DAOGOU_MERCHANT_KEY", hide_env_values = true)]
    pub merchant_key: Option<String>,
    /// Chats open at once
    #[arg(long, env = "DAOGOU_MAX_CHATS", default_value_t = 10_000)]
    pub max_chats: usize,
    #[command(flatten)]
    pub systems: Systems,
}

#[derive(Debug, Args)]
pub struct Demo {
    #[command(flatten)]
    pub serve: Serve,
    /// Models to fetch: small (fast to fetch, for tests) or standard (better advice)
    #[arg(long, env = "DAOGOU_SET", default_value = "standard")]
    pub set: ModelSet,
}

#[derive(Debug, Subcommand)]
pub enum Models {
    /// Fetch, verify and convert what is missing; an interrupted pull resumes
    Pull {
        /// small or standard
        #[arg(long, env = "DAOGOU_SET", default_value = "standard")]
        set: ModelSet,
    },
    /// Show which files are there
    List,
    /// Read every file and compare its sha256
    Verify,
}

#[derive(Debug, Args)]
pub struct Import {
    /// Feed files; .gz is unpacked
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub place: Place,
    #[arg(long, value_enum, default_value_t = Kind::Products)]
    pub kind: Kind,
    #[arg(long, value_enum, default_value_t = Format::Auto)]
    pub format: Format,
    /// Directory in which relative image links are found
    #[arg(long)]
    pub images: Option<PathBuf>,
    /// Products that are not in the feed leave the catalogue
    #[arg(long)]
    pub replace: bool,
    /// One bad line fails the whole import
    #[arg(long)]
    pub strict: bool,
    /// Print the report as one JSON object
    #[arg(long)]
    pub json: bool,
    /// Encode product texts now, rather than leaving it to the server's background work
    #[arg(long)]
    pub vectors: bool,
}

#[derive(Debug, Args)]
pub struct Search {
    /// What is looked for; may be left out with --image
    #[arg(required_unless_present = "image")]
    pub query: Option<String>,
    /// A photo of what is looked for
    #[arg(long)]
    pub image: Option<PathBuf>,
    #[command(flatten)]
    pub place: Place,
    #[arg(long, default_value_t = 10)]
    pub limit: usize,
    /// Show how the query was read and what each signal said
    #[arg(long)]
    pub explain: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Words only, without text vectors
    #[arg(long)]
    pub lexical: bool,
}

#[derive(Debug, Args)]
pub struct Ask {
    /// What the shopper says; may be left out with --audio or --image
    #[arg(required_unless_present_any = ["audio", "image"])]
    pub text: Option<String>,
    #[command(flatten)]
    pub place: Place,
    /// A photo to go with it
    #[arg(long)]
    pub image: Option<PathBuf>,
    /// A recording to be heard
    #[arg(long)]
    pub audio: Option<PathBuf>,
    /// Page language
    #[arg(long, default_value = "en-US")]
    pub locale: String,
    /// Print the turn's server frames, one a line
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Chat {
    #[arg(default_value = "ws://127.0.0.1:8080/v1/chat")]
    pub url: String,
    /// Page language
    #[arg(long, default_value = "en-US")]
    pub locale: String,
    /// Continue this session
    #[arg(long)]
    pub session: Option<String>,
}

#[derive(Debug, Args)]
pub struct Load {
    #[arg(default_value = "ws://127.0.0.1:8080/v1/chat")]
    pub url: String,
    /// Chats open at once
    #[arg(long, default_value_t = 10)]
    pub chats: usize,
    /// Messages a second over all chats; 0 opens the chats and stays silent
    #[arg(long, default_value_t = 10.0)]
    pub rate: f64,
    #[arg(long, default_value_t = 10.0)]
    pub seconds: f64,
    /// File of messages, one a line; a small built-in list unless given
    #[arg(long)]
    pub messages: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum Train {
    /// The embedding of texts and pictures in one space
    Fusion {
        #[command(flatten)]
        place: Place,
        #[arg(long, default_value_t = 40)]
        epochs: usize,
        /// The same seed gives the same model
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Print the report as one JSON object
        #[arg(long)]
        json: bool,
    },
    /// The classifier of intents: weights of the text encoder's vectors, from the phrases in assets/intents; for who changes those
    Intents {
        #[command(flatten)]
        place: Place,
        #[arg(long, default_value = "assets/intents/e5-small.bin")]
        out: PathBuf,
    },
    /// Which problem a message tells: weights of the text encoder's vectors, from the phrases in assets/lexicon/problems; for who changes
    /// those
    Problems {
        #[command(flatten)]
        place: Place,
        #[arg(long, default_value = "assets/lexicon/problems/e5-small.bin")]
        out: PathBuf,
    },
    /// Which matter of service a message asks about: weights of the text encoder's vectors, from the phrases in assets/lexicon/services; for
    /// who changes those
    Services {
        #[command(flatten)]
        place: Place,
        #[arg(long, default_value = "assets/lexicon/services/e5-small.bin")]
        out: PathBuf,
    },
    /// What each signal weighs, from judged queries
    Ranker {
        #[command(flatten)]
        place: Place,
        /// {"id", "text"} a line
        #[arg(long)]
        queries: PathBuf,
        /// Query, product and grade with tabs between, after a line of names
        #[arg(long)]
        qrels: PathBuf,
        /// Print the report as one JSON object
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
pub struct Eval {
    #[arg(value_enum)]
    pub suite: Suite,
    /// A data set, or a directory of them
    #[arg(long = "data", id = "dataset", value_name = "DIR")]
    pub dataset: PathBuf,
    /// Where data sets are imported and their vectors kept; beside the models unless given
    #[arg(long)]
    pub work: Option<PathBuf>,
    /// One line of JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub customer: Customer,
    #[command(flatten)]
    pub backends: Backends,
}

/// Of `eval aftersales` alone: how the scripted customer plays.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "After-sales")]
pub struct Customer {
    /// Language the customer speaks
    #[arg(long, value_enum, default_value_t = Spoken::Both)]
    pub lang: Spoken,
    /// Times each task is played; 4 or more give pass^4
    #[arg(long, default_value_t = 1)]
    pub rounds: usize,
    /// The same seed says the same
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Tasks to be played, evenly spread; all unless given
    #[arg(long)]
    pub tasks: Option<usize>,
    /// File for the conversations that failed
    #[arg(long, value_name = "FILE")]
    pub transcripts: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Spoken {
    En,
    Zh,
    Both,
}

impl Spoken {
    pub fn langs(self) -> &'static [Lang] {
        match self {
            Self::En => &[Lang::En],
            Self::Zh => &[Lang::Zh],
            Self::Both => &[Lang::En, Lang::Zh],
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Suite {
    /// Judged queries: nDCG@10, cross-lingual hit rates
    Retrieval,
    /// Photos of products: how often the right one comes first
    Images,
    /// Labelled messages: what is asked, told right (macro-F1)
    Intents,
    /// Labelled needs: price limits and sizes read right
    Needs,
    /// Tasks about orders, played by a scripted customer over the real socket: how many are done (pass^1, pass^4)
    Aftersales,
}
