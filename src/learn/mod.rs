//! The shop's own catalogue in, models trained on it out. A model is promoted only when it beats what is in use on products that
//! neither was trained on.

pub mod beside;
pub mod examples;
pub mod fusion;
pub mod intents;
pub mod ranker;
pub mod unfused;
