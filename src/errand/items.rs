//! In: the words of one part of a message, the customer's case, the shelf. Out: which things on the orders they mean, and what each is to
//! become. Pure. What fits several places equally stays several; what is on no order is told by its words alone.

mod draft;
mod fits;
pub(in crate::errand) mod goods;
mod masked;
mod measure;
pub(in crate::errand) mod named;
pub(in crate::errand) mod pieces;
pub(in crate::errand) mod resolve;
mod step;

use super::heard::{ItemMention, Place, Verb, Wishes};
use crate::aftersales::nouns::{Case, Shelf};
use draft::{Draft, Read, Reader};
use goods::Cue;
use named::Table;
use pieces::{What, pieces};
use resolve::Scene;
use std::collections::BTreeSet;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Items {
    pub items: Vec<ItemMention>,
    /// "everything", 整单.
    pub all: bool,
    /// With `all`: what is left out of it.
    pub except: Vec<ItemMention>,
    /// "The order with the kettle": it only tells which order is meant.
    pub holding: Vec<ItemMention>,
    /// Named to say that it is not meant.
    pub left: Vec<ItemMention>,
}

/// The things `text` means, which is one part of a message about one deed. `orders` are the numbers it names: when there are any, only
/// things on them fit.
pub fn mentions(text: &str, case: &Case, orders: &[String], shelf: &Shelf, verb: Option<Verb>) -> Items {
    let table = Table::of(case, shelf);
    let (text, pieces) = pieces(text, &table);
    let scene = Scene { text: &text, pieces: &pieces, table: &table };
    let mut read = Reader::read(&scene, verb, false);
    if read.drafts.is_empty() && read.muted && !read.all {
        read = Reader::read(&scene, verb, true);
        read.drafts.retain(|d| d.head.is_some_and(|h| matches!(&pieces[h].what, What::Said(s) if scene.is_known(s))));
    }
    let swaps = matches!(verb, None | Some(Verb::Swap | Verb::Change));
    loose(&mut read, &scene, verb);
    let mut items = Items { all: read.all, ..Items::default() };
    let mut seen: Vec<Draft> = Vec::new();
    for mut draft in read.drafts {
        if draft.left && !draft.except {
            items.left.extend(mention(&scene, draft, orders, false).filter(|m| !m.fits.is_empty()));
            continue;
        }
        // "the lamp … the lamp": said again, and nothing new.
        let again = |d: &&mut Draft| {
            let same = d.head.zip(draft.head).is_some_and(|(a, b)| same_words(&scene, a, b));
            same && d.except == draft.except && d.holds == draft.holds
        };
        if let Some(known) = seen.iter_mut().rev().find(again).filter(|_| draft.have.is_empty() && draft.count.is_none()) {
            if known.want.is_empty() {
                (known.want, known.asked) = (std::mem::take(&mut draft.want), draft.asked);
            }
            continue;
        }
        seen.push(draft);
    }
    for draft in seen {
        let (except, holds) = (draft.except, draft.holds);
        let Some(mention) = mention(&scene, draft, orders, swaps && !except && !holds) else { continue };
        match (except, read.all) {
            _ if holds => items.holding.push(mention),
            (true, true) => items.except.push(mention),
            (true, false) => {}
            (false, _) => merge(&mut items.items, mention),
        }
    }
    if items.items.is_empty() && !items.all && items.except.is_empty() && items.left.is_empty() && items.holding.is_empty() {
        items.items.extend(stranger(&scene));
    }
    narrow(&mut items);
    let named = std::mem::take(&mut items.items);
    named.into_iter().for_each(|mention| merge(&mut items.items, mention));
    leave(&mut items);
    items
}

/// Things of one order, which another thing on it tells.
fn narrow(items: &mut Items) {
    let held = |p: &Place| items.holding.iter().all(|h| h.fits.is_empty() || h.fits.iter().any(|at| at.order == p.order));
    for mention in items.items.iter_mut().chain(&mut items.except) {
        if mention.fits.iter().any(held) {
            mention.fits.retain(held);
        }
    }
}

/// "The bottle, not the blue one" is the other; "not to return the lamp but to exchange it" leaves nothing out.
fn leave(items: &mut Items) {
    for mention in items.items.iter_mut().filter(|m| m.fits.len() > 1 && !m.both) {
        let left = |p: &Place| items.left.iter().any(|l| l.fits.len() < mention.fits.len() && l.fits.contains(p));
        if !mention.fits.iter().all(left) {
            let rest: Vec<Place> = mention.fits.iter().filter(|p| !left(p)).cloned().collect();
            mention.fits = rest;
        }
    }
    items.left.retain(|l| !items.items.iter().any(|m| m.fits.iter().any(|p| l.fits.contains(p))));
}

/// The same things meant twice are meant once.
fn merge(items: &mut Vec<ItemMention>, mention: ItemMention) {
    match items
        .iter_mut()
        .find(|i| !i.fits.is_empty() && i.fits == mention.fits && (i.into.is_none() || mention.into.is_none()) && i.fits.len() == 1)
    {
        Some(known) if known.into.is_none() => known.into = mention.into,
        Some(_) => {}
        None => items.push(mention),
    }
}

fn same_words(scene: &Scene, a: usize, b: usize) -> bool {
    matches!((&scene.pieces[a].what, &scene.pieces[b].what), (What::Said(a), What::Said(b)) if a.base == b.base)
}

/// Values that were said of nothing: what is wished, or, with no deed named, which thing is meant.
fn loose(read: &mut Read, scene: &Scene, verb: Option<Verb>) {
    if !read.drafts.is_empty() || read.loose.is_empty() || read.all {
        return;
    }
    let list = std::mem::take(&mut read.loose);
    match verb {
        Some(Verb::Swap) => read.drafts.push(Draft { want: list, asked: true, ..Draft::default() }),
        None if scene.pieces.len() <= 6 => {
            read.drafts.push(Draft { have: list.into_iter().map(|p| (p, false)).collect(), ..Draft::default() });
        }
        _ => {}
    }
}

fn mention(scene: &Scene, mut draft: Draft, orders: &[String], swaps: bool) -> Option<ItemMention> {
    let bare = draft.head.is_none() && draft.have.is_empty();
    let mut fits = if bare { of_wish(scene, &draft, orders) } else { scene.fits(&draft, orders) };
    if fits.is_empty() {
        let known = draft.head.is_some_and(|h| matches!(&scene.pieces[h].what, What::Said(s) if scene.is_known(s)));
        let told = draft.head.is_some() && (known || draft.object);
        return told.then(|| ItemMention { words: words(scene, &draft), ..ItemMention::default() });
    }
    if swaps && !draft.want.is_empty() && draft.strange.is_empty() {
        turned(scene, &mut draft, &fits);
    }
    if swaps && draft.want.is_empty() {
        changed(scene, &mut draft, &fits);
    } else if swaps {
        added(scene, &mut draft, &fits);
    }
    let mut into = None;
    if swaps && !(draft.want.is_empty() && draft.strange.is_empty()) {
        let wish = |thing: &usize| {
            let thing = &scene.table.things[*thing];
            scene.wishes(&draft.want, thing.kin, &thing.now)
        };
        let all: Vec<(usize, Wishes)> = fits.iter().map(|t| (*t, wish(t))).collect();
        let worth = |w: &Wishes| w.options.len() as i64 - 2 * w.unknown.len() as i64;
        let best = all.iter().map(|(_, w)| worth(w)).max().unwrap_or(0);
        fits = all.iter().filter(|(_, w)| worth(w) == best).map(|(t, _)| *t).collect();
        into = all.into_iter().find(|(_, w)| worth(w) == best).map(|(_, w)| w);
        let strange = draft.strange.iter().map(|p| scene.text[scene.pieces[*p].bytes.clone()].to_owned());
        if let Some(wishes) = &mut into {
            wishes.unknown.extend(strange);
        }
        into = into.filter(|w| *w != Wishes::default());
    }
    let most = scene.most_on_one(fits.iter().copied());
    let plural = draft.head.is_some_and(|h| is_plural(scene, h, &fits));
    let both = most > 1 && !draft.part && (draft.both || plural || draft.count.is_some_and(|n| n > 1 && n == most));
    let told = |p: &(usize, bool)| matches!(scene.pieces[p.0].what, What::Place(_) | What::Id(_) | What::Money(..));
    let bare = draft.head.is_none() && draft.like.is_none() && !draft.have.iter().any(told);
    Some(ItemMention { words: words(scene, &draft), fits: scene.places(&fits), both, into, bare })
}

/// "change it to size L": what can be so and is not.
fn of_wish(scene: &Scene, draft: &Draft, orders: &[String]) -> Vec<usize> {
    let things = scene.table.things.iter().enumerate();
    let here = things.filter(|(_, t)| orders.is_empty() || orders.contains(&t.place.order));
    let scored: Vec<(usize, i64)> = here
        .map(|(at, thing)| {
            let wishes = scene.wishes(&draft.want, thing.kin, &thing.now);
            (at, wishes.options.len() as i64 - wishes.unknown.len() as i64)
        })
        .collect();
    let best = scored.iter().map(|(_, score)| *score).max().unwrap_or(0);
    scored.into_iter().filter(|(_, score)| *score == best && best > 0).map(|(at, _)| at).collect()
}

/// "polarized for non-polarized sunglasses": what it is was said first.
fn turned(scene: &Scene, draft: &mut Draft, fits: &[usize]) {
    let have: Vec<usize> = draft.have.iter().map(|(piece, _)| *piece).collect();
    let is = |list: &[usize], thing: &usize| {
        let thing = &scene.table.things[*thing];
        let said = scene.resolve(list, thing.kin, &thing.now, false);
        let right = said.values.iter().filter(|(c, v)| thing.now[**c] == Some(**v)).count();
        (right, said.values.len() - right)
    };
    if fits.iter().all(|t| matches!(is(&draft.want, t), (1.., 0)) && matches!(is(&have, t), (0, 1..))) {
        let was = std::mem::replace(&mut draft.want, have);
        draft.have = was.into_iter().map(|p| (p, false)).collect();
    }
}

/// "the lamp in white" of a black one: when nothing led to a wish, what it is not is what it is to become.
fn changed(scene: &Scene, draft: &mut Draft, fits: &[usize]) {
    let open: Vec<usize> = draft.have.iter().filter(|(_, open)| *open).map(|(piece, _)| *piece).collect();
    let differs = |thing: &usize| {
        let thing = &scene.table.things[*thing];
        let found = scene.resolve(&open, thing.kin, &thing.now, true);
        let wish = !found.unknown.is_empty() || found.same || found.values.iter().any(|(c, v)| thing.now[*c] != Some(*v));
        wish || (found.price != 0
            && !draft.have.iter().any(|(p, _)| matches!(scene.pieces[*p].what, What::Cue(Cue::Cheapest | Cue::Dearest))))
    };
    let strict = |thing: &usize| {
        let thing = &scene.table.things[*thing];
        let found = scene.resolve(&open, thing.kin, &thing.now, false);
        // "are size 9, but I ordered 10".
        let last = scene.resolve(&open, thing.kin, &thing.now, true).values;
        let two = found.values.iter().any(|(c, v)| last.get(c).is_some_and(|last| last != v));
        two || found.values.iter().any(|(c, v)| thing.now[*c] != Some(*v))
            || open.iter().any(|p| matches!(scene.pieces[*p].what, What::Step(..) | What::Cue(Cue::Same | Cue::New)))
    };
    if !open.is_empty() && fits.iter().all(|t| differs(t) && strict(t)) {
        draft.want = open;
    }
}

/// "Could I have it in leather? Green, with a camera compartment": what is said after a wish, and it is not, is wished too.
fn added(scene: &Scene, draft: &mut Draft, fits: &[usize]) {
    let Some(last) = draft.want.iter().max().copied() else { return };
    let differs = |piece: usize| {
        fits.iter().all(|thing| {
            let thing = &scene.table.things[*thing];
            let found = scene.resolve(&[piece], thing.kin, &thing.now, true);
            !found.values.is_empty() && found.values.iter().all(|(c, v)| thing.now[*c] != Some(*v))
        })
    };
    let more: Vec<usize> = draft.have.iter().filter(|(p, open)| *open && *p > last && differs(*p)).map(|(p, _)| *p).collect();
    draft.have.retain(|(p, _)| !more.contains(p));
    draft.want.extend(more);
}

/// "the bottles" are both, "the shoes" of a pair are not.
fn is_plural(scene: &Scene, head: usize, fits: &[usize]) -> bool {
    let text = scene.text[scene.pieces[head].bytes.clone()].to_lowercase();
    let one = |thing: &usize| !scene.table.things[*thing].item.title.to_lowercase().ends_with('s');
    text.is_ascii() && text.ends_with('s') && !text.ends_with("ss") && fits.iter().all(one)
}

/// The words a thing was called by.
fn words(scene: &Scene, draft: &Draft) -> String {
    let said = |i: &usize| {
        matches!(scene.pieces[*i].what, What::Said(_) | What::Number { .. } | What::Place(_) | What::Id(_) | What::Money(..) | What::Cue(_))
    };
    let own: BTreeSet<usize> = draft.head.into_iter().chain(draft.have.iter().map(|(p, _)| *p)).filter(said).collect();
    let list = if own.is_empty() { draft.want.iter().copied().filter(said).collect() } else { own };
    // What lies apart from the name is left out, for it may be another sentence.
    let mut list: Vec<usize> = list.into_iter().collect();
    if let Some(head) = draft.head.and_then(|h| list.iter().position(|p| *p == h)) {
        let near = |a: usize, b: usize| b - a <= 2;
        let from = (0..head).rev().find(|i| !near(list[*i], list[*i + 1])).map_or(0, |i| i + 1);
        let to = (head..list.len() - 1).find(|i| !near(list[*i], list[*i + 1])).unwrap_or(list.len() - 1);
        list = list[from..=to].to_vec();
    }
    match (list.first(), list.last()) {
        (Some(a), Some(b)) => {
            let text = scene.text[scene.pieces[*a].bytes.start..scene.pieces[*b].bytes.end].trim();
            text.trim_start_matches("the ").trim_start_matches("my ").trim_start_matches("a ").trim_start_matches(['把', '将']).to_owned()
        }
        _ => String::new(),
    }
}

/// "return the flurbinator": goods nobody here knows, where nothing else can stand.
fn stranger(scene: &Scene) -> Option<ItemMention> {
    let plain = |i: usize| {
        let word = scene.pieces.get(i).map_or("", |p| &scene.text[p.bytes.clone()]);
        let known = goods::GOODS.known.contains(&goods::base(word));
        matches!(scene.pieces.get(i)?.what, What::Word).then_some(())?;
        (!known && word.len() > 3 && word.chars().all(|c| c.is_ascii_alphabetic())).then_some(())
    };
    let cue = |i: usize| if let Some(What::Cue(cue)) = scene.pieces.get(i).map(|p| &p.what) { Some(*cue) } else { None };
    let ends =
        |i: usize| i >= scene.pieces.len() || matches!(cue(i), Some(Cue::Stop | Cue::Sep | Cue::And | Cue::For | Cue::Because | Cue::From));
    let verb = (0..scene.pieces.len()).find(|i| cue(*i) == Some(Cue::Verb) && cue(*i + 1) == Some(Cue::The))?;
    let from = verb + 2;
    let to = (from..scene.pieces.len()).find(|i| plain(*i).is_none()).unwrap_or(scene.pieces.len());
    (to > from && to - from <= 3 && ends(to)).then(|| {
        let words = scene.text[scene.pieces[from].bytes.start..scene.pieces[to - 1].bytes.end].to_owned();
        ItemMention { words, ..ItemMention::default() }
    })
}

#[cfg(test)]
mod swaps;
#[cfg(test)]
pub(in crate::errand) mod tests;
#[cfg(test)]
mod world;
