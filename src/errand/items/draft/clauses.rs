//! In: a word that steers the sentence. Out: what comes after it is wished, had, left out, or all there is.

use super::super::goods::Cue;
use super::super::pieces::What;
use super::{Draft, Reader};
use crate::errand::heard::Verb;

impl Reader<'_> {
    /// What comes after is wished of what came before.
    pub(super) fn to(&mut self) {
        if !self.swaps {
            self.bound(Cue::To);
            self.mute = matches!(self.verb, Some(Verb::Address | Verb::Payment | Verb::Profile));
            return;
        }
        if self.is_content() && !self.mute {
            let fresh = self.parted && self.is_new();
            match self.cur {
                Some(cur) if !fresh && self.wish => self.out.drafts[cur].want.append(&mut self.pend),
                Some(cur) if !fresh => self.out.drafts[cur].have.extend(self.pend.drain(..).map(|p| (p, false))),
                like => {
                    let like = like.and_then(|cur| self.out.drafts[cur].head.or(self.out.drafts[cur].like));
                    let have = self.pend.drain(..).map(|p| (p, false)).collect();
                    self.start(Draft { like, have, ..Draft::default() });
                }
            }
        }
        self.pend.clear();
        self.boundary = Some(Cue::To);
        match self.cur {
            Some(cur) => {
                self.out.drafts[cur].asked = true;
                (self.wish, self.parted) = (true, false);
            }
            None => self.opens = Some(Cue::To),
        }
        self.mute = false;
    }

    /// "exchange the lamp for a white one", or "a white one for the lamp".
    pub(super) fn leads_for(&mut self, at: usize) {
        let to = self.cur.is_some_and(|cur| self.out.drafts[cur].want.is_empty())
            && !(self.parted && self.is_content() && self.names_next(at))
            && self.opens.is_none();
        if self.swaps && to && !self.stale {
            self.to();
        } else if self.swaps && self.is_content() && (self.cur.is_none() || self.parted) {
            self.out.loose.append(&mut self.pend);
            (self.opens, self.boundary) = (Some(Cue::For), Some(Cue::For));
        } else {
            self.bound(Cue::For);
        }
    }

    pub(super) fn instead_of(&mut self) {
        if let Some(cur) = self.cur.filter(|cur| self.is_content() && self.out.drafts[*cur].asked) {
            self.out.drafts[cur].want.append(&mut self.pend);
        }
        self.flush();
        if let Some(cur) = self.cur {
            let draft = &mut self.out.drafts[cur];
            if !draft.asked && draft.want.is_empty() {
                draft.want = draft.have.drain(..).map(|(piece, _)| piece).collect();
            }
            draft.asked = true;
        }
        (self.wish, self.opens, self.boundary) = (false, Some(Cue::InsteadOf), Some(Cue::InsteadOf));
    }

    pub(super) fn instead(&mut self) {
        if let Some(cur) = self.cur.filter(|_| self.swaps && self.is_content()) {
            self.out.drafts[cur].want.append(&mut self.pend);
            self.out.drafts[cur].asked = true;
        }
        self.flush();
    }

    pub(super) fn want(&mut self, at: usize) {
        self.bound(Cue::Want);
        (self.wants, self.mute) = (true, false);
        self.makes = self.word(at).eq_ignore_ascii_case("make");
        let named = self.cur.is_some_and(|cur| !self.out.drafts[cur].left);
        if self.swaps && named && !self.names_next(at) {
            self.wish = true;
        }
    }

    /// "keep the lamp" leaves it out, "the lamp stays" too; "keep the colour" is a wish.
    pub(super) fn keep(&mut self, at: usize) {
        if self.closes(at) && !self.wish {
            return self.leave_clause();
        }
        self.bound(Cue::Keep);
        match self.cur {
            Some(_) if self.swaps && !self.names_next(at) => self.wish = true,
            _ => self.neg = self.names_next(at),
        }
    }

    /// Whether a thing was named in this clause, and none comes after.
    pub(super) fn closes(&self, at: usize) -> bool {
        let named = self.out.drafts.last().is_some_and(|d| d.clause == self.clause) || self.is_content();
        let after = self.rest(at).any(|i| matches!(&self.scene.pieces[i].what, What::Said(_)));
        named && !after
    }

    /// Whether a thing was named in this clause, and another one is in a later one.
    pub(super) fn goes_on_with_another(&self, at: usize) -> bool {
        let Some(head) = self.cur.map(|cur| &self.out.drafts[cur]).filter(|d| d.clause == self.clause).and_then(|d| d.head) else {
            return false;
        };
        let later = at + 1 + self.rest(at).count()..self.scene.pieces.len();
        later
            .into_iter()
            .any(|i| matches!(&self.scene.pieces[i].what, What::Said(said) if self.is_head(i, said) && !self.alike(head, said)))
    }

    pub(super) fn leave_clause(&mut self) {
        self.flush();
        let clause = self.clause;
        self.out.drafts.iter_mut().filter(|d| d.clause == clause).for_each(|d| d.left = true);
    }

    pub(super) fn all(&mut self, at: usize, cue: Cue) {
        let clause: Vec<usize> =
            (0..self.out.drafts.len()).filter(|i| self.out.drafts[*i].clause == self.clause && !self.out.drafts[*i].except).collect();
        let next = self.scene.pieces.get(at + 1).map(|p| &p.what);
        let also = self.rest(at).any(|i| self.scene.pieces[i].what == What::Cue(Cue::Also));
        if cue == Cue::Each || (cue == Cue::All && !self.word(at).is_ascii()) {
            self.flush();
            self.except = false;
            if also {
                return;
            }
        }
        let named = self.names_right_after(at);
        if !clause.is_empty() && (cue == Cue::Each || !named) && !self.word(at).is_ascii() {
            clause.into_iter().for_each(|i| self.out.drafts[i].both = true);
            return;
        }
        // 拼图和自行车想退掉，都退到卡里: these, and not all there is.
        if cue == Cue::Each && self.out.drafts.iter().any(|d| !d.except && !d.left) {
            return;
        }
        if cue != Cue::Each && named && !self.word(at).eq_ignore_ascii_case("everything") {
            self.both = true;
            return;
        }
        let ends = |w: Option<&What>| {
            matches!(w, None | Some(What::Cue(Cue::Stop | Cue::Sep | Cue::Except | Cue::But | Cue::Item | Cue::It | Cue::Verb)))
        };
        let stays = matches!(self.before(at), Some(What::Cue(Cue::Keep))) || matches!(next, Some(What::Cue(Cue::Same)));
        let bare = self.word(at).eq_ignore_ascii_case("all") && !(ends(next) || self.word(at + 1) == "please");
        let each = cue == Cue::Each && !self.word(at + 1).starts_with(['退', '换', '要', '取', '不', '改', '寄']);
        if !stays && !bare && !each && !self.mute {
            self.flush();
            self.out.all = true;
        }
    }

    /// The pieces after this one to the end of the clause.
    pub(super) fn rest(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let ends = |i: &usize| !matches!(self.scene.pieces[*i].what, What::Cue(Cue::Stop | Cue::Sep | Cue::But | Cue::Only));
        (at + 1..self.scene.pieces.len()).take_while(ends)
    }

    /// Whether a thing is named before the clause ends.
    pub(super) fn names_next(&self, at: usize) -> bool {
        self.rest(at).any(|i| matches!(&self.scene.pieces[i].what, What::Said(said) if self.is_head(i, said)))
    }

    /// Whether a thing is named next, with nothing but its description between.
    pub(super) fn names_right_after(&self, at: usize) -> bool {
        let tells = |i: &usize| match &self.scene.pieces[*i].what {
            What::Cue(cue) => matches!(cue, Cue::The | Cue::A | Cue::One),
            What::Said(said) => !self.is_head(*i, said),
            What::Number { .. } => true,
            _ => matches!(self.word(*i), "of" | "的"),
        };
        let next = (at + 1..self.scene.pieces.len()).find(|i| !tells(i));
        next.is_some_and(|i| matches!(&self.scene.pieces[i].what, What::Said(_)))
    }

    /// Whether 换 leads to what is wished: something was named before it and something comes after.
    pub(super) fn leads(&self, at: usize) -> bool {
        let waits = |cur: usize| {
            !self.out.drafts[cur].asked && (self.out.drafts[cur].clause == self.clause || (!self.stale && !self.names_next(at)))
        };
        let before = self.is_content() || self.cur.is_some_and(waits);
        let after = self.rest(at).any(|i| {
            matches!(self.scene.pieces[i].what, What::Said(_) | What::Step(..) | What::Number { .. } | What::Cue(Cue::Same | Cue::New))
        });
        self.swaps && before && after
    }

    /// Whether "with" leads to what is wished: "replace the lamp with a white one".
    pub(super) fn replaces(&self, at: usize) -> bool {
        let replace = |i: usize| {
            let word = self.word(i).to_lowercase();
            ["replac", "swap", "substitut", "switch", "exchang", "trad"].iter().any(|w| word.contains(w))
        };
        let to = |i: usize| matches!(self.scene.pieces[i].what, What::Cue(Cue::To | Cue::For | Cue::InsteadOf));
        self.swaps && self.cur.is_some() && !self.wish && (0..at).any(replace) && !self.rest(at).any(to)
    }
}
