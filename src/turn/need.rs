//! A message and the need so far in; the need now out: continued, changed, taken up again, or another one.

use super::beside::Interest;
use super::condition::Condition;
use super::kind::Kinds;
use super::memory::Need;
use super::question::Preference;
use super::retrieve::Retrieved;
use super::understand::lexicon::{self, parse};
use super::understand::{Bound, Filters, Intent, Reference, Slot, is_pet, only_materials, without_materials};
use super::{Photo, Turn};
use crate::catalog::{Lang, leaf};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What to look for.
#[derive(Clone, Debug, Default)]
pub(super) struct Sought {
    pub terms: String,
    /// Words of this message that only some products of the kind may have: they are tried, and given up when none has them.
    pub wishes: String,
    /// Groups of the products that have what this message wishes.
    pub granting: Vec<u32>,
    /// Groups by how near they come to the wish in meaning, where no page has its words.
    pub nearest: Vec<u32>,
    /// Kinds that whoever it is for has no use for.
    pub unliked: String,
    /// Groups of those whose pages do not say that they have it.
    pub failing: Vec<u32>,
    pub filters: Filters,
    /// Whether it is another need than the last one.
    pub is_new: bool,
    /// What may be given, when no kind is named.
    pub presents: String,
    /// What the message adds to the need stands on no page: it was not understood.
    pub unclear: bool,
    /// No page of the kind says that it has what the message asks for.
    pub unstated: bool,
    /// "Lighter": fewer of a measure than what was shown.
    pub preference: Option<Preference>,
}

/// Kinds in one need from which it is a list of presents.
const PRESENTS: usize = 3;

/// This message's need; one that names no kind of its own ("cheaper", "in red", "for my dad", "something lighter") continues the last.
pub(super) fn sought(turn: &Turn<'_>) -> Sought {
    let (own, memory) = (&turn.understanding, &turn.memory);
    let new = |terms: String| Sought { terms, filters: own.filters.clone(), is_new: true, ..Sought::default() };
    if matches!(turn.ask.photo, Photo::Seen(_)) {
        return new(own.terms.clone());
    }
    let named = Kinds::of(&own.terms);
    // "Any vegan ones", 全素的有吗: what they must be, and no other kind.
    let text = super::cue::plain(&turn.ask.text);
    let of_these = [" one ", " ones ", "的 ", "的有", "的吗"].iter().any(|words| text.contains(words));
    let only_condition =
        of_these && Condition::of(&turn.ask.text).is_some_and(|condition| named.said.iter().all(|word| condition.is_called(word)));
    let kinds = if only_condition { Kinds::of("") } else { named };
    if own.reference == Some(Reference::Earlier { one: false })
        && let Some(past) = taken_up(&memory.past, &kinds, wants_first(&turn.ask.text))
    {
        return Sought { terms: past.terms.clone(), filters: merged(&past.filters, &own.filters), is_new: true, ..Sought::default() };
    }
    // "She loves cooking", of somebody who is to be given something.
    let gives = own.intent == Intent::Gift || own.recipient.is_some() || Kinds::of(&memory.terms).said.len() > PRESENTS;
    if kinds.is_empty()
        && gives
        && let Some(Interest { with, liked }) = super::beside::interest(&turn.ask.text)
    {
        if !liked {
            let filters = merged(&memory.filters, &own.filters);
            return Sought { terms: memory.terms.clone(), filters, unliked: with.join(" "), ..Sought::default() };
        }
        let mut filters = merged(&memory.filters, &own.filters);
        // "About a hundred" is what a present may cost, not what it must.
        filters.price_min = filters.price_min.filter(|_| filters.price_about.is_none());
        return Sought { filters, ..new(with.join(" ")) };
    }
    let same_kind = !kinds.is_empty() && kinds.overlap(&Kinds::of(&memory.terms));
    // "Something cheaper" than the one product talked of: another of its kind.
    let compares = own.wants_cheaper() || own.wants_dearer() || own.wants_more() || turn.preference().is_some();
    if memory.terms.is_empty()
        && kinds.is_empty()
        && compares
        && let Some(hand) = turn.at_hand()
    {
        let terms = leaf(hand.category(turn.lang)).to_owned();
        let mut filters = own.filters.clone();
        bound_price(turn, &mut filters);
        return Sought { terms, filters, is_new: true, preference: turn.preference(), ..Sought::default() };
    }
    if memory.terms.is_empty() || starts_anew(turn, &kinds, same_kind) {
        let nothing_read = own.terms.trim().is_empty() && own.filters == Filters::default() && own.sort.is_none();
        let terms = if nothing_read { turn.ask.text.clone() } else { own.terms.clone() };
        let mut sought = new(terms);
        let celebrates = own.recipient.as_ref().is_some_and(|r| r.who.is_some() && r.occasion.is_some());
        let for_somebody = own.recipient.is_some() && (own.terms.trim().is_empty() || celebrates) && own.sort.is_none();
        if kinds.is_empty() && (own.intent == Intent::Gift || for_somebody) {
            sought.presents = presents(turn);
        }
        // Until a kind is named, who it is for and what it may cost are the beginnings of a need.
        if memory.terms.is_empty() {
            sought.filters = merged(&memory.filters, &own.filters);
        }
        // "And boots": for whom the coat was.
        let nobody = own.recipient.is_none() && (&own.filters.gender, &own.filters.age_group) == (&None, &None);
        if own.recipient.is_none() && (goes_on(&turn.ask.text) || (nobody && is_worn(&own.terms) && is_worn(&memory.terms))) {
            sought.filters.gender = own.filters.gender.clone().or_else(|| memory.filters.gender.clone());
            sought.filters.age_group = own.filters.age_group.clone().or_else(|| memory.filters.age_group.clone());
        }
        seat(&mut sought.filters);
        return sought;
    }
    let mut filters = merged(&memory.filters, &own.filters);
    seat(&mut filters);
    own.released.iter().for_each(|slot| release(&mut filters, *slot));
    bound_price(turn, &mut filters);
    // What was said before is no new wish.
    let one_character = |word: &str| word.chars().count() == 1 && !word.is_ascii();
    let news = |word: &&str| !one_character(word) && !memory.terms.to_lowercase().contains(&word.to_lowercase());
    let wished = if own.filters.materials.is_empty() { own.terms.clone() } else { without_materials(&own.terms) };
    let wishes = if same_kind { String::new() } else { wished.split_whitespace().filter(news).collect::<Vec<_>>().join(" ") };
    let mut terms = if same_kind { own.terms.clone() } else { memory.terms.clone() };
    // «In canvas» after leather boots: canvas boots.
    if !same_kind && !own.filters.materials.is_empty() {
        terms = [without_materials(&terms), only_materials(&own.terms)].join(" ").trim().to_owned();
    }
    if own.released.contains(&Slot::Material) {
        terms = without_materials(&terms);
    }
    // Of many kinds of present one is chosen: what colour the others were to have is over.
    if same_kind && Kinds::of(&memory.terms).said.len() > kinds.said.len() + 1 {
        (filters.colors, filters.sizes) = (own.filters.colors.clone(), own.filters.sizes.clone());
    }
    Sought { terms, wishes, filters, preference: turn.preference(), ..Sought::default() }
}

/// What is looked for when somebody is to be given something, and no kind is named.
fn presents(turn: &Turn<'_>) -> String {
    static PRESENTS: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| parse(include_str!("../../assets/lexicon/gifts.toml")));
    let recipient = turn.understanding.recipient.clone().unwrap_or_default();
    let age = recipient.age_group.clone().filter(|age| age != "adult");
    let keys = [recipient.occasion, age, recipient.who, Some("anybody".to_owned())];
    keys.iter().flatten().find_map(|key| PRESENTS.get(key)).map_or_else(String::new, |words| words.join(" "))
}

/// The need so far for the model: what was said before in a few words, then this message. A list of presents says nothing.
pub(super) fn in_words(turn: &Turn<'_>, found: &Retrieved) -> String {
    const FEW: usize = 3;
    let before = found.terms.trim();
    if found.is_new || before.is_empty() || Kinds::of(before).said.len() > FEW || before == turn.understanding.terms {
        return turn.ask.text.clone();
    }
    match turn.lang {
        Lang::Zh => format!("{before}；{}", turn.ask.text),
        Lang::En => format!("{before}; {}", turn.ask.text),
    }
}

/// Whether a message begins another need: it names another kind, or an occasion to give something.
fn starts_anew(turn: &Turn<'_>, kinds: &Kinds, same_kind: bool) -> bool {
    let own = &turn.understanding;
    let occasion = own.recipient.as_ref().is_some_and(|r| r.occasion.is_some());
    let said_before = turn.memory.filters.age_group.is_some() || turn.memory.filters.gender.is_some();
    let (age, age_before) = (&own.filters.age_group, &turn.memory.filters.age_group);
    let other_age = age.is_some() && age_before.is_some() && age != age_before;
    let other_person = own.intent == Intent::Gift
        && (occasion || (other_age && kinds.is_empty()))
        && (said_before || !Kinds::of(&turn.memory.terms).is_empty());
    let ideas =
        own.recipient.is_some() && kinds.is_empty() && super::cue::any(&super::cue::plain(&turn.ask.text), &super::cue::CUES.presents);
    // "For work, a 15 inch laptop", of a bag.
    let opens = |text: &str| {
        [" for ", " one that ", " one which ", " ones that ", " something that ", " that "].iter().any(|w| text.starts_with(w))
    };
    let purpose = opens(&super::cue::plain(&turn.ask.text)) && !Kinds::of(&turn.memory.terms).is_empty();
    // "Which is better for pet hair", of vacuum cleaners.
    let animals = !kinds.is_empty() && kinds.said.iter().all(|word| is_pet(word));
    let hair = animals
        && !Kinds::of(&turn.memory.terms).is_empty()
        && !super::cue::any(&super::cue::plain(&turn.ask.text), &super::cue::CUES.seeks);
    if (matches!(own.intent, Intent::Refine(_)) && kinds.is_empty()) || (purpose && !occasion) || hair {
        return false;
    }
    (!kinds.is_empty() && !same_kind) || other_person || ideas || (own.intent == Intent::Find && own.sort.is_some() && is_popular(turn))
}

/// Whether somebody wears what is looked for: what follows it is most likely for the same person.
fn is_worn(terms: &str) -> bool {
    const WORN: [&str; 3] = ["clothing", "footwear", "accessories"];
    lexicon::departments(terms).iter().any(|department| WORN.contains(department))
}

/// Whether a message adds to what was said: and …, also …, 还要 ….
fn goes_on(text: &str) -> bool {
    let text = super::cue::plain(text);
    [" and ", " also ", " plus ", " i also "].iter().any(|word| text.starts_with(word))
        || ["还要", "还想", "再来", "另外", "也要", "再配"].iter().any(|word| text.contains(word))
}

/// "What is popular?" asks for no kind, and for nothing said before.
fn is_popular(turn: &Turn<'_>) -> bool {
    super::cue::any(&super::cue::plain(&turn.ask.text), &super::cue::CUES.popular)
}

/// The earlier need that is meant: of the kind that is named, the first of them or the last.
fn taken_up<'m>(past: &'m [Need], kinds: &Kinds, first: bool) -> Option<&'m Need> {
    let fits = |need: &&Need| kinds.is_empty() || kinds.overlap(&Kinds::of(&need.terms));
    if first { past.iter().find(fits) } else { past.iter().rev().find(fits) }
}

fn wants_first(text: &str) -> bool {
    let text = super::cue::plain(text);
    text.contains(" first ") || ["一开始", "最开始", "最初", "最早"].iter().any(|word| text.contains(word))
}

/// Cheaper or dearer than what is on the screen, or than the product that is meant.
fn bound_price(turn: &Turn<'_>, filters: &mut Filters) {
    let own = &turn.understanding;
    let shelf = turn.rooms.search.shelf();
    let meant = turn.about.first().or(turn.memory.focus.as_ref().and_then(|id| shelf.get(id))).cloned();
    let first = meant.or_else(|| turn.memory.shown.iter().filter_map(|id| shelf.get(id)).find(|item| item.minor.is_some()).cloned());
    let price = first.and_then(|item| item.minor);
    if own.wants_cheaper() && own.filters.price_max.is_none() {
        filters.price_max = price.map(|p| p - 1).or(filters.price_max);
        filters.price_min = None;
        filters.price_about = None;
    }
    if own.wants_dearer() && own.filters.price_min.is_none() {
        filters.price_min = price.map(|p| p + 1);
        filters.price_max = None;
        filters.price_about = None;
    }
}

/// The newer word wins, field by field.
fn merged(old: &Filters, new: &Filters) -> Filters {
    let list = |old: &Vec<String>, new: &Vec<String>| if new.is_empty() { old.clone() } else { new.clone() };
    let both =
        |old: &Vec<String>, new: &Vec<String>| old.iter().chain(new.iter().filter(|n| !old.contains(n))).cloned().collect::<Vec<_>>();
    let price_named = new.price_min.is_some() || new.price_max.is_some();
    let mut colors = list(&old.colors, &new.colors);
    colors.retain(|c| !new.not_colors.contains(c));
    let mut not_colors = both(&old.not_colors, &new.not_colors);
    not_colors.retain(|c| !new.colors.contains(c));
    Filters {
        price_min: if price_named { new.price_min } else { old.price_min },
        price_max: if price_named { new.price_max } else { old.price_max },
        price_about: if price_named { new.price_about } else { old.price_about },
        currency: new.currency.clone().or_else(|| old.currency.clone()),
        colors,
        not_colors,
        materials: list(&old.materials, &new.materials),
        sizes: list(&old.sizes, &new.sizes),
        brands: list(&old.brands, &new.brands),
        gender: new.gender.clone().or_else(|| old.gender.clone()),
        age_group: new.age_group.clone().or_else(|| old.age_group.clone()),
        not_terms: both(&old.not_terms, &new.not_terms),
        allergies: both(&old.allergies, &new.allergies),
        quantities: measures(&old.quantities, &new.quantities),
        in_stock: old.in_stock || new.in_stock,
        // Asked for the once.
        on_sale: new.on_sale,
    }
}

/// For six people: six or more.
fn seat(filters: &mut Filters) {
    filters.quantities.iter_mut().filter(|q| q.unit == "person" && q.bound == Bound::Exact).for_each(|q| q.bound = Bound::AtLeast);
}

/// A newer limit takes the place of the older one of its unit.
fn measures(old: &[super::understand::Quantity], new: &[super::understand::Quantity]) -> Vec<super::understand::Quantity> {
    old.iter().filter(|o| new.iter().all(|n| n.unit != o.unit)).chain(new).cloned().collect()
}

fn release(filters: &mut Filters, slot: Slot) {
    match slot {
        Slot::Price => (filters.price_min, filters.price_max, filters.price_about) = (None, None, None),
        Slot::Color => {
            filters.colors.clear();
            filters.not_colors.clear();
        }
        Slot::Size => {
            filters.sizes.clear();
            filters.quantities.clear();
        }
        Slot::Material => filters.materials.clear(),
        Slot::Brand => filters.brands.clear(),
        Slot::Person => (filters.gender, filters.age_group) = (None, None),
        Slot::Stock => filters.in_stock = false,
        Slot::All => *filters = Filters { allergies: filters.allergies.clone(), ..Filters::default() },
    }
}
