//! A question about products already spoken of in; what their pages say out: price, stock, options, details, and each of them beside
//! another.

use super::context::varies;
use super::cue::{CUES, any, is_question, plain};
use super::kind::Kinds;
use super::quotable::is_quotable;
use super::understand::{Intent, Sort, is_pet};
use super::{Event, Finish, Sentence, Turn, choice, facts, ground, question, say};
use crate::catalog::{Lang, Money};
use crate::search::{Filter, Item, Shelf};
use crate::store::catalog::Stored;
use std::sync::Arc;

/// Lines of a page that answer one question.
const MOST_LINES: usize = 3;
/// Products side by side.
const MOST_COMPARED: usize = 4;
const MOST_ROWS: usize = 7;

impl Turn<'_> {
    /// What is asked of the product that is meant.
    pub(crate) async fn tell_about(&mut self) -> anyhow::Result<Finish> {
        let Some(item) = self.about.first().cloned() else {
            if let Some(finish) = self.admit_missing_position().await {
                return Ok(finish);
            }
            if !self.understanding.terms.trim().is_empty() || varies(&self.understanding.filters) {
                return self.sell().await;
            }
            self.say(Sentence::plain(say::which_product(self.lang))).await;
            return Ok(Finish::Asked);
        };
        let sums = self.understanding.intent == Intent::Price && any(&plain(&self.ask.text), &CUES.in_all);
        if sums && let Some(sentence) = choice::in_all(&self.about, self.lang) {
            self.say(sentence).await;
            return Ok(Finish::Answered);
        }
        // Price and stock of what is talked of already were told.
        let known = self.memory.focus.as_ref() == Some(&item.id) && !self.memory.question.is_empty();
        self.memory.look_at(&item.id);
        if self.memory.shown.is_empty() {
            self.memory.shown = vec![item.id.clone()];
        }
        // "And the second one?" asks the last question again.
        let mut question = self.ask.text.clone();
        let bare = self.understanding.terms.trim().is_empty() && question::topics(&question).is_empty();
        if bare && any(&plain(&question), &CUES.again) && !self.memory.question.is_empty() {
            question.clone_from(&self.memory.question);
        }
        self.memory.question.clone_from(&question);
        let asked = question::topics(&question);
        let told_variant = varies(&self.understanding.filters) && self.understanding.intent != Intent::SizeFit;
        if told_variant {
            self.tell_variant(&item).await;
            let title = format!("{} {}", item.title, item.title_zh).to_lowercase();
            let leftover = self.understanding.terms.split_whitespace().any(|word| !title.contains(&word.to_lowercase()));
            let more = is_question(&question) && leftover && self.understanding.intent == Intent::Detail;
            if (asked.is_empty() && !more) || question::is_about_options(&asked) {
                return Ok(Finish::Answered);
            }
        }
        let Some(stored) = self.rooms.store.product(&item.id).await? else {
            return self.sell().await;
        };
        let fact = ground::fact(&stored.product, stored.revision, self.lang);
        if !told_variant {
            self.show(Event::Products(vec![ground::card_of(&item, self.lang)])).await;
        }
        let shelf = self.rooms.search.shelf();
        let options = stocked_options(&shelf, &item, self.lang);
        let (offer, variants) = facts::about_product(&fact, &options, self.lang);
        let intent = if question::is_about_options(&asked) { Intent::Availability } else { self.understanding.intent };
        match intent {
            Intent::Price if asked.is_empty() => self.say(offer).await,
            Intent::Availability => {
                self.say(offer).await;
                if let Some(sentence) = variants {
                    self.say(sentence).await;
                }
            }
            intent => {
                if told_variant && asked.is_empty() && fact.speaking_to(&question, 1).is_empty() {
                    return Ok(Finish::Answered);
                }
                let said = self.answer_from_page(&fact, &question, &asked, intent).await;
                if told_variant {
                    return Ok(Finish::Answered);
                }
                if !(said && known) {
                    self.say(offer).await;
                }
                if let Some(sentence) = variants.filter(|_| !said || intent == Intent::SizeFit) {
                    self.say(sentence).await;
                }
            }
        }
        Ok(Finish::Answered)
    }

    /// The lines of the page that answer the question, or that it does not say; the description when everything is asked.
    /// False when the whole page was told.
    async fn answer_from_page(&mut self, fact: &ground::Fact, text: &str, asked: &[&question::Topic], intent: Intent) -> bool {
        let mut lines = question::answers(fact, text, asked, MOST_LINES);
        let open = any(&plain(text), &CUES.everything) || !is_question(text);
        let everything = asked.is_empty() && intent == Intent::Detail && open;
        if lines.is_empty() && !everything {
            lines = fact.speaking_to(text, MOST_LINES - 1);
        }
        if !lines.is_empty() {
            self.say(facts::from_page(fact, &lines, self.lang)).await;
            return true;
        }
        if everything {
            if !fact.description.is_empty() {
                let claims = vec![facts::claim(&fact.description, &fact.id, "description", &fact.description, fact.revision)];
                self.say(Sentence { text: fact.description.clone(), claims }).await;
            }
            return false;
        }
        // "Does it do 5G?", of a 5G phone.
        if !everything && fact.is_titled(text) {
            self.say(facts::from_page(fact, std::slice::from_ref(&fact.title), self.lang)).await;
            return true;
        }
        // "Can you wrap it?" is for the shop's rules, where the page says nothing of it.
        let mut clauses = if any(&plain(text), &CUES.service) || self.rooms.policies.get().answers(text, self.lang) {
            self.answering(text).await
        } else {
            Vec::new()
        };
        self.put_own_rule_first(&mut clauses).await;
        if !clauses.is_empty() {
            for clause in &clauses {
                self.quote(clause).await;
            }
            return true;
        }
        match self.nearest_line(fact, text).await {
            Some(line) => self.say(facts::nearest_on_page(fact, &line, self.lang)).await,
            None => self.say(Sentence::plain(say::page_does_not_say(self.lang))).await,
        }
        true
    }

    /// "The third one" where two are shown: says so. `None` when the message names no position.
    async fn admit_missing_position(&mut self) -> Option<Finish> {
        if !self.understanding.names_a_position() || self.memory.shown.is_empty() {
            return None;
        }
        self.say(Sentence::plain(say::no_such_position(self.memory.shown.len(), self.lang))).await;
        Some(Finish::Asked)
    }

    /// Whether the product that is meant comes in the colour or size asked for. What was asked before and still stands counts too:
    /// after "in black", "and in 43?" means a black one.
    pub(super) async fn tell_variant(&mut self, item: &Item) {
        let shelf = self.rooms.search.shelf();
        let own = &self.understanding.filters;
        let before = &self.memory.filters;
        let kept = |own: &Vec<String>, before: &Vec<String>| if own.is_empty() { before.clone() } else { own.clone() };
        let asked = Filter { colors: own.colors.clone(), sizes: own.sizes.clone(), ..Filter::default() };
        let whole = Filter { colors: kept(&own.colors, &before.colors), sizes: kept(&own.sizes, &before.sizes), ..Filter::default() };
        let fitting = |filter: &Filter| {
            let mut fitting: Vec<Arc<Item>> = shelf.variants(item).filter(|v| filter.admits(v)).cloned().collect();
            fitting.sort_by_key(|v| !v.in_stock());
            fitting.into_iter().next()
        };
        let options = stocked_options(&shelf, item, self.lang);
        match fitting(&whole).or_else(|| fitting(&asked)) {
            Some(variant) => {
                let card = ground::card_of(&variant, self.lang);
                self.memory.look_at(&variant.id);
                self.show(Event::Products(vec![card.clone()])).await;
                self.say(facts::has_variant(&card, &options, self.lang)).await;
            }
            None => {
                let card = ground::card_of(item, self.lang);
                self.say(facts::no_variant(&card, item.title(self.lang), &options, self.lang)).await;
            }
        }
    }

    /// Products side by side: price, stock, rating, and the details on which they differ, those that speak to the need first.
    pub(crate) async fn compare(&mut self) -> anyhow::Result<Finish> {
        let compared = self.compared().await?;
        let mut products: Vec<Stored> = Vec::new();
        for item in compared.iter().take(MOST_COMPARED) {
            products.extend(self.rooms.store.product(&item.id).await?);
        }
        if products.len() < 2 {
            if !self.understanding.terms.trim().is_empty() {
                return self.sell().await;
            }
            self.say(Sentence::plain(say::need_two(self.lang))).await;
            return Ok(Finish::Asked);
        }
        let lang = self.lang;
        let facts: Vec<ground::Fact> = products.iter().map(|s| ground::fact(&s.product, s.revision, lang)).collect();
        let need = format!("{} {}", self.memory.terms, self.ask.text);
        self.show(comparison(&facts, &need, lang)).await;
        self.memory.compared = compared.iter().map(|item| item.id.clone()).collect();
        let ids = self.memory.compared.clone();
        self.memory.meet(&ids);
        self.memory.focus = None;
        if let Some(preference) = question::preference(&self.ask.text)
            && let Some((best, sentence)) = choice::foremost(&facts, &preference, lang)
        {
            // What is asked next is asked of it.
            self.memory.focus = Some(best.id.clone());
            self.say(sentence).await;
            return Ok(Finish::Answered);
        }
        if any(&plain(&self.ask.text), &CUES.advice)
            && let Some((best, sentence)) = choice::advised(&facts, &need, &self.ask.text, lang)
        {
            self.memory.focus = Some(best.id.clone());
            self.say(sentence).await;
            return Ok(Finish::Answered);
        }
        // "Which has the best camera?": the table tells; the price was not asked.
        if !question::topics(&self.ask.text).is_empty() {
            return Ok(Finish::Answered);
        }
        let cheapest = products.iter().filter_map(|s| s.product.offer.price.clone().map(|p| (p, s))).min_by_key(|(p, _)| p.minor);
        if let Some((price, stored)) = cheapest {
            self.say(cheapest_of(&price, stored, lang)).await;
        }
        Ok(Finish::Answered)
    }

    /// What is to be compared: those the message means, with the one at hand; the best of the kind it names; else the first shown.
    async fn compared(&self) -> anyhow::Result<Vec<Arc<Item>>> {
        let mut items = self.about.clone();
        for item in self.by_title(&self.ask.text).await? {
            if !items.iter().any(|i| i.group == item.group) {
                items.push(item);
            }
        }
        let text = plain(&self.ask.text);
        let with_it =
            [" it ", " this ", " this one ", " that one "].iter().any(|w| text.contains(w)) || text.contains('它') || text.contains("这款");
        if (items.len() == 1 || with_it)
            && let Some(hand) = self.at_hand()
            && !items.iter().any(|item| item.group == hand.group)
        {
            items.insert(0, hand);
        }
        // "Compared with the Hush Pro?" after talking of that very product: with the one before it.
        if items.len() == 1 {
            let shelf = self.rooms.search.shelf();
            let before = self.memory.recent.iter().rev().chain(&self.memory.shown).filter_map(|id| shelf.get(id));
            let other = before.into_iter().find(|other| other.group != items[0].group).cloned();
            items.extend(other);
        }
        let kinds = Kinds::of(&self.understanding.terms);
        // "Is the Barista better than the drip machine?"
        let animals = kinds.said.iter().all(|word| is_pet(word));
        let lacks = items.len() < 2 && !animals && !kinds.is_empty() && !items.iter().any(|item| kinds.call(item));
        if lacks {
            let wanted = if items.is_empty() { 3 } else { 1 };
            items.extend(self.best_of(&kinds).await?.into_iter().take(wanted));
        }
        if items.is_empty() {
            const FEW: usize = 3;
            let shelf = self.rooms.search.shelf();
            let before = if self.memory.compared.is_empty() { &self.memory.shown } else { &self.memory.compared };
            items = before.iter().filter_map(|id| shelf.get(id)).cloned().collect();
            // "Compare the two cheapest."
            match self.understanding.sort {
                Some(Sort::Cheapest) => items.sort_by_key(|item| item.minor.unwrap_or(i64::MAX)),
                Some(Sort::Dearest) => items.sort_by_key(|item| std::cmp::Reverse(item.minor)),
                Some(Sort::BestRated) => items.sort_by_key(|item| std::cmp::Reverse(item.rating)),
                _ => {}
            }
            let two =
                [" two ", " 2 ", " both "].iter().any(|word| text.contains(word)) || ["两", "俩"].iter().any(|word| text.contains(word));
            items.truncate(if two { 2 } else { FEW });
        }
        Ok(items)
    }
}

/// Colour and size of each variant that can be had now, as a shopper reads them.
fn stocked_options(shelf: &Shelf, item: &Item, lang: Lang) -> Vec<String> {
    let mut options: Vec<String> = shelf.variants(item).filter(|v| v.in_stock()).map(|v| option(v, lang)).collect();
    options.retain(|o| !o.is_empty());
    options.dedup();
    options
}

fn option(item: &Item, lang: Lang) -> String {
    let said = |text: &str| if is_quotable(text) { text.to_owned() } else { String::new() };
    let color = if item.color.is_empty() { String::new() } else { ground::color_name(&item.color, lang) };
    [said(&color), said(&item.size)].into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" ")
}

fn comparison(facts: &[ground::Fact], need: &str, lang: Lang) -> Event {
    let zh = lang == Lang::Zh;
    let row = |name: &str, value: &dyn Fn(&ground::Fact) -> String| {
        std::iter::once(name.to_owned()).chain(facts.iter().map(value)).collect::<Vec<String>>()
    };
    let mut rows = vec![
        row(if zh { "价格" } else { "Price" }, &|f| f.price.clone().unwrap_or_else(|| "–".to_owned())),
        row(if zh { "库存" } else { "Stock" }, &|f| facts::stock_words(f.availability, f.quantity, lang)),
        row(if zh { "材质" } else { "Material" }, &|f| f.material.clone()),
        row(if zh { "评分" } else { "Rating" }, &|f| f.rating.map_or_else(String::new, |r| format!("{}.{}", r / 100, r % 100 / 10))),
    ];
    let value = |f: &ground::Fact, name: &str| f.details.iter().find(|(n, _)| n == name).map_or_else(String::new, |(_, v)| v.clone());
    let mut names: Vec<&String> = Vec::new();
    for (name, _) in facts.iter().flat_map(|f| &f.details) {
        let stated = facts.iter().filter(|f| !value(f, name).is_empty()).count();
        let differs = facts.iter().any(|f| value(f, name) != value(&facts[0], name));
        if !names.contains(&name) && stated > 1 && differs {
            names.push(name);
        }
    }
    // What the shopper has asked for comes first, then what most pages state.
    let asked = question::topics(need);
    let speaks = |name: &str| question::is_about(&asked, name) || ground::shares_words(need, name);
    names.sort_by_key(|name| (!speaks(name), std::cmp::Reverse(facts.iter().filter(|f| !value(f, name).is_empty()).count())));
    for name in names.into_iter().take(MOST_ROWS) {
        rows.push(row(name, &|f| value(f, name)));
    }
    rows.retain(|r| r[1..].iter().any(|v| !v.is_empty()));
    let columns = std::iter::once(String::new()).chain(facts.iter().map(|f| f.title.clone())).collect();
    Event::Table { columns, rows }
}

fn cheapest_of(price: &Money, stored: &Stored, lang: Lang) -> Sentence {
    let (title, shown) = (stored.product.title(lang), price.display());
    let text = match lang {
        Lang::Zh => format!("这几款里价格最低的是 {title}，{shown}。"),
        Lang::En => format!("Of these, {title} costs the least, {shown}."),
    };
    Sentence { text, claims: vec![facts::claim(&shown, &stored.product.id, "price", &shown, stored.revision)] }
}
