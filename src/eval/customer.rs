//! The tasks of a retail world in; how many a scripted customer gets done by talking to the real server over the real socket out.
//!
//! What counts is the shop's records when everybody has left: the orders, as `orders export` prints them, and the customer's address and
//! gift cards must be what the task's writes leave, and nobody else's may have changed. `daogou eval aftersales` prints the figures.

pub mod naming;
pub mod phrases;
pub mod reading;
mod refused;

pub mod proposed;
pub mod task;
pub mod telling;
pub mod twist;

mod answers;
pub mod script;
pub mod talk;

pub mod report;
pub mod shop;

#[cfg(test)]
mod tests;

use crate::aftersales::{Policy, Shelf};
use crate::app::Models;
use crate::catalog::Lang;
use crate::config;
use crate::eval::aftersales::{World, world};
use crate::progress;
use crate::store::Store;
use anyhow::{Context, ensure};
use futures::StreamExt;
use naming::Things;
use script::{Customer, End};
use serde_json::Value;
use shop::{Records, Running};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use task::{Task, comparable};

/// Customers who talk at once.
const AT_ONCE: usize = 4;

/// What is played: tasks, and what a customer needs to know of the world.
pub struct Play {
    pub tasks: Vec<Task>,
    pub shelf: Shelf,
    /// Chinese titles by product.
    pub titles: BTreeMap<String, String>,
    pub policy: Policy,
}

/// A task once, in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Job {
    pub task: usize,
    pub lang: Lang,
    pub round: usize,
    pub seed: u64,
}

/// What came of it.
#[derive(Debug)]
pub struct Played {
    pub job: Job,
    /// Why it failed; none when it was done.
    pub failure: Option<&'static str>,
    pub differences: Vec<String>,
    pub lines: Vec<String>,
    pub messages: usize,
    pub reply_ms: Vec<f64>,
    /// Whether the customer asked something in between, and whether that was not understood.
    pub asked: bool,
    pub not_answered: bool,
    pub rightly_refused: usize,
}

/// `dir` is the retail world, or holds it as `retail-world`.
///
/// # Errors
/// When the world cannot be read or imported, or the server fails.
pub async fn evaluate(dir: &Path, work: &Path, models: &Models, options: &config::Customer) -> anyhow::Result<Value> {
    let has_tasks = |dir: &PathBuf| dir.join("tasks.jsonl").exists();
    let dir = [dir.to_owned(), dir.join("retail-world")].into_iter().find(has_tasks);
    let dir = dir.context("there is no tasks.jsonl, and no retail-world/tasks.jsonl, in the directory")?;
    ensure!(options.rounds > 0, "--rounds must be at least 1");
    let (world, policy) = (World::read(&dir)?, Policy::shipped());
    let tasks = Task::read(&world::text(&dir.join("tasks.jsonl"))?, &world, &policy)?;
    let titles = titles(&world::text(&dir.join("catalog.jsonl.gz"))?)?;
    let jobs = jobs(&tasks, options);
    let play = Play { tasks, shelf: world.shelf, titles, policy };
    let work = work.join(format!("aftersales-{}", std::process::id()));
    let stocked = work.join("stocked");
    let played = async {
        shop::stock(&dir, &stocked, models).await?;
        play.play(&stocked, &work, models, &jobs).await
    }
    .await;
    std::fs::remove_dir_all(&work).ok();
    let played = played?;
    if let Some(path) = &options.transcripts {
        std::fs::write(path, report::transcripts(&play, &played)).with_context(|| format!("write {}", path.display()))?;
    }
    Ok(report::figures(&play, &played, options))
}

/// Which tasks are played, how often and in which languages; some of them evenly spread when not all.
pub fn jobs(tasks: &[Task], options: &config::Customer) -> Vec<Job> {
    let count = options.tasks.unwrap_or(tasks.len()).min(tasks.len());
    let mut jobs = Vec::new();
    for round in 0..options.rounds {
        for lang in options.lang.langs() {
            for n in 0..count {
                let task = n * tasks.len() / count;
                let mark = (tasks[task].number * 1_009 + round) * 2 + usize::from(*lang == Lang::Zh);
                let seed = options.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(mark as u64);
                jobs.push(Job { task, lang: *lang, round, seed });
            }
        }
    }
    jobs
}

impl Play {
    /// Plays `jobs` in groups in which no customer comes twice, each group over its own copy of `stocked` below `work`.
    ///
    /// # Errors
    /// When a server does not start, or its records cannot be read. A conversation that breaks off is a task that failed.
    pub async fn play(&self, stocked: &Path, work: &Path, models: &Models, jobs: &[Job]) -> anyhow::Result<Vec<Played>> {
        let store = Store::open_dir(stocked).await?;
        let before = Records::read(&store).await?;
        store.close().await;
        let bar = progress::bar("tasks");
        let mut all = Vec::new();
        for (n, group) in self.groups(jobs).into_iter().enumerate() {
            let shop = Running::start(stocked, work.join(format!("group-{n}")), models).await?;
            let mut talks = futures::stream::iter(group).map(|job| self.talk(&shop.url, job)).buffer_unordered(AT_ONCE);
            let mut played = Vec::new();
            while let Some(one) = talks.next().await {
                played.push(one);
                progress::advance(&bar, all.len() + played.len(), jobs.len());
            }
            drop(talks);
            let after = shop.close().await?;
            self.judge(&before, &after, &mut played);
            all.extend(played);
        }
        bar.finish_and_clear();
        all.sort_by_key(|p| (p.job.round, p.job.lang == Lang::Zh, p.job.task));
        Ok(all)
    }

    /// As few groups as the busiest customer has tasks, all about as large.
    fn groups(&self, jobs: &[Job]) -> Vec<Vec<Job>> {
        let mut of_customer: BTreeMap<&str, Vec<Job>> = BTreeMap::new();
        for job in jobs {
            of_customer.entry(self.tasks[job.task].customer()).or_default().push(*job);
        }
        let mut customers: Vec<Vec<Job>> = of_customer.into_values().collect();
        customers.sort_by_key(|jobs| std::cmp::Reverse(jobs.len()));
        let mut groups: Vec<Vec<Job>> = vec![Vec::new(); customers.first().map_or(0, Vec::len)];
        for jobs in customers {
            let mut least: Vec<usize> = (0..groups.len()).collect();
            least.sort_by_key(|n| groups[*n].len());
            least.into_iter().zip(jobs).for_each(|(n, job)| groups[n].push(job));
        }
        groups
    }

    async fn talk(&self, url: &str, job: Job) -> Played {
        let task = &self.tasks[job.task];
        let things = Things { case: &task.case, shelf: &self.shelf, titles: &self.titles };
        let mut customer = Customer::new(task, things, &self.policy, job.lang, job.seed);
        let talked = talk::talk(url, &mut customer, job.lang).await;
        let (asked, not_answered, rightly_refused) = (customer.asked_in_between, customer.not_answered, customer.rightly_refused);
        let (failure, lines, messages, reply_ms) = match talked {
            Ok(talk) => {
                let failure = if let End::GaveUp(why) = talk.end { Some(why) } else { None };
                (failure, talk.lines, talk.messages, talk.reply_ms)
            }
            Err(error) => (Some("broken off"), vec![format!("error: {error:#}")], 0, Vec::new()),
        };
        Played { job, failure, differences: Vec::new(), lines, messages, reply_ms, asked, not_answered, rightly_refused }
    }

    /// Holds the records of a group's shop to its tasks, and those of everybody else to what they were.
    fn judge(&self, before: &Records, after: &Records, played: &mut [Played]) {
        let none = Vec::new();
        for one in played.iter_mut() {
            let task = &self.tasks[one.job.task];
            let orders = after.orders.get(task.customer()).unwrap_or(&none);
            one.differences = task.differences(orders, after.customers.get(task.customer()));
            if one.failure.is_none() && !one.differences.is_empty() {
                one.failure = Some("wrong records");
            }
        }
        let talked = |id: &String| played.iter().any(|p| self.tasks[p.job.task].customer() == id);
        let same = |id: &String| {
            let orders = |records: &Records| records.orders.get(id).map(|o| o.iter().cloned().map(comparable).collect::<Vec<_>>());
            orders(before) == orders(after) && before.customers.get(id) == after.customers.get(id)
        };
        let others: Vec<&String> = before.customers.keys().filter(|id| !talked(id) && !same(id)).collect();
        // Who did it cannot be told: nobody of the group is taken at their word.
        for one in played.iter_mut().filter(|_| !others.is_empty()) {
            one.failure = Some("others changed");
            one.differences.extend(others.iter().map(|id| format!("{id}: changed, and has said nothing")));
        }
        for one in played.iter_mut().filter(|_| after.audit.is_some()) {
            one.failure = Some("ledger wrong");
            one.differences.extend(after.audit.clone());
        }
    }
}

/// Chinese titles of a catalogue, by product.
///
/// # Errors
/// When a line is not JSON.
pub fn titles(catalog: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let mut titles = BTreeMap::new();
    for line in catalog.lines().filter(|l| !l.trim().is_empty()) {
        let product: Value = serde_json::from_str(line).context("a line of the catalogue is not JSON")?;
        let group = product["item_group_id"].as_str().or_else(|| product["id"].as_str()).unwrap_or_default();
        if let Some(title) = product["localized"]["zh"]["title"].as_str() {
            titles.insert(group.to_owned(), title.to_owned());
        }
    }
    Ok(titles)
}
