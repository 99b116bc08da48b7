//! HTTP and WebSocket in, the other rooms' answers out: the only room that knows either.

pub mod catalog;
pub mod drain;
pub mod error;
pub mod metrics;
pub mod pages;
pub mod photo_search;
pub mod router;
pub mod sieve;
pub mod socket;
pub mod upgrade;
pub mod uploads;
pub mod wire;

pub use error::Error;
pub use router::router;
