//! What a shopper can ask to have done, as data. The retail world's tool calls read as deeds as they stand.

use super::nouns::{Address, Status};
use serde::{Deserialize, Serialize};

/// One deed with all it needs. Reads `{"name": "cancel_pending_order", "kwargs": {…}}`, writes `{"name": "cancel", …}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", content = "kwargs", rename_all = "snake_case")]
pub enum Deed {
    #[serde(alias = "cancel_pending_order")]
    Cancel { order_id: String, reason: String },
    #[serde(alias = "modify_pending_order_address")]
    ModifyAddress {
        order_id: String,
        #[serde(flatten)]
        address: Address,
    },
    #[serde(alias = "modify_pending_order_payment")]
    ModifyPayment { order_id: String, payment_method_id: String },
    /// `item_ids[n]` becomes `new_item_ids[n]`.
    #[serde(alias = "modify_pending_order_items")]
    ModifyItems { order_id: String, item_ids: Vec<String>, new_item_ids: Vec<String>, payment_method_id: String },
    #[serde(alias = "return_delivered_order_items")]
    Return { order_id: String, item_ids: Vec<String>, payment_method_id: String },
    /// `item_ids[n]` is exchanged for `new_item_ids[n]`.
    #[serde(alias = "exchange_delivered_order_items")]
    Exchange { order_id: String, item_ids: Vec<String>, new_item_ids: Vec<String>, payment_method_id: String },
    /// The customer's own default address; no order changes with it.
    #[serde(alias = "modify_user_address")]
    ModifyProfile {
        user_id: String,
        #[serde(flatten)]
        address: Address,
    },
}

/// Which deed; the names of the protocol's `proposal.action`, and the sections of `policy.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Cancel,
    ModifyAddress,
    ModifyPayment,
    ModifyItems,
    Return,
    Exchange,
    ModifyProfile,
}

impl Deed {
    pub fn kind(&self) -> Kind {
        match self {
            Self::Cancel { .. } => Kind::Cancel,
            Self::ModifyAddress { .. } => Kind::ModifyAddress,
            Self::ModifyPayment { .. } => Kind::ModifyPayment,
            Self::ModifyItems { .. } => Kind::ModifyItems,
            Self::Return { .. } => Kind::Return,
            Self::Exchange { .. } => Kind::Exchange,
            Self::ModifyProfile { .. } => Kind::ModifyProfile,
        }
    }

    /// The order it is about; none for the customer's own address.
    pub fn order(&self) -> Option<&str> {
        match self {
            Self::Cancel { order_id, .. }
            | Self::ModifyAddress { order_id, .. }
            | Self::ModifyPayment { order_id, .. }
            | Self::ModifyItems { order_id, .. }
            | Self::Return { order_id, .. }
            | Self::Exchange { order_id, .. } => Some(order_id),
            Self::ModifyProfile { .. } => None,
        }
    }
}

impl Kind {
    pub const ALL: [Self; 7] =
        [Self::Cancel, Self::ModifyAddress, Self::ModifyPayment, Self::ModifyItems, Self::Return, Self::Exchange, Self::ModifyProfile];

    /// The states in which the deed makes sense at all. A policy chooses among them: no merchant's file can have a cancelled order
    /// cancelled again, and so refunded twice.
    pub fn possible_in(self) -> &'static [Status] {
        match self {
            Self::Cancel => &[Status::Pending, Status::ItemsModified, Status::Processed],
            Self::ModifyAddress | Self::ModifyPayment | Self::ModifyItems => &[Status::Pending, Status::ItemsModified],
            Self::Return | Self::Exchange => &[Status::Delivered],
            Self::ModifyProfile => &[],
        }
    }

    /// The state the order is in afterwards.
    pub fn leads_to(self, from: Status) -> Status {
        match self {
            Self::Cancel => Status::Cancelled,
            Self::ModifyItems => Status::ItemsModified,
            Self::Return => Status::ReturnRequested,
            Self::Exchange => Status::ExchangeRequested,
            Self::ModifyAddress | Self::ModifyPayment | Self::ModifyProfile => from,
        }
    }
}
