//! Customers and orders in the store, on both engines: imported and printed again, and found by what shoppers tell; what is done to
//! them is in `deeds`.

mod deeds;
mod fixtures;

use crate::store::{connect, each_address, each_engine, run};
use daogou::aftersales::{Policy, Shelf};
use daogou::errand::Told;
use daogou::ingest::world::{Kind, import_world};
use daogou::ingest::{ImportOptions, import_feed, read::Format};
use daogou::store::Store;
use fixtures::{NOW, adds_up, cancel, customer, demo, exported, import_demo, offer, order, read, take};
use serde_json::{Value, json};

#[tokio::test]
async fn orders_are_printed_as_they_were_imported() {
    each_engine(async |store| {
        let mut imported: Vec<Value> = demo("orders.jsonl").lines().filter(|l| !l.is_empty()).map(read).collect();
        assert!(!store.has_customers().await.expect("read"));
        import_demo(store).await;
        assert!(store.has_customers().await.expect("read"));
        imported.sort_by_key(|o| o["id"].to_string());
        assert_eq!(exported(store).await, imported);
        adds_up(store).await;
        let before = store.books().await.expect("read");
        import_demo(store).await;
        assert_eq!(store.books().await.expect("read"), before, "the same again changes nothing");
    })
    .await;
}

#[tokio::test]
async fn a_case_lists_orders_as_the_customer_does() {
    each_engine(async |store| {
        take(store, Kind::Customers, &[customer("c1", "Li", "a@x.com", "1", &["#2", "#9", "#1"])]).await.expect("take");
        take(store, Kind::Orders, &["#1", "#2", "#3", "#0"].map(|id| order(id, "c1", "pending"))).await.expect("take");
        let case = store.case("c1").await.expect("read").expect("the customer");
        assert_eq!(case.orders.iter().map(|o| o.id.as_str()).collect::<Vec<_>>(), ["#2", "#1", "#0", "#3"]);
        assert!(store.case("c2").await.expect("read").is_none());
    })
    .await;
}

#[tokio::test]
async fn a_customer_is_found_by_enough_that_is_true() {
    each_engine(async |store| {
        let mut chinese = customer("c3", "李", "li@x.com", "200001", &[]);
        chinese["name"]["first_name"] = "伟".into();
        chinese["phone"] = "+86 138 0013 8000".into();
        let customers = [customer("c1", "Li", "Wei@X.com", "19122", &[]), customer("c2", "Li", "wei2@x.com", "10001", &[]), chinese];
        take(store, Kind::Customers, &customers).await.expect("take");
        take(store, Kind::Orders, &[order("#W101234", "c1", "pending"), order("#W305678", "c3", "pending")]).await.expect("take");
        for (told, expected) in [
            (json!({}), &[][..]),
            (json!({"email": " wei@x.com"}), &["c1"]),
            (json!({"email": "nobody@x.com"}), &[]),
            (json!({"name": "wei li"}), &[]),
            (json!({"name": "Li Wei", "zip": "19122"}), &["c1"]),
            (json!({"name": "Wei Li", "zip": "10001"}), &["c2"]),
            (json!({"name": "Wei Li", "zip": "10002"}), &[]),
            (json!({"name": "李伟", "zip": "200001"}), &["c3"]),
            (json!({"order": "#W305678", "phone": "13800138000"}), &["c3"]),
            (json!({"order": "305678", "phone": "+8613800138000"}), &["c3"]),
            (json!({"order": "305678", "phone": "00138000"}), &[]),
            (json!({"order": "#W305678"}), &[]),
            (json!({"order": "#w101234", "email": "wei@x.com"}), &["c1"]),
            (json!({"order": "#W305678", "email": "wei@x.com"}), &[]),
            (json!({"order": "#W999999", "email": "wei@x.com"}), &[]),
            (json!({"email": "wei@x.com", "name": "Wei Li", "zip": "10001"}), &[]),
        ] {
            let found = store.customers_by(&serde_json::from_value::<Told>(told.clone()).expect("told")).await.expect("look up");
            assert_eq!(found, expected, "{told}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_faulty_file_is_named_and_nothing_of_it_is_kept() {
    each_engine(async |store| {
        take(store, Kind::Customers, &[customer("c1", "Li", "a@x.com", "1", &[])]).await.expect("take");
        let with = |mut record: Value, path: &str, value: Value| {
            *record.pointer_mut(path).expect("it is there") = value;
            record
        };
        let good = order("#1", "c1", "pending");
        for (kind, faulty, expected) in [
            (Kind::Customers, json!({"id": "c2"}), "file.jsonl:2: name: missing field `name`"),
            (Kind::Customers, with(customer("c2", "Li", "b@x.com", "1", &[]), "/address", json!({"zip": 1})), "file.jsonl:2: address: "),
            (
                Kind::Customers,
                with(customer("c2", "Li", "b@x.com", "1", &[]), "/payment_methods/0/balance", json!("-1.00 USD")),
                "file.jsonl:2: payment_methods: gift_c2 is overdrawn",
            ),
            (
                Kind::Customers,
                with(customer("c2", "Li", "b@x.com", "1", &[]), "/payment_methods/0/id", json!("gift_c1")),
                "file.jsonl:2: payment_methods: gift_c1 is a gift card of c1",
            ),
            (Kind::Orders, order("#2", "c9", "pending"), "file.jsonl:2: customer: there is no customer c9"),
            (Kind::Orders, order("#2", "c1", "lost"), "file.jsonl:2: status: unknown variant `lost`"),
            (
                Kind::Orders,
                with(good.clone(), "/payments/0/amount", json!("1.00 USD")),
                "file.jsonl:2: 1.00 USD is paid, 30.00 USD is owed",
            ),
            (Kind::Orders, with(good.clone(), "/items/0/price", json!(30)), "file.jsonl:2: items: invalid type"),
            (Kind::Orders, json!([1]), "file.jsonl:2: the line is not a JSON object"),
        ] {
            let first = if kind == Kind::Orders { good.clone() } else { customer("c1", "Wu", "a@x.com", "1", &[]) };
            let before = store.books().await.expect("read");
            let error = take(store, kind, &[first, faulty]).await.expect_err(expected).to_string();
            assert!(error.contains(expected), "{error}, not {expected}");
            assert_eq!(store.books().await.expect("read"), before, "{expected}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_file_read_again_brings_what_is_new_and_undoes_nothing() {
    each_engine(async |store| {
        let (card, plain) = (customer("c1", "Li", "a@x.com", "1", &["#1", "#2"]), order("#1", "c1", "pending"));
        take(store, Kind::Customers, std::slice::from_ref(&card)).await.expect("take");
        take(store, Kind::Orders, &[plain.clone(), order("#2", "c1", "delivered")]).await.expect("take");
        let open = offer(store, "c1", cancel("#2"), &Shelf::new()).await;
        assert!(open.is_err(), "a delivered order is not cancelled");
        let (id, _) = offer(store, "c1", cancel("#1"), &Shelf::new()).await.expect("a proposal");
        store.carry_out(&id, "s", &Policy::shipped(), NOW).await.expect("done");
        let cancelled = exported(store).await;
        assert_eq!(cancelled[0]["status"], "cancelled");

        take(store, Kind::Orders, std::slice::from_ref(&plain)).await.expect("the same again");
        assert_eq!(exported(store).await, cancelled);
        let mut tracked = plain.clone();
        tracked["fulfillments"] = json!([{"tracking_id": ["T1"], "item_ids": ["v1"]}]);
        take(store, Kind::Orders, &[tracked.clone()]).await.expect("with a tracking number");
        let now = exported(store).await;
        assert_eq!((&now[0]["status"], &now[0]["fulfillments"][0]["tracking_id"][0]), (&json!("cancelled"), &json!("T1")));
        let mut rewritten = tracked.clone();
        rewritten["payments"][0]["method"] = "card_1".into();
        let error = take(store, Kind::Orders, &[rewritten]).await.expect_err("history is not rewritten").to_string();
        assert!(
            error.contains("payments: number 1 is a payment of 30.00 USD from card_1, the ledger has a payment of 30.00 USD from gift_c1"),
            "{error}"
        );
        adds_up(store).await;

        // The shop settles a return, and puts money on the card.
        let mut grown = order("#2", "c1", "cancelled");
        let refund = json!({"kind": "refund", "amount": "30.00 USD", "method": "gift_c1"});
        grown["payments"].as_array_mut().expect("payments").push(refund);
        take(store, Kind::Orders, &[grown]).await.expect("take");
        let mut topped_up = card.clone();
        topped_up["payment_methods"][0]["balance"] = "200.00 USD".into();
        take(store, Kind::Customers, &[topped_up]).await.expect("take");
        let case = store.case("c1").await.expect("read").expect("the customer");
        assert_eq!(case.customer.payment_methods[0].balance.as_ref().map(|b| b.minor), Some(20_000));
        assert_eq!((case.customer.revision > 1, case.orders[1].revision), (true, 2));
        adds_up(store).await;
        let mut other_card = card.clone();
        other_card["payment_methods"].as_array_mut().expect("methods").push(json!({"id": "paypal_1", "kind": "paypal"}));
        take(store, Kind::Customers, &[other_card]).await.expect("take");
        adds_up(store).await;
    })
    .await;
}

#[tokio::test]
async fn a_shop_of_an_older_version_gets_its_keys_and_ledger() {
    each_address(async |url| {
        let store = Store::open(url).await.expect("open");
        import_demo(&store).await;
        let before = store.books().await.expect("read");
        store.close().await;
        let mut raw = connect(url).await;
        for table in ["customer_key", "ledger", "setting"] {
            run(&mut raw, format!("delete from {table}")).await;
        }
        drop(raw);
        let store = Store::open(url).await.expect("open it again");
        adds_up(&store).await;
        assert_eq!(store.books().await.expect("read").1, before.1);
        let customer = &before.1[0].customer;
        let told = Told { email: Some(customer.email.clone()), ..Told::default() };
        assert_eq!(store.customers_by(&told).await.expect("look up"), std::slice::from_ref(&customer.id));
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_retail_world_is_taken_as_it_is() {
    let Some(dir) = crate::aftersales::retail_dir() else { return };
    each_engine(async |store| {
        let media = tempfile::tempdir().expect("a directory");
        let options = ImportOptions {
            format: Format::Auto,
            images: None,
            replace: false,
            strict: true,
            media: media.path().to_owned(),
            progress: false,
        };
        let report = import_feed(store, &[dir.join("catalog.jsonl.gz")], &options).await.expect("the catalogue");
        assert_eq!((report.new, report.rejected), (591, 0));
        for (kind, file, count) in [(Kind::Customers, "customers.jsonl", 500), (Kind::Orders, "orders.jsonl", 1_000)] {
            let begun = std::time::Instant::now();
            assert_eq!(import_world(store, kind, &dir.join(file)).await.expect(file), count);
            println!("{file}: {count} records in {:.2} s", begun.elapsed().as_secs_f64());
        }
        let text = std::fs::read_to_string(dir.join("orders.jsonl")).expect("read the orders");
        let mut imported: Vec<Value> = text.lines().map(read).collect();
        imported.sort_by_key(|o| o["id"].to_string());
        assert_eq!(exported(store).await, imported);
        adds_up(store).await;
        let case = store.case(imported[0]["customer"].as_str().expect("a customer")).await.expect("read").expect("it is there");
        let shelf = store.shelf_of(&case).await.expect("read");
        let items = case.orders.iter().flat_map(|o| &o.items);
        assert!(items.into_iter().all(|i| shelf.values().any(|v| v.group == i.item_group_id)));
    })
    .await;
}
