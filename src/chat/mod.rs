//! Who said what and who answers now. Client messages in; stored, numbered frames out to every socket of the session.
//!
//! A message is stored before it is acknowledged and a frame before it is sent, so a cut line, a closed laptop or a killed server
//! loses nothing: the client resends by its own id (accepted once), and resumes from the last `seq` it saw.

pub mod conversation;
pub mod frame;
pub mod hub;
pub mod reply;
pub mod settle;
mod shown;
pub mod writer;

pub use crate::store::chat::Answer;
pub use conversation::{Conversation, Sent};
pub use frame::ServerFrame;
pub use hub::{Accept, Hub};
