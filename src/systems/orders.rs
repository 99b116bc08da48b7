//! What a shopper has told of themselves, or a customer's id, in; the shop's own records of that customer read by HTTP and taken into the
//! store, as an import would take them. When the shop is away, what is stored stands.

use super::outbox::web_address;
use crate::aftersales::legal::is_legal;
use crate::aftersales::{Customer, Order};
use crate::errand::Told;
use crate::errand::told::{By, ways};
use crate::ingest::world::customer_fault;
use crate::store::intake::{Line, NotTaken};
use crate::store::{Store, now_ms};
use anyhow::{Context, ensure};
use lru::LruCache;
use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::time::Duration;
use tokio::sync::Semaphore;

/// The shop's system that knows customers and orders.
pub struct Orders {
    client: Client,
    url: Url,
    key: Option<String>,
    /// How long what was read is not read again.
    after_ms: i64,
    asking: Semaphore,
    /// When each question, and each customer, was read last.
    read: Mutex<LruCache<String, i64>>,
}

/// How a reading went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The store has what the shop has, or had a moment ago.
    Fresh,
    /// The shop was away, or what it said could not be taken. What is stored may be shown; it is not to be acted on when it is older
    /// than [`Orders::may_act_on`] allows.
    Stored,
}

/// A shopper waits meanwhile.
const PATIENCE: Duration = Duration::from_secs(2);
const AT_ONCE: usize = 8;
const LARGEST: usize = 1 << 20;
/// Customers one question may bring: several can have one name and live in one place.
const MOST_CUSTOMERS: usize = 20;
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(4_096).expect("it is not zero");
/// Nothing is carried out on a copy older than this.
const OLDEST_TO_ACT_ON_MS: i64 = 300_000;

/// The answer, in the form of the import files.
#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    customers: Vec<Value>,
    #[serde(default)]
    orders: Vec<Value>,
}

impl Orders {
    /// # Errors
    /// When the address is none.
    pub fn new(url: &str, key: Option<String>, after: Duration) -> anyhow::Result<Self> {
        let mut url = web_address(url, "--orders-url")?;
        url.path_segments_mut().expect("an address with a host has a path").pop_if_empty().push("customers");
        let client = Client::builder().redirect(Policy::none()).user_agent(concat!("daogou/", env!("CARGO_PKG_VERSION")));
        let client = client.build().context("set up the client for orders")?;
        let after_ms = after.as_millis().min(OLDEST_TO_ACT_ON_MS as u128) as i64;
        Ok(Self { client, url, key, after_ms, asking: Semaphore::new(AT_ONCE), read: Mutex::new(LruCache::new(REMEMBERED)) })
    }

    /// Reads whom `told` may mean, before they are looked up. What is not enough to name anybody asks nothing.
    pub async fn refresh(&self, store: &Store, told: &Told) -> Reading {
        let Some(way) = ways(told).into_iter().next() else { return Reading::Fresh };
        let question: Vec<(&str, &Option<String>)> = match (way.first.by, way.second.map(|key| key.by)) {
            (By::Email, _) => vec![("email", &told.email)],
            (By::Name, _) => vec![("name", &told.name), ("zip", &told.zip)],
            (_, Some(By::Email)) => vec![("order", &told.order), ("email", &told.email)],
            _ => vec![("order", &told.order), ("phone", &told.phone)],
        };
        let question: Vec<(&str, &str)> = question.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?))).collect();
        self.take(store, &question).await
    }

    /// Reads a customer who is known, with all their orders.
    pub async fn refresh_customer(&self, store: &Store, id: &str) -> Reading {
        self.take(store, &[("id", id)]).await
    }

    /// Whether the copy of this customer is young enough for something to be done to it. Ask after [`Orders::refresh_customer`].
    pub fn may_act_on(&self, customer: &str) -> bool {
        self.is_younger(&by_id(customer), OLDEST_TO_ACT_ON_MS)
    }

    async fn take(&self, store: &Store, question: &[(&str, &str)]) -> Reading {
        let asked: String = question.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
        if self.is_younger(&asked, self.after_ms) {
            return Reading::Fresh;
        }
        // From before the question: what the shop says of itself is no younger than that.
        let at_ms = now_ms();
        let answer = tokio::time::timeout(PATIENCE, self.ask(question)).await.unwrap_or_else(|_| Err(anyhow::anyhow!("it takes too long")));
        let taken = match answer {
            Ok(answer) => keep(store, answer).await,
            Err(error) => Err(error),
        };
        match taken {
            Ok(customers) => {
                let mut read = self.read.lock().expect("nobody panics while holding it");
                read.put(asked, at_ms);
                for id in &customers {
                    read.put(by_id(id), at_ms);
                }
                Reading::Fresh
            }
            Err(error) => {
                tracing::warn!("the shop's orders could not be read, the stored copy stands: {error:#}");
                Reading::Stored
            }
        }
    }

    async fn ask(&self, question: &[(&str, &str)]) -> anyhow::Result<Answer> {
        let _one_of_a_few = self.asking.acquire().await.context("wait for others")?;
        let mut url = self.url.clone();
        url.query_pairs_mut().extend_pairs(question);
        let mut request = self.client.get(url).header("accept", "application/json");
        if let Some(key) = &self.key {
            request = request.bearer_auth(key);
        }
        // The address holds what the shopper told: no error may repeat it.
        let response = request.send().await.map_err(reqwest::Error::without_url)?;
        ensure!(response.status().is_success(), "it answered {}", response.status());
        let body = limited(response).await?;
        // Where it went wrong, and nothing of what stands there.
        serde_json::from_slice(&body).map_err(|e| anyhow::anyhow!("its answer is not {{customers, orders}} (line {})", e.line()))
    }

    fn is_younger(&self, what: &str, age_ms: i64) -> bool {
        let mut read = self.read.lock().expect("nobody panics while holding it");
        read.get(what).is_some_and(|at_ms| (0..age_ms).contains(&(now_ms() - at_ms)))
    }
}

/// Puts the answer into the store by the checks of an import, customers before their orders. The customers it was about.
async fn keep(store: &Store, answer: Answer) -> anyhow::Result<Vec<String>> {
    ensure!(answer.customers.len() <= MOST_CUSTOMERS, "it knows more than {MOST_CUSTOMERS} such customers");
    let customers: Vec<Line<Customer>> = lines("customer", answer.customers, |c| customer_fault(c).is_none())?;
    let orders: Vec<Line<Order>> = lines("order", answer.orders, |o| is_legal(o).is_ok())?;
    let ids: Vec<String> = customers.iter().map(|line| line.noun.id.clone()).collect();
    ensure!(orders.iter().all(|line| ids.contains(&line.noun.customer)), "an order belongs to no customer of the answer");
    if !customers.is_empty() {
        store.put_customers(&customers).await.map_err(|e| refused("customer", e))?;
    }
    if !orders.is_empty() {
        store.put_orders(&orders).await.map_err(|e| refused("order", e))?;
    }
    Ok(ids)
}

fn lines<T: DeserializeOwned>(what: &str, records: Vec<Value>, is_right: impl Fn(&T) -> bool) -> anyhow::Result<Vec<Line<T>>> {
    let line = |(n, raw): (usize, Value)| {
        let noun = T::deserialize(&raw).ok().filter(&is_right);
        let noun = noun.with_context(|| format!("{what} {} of the answer is not one; an import says why", n + 1))?;
        Ok(Line { line: n as u64 + 1, raw, noun })
    };
    records.into_iter().enumerate().map(line).collect()
}

/// Which record and which field, for the log; what stands there may be somebody's.
fn refused(what: &str, why: NotTaken) -> anyhow::Error {
    match why {
        NotTaken::Line { line, field, .. } => anyhow::anyhow!("{field} of {what} {line} of the answer is refused; an import says why"),
        NotTaken::Store(error) => error.into(),
    }
}

async fn limited(mut response: Response) -> anyhow::Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(reqwest::Error::without_url)? {
        ensure!(body.len() + chunk.len() <= LARGEST, "its answer is larger than 1 MiB");
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn by_id(customer: &str) -> String {
    format!("id={customer}\n")
}
