//! A record of the world in; what a person calls it out: "the green water bottle", "the order with the kettle", "my visa ending 1234".

use super::phrases::{Voice, copied};
use crate::aftersales::nouns::{Address, MethodKind, Options, Order, OrderItem};
use crate::aftersales::{Case, Deed, Shelf};
use crate::catalog::Lang;
use std::collections::BTreeMap;

/// What there is to be named.
#[derive(Clone, Copy)]
pub struct Things<'a> {
    pub case: &'a Case,
    pub shelf: &'a Shelf,
    /// Chinese titles by product, where the catalogue has one.
    pub titles: &'a BTreeMap<String, String>,
}

/// An item of an order, and what it is to become.
pub type Pair<'a> = (&'a OrderItem, Option<&'a str>);

/// The items a deed is about, each with the variant it is to become.
pub fn pairs(deed: &Deed) -> Vec<(&str, Option<&str>)> {
    match deed {
        Deed::ModifyItems { item_ids, new_item_ids, .. } | Deed::Exchange { item_ids, new_item_ids, .. } => {
            item_ids.iter().zip(new_item_ids).map(|(was, now)| (was.as_str(), Some(now.as_str()))).collect()
        }
        Deed::Return { item_ids, .. } => item_ids.iter().map(|id| (id.as_str(), None)).collect(),
        _ => Vec::new(),
    }
}

pub fn method_of(deed: &Deed) -> Option<&str> {
    match deed {
        Deed::ModifyPayment { payment_method_id: id, .. }
        | Deed::ModifyItems { payment_method_id: id, .. }
        | Deed::Return { payment_method_id: id, .. }
        | Deed::Exchange { payment_method_id: id, .. } => Some(id),
        _ => None,
    }
}

pub fn address_of(deed: &Deed) -> Option<&Address> {
    match deed {
        Deed::ModifyAddress { address, .. } | Deed::ModifyProfile { address, .. } => Some(address),
        _ => None,
    }
}

impl<'a> Things<'a> {
    pub fn order(&self, id: &str) -> Option<&'a Order> {
        self.case.orders.iter().find(|o| o.id == id)
    }

    /// The deed's items as the order has them.
    pub fn pairs<'d>(&self, deed: &'d Deed) -> Vec<(&'a OrderItem, Option<&'d str>)> {
        let Some(order) = deed.order().and_then(|id| self.order(id)) else { return Vec::new() };
        pairs(deed).into_iter().filter_map(|(was, now)| Some((order.items.iter().find(|i| i.id == was)?, now))).collect()
    }

    /// All a kind is called, the full name first.
    pub fn names(&self, item: &OrderItem, voice: &Voice) -> Vec<String> {
        if let Some(names) = voice.phrases.words.kinds.get(&item.title) {
            return names.clone();
        }
        match self.titles.get(&item.item_group_id) {
            Some(title) if voice.lang == Lang::Zh => vec![title.clone()],
            _ => vec![item.title.clone(), short(&item.title)],
        }
    }

    /// The name of the item, such that nothing else among `others` could be meant. A Chinese customer now and then says it in English.
    pub fn kind(&self, item: &OrderItem, others: &[&OrderItem], voice: &mut Voice) -> String {
        if voice.lang == Lang::Zh && voice.once_in(6) {
            return item.title.clone();
        }
        let mut names = self.names(item, voice);
        let also = |name: &str| {
            let of_other = |other: &&&OrderItem| {
                let title = other.title.to_lowercase();
                title.contains(&name.to_lowercase())
                    || self.names(other, voice).iter().any(|n| n.contains(name) || name.contains(n.as_str()))
            };
            others.iter().filter(|o| o.item_group_id != item.item_group_id).any(|other| of_other(&other))
        };
        let clear: Vec<bool> = names.iter().enumerate().map(|(n, name)| n == 0 || !also(name)).collect();
        let mut clear = clear.into_iter();
        names.retain(|_| clear.next().unwrap_or(true));
        voice.one(&names).to_owned()
    }

    /// "the green water bottle": with what tells it from its like in the order.
    pub fn item(&self, item: &OrderItem, order: &Order, voice: &mut Voice) -> String {
        let others: Vec<&OrderItem> = order.items.iter().collect();
        let kind = self.kind(item, &others, voice);
        let twins: Vec<&OrderItem> = others.into_iter().filter(|o| o.item_group_id == item.item_group_id && o.id != item.id).collect();
        let mut telling: Vec<(&String, &String)> = item.options.iter().collect();
        let alone = telling.iter().position(|(name, value)| twins.iter().all(|t| t.options.get(*name) != Some(*value)));
        match alone {
            _ if twins.is_empty() && !voice.once_in(5) => telling.clear(),
            Some(at) => telling = vec![telling[at]],
            None => {}
        }
        let options: Vec<String> = telling.into_iter().map(|(name, value)| self.option(name, value, item, voice)).collect();
        let plain = options.iter().all(|o| !o.contains(' '));
        match (options.is_empty(), voice.lang) {
            (true, Lang::Zh) => kind,
            (true, _) => format!("the {kind}"),
            (_, Lang::Zh) => format!("{}的{kind}", options.join("").trim_end_matches('的')),
            (_, _) if plain => format!("the {} {kind}", options.join(" ")),
            _ => format!("the {kind} ({})", options.join(", ")),
        }
    }

    pub fn items(&self, items: &[&OrderItem], order: &Order, voice: &mut Voice) -> String {
        let parts: Vec<String> = items.iter().map(|item| self.item(item, order, voice)).collect();
        voice.list(&parts)
    }

    /// "size 10", "black", "waterproof".
    pub fn option(&self, name: &str, value: &str, item: &OrderItem, voice: &mut Voice) -> String {
        let words = &voice.phrases.words;
        if let Some(own) = words.values.get(&format!("{name}={value}")) {
            return voice.one(own).to_owned();
        }
        let word = words.values.get(value).map_or(value.to_owned(), |own| voice.one(own).to_owned());
        let bare = value.chars().all(|c| c.is_ascii_digit() || c == '%');
        let elsewhere = |options: &Options| options.iter().any(|(n, v)| n != name && v == value);
        let unclear = self.shelf.values().filter(|p| p.group == item.item_group_id).any(|p| elsewhere(&item.options_of(p)));
        let named = &words.named;
        let unnamed = named.unnamed.iter().any(|n| n == name);
        let must = bare || unclear || (!unnamed && named.values.iter().any(|v| v == value));
        let says_it = value.to_lowercase().contains(&name.to_lowercase());
        if says_it || !must && (unnamed || voice.lang == Lang::Zh || !voice.once_in(4)) {
            return word;
        }
        let before = voice.lang == Lang::Zh || named.after.iter().any(|n| n == name);
        let name = words.options.get(name).map_or(name, |own| voice.one(own));
        match (before, voice.lang) {
            (_, Lang::Zh) => format!("{name}{word}"),
            (true, _) => format!("{name} {word}"),
            (false, _) => format!("{word} {name}"),
        }
    }

    /// The choices of the variant `id`, by the names the item was bought by.
    pub fn options(&self, item: &OrderItem, id: &str) -> Options {
        self.shelf.get(id).map_or_else(|| item.options.clone(), |variant| item.options_of(variant))
    }

    /// What the item is to become: what changes, or everything.
    pub fn target(&self, (item, into): Pair<'_>, whole: bool, voice: &mut Voice) -> String {
        let now = self.options(item, into.unwrap_or(&item.id));
        let changed: Vec<(&String, &String)> =
            now.iter().filter(|(name, value)| whole || item.options.get(*name) != Some(*value)).collect();
        if changed.is_empty() || (now == item.options && !whole) {
            return voice.noun("same", &[]);
        }
        let mut options: Vec<String> = changed.into_iter().map(|(name, value)| self.option(name, value, item, voice)).collect();
        voice.dice.shuffle(&mut options);
        let options = match voice.lang {
            Lang::Zh => options.iter().map(|o| o.trim_end_matches('的')).collect::<Vec<_>>().join("、"),
            _ => voice.list(&options),
        };
        voice.noun("target", &[("options", options)])
    }

    /// "order #W1", or "the order with the kettle" when `number` is kept back and one item tells it.
    pub fn order_name(&self, order: &Order, number: bool, voice: &mut Voice) -> String {
        if let Some(item) = self.telling(order).get(voice.dice.below(self.telling(order).len())).filter(|_| !number) {
            let all: Vec<&OrderItem> = self.case.orders.iter().flat_map(|o| &o.items).collect();
            let kind = self.kind(item, &all, voice);
            let item = if voice.lang == Lang::Zh { kind } else { format!("the {kind}") };
            return voice.noun("order_with", &[("item", item)]);
        }
        let bare = order.id.trim_start_matches('#').to_owned();
        voice.noun("order", &[("id", order.id.clone()), ("bare", bare)])
    }

    /// Items of a kind this order alone has.
    pub fn telling(&self, order: &'a Order) -> Vec<&'a OrderItem> {
        let elsewhere = |item: &&OrderItem| {
            self.case.orders.iter().filter(|o| o.id != order.id).all(|o| o.items.iter().all(|i| i.item_group_id != item.item_group_id))
        };
        order.items.iter().filter(elsewhere).collect()
    }

    /// A means of payment, such that no other of the customer's could be meant.
    pub fn method(&self, id: &str, voice: &mut Voice) -> String {
        let all = &self.case.customer.payment_methods;
        let exact = |voice: &mut Voice| voice.noun("exact", &[("id", id.to_owned())]);
        let Some(method) = self.case.customer.method(id) else { return exact(voice) };
        let alike = all.iter().filter(|m| m.kind == method.kind).count();
        let key = match method.kind {
            MethodKind::CreditCard if alike == 1 && voice.once_in(2) => "only_card",
            MethodKind::CreditCard if method.last_four.is_some() => "card",
            MethodKind::CreditCard if alike == 1 => "only_card",
            _ if alike > 1 => return exact(voice),
            MethodKind::CreditCard => return exact(voice),
            MethodKind::GiftCard => "gift_card",
            MethodKind::Paypal => "paypal",
            MethodKind::Wechat => "wechat",
            MethodKind::Alipay => "alipay",
        };
        let brand = method.brand.clone().unwrap_or_else(|| if voice.lang == Lang::Zh { "信用卡" } else { "credit card" }.to_owned());
        let brand = voice.phrases.words.brands.get(&brand.to_lowercase()).map_or(brand, |own| voice.one(own).to_owned());
        voice.noun(key, &[("brand", brand), ("four", method.last_four.clone().unwrap_or_default())])
    }

    /// The address as it is written; now and then, unless `written`, as that of another order or the customer's own.
    pub fn address(&self, address: &Address, of: Option<&str>, written: bool, voice: &mut Voice) -> String {
        if !written && voice.once_in(3) {
            let mut others = self.case.orders.iter().filter(|o| Some(o.id.as_str()) != of);
            if of.is_some() && *address == self.case.customer.address {
                return voice.noun("default", &[]);
            }
            if let Some(order) = others.find(|o| o.address == *address) {
                return voice.noun("address_of", &[("id", order.id.clone())]);
            }
        }
        let Address { address1, address2, city, country, state, zip } = address;
        let part = |name, value: &str| (name, value.to_owned());
        let second = address2.as_deref().unwrap_or_default();
        let fills = [
            part("address1", address1),
            part("address2", second),
            part("city", city),
            part("state", state),
            part("zip", zip),
            part("country", country),
        ];
        copied(voice.noun("address", &fills).replace(", ,", ",").replace("  ", " ").trim())
    }
}

/// "Chunky Crayons" of "Scribblehen Washable Chunky Crayons, 24 colours".
fn short(title: &str) -> String {
    let name = title.split(',').next().unwrap_or(title);
    let words: Vec<&str> = name.split(' ').filter(|w| !w.starts_with(|c: char| c.is_ascii_digit())).collect();
    words[words.len().saturating_sub(2)..].join(" ").to_lowercase()
}
