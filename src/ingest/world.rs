//! Policies, customers, orders and behaviour files in; rows of the store out.

use super::Rejection;
use super::read::{Format, read_feed};
use crate::aftersales::legal::is_legal;
use crate::aftersales::{Customer, Order};
use crate::store::intake::{Line, NotTaken};
use crate::store::world::Policy;
use crate::store::{Store, new_id};
use anyhow::{Context, anyhow, bail};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::path::Path;

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    Products,
    Customers,
    Orders,
    Policies,
    Events,
    Taxonomy,
}

/// Imports one file of `kind` and returns how many records it held.
///
/// # Errors
/// Names the file, the line and what is wrong; nothing of a faulty file is kept.
pub async fn import_world(store: &Store, kind: Kind, file: &Path) -> anyhow::Result<u64> {
    let wrong = |line: u64, field: &str, reason: String| {
        anyhow!("{}", Rejection { file: file.display().to_string(), line, field: field.to_owned(), reason })
    };
    let not_taken = |error| match error {
        NotTaken::Line { line, field, reason } => wrong(line, field, reason),
        NotTaken::Store(error) => anyhow::Error::new(error).context(format!("import {}", file.display())),
    };
    match kind {
        Kind::Policies => {
            let text = std::fs::read_to_string(file).with_context(|| format!("read {}", file.display()))?;
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let policies = read_policies(&text, &name);
            store.put_policies(page(&name).0, &policies).await?;
            Ok(policies.len() as u64)
        }
        Kind::Customers => {
            let lines = lines(file, customer_fault)?;
            store.put_customers(&lines).await.map_err(not_taken)?;
            Ok(lines.len() as u64)
        }
        Kind::Orders => {
            let lines = lines(file, |order: &Order| is_legal(order).err().map(|wrong| ("", wrong)))?;
            store.put_orders(&lines).await.map_err(not_taken)?;
            Ok(lines.len() as u64)
        }
        Kind::Events => {
            let records = records(file)?;
            for (n, r) in &records {
                let field = |name: &str| r[name].as_str().ok_or_else(|| wrong(*n, name, "is missing".to_owned()));
                let id = r["id"].as_str().map_or_else(new_id, str::to_owned);
                store.put_behaviour(&id, field("person")?, field("name")?, field("product")?, &r.to_string()).await?;
            }
            Ok(records.len() as u64)
        }
        Kind::Taxonomy => bail!("taxonomy files are not read yet"),
        Kind::Products => bail!("products are imported without --kind"),
    }
}

/// The file's records with what they say; `fault` names a field of one and what is wrong with it.
fn lines<T: DeserializeOwned>(file: &Path, fault: impl Fn(&T) -> Option<(&'static str, String)>) -> anyhow::Result<Vec<Line<T>>> {
    let rejected = |line, field: String, reason| anyhow!("{}", Rejection { file: file.display().to_string(), line, field, reason });
    let line = |(line, raw): (u64, Value)| {
        let noun = T::deserialize(&raw).map_err(|error| {
            let reason = error.to_string();
            rejected(line, field_at_fault::<T>(&raw, &reason), reason)
        })?;
        match fault(&noun) {
            Some((field, reason)) => Err(rejected(line, field.to_owned(), reason)),
            None => Ok(Line { line, raw, noun }),
        }
    };
    records(file)?.into_iter().map(line).collect()
}

/// serde does not say where in a record it was: it is the field without which the record fails in another way.
fn field_at_fault<T: DeserializeOwned>(raw: &Value, reason: &str) -> String {
    let without = |field: &String| {
        let mut rest = raw.clone();
        rest.as_object_mut().map(|fields| fields.remove(field));
        T::deserialize(&rest).err().is_none_or(|error| error.to_string() != reason)
    };
    let named = || reason.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()).unwrap_or_default().to_owned();
    raw.as_object().and_then(|fields| fields.keys().find(|field| without(field)).cloned()).unwrap_or_else(named)
}

/// What no shop can mean, though it can be written down.
pub(crate) fn customer_fault(customer: &Customer) -> Option<(&'static str, String)> {
    let methods = &customer.payment_methods;
    let twice = methods.iter().enumerate().find(|(n, m)| methods[..*n].iter().any(|other| other.id == m.id));
    let overdrawn = methods.iter().find(|m| m.balance.as_ref().is_some_and(|b| b.minor < 0));
    match (twice, overdrawn) {
        _ if customer.id.is_empty() => Some(("id", "is empty".to_owned())),
        (Some((_, method)), _) => Some(("payment_methods", format!("{} is there twice", method.id))),
        (_, Some(method)) => Some(("payment_methods", format!("{} is overdrawn", method.id))),
        _ => None,
    }
}

fn records(file: &Path) -> anyhow::Result<Vec<(u64, Value)>> {
    let mut records = Vec::new();
    let mut fault = None;
    read_feed(file, Format::Jsonl, &Default::default(), &mut |(line, record)| match record {
        Ok(record) => {
            records.push((line, Value::Object(record)));
            true
        }
        Err(reason) => {
            fault = Some(Rejection { file: file.display().to_string(), line, field: String::new(), reason });
            false
        }
    })?;
    match fault {
        Some(fault) => Err(anyhow!("{fault}")),
        None => Ok(records),
    }
}

/// "returns.zh.md" → the page "returns" in "zh"; the language may be left out.
fn page(name: &str) -> (&str, Option<&str>) {
    let stem = name.trim_end_matches(".md");
    match stem.rsplit_once('.') {
        Some((page, lang @ ("zh" | "en"))) => (page, Some(lang)),
        _ => (stem, None),
    }
}

/// Markdown with one rule a heading: each heading and the text below it is a policy, `name.zh.md` is Chinese.
pub fn read_policies(text: &str, name: &str) -> Vec<Policy> {
    let (page, lang) = page(name);
    let chinese = || text.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count() * 4 > text.chars().count();
    let lang = lang.unwrap_or_else(|| if chinese() { "zh" } else { "en" });
    let mut policies: Vec<Policy> = Vec::new();
    let mut parent = String::new();
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix('#') {
            let depth = heading.chars().take_while(|c| *c == '#').count();
            let heading = heading.trim_start_matches('#').trim();
            if depth == 0 {
                heading.clone_into(&mut parent);
            }
            let title = if depth == 0 || parent.is_empty() { heading.to_owned() } else { format!("{parent}: {heading}") };
            let id = format!("{page}/{}.{lang}", policies.len());
            policies.push(Policy { id, lang: lang.to_owned(), title, body: String::new(), revision: 1 });
        } else if let Some(policy) = policies.last_mut() {
            policy.body.push_str(line);
            policy.body.push('\n');
        }
    }
    policies.iter_mut().for_each(|p| p.body = p.body.trim().to_owned());
    policies.retain(|p| !p.body.is_empty());
    policies
}
