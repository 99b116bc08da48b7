//! A shop in a few lines that asks for one fact after the other; the customer must get its deed proposed, and leave content.

use super::naming::Things;
use super::reading::Reply;
use super::script::{Act, Customer, End};
use super::task::Task;
use crate::aftersales::{Deed, Policy};
use crate::catalog::Lang;
use crate::eval::aftersales::World;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;

const SEEDS: u64 = 60;

/// The return of a cat tree and crayons, which the demo shop's order #M10030 has beside a cap.
fn task(world: &World) -> Task {
    let order = world.cases.iter().flat_map(|c| &c.orders).find(|o| o.id == "#M10030").expect("the order");
    let case = world.case(&order.customer).expect("its customer").clone();
    let item_ids = vec![order.items[0].id.clone(), order.items[2].id.clone()];
    let deed = Deed::Return { order_id: order.id.clone(), item_ids, payment_method_id: order.payments[0].method.clone() };
    Task::new(7, "Your email is known.".to_owned(), case, vec![deed], &world.shelf, &Policy::shipped())
}

fn text(words: &str) -> Value {
    json!({"type": "text", "text": words})
}

/// What the shop says to message `n`; `right` is what it proposes.
fn reply(n: usize, lang: Lang, right: &Value) -> Reply {
    let by = |en: &str, zh: &str| text(if lang == Lang::Zh { zh } else { en });
    let mut frames = match n {
        1 => vec![by("Please give me your e-mail, or your name and postal code.", "请告诉我您的邮箱，或者姓名和邮编。")],
        2 => vec![by("Thank you. Which order is it about?", "谢谢。您说的是哪个订单？")],
        3 => vec![by("Which items of order #M10030 would you like to return?", "订单 #M10030 里，您要退哪几件？")],
        4 => vec![by("Are these all the items you want to return?", "订单 #M10030 要退的就是这些吗？")],
        5 => vec![by("Where should the refund go?", "退款退到哪里？")],
        _ => vec![right.clone()],
    };
    frames.push(json!({"type": "done", "turn": format!("t{n}"), "finish": "asked"}));
    Reply::of(&frames)
}

fn proposal(items: &[&str], sum: f64) -> Value {
    json!({"type": "proposal", "proposal": "p1", "action": "return", "summary": "Return order #M10030", "changes": items,
        "refund": {"amount": sum, "currency": "SGD", "method": "gift card"}})
}

/// Whether they said yes to a proposal, and what they said besides.
fn play(lang: Lang, seed: u64, proposed: &Value) -> (bool, Vec<String>, End) {
    static WORLD: LazyLock<World> = LazyLock::new(|| World::demo().expect("the demo shop is read"));
    let (policy, titles, task) = (Policy::shipped(), BTreeMap::new(), task(&WORLD));
    let mut customer = Customer::new(&task, Things { case: &task.case, shelf: &WORLD.shelf, titles: &titles }, &policy, lang, seed);
    let (mut said, mut act) = (Vec::new(), customer.begin());
    for n in 1..30 {
        let confirmed = matches!(&act, Act::Press { action: "confirm", value, .. } if value == "p1");
        let yes = confirmed || (n > 6 && customer.is_waiting());
        match act {
            Act::Say(words) => said.push(words),
            Act::Press { label, .. } => said.push(label),
            Act::Leave(end) => return (false, said, end),
        }
        if yes {
            let done = json!({"type": "outcome", "proposal": "p1", "status": "done", "text": "Done."});
            let end = json!({"type": "done", "turn": "t", "finish": "answered"});
            let thanks = customer.hear(&Reply::of(&[done, end]));
            assert!(matches!(thanks, Act::Say(_)), "{thanks:?}");
            let Act::Leave(end) = customer.hear(&Reply::default()) else { panic!("they leave after a thank-you") };
            return (true, said, end);
        }
        act = customer.hear(&reply(n, lang, proposed));
    }
    panic!("seed {seed} talks on and on: {said:#?}")
}

#[test]
fn facts_are_given_when_asked_and_the_right_proposal_is_taken() {
    let right = proposal(&["Purrch Window Cat Tree 140 cm, S$109.00", "Scribblehen Washable Chunky Crayons, 24 colours, S$12.90"], 121.9);
    for seed in 0..SEEDS {
        for lang in [Lang::En, Lang::Zh] {
            let (yes, said, end) = play(lang, seed, &right);
            assert!(yes && end == End::Content, "{lang:?} {seed}: {end:?} {said:#?}");
            let all = said.join("\n").to_lowercase();
            assert!(all.contains("@example.com"), "{lang:?} {seed}: {said:#?}");
            assert!(said.len() <= 14, "{lang:?} {seed}: {said:#?}");
        }
    }
}

#[test]
fn a_wrong_proposal_is_never_taken() {
    let cap = proposal(&["Tern & Tide Sun Shield Cap (navy), S$25.00"], 25.0);
    for seed in 0..SEEDS {
        let (yes, said, end) = play(if seed % 2 == 0 { Lang::En } else { Lang::Zh }, seed, &cap);
        assert!(!yes && end == End::GaveUp("wrong proposal"), "{seed}: {end:?} {said:#?}");
    }
}

#[test]
fn the_same_seed_is_the_same_customer_and_customers_differ() {
    let right = proposal(&["Purrch Window Cat Tree 140 cm", "Scribblehen Washable Chunky Crayons, 24 colours"], 121.9);
    let mut first: Vec<String> = (0..SEEDS).map(|seed| play(Lang::En, seed, &right).1[0].clone()).collect();
    assert_eq!(play(Lang::Zh, 5, &right), play(Lang::Zh, 5, &right));
    first.sort();
    first.dedup();
    assert!(first.len() as u64 > SEEDS * 3 / 4, "{} of {SEEDS} begin in words of their own", first.len());
}
