//! A question of the shop's in; the customer's answer out: a fact in words, or a button that says it.

use super::naming::{method_of, pairs};
use super::phrases::copied;
use super::reading::{Reply, Slot, whole};
use super::script::{Act, Customer, End, PATIENCE};
use super::task::KnownBy;
use crate::aftersales::Deed;
use crate::aftersales::nouns::OrderItem;

impl Customer<'_> {
    pub(super) fn answer(&mut self, slot: Slot, sentence: &str, reply: &Reply) -> Act {
        self.attend(sentence);
        let at = self.at;
        // "Which one should it be?" is about what its buttons are about.
        let methods = self.words_for(Slot::Method, &self.errands[at].said);
        let slot = if slot == Slot::Items && reply.button(&methods).is_some() { Slot::Method } else { slot };
        let times = {
            let times = self.errands[at].asked.entry(slot).or_default();
            // Another question of the same kind ("which size?" after "which colour?") is not the same once more.
            let another = matches!(slot, Slot::Target | Slot::Items | Slot::Address) && sentence != self.last_question;
            *times = if another { 1 } else { *times + 1 };
            sentence.clone_into(&mut self.last_question);
            *times
        };
        if times > PATIENCE + pairs(&self.errands[at].truth).len() {
            return Act::Leave(End::GaveUp("asked again and again"));
        }
        if let Some(no) = self.not_mine(slot, sentence) {
            return self.speak(no);
        }
        let asks_first = !matches!(slot, Slot::Identity | Slot::Confirm | Slot::More | Slot::Order);
        if asks_first
            && self.voice.once_in(2)
            && let Some(question) = self.in_between(at)
        {
            self.put_off = Some(slot);
            return self.speak(question);
        }
        let deed = self.errands[at].said.clone();
        let text = match slot {
            Slot::Identity => {
                self.known += 1;
                if self.known > PATIENCE {
                    return Act::Leave(End::GaveUp("not identified"));
                }
                self.identify(sentence)
            }
            Slot::Confirm if self.waiting.is_some() => return self.yes(),
            Slot::Confirm => self.confirm_reading(sentence, &deed),
            Slot::More => return self.request_or_say_again(),
            Slot::Complete => match self.errands[at].piecemeal.take() {
                Some(told) => return self.rest_of_items(told),
                None => self.voice.say("complete_yes", &[]),
            },
            Slot::Target => return self.target(sentence, &deed, times > 1, reply),
            Slot::Items => return self.which_items(sentence, &deed, times, reply),
            _ => {
                if let Some(act) = self.press(reply, &self.words_for(slot, &deed)) {
                    return act;
                }
                match self.things.fact(&deed, slot, self.number, times > 1, &mut self.voice) {
                    Some(text) => text,
                    None => return self.say_again(),
                }
            }
        };
        self.speak(text)
    }

    /// Turns to the errand a question is about, when it names the order or an item of another one that is open.
    fn attend(&mut self, sentence: &str) {
        let order_named = |deed: &Deed| deed.order().is_some_and(|id| whole(sentence, &id.to_lowercase()));
        let item_named = |deed: &Deed| self.things.pairs(deed).iter().any(|(item, _)| whole(sentence, &item.title.to_lowercase()));
        let any_order = self.things.case.orders.iter().any(|o| whole(sentence, &o.id.to_lowercase()));
        let about = |deed: &Deed| if any_order { order_named(deed) } else { item_named(deed) };
        if about(&self.errands[self.at].said) {
            return;
        }
        self.at = self.errands.iter().position(|e| e.open && about(&e.said)).unwrap_or(self.at);
    }

    /// No to a question about an order or an item nobody wants anything of.
    fn not_mine(&mut self, slot: Slot, sentence: &str) -> Option<String> {
        if matches!(slot, Slot::Identity | Slot::Order | Slot::More | Slot::Confirm | Slot::Complete) {
            return None;
        }
        let deed = self.errands[self.at].said.clone();
        let orders = &self.things.case.orders;
        let other = orders.iter().find(|o| whole(sentence, &o.id.to_lowercase()));
        if let Some(other) = other
            && deed.order() != Some(&other.id)
        {
            let order = self.things.order_name(other, true, &mut self.voice);
            return Some(self.voice.say("not_order", &[("order", order)]));
        }
        let pairs = self.things.pairs(&deed);
        let titled = |item: &OrderItem| whole(sentence, &item.title.to_lowercase());
        if slot != Slot::Target || pairs.is_empty() || pairs.iter().any(|(item, _)| titled(item)) {
            return None;
        }
        let order = deed.order().and_then(|id| self.things.order(id))?;
        let (in_order, other) = orders.iter().flat_map(|o| o.items.iter().map(move |i| (o, i))).find(|(_, item)| titled(item))?;
        let other = self.things.item(other, in_order, &mut self.voice);
        let items: Vec<&OrderItem> = pairs.into_iter().map(|(item, _)| item).collect();
        let items = self.things.items(&items, order, &mut self.voice);
        Some(self.voice.say("not_that", &[("other", other), ("items", items)]))
    }

    /// A question of the customer's own instead of the answer, once.
    pub(super) fn in_between(&mut self, at: usize) -> Option<String> {
        let key = self.question.take()?;
        let deed = self.errands[at].truth.clone();
        let order = deed.order().and_then(|id| self.things.order(id))?;
        self.asked_in_between = true;
        let name = self.things.order_name(order, true, &mut self.voice);
        let item = self.things.pairs(&deed).first().map_or(&order.items[0], |(item, _)| *item);
        let others: Vec<&OrderItem> = order.items.iter().collect();
        let kind = self.things.kind(item, &others, &mut self.voice);
        Some(self.voice.say(key, &[("order", name), ("kind", kind)]))
    }

    /// What is asked of the items: which of the order's, or which of two.
    fn which_items(&mut self, sentence: &str, deed: &Deed, times: usize, reply: &Reply) -> Act {
        let pairs = self.things.pairs(deed);
        let order = deed.order().and_then(|id| self.things.order(id));
        let mut items: Vec<&OrderItem> = pairs.iter().map(|(item, _)| *item).collect();
        let (Some(order), false) = (order, items.is_empty()) else { return self.request_or_say_again() };
        if let Some(told) = self.errands[self.at].piecemeal {
            items.truncate(told);
        }
        // "Which bottle?" when there are two the same: either will do.
        let alike = order.items.iter().filter(|i| items.iter().any(|w| w.id == i.id)).count() > items.len();
        if alike && times > 1 {
            let either = self.voice.say("either", &[]);
            return self.speak(either);
        }
        let named: Vec<&OrderItem> = items.iter().filter(|i| self.mentions(sentence, i)).copied().collect();
        let asked = if named.is_empty() { items } else { named };
        if let [only] = asked[..] {
            let words: Vec<String> =
                [Some(&only.title), Some(&only.id), self.things.titles.get(&only.item_group_id)].into_iter().flatten().cloned().collect();
            let unlike = order.items.iter().filter(|i| i.item_group_id == only.item_group_id).count() == 1;
            if unlike && let Some(act) = self.press(reply, &words) {
                return act;
            }
        }
        match self.things.some_items(&asked, Some(order), "tell_items", &mut self.voice) {
            Some(text) => self.speak(text),
            None => self.say_again(),
        }
    }

    fn mentions(&self, sentence: &str, item: &OrderItem) -> bool {
        let names = self.things.names(item, &self.voice);
        names.iter().chain([&item.title]).any(|name| sentence.contains(&name.to_lowercase()))
    }

    /// What the item asked about is to become; all of them when it is not clear which.
    fn target(&mut self, sentence: &str, deed: &Deed, again: bool, reply: &Reply) -> Act {
        let mut pairs = self.things.pairs(deed);
        if let Some(told) = self.errands[self.at].piecemeal {
            pairs.truncate(told);
        }
        let named: Vec<_> = pairs.iter().filter(|(item, _)| self.mentions(sentence, item)).copied().collect();
        let asked = if named.is_empty() { pairs } else { named };
        let [pair] = asked[..] else {
            return match self.things.fact(deed, Slot::Target, self.number, again, &mut self.voice) {
                Some(text) => self.speak(text),
                None => self.request_or_say_again(),
            };
        };
        let now = self.things.options(pair.0, pair.1.unwrap_or_default());
        let all: Vec<String> = now.values().cloned().collect();
        if let Some(button) = reply.button_of_all(&all).cloned()
            && let Some(act) = self.press_it(reply, button)
        {
            return act;
        }
        // "Which size?" is answered with the size, also when it stays. What the item is now may stand before the question.
        let question = sentence.rsplit([':', '：', ')', '）']).next().unwrap_or(sentence);
        let options = &self.voice.phrases.words.options;
        let said = |name: &str| {
            question.contains(&name.to_lowercase()) || options.get(name).is_some_and(|o| o.iter().any(|w| question.contains(w.as_str())))
        };
        let open: Vec<(&String, &String)> = now.iter().filter(|(name, _)| said(name)).collect();
        if let [(name, value)] = open[..]
            && !again
        {
            if let Some(button) = reply.button_of_all(std::slice::from_ref(value)).cloned()
                && let Some(act) = self.press_it(reply, button)
            {
                return act;
            }
            let value = self.things.option(name, value, pair.0, &mut self.voice);
            let text = self.voice.say("tell_value", &[("value", value)]);
            return self.speak(text);
        }
        let target = self.things.target(pair, again, &mut self.voice);
        let text = self.voice.say("tell_target", &[("target", target)]);
        self.speak(text)
    }

    pub(super) fn rest_of_items(&mut self, told: usize) -> Act {
        let deed = self.errands[self.at].truth.clone();
        let rest: Vec<_> = self.things.pairs(&deed).into_iter().skip(told).collect();
        let order = deed.order().and_then(|id| self.things.order(id));
        let Some(order) = order else { return self.say_again() };
        let parts: Vec<String> = rest.iter().map(|pair| self.things.piece(*pair, order, &mut self.voice)).collect();
        let items = self.voice.list(&parts);
        let text = self.voice.say("complete_no", &[("items", items)]);
        self.speak(text)
    }

    /// "You mean order #W1?" is right when it names what is meant.
    fn confirm_reading(&mut self, sentence: &str, deed: &Deed) -> String {
        let named = sentence.contains('#');
        let right = deed.order().is_none_or(|id| !named || sentence.contains(&id.to_lowercase()));
        if right {
            return self.voice.say("yes", &[]);
        }
        let no = self.voice.say("no", &[]);
        format!("{no}{}", self.things.correction(deed, Slot::Order, &mut self.voice))
    }

    /// Presses a button with one of `words`, in one of two cases.
    fn press(&mut self, reply: &Reply, words: &[String]) -> Option<Act> {
        let button = reply.button(words)?.clone();
        self.press_it(reply, button)
    }

    fn press_it(&mut self, reply: &Reply, (label, value): (String, String)) -> Option<Act> {
        let press = self.voice.once_in(2);
        press.then(|| Act::Press { turn: reply.turn.clone(), action: "reply", value, label })
    }

    /// By which words a button for the fact is known.
    fn words_for(&self, slot: Slot, deed: &Deed) -> Vec<String> {
        match slot {
            Slot::Order => deed.order().map(str::to_owned).into_iter().collect(),
            Slot::Method => {
                let id = method_of(deed).unwrap_or_default();
                let four = self.task.case.customer.method(id).and_then(|m| m.last_four.clone());
                [Some(id.to_owned()), four].into_iter().flatten().collect()
            }
            Slot::Reason => match deed {
                Deed::Cancel { reason, .. } => {
                    let rules = self.policy.deeds.values().flat_map(|rule| &rule.reasons);
                    rules.filter(|r| r.name == *reason).flat_map(|r| [r.name.clone(), r.zh.clone()]).collect()
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    fn identify(&mut self, sentence: &str) -> String {
        let wants_zip = ["zip", "postcode", "name", "邮编", "姓名"].iter().any(|w| sentence.contains(w));
        match self.task.known_by {
            KnownBy::Zip if !wants_zip && self.known == 1 => {
                let fills = self.who();
                self.voice.say("no_email", &fills)
            }
            _ => self.identity(self.known > 1),
        }
    }

    /// Who the customer is; `other` in the other way than the task's.
    pub(super) fn identity(&mut self, other: bool) -> String {
        let fills = self.who();
        let by_email = (self.task.known_by == KnownBy::Email) != other;
        self.voice.say(if by_email { "tell_email" } else { "tell_zip" }, &fills)
    }

    fn who(&self) -> [(&'static str, String); 3] {
        let customer = &self.task.case.customer;
        [("name", copied(&self.task.name())), ("email", copied(&customer.email)), ("zip", customer.address.zip.clone())]
    }
}
