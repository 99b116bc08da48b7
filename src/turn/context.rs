//! What the words alone do not tell: which products a message is about, or that it is a need; and what it asks of them.

use super::cue::{CUES, any, is_question, plain};
use super::kind::Kinds;
use super::understand::{Filters, Intent, Reference, Refinement, Sort};
use super::Turn;
use crate::catalog::leaf;
use crate::search::Item;
use std::sync::Arc;

impl Turn<'_> {
    /// Settles what the message means here, before it is answered: `about` is filled when it is about products already spoken of.
    ///
    /// # Errors
    /// When index or store cannot be read.
    pub(super) async fn settle(&mut self) -> anyhow::Result<()> {
        let text = plain(&self.ask.text);
        if CUES.acknowledges.iter().any(|word| text.trim() == word) {
            self.understanding.intent = Intent::Thanks;
            return Ok(());
        }
        self.take_sizes();
        if !of_products(self.understanding.intent) {
            return Ok(());
        }
        let kinds = Kinds::of(&self.understanding.terms);
        self.about = self.meant(&kinds, &text).await?;
        if self.about.is_empty() {
            self.settle_need(&kinds, &text);
        } else {
            self.settle_question(&kinds, &text);
        }
        Ok(())
    }

    /// The products the message is about; none when it is a need.
    async fn meant(&self, kinds: &Kinds, text: &str) -> anyhow::Result<Vec<Arc<Item>>> {
        let read = &self.understanding;
        let places = self.by_place();
        if !places.is_empty() || read.names_a_position() {
            return Ok(places);
        }
        if any(text, &CUES.goes_with) && !kinds.is_empty() {
            return Ok(Vec::new());
        }
        let names = self.by_name();
        if !names.is_empty() {
            let other_kind = !kinds.is_empty() && !names.iter().any(|item| kinds.call(item));
            return Ok(if other_kind && !self.points() { Vec::new() } else { names });
        }
        let one = match read.reference {
            Some(Reference::Described) => self.by_looks().await?,
            Some(Reference::Earlier { one: true }) => self.earlier(),
            Some(Reference::This) => self.at_hand(),
            Some(_) => None,
            None => self.unspoken(kinds, text),
        };
        if let Some(item) = one {
            return Ok(vec![item]);
        }
        if kinds.is_empty() && asks(read.intent) { self.by_title(&read.terms).await } else { Ok(Vec::new()) }
    }

    /// A question that points at nothing is about what is at hand, unless it names another kind of thing.
    fn unspoken(&self, kinds: &Kinds, text: &str) -> Option<Arc<Item>> {
        let read = &self.understanding;
        let hand = self.at_hand()?;
        let other_kind = !kinds.is_empty() && !kinds.call(&hand);
        let plain_need = matches!(read.intent, Intent::Gift | Intent::Recommend) || read.recipient.as_ref().is_some_and(|r| r.occasion.is_some());
        if other_kind || plain_need || matches!(read.intent, Intent::Refine(_) | Intent::Compare) || read.sort.is_some() {
            return None;
        }
        let question = is_question(&self.ask.text);
        let on_page = self.ask.page.is_some() && (text.contains(" it ") || text.contains('它'));
        // "In blue?" after a list changes the list; after one product was talked of, it is about that.
        let variant = question && varies(&read.filters) && read.terms.trim().is_empty();
        if variant && self.memory.focus.is_none() && self.memory.shown.len() != 1 && self.ask.page.is_none() {
            return None;
        }
        let asked = asks(read.intent) && (question || read.terms.trim().is_empty());
        (asked || question || on_page).then_some(hand)
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
            Intent::Refine(Refinement::Cheaper | Refinement::Dearer) => {}
            Intent::Refine(Refinement::OtherColor) => read.intent = Intent::Availability,
            _ if several && any(text, &CUES.compares) => read.intent = Intent::Compare,
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
        } else if kinds.is_empty() && (any(text, &CUES.popular) || read.intent == Intent::Recommend) && self.memory.terms.is_empty() {
            read.intent = Intent::Find;
            read.terms = String::new();
            read.sort = Some(Sort::BestRated);
        } else if kinds.is_empty() && any(text, &CUES.popular) {
            read.intent = Intent::Find;
            read.terms = String::new();
            read.sort = Some(Sort::BestRated);
        }
    }

    /// A lone "43" or "M" is a size where what is shown comes in sizes.
    fn take_sizes(&mut self) {
        let read = &self.understanding;
        if !Kinds::of(&read.terms).is_empty() || !read.filters.sizes.is_empty() {
            return;
        }
        let shelf = self.rooms.search.shelf();
        let at_hand = self.memory.shown.iter().chain(&self.memory.focus).chain(&self.ask.page);
        let items: Vec<&Arc<Item>> = at_hand.filter_map(|id| shelf.get(id)).collect();
        let sizes: Vec<String> = items.iter().flat_map(|item| shelf.variants(item)).map(|v| v.size.to_lowercase()).filter(|s| !s.is_empty()).collect();
        let words: Vec<&str> = read.terms.split(|c: char| c.is_whitespace() || "，、,?？!".contains(c)).filter(|w| !w.is_empty()).collect();
        let Some(size) = words.iter().find(|word| sizes.contains(&word.to_lowercase())).map(|w| (*w).to_owned()) else { return };
        let rest: Vec<&str> = words.into_iter().filter(|word| *word != size).collect();
        self.understanding.terms = rest.join(" ");
        self.understanding.filters.sizes = vec![size.to_uppercase()];
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
