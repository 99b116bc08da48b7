//! What the words alone do not tell: which products a message is about, or that it is a need; and what it asks of them.

use super::Turn;
use super::cue::{CUES, any, is_marked, is_question, plain};
use super::kind::Kinds;
use super::question;
use super::understand::{Filters, Intent, Reference, Refinement, Sort};
use crate::catalog::leaf;
use crate::search::{Filter, Item};
use std::sync::Arc;

impl Turn<'_> {
    /// Settles what the message means here, before it is answered: `about` is filled when it is about products already spoken of.
    ///
    /// # Errors
    /// When index or store cannot be read.
    pub(super) async fn settle(&mut self) -> anyhow::Result<()> {
        let text = plain(&self.ask.text);
        self.memory.turn_to(self.ask.page.as_ref());
        if self.remedy.is_some() {
            return Ok(());
        }
        if CUES.acknowledges.iter().any(|word| text.trim() == word) {
            self.understanding.intent = Intent::Thanks;
            return Ok(());
        }
        self.drop_the_colour_of_sheer();
        self.take_measured_size();
        self.take_number();
        self.take_options();
        self.take_next_size();
        if self.understanding.intent == Intent::Policy && self.page_states(&text).await? {
            self.understanding.intent = Intent::Detail;
        }
        if !of_products(self.understanding.intent) {
            return Ok(());
        }
        // "What is the max weight on the second one?"
        let one = matches!(self.understanding.reference, Some(Reference::Ordinal(_)));
        if self.understanding.intent == Intent::Compare && one && !any(&text, &CUES.compares) {
            self.understanding.intent = Intent::Detail;
        }
        let kinds = Kinds::of(&self.understanding.terms);
        let read = &mut self.understanding;
        // "Any discounts now?" looks for what costs less.
        if read.filters.on_sale && read.reference.is_none() {
            read.intent = Intent::Find;
            return Ok(());
        }
        let summed = self.summed(&kinds, &text);
        if summed.len() > 1 {
            (self.about, self.understanding.intent) = (summed, Intent::Price);
            return Ok(());
        }
        let read = &mut self.understanding;
        // "The cheapest one" is one of the list; "the cheapest one you have" may be another.
        let of_shop = [" you have ", " you got ", " you sell ", "你们", "店里"].iter().any(|words| text.contains(words));
        let cheap_one = of_shop && read.sort.is_some() && read.reference == Some(Reference::Described);
        if kinds.is_empty() && (read.reference.is_none() || cheap_one) && self.goes_on(&text) {
            return Ok(());
        }
        let read = &mut self.understanding;
        // "Size 28, blue" chooses, "I'm a man, I wear 42" too; "which size for 118 cm?" asks.
        let wearer =
            kinds.is_empty() && read.terms.split_whitespace().count() < 2 && (read.filters.gender.is_some() || any(&text, &CUES.wears));
        if read.intent == Intent::SizeFit
            && varies(&read.filters)
            && (wearer || read.terms.trim().is_empty())
            && !is_question(&self.ask.text)
        {
            read.terms.clear();
            read.intent = Intent::Refine(Refinement::Same);
        }
        // "Do you have them from …?" asks for others.
        if !read.filters.brands.is_empty() && matches!(read.reference, Some(Reference::These | Reference::This)) && kinds.is_empty() {
            read.intent = Intent::Refine(Refinement::Same);
            return Ok(());
        }
        if kinds.is_empty() && self.asks_for_service(&text) {
            self.understanding.intent = Intent::Policy;
            return Ok(());
        }
        // "Any other colours?" of a list: of the one at hand.
        if kinds.is_empty()
            && self.understanding.intent == Intent::Refine(Refinement::OtherColor)
            && self.understanding.filters.not_colors.is_empty()
            && self.memory.filters.colors.is_empty()
        {
            self.about = self.at_hand().into_iter().collect();
            self.understanding.intent = if self.about.is_empty() { Intent::Find } else { Intent::Availability };
            return Ok(());
        }
        // "What is popular?" asks of the shop.
        if kinds.is_empty() && any(&text, &CUES.popular) && !self.points() {
            self.settle_need(&kinds, &text);
            return Ok(());
        }
        if kinds.is_empty() && any(&text, &CUES.similar) {
            self.about = self.at_hand().into_iter().collect();
            self.look_for_its_kind();
            return Ok(());
        }
        if question::is_superlative(&self.ask.text)
            && question::preference(&self.ask.text).is_some()
            && self.memory.shown.len() > 1
            && !self.is_sought(&text)
        {
            let shelf = self.rooms.search.shelf();
            self.about = self.memory.shown.iter().filter_map(|id| shelf.get(id)).cloned().collect();
            self.understanding.intent = Intent::Compare;
            return Ok(());
        }
        // "Which one would you take?" of a list.
        if kinds.is_empty() && any(&text, &CUES.advice) && self.memory.shown.len() > 1 && self.understanding.reference.is_none() {
            let shelf = self.rooms.search.shelf();
            self.about = self.memory.shown.iter().filter_map(|id| shelf.get(id)).cloned().collect();
            self.understanding.intent = Intent::Compare;
            return Ok(());
        }
        self.about = self.meant(&kinds, &text).await?;
        if self.about.is_empty() && self.understanding.names_a_position() && !self.memory.shown.is_empty() {
            // "The third one" of two: told where products are told of.
            self.understanding.intent = Intent::Detail;
            return Ok(());
        }
        if self.about.is_empty() {
            self.settle_need(&kinds, &text);
        } else {
            self.settle_question(&kinds, &text);
        }
        Ok(())
    }

    /// What names no kind and points at nothing, and is about what is on the screen as a whole: the cheapest of it, whom it is for.
    /// False when it is none of that.
    fn goes_on(&mut self, text: &str) -> bool {
        let (shelf, before) = (self.rooms.search.shelf(), self.memory.filters.age_group.clone());
        let read = &mut self.understanding;
        // "And the cheapest one you have?"
        if read.sort.is_some() && !any(text, &CUES.compares) && read.intent != Intent::Compare {
            let compared = self.memory.compared.iter().filter_map(|id| shelf.get(id));
            let chosen = match read.sort {
                Some(Sort::Cheapest) => compared.min_by_key(|item| item.minor.unwrap_or(i64::MAX)),
                Some(Sort::Dearest) => compared.max_by_key(|item| item.minor),
                _ => None,
            };
            if let Some(chosen) = chosen {
                (self.about, read.intent) = (vec![chosen.clone()], Intent::Price);
                return true;
            }
            if !self.memory.terms.is_empty() {
                (read.intent, read.reference) = (Intent::Refine(Refinement::Same), None);
                return true;
            }
        }
        // "And if I only have 70 bucks", 三百以内.
        let limited = read.filters.price_max.is_some() || read.filters.price_min.is_some();
        if read.intent == Intent::Price && limited && !self.memory.terms.is_empty() && !is_question(&self.ask.text) {
            read.intent = Intent::Refine(Refinement::Same);
            return true;
        }
        // "Something for his little sister, two": somebody else is to be given something.
        let other = read.filters.age_group.is_some() && before.is_some() && read.filters.age_group != before;
        let given = [" for her ", " for him ", " for his ", " for my ", "给", "送"].iter().any(|words| text.contains(words));
        if other && given && read.recipient.as_ref().is_some_and(|r| r.who.is_some()) {
            read.intent = Intent::Gift;
            return false;
        }
        // "For kids then, three years old", 男的 平时穿L.
        let gives =
            matches!(read.intent, Intent::Gift | Intent::Recommend) || read.recipient.as_ref().is_some_and(|r| r.occasion.is_some());
        let person = !gives && (read.filters.gender.is_some() || read.filters.age_group.is_some());
        if person && !self.memory.terms.is_empty() && !is_question(&self.ask.text) && question::topics(&self.ask.text).is_empty() {
            read.intent = Intent::Refine(Refinement::Same);
            return true;
        }
        false
    }

    /// "Warranty on it?" of a product whose page states one.
    pub(super) async fn page_states(&self, text: &str) -> anyhow::Result<bool> {
        let topics = question::topics(&self.ask.text);
        let pointed =
            self.memory.focus.is_some() || self.memory.shown.len() == 1 || self.points() || text.contains(" it ") || text.contains('它');
        let Some(hand) = self.at_hand().filter(|_| pointed && !topics.is_empty()) else { return Ok(false) };
        let stored = self.rooms.store.product(&hand.id).await?;
        Ok(stored.is_some_and(|stored| {
            let fact = super::ground::fact(&stored.product, stored.revision, self.lang);
            fact.details.iter().any(|(name, _)| question::is_about(&topics, name))
        }))
    }

    /// Whether words that were read as a wish ask for the shop's rules. What a page may answer is asked of the page first.
    fn asks_for_service(&self, text: &str) -> bool {
        let celebrates = self.understanding.recipient.as_ref().is_some_and(|r| r.occasion.is_some());
        if celebrates || self.points() || (!question::topics(&self.ask.text).is_empty() && self.at_hand().is_some()) {
            return false;
        }
        any(text, &CUES.service) || self.rooms.policies.get().answers(&self.ask.text, self.lang)
    }

    /// The products the message is about; none when it is a need.
    async fn meant(&self, kinds: &Kinds, text: &str) -> anyhow::Result<Vec<Arc<Item>>> {
        let read = &self.understanding;
        if read.reference == Some(Reference::Earlier { one: false }) {
            return Ok(Vec::new());
        }
        let places = self.by_place();
        if !places.is_empty() || read.names_a_position() {
            return Ok(places);
        }
        if any(text, &CUES.goes_with) && !kinds.is_empty() && !is_question(&self.ask.text) {
            return Ok(Vec::new());
        }
        let names = self.by_name();
        // "Show me non-stick ones" names nothing, though a title has the word.
        let lower = self.ask.text.is_ascii() && !self.ask.text.chars().skip(1).any(char::is_uppercase);
        let only_a_word = lower && read.reference.is_none() && self.is_sought(text);
        if !names.is_empty() && !only_a_word {
            let other_kind = lower && !kinds.is_empty() && !names.iter().any(|item| kinds.call(item));
            return Ok(if other_kind && !self.points() { Vec::new() } else { names });
        }
        let one = match read.reference {
            Some(Reference::Described) => self.by_looks().await?,
            Some(Reference::Earlier { one: true }) => self.earlier().await?,
            Some(Reference::This) => self.called().or_else(|| self.at_hand()),
            Some(_) => None,
            None => {
                // "Does the Torqlin Handy drill concrete?"
                let asked = is_question(&self.ask.text) && !lower && self.memory.shown.is_empty() && !self.is_sought(text);
                let named = if (kinds.is_empty() || asked) && !matches!(read.intent, Intent::Refine(_)) {
                    self.by_title(&self.ask.text).await?
                } else {
                    Vec::new()
                };
                if !named.is_empty() {
                    return Ok(named);
                }
                match self.of_that_kind(kinds, text).await? {
                    Some(item) => Some(item),
                    None => self.unspoken(kinds, text).map(|hand| self.called().unwrap_or_else(|| self.with_option(hand))),
                }
            }
        };
        Ok(one.into_iter().collect())
    }

    fn is_sought(&self, text: &str) -> bool {
        any(text, &CUES.seeks) && !any(text, &CUES.has_it)
    }

    /// "Does the puzzle have Chinese on it?" of a puzzle shown before; "is the hand cream safe when pregnant?" of the best the shop has.
    async fn of_that_kind(&self, kinds: &Kinds, text: &str) -> anyhow::Result<Option<Arc<Item>>> {
        let asked = is_question(&self.ask.text) && !matches!(self.understanding.intent, Intent::Compare | Intent::Gift | Intent::Recommend);
        if kinds.is_empty() || !asked || self.is_of_hand(kinds, text) {
            return Ok(None);
        }
        if let Some(item) = self.known().into_iter().find(|item| kinds.call(item)) {
            return Ok(Some(item));
        }
        let definite =
            [" the ", " your ", " that "].iter().any(|word| text.contains(word)) || text.contains("那个") || text.contains("那款");
        if !definite || question::topics(&self.ask.text).is_empty() {
            return Ok(None);
        }
        Ok(self.best_of(kinds).await?.into_iter().next())
    }

    /// Whether the kinds that a question names belong to what is at hand: its battery, or "my phone", that it is to work with.
    fn is_of_hand(&self, kinds: &Kinds, text: &str) -> bool {
        let hand = self.at_hand();
        let states = |word: &str| {
            let mut stated = hand.iter().flat_map(|hand| hand.stated.iter().flatten());
            stated.any(|attribute| attribute.name.to_lowercase().contains(&word.to_lowercase()))
        };
        let own = |word: &str| text.contains(&format!(" my {word} ")) || text.contains(&format!("我的{word}"));
        let asks = is_question(&self.ask.text);
        kinds.said.iter().all(|word| question::is_asked_of(&self.ask.text, word) || (asks && (states(word) || own(word))))
    }

    /// A question that points at nothing is about what is at hand, unless it names another kind of thing.
    fn unspoken(&self, kinds: &Kinds, text: &str) -> Option<Arc<Item>> {
        let read = &self.understanding;
        let hand = self.at_hand()?;
        // 内存呢: what its page has a line for.
        let named = |name: &str| !name.is_empty() && read.terms.to_lowercase().contains(&name.to_lowercase());
        let has_line = hand.stated.iter().flatten().any(|attribute| named(&attribute.name));
        let asked_of = has_line || !question::topics(&self.ask.text).is_empty();
        let short = is_marked(&self.ask.text) && (asked_of || varies(&read.filters) || read.terms.trim().is_empty());
        let question = is_question(&self.ask.text) || (short && !self.is_sought(text));
        let limit = (read.filters.price_max.is_some() || read.filters.price_min.is_some()) && !asked_of;
        let pronoun = question && [" it ", " this ", " that "].iter().any(|word| text.contains(word)) || text.contains('它');
        let of_product = self.is_of_hand(kinds, text);
        let other_kind = !kinds.is_empty() && !of_product && !kinds.call(&hand) && !pronoun;
        let other_brand = !read.filters.brands.is_empty() && !read.filters.brands.iter().any(|brand| **brand == *hand.brand);
        let plain_need =
            matches!(read.intent, Intent::Gift | Intent::Recommend) || read.recipient.as_ref().is_some_and(|r| r.occasion.is_some());
        if other_kind
            || other_brand
            || limit
            || plain_need
            || matches!(read.intent, Intent::Refine(_) | Intent::Compare)
            || read.sort.is_some()
        {
            return None;
        }
        // "In blue?" after a list changes the list; after one product was talked of, it is about that.
        let variant = varies(&read.filters) && read.terms.trim().is_empty();
        if variant && !pronoun && self.memory.focus.is_none() && self.memory.shown.len() != 1 && self.ask.page.is_none() {
            return None;
        }
        let asked = asks(read.intent) && (question || read.terms.trim().is_empty() || read.intent == Intent::SizeFit);
        let again = read.terms.trim().is_empty() && any(text, &CUES.again);
        (asked || question || pronoun || again).then_some(hand)
    }

    /// Of the shown, the one that comes in what is asked, when the one at hand does not: "olive in L?" after a teal and an olive dress.
    fn with_option(&self, hand: Arc<Item>) -> Arc<Item> {
        let filters = &self.understanding.filters;
        let wanted = Filter { colors: filters.colors.clone(), sizes: filters.sizes.clone(), ..Filter::default() };
        let shelf = self.rooms.search.shelf();
        let has = |item: &Arc<Item>| shelf.variants(item).any(|v| wanted.admits(v));
        if wanted.is_empty() || self.memory.focus.is_some() || has(&hand) {
            return hand;
        }
        self.memory.shown.iter().filter_map(|id| shelf.get(id)).find(|item| has(item)).cloned().unwrap_or(hand)
    }

    /// A message about products: what is asked of them.
    fn settle_question(&mut self, kinds: &Kinds, text: &str) {
        let several = self.about.len() > 1;
        let seeks = any(text, &CUES.seeks) && !kinds.is_empty() && !self.about.iter().any(|item| kinds.call(item));
        let read = &mut self.understanding;
        match read.intent {
            Intent::Find if seeks => self.about.clear(),
            Intent::Find | Intent::Recommend | Intent::Gift | Intent::Compare if any(text, &CUES.similar) => self.look_for_its_kind(),
            Intent::Refine(Refinement::More) if any(text, &CUES.similar) || text.contains("like this") => self.look_for_its_kind(),
            // "Too pricey. Does the cheap one work with it?"
            Intent::Refine(Refinement::Cheaper | Refinement::Dearer)
                if read.reference == Some(Reference::Described) && !question::topics(&self.ask.text).is_empty() =>
            {
                read.intent = Intent::Detail;
            }
            Intent::Refine(Refinement::Cheaper | Refinement::Dearer) => {}
            Intent::Refine(Refinement::OtherColor) => read.intent = Intent::Availability,
            _ if several && any(text, &CUES.compares) => read.intent = Intent::Compare,
            Intent::Buy if !question::topics(&self.ask.text).is_empty() => read.intent = Intent::Detail,
            Intent::Compare | Intent::Buy => {}
            _ if any(text, &CUES.compares) && self.memory.focus.is_some() => read.intent = Intent::Compare,
            Intent::Find | Intent::Recommend | Intent::Gift | Intent::Refine(_) => read.intent = Intent::Detail,
            _ => {}
        }
    }

    /// A message about no product: what is looked for.
    fn settle_need(&mut self, kinds: &Kinds, text: &str) {
        let read = &mut self.understanding;
        if kinds.is_empty() && read.intent == Intent::Find && any(text, &CUES.service) {
            read.intent = Intent::Policy;
        } else if kinds.is_empty() && (any(text, &CUES.popular) || (read.intent == Intent::Recommend && self.memory.terms.is_empty())) {
            read.intent = Intent::Find;
            read.terms = String::new();
            read.sort = Some(Sort::BestRated);
        }
    }

    /// Makes the narrowest category of the product that is meant the need.
    fn look_for_its_kind(&mut self) {
        let Some(item) = self.about.first().cloned() else { return };
        let kind = leaf(item.category(self.lang)).to_owned();
        if kind.is_empty() {
            return;
        }
        if self.understanding.wants_cheaper() {
            self.understanding.filters.price_max = item.minor.map(|p| p - 1);
        }
        self.about.clear();
        self.understanding.intent = Intent::Find;
        self.understanding.terms = kind;
        self.understanding.reference = None;
    }
}

/// Whether a message with this intent may be about products.
fn of_products(intent: Intent) -> bool {
    use Intent::*;
    matches!(intent, Find | Refine(_) | Compare | Detail | Availability | Price | Recommend | Gift | SizeFit | Buy)
}

/// Whether this intent asks something of a product.
fn asks(intent: Intent) -> bool {
    matches!(intent, Intent::Detail | Intent::Availability | Intent::Price | Intent::SizeFit | Intent::Compare)
}

/// Whether colour or size are named.
pub(super) fn varies(filters: &Filters) -> bool {
    !filters.colors.is_empty() || !filters.sizes.is_empty()
}
