//! In: the pieces of a text. Out: drafts of what is meant: the words that name a thing, those that tell what it is, and those that tell
//! what it is to become. Read from left to right, as a person would; nothing is looked up on the orders here but names.

use super::goods::Cue;
use super::goods::GOODS;
use super::pieces::{Said, What};
use super::resolve::Scene;
use crate::errand::heard::Verb;

/// What comes after a name of goods in an address.
const STREETS: &[&str] =
    &["road", "rd", "street", "st", "lane", "ln", "avenue", "ave", "drive", "court", "close", "crescent", "boulevard", "路", "街"];

/// One thing meant.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The piece that names it, or, of "the black one", named what it is one of.
    pub head: Option<usize>,
    pub like: Option<usize>,
    /// Pieces that describe it; those marked may as well tell what is wished.
    pub have: Vec<(usize, bool)>,
    pub want: Vec<usize>,
    /// Words led to what it is to become.
    pub asked: bool,
    /// Goods it is to become that are no variant of it.
    pub strange: Vec<usize>,
    /// "not the lamp".
    pub left: bool,
    pub except: bool,
    pub both: bool,
    pub count: Option<usize>,
    /// "one of the bottles".
    pub part: bool,
    /// Stands where only the object of the deed stands.
    pub object: bool,
    pub clause: usize,
}

/// What was read.
#[derive(Debug, Default)]
pub struct Read {
    pub drafts: Vec<Draft>,
    pub all: bool,
    /// Values that belong to nothing named.
    pub loose: Vec<usize>,
    /// Something stood in a reason, and was passed over.
    pub muted: bool,
}

pub struct Reader<'s> {
    scene: &'s Scene<'s>,
    swaps: bool,
    verb: Option<Verb>,
    /// Reads reasons too.
    reasons: bool,
    out: Read,
    cur: Option<usize>,
    /// Pieces since the last boundary.
    pend: Vec<usize>,
    /// What comes now tells what is wished of the current thing.
    wish: bool,
    parted: bool,
    wants: bool,
    neg: bool,
    except: bool,
    both: bool,
    mute: bool,
    skip: bool,
    /// "not" right before.
    not: bool,
    /// "to", "instead of" and "for" that wait for a thing.
    opens: Option<Cue>,
    boundary: Option<Cue>,
    /// A sentence ended since a thing was named.
    stale: bool,
    clause: usize,
}

impl<'s> Reader<'s> {
    pub fn read(scene: &'s Scene<'s>, verb: Option<Verb>, reasons: bool) -> Read {
        let swaps = matches!(verb, None | Some(Verb::Swap | Verb::Change));
        let mut reader = Reader {
            scene,
            swaps,
            verb,
            reasons,
            out: Read::default(),
            cur: None,
            pend: Vec::new(),
            wish: false,
            parted: false,
            wants: false,
            neg: false,
            except: false,
            both: false,
            mute: false,
            skip: false,
            not: false,
            opens: None,
            boundary: None,
            stale: false,
            clause: 0,
        };
        for at in 0..scene.pieces.len() {
            match &scene.pieces[at].what {
                What::Cue(cue) => reader.cue(at, *cue),
                What::Said(said) if reader.is_head(at, said) => reader.head(at, said),
                What::Said(said) if said.values.is_empty() && said.names.is_empty() && !said.value && said.titles.is_empty() => {}
                What::Word if reader.word(at) != "的" => {}
                _ => reader.pend.push(at),
            }
        }
        reader.flush();
        if reader.both && reader.out.drafts.is_empty() && reader.out.loose.is_empty() {
            reader.out.all = true;
        }
        reader.out
    }

    fn word(&self, at: usize) -> &str {
        self.scene.pieces.get(at).map_or("", |p| &self.scene.text[p.bytes.clone()])
    }

    fn cue(&mut self, at: usize, cue: Cue) {
        match cue {
            Cue::Stop => self.part(cue, true),
            Cue::Sep | Cue::And => self.part(cue, false),
            Cue::To => self.to(),
            Cue::Huan if self.leads(at) => self.to(),
            Cue::For => self.leads_for(at),
            Cue::With if self.replaces(at) => self.to(),
            Cue::No => self.not = matches!(self.word(at).to_lowercase().as_str(), "not" | "别"),
            Cue::With | Cue::Noise => {}
            // 除了书架，台灯也退: the bookshelf too.
            Cue::Also => {
                self.out.drafts.iter_mut().filter(|_| self.except).for_each(|d| d.except = false);
                self.except = false;
            }
            Cue::From => self.bound(cue),
            Cue::InsteadOf => self.instead_of(),
            Cue::Instead => self.instead(),
            Cue::Want => self.want(at),
            Cue::Keep => self.keep(at),
            // "black and not waterproof".
            Cue::Leave if self.wish && !self.names_next(at) => {}
            Cue::Leave if self.closes(at) => self.leave_clause(),
            Cue::Leave => {
                self.bound(cue);
                self.neg = true;
            }
            Cue::Except => {
                self.bound(cue);
                self.except = true;
            }
            Cue::But | Cue::Only | Cue::So => {
                self.bound(cue);
                self.neg = false;
                self.except = cue == Cue::But && at > 0 && matches!(self.before(at), Some(What::Cue(Cue::All | Cue::Item | Cue::AllItems)));
                self.mute &= cue != Cue::So;
            }
            Cue::All | Cue::AllItems | Cue::Each => self.all(at, cue),
            Cue::Both => self.both = true,
            Cue::Because => {
                self.bound(cue);
                self.mute = !self.reasons;
            }
            Cue::Beside => {
                self.bound(cue);
                self.skip = true;
            }
            Cue::Verb | Cue::Huan => {
                self.bound(cue);
                (self.neg, self.wish, self.mute, self.wants) = (false, false, false, false);
                self.except &= !self.out.drafts.iter().any(|d| d.except);
            }
            Cue::Same | Cue::New | Cue::One | Cue::It | Cue::The | Cue::A | Cue::Item | Cue::Cheapest | Cue::Dearest => self.pend.push(at),
        }
    }

    fn before(&self, at: usize) -> Option<&What> {
        at.checked_sub(1).map(|i| &self.scene.pieces[i].what)
    }

    /// Ends a clause, or a whole sentence.
    fn part(&mut self, cue: Cue, whole: bool) {
        self.flush();
        self.parted = true;
        self.skip = false;
        if cue != Cue::And {
            (self.neg, self.mute) = (false, false);
            self.clause += 1;
        }
        if whole {
            (self.wish, self.wants, self.except, self.opens) = (false, false, false, None);
            self.stale = true;
            self.boundary = None;
        }
    }

    fn bound(&mut self, cue: Cue) {
        self.flush();
        self.skip = false;
        self.boundary = Some(cue);
    }

    /// What comes after is wished of what came before.
    fn to(&mut self) {
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
    fn leads_for(&mut self, at: usize) {
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

    fn instead_of(&mut self) {
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

    fn instead(&mut self) {
        if let Some(cur) = self.cur.filter(|_| self.swaps && self.is_content()) {
            self.out.drafts[cur].want.append(&mut self.pend);
            self.out.drafts[cur].asked = true;
        }
        self.flush();
    }

    fn want(&mut self, at: usize) {
        self.bound(Cue::Want);
        (self.wants, self.mute) = (true, false);
        let named = self.cur.is_some_and(|cur| !self.out.drafts[cur].left);
        if self.swaps && named && !self.names_next(at) {
            self.wish = true;
        }
    }

    /// "keep the lamp" leaves it out, "the lamp stays" too; "keep the colour" is a wish.
    fn keep(&mut self, at: usize) {
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
    fn closes(&self, at: usize) -> bool {
        let named = self.out.drafts.last().is_some_and(|d| d.clause == self.clause) || self.is_content();
        let after = self.rest(at).any(|i| matches!(&self.scene.pieces[i].what, What::Said(_)));
        named && !after
    }

    fn leave_clause(&mut self) {
        self.flush();
        let clause = self.clause;
        self.out.drafts.iter_mut().filter(|d| d.clause == clause).for_each(|d| d.left = true);
    }

    fn all(&mut self, at: usize, cue: Cue) {
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
    fn rest(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let ends = |i: &usize| !matches!(self.scene.pieces[*i].what, What::Cue(Cue::Stop | Cue::Sep | Cue::But | Cue::Only));
        (at + 1..self.scene.pieces.len()).take_while(ends)
    }

    /// Whether a thing is named before the clause ends.
    fn names_next(&self, at: usize) -> bool {
        self.rest(at).any(|i| matches!(&self.scene.pieces[i].what, What::Said(said) if self.is_head(i, said)))
    }

    /// Whether a thing is named next, with nothing but its description between.
    fn names_right_after(&self, at: usize) -> bool {
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
    fn leads(&self, at: usize) -> bool {
        let before =
            self.is_content() || self.cur.is_some_and(|cur| self.out.drafts[cur].clause == self.clause && !self.out.drafts[cur].asked);
        let after = self.rest(at).any(|i| {
            matches!(self.scene.pieces[i].what, What::Said(_) | What::Step(..) | What::Number { .. } | What::Cue(Cue::Same | Cue::New))
        });
        self.swaps && before && after
    }

    /// Whether "with" leads to what is wished: "replace the lamp with a white one".
    fn replaces(&self, at: usize) -> bool {
        let replace = |i: usize| {
            let word = self.word(i).to_lowercase();
            ["replac", "swap", "substitut", "switch", "exchang", "trad"].iter().any(|w| word.contains(w))
        };
        let to = |i: usize| matches!(self.scene.pieces[i].what, What::Cue(Cue::To | Cue::For | Cue::InsteadOf));
        self.swaps && self.cur.is_some() && !self.wish && (0..at).any(replace) && !self.rest(at).any(to)
    }

    /// Whether the words since the last boundary say something of a thing.
    fn is_content(&self) -> bool {
        self.pend.iter().any(|i| match &self.scene.pieces[*i].what {
            What::Cue(cue) => matches!(cue, Cue::Same | Cue::New | Cue::Cheapest | Cue::Dearest),
            What::Word => false,
            _ => true,
        })
    }

    fn has(&self, cues: &[Cue]) -> bool {
        self.pend.iter().any(|i| matches!(self.scene.pieces[*i].what, What::Cue(cue) if cues.contains(&cue)))
    }

    /// "the black one", 黑色那件, 黑色的.
    fn is_one(&self) -> bool {
        self.has(&[Cue::One, Cue::Item]) || self.pend.last().is_some_and(|i| self.word(*i) == "的")
    }

    /// Whether the words since the last boundary stand for a thing of their own.
    fn is_new(&self) -> bool {
        let names =
            self.pend.iter().any(|i| matches!(&self.scene.pieces[*i].what, What::Said(s) if s.values.is_empty() && !s.names.is_empty()));
        self.is_own() || ((self.is_one() || self.has(&[Cue::The])) && !names)
    }

    /// A position, an id, a price, the cheapest: they need no name.
    fn is_own(&self) -> bool {
        let one = self.is_one();
        self.pend.iter().any(|i| match self.scene.pieces[*i].what {
            What::Place(_) | What::Id(_) => true,
            What::Money(..) | What::Cue(Cue::Cheapest | Cue::Dearest) => one,
            _ => false,
        })
    }

    /// Gives the words since the last boundary to whom they belong.
    fn flush(&mut self) {
        self.not = false;
        if !self.is_content() || self.mute || self.neg {
            self.out.muted |= self.mute && self.is_content();
            return self.pend.clear();
        }
        let own = self.is_own() && !self.wish;
        let called = |i: &usize| matches!(&self.scene.pieces[*i].what, What::Said(s) if !s.titles.is_empty() && s.values.is_empty());
        let brand = self.boundary == Some(Cue::Verb) && self.has(&[Cue::The]) && self.pend.iter().any(called);
        let apart = self.boundary != Some(Cue::InsteadOf) && (self.is_one() || brand) && (self.parted || self.cur.is_none() || self.except);
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

    fn start(&mut self, draft: Draft) {
        let (except, clause) = (self.except, self.clause);
        self.out.drafts.push(Draft { except, clause, left: self.neg, ..draft });
        self.cur = Some(self.out.drafts.len() - 1);
        (self.parted, self.stale) = (false, false);
    }

    /// Whether a piece names a thing here, rather than a value of one: a laptop, and a backpack for one.
    fn is_head(&self, at: usize, said: &Said) -> bool {
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
    fn said_before(&self, at: usize) -> Option<usize> {
        (0..at).rev().take(3).find(|i| matches!(self.scene.pieces[*i].what, What::Said(_)))
    }

    /// Whether a piece describes what is named next: "laptop compartment", "navy laptop nylon backpack".
    fn tells_of_next(&self, at: usize, said: &Said, listed: bool) -> bool {
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

    fn head(&mut self, at: usize, said: &Said) {
        let street = STREETS.contains(&self.word(at + 1).to_lowercase().as_str());
        if self.mute || self.skip || street {
            self.out.muted |= self.mute;
            self.skip = false;
            return self.pend.clear();
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
        if let Some(cur) = self.cur.filter(|_| self.wish && !self.parted && same.is_none() && !definite && self.boundary == Some(Cue::To)) {
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
        let told = self.boundary == Some(Cue::For) && self.verb == Some(Verb::Swap) && draft.want.is_empty();
        self.wish = (self.opens == Some(Cue::To) && self.swaps) || told;
        (self.opens, self.both) = (None, false);
        self.start(draft);
    }

    /// Whether two pieces name the same product.
    fn alike(&self, head: usize, said: &Said) -> bool {
        let What::Said(head) = &self.scene.pieces[head].what else { return false };
        let both = |kin: usize| self.scene.naming(head, kin) > 0.0 && self.scene.naming(said, kin) > 0.0;
        head.base == said.base || (0..self.scene.table.kins.len()).any(both)
    }

    /// Whether words that lead to a wish follow before another thing is named.
    fn leads_on(&self, at: usize) -> bool {
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
    fn is_object(&self, at: usize) -> bool {
        let after = self.scene.pieces.get(at + 1).is_some_and(|p| matches!(p.what, What::Cue(Cue::Verb | Cue::Huan | Cue::Each)));
        let led = self.pend.iter().any(|i| matches!(self.word(*i), "把" | "将" | "就把"));
        let listed = self.parted && self.out.drafts.last().is_some_and(|d| d.object) && self.boundary.is_some();
        let alone = self.verb.is_none() && self.scene.pieces.len() <= 8 && self.out.drafts.is_empty();
        let leads = matches!(self.boundary, Some(Cue::Verb | Cue::Huan | Cue::Leave | Cue::Except)) && (!self.parted || listed);
        leads || after || led || listed || alone
    }
}
