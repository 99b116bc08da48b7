//! Every test that needs more than one room: the real application, after-sales, the store and the cases in it on both engines, feeds,
//! search, dialogues, the house rules, and real weights. One binary, because linking is what takes long. What comes in: the demo shop;
//! what goes out: verdicts.

mod aftersales;
mod api;
mod cases;
mod chat;
#[cfg(feature = "models")]
mod clip;
mod dialogues;
#[cfg(feature = "models")]
mod fusion;
mod golden;
mod grounding;
mod ingest;
mod materials;
#[cfg(feature = "models")]
mod models;
mod policies;
mod search;
mod shop;
#[cfg(feature = "models")]
mod sight;
mod store;
mod tidy;
