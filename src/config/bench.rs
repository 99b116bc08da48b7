//! `daogou bench`: what it measures.

use super::Place;
use clap::Subcommand;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub enum Bench {
    /// Tokens a second of a GGUF file
    Language {
        #[arg(long)]
        model: PathBuf,
    },
    /// Real-time factor of the speech recognizer on a recording
    Speech { file: PathBuf },
    /// Milliseconds of the text encoder
    Encoder,
    /// Makes a shop of synthetic products, with needs.txt to search it for, to see how search grows
    Catalogue {
        #[command(flatten)]
        place: Place,
        #[arg(long, default_value_t = 100_000)]
        products: usize,
    },
    /// Milliseconds of a shop's search over a list of queries: words alone, all of it with the query's vector at hand, and encoding
    Search {
        #[command(flatten)]
        place: Place,
        /// A text file, one query a line
        #[arg(long)]
        queries: PathBuf,
        /// Always JSON; kept for symmetry
        #[arg(long)]
        json: bool,
    },
    /// Features of pictures by both networks of the image encoder, a line of JSON each
    Sight {
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[cfg(feature = "models")]
        #[arg(long, value_enum, default_value_t)]
        normalization: crate::model::sight::Normalization,
    },
    /// The vector search alone, on rows.f32 and queries.f32 of a directory
    Nearest { dir: PathBuf },
    /// Deeds at random, confirmed at random, each judged: what was done and refused, and what broke a rule, which fails the command
    Aftersales {
        #[arg(long, default_value_t = 1_000_000)]
        operations: u64,
        /// Directory with customers.jsonl, orders.jsonl and catalog.jsonl.gz; the demo shop unless given
        #[arg(long)]
        world: Option<PathBuf>,
        /// The same seed asks for the same
        #[arg(long, default_value_t = 1_000_000)]
        seed: u64,
        /// Always JSON; kept for symmetry
        #[arg(long)]
        json: bool,
    },
}
