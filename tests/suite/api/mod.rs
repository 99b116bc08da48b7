//! The real application over its own doors: WebSocket and HTTP requests in, frames and answers out.

mod advice;
mod catalog;
mod choose;
mod corrections;
mod door;
mod frames;
mod poison;
mod ranking;
mod readthrough;
mod restart;
mod talk;
mod uploads;
mod voice;
mod webhooks;
