//! Commands in, words on the terminal out.

pub mod ask;
pub mod bench;
mod bench_aftersales;
#[cfg(feature = "models")]
mod bench_nearest;
#[cfg(feature = "models")]
mod bench_search;
pub mod chat;
pub mod eval;
pub mod import;
pub mod load;
pub mod models;
pub mod orders;
pub mod search;
pub mod serve;
pub mod train;

use crate::config::Command;

/// # Errors
/// What went wrong, as one sentence for the terminal.
pub async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Demo(demo) => serve::demo(demo).await,
        Command::Serve(options) => serve::serve(options).await,
        Command::Models(command) => models::models(command).await,
        Command::Import(options) => import::import(options).await,
        Command::Search(options) => search::search(options).await,
        Command::Ask(options) => ask::ask(options).await,
        Command::Chat(options) => chat::chat(options).await,
        Command::Load(options) => load::load(options).await,
        Command::Train(what) => train::train(what).await,
        Command::Eval(options) => eval::eval(options).await,
        Command::Bench(what) => bench::bench(what).await,
        Command::Orders(command) => orders::orders(command).await,
    }
}
