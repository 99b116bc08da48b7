//! Bars for work that takes long in the terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// An empty bar; [`advance`] tells it how long the way is.
pub fn bar(what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg:10} {bar:40} {pos}/{len} {eta}").expect("the template is constant");
    ProgressBar::new(0).with_style(style).with_message(what)
}

pub fn advance(bar: &ProgressBar, done: usize, total: usize) {
    bar.set_length(total as u64);
    bar.set_position(done.min(total) as u64);
}
