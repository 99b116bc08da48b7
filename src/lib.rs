//! Daogou (导购): a shop assistant that a shop runs itself, in one binary, in Chinese and English. This page is the map.
//!
//! A shopper's message flows `web` → `chat` → `turn` → `chat` → `web`; `turn` asks `search`, `model` and `store`. A feed flows
//! `ingest` → `store`, and `search` follows the store's change log. What may be done to an order is decided in `aftersales`, and talked of
//! in `errand`; both are pure. Read `turn/mod.rs` next: it is the product on one screen.

pub mod aftersales;
pub mod algebra;
pub mod app;
pub mod catalog;
pub mod chat;
pub mod client;
pub mod config;
pub mod demo;
pub mod errand;
pub mod eval;
pub mod ingest;
pub mod learn;
pub mod memory;
pub mod model;
pub mod progress;
pub mod prompt;
pub mod script;
pub mod search;
pub mod store;
pub mod systems;
pub mod telemetry;
pub mod turn;
pub mod web;
