//! Catalogues with judged queries (BEIR form), and the cross-lingual test, in; nDCG and hit rates out.

use super::metrics::{mean, ndcg_at_10, share};
use super::{Opened, feed, open};
use crate::algebra::dot;
use crate::app::Models;
use crate::search::fuse::{Parts, Ranker, SOLD};
use crate::search::{Filter, Query};
use anyhow::Context;
use flate2::read::GzDecoder;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;

#[derive(Deserialize)]
struct Judged {
    id: String,
    text: String,
}

/// Every data set below `dir`, or `dir` itself when it is one.
///
/// # Errors
/// When there is none, or one cannot be read.
pub async fn evaluate(dir: &Path, work: &Path, models: &Models) -> anyhow::Result<Value> {
    let mut sets = vec![dir.to_owned()];
    let below = std::fs::read_dir(dir).with_context(|| format!("read {}", dir.display()))?.flatten().map(|e| e.path());
    sets.extend(below.filter(|path| path.is_dir()));
    sets.sort();
    let mut report = Map::new();
    for set in sets {
        let Some(feed) = feed(&set) else { continue };
        let name = set.file_name().map_or_else(|| "data".to_owned(), |n| n.to_string_lossy().into_owned());
        let work = work.join(&name);
        if set.join("queries.jsonl").exists() && set.join("qrels.tsv").exists() {
            let opened = open(&feed, None, &work, models).await?;
            report.insert(name, judged(&opened, &set).await?);
        } else if let Some(pairs) = described_twice(&feed)? {
            report.insert(name, across(&pairs, &work, models).await?);
        }
    }
    anyhow::ensure!(!report.is_empty(), "{} holds no judged data set", dir.display());
    Ok(Value::Object(report))
}

/// A query with the grades of the products that were judged for it.
pub struct Judgement {
    pub text: String,
    pub grades: HashMap<String, i64>,
}

/// Queries (`{"id", "text"}` a line) and their judgements (query, product and grade with tabs between, after a line of names), as BEIR
/// has them.
///
/// # Errors
/// When a file cannot be read.
pub fn judgements(queries: &Path, qrels: &Path) -> anyhow::Result<Vec<Judgement>> {
    let mut grades: HashMap<String, HashMap<String, i64>> = HashMap::new();
    for line in std::fs::read_to_string(qrels).with_context(|| format!("read {}", qrels.display()))?.lines().skip(1) {
        let mut parts = line.split('\t');
        if let (Some(query), Some(product), Some(grade)) = (parts.next(), parts.next(), parts.next().and_then(|g| g.trim().parse().ok())) {
            grades.entry(query.to_owned()).or_default().insert(product.to_owned(), grade);
        }
    }
    let text = std::fs::read_to_string(queries).with_context(|| format!("read {}", queries.display()))?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| {
            let query: Judged = serde_json::from_str(line).with_context(|| format!("read a query of {}", queries.display()))?;
            Ok(Judgement { text: query.text, grades: grades.remove(&query.id).unwrap_or_default() })
        })
        .collect()
}

/// What is left out, and the weights without it. `text` stays in the query's encoding time, but counts for nothing.
fn without(weights: Parts) -> Vec<(&'static str, Ranker)> {
    let but = |change: fn(&mut Parts)| {
        let mut weights = weights;
        change(&mut weights);
        Ranker::Weights(weights)
    };
    let nothing = Parts::default();
    vec![
        ("without_bm25", but(|w| w.words = 0.0)),
        ("without_coverage", but(|w| w.coverage = 0.0)),
        ("without_text", but(|w| w.text = 0.0)),
        ("without_richness", but(|w| w.richness = 0.0)),
        ("bm25_alone", Ranker::Weights(Parts { words: weights.words, ..nothing })),
        ("bm25_and_coverage", Ranker::Weights(Parts { words: weights.words, coverage: weights.coverage, ..nothing })),
        ("text_alone", Ranker::Weights(Parts { text: weights.text, ..nothing })),
        ("rrf", Ranker::Places),
    ]
}

/// nDCG@10 with one part of the score after the other left out, and with nothing read as a filter.
async fn ablations(opened: &Opened, asked: &[Judgement]) -> anyhow::Result<Value> {
    let search = &opened.search;
    let usual = search.ranker();
    let mut report = Map::new();
    let measure = async |filters: bool| -> anyhow::Result<Value> {
        let mut figures = Vec::new();
        for Judgement { text, grades } in asked {
            let whole = |q: &mut Query| {
                if !filters {
                    (q.text, q.filter, q.sort) = (text.clone(), Filter::default(), None);
                }
            };
            let found = opened.ask(text, 10, whole).await?;
            let ranked: Vec<i64> = found.hits.iter().map(|h| grades.get(&h.item.id).copied().unwrap_or(0)).collect();
            figures.extend(ndcg_at_10(&ranked, &grades.values().copied().collect::<Vec<_>>()));
        }
        Ok(mean(&figures))
    };
    report.insert("without_filters".to_owned(), measure(false).await?);
    for (name, ranker) in without(search.weights()) {
        search.rank_by(ranker);
        let figure = measure(true).await;
        search.rank_by(usual);
        report.insert(name.to_owned(), figure?);
    }
    Ok(Value::Object(report))
}

/// nDCG@10 of words alone and of everything; queries without a relevant product are asked whether they are told so.
async fn judged(opened: &Opened, set: &Path) -> anyhow::Result<Value> {
    let asked = judgements(&set.join("queries.jsonl"), &set.join("qrels.tsv"))?;
    let ablations = ablations(opened, &asked).await?;
    let (mut words, mut all, mut told, mut falsely) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for Judgement { text, grades } in asked {
        let ideal: Vec<i64> = grades.values().copied().collect();
        for (lexical, into) in [(true, &mut words), (false, &mut all)] {
            let found = opened.ask(&text, 10, |q| q.lexical_only = lexical).await?;
            let ranked: Vec<i64> = found.hits.iter().map(|h| grades.get(&h.item.id).copied().unwrap_or(0)).collect();
            let figure = ndcg_at_10(&ranked, &ideal);
            into.extend(figure);
            if !lexical {
                let unsold = found.sold.is_some_and(|sold| sold < SOLD);
                if figure.is_none() { told.push(unsold) } else { falsely.push(unsold) }
            }
        }
    }
    Ok(json!({"ndcg_at_10": mean(&all), "ndcg_at_10_words": mean(&words), "told_not_sold": share(told), "falsely_told": share(falsely),
        "ablations": ablations}))
}

/// Products with one description in both languages.
struct Described {
    record: Value,
    en: String,
    zh: String,
}

fn described_twice(feed: &Path) -> anyhow::Result<Option<Vec<Described>>> {
    let file = std::fs::File::open(feed).with_context(|| format!("open {}", feed.display()))?;
    let reader: Box<dyn Read> = if feed.extension().is_some_and(|e| e == "gz") { Box::new(GzDecoder::new(file)) } else { Box::new(file) };
    let mut products = Vec::new();
    for line in BufReader::new(reader).lines() {
        let Ok(record) = serde_json::from_str::<Value>(&line.context("read the feed")?) else { return Ok(None) };
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        let (en, zh) = (text(&record["description"]), text(&record["localized"]["zh"]["description"]));
        if !en.is_empty() && !zh.is_empty() {
            products.push(Described { record, en, zh });
        }
    }
    Ok((!products.is_empty()).then_some(products))
}

/// A Chinese description finds its English product and back; and the same in a catalogue of which half is written in each language.
async fn across(products: &[Described], work: &Path, models: &Models) -> anyhow::Result<Value> {
    let mut report = Map::new();
    for (name, catalogue, asked) in
        [("zh_to_en", Written::English, "zh"), ("en_to_zh", Written::Chinese, "en"), ("en_to_en", Written::English, "en")]
    {
        let opened = open(&write(products, catalogue, &work.join(name))?, None, &work.join(name), models).await?;
        let mut by_text: BTreeMap<&str, Vec<&Described>> = BTreeMap::new();
        for product in products {
            by_text.entry(if asked == "zh" { &product.zh } else { &product.en }).or_default().push(product);
        }
        let (mut distinct, mut weighted) = (Vec::new(), Vec::new());
        for (text, own) in by_text {
            let found = first(&opened, text).await?;
            let hit = own.iter().any(|p| p.record["id"].as_str() == found.as_deref());
            distinct.push(hit);
            weighted.extend(own.iter().map(|_| hit));
        }
        let raw = raw_cosines(models, products, asked, catalogue).await?;
        report.insert(
            name.to_owned(),
            json!({"hit_at_1": share(weighted), "hit_at_1_distinct": share(distinct), "raw_cosines_hit_at_1": raw}),
        );
    }
    let opened = open(&write(products, Written::Half, &work.join("mixed"))?, None, &work.join("mixed"), models).await?;
    let (mut same, mut other) = (Vec::new(), Vec::new());
    for (_, product) in products.iter().enumerate().filter(|(n, p)| products[..*n].iter().all(|q| q.en != p.en)) {
        for (text, chinese) in [(&product.zh, true), (&product.en, false)] {
            let found = first(&opened, text).await?;
            let hit = products.iter().any(|p| p.en == product.en && p.record["id"].as_str() == found.as_deref());
            if is_chinese_half(&product.en) == chinese { same.push(hit) } else { other.push(hit) }
        }
    }
    report.insert("mixed".to_owned(), json!({"same_language_hit_at_1": share(same), "other_language_hit_at_1": share(other)}));
    Ok(Value::Object(report))
}

/// The same of the text encoder alone: each description's nearest by plain cosine, no language's mean taken away.
async fn raw_cosines(models: &Models, products: &[Described], asked: &str, catalogue: Written) -> anyhow::Result<Value> {
    let encoder = models.encoder.as_ref().context("there is no text encoder: daogou models pull")?;
    let own = |p: &Described, zh: bool| if zh { p.zh.clone() } else { p.en.clone() };
    let mut models: BTreeMap<&str, (&Described, usize)> = BTreeMap::new();
    products.iter().for_each(|product| models.entry(&product.en).or_insert((product, 0)).1 += 1);
    let mut passages = Vec::with_capacity(models.len());
    for (product, _) in models.values() {
        passages.extend(encoder.encode_passages(vec![own(product, catalogue == Written::Chinese)]).await?);
    }
    let mut hits = Vec::new();
    for (n, (product, count)) in models.values().enumerate() {
        let query = encoder.encode_query(&own(product, asked == "zh")).await?;
        let near = passages.iter().map(|p| dot(p, &query)).enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
        hits.extend(std::iter::repeat_n(near.is_some_and(|(at, _)| at == n), *count));
    }
    Ok(share(hits))
}

/// A description is looked for as it stands: it is no wish with filters in it.
async fn first(opened: &Opened, text: &str) -> anyhow::Result<Option<String>> {
    let shape = |q: &mut Query| {
        q.text = text.to_owned();
        q.filter = Filter::default();
        q.sort = None;
    };
    Ok(opened.ask(text, 1, shape).await?.hits.first().map(|h| h.item.id.clone()))
}

#[derive(Clone, Copy, PartialEq)]
enum Written {
    English,
    Chinese,
    /// Each model in one of the two.
    Half,
}

fn is_chinese_half(description: &str) -> bool {
    description.bytes().map(u32::from).sum::<u32>() % 2 == 1
}

fn write(products: &[Described], written: Written, work: &Path) -> anyhow::Result<std::path::PathBuf> {
    std::fs::create_dir_all(work).with_context(|| format!("make the directory {}", work.display()))?;
    let path = work.join("feed.jsonl");
    let mut out = std::io::BufWriter::new(std::fs::File::create(&path).context("write a feed")?);
    for product in products {
        let mut record = product.record.clone();
        let chinese = written == Written::Chinese || (written == Written::Half && is_chinese_half(&product.en));
        if chinese {
            record["description"] = json!(product.zh);
            // The titles are English; a Chinese product has none of their words.
            record["title"] = json!(product.zh.chars().take(16).collect::<String>());
            record["product_type"] = Value::Null;
        }
        if let Some(fields) = record.as_object_mut() {
            fields.remove("localized");
        }
        writeln!(out, "{record}").context("write a feed")?;
    }
    out.flush().context("write a feed")?;
    Ok(path)
}
