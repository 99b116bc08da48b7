//! The turns that are not a search: details, comparison, policy, and kind words.

use super::quotable::is_quotable;
use super::understand::{Deed, Intent};
use super::{Claim, Event, Finish, Sentence, Turn, facts, ground, say};
use crate::catalog::{Lang, Money};
use crate::search::{Filter, Item, Shelf};
use std::sync::Arc;

impl Turn<'_> {
    /// Price, stock, options and description of the product that is meant.
    pub(crate) async fn tell_about(&mut self) -> anyhow::Result<Finish> {
        let Some(item) = self.referred() else {
            if let Some(finish) = self.admit_missing_position().await {
                return Ok(finish);
            }
            if !self.understanding.terms.trim().is_empty() {
                return self.sell().await;
            }
            self.say(Sentence::plain(say::which_product(self.lang))).await;
            return Ok(Finish::Asked);
        };
        let Some(stored) = self.rooms.store.product(&item.id).await? else {
            return self.sell().await;
        };
        let fact = ground::fact(&stored.product, stored.revision, self.lang);
        self.show(Event::Products(vec![ground::card_of(&item, self.lang)])).await;
        let shelf = self.rooms.search.shelf();
        let variants = stocked_options(&shelf, &item, self.lang);
        for sentence in facts::about_product(&fact, &variants, self.lang) {
            self.say(sentence).await;
        }
        if self.understanding.intent == Intent::Detail && !fact.description.is_empty() {
            let claims = vec![facts::claim(&fact.description, &fact.id, "description", &fact.description, fact.revision)];
            self.say(Sentence { text: fact.description.clone(), claims }).await;
        }
        Ok(Finish::Answered)
    }

    /// "The third one" where two are shown: says so. `None` when the message names no position.
    async fn admit_missing_position(&mut self) -> Option<Finish> {
        if !self.understanding.names_a_position() || self.memory.shown.is_empty() {
            return None;
        }
        self.say(Sentence::plain(say::no_such_position(self.memory.shown.len(), self.lang))).await;
        Some(Finish::Asked)
    }

    /// Whether the product that is meant comes in the colour or size asked for. `None` when the message does not ask that.
    pub(crate) async fn tell_variant(&mut self) -> anyhow::Result<Option<Finish>> {
        let filters = &self.understanding.filters;
        if self.understanding.reference.is_none() || (filters.colors.is_empty() && filters.sizes.is_empty()) {
            return Ok(None);
        }
        let Some(item) = self.referred() else {
            return Ok(self.admit_missing_position().await);
        };
        let shelf = self.rooms.search.shelf();
        let wanted = Filter { colors: filters.colors.clone(), sizes: filters.sizes.clone(), ..Filter::default() };
        let mut fitting: Vec<&Arc<Item>> = shelf.variants(&item).filter(|v| wanted.admits(v)).collect();
        fitting.sort_by_key(|v| !v.in_stock());
        if let Some(variant) = fitting.first() {
            let card = ground::card_of(variant, self.lang);
            self.show(Event::Products(vec![card.clone()])).await;
            self.say(facts::has_variant(&card, self.lang)).await;
        } else {
            let options = stocked_options(&shelf, &item, self.lang);
            self.say(facts::no_variant(&ground::card_of(&item, self.lang), item.title(self.lang), &options, self.lang)).await;
        }
        Ok(Some(Finish::Answered))
    }

    /// The first products shown, side by side: price, stock, rating, and the details on which they differ.
    pub(crate) async fn compare(&mut self) -> anyhow::Result<Finish> {
        let shown = &self.memory.shown;
        let mut positions = self.understanding.positions(shown.len());
        if positions.len() < 2 {
            positions = (0..shown.len()).collect();
        }
        let ids: Vec<String> = positions.into_iter().take(3).filter_map(|n| shown.get(n).cloned()).collect();
        let mut products = Vec::new();
        for id in &ids {
            products.extend(self.rooms.store.product(id).await?);
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
        let table = comparison(&facts, lang);
        self.show(table).await;
        let cheapest = products.iter().filter_map(|s| s.product.offer.price.clone().map(|p| (p, s))).min_by_key(|(p, _)| p.minor);
        if let Some((price, stored)) = cheapest {
            self.say(cheapest_of(&price, stored, lang)).await;
        }
        Ok(Finish::Answered)
    }

    /// The clause that answers, word for word, with its place; what the shop has not written is said to be unknown.
    pub(crate) async fn quote_policy(&mut self) -> anyhow::Result<Finish> {
        let intent = self.understanding.intent;
        match intent {
            Intent::AfterSales(Deed::Complaint) => self.say(Sentence::plain(say::sorry(self.lang))).await,
            Intent::OrderStatus | Intent::AfterSales(_) if !asks_for_the_rule(&self.ask.text) => {
                self.say(Sentence::plain(say::no_orders_yet(self.lang))).await
            }
            Intent::Human => self.say(Sentence::plain(say::no_person_yet(self.lang))).await,
            _ => {}
        }
        let question = match (intent, self.lang) {
            (Intent::OrderStatus | Intent::Human, Lang::Zh) => "联系 客服 电话 邮箱".to_owned(),
            (Intent::OrderStatus | Intent::Human, Lang::En) => "contact customer service phone email".to_owned(),
            _ => self.ask.text.clone(),
        };
        let vector = match self.rooms.search.encoder() {
            Some(encoder) => encoder.encode_query(&question).await.ok(),
            None => None,
        };
        let policies = self.rooms.policies.get();
        let clauses = policies.find(&question, self.lang, 1, vector.as_deref());
        if clauses.is_empty() {
            self.say(Sentence::plain(say::policy_unknown(self.lang))).await;
            return Ok(Finish::Answered);
        }
        for clause in clauses {
            let claim = Claim {
                text: clause.body.clone(),
                product: None,
                policy: Some(clause.id.clone()),
                field: "body".to_owned(),
                value: clause.body.clone(),
                revision: clause.revision,
            };
            let text = match self.lang {
                Lang::Zh => format!("《{}》：{}", clause.title, clause.body),
                Lang::En => format!("{}: {}", clause.title, clause.body),
            };
            self.say(Sentence { text, claims: vec![claim] }).await;
        }
        Ok(Finish::Answered)
    }

    /// Nothing a shop can help with: said plainly, and the way back is shown.
    pub(crate) async fn decline(&mut self) -> anyhow::Result<Finish> {
        self.say(Sentence::plain(say::out_of_scope(self.lang))).await;
        self.offer(say::ways_on(self.lang)).await;
        Ok(Finish::Answered)
    }

    pub(crate) async fn be_kind(&mut self) -> anyhow::Result<Finish> {
        let intent = self.understanding.intent;
        self.say(Sentence::plain(say::kind_words(intent, self.lang))).await;
        if intent == Intent::Greeting {
            self.offer(say::ways_on(self.lang)).await;
        }
        Ok(Finish::Answered)
    }
}

/// "How long do I have to return things?" asks for the rule; "return my shoes" asks for a deed.
fn asks_for_the_rule(text: &str) -> bool {
    let lower = text.to_lowercase();
    let asks = [
        "多久",
        "怎么",
        "如何",
        "可以",
        "能不能",
        "能否",
        "规定",
        "政策",
        "几天",
        "多少",
        "什么",
        "?",
        "？",
        "吗",
        "how",
        "what",
        "when",
        "can i",
        "do you",
        "policy",
        "long",
    ];
    let own = ["my order", "#", "我的订单", "订单号", "我的包裹", "my package", "my parcel"];
    asks.iter().any(|w| lower.contains(w)) && !own.iter().any(|w| lower.contains(w))
}

/// Colour and size of each variant that can be had now, as a shopper reads them.
fn stocked_options(shelf: &Shelf, item: &Item, lang: Lang) -> Vec<String> {
    let mut options: Vec<String> = shelf.variants(item).filter(|v| v.in_stock()).map(|v| option(v, lang)).collect();
    options.retain(|o| !o.is_empty());
    options.dedup();
    options
}

fn option(item: &crate::search::Item, lang: Lang) -> String {
    let said = |text: &str| if is_quotable(text) { text.to_owned() } else { String::new() };
    let color = if item.color.is_empty() { String::new() } else { ground::color_name(&item.color, lang) };
    [said(&color), said(&item.size)].into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" ")
}

fn comparison(facts: &[ground::Fact], lang: Lang) -> Event {
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
    let mut names: Vec<&String> = Vec::new();
    for (name, _) in facts.iter().flat_map(|f| &f.details) {
        if !names.contains(&name) && facts.iter().filter(|f| f.details.iter().any(|(n, _)| n == name)).count() > 1 {
            names.push(name);
        }
    }
    for name in names.into_iter().take(6) {
        rows.push(row(name, &|f| f.details.iter().find(|(n, _)| n == name).map_or_else(String::new, |(_, v)| v.clone())));
    }
    rows.retain(|r| r[1..].iter().any(|v| !v.is_empty()));
    let columns = std::iter::once(String::new()).chain(facts.iter().map(|f| f.title.clone())).collect();
    Event::Table { columns, rows }
}

fn cheapest_of(price: &Money, stored: &crate::store::catalog::Stored, lang: Lang) -> Sentence {
    let (title, shown) = (stored.product.title(lang), price.display());
    let text = match lang {
        Lang::Zh => format!("这几款里价格最低的是 {title}，{shown}。"),
        Lang::En => format!("Of these, {title} costs the least, {shown}."),
    };
    Sentence { text, claims: vec![facts::claim(&shown, &stored.product.id, "price", &shown, stored.revision)] }
}
