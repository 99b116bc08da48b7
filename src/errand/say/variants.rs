//! Variants of an item's product: what it is to become, what there is instead, and what there is at all.

use super::items::{said, said_one};
use super::names::capital;
use super::{Spoken, View};
use crate::aftersales::nouns::{Options, OrderItem};
use crate::catalog::{Availability, Money, Product, ProductId};
use crate::turn::Choice;
use std::collections::{BTreeMap, BTreeSet};

pub fn target(v: &View<'_>, id: &str, at: usize, by: Option<&(String, Vec<String>)>, variants: &[ProductId]) -> Spoken {
    let Some(item) = item(v, id, at) else { return Spoken::one(v.by("您想换成什么样的？", "What should it become?")) };
    let now = v.item_and_price(item);
    if let Some((name, values)) = by {
        let shown: Vec<String> = values.iter().map(|value| v.value(name, value)).collect();
        let called = v.name(name);
        let question = match values.iter().all(|value| matches!(value.as_str(), "yes" | "no")) {
            true => v.by(format!("您的 {now}，{called}选是还是否？"), format!("Your {now}: should it be {called}, yes or no?")),
            false => v.by(
                format!("您的 {now}，{called}要换成哪种？现在有：{}。", v.one_of(&shown)),
                format!("Your {now}: which {called} would you like? There is {}.", v.one_of(&shown)),
            ),
        };
        let button = |(value, label): (&String, String)| v.choice(capital(&label), said_one(name, value));
        return Spoken::one(question).offer(values.iter().zip(shown).map(button));
    }
    let found = products(v, variants);
    let question = match found.len() {
        0 => v.by(format!("您的 {now}，想换成什么样的？"), format!("Your {now}: what should it become?")),
        _ => v.by(format!("您的 {now}，想换成哪一种？现在能换的有："), format!("Your {now}: which of these should it become?")),
    };
    Spoken::one(question).lines(lines(v, item, &found)).offer(buttons(v, item, &found))
}

pub fn none_such(v: &View<'_>, id: &str, at: usize, wished: &str, nearest: &[ProductId]) -> Spoken {
    let Some(item) = item(v, id, at) else {
        return Spoken::one(v.by("您要的这种现在没有。", "That one is not available right now."));
    };
    let (title, found) = (v.title(item), products(v, nearest));
    // Each wish as the choice it is one of is read aloud.
    let read = |value: &str| {
        let of = |name: &&String| group(v, item).iter().any(|p| item.options_of(p).get(*name).is_some_and(|own| own == value));
        item.options.keys().find(of).map_or(value.to_owned(), |name| v.option(name, value))
    };
    let wished = wished.split(", ").filter(|w| !w.is_empty()).map(read).collect::<Vec<_>>().join(v.by("，", ", "));
    let none = match wished.trim() {
        "" => v.by(format!("{title} 现在没有您要的那种。"), format!("The {title} is not available like that right now.")),
        wished => v.by(format!("{title} 现在没有“{wished}”的。"), format!("The {title} is not available as “{wished}” right now.")),
    };
    let others = group(v, item).iter().any(|product| ready(product) && product.id != item.id);
    let on = match found.len() {
        0 if others => v.by("换一个说法试试，或者让我把有货的列给您。", "Would something else do, or shall I list what is in stock?"),
        0 => v.by("其他规格现在也都没有货，这件我先不动。", "Nothing else of it is in stock either, so I leave this item as it is."),
        _ => v.by("最接近的有：", "The nearest I have:"),
    };
    Spoken::one(none).and(on).lines(lines(v, item, &found)).offer(buttons(v, item, &found))
}

/// All there is of one item's product, or what of it was asked for.
pub fn all(v: &View<'_>, id: &str, at: usize, variants: &[ProductId]) -> Spoken {
    let Some(item) = item(v, id, at) else { return Spoken::one(v.by("您说的是哪一件？", "Which item do you mean?")) };
    let found = products(v, variants);
    if found.is_empty() {
        let title = v.title(item);
        return Spoken::one(v.by(format!("{title} 现在没有其他规格。"), format!("There is no other variant of the {title} right now.")));
    }
    let stock: Vec<&Product> = found.iter().copied().filter(|p| ready(p)).collect();
    let listed = if found.len() > 5 { choices_of(v, item, &stock) } else { lines(v, item, &stock) };
    Spoken::one(count(v, item, &found, &stock)).lines(listed)
}

/// "T-Shirt comes in 12 variants; 10 are in stock, from $46.66 to $52.15."
pub fn summary(v: &View<'_>, item: &OrderItem) -> Option<String> {
    let found = group(v, item);
    let stock: Vec<&Product> = found.iter().copied().filter(|p| ready(p)).collect();
    (!found.is_empty()).then(|| count(v, item, &found, &stock))
}

fn count(v: &View<'_>, item: &OrderItem, found: &[&Product], stock: &[&Product]) -> String {
    let (title, all, ready) = (v.title(item), found.len(), stock.len());
    let prices: Vec<&Money> = stock.iter().filter_map(|p| p.offer.price.as_ref()).collect();
    let range = prices.iter().min_by_key(|m| m.minor).zip(prices.iter().max_by_key(|m| m.minor)).map(|(low, high)| {
        let (low, high) = (low.display(), high.display());
        match low == high {
            true => v.by(format!("，价格 {low}"), format!(", at {low}")),
            false => v.by(format!("，价格从 {low} 到 {high}"), format!(", from {low} to {high}")),
        }
    });
    let range = range.unwrap_or_default();
    let of = group(v, item).len();
    match (all, ready) {
        _ if all < of => {
            let stock = match (all == ready, ready) {
                (true, _) => v.by("，都有现货".to_owned(), " and can be had now".to_owned()),
                (_, 0) => v.by("，现在都没有现货".to_owned(), ", and none of these is in stock now".to_owned()),
                _ => v.by(format!("，其中 {ready} 种有现货"), format!(", and {ready} of these can be had now")),
            };
            let fit = if all == 1 { "fits" } else { "fit" };
            v.by(
                format!("{title} 的 {of} 种规格里，符合的有 {all} 种{stock}{range}。"),
                format!("Of the {of} variants of the {title}, {all} {fit}{stock}{range}."),
            )
        }
        (1, 1) => {
            v.by(format!("{title} 只有这一种，有现货{range}。"), format!("The {title} comes in one variant only; it is in stock{range}."))
        }
        (_, 0) => v.by(
            format!("{title} 共有 {all} 种规格，现在都没有现货。"),
            format!("The {title} comes in {all} variants; none is in stock now."),
        ),
        _ if all == ready => v.by(
            format!("{title} 共有 {all} 种规格，都有现货{range}。"),
            format!("The {title} comes in {all} variants, all in stock{range}."),
        ),
        _ => {
            let are = if ready == 1 { "is" } else { "are" };
            v.by(
                format!("{title} 共有 {all} 种规格，{ready} 种有现货{range}。"),
                format!("The {title} comes in {all} variants; {ready} {are} in stock{range}."),
            )
        }
    }
}

/// Each choice with the values that can be had.
fn choices_of(v: &View<'_>, item: &OrderItem, stock: &[&Product]) -> Vec<String> {
    let mut values: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, value) in stock.iter().flat_map(|product| item.options_of(product)) {
        values.entry(name).or_default().insert(value);
    }
    let line = |(name, values): (&String, &BTreeSet<String>)| {
        let shown: Vec<String> = values.iter().map(|value| v.value(name, value)).collect();
        let shown = shown.join(v.by("、", ", "));
        v.by(format!("{}：{shown}", v.name(name)), format!("{}: {shown}", capital(name)))
    };
    values.iter().map(line).collect()
}

/// What tells each from the others, its price, and how that differs from what the item cost.
fn lines(v: &View<'_>, item: &OrderItem, found: &[&Product]) -> Vec<String> {
    let line = |product: &&Product| {
        let mut line = label(v, item, product, found);
        if let Some(price) = &product.offer.price {
            line += &v.by(format!("，{}", price.display()), format!(", {}", price.display()));
            let more = price.minor - item.price.minor;
            if price.currency == item.price.currency && more != 0 {
                let by = Money::new(more.abs(), &price.currency).display();
                let words = if more > 0 {
                    v.by(format!("（贵 {by}）"), format!(" ({by} more)"))
                } else {
                    v.by(format!("（便宜 {by}）"), format!(" ({by} less)"))
                };
                line += &words;
            }
        }
        if !ready(product) {
            line += v.by("，暂时缺货", ", out of stock");
        }
        line
    };
    v.cut(found.iter().map(line).collect())
}

fn buttons(v: &View<'_>, item: &OrderItem, found: &[&Product]) -> Vec<Choice> {
    let ready = found.iter().filter(|p| ready(p));
    ready.map(|product| v.choice(capital(&label(v, item, product, found)), said(&item.options_of(product)))).collect()
}

/// The choices in which the variants differ; all, when they do not.
fn label(v: &View<'_>, item: &OrderItem, product: &Product, among: &[&Product]) -> String {
    let options = item.options_of(product);
    let others: Vec<Options> = among.iter().map(|p| item.options_of(p)).collect();
    let differs = |name: &String, value: &String| others.iter().any(|o| o.get(name) != Some(value));
    let telling: Options = options.iter().filter(|(name, value)| differs(name, value)).map(|(n, o)| (n.clone(), o.clone())).collect();
    let shown = v.options(if telling.is_empty() { &options } else { &telling });
    if shown.is_empty() { product.title(v.lang).to_owned() } else { shown }
}

fn ready(product: &Product) -> bool {
    product.offer.availability == Availability::InStock && product.offer.price.is_some()
}

fn item<'a>(v: &View<'a>, id: &str, at: usize) -> Option<&'a OrderItem> {
    v.order(id)?.items.get(at)
}

fn products<'a>(v: &View<'a>, ids: &[ProductId]) -> Vec<&'a Product> {
    ids.iter().filter_map(|id| v.shelf.get(id)).collect()
}

fn group<'a>(v: &View<'a>, item: &OrderItem) -> Vec<&'a Product> {
    let mut found: Vec<&Product> = v.shelf.values().filter(|p| p.group == item.item_group_id).collect();
    found.sort_by(|a, b| a.id.cmp(&b.id));
    found
}
