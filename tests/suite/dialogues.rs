//! Conversations as text (`tests/dialogues/*.md`) in, replayed on the demo shop without any model; their replies compared word by
//! word with what the file says. `UPDATE_DIALOGUES=1 cargo test` writes the replies into the files instead, to be read and judged.
//!
//! A line `> …` is the shopper; the fenced block below it is the reply: cards, table, sentences, (quick replies), the finish,
//! and what the conversation carries on.
//! `locale: zh-CN` is the page's language, `page: ID` the product the shopper looks at from there on.

use crate::shop::{demo, list};
use daogou::catalog::Lang;
use daogou::chat::settle::settle;
use daogou::store::chat::Write;
use daogou::turn::facts::stock_words;
use daogou::turn::{Ask, Brakes, Card, Claim, Event, Memory, Rooms, answer};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use tokio::sync::mpsc;

const CARDS: usize = 3;
const FENCE: &str = "```";

#[tokio::test]
async fn dialogues_go_as_written() {
    let (shop, _data) = demo().await;
    let update = std::env::var_os("UPDATE_DIALOGUES").is_some();
    let files = list(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dialogues"));
    let mut differences = Vec::new();
    let mut changed: BTreeMap<String, String> = BTreeMap::new();
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "md")) {
        let written = std::fs::read_to_string(file).expect("a dialogue is text");
        let name = file.file_name().expect("a file has a name").to_string_lossy().into_owned();
        let now = replay(&shop.rooms, &name, &written).await;
        let earlier = orders_in(&format!("{written}\n{now}"), "? ").iter().find_map(|o| changed.get(o)).cloned();
        assert!(earlier.is_none(), "{name} offers to change an order that {earlier:?} has changed: each needs its own");
        changed.extend(orders_in(&now, "! Done").into_iter().map(|o| (o, name.clone())));
        if now != written && update {
            std::fs::write(file, &now).expect("write the dialogue");
        } else if now != written {
            differences.push(format!("{}\n{}", file.display(), difference(&written, &now)));
        }
    }
    assert!(files.len() >= 80, "eighty dialogues");
    assert!(differences.is_empty(), "replies have changed; read them, then UPDATE_DIALOGUES=1\n\n{}", differences.join("\n\n"));
}

/// The numbers of the orders named in lines that start so.
fn orders_in(text: &str, start: &str) -> Vec<String> {
    let number = |s: &str| s.chars().take_while(char::is_ascii_digit).collect::<String>();
    text.lines().filter(|l| l.starts_with(start)).flat_map(|l| l.split("#M").skip(1)).map(number).collect()
}

/// The same text with today's replies.
async fn replay(rooms: &Rooms, session: &str, written: &str) -> String {
    let mut out = String::new();
    let (mut locale, mut page, mut memory) = (Lang::En, None, Memory::default());
    let mut in_reply = false;
    for line in written.lines() {
        if line.starts_with(FENCE) {
            in_reply = !in_reply;
            continue;
        }
        if in_reply {
            continue;
        }
        out.push_str(line);
        out.push('\n');
        if let Some(name) = line.strip_prefix("locale: ") {
            locale = Lang::of_locale(name);
        } else if let Some(id) = line.strip_prefix("page: ") {
            page = Some(id.to_owned());
        } else if let Some(text) = line.strip_prefix("> ") {
            let mut ask = Ask { text: text.to_owned(), locale, page: page.clone(), memory, ..Ask::default() };
            ask.carried = settle(rooms, session, &ask).await.expect("carry out what is confirmed");
            let (reply, remembered) = reply(rooms, session, &ask).await;
            memory = remembered;
            out.push_str(&format!("{FENCE}text\n{reply}\n{FENCE}\n"));
        }
    }
    out
}

async fn reply(rooms: &Rooms, session: &str, ask: &Ask) -> (String, Memory) {
    let (events, mut stream) = mpsc::channel(256);
    let outcome = answer(rooms, ask, &events, &Brakes::default()).await;
    drop(events);
    let mut lines = Vec::new();
    while let Some(event) = stream.recv().await {
        match event {
            Event::Stage(_) => {}
            Event::Products(cards) => lines.extend(shown(&cards)),
            Event::Text(sentence) => {
                for claim in &sentence.claims {
                    hold(rooms, &sentence.text, claim, outcome.lang).await;
                }
                lines.push(sentence.text);
            }
            Event::Table { columns, rows } => {
                lines.extend(std::iter::once(columns).chain(rows).map(|row| format!("| {} |", row.join(" | "))))
            }
            Event::Proposal { offer, customer, proposal } => {
                let write = Write::Proposal { id: offer.id.clone(), session: session.to_owned(), customer, proposal };
                rooms.store.write_all(&[write]).await.expect("keep the proposal");
                lines.push(format!("? {}", offer.summary));
                lines.extend(offer.changes.iter().map(|change| format!("  - {change}")));
                lines.extend(offer.refund.iter().map(|refund| format!("  refund {} to {}", refund.amount.display(), refund.method)));
            }
            Event::Outcome(settled) => {
                let reference = settled.reference.unwrap_or_default();
                let text = if reference.is_empty() { settled.text } else { settled.text.replace(&reference, "R-…") };
                lines.push(format!("! {:?}: {text}", settled.status));
            }
            Event::HandOff(call) => lines.push(format!("(a person is called: {})", call.reason)),
            Event::Evidence(evidence) => lines.push(format!("(a photo is kept: {:?})", evidence.place)),
            Event::Choices(choices) => lines.push(choices.iter().map(|c| format!("({})", c.label)).collect::<Vec<_>>().join(" ")),
        }
    }
    let finish = serde_json::to_value(outcome.finish).expect("a finish is a word");
    lines.push(format!("= {}", finish.as_str().unwrap_or("?")));
    lines.push(format!("~ {}", state(&outcome.evidence["understanding"]["intent"], &outcome.memory)));
    (lines.join("\n"), outcome.memory)
}

/// What the conversation carries on: the intent just read, the need so far, and how many products are on the screen.
fn state(intent: &Value, memory: &Memory) -> String {
    let filters = serde_json::to_value(&memory.filters).expect("filters are data");
    let empty = |v: &Value| v.is_null() || *v == Value::Bool(false) || v.as_array().is_some_and(Vec::is_empty);
    // By name: whether JSON keeps the order of fields hangs on the features other crates ask for.
    let filters: BTreeMap<&String, String> = filters
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, v)| !empty(v))
        .map(|(name, v)| (name, v.as_array().map_or_else(|| v.to_string(), |list| list.iter().map(told).collect::<Vec<_>>().join(","))))
        .collect();
    let filters: Vec<String> = filters.into_iter().map(|(name, v)| format!("{name}={}", v.replace('"', ""))).collect();
    let intent = intent.to_string().replace(['"', '{', '}'], "");
    let errands = &memory.errands;
    let verbs: Vec<String> =
        errands.queue.iter().map(|r| format!("{:?} {}", r.verb, r.order.as_deref().unwrap_or("?")).replace("Some", "")).collect();
    let errand = match errands.customer.is_some() || errands.asked.is_some() {
        true => format!(" | {} {:?} [{}]", errands.customer.as_deref().unwrap_or("nobody"), errands.asked, verbs.join(", ")),
        false => String::new(),
    };
    format!("{intent} | {} | {} | {} shown{errand}", memory.terms, filters.join(" "), memory.shown.len())
}

/// A value of a filter; of a measure, its words.
fn told(value: &Value) -> String {
    value.get("text").unwrap_or(value).to_string()
}

/// Whatever else a reply is, its prices and its stock are the store's.
async fn hold(rooms: &Rooms, sentence: &str, claim: &Claim, lang: Lang) {
    assert!(sentence.contains(&claim.text), "\"{}\" is claimed, but not said: {sentence}", claim.text);
    let Some(id) = &claim.product else { return };
    let stored = rooms.store.product(id).await.expect("read the store").expect("what is claimed of is on sale");
    let offer = &stored.product.offer;
    let truth = match claim.field.as_str() {
        "price" => offer.price.as_ref().map(|p| p.display()),
        "list_price" => offer.list_price.as_ref().map(|p| p.display()),
        "availability" => Some(stock_words(offer.availability.as_str(), offer.quantity, lang)),
        _ => return,
    };
    assert_eq!(Some(&claim.text), truth.as_ref(), "{id} {}: {sentence}", claim.field);
    assert_eq!(claim.revision, stored.revision, "{id} {}: {sentence}", claim.field);
}

fn shown(cards: &[Card]) -> Vec<String> {
    let price = |c: &Card| c.price.as_ref().map_or_else(|| "no price".to_owned(), |p| p.display());
    let mut lines: Vec<String> = cards.iter().take(CARDS).map(|c| format!("[{} · {} · {}]", c.title, price(c), c.availability)).collect();
    if cards.len() > CARDS {
        lines.push(format!("[and {} more]", cards.len() - CARDS));
    }
    lines
}

/// The lines that left and came, below the shopper's line they follow.
fn difference(written: &str, now: &str) -> String {
    let turns = |text: &str| -> Vec<String> { text.split("\n> ").map(str::to_owned).collect() };
    let mut out = Vec::new();
    for (before, after) in turns(written).iter().zip(turns(now)) {
        if *before == after {
            continue;
        }
        out.push(format!("> {}", after.lines().next().unwrap_or("")));
        out.extend(before.lines().filter(|l| !after.lines().any(|a| a == *l)).map(|l| format!("- {l}")));
        out.extend(after.lines().filter(|l| !before.lines().any(|b| b == *l)).map(|l| format!("+ {l}")));
    }
    out.join("\n")
}
