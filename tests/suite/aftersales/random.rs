//! The random caller: 100,000 operations from a seed, and short lists a failure of which shrinks. `daogou bench aftersales` makes a
//! million.

use super::{DEMO, retail};
use daogou::aftersales::{Kind, Policy};
use daogou::eval::aftersales::{Caller, Dice, World, judge, run};
use std::collections::BTreeMap;

/// Half of it without optimization, where it takes two seconds.
const OPERATIONS: u64 = if cfg!(debug_assertions) { 50_000 } else { 100_000 };

fn breaks_no_rule(world: &World) -> BTreeMap<String, u64> {
    let report = run(world, &Policy::shipped(), OPERATIONS, 0);
    assert!(report.violations.is_empty(), "{:#?}", report.violations);
    println!("{:#?}", report.tally);
    report.tally
}

#[test]
fn a_random_caller_breaks_no_rule() {
    let tally = breaks_no_rule(&DEMO);
    // A caller that never gets anything done would prove nothing.
    for kind in Kind::ALL {
        assert!(tally[&format!("done: {kind:?}")] > OPERATIONS / 500, "{kind:?}");
    }
    for outcome in ["confirm: changed", "confirm: expired", "confirm: wrong_status", "propose: balance_too_low", "propose: refund_route"] {
        assert!(tally.contains_key(outcome), "{outcome}");
    }
}

#[test]
fn nor_in_the_retail_world() {
    let Some(retail) = retail() else { return };
    let tally = breaks_no_rule(&retail.world);
    assert!(tally["confirm: ok"] > OPERATIONS / 20 && tally["confirm: changed"] > 0 && tally["confirm: expired"] > 0);
}

/// A merchant who allows whatever can be allowed still has a ledger that adds up and orders in legal states.
#[test]
fn nor_the_ledger_under_the_most_lenient_policy() {
    let mut policy = Policy::shipped();
    for kind in Kind::ALL {
        let rule = policy.deeds.get_mut(&kind).expect("shipped");
        rule.times = None;
        rule.status = kind.possible_in().to_vec();
    }
    for seed in 1_000..1_003 {
        let mut caller = Caller::new(DEMO.hundred(0), policy.clone(), None, Dice::seeded(seed));
        (0..OPERATIONS / 5).for_each(|_| caller.step());
        caller.audit();
        assert!(caller.violations.is_empty(), "seed {seed}: {:#?}", caller.violations);
    }
}

/// The judge is no formality: what the page forbids and a policy allows, it finds.
#[test]
fn what_the_page_forbids_is_found() {
    let mut policy = Policy::shipped();
    policy.deeds.get_mut(&Kind::Cancel).expect("shipped").status = Kind::Cancel.possible_in().to_vec();
    let mut caller = Caller::new(DEMO.hundred(0), policy, Some(judge::by_the_page), Dice::seeded(1));
    (0..2_000).for_each(|_| caller.step());
    assert!(caller.violations.iter().any(|v| v.contains("Processed became Cancelled")), "{:#?}", caller.violations);
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn nor_do_short_lists_of_operations(rolls in proptest::collection::vec(proptest::num::u32::ANY, 0..400)) {
        // Few customers, so that the same orders are met again and again.
        let mut world = DEMO.hundred(0);
        world.cases.truncate(3);
        let mut caller = Caller::new(world, Policy::shipped(), Some(judge::by_the_page), Dice::of(rolls));
        (0..40).for_each(|_| caller.step());
        caller.audit();
        proptest::prop_assert!(caller.violations.is_empty(), "{:#?}", caller.violations);
    }
}
