//! The turns that are about no product: policy, what is declined, and kind words.

use super::understand::{Deed, Intent};
use super::{Claim, Finish, Sentence, Turn, say};
use crate::catalog::Lang;

impl Turn<'_> {
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
            (Intent::Policy, Lang::Zh) if gives_back(&self.ask.text) => "退货期限是几天？".to_owned(),
            (Intent::Policy, Lang::En) if gives_back(&self.ask.text) => "What is the return period?".to_owned(),
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
        // After a comma the rest of the message is still to be answered.
        if !self.ask.text.ends_with([',', '，']) {
            self.offer(say::ways_on(self.lang)).await;
        }
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

/// "What if I don't like it?" asks how long it can be returned.
fn gives_back(text: &str) -> bool {
    let plain = text.to_lowercase().replace(['\'', '’'], "");
    let cues = ["what if i dont like", "what if she doesnt", "what if he doesnt", "what if it doesnt fit", "what if they dont fit"];
    cues.iter().any(|cue| plain.contains(cue)) || ["不喜欢怎么办", "不合适怎么办"].iter().any(|cue| plain.contains(cue))
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
