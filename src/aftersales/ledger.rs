//! Every movement of money, appended and never changed. An entry takes an amount from one account and adds it to another, so the
//! ledger as a whole always adds up; `audit` compares it with what orders and gift cards say.
//!
//! `method:` what a customer's means of payment has paid in; below zero is spent, except that a gift card starts with what was put
//! on it. `order:` what is paid for goods the customer has or gets. `due:` what is agreed for goods that come back: above zero the
//! shop owes it, below zero the customer does. `issued:` where the money on gift cards comes from.

use super::deed::Kind;
use super::nouns::{Case, MethodKind, Order, Payment, PaymentKind, Status};
use super::price;
use super::proposal::Move;
use crate::catalog::Money;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub at_ms: i64,
    /// The deed that moved it; none when it was read with the order.
    pub deed: Option<Kind>,
    /// Of the order; none for what was on a gift card.
    pub order: Option<String>,
    pub from: Account,
    pub to: Account,
    /// Never negative.
    #[serde(with = "price")]
    pub amount: Money,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    Issued,
    Method(String),
    Order(String),
    Due(String),
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    entries: Vec<Entry>,
}

impl Ledger {
    /// The ledger of a world as it was read: each order's history, and what each gift card must have had to have its balance now.
    pub fn open<'a>(cases: impl IntoIterator<Item = &'a Case>, now_ms: i64) -> Self {
        let mut entries = Vec::new();
        for case in cases {
            let history: Vec<(&Order, &Payment)> = case.orders.iter().flat_map(|o| o.payments.iter().map(move |p| (o, p))).collect();
            for method in &case.customer.payment_methods {
                let Some(balance) = &method.balance else { continue };
                let spent: i64 = history.iter().filter(|(_, p)| p.method == method.id).map(|(_, p)| p.signed()).sum();
                let amount = Money { minor: balance.minor + spent, ..balance.clone() };
                let (from, to) = (Account::Issued, Account::Method(method.id.clone()));
                entries.push(Entry { at_ms: now_ms, deed: None, order: None, from, to, amount });
            }
            entries.extend(history.into_iter().map(|(order, payment)| Entry::read(order, payment, now_ms)));
            entries.extend(case.orders.iter().filter_map(|order| Entry::still_due(order, now_ms)));
        }
        Self { entries }
    }

    pub fn post(&mut self, entries: Vec<Entry>) {
        self.entries.extend(entries);
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

impl Entry {
    /// Money that moves at once, between a method and the order.
    pub fn moved(order: &str, deed: Kind, movement: &Move, at_ms: i64) -> Self {
        let method = Account::Method(movement.method.clone());
        Self::between(method, order, Some(deed), movement.kind, &movement.amount, at_ms)
    }

    /// Money that will move when goods are back: until then it is due.
    pub fn agreed(order: &str, deed: Kind, movement: &Move, at_ms: i64) -> Self {
        let due = Account::Due(order.to_owned());
        Self::between(due, order, Some(deed), movement.kind, &movement.amount, at_ms)
    }

    pub(super) fn read(order: &Order, payment: &Payment, at_ms: i64) -> Self {
        let method = Account::Method(payment.method.clone());
        Self::between(method, &order.id, None, payment.kind, &payment.amount, at_ms)
    }

    /// What an order that was read with an open return or exchange has agreed.
    fn still_due(order: &Order, at_ms: i64) -> Option<Self> {
        let due = due(order);
        let kind = if due > 0 { PaymentKind::Refund } else { PaymentKind::Payment };
        let account = Account::Due(order.id.clone());
        (due != 0).then(|| Self::between(account, &order.id, None, kind, &order.money(due.abs()), at_ms))
    }

    pub(super) fn between(other: Account, order: &str, deed: Option<Kind>, kind: PaymentKind, amount: &Money, at_ms: i64) -> Self {
        let own = Account::Order(order.to_owned());
        let (from, to) = match kind {
            PaymentKind::Payment => (other, own),
            PaymentKind::Refund => (own, other),
        };
        Self { at_ms, deed, order: Some(order.to_owned()), from, to, amount: amount.clone() }
    }

    /// The line of the order's history it stands for; none for what is only agreed.
    fn line(&self) -> Option<(&str, PaymentKind, &str, &Money)> {
        match (&self.from, &self.to) {
            (Account::Method(method), Account::Order(order)) => Some((order, PaymentKind::Payment, method, &self.amount)),
            (Account::Order(order), Account::Method(method)) => Some((order, PaymentKind::Refund, method, &self.amount)),
            _ => None,
        }
    }
}

/// What the shop owes for an order's return or exchange (negative: is owed), by the order's own record.
pub(super) fn due(order: &Order) -> i64 {
    match order.status {
        Status::ReturnRequested => {
            // The same variant may be on the order twice; each is returned once.
            let mut left: Vec<_> = order.items.iter().collect();
            let take = |id: &String| left.iter().position(|i| i.id == *id).map(|at| left.swap_remove(at).price.minor);
            order.return_items.iter().filter_map(take).sum()
        }
        Status::ExchangeRequested => order.price_difference.as_ref().map_or(0, |d| -d.minor),
        _ => 0,
    }
}

/// Compares the ledger with the orders and gift cards it is about.
///
/// # Errors
/// Names the first account that does not agree to the cent.
pub fn audit<'a>(ledger: &Ledger, cases: impl IntoIterator<Item = &'a Case>) -> Result<(), String> {
    let mut sums: HashMap<&Account, (&str, i64)> = HashMap::new();
    let mut lines: HashMap<&str, Vec<(PaymentKind, &str, &Money)>> = HashMap::new();
    for (n, entry) in ledger.entries.iter().enumerate() {
        if entry.amount.minor < 0 {
            return Err(format!("entry {n} moves {}", entry.amount));
        }
        for (account, amount) in [(&entry.from, -entry.amount.minor), (&entry.to, entry.amount.minor)] {
            let (currency, sum) = sums.entry(account).or_insert((&entry.amount.currency, 0));
            // Only `issued` may hold several currencies; it is compared with nothing.
            if *currency != entry.amount.currency && *account != Account::Issued {
                return Err(format!("entry {n} mixes {currency} and {} in {account:?}", entry.amount.currency));
            }
            *sum += amount;
            if *sum < 0 && matches!(account, Account::Order(_)) {
                return Err(format!("entry {n} takes more from {account:?} than was paid"));
            }
        }
        if let Some((order, kind, method, amount)) = entry.line() {
            lines.entry(order).or_default().push((kind, method, amount));
        }
    }
    let sum = |account: Account| sums.get(&account).map_or(0, |(_, sum)| *sum);
    let same = |what: String, ledger: i64, record: i64| match ledger == record {
        true => Ok(()),
        false => Err(format!("{what}: the ledger says {ledger}, the record {record}")),
    };
    for case in cases {
        for order in &case.orders {
            let id = &order.id;
            let (paid, due) = (order.paid(), due(order));
            same(format!("due for {id}"), sum(Account::Due(id.clone())), due)?;
            same(format!("paid for {id}"), sum(Account::Order(id.clone())), paid - due)?;
            let history = order.payments.iter().map(|p| (p.kind, p.method.as_str(), &p.amount));
            if !history.eq(lines.get(id.as_str()).into_iter().flatten().copied()) {
                return Err(format!("the history of {id} is not what the ledger has"));
            }
        }
        for method in case.customer.payment_methods.iter().filter(|m| m.kind == MethodKind::GiftCard) {
            let balance = method.balance.as_ref().map_or(0, |b| b.minor);
            same(format!("balance of {}", method.id), sum(Account::Method(method.id.clone())), balance)?;
            if balance < 0 {
                return Err(format!("{} is overdrawn", method.id));
            }
        }
    }
    Ok(())
}
