//! Proposals carried out: once, whoever confirms and however often; what came of them; calls for a person and their evidence.

use super::fixtures::{NOW, adds_up, at_random, cancel, customer, exported, import_demo, move_to, offer, offer_in, order, read, take};
use crate::store::{each_address, each_engine};
use daogou::aftersales::nouns::Address;
use daogou::aftersales::{Deed, Policy, Shelf, Why};
use daogou::errand::Told;
use daogou::ingest::world::Kind;
use daogou::model::random::Random;
use daogou::store::chat::Write;
use daogou::store::handoffs::{Handoff, HandoffState, OrderPhoto};
use daogou::store::proposals::{NotDone, State};
use daogou::store::{Store, new_id};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::Arc;

#[tokio::test]
async fn sixteen_who_confirm_at_once_on_two_handles_have_it_done_once() {
    each_address(async |url| {
        let stores = [Store::open(url).await.expect("open"), Store::open(url).await.expect("open it again")];
        take(&stores[0], Kind::Customers, &[customer("c1", "Li", "a@x.com", "1", &["#1"])]).await.expect("take");
        take(&stores[0], Kind::Orders, &[order("#1", "c1", "pending")]).await.expect("take");
        let (id, proposal) = offer(&stores[0], "c1", cancel("#1"), &Shelf::new()).await.expect("a proposal");
        let policy = Arc::new(Policy::shipped());
        let tasks: Vec<_> = (0..16)
            .map(|n| {
                let (store, id, policy) = (stores[n % 2].clone(), id.clone(), policy.clone());
                tokio::spawn(async move { store.carry_out(&id, "s", &policy, NOW).await.expect("done, or done before") })
            })
            .collect();
        let mut done = Vec::new();
        for task in tasks {
            done.push(task.await.expect("no panic"));
        }
        assert_eq!(done.iter().filter(|d| !d.again).count(), 1);
        assert!(done.iter().all(|d| d.reference == done[0].reference && d.proposal == proposal && d.reference.len() == 10));
        let case = stores[1].case("c1").await.expect("read").expect("the customer");
        assert_eq!((case.orders[0].payments.len(), case.orders[0].revision, case.customer.revision), (2, 2, 2));
        let told = stores[0].outbox_due(NOW, 60_000, 10).await.expect("read");
        let body: Value = read(&told[0].body);
        assert_eq!((told.len(), told[0].topic.as_str(), &body["proposal"]), (1, "order.cancelled", &json!(id)));
        assert_eq!((&body["order"]["status"], &body["reference"]), (&json!("cancelled"), &json!(done[0].reference)));
        adds_up(&stores[1]).await;
        for store in stores {
            store.close().await;
        }
    })
    .await;
}

/// Each order can be paid by the card, but not both: the second must see what the first has taken.
#[tokio::test]
async fn one_gift_card_is_not_spent_twice_at_once() {
    each_address(async |url| {
        let stores = [Store::open(url).await.expect("open"), Store::open(url).await.expect("open it again")];
        let ids: Vec<String> = (0..8).map(|n| format!("c{n}")).collect();
        let (mut customers, mut orders) = (Vec::new(), Vec::new());
        for id in &ids {
            let mut customer = customer(id, "Li", &format!("{id}@x.com"), "1", &[]);
            customer["payment_methods"][0]["balance"] = "40.00 USD".into();
            customers.push(customer);
            for n in 0..2 {
                let mut order = order(&format!("#{id}-{n}"), id, "pending");
                order["payments"][0]["method"] = format!("card_{id}").into();
                orders.push(order);
            }
        }
        take(&stores[0], Kind::Customers, &customers).await.expect("take");
        take(&stores[0], Kind::Orders, &orders).await.expect("take");
        let policy = Arc::new(Policy::shipped());
        let mut proposals = Vec::new();
        for id in &ids {
            for (n, store) in stores.iter().enumerate() {
                let session = format!("{id}-{n}");
                let deed = Deed::ModifyPayment { order_id: format!("#{session}"), payment_method_id: format!("gift_{id}") };
                let (proposal, _) = offer_in(store, &session, id, deed, &Shelf::new()).await.expect("a proposal");
                proposals.push((store.clone(), proposal, session));
            }
        }
        let confirm = |(store, proposal, session): (Store, String, String)| {
            let policy = policy.clone();
            tokio::spawn(async move { store.carry_out(&proposal, &session, &policy, NOW).await })
        };
        let tasks: Vec<_> = proposals.into_iter().map(confirm).collect();
        let (mut done, mut too_low) = (0, 0);
        for task in tasks {
            match task.await.expect("no panic") {
                Ok(_) => done += 1,
                Err(NotDone::Refused(r)) if matches!(r.why, Why::BalanceTooLow { .. }) => too_low += 1,
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!((done, too_low), (8, 8));
        adds_up(&stores[1]).await;
        for store in stores {
            store.close().await;
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_not_open_is_not_done() {
    each_engine(async |store| {
        take(store, Kind::Customers, &[customer("c1", "Li", "a@x.com", "1", &["#1"])]).await.expect("take");
        take(store, Kind::Orders, &[order("#1", "c1", "pending")]).await.expect("take");
        let policy = Policy::shipped();
        let untouched = exported(store).await;
        let (older, _) = offer(store, "c1", cancel("#1"), &Shelf::new()).await.expect("a proposal");
        let (late, proposal) = offer(store, "c1", move_to("#1", "2 Lane"), &Shelf::new()).await.expect("a newer one");
        assert_eq!(store.open_proposal("s").await.expect("read"), Some((late.clone(), proposal.clone())));
        assert!(matches!(store.carry_out(&older, "s", &policy, NOW).await, Err(NotDone::Closed(State::Declined))));
        assert!(matches!(store.carry_out(&late, "other", &policy, NOW).await, Err(NotDone::Unknown)), "another conversation");
        for _ in 0..2 {
            let refused = store.carry_out(&late, "s", &policy, proposal.expires_ms + 1).await;
            assert!(matches!(refused, Err(NotDone::Refused(r)) if r.why == Why::Expired));
        }
        assert_eq!(store.proposal(&late).await.expect("read").map(|p| p.state), Some(State::Expired));
        assert!(store.open_proposal("s").await.expect("read").is_none());

        let (stale, _) = offer(store, "c1", cancel("#1"), &Shelf::new()).await.expect("a proposal");
        assert_eq!(exported(store).await, untouched);
        let (moved, _) = offer_in(store, "t", "c1", move_to("#1", "3 Lane"), &Shelf::new()).await.expect("one of another conversation");
        store.carry_out(&moved, "t", &policy, NOW).await.expect("done");
        let refused = store.carry_out(&stale, "s", &policy, NOW).await;
        assert!(matches!(refused, Err(NotDone::Refused(r)) if r.why == Why::Changed), "the order is another now");
        assert_eq!(store.proposal(&stale).await.expect("read").map(|p| (p.state, p.reference)), Some((State::Refused, None)));

        let (no, _) = offer(store, "c1", cancel("#1"), &Shelf::new()).await.expect("a proposal");
        let say = |state| Write::ProposalState { id: no.clone(), session: "s".into(), state };
        store.write_all(&[say(State::Declined)]).await.expect("write");
        store.write_all(&[say(State::Expired)]).await.expect("write");
        assert!(matches!(store.carry_out(&no, "s", &policy, NOW).await, Err(NotDone::Closed(State::Declined))));
        adds_up(store).await;
    })
    .await;
}

#[tokio::test]
async fn a_moved_customer_is_found_at_the_new_zip_and_keeps_what_nobody_here_knows() {
    each_engine(async |store| {
        let mut odd = customer("c1", "Li", "a@x.com", "10001", &[]);
        odd["address"]["door_code"] = "1234".into();
        odd["tier"] = "gold".into();
        take(store, Kind::Customers, &[odd]).await.expect("take");
        let address = Address { zip: "20002".into(), ..store.case("c1").await.expect("read").expect("c1").customer.address };
        let deed = Deed::ModifyProfile { user_id: "c1".into(), address };
        let (id, _) = offer(store, "c1", deed, &Shelf::new()).await.expect("a proposal");
        store.carry_out(&id, "s", &Policy::shipped(), NOW).await.expect("done");
        let by = async |zip: &str| {
            store
                .customers_by(&Told { name: Some("Wei Li".into()), zip: Some(zip.into()), ..Told::default() })
                .await
                .expect("look up")
                .len()
        };
        assert_eq!((by("10001").await, by("20002").await), (0, 1));
        let case = store.case("c1").await.expect("read").expect("the customer");
        assert_eq!((case.customer.rest["tier"].clone(), case.customer.revision), (json!("gold"), 2));
    })
    .await;
}

#[tokio::test]
async fn the_ledger_adds_up_after_many_deeds_at_random() {
    each_engine(async |store| {
        let world = import_demo(store).await;
        let policy = Policy::shipped();
        let mut random = Random::new(7);
        let mut done = 0;
        for _ in 0..250 {
            let whose = &world.cases[random.below(world.cases.len())].customer.id;
            let case = store.case(whose).await.expect("read").expect("the customer");
            if case.orders.is_empty() {
                continue;
            }
            let shelf = store.shelf_of(&case).await.expect("read");
            let deed = at_random(&case, &shelf, &mut random);
            let Ok((id, _)) = offer(store, whose, deed, &shelf).await else { continue };
            let first = store.carry_out(&id, "s", &policy, NOW).await.expect("nothing came between");
            let again = store.carry_out(&id, "s", &policy, NOW).await.expect("done before");
            assert!(!first.again && again.again && first.reference == again.reference);
            done += 1;
        }
        assert!(done > 40, "only {done} deeds");
        adds_up(store).await;
        // One message a deed; those about one order, or of one customer, one after the other.
        let mut told = 0;
        loop {
            let due = store.outbox_due(NOW, 1, 1_000).await.expect("read");
            let about: Vec<String> = due.iter().map(|m| about(&m.body)).collect();
            assert_eq!(about.iter().collect::<HashSet<_>>().len(), due.len(), "{about:?}");
            if due.is_empty() {
                break;
            }
            for message in &due {
                store.outbox_sent(&message.id, NOW).await.expect("write");
            }
            told += due.len();
        }
        assert_eq!(told, done);
    })
    .await;
}

fn about(body: &str) -> String {
    let body: Value = serde_json::from_str(body).expect("JSON");
    body["order"]["id"].as_str().or(body["customer"].as_str()).expect("an order or a customer").to_owned()
}

#[tokio::test]
async fn a_person_is_called_once_and_finds_the_evidence() {
    each_engine(async |store| {
        let call = |reason: &str| Handoff {
            id: new_id(),
            session: "s".into(),
            customer: Some("c1".into()),
            reason: reason.into(),
            summary: "{}".into(),
            state: HandoffState::Waiting,
            created_ms: NOW,
        };
        let photo =
            OrderPhoto { id: new_id(), upload: "u".into(), order: "#1".into(), item: "v1".into(), at: 0, score: 812, session: "s".into() };
        let (first, second) = (call("asked for"), call("angry"));
        let write = |call: &Handoff| Write::Handoff(Box::new(call.clone()));
        store.write_all(&[write(&first), write(&second), Write::Photo(photo.clone())]).await.expect("write");
        assert_eq!(store.open_handoff("s").await.expect("read"), Some(first.clone()));
        assert!(store.change_handoff(&first.id, HandoffState::Taken).await.expect("write"));
        assert!(store.waiting_handoffs(9).await.expect("read").is_empty());
        assert!(store.change_handoff(&first.id, HandoffState::Closed).await.expect("write"));
        assert!(!store.change_handoff(&first.id, HandoffState::Taken).await.expect("write"), "closed is closed");
        assert!(store.open_handoff("s").await.expect("read").is_none());
        store.write_all(&[write(&second)]).await.expect("write");
        assert_eq!(store.waiting_handoffs(9).await.expect("read"), [second]);
        assert_eq!(store.order_photos("#1").await.expect("read"), [photo]);
    })
    .await;
}

#[tokio::test]
async fn what_was_not_sent_is_due_again() {
    each_engine(async |store| {
        take(store, Kind::Customers, &[customer("c1", "Li", "a@x.com", "1", &["#1"])]).await.expect("take");
        take(store, Kind::Orders, &[order("#1", "c1", "pending")]).await.expect("take");
        let (id, _) = offer(store, "c1", cancel("#1"), &Shelf::new()).await.expect("a proposal");
        store.carry_out(&id, "s", &Policy::shipped(), NOW).await.expect("done");
        let due = async |at: i64| store.outbox_due(at, 100, 10).await.expect("read");
        let (first, while_out, after) = (due(NOW).await, due(NOW + 50).await, due(NOW + 100).await);
        assert_eq!((first.len(), while_out.len(), after.len(), after[0].attempts), (1, 0, 1, 2));
        store.outbox_failed(&first[0].id, NOW + 1_000).await.expect("write");
        assert!(due(NOW + 999).await.is_empty());
        assert_eq!(due(NOW + 1_000).await.len(), 1);
        store.outbox_sent(&first[0].id, NOW + 1_001).await.expect("write");
        assert!(due(NOW + 99_999).await.is_empty());
    })
    .await;
}
