//! Records come in whole and go out the same: the demo shop's, and the retail world's.

use super::{DEMO, retail};
use daogou::aftersales::nouns::{Customer, Order, PaymentMethod};
use daogou::aftersales::{Deed, Ledger, Policy, Proposal, ledger, legal, propose};
use daogou::demo;
use daogou::eval::aftersales::World;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

#[test]
fn every_record_is_written_back_equal() {
    let lines = |file| demo::text(file).expect(file).lines().filter(|l| !l.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(same::<Customer>(&lines("customers.jsonl")), 30);
    assert_eq!(same::<Order>(&lines("orders.jsonl")), 80);
    let Some(retail) = retail() else { return };
    assert_eq!(same::<Customer>(&retail.lines("customers.jsonl")), 500);
    assert_eq!(same::<Order>(&retail.lines("orders.jsonl")), 1000);
    assert_eq!(retail.world.shelf.len(), 591);
}

#[test]
fn the_world_as_it_comes_is_legal_and_adds_up() {
    // 89 payments and refunds, 13 gift cards.
    assert_eq!(entries(&DEMO), 102);
    // 1102 payments and refunds, 234 gift cards.
    assert!(retail().is_none_or(|retail| entries(&retail.world) == 1336));
}

fn entries(world: &World) -> usize {
    for order in world.cases.iter().flat_map(|c| &c.orders) {
        assert_eq!(legal::is_legal(order), Ok(()), "{}", order.id);
    }
    let opened = Ledger::open(&world.cases, 0);
    assert_eq!(ledger::audit(&opened, &world.cases), Ok(()));
    opened.entries().len()
}

/// Changed into the variant it is, an item of an order stays what it is: its choices are found where the feed has them.
#[test]
fn a_variant_has_the_choices_of_the_order() {
    for world in [Some(&*DEMO), retail().map(|r| &r.world)].into_iter().flatten() {
        for item in world.cases.iter().flat_map(|c| &c.orders).flat_map(|o| &o.items) {
            assert_eq!(item.options_of(&world.shelf[&item.id]), item.options, "{}", item.id);
        }
    }
}

#[test]
fn what_nobody_knows_is_kept() {
    let record = json!({
        "id": "#1", "customer": "c", "address": {"address1": "1 A St", "city": "B", "country": "SG", "state": "", "zip": "1"},
        "status": "pending", "items": [{"id": "1", "item_group_id": "2", "title": "T", "price": "1.00 SGD", "options": {}, "gift": true}],
        "fulfillments": [], "payments": [{"kind": "payment", "amount": "1.00 SGD", "method": "m"}], "channel": {"name": "kiosk"}
    });
    assert_eq!(same::<Order>(&[record.to_string()]), 1);
}

#[test]
fn a_deed_reads_as_the_world_writes_it_and_as_it_is_written() {
    let call = json!({"name": "cancel_pending_order", "kwargs": {"order_id": "#1", "reason": "no longer needed"}});
    let deed: Deed = serde_json::from_value(call).expect("a deed");
    let written = serde_json::to_value(&deed).expect("a deed is JSON");
    assert_eq!(written["name"], "cancel");
    assert_eq!(serde_json::from_value::<Deed>(written).expect("a deed"), deed);
}

/// A proposal waits in the store, perhaps over a restart; what is confirmed must be what was shown.
#[test]
fn every_proposal_of_the_tasks_comes_back_from_the_store_as_it_was() {
    let Some(retail) = retail() else { return };
    let mut proposals = 0;
    for line in retail.lines("tasks.jsonl") {
        let task: Value = serde_json::from_str(&line).expect("a task");
        for action in task["actions"].as_array().expect("actions") {
            let deed: Deed = serde_json::from_value(action.clone()).expect("a deed");
            let case = retail.world.case(task["user_id"].as_str().expect("a customer")).expect("a customer");
            let Ok(proposal) = propose(case, &retail.world.shelf, &Policy::shipped(), &deed, 0) else { continue };
            let stored = serde_json::to_string(&proposal).expect("a proposal is JSON");
            assert_eq!(serde_json::from_str::<Proposal>(&stored).expect(&stored), proposal);
            proposals += 1;
        }
    }
    assert!(proposals > 700);
}

#[test]
fn money_that_is_no_text_is_refused() {
    let method = |balance: Value| json!({"id": "g", "kind": "gift_card", "balance": balance});
    let read = |value| serde_json::from_value::<PaymentMethod>(value);
    assert!(read(method(json!("51.00 USD"))).is_ok());
    for wrong in [json!(51.0), json!(51), json!("51.00"), json!("51.001 USD")] {
        assert!(read(method(wrong.clone())).is_err(), "{wrong}");
    }
}

fn same<T: DeserializeOwned + Serialize>(lines: &[String]) -> usize {
    for line in lines {
        let was: Value = serde_json::from_str(line).expect("JSON");
        let record: T = serde_json::from_str(line).expect(line);
        assert_eq!(serde_json::to_value(&record).expect("a record is JSON"), was);
    }
    lines.len()
}
