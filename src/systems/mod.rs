//! THE SHOP'S OWN SYSTEMS: what they are told of what was done here (webhooks), what is read of theirs (customers and orders), and
//! whom they vouch for (signed identity). Each works without the others; without any, the store's own copy is all there is.

pub mod identity;
pub mod orders;
pub mod outbox;
pub mod signature;

pub use identity::signed_by;
pub use orders::{Orders, Reading};
pub use outbox::Webhooks;

use crate::config;
use crate::errand::Told;
use crate::store::Store;
use std::time::Duration;

/// What conversations ask of the shop's systems.
#[derive(Default)]
pub struct Systems {
    orders: Option<Orders>,
    identity_secret: Option<String>,
}

impl Systems {
    /// # Errors
    /// When an address is none.
    pub fn new(options: &config::Systems) -> anyhow::Result<Self> {
        let after = Duration::from_secs(options.orders_after);
        let orders = options.orders_url.as_deref().map(|url| Orders::new(url, options.orders_key.clone(), after)).transpose()?;
        Ok(Self { orders, identity_secret: options.identity_secret.clone() })
    }

    /// Brings the stored copy of whom `told` may mean up to date, when there is a system to read it from. Before every look-up.
    pub async fn refresh(&self, store: &Store, told: &Told) -> Reading {
        match &self.orders {
            Some(orders) => orders.refresh(store, told).await,
            None => Reading::Fresh,
        }
    }

    /// The same of a customer who is known. Before a case is loaded.
    pub async fn refresh_customer(&self, store: &Store, id: &str) -> Reading {
        match &self.orders {
            Some(orders) => orders.refresh_customer(store, id).await,
            None => Reading::Fresh,
        }
    }

    /// Whether something may be done to this customer's orders: the stored copy is the truth, or a young copy of it.
    pub async fn may_act_on(&self, store: &Store, customer: &str) -> bool {
        let Some(orders) = &self.orders else { return true };
        orders.refresh_customer(store, customer).await == Reading::Fresh || orders.may_act_on(customer)
    }

    /// Whether the shop's page has signed that the shopper is `id`.
    pub fn vouch_for(&self, id: &str, hmac: &str) -> bool {
        self.identity_secret.as_deref().is_some_and(|secret| signed_by(secret, id, hmac))
    }
}
