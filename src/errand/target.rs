//! In: what is wished of a thing, in words or as values. Out: the values its product has, and the variant that suits. Pure.

use super::heard::Wishes;
use super::items::goods::Cue;
use super::items::named::Table;
use super::items::pieces::{What, pieces};
use super::items::resolve::Scene;
use crate::aftersales::nouns::{Options, OrderItem, Shelf};
use crate::catalog::{Availability, Product, ProductId};
use std::collections::BTreeSet;

/// Which variants are as wished.
#[derive(Clone, Debug, PartialEq)]
pub enum Suiting {
    One(ProductId),
    /// Equally good ones, and the choice that tells them apart best with its values.
    Several {
        variants: Vec<ProductId>,
        by: Option<(String, Vec<String>)>,
    },
    /// None is so, or none can be had.
    None {
        nearest: Vec<ProductId>,
        wished: String,
    },
}

/// Combinations of values further on that are tried.
const FURTHER: usize = 64;
/// How many variants are told that come near.
const NEAR: usize = 4;

/// What a free answer to "what should it become?" wishes of `item`; `variants` are those of its product.
pub fn wishes(text: &str, item: &OrderItem, variants: &[&Product]) -> Wishes {
    let table = Table::of_one(item, variants);
    let (text, pieces) = pieces(text, &table);
    let scene = Scene { text: &text, pieces: &pieces, table: &table };
    let now = &table.things[0].now;
    let mut list: Vec<usize> = Vec::new();
    let mut passed = false;
    for (at, piece) in pieces.iter().enumerate() {
        match &piece.what {
            // "from red to blue", "the red one to blue": what it is now is no wish.
            What::Cue(Cue::To) => {
                let had = scene.resolve(&list, 0, now, false).values;
                let all = !had.is_empty() && had.iter().all(|(choice, value)| now[*choice] == Some(*value));
                if all {
                    list.retain(|i| matches!(&pieces[*i].what, What::Said(s) if s.values.is_empty()));
                }
                passed = false;
            }
            What::Cue(Cue::InsteadOf | Cue::From) => passed = true,
            What::Cue(Cue::Stop | Cue::Sep | Cue::Want) => passed = false,
            // The kind is named, or again: "a bigger bottle".
            What::Said(said) if said.values.is_empty() && said.names.is_empty() && scene.is_known(said) => {}
            _ if passed => {}
            _ => list.push(at),
        }
    }
    scene.wishes(&list, 0, now)
}

/// The variants of `item`'s product that are as wished and can be had. Those that keep most of the rest of it come first. Where the next
/// step of what was compared leads nowhere, one further on may do.
pub fn suiting(item: &OrderItem, wishes: &Wishes, shelf: &Shelf) -> Suiting {
    let found = suiting_of(item, wishes, shelf);
    if !matches!(found, Suiting::None { .. }) {
        return found;
    }
    let mut further: Vec<(usize, Options)> = vec![(0, wishes.options.clone())];
    for (name, values) in &wishes.or {
        let on = |(steps, options): &(usize, Options)| {
            let with = |(n, value): (usize, &String)| {
                let mut options = options.clone();
                options.insert(name.clone(), value.clone());
                (steps + n + 1, options)
            };
            values.iter().enumerate().map(with).collect::<Vec<_>>()
        };
        let more: Vec<(usize, Options)> = further.iter().flat_map(on).collect();
        further.extend(more);
        further.truncate(FURTHER);
    }
    further.sort_by_key(|(steps, _)| *steps);
    let other = |(_, options): (usize, Options)| suiting_of(item, &Wishes { options, ..wishes.clone() }, shelf);
    further.into_iter().skip(1).map(other).find(|other| matches!(other, Suiting::One(_))).unwrap_or(found)
}

fn suiting_of(item: &OrderItem, wishes: &Wishes, shelf: &Shelf) -> Suiting {
    let sold = |p: &&Product| {
        let currency = p.offer.price.as_ref().is_some_and(|price| price.currency == item.price.currency);
        p.group == item.item_group_id && currency && p.offer.availability == Availability::InStock
    };
    let mut all: Vec<(&Product, Options)> = shelf.values().filter(sold).map(|p| (p, item.options_of(p))).collect();
    all.sort_by(|a, b| a.0.id.cmp(&b.0.id));
    let stays = wishes.options.iter().all(|(name, value)| item.options.get(name) == Some(value));
    if wishes.same && stays && wishes.unknown.is_empty() {
        if all.iter().any(|(p, _)| p.id == item.id) {
            return Suiting::One(item.id.clone());
        }
        return Suiting::None { nearest: nearest(item, wishes, &all), wished: String::new() };
    }
    // "Size 9" of what is size 9: it may be the same again, or differ in what was not said yet.
    let barred = |name: &String, value: &String| wishes.not.get(name).is_some_and(|values| values.contains(value));
    let as_it_is = stays && !wishes.options.is_empty() && wishes.price == 0 && wishes.unknown.is_empty() && wishes.not.is_empty();
    let none = wishes.options.is_empty() && wishes.not.is_empty();
    all.retain(|(p, _)| p.id != item.id || as_it_is);
    let is = |options: &Options| {
        wishes.options.iter().all(|(name, value)| options.get(name) == Some(value)) && !options.iter().any(|(n, v)| barred(n, v))
    };
    let suit: Vec<&(&Product, Options)> = all.iter().filter(|(_, options)| is(options)).collect();
    if !wishes.unknown.is_empty() || suit.is_empty() {
        let said: Vec<&str> = match wishes.unknown.is_empty() {
            true => wishes.options.values().map(String::as_str).collect(),
            false => wishes.unknown.iter().map(String::as_str).collect(),
        };
        return Suiting::None { nearest: nearest(item, wishes, &all), wished: said.join(", ") };
    }
    let kept = |options: &Options| item.options.iter().filter(|(name, value)| options.get(*name) == Some(value)).count();
    if wishes.price != 0 {
        let price = |p: &Product| p.offer.price.as_ref().map_or(0, |m| m.minor) * i64::from(-wishes.price);
        let best = suit.iter().min_by_key(|(p, options)| (price(p), std::cmp::Reverse(kept(options))));
        if let Some((product, _)) = best {
            return Suiting::One(product.id.clone());
        }
    }
    // With no wish at all every other variant is as good: which one is to be asked, not guessed.
    let most = if none || as_it_is { 0 } else { suit.iter().map(|(_, options)| kept(options)).max().unwrap_or(0) };
    let best: Vec<&(&Product, Options)> = suit.into_iter().filter(|(_, options)| kept(options) >= most).collect();
    // What was not said is to stay: where it cannot, that is said.
    let open = |name: &String, value: &String| !wishes.options.contains_key(name) && !barred(name, value);
    let unsaid = item.options.iter().filter(|(name, value)| open(name, value)).count();
    let stays =
        |options: &Options| item.options.iter().filter(|(name, value)| open(name, value) && options.get(*name) == Some(value)).count();
    if !as_it_is && !none && best.iter().all(|(_, options)| stays(options) < unsaid) {
        let rest = item.options.iter().filter(|(name, _)| !wishes.options.contains_key(*name)).map(|(_, value)| value);
        let wished = wishes.options.values().chain(rest).map(String::as_str).collect::<Vec<_>>().join(", ");
        let mut near: Vec<&&(&Product, Options)> = best.iter().collect();
        near.truncate(NEAR);
        return Suiting::None { nearest: near.into_iter().map(|(p, _)| p.id.clone()).collect(), wished };
    }
    match best[..] {
        [(one, _)] if !none => Suiting::One(one.id.clone()),
        _ => Suiting::Several { by: apart(&best), variants: best.iter().map(|(p, _)| p.id.clone()).collect() },
    }
}

/// The choice with the most values among variants, when they differ in any.
fn apart(variants: &[&(&Product, Options)]) -> Option<(String, Vec<String>)> {
    let names: BTreeSet<&String> = variants.iter().flat_map(|(_, options)| options.keys()).collect();
    let of = |name: &String| -> Vec<String> {
        let values: BTreeSet<&String> = variants.iter().filter_map(|(_, options)| options.get(name)).collect();
        values.into_iter().cloned().collect()
    };
    let choices = names.into_iter().map(|name| (name.clone(), of(name))).filter(|(_, values)| values.len() > 1);
    choices.rev().max_by_key(|(_, values)| values.len())
}

/// Variants with most of what is wished, and of those with most of what it is.
fn nearest(item: &OrderItem, wishes: &Wishes, all: &[(&Product, Options)]) -> Vec<ProductId> {
    let common = |a: &Options, b: &Options| a.iter().filter(|(name, value)| b.get(*name) == Some(value)).count();
    let mut near: Vec<(usize, usize, &ProductId)> = all
        .iter()
        .filter(|(p, _)| p.id != item.id)
        .map(|(p, options)| (common(&wishes.options, options), common(&item.options, options), &p.id))
        .collect();
    near.sort_by(|a, b| (b.0, b.1, a.2).cmp(&(a.0, a.1, b.2)));
    near.into_iter().take(NEAR).map(|(.., id)| id.clone()).collect()
}

#[cfg(test)]
mod tests;
