//! In: the pieces of a text. Out: drafts of what is meant: the words that name a thing, those that tell what it is, and those that tell
//! what it is to become. Read from left to right, as a person would; nothing is looked up on the orders here but names.

mod heads;

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
}
