//! "What else do I need with it?" in; what goes with a product, of each kind the shop's best, out.

use super::cue::{CUES, any, has, is_question, plain, refuses};
use super::kind::Kinds;
use super::retrieve::Retrieved;
use super::understand::lexicon::parse;
use super::{Card, Event, Finish, Sentence, Turn, facts, ground};
use crate::catalog::{Lang, leaf};
use crate::search::filter::made_for;
use crate::search::{Filter, Hit, Item, Query};
use serde::Deserialize;
use std::sync::{Arc, LazyLock};

/// Companions shown with a product.
const MOST: usize = 4;
/// Found products among which one of a kind is looked for.
const OF_A_KIND: usize = 20;

#[derive(Deserialize)]
struct Companions {
    of: Vec<Companion>,
    activities: Vec<Activity>,
    /// Of who is to be given something.
    interests: Vec<Activity>,
}

/// Something people do, as they say it, and the kinds of product it takes.
#[derive(Deserialize)]
struct Activity {
    words: Vec<String>,
    with: Vec<String>,
}

/// Kinds of product, and what is bought with them.
#[derive(Deserialize)]
struct Companion {
    kinds: Vec<String>,
    with: Vec<String>,
}

static COMPANIONS: LazyLock<Companions> = LazyLock::new(|| parse(include_str!("../../assets/lexicon/companions.toml")));

/// Something that somebody likes to do, or does not do.
pub(super) struct Interest {
    /// The kinds it takes.
    pub with: &'static [String],
    pub liked: bool,
}

/// What people do, when a message names it: presents for who cooks; but not where 他们不做饭.
pub(super) fn interest(text: &str) -> Option<Interest> {
    let text = plain(text);
    let said = |activity: &'static Activity| {
        let word = activity.words.iter().find(|word| has(&text, word))?;
        Some(Interest { with: &activity.with, liked: !refuses(&text[..text.find(word.as_str())?]) })
    };
    COMPANIONS.interests.iter().chain(&COMPANIONS.activities).find_map(said)
}

/// The kinds bought with a product; none when its own is not known.
fn companions(item: &Item) -> &'static [String] {
    let is_one = |name: &String| Kinds::of(name).classify(item);
    COMPANIONS.of.iter().find(|entry| entry.kinds.iter().any(is_one)).map_or(&[], |entry| &entry.with)
}

impl Turn<'_> {
    /// Answers who asks what goes with a product; `None` when nobody does, or when nothing is known to go with it.
    ///
    /// # Errors
    /// When the index fails.
    pub(super) async fn go_with(&mut self) -> anyhow::Result<Option<Finish>> {
        let text = plain(&self.ask.text);
        if !any(&text, &CUES.accessories) {
            return Ok(None);
        }
        self.memory.turn_to(self.ask.page.as_ref());
        let activity = COMPANIONS.activities.iter().filter(|_| !self.points()).find(|activity| any(&text, &activity.words));
        let item = if activity.is_some() { None } else { self.gone_with().await? };
        let hits = match (activity, &item) {
            (Some(activity), _) => self.best_of_each(&activity.with, &activity.words[0], None).await?,
            (None, Some(item)) => self.best_of_each(companions(item), "", Some(item)).await?,
            (None, None) => return Ok(None),
        };
        if hits.is_empty() {
            return Ok(None);
        }
        let cards: Vec<Card> = hits.iter().map(|hit| ground::card_of(&hit.item, self.lang)).collect();
        let terms = hits.iter().map(|hit| leaf(hit.item.category(self.lang))).collect::<Vec<_>>().join(" ");
        let filters = self.memory.filters.clone();
        self.remember(&Retrieved { total: hits.len(), hits, terms, filters, sold: true, is_new: true, ..Retrieved::default() }, &cards);
        self.note("goes_with", serde_json::json!(item.as_ref().map(|item| &item.id)));
        let sentence = goes_with(item.as_deref(), &cards, self.lang);
        self.show(Event::Products(cards)).await;
        self.say(sentence).await;
        Ok(Some(Finish::Answered))
    }

    /// The product that something is to go with: pointed at, of the kind that is named, or at hand.
    async fn gone_with(&self) -> anyhow::Result<Option<Arc<Item>>> {
        let kinds = Kinds::of(&self.understanding.terms);
        if let Some(item) = self.by_place().into_iter().chain(self.by_name()).next() {
            return Ok(Some(item));
        }
        let known = self.known();
        if let Some(item) = known.first().filter(|item| kinds.is_empty() || kinds.call(item)) {
            return Ok(Some(item.clone()));
        }
        // "The tent", of a need before: the one that was best of it.
        let shelf = self.rooms.search.shelf();
        let past = self.memory.past.iter().rev().filter_map(|need| shelf.get(need.shown.first()?)).cloned();
        if let Some(item) = past.chain(known.iter().cloned()).find(|item| kinds.call(item) || is_called(item, &kinds)) {
            return Ok(Some(item));
        }
        // "What do I need for a tent?": of the best the shop has, unless a companion is what was named ("socks to go with it").
        Ok(if is_question(&self.ask.text) { self.best_of(&kinds).await?.into_iter().next() } else { None })
    }

    /// Of each kind the shop's best for a purpose that can be had, for whom the product is that they go with.
    async fn best_of_each(&self, names: &[String], purpose: &str, item: Option<&Item>) -> anyhow::Result<Vec<Hit>> {
        let mut beside: Vec<Hit> = Vec::new();
        for name in names {
            let kinds = Kinds::of(name);
            let told = |word: &str| (!word.is_empty()).then(|| word.to_owned());
            if beside.len() == MOST || item.is_some_and(|item| kinds.classify(item)) {
                continue;
            }
            let filter = Filter {
                gender: item.and_then(|item| told(&item.gender)),
                age_group: item.and_then(|item| told(&item.age_group)),
                in_stock: true,
                ..Filter::default()
            };
            let query = Query { text: format!("{purpose} {name}"), filter, limit: OF_A_KIND, lexical_only: true, ..Query::default() };
            let hits = self.rooms.search.find(query).await?.hits;
            let of_age = |other: &Item| young(other) == item.is_some_and(young);
            let fits = |hit: &&Hit| kinds.classify(&hit.item) && of_age(&hit.item) && self.may_show(&hit.item);
            if let Some(hit) = hits.iter().find(fits).filter(|hit| beside.iter().all(|other| other.item.group != hit.item.group)) {
                beside.push(hit.clone());
            }
        }
        Ok(beside)
    }
}

/// 桌子, of what is called 书桌.
fn is_called(item: &Item, kinds: &Kinds) -> bool {
    kinds.said.iter().filter_map(|said| said.strip_suffix('子')).any(|stem| leaf(&item.category_zh).ends_with(stem))
}

fn young(item: &Item) -> bool {
    made_for(&item.gender, &item.age_group).contains(&"kids")
}

/// What goes with a product, with prices.
fn goes_with(item: Option<&Item>, cards: &[Card], lang: Lang) -> Sentence {
    let priced = |card: &Card| match (&card.price, lang) {
        (Some(price), Lang::Zh) => format!("{}（{}）", card.title, price.display()),
        (Some(price), Lang::En) => format!("{} at {}", card.title, price.display()),
        (None, _) => card.title.clone(),
    };
    let each: Vec<String> = cards.iter().map(priced).collect();
    let text = match (lang, item) {
        (Lang::Zh, Some(item)) => format!("可以和 {} 一起用的：{}。", item.title(lang), each.join("、")),
        (Lang::En, Some(item)) => format!("To go with {}: {}.", item.title(lang), each.join(", ")),
        (Lang::Zh, None) => format!("店里用得上的有：{}。", each.join("、")),
        (Lang::En, None) => format!("For that we have: {}.", each.join(", ")),
    };
    let claim = |card: &Card| card.price.as_ref().map(|p| facts::claim(&p.display(), &card.id, "price", &p.display(), card.revision));
    Sentence { text, claims: cards.iter().filter_map(claim).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_companion_is_a_kind() {
        let of_things = COMPANIONS.of.iter().flat_map(|entry| entry.kinds.iter().chain(&entry.with));
        for name in of_things.chain(COMPANIONS.activities.iter().chain(&COMPANIONS.interests).flat_map(|activity| &activity.with)) {
            assert!(!Kinds::of(name).is_empty(), "{name} is no kind of synonyms.toml");
        }
    }
}
