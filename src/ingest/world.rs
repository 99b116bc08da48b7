//! Policies, customers, orders and behaviour files in; rows of the store out.

use crate::store::world::Policy;
use crate::store::{Store, new_id};
use anyhow::{Context, bail};
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
    let text = std::fs::read_to_string(file).with_context(|| format!("read {}", file.display()))?;
    if kind == Kind::Policies {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let policies = read_policies(&text, &name);
        store.put_policies(page(&name).0, &policies).await?;
        return Ok(policies.len() as u64);
    }
    let records = records(&text, file)?;
    let field = |n: usize, record: &Value, name: &str| -> anyhow::Result<String> {
        record[name].as_str().map(str::to_owned).with_context(|| format!("{}:{}: {name}: is missing", file.display(), n + 1))
    };
    match kind {
        Kind::Customers => {
            let rows = records.iter().map(|(n, r)| Ok((field(*n, r, "id")?, r.to_string()))).collect::<anyhow::Result<Vec<_>>>()?;
            store.put_customers(&rows).await?;
        }
        Kind::Orders => {
            let rows = records
                .iter()
                .map(|(n, r)| Ok((field(*n, r, "id")?, field(*n, r, "customer")?, field(*n, r, "status")?, r.to_string())))
                .collect::<anyhow::Result<Vec<_>>>()?;
            store.put_orders(&rows).await?;
        }
        Kind::Events => {
            for (n, r) in &records {
                let id = r["id"].as_str().map_or_else(new_id, str::to_owned);
                let (person, name, product) = (field(*n, r, "person")?, field(*n, r, "name")?, field(*n, r, "product")?);
                store.put_behaviour(&id, &person, &name, &product, &r.to_string()).await?;
            }
        }
        Kind::Taxonomy => bail!("taxonomy files are not read yet"),
        Kind::Products | Kind::Policies => bail!("products are imported without --kind"),
    }
    Ok(records.len() as u64)
}

fn records(text: &str, file: &Path) -> anyhow::Result<Vec<(usize, Value)>> {
    let lines = text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty());
    lines
        .map(|(n, line)| {
            let value: Value = serde_json::from_str(line).with_context(|| format!("{}:{}: the line is not JSON", file.display(), n + 1))?;
            anyhow::ensure!(value.is_object(), "{}:{}: the line is not a JSON object", file.display(), n + 1);
            Ok((n, value))
        })
        .collect()
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
