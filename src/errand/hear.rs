//! A message in, in Chinese, English or both; what it says about orders, part by part, out. Pure. What cannot be told apart stays several.

mod address;
mod answer;
pub mod cuts;
mod lexicon;
mod method;
mod orders;
mod parts;
mod pattern;
mod question;
mod reason;
mod verb;
mod when;
mod who;
pub(super) mod words;

#[cfg(test)]
mod tests;

use super::heard::{AddressMention, Answer, Heard, Part, Question, Verb};
use super::items::mentions;
use super::{Errands, ItemMention, Slot};
use crate::aftersales::nouns::{Case, Shelf, Status};
use crate::aftersales::policy::Policy;
pub use cuts::{is_own, ordinal, says_who};
use lexicon::LEXICON;
use orders::Mention;
use parts::{Cutter, Piece};
use std::ops::Range;
use verb::What;
use words::Words;
pub use words::is_han;

/// Hears a message. Without a case nobody is known yet, and no order, item or method can be.
pub fn hear(text: &str, case: Option<&Case>, shelf: &Shelf, policy: &Policy, errands: &Errands) -> Heard {
    let mut words = Words::of(text);
    verb::mend(&mut words);
    let orders = orders::mentions(&words, case, errands);
    let holders = |text: &str| holders(text, case, shelf);
    let own = case.map(|case| address::Own { case, holders: &holders, orders: &orders, errands });
    let addresses = address::addresses(&words, &orders, errands, own.as_ref());
    let taken: Vec<Range<usize>> = addresses.iter().map(|(span, _)| span.clone()).collect();
    // An order whose address is taken over is not what the message is about.
    let orders: Vec<Mention> = orders.into_iter().filter(|o| !taken.iter().any(|t| t.contains(&o.span.start))).collect();
    let events = question::told_apart(&words, verb::events(&words, &taken), &addresses);
    let room = Room { words: &words, case, shelf, policy, errands, orders: &orders, addresses: &addresses };
    let pieces = Cutter::new(&words, &orders, &taken).pieces(&events);
    let mut parts: Vec<Part> = pieces.iter().map(|piece| room.part(piece)).collect();
    room.spread(&pieces, &mut parts);
    parts.retain(|p| !p.is_empty());
    let bare = parts.iter().all(|p| Part { complete: false, ..p.clone() }.is_empty());
    let answered = answer::answer(&words, &events, errands, bare);
    if answered.wholly {
        parts.retain(|p| p.complete);
        parts.iter_mut().for_each(|p| *p = Part { text: std::mem::take(&mut p.text), complete: true, ..Part::default() });
    } else if parts.is_empty()
        && matches!(errands.asked, Some(Slot::Target | Slot::Items | Slot::Order | Slot::Confirm))
        && (answered.answer.is_none() || errands.asked == Some(Slot::Confirm))
        && words.len() > 0
    {
        // Words of a variant are read by whoever knows which item is meant.
        parts.push(Part { text: words.plain(&(0..words.len())).to_owned(), ..Part::default() });
    }
    // "No, that's all" says that nothing is to be added, and takes nothing back.
    let adds_nothing = answered.answer == Some(Answer::No) && parts.iter().any(|p| p.complete);
    let answer = answered.answer.filter(|_| !adds_nothing);
    let told = who::told(&words, &orders, &taken, errands);
    let objects = answer::objects(&words);
    let anew = objects || LEXICON.book("answer.anew").has(&words, 0..words.len());
    parts.iter_mut().for_each(|p| p.anew = anew);
    let agrees = answer::agrees(&words);
    Heard { told, answer, objects, agrees, parts }
}

/// Hears a message that came while a proposal waits: the questions in it each by itself, for what is named there is only asked about.
pub fn hear_all(text: &str, case: Option<&Case>, shelf: &Shelf, policy: &Policy, errands: &Errands) -> Vec<Heard> {
    let (rest, questions) = match errands.asked {
        Some(Slot::Confirm) => cuts::apart(text),
        _ => (text.to_owned(), Vec::new()),
    };
    if questions.is_empty() {
        return vec![hear(text, case, shelf, policy, errands)];
    }
    let heard = |text: &String| hear(text, case, shelf, policy, errands);
    let said = Some(&rest).filter(|rest| !rest.is_empty()).map(heard);
    let asked = questions.iter().map(|text| {
        let mut heard = heard(text);
        heard.parts.iter_mut().for_each(|p| p.verb = None);
        heard
    });
    said.into_iter().chain(asked).collect()
}

/// The orders that hold everything named in some words; none when nothing is.
fn holders(text: &str, case: Option<&Case>, shelf: &Shelf) -> Vec<String> {
    let Some(case) = case else { return Vec::new() };
    let named = mentions(text, case, &[], shelf, None);
    let things: Vec<&ItemMention> = named.items.iter().chain(&named.holding).filter(|m| !m.fits.is_empty()).collect();
    let holds = |id: &String| !things.is_empty() && things.iter().all(|m| m.is_on(id));
    case.orders.iter().map(|o| o.id.clone()).filter(holds).collect()
}

/// What a message is heard with.
struct Room<'a> {
    words: &'a Words,
    case: Option<&'a Case>,
    shelf: &'a Shelf,
    policy: &'a Policy,
    errands: &'a Errands,
    orders: &'a [Mention],
    addresses: &'a [(Range<usize>, AddressMention)],
}

impl Room<'_> {
    fn part(&self, piece: &Piece) -> Part {
        let Self { words, errands, .. } = *self;
        let range = piece.range.clone();
        let (mut orders, mut left_orders): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for order in self.orders.iter().filter(|o| range.contains(&o.span.start)) {
            let list = if orders::is_left(words, order) && !errands.queue.is_empty() { &mut left_orders } else { &mut orders };
            if !list.contains(&order.order) {
                list.push(order.order.clone());
            }
        }
        let mut questions: Vec<Question> = Vec::new();
        for event in &piece.events {
            if let What::Question(question) = event.what
                && !questions.contains(&question)
            {
                questions.push(question);
            }
        }
        let text = words.plain(&range).trim_matches([' ', ',', ';', '\n']).to_owned();
        let verb = piece.verb();
        let items = self.case.map(|case| mentions(&self.plain(&range), case, &orders, self.shelf, verb)).unwrap_or_default();
        let asks = questions.contains(&Question::Status);
        // "All three: the vacuum, the machine and the shirt".
        let counted = LEXICON.book("parts.counted").has(words, range.clone());
        let all = items.all && !(counted && items.items.iter().any(|m| !m.fits.is_empty()));
        // What can be changed is asked, not that it be changed.
        let may_be = questions.contains(&Question::CanDo) && items.items.iter().all(|m| m.into.is_none());
        let verb = verb.filter(|v| !(may_be && (*v == Verb::Change || errands.asked == Some(Slot::Confirm))));
        let mut part = Part {
            verb,
            when: when::when(words, &range, asks),
            items: items.items,
            all,
            except: items.except,
            left: items.left,
            holding: items.holding,
            left_orders,
            method: self.method(&range, &questions),
            address: self.address(&range),
            reason: reason::reason(words, &range, self.policy, errands.asked == Some(Slot::Reason)),
            complete: answer::complete(words, &range),
            text,
            questions,
            orders,
            ..Part::default()
        };
        // Of a whole order a thing on it tells which one it is, unless its number does.
        if matches!(verb, Some(Verb::Cancel | Verb::Address | Verb::Payment)) && part.orders.is_empty() {
            part.holding.append(&mut part.items);
        }
        let newest = ["last", "latest", "newest", "recent", "最近", "最新"];
        part.when.latest |= errands.asked == Some(Slot::Order) && newest.iter().any(|w| part.text.to_lowercase().contains(w));
        self.settle(piece, &mut part);
        let refused = piece.events.iter().find_map(|e| match e.what {
            What::Dropped(verb) => Some(verb),
            // "Don't return it" takes back only what had been asked for.
            What::Refused(verb) if errands.queue.iter().any(|r| r.verb == Some(verb)) => Some(Some(verb)),
            _ => None,
        });
        match refused {
            // "The grill stays as it is": of several things one is not meant.
            Some(_) if part.verb.is_none() && self.is_one_of_several(&part) => part.left.append(&mut part.items),
            // "Not the e-reader, I am keeping that one."
            Some(_) if part.verb.is_none() && !part.left.is_empty() => {}
            // "I don't want to change the mouse", of which nobody spoke.
            Some(_) if part.verb.is_none() && self.is_of_no_request(&part) => part.items.clear(),
            Some(dropped) if part.verb.is_none() => {
                (part.dropped, part.verb, part.reason) = (true, dropped, None);
                part.items.clear();
            }
            _ => {}
        }
        part
    }

    /// Whether things are named, and none that something is to be done with.
    fn is_of_no_request(&self, part: &Part) -> bool {
        let Some(request) = self.errands.queue.first().filter(|r| !r.items.is_empty()) else { return false };
        part.items.iter().any(|m| !m.fits.is_empty()) && !part.items.iter().any(|m| request.has(m))
    }

    /// Whether things are named of a request that is about more of them.
    fn is_one_of_several(&self, part: &Part) -> bool {
        let Some(request) = self.errands.queue.first() else { return false };
        request.items.len() > 1 && !part.items.is_empty() && part.items.iter().all(|m| request.has(m))
    }

    /// The verb as the rest of the part has it.
    fn settle(&self, piece: &Piece, part: &mut Part) {
        let asked = self.errands.asked;
        let strong = piece.events.iter().any(|e| e.verb().is_some() && LEXICON.verbs.at(self.words, e.span.start).is_some());
        let said_of = |status: Status| {
            let on = |id: &str| self.case.and_then(|c| c.order(id)).is_some_and(|o| o.status == status);
            let mut told = part.items.iter().chain(&part.holding).flat_map(|m| &m.fits).peekable();
            if part.orders.is_empty() { told.peek().is_some() && told.all(|p| on(&p.order)) } else { part.orders.iter().all(|id| on(id)) }
        };
        match part.verb {
            // "I don't need it any more" is why; of something that has arrived, it goes back.
            Some(Verb::Cancel) if !strong => {
                let of_order =
                    !part.orders.is_empty() || !part.when.is_open() || ["order", "单"].iter().any(|w| part.text.to_lowercase().contains(w));
                let alone = !of_order && part.items.is_empty() && part.holding.is_empty() && (asked.is_some() || part.text.is_ascii());
                if said_of(Status::Delivered) {
                    part.verb = Some(Verb::Return);
                } else if alone || asked == Some(Slot::Reason) {
                    part.verb = None;
                }
            }
            // "It should be the lamp" answers; alone it asks for nothing.
            Some(Verb::Swap) if !strong && (asked.is_some() || (part.items.is_empty() && !(self.case.is_none() && is_own(&part.text)))) => {
                part.verb = None;
            }
            // "We moved", asked why something is cancelled.
            Some(Verb::Address) if asked == Some(Slot::Reason) && part.address.is_none() => part.verb = None,
            // "Switch my shirt order to PayPal": of an order with nothing to become anything, it is paid otherwise.
            Some(Verb::Swap | Verb::Change) if asked.is_none() && part.method.is_some() && part.items.is_empty() && !part.all => {
                let text = part.text.to_lowercase();
                let of_order = !part.orders.is_empty() || !part.holding.is_empty() || text.contains(" order") || text.contains('单');
                let difference = ["difference", "差", "item", "thing", "商品", "东西", "款"].iter().any(|w| text.contains(w));
                if of_order && !difference {
                    part.verb = Some(Verb::Payment);
                }
            }
            // What comes back of a change is told in the proposal: no return is meant, nor a cancellation.
            Some(verb @ (Verb::Refund | Verb::Return))
                if asked == Some(Slot::Confirm) && part.items.is_empty() && part.orders.is_empty() && !part.all =>
            {
                let at_hand = self.errands.queue.first().and_then(|r| r.verb);
                let money =
                    ["钱", "差价", "块", "退我", "退给我", "money", "bucks", "$"].iter().any(|w| part.text.to_lowercase().contains(w));
                let of_money = verb == Verb::Refund || part.method.is_some() || money;
                let other = verb == Verb::Return && part.method.is_some() && at_hand == Some(Verb::Cancel);
                if other || of_money && matches!(at_hand, Some(Verb::Swap | Verb::Change | Verb::Payment)) {
                    part.verb = None;
                }
            }
            // "When does the money come back?"
            Some(Verb::Refund | Verb::Return) if part.questions.contains(&Question::Refund) && part.items.is_empty() && !part.all => {
                part.verb = None;
            }
            // The way a difference is paid, not the way the order was.
            Some(Verb::Payment) if part.orders.is_empty() && matches!(asked, Some(Slot::Method | Slot::Confirm)) => {
                let at_hand = self.errands.queue.first().and_then(|r| r.verb);
                if at_hand.is_some_and(|v| !matches!(v, Verb::Payment | Verb::Change | Verb::Address | Verb::Profile)) {
                    part.verb = None;
                }
            }
            _ => {}
        }
        if part.verb == Some(Verb::Profile) && part.address == Some(AddressMention::Default) {
            part.address = None;
        }
        let elsewhere = asked != Some(Slot::Address) && (self.errands.queue.is_empty() || !part.orders.is_empty());
        if part.verb.is_none_or(|v| v == Verb::Change) && part.questions.is_empty() && part.address.is_some() && elsewhere {
            part.verb = Some(Verb::Address);
        }
        let cancels = asked == Some(Slot::Reason) || self.errands.queue.iter().any(|r| matches!(r.verb, Some(Verb::Cancel | Verb::Refund)));
        let why = part.verb.map_or(cancels, |v| matches!(v, Verb::Cancel | Verb::Refund));
        if !why {
            part.reason = None;
        }
    }

    /// The text in which things are looked for: orders as the case has them, no addresses, for a street may be called like a thing.
    fn plain(&self, range: &Range<usize>) -> String {
        let addresses = self.addresses.iter().map(|(span, _)| (span.clone(), " "));
        let orders = self.orders.iter().filter(|o| !self.is_goods(o)).map(|o| (o.span.clone(), o.order.as_str()));
        let mut spans: Vec<(Range<usize>, &str)> = addresses.chain(orders).collect();
        spans.retain(|(span, _)| range.start <= span.start && span.end <= range.end);
        spans.sort_by_key(|(span, _)| span.start);
        let (mut text, mut from) = (String::new(), range.start);
        for (span, instead) in spans.into_iter().filter(|(span, _)| !span.is_empty()) {
            let gap = |at: usize| if at > 0 && self.words.glued(at) { "" } else { " " };
            let before = self.words.plain(&(from..span.start.max(from)));
            text.push_str(&format!("{before}{}{instead}{}", gap(span.start), gap(span.end)));
            from = span.end.max(from);
        }
        text.push_str(self.words.plain(&(from..range.end)));
        text
    }

    /// An order told by the number of an item or a parcel: the number is the thing's own.
    fn is_goods(&self, order: &Mention) -> bool {
        let said = self.words.slice(&order.span).to_uppercase();
        let tail: String = said.chars().filter(char::is_ascii_digit).collect();
        !order.order.to_uppercase().contains(tail.as_str()) || tail.is_empty()
    }

    fn method(&self, range: &Range<usize>, questions: &[Question]) -> Option<super::MethodMention> {
        if questions.iter().any(|q| matches!(q, Question::Balance | Question::Payment | Question::Profile)) {
            return None;
        }
        method::method(self.words, range, self.case, self.errands)
    }

    fn address(&self, range: &Range<usize>) -> Option<AddressMention> {
        let here = || self.addresses.iter().filter(|(span, _)| range.contains(&span.start)).map(|(_, mention)| mention);
        let said = here().rfind(|m| matches!(m, AddressMention::Said(_)));
        said.or_else(|| here().find(|m| matches!(m, AddressMention::OfOrder(_)))).or_else(|| here().next()).cloned()
    }

    /// What is said once for several parts: a method at the end, an order, an address.
    fn spread(&self, pieces: &[Piece], parts: &mut [Part]) {
        let pays = |p: &Part| matches!(p.verb, Some(Verb::Return | Verb::Swap | Verb::Refund));
        for n in (0..parts.len()).rev() {
            let Some(method) = parts[n].method.clone() else { continue };
            let statement = n + 1 == parts.len() && self.is_statement(&pieces[n]);
            for back in (0..n).rev() {
                let chained = pieces[back].chained && pieces[back].events == pieces[n].events;
                if (chained || statement) && pays(&parts[back]) && parts[back].method.is_none() {
                    parts[back].method = Some(method.clone());
                }
            }
        }
        for n in 1..parts.len() {
            self.carry_order(pieces, parts, n);
            if parts[n].verb == Some(Verb::Profile) && parts[n].address.is_none() {
                parts[n].address = parts[n - 1].address.clone();
            }
        }
    }

    /// "Refund everything to my visa": said apart from the last deed, of all of them.
    fn is_statement(&self, piece: &Piece) -> bool {
        let Some(event) = piece.events.iter().find(|e| e.verb().is_some()) else { return true };
        let own = self.words.sentence(event.span.start);
        let later = own.end.max(piece.range.start)..piece.range.end;
        let own = event.span.end..own.end.min(piece.range.end);
        let method = |range: &Range<usize>| !range.is_empty() && method::method(self.words, range, self.case, self.errands).is_some();
        let every = LEXICON.book("parts.every").has(self.words, own.clone());
        method(&later) || (every && method(&own))
    }

    /// 订单…，水壶退货，钟换成白色: the order first, then what is to be done with its things.
    fn is_topic(&self, before: &Piece, piece: &Piece) -> bool {
        let Some(event) = before.events.first() else { return false };
        let sentence = self.words.sentence(event.span.start);
        let first = self.orders.iter().any(|o| before.range.contains(&o.span.start) && o.span.end < event.span.start);
        first && sentence.contains(&piece.range.start)
    }

    /// Changes of one order are said one after the other, its number once; "the same order" says so itself.
    fn carry_order(&self, pieces: &[Piece], parts: &mut [Part], n: usize) {
        let goods = |p: &Part| matches!(p.verb, Some(Verb::Return | Verb::Swap | Verb::Refund));
        let changes = |p: &Part| matches!(p.verb, Some(Verb::Swap | Verb::Address | Verb::Payment | Verb::Change));
        let (before, here) = (&parts[n - 1], &parts[n]);
        let fits = |p: &Part, order: &str| {
            let on = |m: &ItemMention| m.fits.is_empty() || m.fits.iter().any(|f| f.order == *order);
            (p.items.is_empty() || p.items.iter().any(on)) && p.holding.iter().all(on)
        };
        let words = Words::of(&here.text);
        let same = LEXICON.book("parts.same_order").has(&words, 0..words.len()) && here.verb.is_some();
        let about = here.only_asks()
            && !here.questions.iter().any(|q| matches!(q, Question::Orders | Question::Balance | Question::Profile))
            && here.items.is_empty();
        if here.orders.is_empty() && here.when.is_open() && before.orders.len() == 1 {
            let order = before.orders[0].clone();
            let topic = self.is_topic(&pieces[n - 1], &pieces[n]) && goods(before) && goods(here);
            if (same || about || topic || changes(before) && changes(here)) && fits(here, &order) {
                parts[n].orders = vec![order];
            }
        } else if before.orders.is_empty()
            && before.when.is_open()
            && here.orders.len() == 1
            && changes(before)
            && changes(here)
            && fits(before, &here.orders[0])
        {
            let order = here.orders[0].clone();
            parts[n - 1].orders = vec![order];
        }
    }
}
