//! FEED → RECORD → PRODUCT → STORE. A feed file comes in; the store and a line-exact report come out.
//!
//! `read` turns bytes into raw records (one file per format), `normalize` (pure) turns a record into products,
//! `run` streams them into one atomic import, `media` puts pictures where the server finds them, `world` reads the rest.

pub mod draw;
pub mod media;
pub mod normalize;
pub mod read;
pub mod run;
pub mod world;

pub use run::{ImportOptions, Report, import_feed};

/// Why one line was not taken.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Rejection {
    /// File name as given.
    pub file: String,
    /// Line in the file, counted from 1.
    pub line: u64,
    /// The field at fault; empty when it is the whole line.
    pub field: String,
    pub reason: String,
}

impl std::fmt::Display for Rejection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.field.as_str() {
            "" => write!(f, "{}:{}: {}", self.file, self.line, self.reason),
            field => write!(f, "{}:{}: {field}: {}", self.file, self.line, self.reason),
        }
    }
}
