//! `daogou train`.

use crate::app::{Models, Shop, Wanted};
use crate::config::{Place, Train};
use crate::eval::metrics::ndcg_at_10;
use crate::eval::retrieval::{Judgement, judgements};
use crate::learn;
use crate::learn::intents::{Evidence, learn_meaning};
use crate::learn::ranker::{FEWEST, Judged, learn};
use crate::model::fusion::Course;
use crate::progress;
use crate::search::Query;
use crate::search::fuse::{Parts, Ranker};
use crate::turn::understand::reader::Example;
use crate::turn::understand::{learned, matter, problem};
use crate::turn::words;
use anyhow::Context;
use std::path::Path;

/// # Errors
/// When the shop cannot be opened, or has too little to learn from.
pub async fn train(what: Train) -> anyhow::Result<()> {
    match what {
        Train::Fusion { place, epochs, seed, json } => fusion(&place, Course { epochs, seed, ..Course::default() }, json).await,
        Train::Intents { place, out } => intents(&place, &out).await,
        Train::Problems { place, out } => matters(&place, &out, problem::examples(), problem::learn).await,
        Train::Services { place, out } => matters(&place, &out, matter::examples(), matter::learn).await,
        Train::Ranker { place, queries, qrels, json } => ranker(&place, &judgements(&queries, &qrels)?, json).await,
    }
}

async fn open(place: &Place) -> anyhow::Result<Shop> {
    Shop::open(place, Models::load(&place.backends, Wanted::Encoders).await?).await
}

async fn fusion(place: &Place, course: Course, json: bool) -> anyhow::Result<()> {
    let shop = open(place).await?;
    let search = &shop.rooms.search;
    let bar = progress::bar("texts");
    search.encode_missing(&shop.rooms.store, |done, total| progress::advance(&bar, done, total)).await?;
    bar.set_message("pictures");
    search.look_at_missing(|done, total| progress::advance(&bar, done, total)).await?;
    bar.set_message("training");
    let shown = bar.clone();
    let report = learn::fusion::train(search, course, move |done, total| progress::advance(&shown, done, total)).await?;
    bar.finish_and_clear();
    if json {
        println!("{}", serde_json::to_string(&report).context("print the report")?);
        return Ok(());
    }
    println!(
        "Trained on {} products in {:.0} s. Of {} held out, the title finds its own picture first for {:.0} %, among ten for {:.0} %.",
        report.products,
        report.seconds,
        report.held_out,
        report.recall_at_1 * 100.0,
        report.recall_at_10 * 100.0
    );
    match (report.promoted, report.before_at_10) {
        (true, None) => println!(
            "It is in use (without it, {:.0} % among ten); a running server takes it up when it is started again.",
            report.unfused_at_10 * 100.0
        ),
        (true, Some(before)) => println!("It is in use: among ten, the one before found {:.0} %.", before * 100.0),
        (false, Some(before)) => println!("The one in use stays: among ten, it finds {:.0} %.", before * 100.0),
        (false, None) => println!("It is not used: without it, {:.0} % are found among ten.", report.unfused_at_10 * 100.0),
    }
    match report.words_weight {
        0.0 => println!("For words without a photo it does not help, and is not asked."),
        weight => println!("For words without a photo it weighs {weight} beside their meaning."),
    }
    Ok(())
}

/// The query vectors of phrases, by the encoder that the program's own weights are for.
async fn meanings(place: &Place, texts: &[&str]) -> anyhow::Result<Vec<Vec<f32>>> {
    let models = Models::load(&place.backends, Wanted::Encoders).await?;
    let encoder = models.encoder.filter(|e| e.name() == learned::HEAD_ENCODER).context("the weights are for e5-small: pull the models")?;
    let bar = progress::bar("phrases");
    let meanings = learn::intents::meanings(&encoder, texts, |done, total| progress::advance(&bar, done, total)).await?;
    bar.finish_and_clear();
    Ok(meanings)
}

/// Learns which of some matters a message is about, from their phrases.
async fn matters(place: &Place, out: &Path, examples: Vec<Example>, learn: fn(&[Example], &[Vec<f32>]) -> Vec<u8>) -> anyhow::Result<()> {
    let texts: Vec<&str> = examples.iter().map(|(text, ..)| text.as_str()).collect();
    let learned = learn(&examples, &meanings(place, &texts).await?);
    std::fs::write(out, learned).with_context(|| format!("write {}", out.display()))?;
    println!("Learned from {} phrases; {} is part of the program when it is built again.", examples.len(), out.display());
    Ok(())
}

async fn intents(place: &Place, out: &Path) -> anyhow::Result<()> {
    let phrases = learned::phrases();
    let texts: Vec<&str> = phrases.iter().map(|(text, _)| text.as_str()).collect();
    let meanings = meanings(place, &texts).await?;
    let examples: Vec<_> =
        meanings.into_iter().zip(&phrases).map(|(meaning, (_, label))| (Evidence { words: Vec::new(), meaning }, *label)).collect();
    let mut bytes = learn_meaning(&examples, learned::LABELS.len()).to_bytes();
    bytes.extend(learned::fingerprint());
    std::fs::write(out, bytes).with_context(|| format!("write {}", out.display()))?;
    println!("Learned from {} phrases; {} is part of the program when it is built again.", phrases.len(), out.display());
    Ok(())
}

/// Candidates of a query that are learned from.
const CANDIDATES: usize = 200;

async fn ranker(place: &Place, judgements: &[Judgement], json: bool) -> anyhow::Result<()> {
    let shop = open(place).await?;
    let search = &shop.rooms.search;
    search.show_known_vectors(&shop.rooms.store).await?;
    let in_use = search.ranker();
    // Weighing each signal once leaves the signals as they are.
    let unweighed = Ranker::Weights(Parts::of([1.0; 6]));
    let mut queries = Vec::new();
    for Judgement { text, grades } in judgements.iter().filter(|j| j.grades.values().any(|grade| *grade > 0)) {
        let query = Query { whole: true, ..words::query_of(text, &words::read(text, search), CANDIDATES) };
        let grade = |id: &str| grades.get(id).copied().unwrap_or(0);
        let ideal: Vec<i64> = grades.values().copied().collect();
        search.rank_by(in_use);
        let ranked: Vec<i64> = search.find(query.clone()).await?.hits.iter().map(|hit| grade(&hit.item.id)).collect();
        let before = ndcg_at_10(&ranked, &ideal).unwrap_or(0.0);
        search.rank_by(unweighed);
        let found = search.find(query).await?;
        let candidates = found.hits.iter().map(|hit| (hit.parts.list(), grade(&hit.item.id))).collect();
        queries.push(Judged { candidates, ideal, before });
    }
    search.rank_by(in_use);
    let report = learn(&queries, search.weights());
    if report.promoted {
        search.keep_weights(report.weights)?;
    }
    if json {
        println!("{}", serde_json::to_string(&report).context("print the report")?);
        return Ok(());
    }
    let [words, coverage, text, image, fused, richness] = report.weights.list();
    println!(
        "Learned from {} queries: words {words:.2}, coverage {coverage:.2}, text {text:.2}, image {image:.2}, fused {fused:.2}, richness {richness:.2}.",
        report.queries
    );
    println!("nDCG@10 on queries left out: {:.3} with them, {:.3} as it is ranked now.", report.learned, report.before);
    println!(
        "{}",
        match report.promoted {
            true if search.ranker() == Ranker::Places => "They are kept for when the ranking is no longer rrf.".to_owned(),
            true => "They are in use; a running server takes them up when it is started again.".to_owned(),
            false if report.queries < FEWEST => format!("It stays as it is: it takes {FEWEST} queries with a relevant product at least."),
            false => "It stays as it is.".to_owned(),
        }
    );
    Ok(())
}
