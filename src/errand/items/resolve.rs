//! In: pieces that are said of one product. Out: what they say, by its own choices and values.

use super::goods::{Cue, GOODS, Way};
use super::named::{Choice, Kin, Table, Valued};
use super::pieces::{Piece, Said, What};
use super::step;
use crate::errand::heard::Wishes;
use std::collections::BTreeMap;

/// A text and what its pieces can be.
pub struct Scene<'a> {
    pub text: &'a str,
    pub pieces: &'a [Piece],
    pub table: &'a Table<'a>,
}

/// Of one product: values by choice, and what else is wished.
#[derive(Debug, Default)]
pub struct Resolved {
    pub values: BTreeMap<usize, usize>,
    /// Of a choice that was compared: values that lie further the same way.
    pub beyond: BTreeMap<usize, Vec<usize>>,
    /// Values it must not have.
    pub not: BTreeMap<usize, Vec<usize>>,
    /// Choices whose value was said to stay.
    pub kept: Vec<usize>,
    pub same: bool,
    pub price: i8,
    pub unknown: Vec<String>,
}

impl Scene<'_> {
    /// `now` are the values it has. What could be said of two choices is said of one that differs when it is wished, and of one that has
    /// it when it describes.
    pub fn resolve(&self, list: &[usize], kin: usize, now: &[Option<usize>], wished: bool) -> Resolved {
        let mut found = Resolved::default();
        let made = &self.table.kins[kin];
        for (at, piece) in list.iter().map(|i| (*i, &self.pieces[*i])) {
            match &piece.what {
                What::Said(said) => self.said(said, at, (kin, made), now, wished, &mut found),
                What::Number { .. } => self.number(at, (kin, made), wished, now, &mut found),
                What::Step(step, way) if wished => {
                    let named = self.beside(at, kin).into_iter().flatten().next();
                    if let Some((choice, values)) = step::step(made, now, *step, *way, named)
                        && let Some((first, rest)) = values.split_first()
                    {
                        // "One size up" is that one.
                        let word = self.text[piece.bytes.clone()].to_lowercase();
                        let exact = ["size", "号", "码"].iter().any(|w| word.contains(w));
                        found.values.insert(choice, *first);
                        found.beyond.insert(choice, if exact { Vec::new() } else { rest.to_vec() });
                    }
                }
                What::Cue(Cue::Cheapest) => found.price = -1,
                What::Cue(Cue::Dearest) => found.price = 1,
                What::Cue(Cue::Same | Cue::New) => {
                    let of = |list: Vec<usize>| list.into_iter().next();
                    match self.beside(at, kin).map(of) {
                        [Some(choice), _] | [_, Some(choice)] if piece.what == What::Cue(Cue::Same) => {
                            if let Some(value) = now[choice] {
                                found.values.entry(choice).or_insert(value);
                                found.kept.push(choice);
                            }
                        }
                        _ => found.same = true,
                    }
                }
                What::Id(id) if wished => {
                    let variant = made.variants.iter().find(|v| v.id == *id);
                    let all = variant.iter().flat_map(|v| v.values.iter().enumerate()).filter_map(|(c, v)| Some((c, (*v)?)));
                    found.values.extend(all);
                }
                _ => {}
            }
        }
        found
    }

    pub fn wishes(&self, list: &[usize], kin: usize, now: &[Option<usize>]) -> Wishes {
        let found = self.resolve(list, kin, now, true);
        let choices = &self.table.kins[kin].choices;
        let barred = found.not.iter().any(|(c, values)| now[*c].is_some_and(|v| values.contains(&v)));
        let differs = found.values.iter().any(|(c, v)| now[*c] != Some(*v)) || !found.unknown.is_empty() || found.price != 0 || barred;
        let options = found.values.iter().map(|(c, v)| (choices[*c].name.clone(), choices[*c].values[*v].clone())).collect();
        // "A bigger one, 1 litre": what is named is no longer only compared.
        let as_compared = |c: &usize, rest: &[usize]| !rest.contains(&found.values[c]) && !rest.is_empty();
        let beyond = found.beyond.iter().filter(|(c, rest)| as_compared(c, rest));
        let or = beyond.map(|(c, rest)| (choices[*c].name.clone(), rest.iter().map(|v| choices[*c].values[*v].clone()).collect()));
        let not =
            found.not.iter().map(|(c, values)| (choices[*c].name.clone(), values.iter().map(|v| choices[*c].values[*v].clone()).collect()));
        let (or, not) = (or.collect(), not.collect());
        Wishes { options, or, not, same: found.same && !differs, price: found.price, unknown: found.unknown }
    }

    fn said(&self, said: &Said, at: usize, (kin, made): (usize, &Kin), now: &[Option<usize>], wished: bool, found: &mut Resolved) {
        let no = self.denied(at);
        let values: Vec<&Valued> = said.values.iter().filter(|v| v.kin == kin && (!said.letter || wished || self.is_size(at))).collect();
        let [after, before] = self.beside(at, kin);
        let names: Vec<usize> = said.names.iter().filter(|(k, _)| *k == kin).map(|(_, c)| *c).collect();
        if !values.is_empty() {
            let surest = values.iter().map(|v| v.sure).max().unwrap_or(0);
            let of = |list: &[usize]| values.iter().filter(|v| list.contains(&v.choice)).copied().collect::<Vec<_>>();
            let named = [of(&after), of(&before)].into_iter().find(|l| !l.is_empty());
            let mut fits = named.unwrap_or_else(|| values.iter().filter(|v| v.sure == surest).copied().collect());
            let best = fits.iter().map(|v| v.sure).max().unwrap_or(0);
            fits.retain(|v| v.sure == best);
            let changes = wished && self.cue(self.last(at)) != Some(Cue::Keep);
            let rank = |v: &&&Valued| {
                let has = now.get(v.choice).copied().flatten() == Some(v.value);
                (found.values.get(&v.choice).is_some_and(|set| *set != v.value), has == changes)
            };
            let Some(fit) = fits.iter().min_by_key(rank).copied().copied() else { return };
            let choice = &made.choices[fit.choice];
            let value = if no { other(choice, fit.value) } else { Some(fit.value) };
            match value {
                Some(value) if wished || !found.values.contains_key(&fit.choice) => drop(found.values.insert(fit.choice, value)),
                None if wished => {
                    found.values.retain(|c, v| (*c, *v) != (fit.choice, fit.value));
                    found.not.entry(fit.choice).or_default().push(fit.value);
                }
                _ => {}
            }
        } else if let Some(choice) = names.first().copied() {
            self.name(at, choice, &names, (made, now, no), found);
        } else if wished && !no && said.value && said.kinds.is_empty() && said.titles.iter().all(|t| t.kin != kin) {
            // "a large one" of what comes in litres is no size that it has not got.
            let sizes = made.choices.iter().any(|c| c.name.contains("size"));
            let scale = GOODS.scales.iter().find(|scale| scale.contains(&said.base));
            if let Some(scale) = scale {
                // "The small one" of what has its size in inches is a smaller one.
                let upper = scale.iter().position(|word| *word == said.base).is_some_and(|at| 2 * at >= scale.len());
                let way = if upper { Way::Up } else { Way::Down };
                if let Some((choice, values)) = step::step(made, now, 0, way, None).filter(|_| sizes)
                    && let Some((first, rest)) = values.split_first()
                {
                    found.values.entry(choice).or_insert(*first);
                    found.beyond.insert(choice, rest.to_vec());
                }
                if !sizes || found.values.keys().any(|c| made.choices[*c].name.contains("size")) {
                    return;
                }
            }
            let words = self.text[self.pieces[at].bytes.clone()].to_owned();
            found.unknown.push(words);
        }
    }

    /// A choice by its name alone: "waterproof", "no backlight", "keep the size", "same colour".
    fn name(&self, at: usize, choice: usize, names: &[usize], (made, now, no): (&Kin, &[Option<usize>], bool), found: &mut Resolved) {
        let valued = |i: Option<usize>| {
            i.and_then(|i| self.pieces.get(i)).is_some_and(|p| match &p.what {
                What::Said(s) => s.values.iter().any(|v| names.contains(&v.choice)),
                What::Step(..) | What::Cue(Cue::Same) => true,
                _ => false,
            })
        };
        let (next, last) = (self.next(at), self.last(at));
        if valued(next) || valued(last) {
            return;
        }
        if self.cue(last) == Some(Cue::Keep) || self.cue(next) == Some(Cue::Same) {
            if let Some(value) = now[choice] {
                found.values.insert(choice, value);
                found.kept.push(choice);
            }
            return;
        }
        let said = |i: Option<usize>| i.is_some_and(|i| matches!(self.pieces[i].what, What::Said(_)));
        let denied = no || (self.cue(next) == Some(Cue::No) && !said(next.and_then(|i| self.next(i))));
        let yes = |c: usize| {
            let values = &made.choices[c].values;
            let plain = |word: &str| values.iter().position(|v| v.eq_ignore_ascii_case(word));
            if denied { made.choices[c].none } else { plain("yes").or(plain("true")).or(made.choices[c].has) }
        };
        if let Some((choice, value)) = names.iter().find_map(|c| Some((*c, yes(*c)?))) {
            found.values.insert(choice, value);
        }
    }

    /// A bare number is a size beside a name, or, where it is wished, the number of a value.
    fn number(&self, at: usize, (kin, made): (usize, &Kin), wished: bool, now: &[Option<usize>], found: &mut Resolved) {
        let What::Number { number, count } = self.pieces[at].what else { return };
        let [after, before] = self.beside(at, kin);
        let named = [after, before].into_iter().find(|l| !l.is_empty());
        let follows =
            self.pieces.get(at + 1).is_some_and(|p| matches!(&p.what, What::Said(s) if !s.kinds.is_empty() || !s.titles.is_empty()));
        if named.is_none() && (!wished || (count && follows)) {
            return;
        }
        let keys = [format!("n:{number}"), format!("b:{number}")];
        let mut fits: Vec<&Valued> = keys.iter().flat_map(|k| self.table.valued(k)).filter(|v| v.kin == kin).collect();
        if let Some(named) = named {
            fits.retain(|v| named.contains(&v.choice));
        } else if fits.len() > 1 && fits.iter().any(|v| v.sure > 1) {
            fits.retain(|v| v.sure > 1);
        }
        if let [fit] = fits[..] {
            found.values.insert(fit.choice, fit.value);
        } else if wished && fits.is_empty() {
            let size = made.choices.iter().position(|c| c.name == "size" && c.values.iter().any(|v| v.parse::<f64>().is_ok()));
            if size.is_some_and(|c| now.len() > c && self.is_size(at)) {
                found.unknown.push(self.text[self.pieces[at].bytes.clone()].to_owned());
            }
        }
    }

    /// Choices of a product that are named right after a piece, and right before it.
    fn beside(&self, at: usize, kin: usize) -> [Vec<usize>; 2] {
        let named = |i: Option<usize>| match i.and_then(|i| self.pieces.get(i)).map(|p| &p.what) {
            Some(What::Said(s)) => s.names.iter().filter(|(k, _)| *k == kin).map(|(_, c)| *c).collect(),
            _ => Vec::new(),
        };
        [named(self.next(at)), named(self.last(at))]
    }

    fn cue(&self, at: Option<usize>) -> Option<Cue> {
        match self.pieces.get(at?)?.what {
            What::Cue(cue) => Some(cue),
            _ => None,
        }
    }

    fn next(&self, at: usize) -> Option<usize> {
        (at + 1..self.pieces.len()).take(3).find(|i| !self.is_glue(*i))
    }

    fn last(&self, at: usize) -> Option<usize> {
        (0..at).rev().take(3).find(|i| !self.is_glue(*i))
    }

    /// Words that join a value and the name of its choice.
    fn is_glue(&self, at: usize) -> bool {
        let piece = &self.pieces[at];
        let word = &self.text[piece.bytes.clone()];
        match piece.what {
            What::Word => matches!(word, "的" | "of" | "is" | "are" | "为" | "是" | "in" | ":" | "：" | "(" | "=" | "for"),
            What::Cue(Cue::The | Cue::A | Cue::To | Cue::Huan) => true,
            What::Cue(Cue::Want) => word == "要",
            _ => false,
        }
    }

    /// "no", "without", 不带 right before.
    pub fn denied(&self, at: usize) -> bool {
        let glue = |i: &usize| matches!(self.pieces[*i].what, What::Cue(Cue::The | Cue::A));
        let before = (0..at).rev().take(2).find(|i| !glue(i)).map(|i| &self.pieces[i].what);
        matches!(before, Some(What::Cue(Cue::No | Cue::Leave)))
    }

    /// Whether a letter or number is said as a size: "size m", M码, or a capital.
    fn is_size(&self, at: usize) -> bool {
        let word = &self.text[self.pieces[at].bytes.clone()];
        let sized = |i: Option<usize>| {
            i.and_then(|i| self.pieces.get(i)).is_some_and(|p| {
                let text = self.text[p.bytes.clone()].to_lowercase();
                GOODS.names.get(&text).is_some_and(|n| GOODS.names.get("size").is_some_and(|size| n.contains(&size[0])))
            })
        };
        let led = at > 0 && matches!(self.text[self.pieces[at - 1].bytes.clone()].to_lowercase().as_str(), "in" | "a" | "an" | "to");
        led || (word.chars().all(|c| c.is_ascii_uppercase()) && !word.is_empty()) || sized(self.next(at)) || sized(self.last(at))
    }
}

/// What a choice is when it is not this: the other of two, or that it has not got it.
fn other(choice: &Choice, value: usize) -> Option<usize> {
    match choice.values.len() {
        2 => Some(1 - value),
        _ => choice.none.filter(|none| *none != value),
    }
}
