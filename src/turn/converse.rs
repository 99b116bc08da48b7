//! The turns that are about no product: policy, what is declined, and kind words.

use super::cue::{CUES, any, plain};
use super::policy::Asked;
use super::understand::lexicon::{departments, expansions};
use super::understand::{Deed, Intent};
use super::{Claim, Finish, Sentence, Turn, ground, say};
use crate::catalog::Lang;
use crate::errand::hear;
use crate::store::world::Policy;

impl Turn<'_> {
    /// The clause that answers, word for word, with its place; what the shop has not written is said to be unknown. Whoever is to turn
    /// to the shop's people is told how.
    pub(crate) async fn quote_policy(&mut self) -> anyhow::Result<Finish> {
        let intent = self.understanding.intent;
        let policies = self.rooms.policies.get();
        let contacts = policies.contacts(self.lang);
        let deed = matches!(intent, Intent::OrderStatus | Intent::AfterSales(_)) && !asks_for_the_rule(&self.ask.text);
        if intent == Intent::Human && asks_what_this_is(&self.ask.text) {
            self.say(Sentence::plain(say::program(self.lang))).await;
            self.offer(vec![say::a_person(self.lang)]).await;
            return Ok(Finish::Answered);
        }
        if intent == Intent::Human {
            return self.call_person(Vec::new(), "asked for").await;
        }
        let mut clauses = self.answering(&self.ask.text).await;
        self.put_own_rule_first(&mut clauses).await;
        let complaint = intent == Intent::AfterSales(Deed::Complaint);
        let has_orders = self.rooms.store.has_customers().await?;
        match () {
            () if complaint && !clauses.is_empty() => self.say(Sentence::plain(say::sorry(self.lang))).await,
            () if deed && !has_orders => self.say(Sentence::plain(say::no_orders_yet(self.lang))).await,
            () if clauses.is_empty() => self.say(Sentence::plain(say::policy_unknown(self.lang))).await,
            () => {}
        }
        // Whoever is sent to the shop's people is told how to reach them: at once, or after the rule that was announced.
        if let Some(way) = contacts.first()
            && (deed || complaint || clauses.is_empty())
            && clauses.iter().all(|clause| clause.id != way.id)
        {
            clauses.insert(if complaint { clauses.len() } else { 0 }, (*way).clone());
        }
        if !clauses.is_empty() {
            self.memory.rule.clone_from(&self.ask.text);
        }
        for clause in &clauses {
            self.quote(clause).await;
        }
        Ok(Finish::Answered)
    }

    /// "Can the second one be returned?", of a tea: the rule for what it is goes before the rule for all there is.
    pub(super) async fn put_own_rule_first(&self, clauses: &mut Vec<Policy>) {
        const MOST: usize = 2;
        let pointed = self.points() || self.understanding.names_a_position() || self.memory.focus.is_some();
        let Some(item) = self.referred().filter(|_| pointed && !clauses.is_empty()) else { return };
        let kind = format!("{} {}", item.category(self.lang).replace('>', " "), departments(&item.category).join(" "));
        let says = |clause: &Policy| ground::shares_words(&kind, &format!("{} {}", clause.title, clause.body));
        let own = self.answering(&format!("{} {kind}", self.ask.text)).await.into_iter().find(says);
        let page = |clause: &Policy| clause.id.split('/').next().map(str::to_owned);
        if let Some(own) = own.filter(|own| clauses.iter().any(|clause| page(clause) == page(own))) {
            clauses.retain(|clause| clause.id != own.id);
            clauses.insert(0, own);
            clauses.truncate(MOST);
        }
    }

    /// Whether it is a rule that is asked for, and nothing to be done with an order of the shopper's own.
    pub(super) fn asks_for_a_rule(&self) -> bool {
        let (text, at_hand) = (&self.ask.text, self.memory.focus.is_some() || !self.memory.shown.is_empty());
        asks_for_the_rule(text) && (at_hand || speaks_of_any(text) || !wants_it_if_possible(text))
    }

    /// The clauses that answer a question.
    pub(super) async fn answering(&self, text: &str) -> Vec<Policy> {
        let meaning = match self.rooms.search.encoder() {
            Some(encoder) => encoder.encode_query(text).await.ok(),
            None => None,
        };
        let asked = Asked { text, lang: self.lang, intent: Some(self.understanding.intent), meaning: meaning.as_deref() };
        let policies = self.rooms.policies.get();
        let found = if self.matters.is_empty() { policies.find(&asked) } else { policies.find_about(&self.matters, &asked) };
        found.into_iter().cloned().collect()
    }

    pub(super) async fn quote(&mut self, clause: &Policy) {
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

    /// Nothing a shop can help with: said plainly, and the way back is shown.
    pub(crate) async fn decline(&mut self) -> anyhow::Result<Finish> {
        self.say(Sentence::plain(say::out_of_scope(self.lang))).await;
        // After a comma the rest of the message is still to be answered.
        if !self.ask.text.ends_with([',', '，']) {
            self.offer(say::ways_on(self.lang)).await;
        }
        Ok(Finish::Answered)
    }

    pub(crate) async fn be_kind(&mut self) -> anyhow::Result<Finish> {
        let intent = self.understanding.intent;
        // "I'll take it in pink": whether it comes so, and how to order.
        if intent == Intent::Buy
            && super::context::varies(&self.understanding.filters)
            && let Some(item) = self.about.first().cloned().or_else(|| self.at_hand())
        {
            self.tell_variant(&item).await;
        }
        self.say(Sentence::plain(say::kind_words(intent, self.lang))).await;
        if intent == Intent::Greeting {
            self.offer(say::ways_on(self.lang)).await;
        }
        Ok(Finish::Answered)
    }
}

/// "Are you a person or a robot?" asks for nobody.
pub(super) fn asks_what_this_is(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        "机器人",
        "真人还是",
        "是人吗",
        "是真人",
        "真人吗",
        "真人么",
        "是ai",
        "robot",
        "a bot",
        "are you human",
        "are you a human",
        "are you real",
        "are you a person",
        "are you an ai",
    ]
    .iter()
    .any(|words| lower.contains(words))
        && !["转", "换", "找", "talk to", "speak to", "want", "need", "get me"].iter().any(|words| lower.contains(words))
}

/// Something is to be done now: no rule is asked for, and no case supposed ("if it does not fit").
pub(super) fn wants_it_done(text: &str) -> bool {
    let lower = text.to_lowercase();
    let supposes =
        ["if ", "in case", "unless", "or not", "之后", "如果", "要是", "万一", "不合适", "的话"].iter().any(|w| lower.contains(w));
    !supposes && !asks_for_the_rule(text)
}

/// "Can I swap it?", 咖啡机想退，可以吗: it is to be done, if it may be.
pub(super) fn wants_it_if_possible(text: &str) -> bool {
    let lower = text.to_lowercase();
    let how = ["多久", "怎么", "如何", "规定", "政策", "几天", "多少", "how", "when", "policy", "long"];
    hear::cuts::wants(text) && !how.iter().any(|w| lower.contains(w))
}

/// 退货运费谁付: a rule is asked for, and nobody's own order is spoken of.
pub(super) fn asks_in_general(text: &str) -> bool {
    let lower = plain(text);
    let own = ["我", "俺", "单", "包裹", " my ", " mine ", " i ", " order ", " orders ", " our ", "#"];
    asks_for_the_rule(text) && !own.iter().any(|w| lower.contains(w)) && !text.contains('#')
}

/// "Can I send something back if I have opened it?": of whatever may be bought, not of what was.
pub(super) fn speaks_of_any(text: &str) -> bool {
    let lower = plain(text);
    let any = [" something ", " anything ", " things ", " stuff ", " an item ", " items ", " a purchase ", "东西", "商品"];
    let supposes = [" if ", "如果", "要是", "万一"].iter().any(|w| lower.contains(w));
    any.iter().any(|w| lower.contains(w)) && (supposes || !hear::is_own(text))
}

/// Whether a verb of orders only says what is to be bought: 想换个电视, "noise cancelling headphones".
pub(super) fn replaces(text: &str) -> bool {
    const NEW: &[&str] = &["换个", "换台", "换部", "换把", "换张", "换新", "换一个", "换一台", "换一部", "换一把", "换一张"];
    const NEAR: usize = 12;
    let named = |(at, word): (usize, &str)| expansions(&text[at + word.len()..]).iter().any(|e| e.kind && e.span.0 <= NEAR);
    let new = NEW.iter().flat_map(|word| text.match_indices(word)).any(named);
    let said = plain(text);
    let noise = ["noise", "sound", "echo"].iter().any(|what| said.contains(&format!(" {what} cancel")));
    (new || noise) && !hear::is_own(text) && !any(&said, &CUES.bought)
}

/// "How long do I have to return things?" asks for the rule; "return my shoes" asks for a deed.
pub(super) fn asks_for_the_rule(text: &str) -> bool {
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
        "who",
        "谁",
        "哪里",
    ];
    let own = ["my order", "#", "我的订单", "订单号", "我的包裹", "my package", "my parcel"];
    asks.iter().any(|w| lower.contains(w)) && !own.iter().any(|w| lower.contains(w))
}
