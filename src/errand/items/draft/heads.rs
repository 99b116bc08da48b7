//! In: a name of goods, and the words around it. Out: a new thing meant, or more of the one before.

use super::super::goods::{Cue, GOODS};
use super::super::pieces::{Said, What};
use super::{Draft, Reader};
use crate::errand::heard::Verb;

/// What comes after a name of goods in an address.
const STREETS: &[&str] =
    &["road", "rd", "street", "st", "lane", "ln", "avenue", "ave", "drive", "court", "close", "crescent", "boulevard", "路", "街"];

impl Reader<'_> {
    /// Whether the words since the last boundary say something of a thing.
    pub(super) fn is_content(&self) -> bool {
        self.pend.iter().any(|i| match &self.scene.pieces[*i].what {
            What::Cue(cue) => matches!(cue, Cue::Same | Cue::New | Cue::Cheapest | Cue::Dearest),
            What::Word => false,
            _ => true,
        })
    }

    pub(super) fn has(&self, cues: &[Cue]) -> bool {
        self.pend.iter().any(|i| matches!(self.scene.pieces[*i].what, What::Cue(cue) if cues.contains(&cue)))
    }

    /// "the black one", 黑色那件, 黑色的.
    pub(super) fn is_one(&self) -> bool {
        self.has(&[Cue::One, Cue::Item]) || self.pend.last().is_some_and(|i| self.word(*i) == "的")
    }

    /// Whether the words since the last boundary stand for a thing of their own.
    pub(super) fn is_new(&self) -> bool {
        let names =
            self.pend.iter().any(|i| matches!(&self.scene.pieces[*i].what, What::Said(s) if s.values.is_empty() && !s.names.is_empty()));
        self.is_own() || ((self.is_one() || self.has(&[Cue::The])) && !names)
    }

    /// A position, an id, a price, the cheapest: they need no name.
    pub(super) fn is_own(&self) -> bool {
        let one = self.is_one();
        self.pend.iter().any(|i| match self.scene.pieces[*i].what {
            What::Place(_) | What::Id(_) => true,
            What::Money(..) | What::Cue(Cue::Cheapest | Cue::Dearest) => one,
            _ => false,
        })
    }

    /// Gives the words since the last boundary to whom they belong.
    pub(super) fn flush(&mut self) {
        self.not = false;
        if !self.is_content() || self.mute || self.neg {
            self.out.muted |= self.mute && self.is_content();
            return self.pend.clear();
        }
        let own = self.is_own() && !self.wish;
        let called = |i: &usize| matches!(&self.scene.pieces[*i].what, What::Said(s) if !s.titles.is_empty() && s.values.is_empty());
        let brand = self.boundary == Some(Cue::Verb) && self.has(&[Cue::The]) && self.pend.iter().any(called);
        let apart = self.boundary != Some(Cue::InsteadOf)
            && (self.is_one() || brand)
            && (self.parted || self.cur.is_none() || self.except)
            && self.is_there();
        match self.cur {
            Some(cur) if self.wish => {
                self.out.drafts[cur].want.append(&mut self.pend);
                self.out.drafts[cur].asked = true;
            }
            Some(cur) if !own && !apart => {
                let fixed = self.opens == Some(Cue::InsteadOf);
                self.out.drafts[cur].have.extend(self.pend.drain(..).map(|p| (p, !fixed)));
            }
            like if self.opens.is_none() && (own || apart) => {
                let like = like.filter(|_| !own).and_then(|cur| self.out.drafts[cur].head.or(self.out.drafts[cur].like));
                let have = self.pend.drain(..).map(|p| (p, false)).collect();
                self.start(Draft { like, have, ..Draft::default() });
            }
            None if self.opens == Some(Cue::To) => {
                let want = std::mem::take(&mut self.pend);
                self.start(Draft { want, asked: true, ..Draft::default() });
                (self.wish, self.opens) = (true, None);
            }
            None if self.opens == Some(Cue::InsteadOf) => {
                let (want, have) = (std::mem::take(&mut self.out.loose), self.pend.drain(..).map(|p| (p, false)).collect());
                self.start(Draft { want, have, asked: true, ..Draft::default() });
                self.opens = None;
            }
            _ => self.out.loose.append(&mut self.pend),
        }
    }

    /// Whether a thing here is as the words since the last boundary say; of the kind that was named, when one was.
    pub(super) fn is_there(&self) -> bool {
        let Some(head) = self.cur.and_then(|cur| self.out.drafts[cur].head.or(self.out.drafts[cur].like)).filter(|_| self.swaps) else {
            return true;
        };
        let What::Said(said) = &self.scene.pieces[head].what else { return true };
        self.scene.table.things.iter().filter(|t| self.scene.naming(said, t.kin) > 0.0).any(|thing| {
            let found = self.scene.resolve(&self.pend, thing.kin, &thing.now, false);
            !found.values.is_empty() && found.values.iter().all(|(c, v)| thing.now[*c] == Some(*v))
        })
    }

    pub(super) fn start(&mut self, draft: Draft) {
        let (except, clause) = (self.except, self.clause);
        self.out.drafts.push(Draft { except, clause, left: self.neg, ..draft });
        self.cur = Some(self.out.drafts.len() - 1);
        (self.parted, self.stale) = (false, false);
    }

    /// Whether a piece names a thing here, rather than a value of one: a laptop, and a backpack for one.
    pub(super) fn is_head(&self, at: usize, said: &Said) -> bool {
        let known = self.scene.is_known(said);
        if !known && (said.kinds.is_empty() || GOODS.never.contains(&said.base) || said.value) {
            return false;
        }
        if said.values.is_empty() && (known || said.names.is_empty()) {
            return true;
        }
        if !known {
            return false;
        }
        let definite = matches!(self.before(at), Some(What::Cue(Cue::The)));
        let listed = self.said_before(at).is_some_and(|i| matches!(&self.scene.pieces[i].what, What::Said(s) if !self.scene.is_known(s)));
        if self.tells_of_next(at, said, listed && !definite) {
            return false;
        }
        let cur = self.cur.and_then(|cur| self.out.drafts[cur].head.or(self.out.drafts[cur].like));
        let within = cur.is_some_and(|head| match &self.scene.pieces[head].what {
            What::Said(head) => said.values.iter().any(|v| self.scene.naming(head, v.kin) > 0.0),
            _ => false,
        });
        !(within && !definite && (self.wish || !self.parted || listed))
    }

    /// The last words of goods before a piece.
    pub(super) fn said_before(&self, at: usize) -> Option<usize> {
        (0..at).rev().take(3).find(|i| matches!(self.scene.pieces[*i].what, What::Said(_)))
    }

    /// Whether a piece describes what is named next: "laptop compartment", "navy laptop nylon backpack".
    pub(super) fn tells_of_next(&self, at: usize, said: &Said, listed: bool) -> bool {
        for i in at + 1..self.scene.pieces.len() {
            match &self.scene.pieces[i].what {
                What::Said(next) => {
                    let named =
                        |kin: usize| (i == at + 1 && next.names.iter().any(|(k, _)| *k == kin)) || self.scene.naming(next, kin) > 0.0;
                    if said.values.iter().any(|v| named(v.kin)) {
                        return true;
                    }
                    if self.scene.is_known(next) {
                        return false;
                    }
                }
                What::Word if self.word(i) == "的" => {}
                What::Cue(Cue::And | Cue::Sep) if listed => {}
                _ => return false,
            }
        }
        false
    }

    pub(super) fn head(&mut self, at: usize, said: &Said) {
        let street = STREETS.contains(&self.word(at + 1).to_lowercase().as_str());
        if self.mute || self.skip || street {
            self.out.muted |= self.mute;
            self.skip = false;
            return self.pend.clear();
        }
        if self.tells_order(at) {
            return self.holder(at);
        }
        self.neg |= std::mem::take(&mut self.not) && !self.is_content();
        let same = self.cur.filter(|cur| {
            let head = self.out.drafts[*cur].head.or(self.out.drafts[*cur].like);
            head.is_some_and(|head| self.alike(head, said))
        });
        let definite = self.has(&[Cue::The]);
        if let Some(cur) = same.filter(|cur| self.swaps && !self.out.drafts[*cur].left && !self.neg) {
            let again = self.parted && (self.leads_on(at) || self.boundary == Some(Cue::Verb));
            let draft = &mut self.out.drafts[cur];
            if self.opens == Some(Cue::InsteadOf) {
                draft.have.extend(self.pend.drain(..).map(|p| (p, false)));
                self.opens = None;
                return;
            }
            if (self.wish && !again) || (self.wants && draft.want.is_empty() && !self.pend.is_empty() && !definite) {
                draft.want.append(&mut self.pend);
                draft.asked = true;
                return;
            }
        }
        if let Some(cur) = self.cur.filter(|_| self.wish && !self.parted && same.is_none() && self.boundary == Some(Cue::To)) {
            self.give(cur);
            let bare = self.pend.iter().all(|i| matches!(self.scene.pieces[*i].what, What::Cue(_) | What::Said(_)));
            if self.out.drafts[cur].want.is_empty() && bare && !self.leads_on(at) {
                self.out.drafts[cur].strange.push(at);
                self.out.drafts[cur].want.append(&mut self.pend);
                return;
            }
        }
        let part = self.pend.iter().any(|i| self.scene.pieces[*i].what == What::Cue(Cue::One) && self.word(i + 1) == "of");
        let mut draft = Draft { head: Some(at), part, object: self.is_object(at), both: self.both, ..Draft::default() };
        for piece in std::mem::take(&mut self.pend) {
            match self.scene.pieces[piece].what {
                What::Number { number, count: true } => draft.count = Some(number as usize),
                _ if self.opens == Some(Cue::To) => draft.want.push(piece),
                _ => draft.have.push((piece, !definite && self.opens != Some(Cue::InsteadOf))),
            }
        }
        match self.opens {
            Some(Cue::To) => draft.asked = true,
            Some(Cue::For | Cue::InsteadOf) => {
                draft.want = std::mem::take(&mut self.out.loose);
                draft.asked = !draft.want.is_empty();
            }
            _ => draft.have.extend(self.out.loose.drain(..).map(|p| (p, true))),
        }
        // "for the lamp: white".
        let told = (self.boundary == Some(Cue::For) || self.makes) && self.verb == Some(Verb::Swap) && draft.want.is_empty();
        self.wish = (self.opens == Some(Cue::To) && self.swaps) || told;
        (self.opens, self.both) = (None, false);
        self.start(draft);
    }

    /// Gives a current thing that waits for a wish the words before the next name that can be one: "kettle -> 2L glass 2) boots".
    pub(super) fn give(&mut self, cur: usize) {
        let Some(What::Said(head)) = self.out.drafts[cur].head.map(|h| &self.scene.pieces[h].what) else { return };
        let scene = self.scene;
        let of = |i: &usize| matches!(&scene.pieces[*i].what, What::Said(s) if s.values.iter().any(|v| scene.naming(head, v.kin) > 0.0));
        let led = self.pend.first().is_some_and(of);
        if led && self.out.drafts[cur].want.is_empty() {
            let (own, rest): (Vec<usize>, Vec<usize>) = self.pend.drain(..).partition(of);
            (self.out.drafts[cur].want, self.pend) = (own, rest);
        }
    }

    /// Whether two pieces name the same product.
    pub(super) fn alike(&self, head: usize, said: &Said) -> bool {
        let What::Said(head) = &self.scene.pieces[head].what else { return false };
        let both = |kin: usize| self.scene.naming(head, kin) > 0.0 && self.scene.naming(said, kin) > 0.0;
        head.base == said.base || (0..self.scene.table.kins.len()).any(both)
    }

    /// Whether words that lead to a wish follow before another thing is named.
    pub(super) fn leads_on(&self, at: usize) -> bool {
        for i in at + 1..self.scene.pieces.len() {
            match &self.scene.pieces[i].what {
                What::Cue(Cue::Stop) => return false,
                What::Cue(Cue::To | Cue::Huan) => return true,
                What::Said(said) if self.is_head(i, said) => return false,
                _ => {}
            }
        }
        false
    }

    /// Whether a name stands where the object of the deed does: right after the verb or 把, in a list of such, before 退, or alone.
    pub(super) fn is_object(&self, at: usize) -> bool {
        let after = self.scene.pieces.get(at + 1).is_some_and(|p| matches!(p.what, What::Cue(Cue::Verb | Cue::Huan | Cue::Each)));
        let led = self.pend.iter().any(|i| matches!(self.word(*i), "把" | "将" | "就把"));
        let listed = self.parted && self.out.drafts.last().is_some_and(|d| d.object) && self.boundary.is_some();
        let alone = self.verb.is_none() && self.scene.pieces.len() <= 8 && self.out.drafts.is_empty();
        let leads = matches!(self.boundary, Some(Cue::Verb | Cue::Huan | Cue::Leave | Cue::Except)) && (!self.parted || listed);
        leads || after || led || listed || alone
    }
}
