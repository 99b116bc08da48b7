//! All 500 tasks of the retail world: what `propose` and `carry_out` leave is what a plain application of the actions leaves.
//!
//! `plainly` below is written from the world's own tools (τ-bench, MIT), on JSON, and shares no code with the program; where a tool
//! answers with an error it changes nothing, and then the program must have refused.

use super::retail;
use daogou::aftersales::{Deed, Ledger, Policy, Refusal, carry_out, ledger, legal, propose};
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[test]
fn every_task_leaves_what_its_actions_say() {
    let Some(retail) = retail() else { return };
    let (world, policy) = (&retail.world, Policy::shipped());
    let variants = retail.lines("catalog.jsonl.gz").into_iter().map(|l| serde_json::from_str::<Value>(&l).unwrap());
    let shelf: BTreeMap<String, Value> = variants.map(|v| (v["id"].as_str().unwrap().to_owned(), v)).collect();
    let (mut done, mut refused) = (0, BTreeMap::<String, usize>::new());
    for (n, line) in retail.lines("tasks.jsonl").iter().enumerate() {
        let task: Value = serde_json::from_str(line).unwrap();
        let mut case = world.case(task["user_id"].as_str().unwrap()).unwrap().clone();
        let mut books = Ledger::open([&case], 0);
        let (mut customer, mut orders) = (json!(case.customer), json!(case.orders));
        for action in task["actions"].as_array().unwrap() {
            let deed: Deed = serde_json::from_value(action.clone()).expect("an action is a deed");
            let outcome = propose(&case, &world.shelf, &policy, &deed, 0);
            let outcome = outcome.and_then(|p| carry_out(&mut case, &world.shelf, &policy, &p, 0));
            let plain = plainly(&mut customer, &mut orders, &shelf, action);
            assert_eq!(outcome.is_ok(), plain, "task {n}: {action} {outcome:?}");
            match outcome {
                Ok(entries) => {
                    books.post(entries);
                    done += 1;
                }
                Err(Refusal { why, .. }) => *refused.entry(json!(why)["reason"].to_string()).or_default() += 1,
            }
        }
        let mut now = json!(case.orders);
        now.as_array_mut().unwrap().iter_mut().for_each(|o| drop(o.as_object_mut().unwrap().remove("deeds")));
        assert_eq!(now, orders, "task {n}");
        assert_eq!(json!(case.customer), customer, "task {n}");
        assert_eq!(ledger::audit(&books, [&case]), Ok(()), "task {n}");
        case.orders.iter().for_each(|o| assert_eq!(legal::is_legal(o), Ok(()), "task {n}"));
    }
    println!("500 tasks, {done} writes done, refused as the world's tools refuse: {refused:?}");
    assert_eq!((done, refused.get("\"balance_too_low\"").copied()), (748, Some(20)));
}

/// One action, as the world's tools do it; whether they did.
fn plainly(customer: &mut Value, orders: &mut Value, shelf: &BTreeMap<String, Value>, action: &Value) -> bool {
    let (name, with) = (action["name"].as_str().unwrap(), &action["kwargs"]);
    let order = orders.as_array_mut().unwrap().iter_mut().find(|o| o["id"] == with["order_id"]).unwrap();
    let must_be = if name.contains("pending") { "pending" } else { "delivered" };
    if order["status"] != must_be {
        return false;
    }
    let methods = customer["payment_methods"].as_array_mut().unwrap();
    let method = methods.iter().position(|m| m["id"] == with["payment_method_id"]);
    let gift = |methods: &[Value], at: usize| methods[at].get("balance").map(cents);
    match name {
        "cancel_pending_order" => {
            let refunds: Vec<Value> =
                order["payments"].as_array().unwrap().iter().map(|p| line("refund", cents(&p["amount"]), &p["method"])).collect();
            for refund in refunds {
                give(methods, &refund["method"], cents(&refund["amount"]));
                order["payments"].as_array_mut().unwrap().push(refund);
            }
            order["status"] = json!("cancelled");
            order["cancel_reason"] = with["reason"].clone();
        }
        "modify_pending_order_address" => {
            for field in ["address1", "address2", "city", "country", "state", "zip"] {
                order["address"][field] = with[field].clone();
            }
        }
        "modify_pending_order_payment" => {
            let paid = order["payments"][0].clone();
            let amount = cents(&paid["amount"]);
            if gift(methods, method.unwrap()).is_some_and(|balance| balance < amount) {
                return false;
            }
            give(methods, &with["payment_method_id"], -amount);
            give(methods, &paid["method"], amount);
            let both = [line("payment", amount, &with["payment_method_id"]), line("refund", amount, &paid["method"])];
            order["payments"].as_array_mut().unwrap().extend(both);
        }
        "modify_pending_order_items" | "exchange_delivered_order_items" => {
            let pairs = || with["item_ids"].as_array().unwrap().iter().zip(with["new_item_ids"].as_array().unwrap());
            let at = |order: &Value, id: &Value| order["items"].as_array().unwrap().iter().position(|i| i["id"] == *id).unwrap();
            let difference: i64 = pairs()
                .map(|(old, new)| cents(&shelf[new.as_str().unwrap()]["price"]) - cents(&order["items"][at(order, old)]["price"]))
                .sum();
            if gift(methods, method.unwrap()).is_some_and(|balance| balance < difference) {
                return false;
            }
            if name.starts_with("exchange") {
                order["status"] = json!("exchange requested");
                order["exchange_items"] = sorted(&with["item_ids"]);
                order["exchange_new_items"] = sorted(&with["new_item_ids"]);
                order["price_difference"] = json!(dollars(difference));
                order["payment_method"] = with["payment_method_id"].clone();
                return true;
            }
            let kind = if difference > 0 { "payment" } else { "refund" };
            order["payments"].as_array_mut().unwrap().push(line(kind, difference.abs(), &with["payment_method_id"]));
            give(methods, &with["payment_method_id"], -difference);
            for (old, new) in pairs() {
                let (at, variant) = (at(order, old), &shelf[new.as_str().unwrap()]);
                let details = variant["product_detail"].as_array().unwrap().iter();
                order["items"][at]["id"] = new.clone();
                order["items"][at]["price"] = variant["price"].clone();
                order["items"][at]["options"] =
                    details.map(|d| (d["attribute_name"].as_str().unwrap().to_owned(), d["attribute_value"].clone())).collect();
            }
            order["status"] = json!("pending (items modified)");
        }
        "return_delivered_order_items" => {
            order["status"] = json!("return requested");
            order["return_items"] = sorted(&with["item_ids"]);
            order["payment_method"] = with["payment_method_id"].clone();
        }
        other => panic!("{other} is not a tool of the world"),
    }
    true
}

fn give(methods: &mut [Value], id: &Value, amount: i64) {
    let method = methods.iter_mut().find(|m| m["id"] == *id).unwrap();
    if let Some(balance) = method.get("balance").map(cents) {
        method["balance"] = json!(dollars(balance + amount));
    }
}

fn line(kind: &str, amount: i64, method: &Value) -> Value {
    json!({"kind": kind, "amount": dollars(amount), "method": method})
}

fn sorted(ids: &Value) -> Value {
    let mut ids: Vec<&str> = ids.as_array().unwrap().iter().map(|i| i.as_str().unwrap()).collect();
    ids.sort_unstable();
    json!(ids)
}

fn cents(text: &Value) -> i64 {
    text.as_str().unwrap().strip_suffix(" USD").unwrap().replace('.', "").parse().unwrap()
}

fn dollars(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02} USD", cents.abs() / 100, cents.abs() % 100)
}
