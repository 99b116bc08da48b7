//! A world of customers and orders in; after a million deeds nobody in their senses asks for, what was done, refused and broken out.
//!
//! The caller stands in place of a language model, the judge in place of whoever wrote the policy page; neither uses the rules of
//! `aftersales` to say what is right. `daogou bench aftersales` prints it, the tests run a part of it.

pub mod caller;
pub mod judge;
pub mod world;

pub use caller::{Caller, Dice};
pub use judge::Judge;
pub use world::World;

use crate::aftersales::Policy;
use std::collections::BTreeMap;

/// Operations on one copy of the world, which then is audited: many enough that orders are met in every state they can get into.
const ROUND: u64 = 1_000;

#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What was asked and what came of it → how often.
    pub tally: BTreeMap<String, u64>,
    /// What must never have happened, in words.
    pub violations: Vec<String>,
}

/// Lets the caller loose `operations` times on copies of `world`, a hundred customers at a time. The same seed, the same report.
pub fn run(world: &World, policy: &Policy, operations: u64, seed: u64) -> Report {
    let mut report = Report::default();
    for round in 0..operations.div_ceil(ROUND) {
        let customers = world.hundred(round as usize);
        let mut caller = Caller::new(customers, policy.clone(), Some(judge::by_the_page), Dice::seeded(seed + round));
        (0..ROUND.min(operations - round * ROUND)).for_each(|_| caller.step());
        caller.audit();
        report.violations.append(&mut caller.violations);
        caller.tally.into_iter().for_each(|(what, n)| *report.tally.entry(what).or_default() += n);
    }
    report
}
