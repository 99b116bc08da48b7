//! In: what was said of one thing. Out: where on the orders it is: every place it fits best.

use super::draft::Draft;
use super::goods::{Cue, Way};
use super::pieces::{Said, What};
use super::resolve::Scene;
use super::step;
use crate::errand::heard::Place;

/// A thing, how well it fits, and whether all that was said of it is so.
struct Fit {
    thing: usize,
    score: f32,
    agrees: bool,
}

impl Scene<'_> {
    /// How well words name a product; nothing when they do not.
    pub fn naming(&self, said: &Said, kin: usize) -> f32 {
        let made = &self.table.kins[kin];
        let words = if said.base.is_ascii() { said.base.split(' ').count() } else { 1 };
        let more = |words: usize| 6.0 + 2.0 * (words.max(1) - 1) as f32;
        let titles = said.titles.iter().filter(|t| t.kin == kin && t.ends);
        let titled = titles.map(|t| if t.all { 12.0 } else { more(t.words) }).fold(0.0, f32::max);
        let kind = said.kinds.iter().any(|k| made.kinds.contains(k)) || (!said.kinds.is_empty() && made.is_a(&said.base));
        titled.max(if kind { more(words) } else { 0.0 })
    }

    pub fn is_known(&self, said: &Said) -> bool {
        (0..self.table.kins.len()).any(|kin| self.naming(said, kin) > 0.0)
    }

    /// The things that fit best, as indexes of the table.
    pub fn fits(&self, draft: &Draft, orders: &[String]) -> Vec<usize> {
        let mut fits: Vec<Fit> = (0..self.table.things.len()).filter_map(|thing| self.fit(draft, thing, orders)).collect();
        self.extreme(draft, &mut fits);
        self.stepped(draft, &mut fits);
        let bare = draft.head.is_none();
        if bare && fits.iter().any(|f| f.agrees) {
            fits.retain(|f| f.agrees);
        } else if bare && (draft.like.is_none() || fits.is_empty()) {
            fits.retain(|f| f.score >= 9.0);
        }
        let best = fits.iter().map(|f| f.score).fold(f32::MIN, f32::max);
        let many = draft.both && !bare && self.most_on_one(fits.iter().filter(|f| f.score >= best).map(|f| f.thing)) < 2;
        let all = many && self.most_on_one(fits.iter().filter(|f| f.agrees).map(|f| f.thing)) > 1;
        fits.retain(|f| if all { f.agrees } else { f.score >= best });
        fits.into_iter().map(|f| f.thing).collect()
    }

    /// How many of these lie on one order, at most.
    pub fn most_on_one(&self, things: impl Iterator<Item = usize>) -> usize {
        let orders: Vec<&str> = things.map(|t| self.table.things[t].place.order.as_str()).collect();
        orders.iter().map(|o| orders.iter().filter(|other| other == &o).count()).max().unwrap_or(0)
    }

    fn fit(&self, draft: &Draft, at: usize, orders: &[String]) -> Option<Fit> {
        let thing = &self.table.things[at];
        if !orders.is_empty() && !orders.contains(&thing.place.order) {
            return None;
        }
        let mut score = match draft.head.or(draft.like) {
            Some(head) => {
                let What::Said(said) = &self.pieces[head].what else { return None };
                Some(self.naming(said, thing.kin)).filter(|s| *s > 0.0)?
            }
            None => 0.0,
        };
        let list: Vec<usize> = draft.have.iter().map(|(piece, _)| *piece).collect();
        let said = self.resolve(&list, thing.kin, &thing.now, false);
        let right = said.values.iter().filter(|(c, v)| thing.now[**c] == Some(**v)).count();
        let mut agrees = right == said.values.len() && (right > 0 || draft.head.is_some());
        score += 2.0 * right as f32 - (said.values.len() - right) as f32;
        for piece in list {
            match &self.pieces[piece].what {
                What::Said(said) => {
                    let value = said.values.iter().any(|v| v.kin == thing.kin) || said.names.iter().any(|(k, _)| *k == thing.kin);
                    let title = said.titles.iter().filter(|t| t.kin == thing.kin).map(|t| t.words).max().unwrap_or(0);
                    let aside = said.kinds.iter().any(|k| self.table.kins[thing.kin].aside.contains(k));
                    score += if value { 0.0 } else { 1.5 * (title.max(usize::from(aside))) as f32 };
                    agrees |= draft.head.is_none() && title > 0 && said.values.is_empty();
                    // Said of another product only: a colour is not this one's when it has none.
                    agrees &= draft.head.is_some() || value || title > 0 || (said.values.is_empty() && !said.value);
                }
                What::Place(place) => {
                    let last = self.table.things.iter().filter(|t| t.place.order == thing.place.order).count() as i64;
                    let is = if *place < 0 { last + place + 1 } else { *place };
                    (is == thing.place.at as i64 + 1).then_some(())?;
                    (score, agrees) = (score + 20.0, true);
                }
                What::Id(id) => {
                    (*id == thing.item.id).then_some(())?;
                    (score, agrees) = (score + 50.0, true);
                }
                What::Money(hundredths, exact) => {
                    let price = thing.item.price.minor;
                    let near = !exact && (price / 100 == hundredths / 100 || (price + 50) / 100 == hundredths / 100);
                    (price == *hundredths || near).then_some(())?;
                    (score, agrees) = (score + 10.0, true);
                }
                What::Cue(Cue::Cheapest | Cue::Dearest) => (score, agrees) = (score + 10.0, true),
                _ => {}
            }
        }
        Some(Fit { thing: at, score, agrees })
    }

    /// Of "the cheapest" keeps the cheapest of each order.
    fn extreme(&self, draft: &Draft, fits: &mut Vec<Fit>) {
        let said = |cue| draft.have.iter().any(|(piece, _)| self.pieces[*piece].what == What::Cue(cue));
        let (least, most) = (said(Cue::Cheapest), said(Cue::Dearest));
        if !least && !most {
            return;
        }
        let of = |thing: usize| (&self.table.things[thing].place.order, self.table.things[thing].item.price.minor);
        let others: Vec<(&String, i64)> = fits.iter().map(|f| of(f.thing)).collect();
        fits.retain(|f| {
            let (order, price) = of(f.thing);
            others.iter().filter(|(o, _)| *o == order).all(|(_, p)| if least { price <= *p } else { price >= *p })
        });
    }

    /// Of "the smaller bottle" keeps the smallest.
    fn stepped(&self, draft: &Draft, fits: &mut Vec<Fit>) {
        let steps = draft.have.iter().filter(|(_, open)| !open).filter_map(|(piece, _)| match self.pieces[*piece].what {
            What::Step(step, way) => Some((step, way)),
            _ => None,
        });
        for (step, way) in steps {
            let rank = |fit: &Fit| {
                let thing = &self.table.things[fit.thing];
                let rank = step::rank(&self.table.kins[thing.kin], &thing.now, step)?;
                Some(if matches!(way, Way::Up | Way::Top) { rank } else { -rank })
            };
            let Some(most) = fits.iter().filter_map(rank).max_by(f64::total_cmp) else { continue };
            fits.retain(|fit| rank(fit).is_some_and(|r| r >= most));
        }
    }

    pub fn places(&self, things: &[usize]) -> Vec<Place> {
        things.iter().map(|t| self.table.things[*t].place.clone()).collect()
    }
}
