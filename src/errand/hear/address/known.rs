//! A message in; which of the customer's own addresses it points at out: that of their account and those of their orders, told by town
//! or street ("the one in San Antonio", 休斯顿那个), as home, or by a thing that was ordered there ("where my watch went").

use super::super::lexicon::LEXICON;
use super::super::orders::Mention;
use super::super::words::{Kind, Words};
use crate::aftersales::nouns::{Address, Case};
use crate::errand::{AddressMention, Errands, Slot, Verb};
use std::ops::Range;

/// What is known while an address is looked for among the customer's own.
pub struct Own<'a> {
    pub case: &'a Case,
    /// The orders that hold what is named in some words.
    pub holders: &'a dyn Fn(&str) -> Vec<String>,
    /// Numbers in the message.
    pub orders: &'a [Mention],
    pub errands: &'a Errands,
}

/// Words after "the address on my" that name what was ordered.
const GOODS: usize = 10;

impl Own<'_> {
    /// The address some words point at, and where they stand.
    pub fn pointed_at(&self, words: &Words) -> Option<(Range<usize>, AddressMention)> {
        let spoken_of = |at: usize| self.asked() || is_of_address(words, at);
        self.by_goods(words, &spoken_of).or_else(|| self.by_place(words, &spoken_of)).or_else(|| self.again(words))
    }

    /// "The same address too": of the order talked of just now.
    fn again(&self, words: &Words) -> Option<(Range<usize>, AddressMention)> {
        let (span, ()) = LEXICON.book("address.again").all(words, 0..words.len()).into_iter().next()?;
        let order = self.errands.order.clone().filter(|id| !self.orders.iter().any(|o| o.order == *id))?;
        Some((span, AddressMention::OfOrder(order)))
    }

    fn asked(&self) -> bool {
        self.errands.asked == Some(Slot::Address)
    }

    /// Every address once, the account's first.
    fn all(&self) -> Vec<(AddressMention, &Address)> {
        let own = std::iter::once((AddressMention::Default, &self.case.customer.address));
        let of_orders = self.case.orders.iter().map(|o| (AddressMention::OfOrder(o.id.clone()), &o.address));
        let mut all: Vec<(AddressMention, &Address)> = Vec::new();
        for (mention, address) in own.chain(of_orders) {
            if !all.iter().any(|(_, known)| is_same(known, address)) {
                all.push((mention, address));
            }
        }
        all
    }

    /// Where the order that is talked of goes now: it is not to go there.
    fn leaves(&self, address: &Address) -> bool {
        let at_hand = self.errands.queue.first().and_then(|r| r.order.as_ref()).filter(|_| self.asked());
        let named = self.orders.iter().map(|o| &o.order).filter(|_| !self.asked());
        named.chain(at_hand).filter_map(|id| self.case.order(id)).any(|o| is_same(&o.address, address))
    }

    /// A street or town of one of them, or "home".
    fn by_place(&self, words: &Words, spoken_of: &dyn Fn(usize) -> bool) -> Option<(Range<usize>, AddressMention)> {
        // A zip that none of them has belongs to another address.
        let number = |at: usize| words.kind(at) == Some(Kind::Number) && matches!(words.word(at).len(), 5 | 6);
        let foreign = |at: usize| {
            number(at)
                && !self.orders.iter().any(|o| o.span.contains(&at))
                && !self.all().iter().any(|(_, a)| a.zip.starts_with(words.word(at)))
        };
        if (0..words.len()).any(foreign) {
            return None;
        }
        let begun = self.errands.queue.first().and_then(|r| r.address.as_ref()).map(|a| &a.address1).filter(|a| !a.is_empty());
        let begun = begun.filter(|_| self.asked());
        let marks = |address: &Address, is_home: bool| -> Vec<(Range<usize>, u8)> {
            let (number, street) = street(address);
            let another = |at: usize| at > 0 && words.kind(at - 1) == Some(Kind::Number) && Some(words.word(at - 1)) != number.as_deref();
            let streets = places(words, &street).into_iter().filter(|at| !another(at.start)).map(|at| (at, 4));
            let zips = (0..words.len()).filter(|at| self.asked() && words.word(*at) == address.zip).map(|at| (at..at + 1, 4));
            let towns = towns(words, &address.city).into_iter().map(|at| (at, 2));
            let homes = LEXICON.book("address.home").all(words, 0..words.len()).into_iter().filter(|_| is_home).map(|(at, ())| (at, 1));
            let free = |at: &Range<usize>| spoken_of(at.start) && !is_left(words, at.start);
            streets.chain(zips).chain(towns).chain(homes).filter(|(at, _)| free(at)).collect()
        };
        let mut found: Vec<(u8, Range<usize>, AddressMention)> = Vec::new();
        for (mention, address) in self.all().into_iter().filter(|(_, a)| !self.leaves(a)) {
            let marks = marks(address, mention == AddressMention::Default);
            let (Some(from), Some(to)) = (marks.iter().map(|(at, _)| at.start).min(), marks.iter().map(|(at, _)| at.end).max()) else {
                continue;
            };
            if begun.is_some_and(|line| !line.eq_ignore_ascii_case(&address.address1)) {
                continue;
            }
            found.push((marks.iter().map(|(_, weight)| weight).sum(), from..to, mention));
        }
        found.sort_by_key(|(weight, ..)| std::cmp::Reverse(*weight));
        match found.as_slice() {
            [(first, ..), (second, ..), ..] if first == second => None,
            [(_, span, mention), ..] => Some((span.clone(), mention.clone())),
            [] => None,
        }
    }

    /// "The address on my smart watch order", "where the watch was delivered", 买空气净化器那单的地址.
    fn by_goods(&self, words: &Words, spoken_of: &dyn Fn(usize) -> bool) -> Option<(Range<usize>, AddressMention)> {
        let same_address = |goods: &Range<usize>| {
            let holders = (self.holders)(words.plain(goods));
            let addresses: Vec<&Address> = holders.iter().filter_map(|id| self.case.order(id)).map(|o| &o.address).collect();
            let one = addresses.windows(2).all(|two| is_same(two[0], two[1]));
            holders.into_iter().next().filter(|_| one)
        };
        let english = LEXICON.book("address.of_goods").all(words, 0..words.len()).into_iter().find_map(|(led, ())| {
            let most = (led.end + GOODS).min(words.len());
            let stop = (led.end..most).find(|at| words.ends(*at) || words.word(*at) == ",").unwrap_or(most);
            let end =
                (led.end..stop).find(|at| matches!(words.word(*at), "order" | "one" | "was" | "is" | "went" | "goes" | "got" | "did"));
            let goods = led.end..end.unwrap_or(stop);
            let order = same_address(&goods).filter(|_| !goods.is_empty() && spoken_of(led.start))?;
            Some((led.start..goods.end, AddressMention::OfOrder(order)))
        });
        english.or_else(|| {
            let alike = |at: usize| words.word(at) == "样" && words.word(at.wrapping_sub(1)) == "一" && spoken_of(at);
            let of_order = |at: &usize| {
                (words.word(*at) == "址" || alike(*at)) && (at.saturating_sub(7)..*at).any(|i| matches!(words.word(i), "单" | "order"))
            };
            (0..words.len()).filter(of_order).find_map(|end| {
                let order = (0..end).rev().find(|i| matches!(words.word(*i), "单" | "order"))?;
                let edge = |i: &usize| {
                    words.ends(*i) || matches!(words.word(*i), "," | "成" | "为" | "到" | "用" | "跟" | "和" | "同" | "按" | "把" | "将")
                };
                let before = (order.saturating_sub(16)..order).rev().find(edge);
                let changed = before.is_some_and(|i| matches!(words.word(i), "把" | "将"))
                    || matches!(words.word(end + 1), "改" | "换" | "写" | "填" | "不" | "错" | "要" | "有");
                let start = before.map_or(order.saturating_sub(16), |i| i + 1);
                let order = same_address(&(start..order)).filter(|_| !changed)?;
                Some((start..end + 1, AddressMention::OfOrder(order)))
            })
        })
    }
}

/// Whether addresses are talked of in the sentence at `at`, or in the one before it.
fn is_of_address(words: &Words, at: usize) -> bool {
    let here = words.sentence(at);
    let from = if here.start > 0 { words.sentence(here.start - 1).start } else { 0 };
    let verb = |(span, v): &(Range<usize>, Verb)| matches!(v, Verb::Address | Verb::Profile) && span.start < here.end;
    LEXICON.book("verb.address_words").has(words, from..here.end) || LEXICON.verbs.all(words, from..here.end).iter().any(verb)
}

/// "Not to Dallas", "rather than my son's in Dallas", "it is going to Dallas": where it is not to go.
fn is_left(words: &Words, at: usize) -> bool {
    let from = (at.saturating_sub(6)..at).rev().find(|i| words.ends(*i) || words.word(*i) == ",").map_or(at.saturating_sub(6), |i| i + 1);
    LEXICON.book("address.not_there").has(words, from..at)
}

/// House number and the words of the street.
fn street(address: &Address) -> (Option<String>, Vec<String>) {
    let line: Vec<String> = Words::of(&address.address1).tokens.into_iter().map(|t| t.word).collect();
    let number = line.first().filter(|w| w.starts_with(|c: char| c.is_ascii_digit())).cloned();
    let rest = line.into_iter().skip(usize::from(number.is_some())).collect();
    (number, rest)
}

fn towns(words: &Words, city: &str) -> Vec<Range<usize>> {
    let plain: Vec<String> = Words::of(city).tokens.into_iter().map(|t| t.word).collect();
    let mut found = places(words, &plain);
    let named = LEXICON.cities.iter().filter(|(name, _)| name.eq_ignore_ascii_case(city));
    found.extend(named.flat_map(|(_, book)| book.all(words, 0..words.len())).map(|(span, ())| span));
    found
}

fn places(words: &Words, name: &[String]) -> Vec<Range<usize>> {
    let last = (words.len() + 1).saturating_sub(name.len());
    let is = |at: &usize| !name.is_empty() && name.iter().enumerate().all(|(n, word)| words.word(at + n) == word);
    (0..last).filter(is).map(|at| at..at + name.len()).collect()
}

fn is_same(a: &Address, b: &Address) -> bool {
    a.address1.eq_ignore_ascii_case(&b.address1) && a.zip == b.zip
}
