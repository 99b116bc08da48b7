//! In: a name of goods. Out: whether it only tells which order is meant: "the order with the kettle", "the kettle order", 有水壶的那一单.

use super::super::goods::Cue;
use super::super::pieces::What;
use super::{Draft, Reader};

/// Words between "order" and the thing on it.
const HOLDS: &[&str] = &[
    "with",
    "w",
    "has",
    "have",
    "had",
    "contains",
    "containing",
    "contained",
    "includes",
    "including",
    "included",
    "having",
    "holding",
    "holds",
];
const BETWEEN: &[&str] = &[
    "that",
    "which",
    "also",
    "where",
    "i",
    "placed",
    "got",
    "bought",
    "ordered",
    "one",
    "it",
    "the",
    ",",
    "received",
    "already",
    "have",
    "has",
    "been",
    "delivered",
    "just",
];
const ORDERS: &[&str] = &["order", "orders", "purchase", "package", "parcel"];
const HOLDS_ZH: &[&str] = &["有", "带", "含", "买", "包", "订", "和", "跟", "与"];
/// Words between the thing and 单.
const BETWEEN_ZH: &[&str] =
    &["的", "那", "这", "个", "一", "张", "笔", "那个", "这个", "那一", "那张", "那笔", "了", "那一个", "一起", "一块", "里", "面"];

impl Reader<'_> {
    pub(super) fn tells_order(&self, at: usize) -> bool {
        self.is_told_after(at) || self.is_told_before(at) || self.is_listed(at)
    }

    /// It is no thing the deed is about, and what follows is said of the one before.
    pub(super) fn holder(&mut self, at: usize) {
        let from = self.described_from(at);
        let told = std::mem::take(&mut self.pend);
        let (own, before) = told.into_iter().partition::<Vec<usize>, _>(|piece| *piece >= from);
        self.pend = before;
        self.flush();
        let have = own.into_iter().map(|piece| (piece, false)).collect();
        self.out.drafts.push(Draft { head: Some(at), have, holds: true, clause: self.clause, ..Draft::default() });
    }

    /// The last word of a piece, in lower case.
    fn last_word(&self, at: usize) -> String {
        self.word(at).to_lowercase().rsplit(' ').next().unwrap_or_default().to_owned()
    }

    /// "the kettle order", 水壶那单, 水壶的订单.
    fn is_told_after(&self, at: usize) -> bool {
        if ORDERS[..3].contains(&self.word(at + 1).to_lowercase().as_str()) {
            let next = self.word(at + 2).to_lowercase();
            let numbered = next.starts_with(['#', 'w']) || next.starts_with(|c: char| c.is_ascii_digit()) || next == "number";
            return !numbered;
        }
        let from = self.scene.pieces[at].bytes.end;
        let rest = self.scene.text[from..].trim_start();
        let told = BETWEEN_ZH
            .iter()
            .fold(rest, |rest, _| BETWEEN_ZH.iter().filter_map(|w| rest.strip_prefix(w)).min_by_key(|r| r.len()).unwrap_or(rest));
        let led = told.len() < rest.len();
        // 和遮阳伞一起买的那个
        if rest
            .strip_prefix("一起")
            .or(rest.strip_prefix("一块"))
            .is_some_and(|r| r.trim_start_matches('儿').starts_with(['买', '下', '订', '拍']))
        {
            return true;
        }
        let order = told.strip_prefix("订单").or_else(|| told.strip_prefix("定单")).or_else(|| told.strip_prefix('单').filter(|_| led));
        order.is_some_and(|more| !more.trim_start().starts_with(['#', '号']))
    }

    /// "the order with the big kettle", "the order that has a kettle in it", "the same order as the kettle".
    fn is_told_before(&self, at: usize) -> bool {
        let Some(led) = self.described_from(at).checked_sub(1) else { return false };
        let holds = self.last_word(led);
        // "with order" and the like are one piece.
        let mut back = led;
        if holds == "as" {
            return back > 0 && self.word(back - 1).to_lowercase().ends_with("same order");
        }
        if !HOLDS.contains(&holds.as_str()) {
            return false;
        }
        while back > 0 && BETWEEN.contains(&self.last_word(back - 1).as_str()) {
            back -= 1;
        }
        back > 0 && ORDERS.contains(&self.last_word(back - 1).as_str())
    }

    /// Where the words begin that describe a thing: "the black", 黑色的.
    fn described_from(&self, at: usize) -> usize {
        let tells = |i: usize| match &self.scene.pieces[i].what {
            What::Cue(cue) => matches!(cue, Cue::The | Cue::A | Cue::One),
            What::Said(said) => !self.is_head(i, said),
            What::Number { .. } => true,
            _ => self.word(i) == "的",
        };
        let holds = |i: usize| HOLDS.contains(&self.last_word(i).as_str());
        (0..at).rev().find(|i| !tells(*i) || holds(*i)).map_or(0, |i| i + 1)
    }

    /// Of 有水壶和台灯的那一单 the first: more of what is told follows.
    fn is_listed(&self, at: usize) -> bool {
        let before = (0..at).rev().take(3).find(|i| HOLDS_ZH.iter().any(|w| self.word(*i).starts_with(w)));
        let led = before.is_some_and(|i| (i + 1..at).all(|i| !matches!(&self.scene.pieces[i].what, What::Cue(_))));
        let mut next = at + 1;
        while led && next < self.scene.pieces.len() {
            match &self.scene.pieces[next].what {
                What::Cue(Cue::And) => {}
                What::Said(said) if self.is_head(next, said) => return self.is_told_after(next),
                What::Said(_) => {}
                What::Word if self.word(next) == "的" => {}
                _ => return false,
            }
            next += 1;
        }
        false
    }
}
