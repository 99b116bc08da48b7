//! Log lines to stderr; `DAOGOU_LOG` sets what is shown (default: warnings, and our own news).

use tracing_subscriber::EnvFilter;

/// Starts logging; `quiet` commands show only what went wrong.
pub fn start(default: &str) {
    let filter = EnvFilter::try_from_env("DAOGOU_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .init();
}
