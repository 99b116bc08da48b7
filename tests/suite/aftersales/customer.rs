//! Forty tasks made of the demo shop's own orders, played by the scripted customer in both languages through the real socket.

use super::DEMO;
use crate::shop::copy_of_demo;
use daogou::aftersales::{Case, Deed, Kind, Order, Policy, Status, propose};
use daogou::app::Models;
use daogou::catalog::Lang;
use daogou::demo;
use daogou::eval::customer::task::Task;
use daogou::eval::customer::{Job, Play, titles};
use std::collections::BTreeMap;
use tokio::runtime::{Builder, Runtime};

const TASKS: usize = 40;
/// Of forty, what a shop that works gets done.
const ENOUGH: usize = 38;

#[test]
fn the_tasks_are_of_every_kind_and_can_be_done() {
    let tasks = tasks();
    assert_eq!(tasks.len(), TASKS);
    let mut kinds = BTreeMap::<Kind, usize>::new();
    tasks.iter().flat_map(|t| &t.deeds).for_each(|deed| *kinds.entry(deed.kind()).or_default() += 1);
    println!("{kinds:?}");
    for kind in [Kind::Cancel, Kind::ModifyAddress, Kind::ModifyPayment, Kind::ModifyItems, Kind::Return, Kind::Exchange] {
        assert!(kinds.get(&kind).is_some_and(|n| *n >= 3), "{kind:?}: {kinds:?}");
    }
    assert!(tasks.iter().all(|t| t.refusals.iter().all(Option::is_none)));
}

#[test]
fn the_scripted_customer_gets_its_tasks_done() {
    let play = Play {
        tasks: tasks(),
        shelf: DEMO.shelf.clone(),
        titles: titles(&demo::text("catalog/").expect("the demo catalogue")).expect("it is JSON"),
        policy: Policy::shipped(),
    };
    let lang = |n: usize| if n % 2 == 0 { Lang::En } else { Lang::Zh };
    let jobs: Vec<Job> = (0..TASKS).map(|n| Job { task: n, lang: lang(n / 2), round: 0, seed: n as u64 }).collect();
    let played = threads().block_on(async {
        let (stocked, work) = (copy_of_demo().await, tempfile::tempdir().expect("a directory for the shops"));
        play.play(stocked.path(), work.path(), &Models::none(), &jobs).await.expect("the shops serve")
    });
    let done = played.iter().filter(|p| p.failure.is_none()).count();
    for failed in played.iter().filter(|p| p.failure.is_some()) {
        let task = &play.tasks[failed.job.task];
        println!("{:?} {:?}\n{}\n{:#?}\n", failed.failure, task.deeds, failed.lines.join("\n"), failed.differences);
    }
    assert!(done >= ENOUGH, "{done} of {TASKS}");
}

fn threads() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads")
}

/// One deed of each order in turn, of the kinds its state allows; those that the policy would refuse are not asked for. An address
/// is another customer's, a reason one of the policy's, a variant any that is in stock.
fn tasks() -> Vec<Task> {
    let policy = Policy::shipped();
    let mut tasks = Vec::new();
    let cases: Vec<&Case> = DEMO.cases.iter().collect();
    for turn in 0.. {
        for (n, case) in cases.iter().enumerate() {
            for order in &case.orders {
                let deeds = deeds(case, order, cases[(n + turn + 1) % cases.len()], turn);
                let may = |deed: &&Deed| propose(case, &DEMO.shelf, &policy, deed, 0).is_ok();
                let possible: Vec<&Deed> = deeds.iter().filter(may).collect();
                if tasks.len() == TASKS {
                    return tasks;
                }
                if let Some(deed) = possible.get((n + turn) % possible.len().max(1)) {
                    let by = if n % 2 == 0 { format!("Your email is {}", case.customer.email) } else { String::new() };
                    tasks.push(Task::new(tasks.len(), by, (*case).clone(), vec![(*deed).clone()], &DEMO.shelf, &policy));
                }
            }
        }
        assert!(turn < 10, "the demo shop has orders enough");
    }
    tasks
}

fn deeds(case: &Case, order: &Order, other: &Case, turn: usize) -> Vec<Deed> {
    let order_id = order.id.clone();
    let methods = &case.customer.payment_methods;
    let payment_method_id = methods.get(turn % methods.len().max(1)).map(|m| m.id.clone()).unwrap_or_default();
    let item = &order.items[turn % order.items.len()];
    let item_ids = vec![item.id.clone()];
    let mut variants: Vec<&String> =
        DEMO.shelf.values().filter(|p| p.group == item.item_group_id && p.id != item.id).map(|p| &p.id).collect();
    variants.sort();
    let new_item_ids: Vec<String> = variants.get(turn).into_iter().map(|id| (*id).clone()).collect();
    if order.status == Status::Pending {
        let reason = ["no longer needed", "ordered by mistake"][turn % 2].to_owned();
        return vec![
            Deed::ModifyItems { order_id: order_id.clone(), item_ids, new_item_ids, payment_method_id: payment_method_id.clone() },
            Deed::Cancel { order_id: order_id.clone(), reason },
            Deed::ModifyAddress { order_id: order_id.clone(), address: other.customer.address.clone() },
            Deed::ModifyPayment { order_id, payment_method_id },
        ];
    }
    vec![
        Deed::Exchange { order_id: order_id.clone(), item_ids: item_ids.clone(), new_item_ids, payment_method_id: payment_method_id.clone() },
        Deed::Return { order_id, item_ids, payment_method_id },
    ]
}
