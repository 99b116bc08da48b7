//! MESSAGE + CASE → SAYINGS. The conversation about orders: who writes, what is to be done, one question at a time, a proposal, its end.
//!
//! `text → Heard → Errands (state) → Saying → words`. Pure: values in, values out. Whoever calls reads the case, stores what is
//! proposed, and carries out what was confirmed. Nothing here decides what may be done: `aftersales::propose` does.

pub mod errands;
pub mod heard;
pub mod saying;

pub mod hear;
pub mod items;
pub mod target;

pub mod step;
pub mod verdict;

pub mod fill;
pub mod merge;

pub mod say;

pub mod gate;
pub mod told;

pub use errands::{Errands, Request, Slot, Wanted};
pub use gate::Gate;
pub use hear::hear;
pub use heard::{AddressMention, Answer, Heard, ItemMention, MethodMention, Part, Place, Question, Told, Verb, When, Wishes};
pub use saying::Saying;
pub use verdict::{Verdict, verdict};
