//! Messages of the outbox in; signed webhooks to the shop's own system out, each until it was taken, those of one order one after the other.
//!
//! At least once: a message is leased before it is sent, so that another server leaves it alone, and is marked as sent only after the
//! answer. Whoever dies in between lets the lease run out, and it is sent again under the same `webhook-id`.

use super::signature::Secrets;
use crate::store::outbox::{NEVER, Outgoing};
use crate::store::{Store, now_ms};
use anyhow::{Context, ensure};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode, Url};
use serde_json::value::RawValue;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Where webhooks go, and what they are signed with.
pub struct Webhooks {
    client: Client,
    url: Url,
    secrets: Secrets,
    /// The receiver has answered that it is gone.
    gone: AtomicBool,
}

/// How often the outbox is looked at.
const LOOK: Duration = Duration::from_millis(500);
/// How long a receiver may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longer than the patience, by enough for the answer to be written down.
const LEASE_MS: i64 = 20_000;
/// Messages on their way at once, all about different orders.
const AT_ONCE: usize = 4;
const FIRST_PAUSE_MS: i64 = 5_000;
const LONGEST_PAUSE_MS: i64 = 3_600_000;
/// Ten pauses that double, then an hour each: three days.
const MOST_ATTEMPTS: i64 = 80;
/// Messages that were taken are kept this long, for who wants to look.
const KEPT_MS: i64 = 30 * 24 * LONGEST_PAUSE_MS;
/// Looks at the outbox between two sweepings.
const SWEEP: u64 = 7_200;

impl Webhooks {
    /// # Errors
    /// When the address is none, or a secret is none.
    pub fn new(url: &str, secrets: &[String]) -> anyhow::Result<Self> {
        let client = Client::builder()
            .redirect(Policy::none())
            .timeout(PATIENCE)
            .connect_timeout(PATIENCE / 2)
            .user_agent(concat!("daogou/", env!("CARGO_PKG_VERSION")));
        let client = client.build().context("set up the client for webhooks")?;
        Ok(Self { client, url: web_address(url, "--webhook-url")?, secrets: Secrets::read(secrets)?, gone: AtomicBool::new(false) })
    }

    /// Sends what is due until `stop`. What is on its way then is finished if the server waits that long, else sent again by the next.
    pub async fn follow(self, store: Store, stop: CancellationToken) {
        for look in 0_u64.. {
            if look % SWEEP == 0
                && let Err(error) = store.outbox_sweep(now_ms() - KEPT_MS).await
            {
                tracing::warn!("old webhooks could not be swept out: {error}");
            }
            while !stop.is_cancelled() && !self.gone() {
                match self.round(&store).await {
                    Ok(0) => break,
                    Ok(_) => {}
                    Err(error) => {
                        tracing::warn!("the outbox could not be read: {error:#}");
                        break;
                    }
                }
            }
            if self.gone() || tokio::time::timeout(LOOK, stop.cancelled()).await.is_ok() {
                return;
            }
        }
    }

    /// Sends what is due; how many were tried.
    async fn round(&self, store: &Store) -> anyhow::Result<usize> {
        let due = store.outbox_due(now_ms(), LEASE_MS, AT_ONCE).await?;
        let tried = due.len();
        futures::future::join_all(due.into_iter().map(|message| self.send(store, message))).await;
        Ok(tried)
    }

    async fn send(&self, store: &Store, message: Outgoing) {
        let Outgoing { id, topic, attempts, .. } = &message;
        let written = match self.post(&message).await {
            Ok(status) if status.is_success() => store.outbox_sent(id, now_ms()).await,
            Ok(StatusCode::GONE) => {
                self.gone.store(true, Ordering::Relaxed);
                tracing::warn!(webhook = id, "the receiver of webhooks says that it is gone; nothing is sent until the next start");
                store.outbox_failed(id, now_ms() + FIRST_PAUSE_MS).await
            }
            Ok(_) | Err(_) if *attempts >= MOST_ATTEMPTS => {
                tracing::warn!(webhook = id, topic, attempts, "a webhook was never taken and is given up");
                store.outbox_failed(id, NEVER).await
            }
            answer => {
                let why = answer.map_or_else(|error| format!("{:#}", anyhow::Error::new(error.without_url())), |status| status.to_string());
                let pause = pause_ms(*attempts);
                tracing::warn!(webhook = id, topic, attempts, again_s = pause / 1_000, "a webhook was not taken: {why}");
                store.outbox_failed(id, now_ms() + pause).await
            }
        };
        if let Err(error) = written {
            tracing::warn!(webhook = id, "what became of a webhook could not be kept, it will be sent again: {error}");
        }
    }

    async fn post(&self, message: &Outgoing) -> reqwest::Result<StatusCode> {
        let (body, seconds) = (body(message), now_ms() / 1_000);
        let request = self
            .client
            .post(self.url.clone())
            .header("content-type", "application/json")
            .header("webhook-id", &message.id)
            .header("webhook-timestamp", seconds)
            .header("webhook-signature", self.secrets.sign(&message.id, seconds, &body));
        Ok(request.body(body).send().await?.status())
    }

    fn gone(&self) -> bool {
        self.gone.load(Ordering::Relaxed)
    }
}

/// An address of the web, as an option of the command line gives it.
pub(super) fn web_address(text: &str, option: &str) -> anyhow::Result<Url> {
    let url = Url::parse(text).ok().filter(|u| matches!(u.scheme(), "http" | "https") && u.has_host());
    let url = url.with_context(|| format!("{option} must be an address such as https://shop.example/daogou"))?;
    ensure!(url.username().is_empty() && url.password().is_none(), "{option} must not hold a password");
    Ok(url)
}

/// `{"type", "timestamp", "data"}`: the same bytes at every attempt.
fn body(message: &Outgoing) -> String {
    let data = serde_json::from_str::<&RawValue>(&message.body).map_or("null", RawValue::get);
    format!(r#"{{"type":{},"timestamp":"{}","data":{data}}}"#, serde_json::Value::from(message.topic.as_str()), iso(message.created_ms))
}

/// How long to wait after the given number of attempts: doubling, and up to a fifth longer or shorter, so that what failed together
/// does not come back together.
fn pause_ms(attempts: i64) -> i64 {
    let doubled = FIRST_PAUSE_MS << (attempts - 1).clamp(0, 20);
    let pause = doubled.min(LONGEST_PAUSE_MS);
    let fifth = pause / 5;
    pause - fifth + (RandomState::new().hash_one(attempts) % (2 * fifth as u64 + 1)) as i64
}

/// UTC milliseconds as ISO 8601 (the days by Howard Hinnant's `civil_from_days`).
fn iso(ms: i64) -> String {
    let (days, rest) = (ms.div_euclid(86_400_000), ms.rem_euclid(86_400_000));
    let z = days + 719_468;
    let (era, of_era) = (z.div_euclid(146_097), z.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * shifted + 2) / 5 + 1, if shifted < 10 { shifted + 3 } else { shifted - 9 });
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    let (hour, minute, second, milli) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1_000 % 60, rest % 1_000);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_from_seconds_to_an_hour_and_last_three_days() {
        for (attempts, middle) in [(1, 5_000), (2, 10_000), (5, 80_000), (10, 2_560_000), (11, 3_600_000), (79, 3_600_000)] {
            let pause = pause_ms(attempts);
            assert!((middle * 4 / 5..=middle * 6 / 5).contains(&pause), "{pause} after {attempts}");
        }
        let days = (1..MOST_ATTEMPTS).map(pause_ms).sum::<i64>() as f64 / 86_400_000.0;
        assert!((2.4..3.6).contains(&days), "{days}");
    }

    #[test]
    fn times_are_written_as_everybody_reads_them() {
        for (ms, expected) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_735_689_599_999, "2024-12-31T23:59:59.999Z"),
            (1_767_225_600_007, "2026-01-01T00:00:00.007Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(iso(ms), expected);
        }
    }

    #[test]
    fn the_body_says_what_when_and_the_row_as_it_was_stored() {
        let message = Outgoing { topic: "order.cancelled".into(), body: r##"{"order": {"id": "#W1"}}"##.into(), ..Outgoing::default() };
        assert_eq!(
            body(&message),
            r##"{"type":"order.cancelled","timestamp":"1970-01-01T00:00:00.000Z","data":{"order": {"id": "#W1"}}}"##
        );
    }

    #[test]
    fn only_addresses_of_the_web_are_taken() {
        for (text, right) in [
            ("https://shop.example/hooks?shop=1", true),
            ("http://127.0.0.1:9000", true),
            ("ftp://shop.example/", false),
            ("shop.example/hooks", false),
            ("https://me:secret@shop.example/", false),
            ("", false),
        ] {
            assert_eq!(web_address(text, "--webhook-url").is_ok(), right, "{text}");
        }
    }
}
