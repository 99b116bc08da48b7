//! In: a case's orders and the shelf. Out: every item as a `Thing` of a `Kin` (its product with all variants), and a table of the words
//! that can mean one of them: titles, kinds, names and values of choices.

use super::goods::{GOODS, base};
use super::measure;
use crate::aftersales::nouns::{Case, OrderItem, Shelf};
use crate::catalog::{Availability, Product, leaf};
use crate::errand::heard::Place;
use crate::turn::understand::base_color;
use crate::turn::understand::reading::{Kind, Reading, is_han};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// An item where it lies, and its values by the choices of its kin.
pub struct Thing<'a> {
    pub place: Place,
    pub item: &'a OrderItem,
    pub kin: usize,
    pub now: Vec<Option<usize>>,
}

/// A product with its variants, as far as an order knows how it is chosen.
#[derive(Default)]
pub struct Kin {
    /// The kinds its title is of, in base form what these end as, and the kinds of the title's other words.
    pub kinds: Vec<usize>,
    pub broader: BTreeSet<String>,
    pub aside: Vec<usize>,
    pub choices: Vec<Choice>,
    pub variants: Vec<Variant>,
}

pub struct Choice {
    pub name: String,
    pub values: Vec<String>,
    /// The value that says it has not got it: "no", "none", "not resistant".
    pub none: Option<usize>,
    /// What it says when it has, where that is one value only.
    pub has: Option<usize>,
}

pub struct Variant {
    pub id: String,
    pub values: Vec<Option<usize>>,
    pub in_stock: bool,
}

/// That words are of a title: how many, whether they are all of it, or name what it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Titled {
    pub kin: usize,
    pub words: usize,
    pub all: bool,
    pub ends: bool,
}

/// That words are a value. The sureness of a whole value is 3 as it is written, 2 in other words; of a part of one 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Valued {
    pub kin: usize,
    pub choice: usize,
    pub value: usize,
    pub sure: u8,
}

#[derive(Default)]
pub struct Table<'a> {
    pub things: Vec<Thing<'a>>,
    pub kins: Vec<Kin>,
    titles: HashMap<String, Vec<Titled>>,
    values: HashMap<String, Vec<Valued>>,
    names: HashMap<String, Vec<(usize, usize)>>,
    /// English words of all these, for those that are misspelt.
    pub words: BTreeSet<String>,
    /// And of what else their kinds are called.
    pub kind_words: BTreeSet<String>,
}

impl<'a> Table<'a> {
    pub fn of(case: &'a Case, shelf: &Shelf) -> Self {
        let mut groups: HashMap<&str, Vec<&Product>> = HashMap::new();
        for order in &case.orders {
            groups.extend(order.items.iter().map(|i| (i.item_group_id.as_str(), Vec::new())));
        }
        for product in shelf.values() {
            if let Some(group) = groups.get_mut(product.group.as_str()) {
                group.push(product);
            }
        }
        let mut table = Table::default();
        let mut kins: Vec<(&str, Vec<&OrderItem>)> = Vec::new();
        for order in &case.orders {
            for (at, item) in order.items.iter().enumerate() {
                let known = kins.iter().position(|(group, _)| *group == item.item_group_id);
                let kin = known.unwrap_or_else(|| {
                    kins.push((&item.item_group_id, Vec::new()));
                    kins.len() - 1
                });
                kins[kin].1.push(item);
                table.things.push(Thing { place: Place { order: order.id.clone(), at }, item, kin, now: Vec::new() });
            }
        }
        for (group, items) in &kins {
            let mut variants = groups.remove(group).unwrap_or_default();
            variants.sort_by(|a, b| a.id.cmp(&b.id));
            table.add(items, &variants);
        }
        for thing in &mut table.things {
            thing.now = table.kins[thing.kin].values_of(&thing.item.options);
        }
        table
    }

    /// A table of one item and the variants it can become.
    pub fn of_one(item: &'a OrderItem, variants: &[&Product]) -> Self {
        let mut table = Table::default();
        table.add(&[item], variants);
        let now = table.kins[0].values_of(&item.options);
        table.things.push(Thing { place: Place { order: String::new(), at: 0 }, item, kin: 0, now });
        table
    }

    fn add(&mut self, items: &[&OrderItem], variants: &[&Product]) {
        let at = self.kins.len();
        let mut kin = Kin::of(items, variants);
        let mut titles: Vec<&str> = items.iter().map(|i| i.title.as_str()).collect();
        titles.extend(variants.iter().flat_map(|v| v.localized.values()).map(|t| t.title.as_str()));
        titles.sort_unstable();
        titles.dedup();
        for title in titles.into_iter().filter(|t| !t.is_empty()).take(12) {
            self.title(at, &mut kin, title);
        }
        if let Some(variant) = variants.first() {
            let own = std::iter::once(&variant.text).chain(variant.localized.values());
            for text in own {
                kind_at_end(&mut kin, &Reading::of(leaf(&text.category)));
            }
        }
        let called = kin.kinds.iter().flat_map(|k| &GOODS.called[*k]).flat_map(|name| name.split(' '));
        self.kind_words.extend(called.filter(|w| w.is_ascii() && w.len() >= 5).map(str::to_owned));
        for choice in 0..kin.choices.len() {
            self.choice(at, choice, &kin.choices[choice]);
        }
        self.kins.push(kin);
    }

    fn title(&mut self, at: usize, kin: &mut Kin, title: &str) {
        let reading = Reading::of(title);
        let end = title_end(&reading);
        let ends = kind_at_end(kin, &Reading::of(reading.slice(&(0..end))));
        let han = reading.kind(end - 1) == Some(Kind::Han);
        for from in 0..end {
            for to in from + 1..=end.min(from + 7) {
                let words = to - from;
                let mark = (from..to).any(|i| reading.kind(i) == Some(Kind::Mark)) || (han && words < 2);
                if mark || (words == 1 && (reading.kind(from) == Some(Kind::Number) || reading.word(from).len() < 2)) {
                    continue;
                }
                let titled =
                    Titled { kin: at, words: if han { words / 2 } else { words }, all: words == end, ends: to == end || to == ends };
                put(&mut self.titles, joined(&reading, from..to), titled);
            }
            self.word(&reading, from);
        }
    }

    fn choice(&mut self, at: usize, index: usize, choice: &Choice) {
        let reading = Reading::of(&choice.name);
        for from in 0..reading.len() {
            for to in from + 1..=reading.len() {
                put(&mut self.names, format!("l:{}", joined(&reading, from..to)), (at, index));
                for name in GOODS.names.get(reading.phrase(from..to)).unwrap_or_default() {
                    put(&mut self.names, format!("g:{name}"), (at, index));
                }
            }
        }
        let parts: Vec<Vec<String>> = choice.values.iter().map(|v| parts(v)).collect();
        for (value, text) in choice.values.iter().enumerate() {
            let mut say = |key: String, sure: u8| put(&mut self.values, key, Valued { kin: at, choice: index, value, sure });
            if choice.none == Some(value) {
                let not = GOODS.values.get(&format!("not {}", choice.name)).unwrap_or_default();
                not.iter().for_each(|group| say(format!("g:{group}"), 2));
            }
            if matches!(base(text).as_str(), "yes" | "no" | "true" | "false" | "") {
                continue;
            }
            keys(text).into_iter().for_each(|(key, sure)| say(key, sure));
            let own = |part: &&String| parts.iter().enumerate().all(|(other, list)| other == value || !list.contains(*part));
            parts[value].iter().filter(own).for_each(|part| say(part.clone(), 1));
            let reading = Reading::of(text);
            (0..reading.len()).for_each(|i| self.word(&reading, i));
        }
    }

    fn word(&mut self, reading: &Reading, at: usize) {
        if reading.kind(at) == Some(Kind::Word) && reading.word(at).len() >= 5 && reading.word(at).is_ascii() {
            self.words.insert(reading.word(at).to_owned());
        }
    }

    /// Whether a thing here is of the kind, or of one that is called so.
    pub fn is_kind(&self, kind: usize, base: &str) -> bool {
        self.kins.iter().any(|k| k.kinds.contains(&kind) || k.is_a(base))
    }

    pub fn titled(&self, joined: &str) -> &[Titled] {
        self.titles.get(joined).map_or(&[], Vec::as_slice)
    }

    pub fn valued(&self, key: &str) -> &[Valued] {
        self.values.get(key).map_or(&[], Vec::as_slice)
    }

    pub fn named(&self, key: &str) -> &[(usize, usize)] {
        self.names.get(key).map_or(&[], Vec::as_slice)
    }
}

impl Kin {
    fn of(items: &[&OrderItem], variants: &[&Product]) -> Self {
        let mut values: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let offered: Vec<_> = variants.iter().map(|v| (items[0].options_of(v), *v)).collect();
        for options in items.iter().map(|i| &i.options).chain(offered.iter().map(|(o, _)| o)) {
            for (name, value) in options {
                let known = values.entry(items[0].options.get_key_value(name).map_or(name.as_str(), |(n, _)| n.as_str())).or_default();
                if !known.contains(value) {
                    known.push(value.clone());
                }
            }
        }
        let choices = values.into_iter().map(|(name, values)| Choice::of(name, values)).collect();
        let mut kin = Kin { choices, ..Kin::default() };
        for (options, variant) in &offered {
            let in_stock = variant.offer.availability == Availability::InStock;
            kin.variants.push(Variant { id: variant.id.clone(), values: kin.values_of(options), in_stock });
        }
        kin
    }

    /// Whether a name is one that its kinds end as: 登山靴 is a 靴子, a desk lamp a lamp.
    pub fn is_a(&self, base: &str) -> bool {
        self.broader.contains(base) || base.strip_suffix(" 子").is_some_and(|short| self.broader.contains(short))
    }

    pub fn values_of(&self, options: &BTreeMap<String, String>) -> Vec<Option<usize>> {
        let value = |c: &Choice| c.values.iter().position(|v| options.get(&c.name) == Some(v));
        self.choices.iter().map(value).collect()
    }
}

impl Choice {
    fn of(name: &str, values: Vec<String>) -> Self {
        let no = |v: &String| {
            let base = base(v);
            matches!(base.as_str(), "no" | "none" | "false" | "无" | "否")
                || ["not ", "non ", "no ", "without "].iter().any(|p| base.starts_with(p))
        };
        let none = values.iter().position(no);
        let others: Vec<usize> = (0..values.len()).filter(|v| Some(*v) != none).collect();
        // "non-polarized" is not without a thing, as "no" and "none" are.
        let lacks = none.is_some_and(|none| !base(&values[none]).starts_with("non "));
        let has = if let [one] = others[..] { lacks.then_some(one) } else { None };
        Choice { name: name.to_owned(), values, none, has }
    }
}

/// Adds the kinds a title names, and says where the word stands that names what it is: "Dumbbell Set" is a dumbbell.
fn kind_at_end(kin: &mut Kin, reading: &Reading) -> usize {
    let len = reading.len();
    let holder = len > 1 && matches!(reading.lemmas(len - 1..len), "set" | "kit" | "pack" | "pair" | "bundle" | "套" | "装");
    let mut ends = len;
    for end in if holder { vec![len, len - 1] } else { vec![len] } {
        let kinds = GOODS.kinds.ending(reading, end).map_or(&[][..], |(_, kinds)| kinds);
        if !kinds.is_empty() {
            ends = end;
        }
        kin.kinds.extend(kinds.iter().filter(|k| !kin.kinds.contains(k)).copied().collect::<Vec<_>>());
        kin.broader.extend(kinds.iter().flat_map(|k| GOODS.broader[*k].iter().cloned()));
    }
    let found = GOODS.kinds.all(reading);
    if kin.kinds.is_empty() && reading.kind(len.wrapping_sub(1)) == Some(Kind::Han) {
        kin.kinds.extend(found.last().map_or(&[][..], |(_, kinds)| kinds));
    }
    kin.aside.extend(found.iter().flat_map(|(_, kinds)| kinds.iter()).filter(|k| !kin.kinds.contains(k)));
    if holder { len - 1 } else { ends }
}

/// Where the words end that say what a thing is: "Cat Tree 140 cm", "Crayons, 24 colours", "Kettle with Timer".
fn title_end(reading: &Reading) -> usize {
    let stops = |i: usize| matches!(reading.word(i), "," | "(" | "（" | "，" | "|" | ":" | "–" | "with" | "for" | "in");
    let mut end = (1..reading.len()).find(|i| stops(*i)).unwrap_or(reading.len());
    while end > 1 {
        let number = |i: usize| reading.kind(i) == Some(Kind::Number);
        let unit = end > 2 && number(end - 2) && GOODS.units.get(reading.word(end - 1)).is_some();
        let rest = matches!(reading.word(end - 1), "x" | "×" | "-" | "/");
        match () {
            () if unit => end -= 2,
            () if number(end - 1) || rest => end -= 1,
            () => break,
        }
    }
    end
}

/// Words in their base form without what parts them: "T-Shirt", "t shirt" and "tshirt" are one.
pub fn joined(reading: &Reading, range: std::ops::Range<usize>) -> String {
    reading.lemmas(range).replace(' ', "")
}

/// What a whole value is found by.
fn keys(text: &str) -> Vec<(String, u8)> {
    let reading = Reading::of(text);
    if reading.len() == 0 {
        return Vec::new();
    }
    let mut keys = vec![(format!("l:{}", joined(&reading, 0..reading.len())), 3)];
    keys.extend(GOODS.values.get(text).unwrap_or_default().iter().map(|g| (format!("g:{g}"), 2)));
    keys.extend(base_color(text).map(|c| (format!("c:{c}"), 2)));
    let measures = measure::all(&reading);
    let measured = measures.iter().filter(|m| m.tokens.start == 0);
    keys.extend(measured.flat_map(|m| std::iter::once((m.key.clone(), 2)).chain(m.bare.clone().map(|bare| (bare, 1)))));
    // "5-25" of "5-25 lbs"
    let range = reading.len() > 3 && reading.kind(0) == Some(Kind::Number) && reading.kind(2) == Some(Kind::Number);
    if range && matches!(reading.word(1), "-" | "–" | "to") {
        keys.push((format!("l:{}", joined(&reading, 0..3)), 1));
    }
    if measures.is_empty()
        && let (Some(Kind::Number), 1) = (reading.kind(0), reading.len())
    {
        keys.push((measure::number(reading.word(0)), 2));
    }
    keys
}

/// What the parts of a value are found by: of "HEPA filter" the words, of "matte black steel" the colour and the material.
fn parts(text: &str) -> Vec<String> {
    let reading = Reading::of(text);
    let mut parts = Vec::new();
    for i in 0..reading.len() {
        for n in 1..=(reading.len() - i).min(3) {
            let phrase = reading.phrase(i..i + n);
            let long = reading.word(i).len() > 1 && reading.kind(i) == Some(Kind::Word);
            if n == 1 && long && !matches!(phrase, "and" | "the" | "with" | "not" | "non" | "no" | "without") {
                parts.push(format!("l:{}", reading.lemmas(i..i + 1)));
            }
            if n < reading.len() && phrase.len() > 1 && !phrase.chars().all(is_han) {
                parts.extend(GOODS.values.get(phrase).unwrap_or_default().iter().map(|g| format!("g:{g}")));
                parts.extend(base_color(phrase).map(|c| format!("c:{c}")));
            }
        }
    }
    parts
}

fn put<T: PartialEq>(into: &mut HashMap<String, Vec<T>>, key: String, value: T) {
    let list = into.entry(key).or_default();
    if !list.contains(&value) {
        list.push(value);
    }
}
