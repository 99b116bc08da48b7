//! The nouns of the orders world, as its JSON Lines have them: `Customer`, `Order`; and a `Case`, what one conversation may see. What a
//! record says beyond these fields is kept and written back. What the shop sells is `catalog::Product`.

use super::deed::Kind;
use super::price;
use crate::catalog::{Money, Product, ProductId, Revision};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// What one conversation may see and change: one identified customer and that customer's own orders. Nobody else's order can be
/// named in it, so no deed can reach one.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    pub customer: Customer,
    pub orders: Vec<Order>,
}

/// The variants a deed may name, by id, as they are now.
pub type Shelf = HashMap<ProductId, Product>;

/// Fields of a record nobody here knows.
pub type Rest = BTreeMap<String, serde_json::Value>;

/// Choices of a variant, "color" → "blue".
pub type Options = BTreeMap<String, String>;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Customer {
    pub id: String,
    pub name: Name,
    pub email: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    pub address: Address,
    #[serde(default)]
    pub payment_methods: Vec<PaymentMethod>,
    #[serde(default)]
    pub orders: Vec<String>,
    /// Grows with every change; a column of the store, not a field of the record.
    #[serde(skip)]
    pub revision: Revision,
    #[serde(flatten)]
    pub rest: Rest,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    pub first_name: String,
    pub last_name: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    pub address1: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address2: Option<String>,
    pub city: String,
    pub country: String,
    #[serde(default)]
    pub state: String,
    pub zip: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaymentMethod {
    pub id: String,
    pub kind: MethodKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_four: Option<String>,
    /// Of a gift card; no other method has one.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "price::optional")]
    pub balance: Option<Money>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MethodKind {
    CreditCard,
    GiftCard,
    Paypal,
    Wechat,
    Alipay,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    pub id: String,
    pub customer: String,
    pub address: Address,
    pub status: Status,
    pub items: Vec<OrderItem>,
    #[serde(default)]
    pub fulfillments: Vec<Fulfillment>,
    /// All money that has moved for this order, oldest first; only ever appended to.
    pub payments: Vec<Payment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placed_ms: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_ms: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_reason: Option<String>,
    /// Sorted, as the orders world keeps them; which item becomes which new one is in the confirmed proposal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub return_items: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exchange_items: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exchange_new_items: Vec<String>,
    /// Of an exchange: positive is still to be paid, negative still to be refunded.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "price::optional")]
    pub price_difference: Option<Money>,
    /// That pays or is refunded when the items of a return or an exchange are back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_method: Option<String>,
    /// What has been done to the order here, oldest first: the policy may limit how often.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deeds: Vec<Kind>,
    /// Grows with every change; a column of the store, not a field of the record.
    #[serde(skip)]
    pub revision: Revision,
    #[serde(flatten)]
    pub rest: Rest,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Status {
    #[serde(rename = "pending")]
    Pending,
    #[serde(rename = "pending (items modified)", alias = "pending (item modified)")]
    ItemsModified,
    #[serde(rename = "processed")]
    Processed,
    #[serde(rename = "delivered")]
    Delivered,
    #[serde(rename = "cancelled")]
    Cancelled,
    #[serde(rename = "return requested")]
    ReturnRequested,
    #[serde(rename = "exchange requested")]
    ExchangeRequested,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderItem {
    /// Of the variant.
    pub id: String,
    /// Of the product the variant is one of.
    pub item_group_id: String,
    pub title: String,
    #[serde(with = "price")]
    pub price: Money,
    #[serde(default)]
    pub options: Options,
    #[serde(flatten)]
    pub rest: Rest,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fulfillment {
    #[serde(default)]
    pub tracking_id: Vec<String>,
    #[serde(default)]
    pub item_ids: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    pub kind: PaymentKind,
    #[serde(with = "price")]
    pub amount: Money,
    pub method: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentKind {
    Payment,
    Refund,
}

impl OrderItem {
    /// What `variant` is in the choices this item was bought by: a feed tells choices ("color") from other details ("warranty") by
    /// no mark, an order does.
    pub fn options_of(&self, variant: &Product) -> Options {
        let choice = |name: &str| {
            let colors = variant.colors.join(" / ");
            let field = match name {
                "color" => colors,
                "size" => variant.size.clone(),
                "material" => variant.text.material.clone(),
                "pattern" => variant.text.pattern.clone(),
                _ => String::new(),
            };
            if !field.is_empty() {
                return Some(field);
            }
            variant.text.details.iter().find(|(detail, _)| detail == name).map(|(_, value)| value.clone())
        };
        self.options.keys().filter_map(|name| Some((name.clone(), choice(name)?))).collect()
    }
}

impl Case {
    pub fn order(&self, id: &str) -> Option<&Order> {
        self.orders.iter().find(|o| o.id == id)
    }
}

impl Customer {
    pub fn method(&self, id: &str) -> Option<&PaymentMethod> {
        self.payment_methods.iter().find(|m| m.id == id)
    }
}

impl Payment {
    /// What it adds to what the order has been paid.
    pub fn signed(&self) -> i64 {
        match self.kind {
            PaymentKind::Payment => self.amount.minor,
            PaymentKind::Refund => -self.amount.minor,
        }
    }
}

impl Order {
    /// The one currency of an order; `legal` holds every amount of it to that.
    pub fn currency(&self) -> &str {
        self.items.first().map_or("", |i| i.price.currency.as_str())
    }

    pub fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency())
    }

    /// What its items cost together, in minor units.
    pub fn worth(&self) -> i64 {
        self.items.iter().map(|i| i.price.minor).sum()
    }

    /// What has been paid for it and not been refunded, in minor units.
    pub fn paid(&self) -> i64 {
        self.payments.iter().map(Payment::signed).sum()
    }

    /// The same by method: who is to get it back, and how much of it. Newest first, because a price difference may have been refunded
    /// to another method than the one that paid; then less than all it paid is left.
    pub fn paid_by(&self) -> Vec<(&str, i64)> {
        let mut methods: Vec<(&str, i64)> = Vec::new();
        for payment in &self.payments {
            match methods.iter_mut().find(|(m, _)| *m == payment.method) {
                Some((_, sum)) => *sum += payment.signed(),
                None => methods.push((&payment.method, payment.signed())),
            }
        }
        let mut left = self.paid();
        let mut shares = Vec::new();
        for (method, sum) in methods.into_iter().rev() {
            let share = sum.min(left);
            if share > 0 {
                left -= share;
                shares.push((method, share));
            }
        }
        shares
    }
}
