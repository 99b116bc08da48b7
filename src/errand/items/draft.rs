//! In: the pieces of a text. Out: drafts of what is meant: the words that name a thing, those that tell what it is, and those that tell
//! what it is to become. Read from left to right, as a person would; nothing is looked up on the orders here but names.

mod clauses;
mod heads;
mod holding;

use super::goods::Cue;
use super::pieces::What;
use super::resolve::Scene;
use crate::errand::heard::Verb;

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
    /// "the order with the lamp".
    pub holds: bool,
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
    /// "make the lamp white".
    makes: bool,
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
            makes: false,
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
            // "the 500ml one is too small": what it is.
            Cue::Noise if self.wish && (self.word(at).starts_with(['太', '偏', '有']) || self.word(at).contains("too ")) => {
                if let Some(cur) = self.cur {
                    self.out.drafts[cur].have.extend(self.pend.drain(..).map(|p| (p, false)));
                }
            }
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
            Cue::Fine if self.goes_on_with_another(at) => self.leave_clause(),
            Cue::Fine => {}
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
            // 电炉用, 户外用: what it is for.
            Cue::Verb if self.word(at) == "用" && matches!(self.before(at), Some(What::Said(said)) if !said.values.is_empty()) => {}
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
            self.opens = self.opens.filter(|o| *o != Cue::InsteadOf);
            self.clause += 1;
        }
        if whole {
            (self.wish, self.wants, self.except, self.opens) = (false, false, false, None);
            (self.stale, self.makes) = (true, false);
            self.boundary = None;
        }
    }

    fn bound(&mut self, cue: Cue) {
        self.flush();
        self.skip = false;
        self.boundary = Some(cue);
    }
}
