//! The demo shop and small records of our own, into a store; what is in it, out.

use daogou::aftersales::legal::is_legal;
use daogou::aftersales::nouns::Address;
use daogou::aftersales::{Case, Deed, Policy, Proposal, Refusal, Shelf, Status, ledger, propose};
use daogou::eval::aftersales::World;
use daogou::ingest::world::{Kind, import_world};
use daogou::model::random::Random;
use daogou::store::chat::Write;
use daogou::store::{Store, new_id};
use futures::TryStreamExt;
use serde_json::{Value, json};

/// So far ahead that by the machine's clock no proposal made then has expired.
pub const NOW: i64 = 4_000_000_000_000;

pub fn demo(file: &str) -> String {
    daogou::demo::text(file).expect(file)
}

pub fn read(line: &str) -> Value {
    serde_json::from_str(line).expect("a line is JSON")
}

/// Customers, orders, and the products that are on orders.
pub async fn import_demo(store: &Store) -> World {
    let world = World::demo().expect("the demo shop is read");
    let mut import = store.begin_import().await.expect("begin");
    for product in world.shelf.values() {
        import.put(product.clone(), "h".into()).await.expect("put");
    }
    import.commit().await.expect("commit");
    for (kind, file) in [(Kind::Customers, "customers.jsonl"), (Kind::Orders, "orders.jsonl")] {
        import_text(store, kind, &demo(file)).await.expect(file);
    }
    world
}

/// The records as a file, imported.
pub async fn take(store: &Store, kind: Kind, records: &[Value]) -> anyhow::Result<u64> {
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    import_text(store, kind, &lines.join("\n")).await
}

async fn import_text(store: &Store, kind: Kind, text: &str) -> anyhow::Result<u64> {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("file.jsonl");
    std::fs::write(&file, text).expect("write a file");
    import_world(store, kind, &file).await
}

/// Every order as it is stored, by id.
pub async fn exported(store: &Store) -> Vec<Value> {
    let orders: Vec<String> = store.orders().try_collect().await.expect("read");
    orders.iter().map(|o| read(o)).collect()
}

/// Every order is legal, and the ledger agrees with all of them to the cent.
pub async fn adds_up(store: &Store) {
    let (ledger, cases) = store.books().await.expect("read");
    assert!(!ledger.entries().is_empty());
    assert_eq!(ledger::audit(&ledger, &cases), Ok(()));
    for order in cases.iter().flat_map(|c| &c.orders) {
        assert_eq!(is_legal(order), Ok(()), "{}", order.id);
    }
}

/// Wei `last`, with a gift card of 100.00 USD and a credit card.
pub fn customer(id: &str, last: &str, email: &str, zip: &str, orders: &[&str]) -> Value {
    json!({"id": id, "name": {"first_name": "Wei", "last_name": last}, "email": email, "address": address(zip), "orders": orders,
        "payment_methods": [{"id": format!("gift_{id}"), "kind": "gift_card", "balance": "100.00 USD"},
            {"id": format!("card_{id}"), "kind": "credit_card"}]})
}

/// Two items, 30.00 USD together, paid by the customer's gift card.
pub fn order(id: &str, customer: &str, status: &str) -> Value {
    let item = |id: &str| json!({"id": id, "item_group_id": "p1", "title": "Lamp", "price": "15.00 USD", "options": {"color": "blue"}});
    json!({"id": id, "customer": customer, "address": address("1"), "status": status, "items": [item("v1"), item("v2")],
        "payments": [{"kind": "payment", "amount": "30.00 USD", "method": format!("gift_{customer}")}]})
}

fn address(zip: &str) -> Value {
    json!({"address1": "1 Lane", "city": "X", "country": "Y", "state": "", "zip": zip})
}

pub fn cancel(order: &str) -> Deed {
    Deed::Cancel { order_id: order.into(), reason: "no longer needed".into() }
}

pub fn move_to(order: &str, street: &str) -> Deed {
    let address: Address = serde_json::from_value(address("1")).expect("an address");
    Deed::ModifyAddress { order_id: order.into(), address: Address { address1: street.into(), ..address } }
}

/// Proposes the deed in conversation "s", and stores the proposal.
pub async fn offer(store: &Store, customer: &str, deed: Deed, shelf: &Shelf) -> Result<(String, Proposal), Refusal> {
    offer_in(store, "s", customer, deed, shelf).await
}

pub async fn offer_in(store: &Store, session: &str, customer: &str, deed: Deed, shelf: &Shelf) -> Result<(String, Proposal), Refusal> {
    let case = store.case(customer).await.expect("read").expect("the customer");
    let proposal = propose(&case, shelf, &Policy::shipped(), &deed, NOW)?;
    let id = new_id();
    let write =
        Write::Proposal { id: id.clone(), session: session.into(), customer: customer.into(), proposal: Box::new(proposal.clone()) };
    store.write_all(&[write]).await.expect("write");
    Ok((id, proposal))
}

/// Any deed that might suit an order of the case, with its items, variants and methods.
pub fn at_random(case: &Case, shelf: &Shelf, random: &mut Random) -> Deed {
    let order = &case.orders[random.below(case.orders.len())];
    let methods = &case.customer.payment_methods;
    let (order_id, payment_method_id) = (order.id.clone(), methods[random.below(methods.len())].id.clone());
    let item = &order.items[random.below(order.items.len())];
    let mut variants: Vec<&String> = shelf.values().filter(|v| v.group == item.item_group_id).map(|v| &v.id).collect();
    variants.sort();
    let new_item_ids = vec![variants.get(random.below(variants.len())).map_or(String::new(), |v| (*v).clone())];
    let item_ids = vec![item.id.clone()];
    // What suits the order's state, mostly; the rest must be refused.
    let deed = match order.status {
        Status::Pending if random.below(4) > 0 => [0, 1, 2, 5][random.below(4)],
        Status::Delivered => 3 + random.below(2),
        _ => random.below(6),
    };
    match deed {
        0 => cancel(&order_id),
        1 => Deed::ModifyPayment { order_id, payment_method_id },
        2 => Deed::ModifyItems { order_id, item_ids, new_item_ids, payment_method_id },
        3 => Deed::Return { order_id, item_ids, payment_method_id },
        4 => Deed::Exchange { order_id, item_ids, new_item_ids, payment_method_id },
        _ => move_to(&order_id, &format!("{} Lane", random.below(9))),
    }
}
