//! A deed a shopper asks for in; what exactly it would do, or why not, out; and, once confirmed, done exactly once.
//!
//! `Deed → propose (the policy decides) → Proposal → (the shopper confirms) → carry_out → Case changed, ledger entries`
//!
//! Pure: values in, values out. Whoever calls loads a `Case`, and stores it and the entries in one transaction. Nothing here reads
//! words; a language model can fill a deed, and nothing else.

pub mod nouns;
pub mod price;

pub mod policy;

pub mod deed;
pub mod refusal;

pub mod proposal;
pub mod propose;
pub mod rules;

pub mod carry_out;
pub mod intake;
pub mod ledger;
pub mod legal;
pub mod record;

pub use carry_out::carry_out;
pub use deed::{Deed, Kind};
pub use ledger::{Entry, Ledger};
pub use nouns::{Case, Customer, Order, Shelf, Status};
pub use policy::Policy;
pub use proposal::{Change, Move, Notice, Proposal, Terms};
pub use propose::propose;
pub use refusal::{Refusal, Why};
