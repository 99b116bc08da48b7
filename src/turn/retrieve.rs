//! An understood need in; fitting products out, and when nothing fits, which constraint is to blame.

use super::condition::{self, Condition};
use super::cue::{CUES, any, plain};
use super::ground::fact;
use super::kind::{Kind, Kinds};
use super::loosen::{Constraint, loosen};
use super::need::{Sought, sought};
use super::question::Preference;
use super::remedy::Remedy;
use super::suit::Wish;
use super::understand::{Bound, Filters, Intent, allergen_words, names_pet, synonyms_of};
use super::{Photo, Turn, label, options};
use crate::catalog::{department, leaf};
use crate::search::fuse::SOLD;
use crate::search::{Filter, Found, Hit, Query, Sort};
use std::time::Duration;

/// What was looked for and found.
#[derive(Clone, Debug, Default)]
pub struct Retrieved {
    pub hits: Vec<Hit>,
    /// What fits and was not shown: a better offer may be among it.
    pub rest: Vec<Hit>,
    pub total: usize,
    pub terms: String,
    pub filters: Filters,
    /// The constraint that had to be dropped to find anything.
    pub relaxed: Option<Constraint>,
    /// No page of the kind says that it has what the message asks for.
    pub unstated: bool,
    /// What the message wishes stands on no page: what comes nearest in meaning is first.
    pub by_meaning: bool,
    /// The sizes there are, where the one asked for had to be dropped.
    pub sizes: Vec<String>,
    /// False when the shop does not sell what was asked for, and these only come nearest.
    pub sold: bool,
    /// Whether this is another need than the last one.
    pub is_new: bool,
    /// Nothing in the message says what is looked for: no kind, no condition.
    pub unclear: bool,
}

/// Cards shown for one need.
pub const CARDS: usize = 6;
const CANDIDATES: usize = 40;
/// How long products found by words wait for the encoder when many shoppers ask at once; they then go out ranked by words alone.
const PATIENCE: Duration = Duration::from_millis(30);
const LONGEST_MEANING: usize = 120;
/// Products among which those that come near a wish are looked for, and how near, in standard deviations above the usual product.
const AMONG: usize = 200;
const NEAR_A_WISH: f32 = 0.8;
/// How far behind the nearest in meaning a product may be, in standard deviations.
const NEAR: f32 = 0.8;
/// Share of a need's words that must be found when meaning cannot be asked.
const ENOUGH_WORDS: f32 = 0.45;
/// Share of them with which a thing is taken for what was asked for.
const COVERED: f32 = 0.65;
const HINTED: f32 = 0.3;
/// Share of a message's words in a title, brand or category that makes it the thing's own name.
const CALLED: f32 = 0.75;
/// The probability from which a kind that nothing is called is sold all the same.
const UNCALLED: f32 = 0.995;
/// Products shown when the shop does not sell what was asked for.
pub(super) const NEAREST: usize = 3;

/// Looks for the need, and step by step without the constraint that leaves nothing.
///
/// # Errors
/// When the index fails.
pub(crate) async fn retrieve(turn: &Turn<'_>) -> anyhow::Result<Retrieved> {
    let mut sought = sought(turn);
    // An allergy is not over with the need it was told with.
    let told = turn.memory.filters.allergies.iter().filter(|a| !sought.filters.allergies.contains(a)).cloned().collect::<Vec<_>>();
    sought.filters.allergies.extend(told);
    if !condition::weigh(turn, &mut sought).await? {
        weigh_wishes(turn, &mut sought).await?;
    }
    propose(turn, &mut sought).await?;
    let sort = turn.understanding.sort.map(sort);
    let Sought { terms, filters, is_new, preference, unclear, granting, nearest, failing, unliked, unstated, .. } = sought;
    let own = &turn.understanding;
    let nothing_said = is_new && Kinds::of(&terms).is_empty() && own.filters == Filters::default() && own.recipient.is_none();
    let asks_for_goods = any(&plain(&turn.ask.text), &CUES.sells) || any(&plain(&turn.ask.text), &CUES.seeks);
    let nothing = Retrieved {
        unclear: unclear || (nothing_said && !asks_for_goods),
        by_meaning: !nearest.is_empty(),
        unstated,
        terms: terms.clone(),
        filters: filters.clone(),
        sold: true,
        is_new,
        ..Retrieved::default()
    };
    if unclear || unstated {
        return Ok(nothing);
    }
    let mut found = find(turn, &terms, &filters, sort).await?;
    if let Some(preference) = preference {
        found.hits = better(turn, found.hits, &preference).await?;
    }
    let unliked = Kinds::of(&unliked);
    found.hits.retain(|hit| !failing.contains(&hit.item.group) && !unliked.call(&hit.item));
    if sort.is_none() {
        // What has the latest wish goes first, and of that what can be had now.
        let lacks = |hit: &Hit| !granting.is_empty() && !granting.contains(&hit.item.group);
        let place = |hit: &Hit| nearest.iter().position(|group| *group == hit.item.group).unwrap_or(nearest.len());
        found.hits.sort_by_key(|hit| (lacks(hit), !hit.item.in_stock(), place(hit)));
    }
    if !found.hits.is_empty() {
        let sold = is_sold(turn, &found, &terms, &filters).await?;
        let keep = if sold { CARDS } else { NEAREST };
        let rest: Vec<Hit> = found.hits.split_off(keep.min(found.hits.len()));
        return Ok(Retrieved { total: found.hits.len() + rest.len(), hits: found.hits, rest, sold, ..nothing });
    }
    let end_of_list = turn.understanding.wants_more() || (bounds_by_screen(turn) && !is_new);
    if end_of_list {
        return Ok(Retrieved { filters: turn.memory.filters.clone(), ..nothing });
    }
    Ok(loosen(turn, &terms, &filters, sort).await?.map_or(nothing.clone(), |(found, relaxed)| Retrieved {
        total: found.hits.len(),
        sizes: options::sizes_of(turn, &found.hits),
        hits: found.hits,
        sold: relaxed.is_some(),
        relaxed,
        ..nothing
    }))
}

/// "Cheaper" and "dearer" without an amount ask for what lies beyond the screen.
fn bounds_by_screen(turn: &Turn<'_>) -> bool {
    let own = &turn.understanding;
    (own.wants_cheaper() && own.filters.price_max.is_none()) || (own.wants_dearer() && own.filters.price_min.is_none())
}

/// What a message adds to a need without naming a kind counts when a product of the kind has it. When none has, and something else
/// is called that, it is another need; when nothing is, the words were no wish.
async fn weigh_wishes(turn: &Turn<'_>, sought: &mut Sought) -> anyhow::Result<()> {
    let wishes = std::mem::take(&mut sought.wishes);
    if wishes.trim().is_empty() || sought.preference.is_some() {
        return Ok(());
    }
    let query = Query { text: wishes.clone(), limit: AMONG, patience: Some(PATIENCE), ..Query::default() };
    let found = turn.rooms.search.find(query).await?;
    let kinds = Kinds::of(&sought.terms);
    let has = |h: &Hit| h.signals.coverage.whole >= ENOUGH_WORDS;
    let granting: Vec<u32> =
        found.hits.iter().filter(|h| has(h) && (kinds.is_empty() || kinds.call(&h.item))).map(|h| h.item.group).collect();
    if !granting.is_empty() {
        sought.granting = granting;
        sought.terms = format!("{} {wishes}", sought.terms);
        return Ok(());
    }
    let called = found.hits.iter().any(|h| h.signals.coverage.title >= CALLED);
    let meant = found.sold.is_some_and(|sold| sold >= SOLD) && turn.understanding.filters == Filters::default();
    let says_more = turn.understanding.filters != Filters::default() || !turn.understanding.released.is_empty();
    if Condition::of(&turn.ask.text).is_some() {
        // "Any vegan ones?", of snacks: none says so, and a cream that is vegan is no snack.
        sought.unstated = true;
    } else if called || meant {
        *sought = Sought { terms: wishes, filters: turn.understanding.filters.clone(), is_new: true, ..Sought::default() };
    } else if any(&plain(&turn.ask.text), &CUES.sells) {
        sought.unclear = true;
    } else if !says_more {
        let of_kind = |h: &&Hit| kinds.is_empty() || kinds.call(&h.item);
        let mut near: Vec<&Hit> = found.hits.iter().filter(of_kind).filter(|h| h.signals.text.is_some_and(|s| s >= NEAR_A_WISH)).collect();
        near.sort_by(|a, b| b.signals.text.unwrap_or_default().total_cmp(&a.signals.text.unwrap_or_default()));
        sought.nearest = near.into_iter().map(|h| h.item.group).collect();
        sought.unclear = sought.nearest.is_empty();
    }
    Ok(())
}

/// A present without a kind is looked for among what is given; unless what was said is the name of a thing: pineapple tarts.
async fn propose(turn: &Turn<'_>, sought: &mut Sought) -> anyhow::Result<()> {
    let presents = std::mem::take(&mut sought.presents);
    if presents.is_empty() {
        return Ok(());
    }
    let query = Query { text: sought.terms.clone(), lexical_only: true, limit: 1, ..Query::default() };
    let named = !sought.terms.is_empty()
        && turn.rooms.search.find(query).await?.hits.first().is_some_and(|hit| hit.signals.coverage.title >= HINTED);
    if !named {
        sought.terms = [sought.terms.trim(), &presents].join(" ").trim().to_owned();
    }
    Ok(())
}

/// Those with less (or more) of what the preference measures than what was shown first, the least first.
async fn better(turn: &Turn<'_>, hits: Vec<Hit>, preference: &Preference) -> anyhow::Result<Vec<Hit>> {
    let before = match turn.memory.focus.as_ref().or(turn.memory.shown.first()) {
        Some(id) => turn.rooms.store.product(id).await?.and_then(|s| preference.measure(&fact(&s.product, s.revision, turn.lang))),
        None => None,
    };
    let mut measured: Vec<(f64, Hit)> = Vec::new();
    for hit in &hits {
        let stored = turn.rooms.store.product(&hit.item.id).await?;
        let value = stored.and_then(|s| preference.measure(&fact(&s.product, s.revision, turn.lang)));
        measured.extend(value.map(|value| (value, hit.clone())));
    }
    measured.retain(|(value, _)| before.is_none_or(|b| if preference.less { *value < b } else { *value > b }));
    measured.sort_by(|(a, _), (b, _)| if preference.less { a.total_cmp(b) } else { b.total_cmp(a) });
    Ok(if measured.is_empty() { hits } else { measured.into_iter().map(|(_, hit)| hit).collect() })
}

/// Whether the shop sells the kind of thing asked for. What a filter has left says nothing about the kind, so it is asked without one.
pub(super) async fn is_sold(turn: &Turn<'_>, found: &Found, terms: &str, filters: &Filters) -> anyhow::Result<bool> {
    // Without meaning, words alone tell: most of them must stand on the page of the best.
    let several = terms.split_whitespace().count() > 1 || terms.chars().filter(|c| !c.is_ascii()).count() > 3;
    let covered = |found: &Found| {
        found
            .hits
            .first()
            .map(|h| h.signals.coverage)
            .is_none_or(|c| c.title >= CALLED || (several && c.title >= HINTED && c.whole >= COVERED))
    };
    // A kind that nothing found is called, nor is a sort of (茉莉花茶 of 茶), is sold only where there is hardly a doubt.
    let kinds = Kinds::of(terms);
    let is_sort = |hit: &Hit| kinds.said.iter().any(|said| !said.is_ascii() && said.ends_with(leaf(&hit.item.category_zh)));
    let called = |found: &Found| kinds.is_empty() || found.hits.iter().any(|hit| kinds.call(&hit.item) || is_sort(hit));
    let doubtful = |found: &Found| found.sold.map_or(!covered(found), |sold| sold < if called(found) { SOLD } else { UNCALLED });
    let shown = matches!(turn.ask.photo, Photo::Seen(_));
    // A present for somebody is no kind of thing.
    let for_somebody = turn.understanding.recipient.is_some()
        && turn.understanding.intent == Intent::Gift
        && Kinds::of(&turn.understanding.terms).is_empty();
    if !doubtful(found) || (terms.trim().is_empty() && !shown) || for_somebody {
        return Ok(true);
    }
    Ok(filter(filters) != Filter::default() && !doubtful(&look(turn, terms, Filter::default(), None).await?))
}

/// What fits. When every biscuit has nuts, a power bank called Biscuit is no answer, nor is a backpack to whoever wants a bottle of
/// five litres: what an allergy or a limit leaves must be of the department where the best stands without it.
pub(super) async fn find(turn: &Turn<'_>, terms: &str, filters: &Filters, sort: Option<Sort>) -> anyhow::Result<Found> {
    let mut found = look(turn, terms, filter(filters), sort).await?;
    let limited = !filters.allergies.is_empty() || filters.quantities.iter().any(|q| q.bound != Bound::Exact);
    let kinds = Kinds::of(terms);
    if !kinds.is_empty() && !found.hits.is_empty() && !found.hits.iter().any(|h| kinds.classify(&h.item)) {
        // A laptop sleeve is left of the black ones: laptops there are, but none in black.
        let open = look(turn, terms, Filter::default(), None).await?;
        let is_elsewhere = |kind: &Kind| open.hits.iter().any(|h| kind.classifies(&h.item));
        if kinds.each.iter().any(is_elsewhere) {
            found.hits.retain(|h| kinds.each.iter().any(|kind| kind.calls(&h.item) && !is_elsewhere(kind)));
        }
    }
    if limited && !found.hits.is_empty() {
        let open = Filters { allergies: Vec::new(), quantities: Vec::new(), ..filters.clone() };
        if let Some(best) = look(turn, terms, filter(&open), None).await?.hits.first() {
            found.hits.retain(|hit| department(&hit.item.category) == department(&best.item.category));
        }
    }
    label::spare(turn, &mut found, terms, filters, sort).await?;
    options::take_wanted_sizes(turn, &mut found.hits, filters);
    Ok(found)
}

pub(super) async fn look(turn: &Turn<'_>, terms: &str, filter: Filter, sort: Option<Sort>) -> anyhow::Result<Found> {
    if let Some(remedy) = turn.remedy.as_ref().filter(|_| terms == turn.understanding.terms) {
        let query = Query { sort, patience: Some(PATIENCE), ..remedy.query(filter) };
        let mut found = turn.rooms.search.find(query).await?;
        let (hits, best) = remedy.choose(found.hits);
        found.sold = if Remedy::is_sure(best) { Some(1.0) } else { found.sold };
        found.hits = hits.into_iter().filter(|hit| turn.may_show(&hit.item)).take(CANDIDATES).collect();
        return Ok(suitable(turn, found, terms));
    }
    let meaning = turn.understanding.recipient.as_ref().map(|_| turn.ask.text.chars().take(LONGEST_MEANING).collect());
    let narrowed = !filter.is_empty();
    let photo = match &turn.ask.photo {
        Photo::Seen(photo) if turn.rooms.search.eyes().is_some() => Some(photo.clone()),
        _ => None,
    };
    let said = (terms == turn.understanding.terms).then(|| turn.ask.text.clone());
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
    found.hits.retain(|hit| turn.may_show(&hit.item));
    let kinds = Kinds::of(terms);
    let heads = kinds.heads();
    // A laptop backpack where nothing is called so: a backpack, sold where its page has the other words too.
    let by_head = !narrowed && !heads.is_empty() && !found.hits.iter().any(|hit| kinds.call(&hit.item));
    let (met, hits) = of_kind(found.hits, if by_head { &heads } else { &kinds }, narrowed);
    let has_the_rest = |hit: &Hit| hit.signals.coverage.whole >= COVERED;
    if met && !hits.is_empty() && (!by_head || hits.iter().any(has_the_rest)) {
        // Something is called what was asked for.
        found.sold = Some(1.0);
    }
    found.hits = fitting(hits, met, sort.is_some(), shown);
    Ok(suitable(turn, found, terms))
}

/// Of what was found what suits whoever it is for, and was not shown already where more is asked for.
fn suitable(turn: &Turn<'_>, mut found: Found, terms: &str) -> Found {
    // A toy for a child is none for a cat.
    let animal = turn.understanding.told.pet || names_pet(terms) || names_pet(&turn.memory.terms);
    let of_pets = |hit: &Hit| names_pet(&hit.item.category);
    let for_it = turn.understanding.told.pet && turn.remedy.is_none();
    if found.hits.iter().any(|hit| !of_pets(hit)) && !animal {
        found.hits.retain(|hit| !of_pets(hit));
    } else if for_it && found.hits.iter().any(of_pets) {
        found.hits.retain(of_pets);
    }
    let wish = Wish::of(terms, &turn.understanding);
    if found.hits.iter().any(|hit| wish.is_met(&hit.item)) {
        found.hits.retain(|hit| wish.is_met(&hit.item));
    }
    if turn.understanding.wants_more() {
        let shelf = turn.rooms.search.shelf();
        let seen: Vec<u32> = turn.memory.seen.iter().filter_map(|id| shelf.get(id)).map(|item| item.group).collect();
        found.hits.retain(|hit| !seen.contains(&hit.item.group));
    }
    found
}

/// When the need names a kind of product ("hiking boots") and something on the shelf is called that, only such products fit:
/// chopsticks are non-slip too. When a filter has left none of the kind, nothing fits, and the filter is to blame. True when the kind
/// was met.
fn of_kind(hits: Vec<Hit>, kinds: &Kinds, narrowed: bool) -> (bool, Vec<Hit>) {
    if kinds.is_empty() || (!narrowed && !hits.iter().any(|h| kinds.call(&h.item))) {
        return (false, hits);
    }
    // Tea in bags is no bag where there are bags; but pour-over coffee beans are coffee beans where there are pour-over kettles.
    let classes_of = |kind| hits.iter().filter(|h| Kind::classifies(kind, &h.item)).map(|h| department(&h.item.category)).collect();
    let classes: Vec<(&Kind, Vec<&str>)> = kinds.each.iter().map(|kind| (kind, classes_of(kind))).collect();
    let is_one = |h: &Hit| {
        let of_class = |classes: &[&str]| classes.is_empty() || classes.contains(&department(&h.item.category));
        classes.iter().any(|(kind, classes)| kind.calls(&h.item) && of_class(classes))
    };
    (true, hits.iter().filter(|h| is_one(h)).cloned().collect())
}

/// Keeps what stands near the best: products far below the best in words and unknown to it in meaning only distract.
fn fitting(hits: Vec<Hit>, kind_is_met: bool, sorted: bool, shown: bool) -> Vec<Hit> {
    let best_words = hits.iter().filter_map(|h| h.signals.lexical).fold(0.0, f32::max);
    let best_text = hits.iter().filter_map(|h| h.signals.text).fold(0.0, f32::max);
    let best_image = hits.iter().filter_map(|h| h.signals.image).fold(0.0, f32::max);
    let best_fused = hits.iter().filter_map(|h| h.signals.fused).fold(0.0, f32::max);
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
        // In the learned embedding too, where no photo has been shown.
        let fused = !shown && h.signals.fused.is_some_and(|s| s >= best_fused - NEAR);
        words || text || image || fused || [h.signals.lexical, h.signals.text, h.signals.image].iter().all(Option::is_none)
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
        materials: filters.materials.clone(),
        sizes: filters.sizes.clone(),
        gender: filters.gender.clone(),
        age_group: filters.age_group.clone(),
        in_stock: filters.in_stock,
        on_sale: filters.on_sale,
        quantities: filters.quantities.clone(),
        not_terms: {
            let unsafe_words = filters.allergies.iter().flat_map(|a| allergen_words(a)).map(str::to_owned);
            // "No wool" means no cashmere either, in whatever language its page is.
            let refused = filters.not_terms.iter().flat_map(|w| std::iter::once(w.as_str()).chain(synonyms_of(w))).map(str::to_owned);
            refused.chain(unsafe_words).collect()
        },
        // Chosen from menus only.
        category: None,
        person: None,
        attributes: Default::default(),
    }
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
