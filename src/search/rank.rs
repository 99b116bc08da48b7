//! What was sought in; every candidate with what each signal says of it, best first, out.

use super::bitmap::Bitmap;
use super::filter::Filter;
use super::fuse::{self, Evidence, Parts, Ranker};
use super::lexical::View;
use super::near::Near;
use super::pictures::wearing;
use super::segment::is_chinese;
use super::shelf::{Item, Shelf};
use super::sync::is_description;
use super::vector::Scan;
use super::wording::Wording;
use super::{DEPTH, Hit, Query, Search, Signals, order};
use crate::catalog::Lang;
use crate::model::Sight;
use std::collections::HashMap;
use std::sync::Arc;

/// A query on its way: what its words and its meaning found, the vectors of words and photo, and the form of the picture that the
/// words describe.
pub struct Sought {
    pub words: Words,
    pub text: Option<Meant>,
    pub photo: Option<Sight>,
    pub described: Option<Vec<f32>>,
}

/// What is looked in, and the products that the filter lets through.
#[derive(Clone)]
pub struct Admitted {
    pub shelf: Arc<Shelf>,
    pub view: Arc<View>,
    pub allowed: Arc<Bitmap>,
}

/// What the words found.
pub struct Words {
    pub wording: Wording,
    /// Variants with their BM25 scores, best first.
    pub ranked: Vec<(u32, f32)>,
}

/// What the query's vector found.
pub struct Meant {
    pub vector: Vec<f32>,
    near: Near,
    /// Groups, nearest first.
    nearest: Vec<(u32, f32)>,
}

struct Candidate {
    item: Arc<Item>,
    signals: Signals,
}

/// Products whose pictures are asked what kind of thing a photo shows.
const LOOKALIKES: usize = 7;
/// Words from which a need reads like a description rather than like a title.
const LONG_NEED: usize = 8;
/// Characters, where words are not spaced.
const LONG_CHINESE: usize = 14;

impl Search {
    /// The query, without a wish for a material that this shop cannot judge, and what it is looked for in.
    pub(super) fn admit(&self, mut query: Query) -> anyhow::Result<(Query, Admitted)> {
        let (shelf, view) = (self.shelf(), self.index.view());
        self.keep_known_materials(&mut query, &shelf, &view)?;
        let allowed = Arc::new(allowed(&view, &shelf, &query.filter)?);
        Ok((query, Admitted { shelf, view, allowed }))
    }

    pub(super) fn rank_words(&self, query: &Query, admitted: &Admitted) -> anyhow::Result<Words> {
        let wording = Wording::of(&query.text, &admitted.view);
        let ranked = admitted.view.rank(&wording, &admitted.allowed, DEPTH * 4)?;
        Ok(Words { wording, ranked })
    }

    /// Sentences, and needs as long as one, are compared with descriptions, a few words with titles.
    pub(super) fn rank_meaning(&self, query: &Query, vector: Vec<f32>, admitted: &Admitted) -> Meant {
        let text = query.text.as_str();
        let chinese = is_chinese(text);
        let usual = self.usual();
        let usual = usual.queries.get(usize::from(chinese)).map_or(&[][..], Vec::as_slice);
        let counted = if chinese { text.chars().count() >= LONG_CHINESE } else { text.split_whitespace().count() >= LONG_NEED };
        let long = counted || text.trim_end().ends_with(['。', '.']);
        let near = self.vectors().near(&vector, usual, |bucket| is_description(bucket) == long);
        let groups = (!query.filter.is_empty()).then(|| admitted.shelf.groups_of(&admitted.allowed));
        let nearest = near.nearest(DEPTH, |group| groups.as_ref().is_none_or(|groups| groups.contains(group as usize)));
        Meant { vector, near, nearest }
    }

    /// Every candidate, best first, and the probability that the shop sells what is sought.
    pub(super) fn rank(&self, query: &Query, admitted: &Admitted, sought: &Sought) -> anyhow::Result<(Vec<Hit>, Option<f32>)> {
        let (Admitted { shelf, view, allowed }, Words { wording, ranked }) = (admitted, &sought.words);
        let texts = sought.text.as_ref();
        let pictures = self.scan_pictures(sought);
        let shown = sought.photo.is_some();
        let fused = self.scan_fused(query, sought)?;
        let mut candidates: HashMap<u32, Candidate> = HashMap::new();
        for (ord, bm25) in shelf.best_of_groups(ranked, DEPTH) {
            let Some(item) = shelf.item(ord) else { continue };
            let signals = Signals { lexical: Some(bm25), ..Signals::default() };
            candidates.insert(item.group, Candidate { item: prefer_stocked(shelf, allowed, item), signals });
        }
        for (group, _) in texts.iter().flat_map(|meant| meant.nearest.iter().copied()) {
            if let Some(item) = shelf.choose(group, allowed) {
                candidates.entry(group).or_insert_with(|| Candidate { item, signals: Signals::default() });
            }
        }
        let fits = |ord: u32| wearing(shelf, ord, allowed).is_some();
        for (ord, deviations) in pictures.iter().flat_map(|scan| scan.nearest(DEPTH, fits)) {
            let Some(item) = wearing(shelf, ord, allowed) else { continue };
            let candidate = candidates.entry(item.group).or_insert_with(|| Candidate { item: item.clone(), signals: Signals::default() });
            if candidate.signals.image.is_none_or(|known| known < deviations) {
                // Of a product in several colours the one that looks like the photo is shown; words have chosen theirs.
                if shown {
                    candidate.item = item;
                }
                candidate.signals.image = Some(deviations);
            }
        }
        for (ord, _) in fused.iter().flat_map(|scan| scan.nearest(DEPTH, fits)) {
            if let Some(item) = wearing(shelf, ord, allowed) {
                candidates.entry(item.group).or_insert_with(|| Candidate { item, signals: Signals::default() });
            }
        }
        let mut candidates: Vec<Candidate> = candidates.into_values().collect();
        let ords: Vec<u32> = candidates.iter().map(|c| c.item.ord).collect();
        for (candidate, coverage) in candidates.iter_mut().zip(view.coverage(wording, &ords)?) {
            candidate.signals.coverage = coverage;
            candidate.signals.fused =
                fused.as_ref().and_then(|scan| shelf.variants(&candidate.item).filter_map(|v| scan.of(v.ord)).reduce(f32::max));
            candidate.signals.text = texts.and_then(|meant| meant.near.of(candidate.item.group));
        }
        if let Some(kind) = pictures.as_ref().filter(|_| shown && !query.filter.is_empty()).and_then(|scan| kind_shown(shelf, scan)) {
            candidates.retain(|c| c.item.leaf() == kind);
        }
        let worded = self.fused().map_or(0.0, |fused| fused.words_weight());
        let mut hits = score(candidates, wording.mass(), shown, worded, &self.ranker());
        let sold = self.sold(&hits, sought, &query.text);
        // Places do not tell how far apart two products are.
        if !query.whole && matches!(self.ranker(), Ranker::Weights(_)) {
            cut(&mut hits);
        }
        order(&mut hits, query.sort);
        Ok((hits, sold))
    }

    /// Likeness to the photo, or without one to what the words describe.
    fn scan_pictures(&self, sought: &Sought) -> Option<Scan> {
        let pictures = self.pictures()?;
        match &sought.photo {
            Some(photo) => Some(pictures.scan(photo)),
            None => sought.described.as_deref().map(|form| pictures.scan_form(form)),
        }
    }

    /// The learned embedding judges needs with a photo, and words alone where it was found to help them.
    fn scan_fused(&self, query: &Query, sought: &Sought) -> anyhow::Result<Option<Scan>> {
        let photo = sought.photo.as_ref();
        let Some(fused) = self.fused().filter(|fused| photo.is_some() || fused.words_weight() > 0.0) else { return Ok(None) };
        fused.scan(photo, sought.text.as_ref().map(|meant| (query.text.as_str(), meant.vector.as_slice())))
    }

    fn sold(&self, hits: &[Hit], sought: &Sought, text: &str) -> Option<f32> {
        if let Some(photo) = &sought.photo {
            let (shelf, pictures) = (self.shelf(), self.pictures()?);
            let alike = |hit: &Hit| shelf.variants(&hit.item).filter_map(|v| pictures.likeness(photo, v.ord)).reduce(f32::max);
            return hits.iter().take(LOOKALIKES).filter_map(alike).reduce(f32::max).map(fuse::sold_as_shown);
        }
        let vector = &sought.text.as_ref()?.vector;
        let strength = |h: &&Hit| 0.5 * h.signals.coverage.title + 0.1 * h.signals.text.unwrap_or(0.0);
        let best = hits.iter().max_by(|a, b| strength(a).total_cmp(&strength(b)))?;
        // Across languages words do not meet and cosines mean less: nothing is claimed then.
        let asked = if is_chinese(text) { Lang::Zh } else { Lang::En };
        if !best.item.reads(asked) {
            return None;
        }
        Some(fuse::sold(best.signals.coverage.title, self.vectors().cosine(vector, best.item.group)?))
    }
}

/// "Like this, in blue" wants no other thing that is blue: the category of most products that look like the photo, whatever the filter.
fn kind_shown(shelf: &Shelf, scan: &Scan) -> Option<String> {
    let near = shelf.best_of_groups(&scan.nearest(DEPTH, |ord| shelf.item(ord).is_some()), LOOKALIKES);
    let mut counts: HashMap<&str, usize> = HashMap::new();
    near.iter().filter_map(|(ord, _)| shelf.item(*ord)).for_each(|item| *counts.entry(item.leaf()).or_default() += 1);
    let (kind, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    (count * 2 >= near.len() && !kind.is_empty()).then(|| kind.to_owned())
}

/// The products a filter lets through.
pub fn allowed(view: &View, shelf: &Shelf, filter: &Filter) -> anyhow::Result<Bitmap> {
    let mut allowed = filter.evaluate(shelf);
    for word in &filter.not_terms {
        for ord in view.containing(word)? {
            allowed.clear(ord as usize);
        }
    }
    Ok(allowed)
}

/// `worded`: what the learned embedding weighs for words, when there is no photo.
fn score(candidates: Vec<Candidate>, mass: f32, shown: bool, worded: f32, ranker: &Ranker) -> Vec<Hit> {
    let parts = match ranker {
        Ranker::Weights(weights) => weigh(&candidates, mass, shown, worded, weights),
        Ranker::Places => fuse::by_place(&candidates.iter().map(|c| c.signals).collect::<Vec<_>>()),
    };
    let hit = |(Candidate { item, signals }, parts): (Candidate, Parts)| Hit { score: parts.sum(), item, signals, parts };
    let mut hits: Vec<Hit> = candidates.into_iter().zip(parts).map(hit).collect();
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.item.ord.cmp(&b.item.ord)));
    hits
}

/// Every signal ranks something. What scores little beside the best is not what was looked for: it is neither listed nor counted.
fn cut(hits: &mut Vec<Hit>) {
    let floor = hits.first().map_or(0.0, |best| best.score * FLOOR);
    let near = hits.partition_point(|hit| hit.score >= floor);
    hits.truncate(near.max(KEPT));
}

/// Of the best score.
const FLOOR: f32 = 0.3;
/// So many are listed whatever they score.
const KEPT: usize = 10;

fn weigh(candidates: &[Candidate], mass: f32, shown: bool, worded: f32, weights: &Parts) -> Vec<Parts> {
    let best_in = |lang: Lang| {
        let titles = candidates.iter().filter(|c| c.item.reads(lang)).map(|c| c.signals.coverage.title);
        titles.fold(0.0, f32::max)
    };
    let best = [Lang::En, Lang::Zh].map(|lang| (lang, best_in(lang)));
    let parts = |Candidate { item, signals }: &Candidate| {
        let evidence = Evidence {
            words: signals.lexical.unwrap_or(0.0) / (fuse::FULL * mass.max(1e-6)),
            coverage: signals.coverage.whole,
            text: signals.text,
            image: signals.image.filter(|_| shown),
            described: signals.image.filter(|_| !shown),
            fused: signals.fused.filter(|_| shown),
            worded: signals.fused.filter(|_| !shown).map(|deviations| worded * deviations),
            details: usize::from(item.details),
            settled: best.iter().filter(|(lang, _)| item.reads(*lang)).map(|(_, title)| *title).fold(0.0, f32::max),
        };
        fuse::weigh(&evidence, weights)
    };
    candidates.iter().map(parts).collect()
}

/// The words chose a variant; when that one is sold out and a sibling is not, the sibling is shown.
fn prefer_stocked(shelf: &Shelf, allowed: &Bitmap, item: &Arc<Item>) -> Arc<Item> {
    match item.in_stock() {
        true => item.clone(),
        false => shelf.choose(item.group, allowed).unwrap_or_else(|| item.clone()),
    }
}
