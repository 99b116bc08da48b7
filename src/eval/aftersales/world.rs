//! Files of customers, orders and products in; the case of each customer and the shelf out. The demo shop's, or a directory's.

use crate::aftersales::{Case, Customer, Order, Shelf};
use crate::demo;
use crate::ingest::normalize::normalize;
use anyhow::{Context, anyhow};
use flate2::read::MultiGzDecoder;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, HashSet};
use std::io::Read;
use std::path::Path;

#[derive(Clone)]
pub struct World {
    pub cases: Vec<Case>,
    pub shelf: Shelf,
}

impl World {
    /// The demo shop.
    ///
    /// # Errors
    /// When its files are not what the nouns read; a test reads them.
    pub fn demo() -> anyhow::Result<Self> {
        Self::of(&demo::text("customers.jsonl")?, &demo::text("orders.jsonl")?, &demo::text("catalog/")?)
    }

    /// `customers.jsonl`, `orders.jsonl` and `catalog.jsonl.gz` of a directory.
    ///
    /// # Errors
    /// Names the file that cannot be read, or the line that cannot be understood.
    pub fn read(dir: &Path) -> anyhow::Result<Self> {
        let text = |name: &str| text(&dir.join(name));
        Self::of(&text("customers.jsonl")?, &text("orders.jsonl")?, &text("catalog.jsonl.gz")?)
    }

    fn of(customers: &str, orders: &str, catalog: &str) -> anyhow::Result<Self> {
        let mut of_customer: BTreeMap<String, Vec<Order>> = BTreeMap::new();
        let mut wanted = HashSet::new();
        for order in records::<Order>(orders) {
            let order = order?;
            wanted.extend(order.items.iter().map(|i| i.item_group_id.clone()));
            of_customer.entry(order.customer.clone()).or_default().push(order);
        }
        let mut cases = Vec::new();
        for customer in records::<Customer>(customers) {
            let customer = customer?;
            cases.push(Case { orders: of_customer.remove(&customer.id).unwrap_or_default(), customer });
        }
        let mut shelf = Shelf::new();
        for record in records(catalog) {
            let products = normalize(&record?).map_err(|fault| anyhow!("{}: {}", fault.field, fault.reason))?;
            for mut product in products.into_iter().filter(|p| wanted.contains(&p.group)) {
                // The shelf is copied for every thousand deeds, and no deed reads these.
                product.localized.clear();
                product.reviews.clear();
                shelf.insert(product.id.clone(), product);
            }
        }
        Ok(Self { cases, shelf })
    }

    /// A hundred customers with orders (all, when there are fewer), others each time: few enough that a random caller meets the same
    /// orders again and again.
    pub fn hundred(&self, round: usize) -> Self {
        let with_orders = || self.cases.iter().filter(|c| !c.orders.is_empty());
        let count = with_orders().count();
        let cases = with_orders().cycle().skip(round * 100 % count.max(1)).take(count.min(100));
        Self { cases: cases.cloned().collect(), shelf: self.shelf.clone() }
    }

    pub fn case(&self, customer: &str) -> Option<&Case> {
        self.cases.iter().find(|c| c.customer.id == customer)
    }
}

/// A file's text, unpacked when it is packed.
///
/// # Errors
/// When the file cannot be read.
pub fn text(file: &Path) -> anyhow::Result<String> {
    let bytes = std::fs::read(file).with_context(|| format!("read {}", file.display()))?;
    let mut text = String::new();
    match file.extension().is_some_and(|e| e == "gz") {
        true => MultiGzDecoder::new(&bytes[..]).read_to_string(&mut text),
        false => (&bytes[..]).read_to_string(&mut text),
    }
    .with_context(|| format!("read {}", file.display()))?;
    Ok(text)
}

/// One record a line of JSON Lines.
fn records<T: DeserializeOwned>(text: &str) -> impl Iterator<Item = anyhow::Result<T>> {
    text.lines().filter(|l| !l.trim().is_empty()).map(|l| serde_json::from_str(l).with_context(|| format!("understand {l}")))
}
