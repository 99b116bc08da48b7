//! The `daogou` program: a command line in, an exit code out (0 done, 1 failed, 2 wrong usage).

use clap::Parser;
use daogou::config::{Cli, Command};
use daogou::{client, telemetry};
use std::process::ExitCode;

#[global_allocator]
static MEMORY: daogou::memory::HugePages = daogou::memory::HugePages;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let news = matches!(cli.command, Command::Serve(_) | Command::Demo(_));
    telemetry::start(if news {
        "warn,usvg=error,mistralrs_core=error,symphonia=off,daogou=info"
    } else {
        "error,usvg=off,symphonia=off,daogou=warn"
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("the system can start a runtime");
    let done = runtime.block_on(client::run(cli.command));
    runtime.shutdown_background();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("daogou: {error:#}");
            ExitCode::FAILURE
        }
    }
}
