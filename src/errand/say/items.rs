//! An item of an order or a variant of the shelf in; its title, its choices and its price in words out, and the button that names it.

use super::{LINES, View};
use crate::aftersales::Order;
use crate::aftersales::nouns::{Options, OrderItem};
use crate::catalog::{Lang, Product};
use crate::turn::Choice;
use crate::turn::understand::lexicon::parse;
use crate::turn::understand::{base_color, color_name};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Names and values of choices in Chinese, and which value needs its name beside it.
#[derive(Deserialize)]
struct Words {
    named: Vec<String>,
    unclear: Vec<String>,
    names: HashMap<String, String>,
    values: HashMap<String, String>,
    units: HashMap<String, String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| parse(include_str!("../../../assets/lexicon/option_words.toml")));

impl<'a> View<'a> {
    /// The order's own title; in Chinese the shop's Chinese one, when it has one.
    pub fn title<'i>(&self, item: &'i OrderItem) -> &'i str
    where
        'a: 'i,
    {
        if self.lang == Lang::En {
            return &item.title;
        }
        let chinese = |product: &'a Product| product.localized.get("zh").map(|t| t.title.as_str()).filter(|t| !t.is_empty());
        let own = self.shelf.get(&item.id).and_then(chinese);
        let group = || self.shelf.values().filter(|p| p.group == item.item_group_id).filter_map(chinese).min();
        own.or_else(group).unwrap_or(&item.title)
    }

    /// "Electric Kettle, Wall Clock and 2 more".
    pub fn titles(&self, items: &[&OrderItem], most: usize) -> String {
        let mut titles: Vec<String> = items.iter().take(most).map(|item| self.title(item).to_owned()).collect();
        match items.len().saturating_sub(most) {
            0 => titles.join(self.by("、", ", ")),
            // One more is as long as to say what it is.
            1 => {
                titles.push(self.title(items[most]).to_owned());
                titles.join(self.by("、", ", "))
            }
            more => self.by(format!("{} 等 {} 件", titles.join("、"), items.len()), format!("{} and {more} more", titles.join(", "))),
        }
    }

    /// "Water Bottle (blue, 1000ml)".
    pub fn item(&self, item: &OrderItem) -> String {
        let (title, options) = (self.title(item), self.options(&item.options));
        match options.is_empty() {
            true => title.to_owned(),
            false => self.by(format!("{title}（{options}）"), format!("{title} ({options})")),
        }
    }

    pub fn item_and_price(&self, item: &OrderItem) -> String {
        let price = item.price.display();
        self.by(format!("{}，{price}", self.item(item)), format!("{}, {price}", self.item(item)))
    }

    /// A variant as the shopper would know it from an order: by the order's title and choices.
    pub fn variant(&self, product: &Product) -> String {
        let bought = self.case.and_then(|case| case.orders.iter().flat_map(|o| &o.items).find(|item| item.item_group_id == product.group));
        let Some(bought) = bought else { return product.title(self.lang).to_owned() };
        let item = OrderItem { id: product.id.clone(), options: bought.options_of(product), ..bought.clone() };
        self.item(&item)
    }

    pub fn options(&self, options: &Options) -> String {
        options.iter().map(|(name, value)| self.option(name, value)).collect::<Vec<_>>().join(self.by("，", ", "))
    }

    /// "blue", but "waterproof: yes".
    pub fn option(&self, name: &str, value: &str) -> String {
        let shown = self.value(name, value);
        match clear(name, value) {
            true => shown,
            false => self.by(format!("{}：{shown}", self.called(name, value)), format!("{name}: {shown}")),
        }
    }

    pub fn name<'n>(&self, name: &'n str) -> &'n str {
        match WORDS.names.get(&name.to_lowercase()) {
            Some(chinese) if self.lang == Lang::Zh => chinese,
            _ => name,
        }
    }

    /// 尺码 is of clothes and shoes: what is small or large has a 尺寸.
    pub fn called<'n>(&self, name: &'n str, value: &str) -> &'n str {
        let plain = value.len() > 4 && value.chars().all(char::is_alphabetic);
        if self.lang == Lang::Zh && name.eq_ignore_ascii_case("size") && plain { "尺寸" } else { self.name(name) }
    }

    pub fn value(&self, name: &str, value: &str) -> String {
        if self.lang == Lang::En {
            return value.to_owned();
        }
        let lower = value.to_lowercase();
        if name.to_lowercase().ends_with("color") || name.to_lowercase().ends_with("colour") {
            // Only the catalogue's own colours: "light grey" must not become the grey beside it.
            if let Some(chinese) = WORDS.values.get(&lower) {
                return chinese.clone();
            }
            let exact = |word: &str| base_color(word).filter(|base| *base == word || word == "gray");
            let colour = |word: &str| exact(word).map_or(word, |base| color_name(base, Lang::Zh)).to_owned();
            return value.split(" / ").map(colour).collect::<Vec<_>>().join(" / ");
        }
        let number = lower.trim_end_matches(|c: char| c.is_alphabetic()).trim_end_matches([' ', '-']);
        let unit = lower[number.len()..].trim_start_matches([' ', '-']);
        match (WORDS.values.get(&lower), WORDS.units.get(unit)) {
            (Some(chinese), _) => chinese.clone(),
            (None, Some(unit)) if number.ends_with(|c: char| c.is_ascii_digit()) => format!("{number} {unit}"),
            _ => value.to_owned(),
        }
    }

    /// The items of an order as a list; what is too long for a chat is counted.
    pub fn item_lines(&self, items: &[&OrderItem]) -> Vec<String> {
        let lines = items.iter().map(|item| self.item_and_price(item)).collect();
        self.cut(lines)
    }

    pub fn cut(&self, mut lines: Vec<String>) -> Vec<String> {
        let more = lines.len().saturating_sub(LINES);
        if more > 0 {
            lines.truncate(LINES);
            lines.push(self.by(format!("还有 {more} 个没有列出来"), format!("and {more} more")));
        }
        lines
    }

    /// One button an item; it says the choices, and the order where there are several.
    pub fn item_choices(&self, places: &[(&Order, usize)]) -> Vec<Choice> {
        let items: Vec<(&Order, &OrderItem)> = places.iter().filter_map(|(order, at)| Some((*order, order.items.get(*at)?))).collect();
        let orders = items.iter().any(|(order, _)| order.id != items[0].0.id);
        let choice = |(order, item): &(&Order, &OrderItem)| {
            let twin = items.iter().filter(|(_, other)| other.title == item.title).count() > 1;
            let options = said(&item.options);
            let parts = [self.title(item), &options].into_iter().filter(|part| !part.is_empty());
            let mut value = parts.collect::<Vec<_>>().join(self.by("，", ", "));
            let mut label = if twin { self.item(item) } else { self.title(item).to_owned() };
            if orders {
                label = self.by(format!("{label}（订单 {}）", order.id), format!("{label}, order {}", order.id));
                value = self.by(format!("订单 {} 的 {value}", order.id), format!("{value}, in order {}", order.id));
            }
            self.choice(label, value)
        };
        items.iter().map(choice).collect()
    }
}

/// Choices in the record's own words, as a shopper would name them: "black, size 7".
pub fn said(options: &Options) -> String {
    options.iter().map(|(name, value)| said_one(name, value)).collect::<Vec<_>>().join(", ")
}

pub fn said_one(name: &str, value: &str) -> String {
    if clear(name, value) { value.to_owned() } else { format!("{name} {value}") }
}

/// Whether a value says of itself what it is.
pub fn clear(name: &str, value: &str) -> bool {
    let has = |list: &[String], word: &str| list.contains(&word.to_lowercase());
    let number = value.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '/' | ' '));
    !number && !name.contains(' ') && !has(&WORDS.named, name) && !has(&WORDS.unclear, value)
}
