//! An understood need in; fitting products out, and when nothing fits, which constraint is to blame.

use super::understand::{Bound, Filters, allergen_words, lexicon};
use super::{Photo, Turn};
use crate::catalog::department;
use crate::search::fuse::SOLD;
use crate::search::{Filter, Found, Hit, Query, Sort};
use serde::Serialize;
use std::time::Duration;

/// What was looked for and found.
#[derive(Clone, Debug)]
pub struct Retrieved {
    pub hits: Vec<Hit>,
    pub total: usize,
    pub terms: String,
    pub filters: Filters,
    /// The constraint that had to be dropped to find anything.
    pub relaxed: Option<Constraint>,
    /// False when the shop does not sell what was asked for, and these only come nearest.
    pub sold: bool,
    /// Whether this is another need than the last one.
    pub is_new: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Constraint {
    Price,
    Color,
    Size,
    Measure,
    Brand,
    Gender,
    Stock,
    Excluded,
    /// No single one: without all of them something was found.
    Several,
}

/// In this order one after the other is tried without: who it is for matters least, what is ruled out most.
const LOOSENED: [Constraint; 9] = [
    Constraint::Gender,
    Constraint::Price,
    Constraint::Measure,
    Constraint::Size,
    Constraint::Color,
    Constraint::Brand,
    Constraint::Stock,
    Constraint::Excluded,
    Constraint::Several,
];

/// Cards shown for one need.
pub const CARDS: usize = 6;
const CANDIDATES: usize = 40;
/// How long products found by words wait for the encoder when many shoppers ask at once; they then go out ranked by words alone.
const PATIENCE: Duration = Duration::from_millis(30);
const LONGEST_MEANING: usize = 120;
/// How far behind the nearest in meaning a product may be, in standard deviations.
const NEAR: f32 = 0.8;
/// Share of a need's words that must be found when meaning cannot be asked.
const ENOUGH_WORDS: f32 = 0.45;
/// Products shown when the shop does not sell what was asked for.
const NEAREST: usize = 3;

/// Looks for the need, and step by step without the constraint that leaves nothing.
///
/// # Errors
/// When the index fails.
pub(crate) async fn retrieve(turn: &Turn<'_>) -> anyhow::Result<Retrieved> {
    let (terms, mut filters, is_new) = need(turn);
    // An allergy is not over with the need it was told with.
    let told = turn.memory.filters.allergies.iter().filter(|a| !filters.allergies.contains(a)).cloned().collect::<Vec<_>>();
    filters.allergies.extend(told);
    let sort = turn.understanding.sort.map(sort);
    let found = find(turn, &terms, &filters, sort).await?;
    if !found.hits.is_empty() {
        let sold = is_sold(turn, &found, &terms, &filters).await?;
        let hits = if sold { found.hits } else { found.hits.into_iter().take(NEAREST).collect() };
        return Ok(Retrieved { total: found.total, hits, terms, filters, relaxed: None, sold, is_new });
    }
    if turn.understanding.continues()
        && !turn.memory.terms.is_empty()
        && (turn.understanding.wants_cheaper() || turn.understanding.wants_dearer() || turn.understanding.wants_more())
    {
        return Ok(Retrieved { hits: Vec::new(), total: 0, terms, filters: turn.memory.filters.clone(), relaxed: None, sold: true, is_new });
    }
    for constraint in LOOSENED {
        let Some(looser) = without(&filters, constraint) else { continue };
        let order = match constraint {
            Constraint::Price if filters.price_max.is_some() => Some(Sort::Cheapest),
            Constraint::Price => Some(Sort::Dearest),
            _ => sort,
        };
        // What others make may still say that it is for the brand.
        let sought = if constraint == Constraint::Brand { format!("{} {terms}", filters.brands.join(" ")) } else { terms.clone() };
        let found = find(turn, &sought, &looser, order).await?;
        if !found.hits.is_empty() {
            return Ok(Retrieved { total: found.total, hits: found.hits, terms, filters, relaxed: Some(constraint), sold: true, is_new });
        }
    }
    Ok(Retrieved { hits: Vec::new(), total: 0, terms, filters, relaxed: None, sold: true, is_new })
}

/// Whether the shop sells the kind of thing asked for. What a filter has left says nothing about the kind, so it is asked without one.
async fn is_sold(turn: &Turn<'_>, found: &Found, terms: &str, filters: &Filters) -> anyhow::Result<bool> {
    let doubtful = |found: &Found| found.sold.is_some_and(|sold| sold < SOLD);
    let shown = matches!(turn.ask.photo, Photo::Seen(_));
    // A present for somebody is no kind of thing.
    if !doubtful(found) || (terms.trim().is_empty() && !shown) || turn.understanding.recipient.is_some() {
        return Ok(true);
    }
    Ok(filter(filters) != Filter::default() && !doubtful(&look(turn, terms, Filter::default(), None).await?))
}

/// This message's need; a refinement ("cheaper", "in red") continues the last one.
fn need(turn: &Turn<'_>) -> (String, Filters, bool) {
    let (own, memory) = (&turn.understanding, &turn.memory);
    if matches!(turn.ask.photo, Photo::Seen(_)) {
        return (own.terms.clone(), own.filters.clone(), true);
    }
    if !own.continues() || memory.terms.is_empty() {
        let terms = if own.terms.trim().is_empty() && own.filters == Filters::default() && own.sort.is_none() {
            turn.ask.text.clone()
        } else {
            own.terms.clone()
        };
        return (terms, own.filters.clone(), true);
    }
    let mut filters = merged(&memory.filters, &own.filters);
    let prices: Vec<i64> = {
        let shelf = turn.rooms.search.shelf();
        memory.shown.iter().filter_map(|id| shelf.get(id)).filter_map(|i| i.minor).collect()
    };
    if own.wants_cheaper() && own.filters.price_max.is_none() {
        filters.price_max = prices.first().map(|p| p - 1).or(filters.price_max);
        filters.price_min = None;
    }
    if own.wants_dearer() && own.filters.price_min.is_none() {
        filters.price_min = prices.first().map(|p| p + 1);
        filters.price_max = None;
    }
    (memory.terms.clone(), filters, false)
}

/// The newer word wins, field by field.
fn merged(old: &Filters, new: &Filters) -> Filters {
    let list = |old: &Vec<String>, new: &Vec<String>| if new.is_empty() { old.clone() } else { new.clone() };
    let price_named = new.price_min.is_some() || new.price_max.is_some();
    let mut colors = list(&old.colors, &new.colors);
    colors.retain(|c| !new.not_colors.contains(c));
    Filters {
        price_min: if price_named { new.price_min } else { old.price_min },
        price_max: if price_named { new.price_max } else { old.price_max },
        price_about: new.price_about.or(old.price_about),
        currency: new.currency.clone().or_else(|| old.currency.clone()),
        colors,
        not_colors: list(&old.not_colors, &new.not_colors),
        sizes: list(&old.sizes, &new.sizes),
        brands: list(&old.brands, &new.brands),
        gender: new.gender.clone().or_else(|| old.gender.clone()),
        age_group: new.age_group.clone().or_else(|| old.age_group.clone()),
        not_terms: [old.not_terms.clone(), new.not_terms.clone()].concat(),
        allergies: new.allergies.clone(),
        quantities: if new.quantities.is_empty() { old.quantities.clone() } else { new.quantities.clone() },
        in_stock: old.in_stock || new.in_stock,
    }
}

/// What fits. When every biscuit has nuts, a power bank called Biscuit is no answer, nor is a backpack to whoever wants a bottle of
/// five litres: what an allergy or a limit leaves must be of the department where the best stands without it.
async fn find(turn: &Turn<'_>, terms: &str, filters: &Filters, sort: Option<Sort>) -> anyhow::Result<Found> {
    let mut found = look(turn, terms, filter(filters), sort).await?;
    let limited = !filters.allergies.is_empty() || filters.quantities.iter().any(|q| q.bound != Bound::Exact);
    if limited && !found.hits.is_empty() {
        let open = Filters { allergies: Vec::new(), quantities: Vec::new(), ..filters.clone() };
        if let Some(best) = look(turn, terms, filter(&open), None).await?.hits.first() {
            found.hits.retain(|hit| department(&hit.item.category) == department(&best.item.category));
        }
    }
    Ok(found)
}

async fn look(turn: &Turn<'_>, terms: &str, filter: Filter, sort: Option<Sort>) -> anyhow::Result<Found> {
    let meaning = turn.understanding.recipient.as_ref().map(|_| turn.ask.text.chars().take(LONGEST_MEANING).collect());
    let narrowed = !filter.is_empty();
    let photo = match &turn.ask.photo {
        Photo::Seen(photo) if turn.rooms.search.eyes().is_some() => Some(photo.clone()),
        _ => None,
    };
    let said = (!turn.understanding.continues()).then(|| turn.ask.text.clone());
    let shown = photo.is_some();
    let query = Query {
        text: terms.to_owned(),
        said,
        meaning,
        filter,
        sort,
        photo,
        patience: Some(PATIENCE),
        limit: CANDIDATES,
        ..Query::default()
    };
    let mut found = turn.rooms.search.find(query).await?;
    let (kinds, hits) = of_kind(found.hits, terms, narrowed);
    if kinds == Kinds::Met && !hits.is_empty() {
        // Something is called what was asked for.
        found.sold = None;
    }
    found.hits = fitting(hits, kinds == Kinds::Met, sort.is_some(), shown);
    if turn.understanding.wants_more() {
        let shelf = turn.rooms.search.shelf();
        let seen: Vec<u32> = turn.memory.seen.iter().filter_map(|id| shelf.get(id)).map(|item| item.group).collect();
        found.hits.retain(|hit| !seen.contains(&hit.item.group));
    }
    found.hits.truncate(CARDS);
    Ok(found)
}

/// When the need names a kind of product ("hiking boots") and something on the shelf is called that, only such products fit:
/// chopsticks are non-slip too. When a filter has left none of the kind, nothing fits, and the filter is to blame.
fn of_kind(hits: Vec<Hit>, terms: &str, narrowed: bool) -> (Kinds, Vec<Hit>) {
    let mut kinds: Vec<String> = Vec::new();
    let (terms, _) = lexicon::purpose(terms);
    for expansion in lexicon::expansions(terms).into_iter().filter(|e| e.kind) {
        kinds.extend(terms.get(expansion.span.0..expansion.span.1).map(str::to_lowercase));
        kinds.extend(expansion.alternatives.iter().map(|a| a.to_lowercase()));
    }
    let called = |h: &Hit| {
        let item = &h.item;
        let name = [&*item.title, &*item.title_zh, &*item.category, &*item.category_zh].join(" | ").to_lowercase();
        kinds.iter().any(|kind| names(&name, kind))
    };
    if kinds.is_empty() || (!narrowed && !hits.iter().any(called)) {
        return (Kinds::Open, hits);
    }
    (Kinds::Met, hits.into_iter().filter(called).collect())
}

/// Whether products of the kind that was named were found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kinds {
    Met,
    /// No kind was named, or nothing is called that.
    Open,
}

/// Whether a lower-case name contains a kind word: Chinese anywhere, English as whole words, singular or plural.
fn names(name: &str, kind: &str) -> bool {
    if !kind.is_ascii() {
        return name.contains(kind);
    }
    let stem = |word: &str| word.trim_end_matches('s').to_owned();
    let words: Vec<String> = name.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(stem).collect();
    let wanted: Vec<String> = kind.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(stem).collect();
    !wanted.is_empty() && words.windows(wanted.len()).any(|w| w == wanted)
}

/// Keeps what stands near the best: products far below the best in words and unknown to it in meaning only distract.
fn fitting(hits: Vec<Hit>, kind_is_met: bool, sorted: bool, shown: bool) -> Vec<Hit> {
    let best_words = hits.iter().filter_map(|h| h.signals.lexical).fold(0.0, f32::max);
    let best_text = hits.iter().filter_map(|h| h.signals.text).fold(0.0, f32::max);
    let best_image = hits.iter().filter_map(|h| h.signals.image).fold(0.0, f32::max);
    let best_cover = hits.iter().map(|h| h.signals.coverage.whole).fold(0.0, f32::max);
    // Words alone, and hardly any of them: single characters that many a product has.
    if !kind_is_met && best_text == 0.0 && best_words > 0.0 && best_cover < ENOUGH_WORDS {
        return Vec::new();
    }
    let near = |h: &Hit| {
        let words = h.signals.lexical.is_some_and(|s| s >= best_words * 0.3) && h.signals.coverage.whole >= best_cover * 0.5;
        let text = h.signals.text.is_some_and(|s| s >= best_text - NEAR);
        // Whatever a photo has brought up; words describe pictures as loosely as they mean texts.
        let image = h.signals.image.is_some_and(|s| shown || s >= best_image - NEAR);
        words || text || image || [h.signals.lexical, h.signals.text, h.signals.image].iter().all(Option::is_none)
    };
    if sorted { hits } else { hits.into_iter().filter(near).collect() }
}

pub(super) fn filter(filters: &Filters) -> Filter {
    Filter {
        price_min: filters.price_min,
        price_max: filters.price_max,
        brands: filters.brands.clone(),
        colors: filters.colors.clone(),
        not_colors: filters.not_colors.clone(),
        sizes: filters.sizes.clone(),
        category: None,
        gender: filters.gender.clone(),
        age_group: filters.age_group.clone(),
        in_stock: filters.in_stock,
        quantities: filters.quantities.clone(),
        not_terms: {
            let unsafe_words = filters.allergies.iter().flat_map(|a| allergen_words(a)).map(str::to_owned);
            filters.not_terms.iter().cloned().chain(unsafe_words).collect()
        },
    }
}

fn without(filters: &Filters, constraint: Constraint) -> Option<Filters> {
    let mut looser = filters.clone();
    match constraint {
        Constraint::Gender => (looser.gender, looser.age_group) = (None, None),
        Constraint::Price => (looser.price_min, looser.price_max) = (None, None),
        Constraint::Color => looser.colors.clear(),
        Constraint::Size => looser.sizes.clear(),
        Constraint::Brand => looser.brands.clear(),
        Constraint::Measure => looser.quantities.clear(),
        Constraint::Stock => looser.in_stock = false,
        Constraint::Excluded => {
            looser.not_terms.clear();
            looser.not_colors.clear();
        }
        Constraint::Several => {
            let kept = filters.clone();
            looser = Filters { not_terms: kept.not_terms, not_colors: kept.not_colors, allergies: kept.allergies, ..Filters::default() };
        }
    }
    (looser != *filters).then_some(looser)
}

pub(super) fn sort(sort: super::understand::Sort) -> Sort {
    use super::understand::Sort as Said;
    match sort {
        Said::Cheapest => Sort::Cheapest,
        Said::Dearest => Sort::Dearest,
        Said::Newest => Sort::Newest,
        Said::BestRated => Sort::BestRated,
    }
}
