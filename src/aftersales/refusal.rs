//! Why a deed is not done: a typed reason, and the heading of the policy page it rests on. The conversation puts it into words.

use super::nouns::{MethodKind, Status};
use super::price;
use crate::catalog::Money;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refusal {
    pub why: Why,
    pub clause: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Why {
    /// The shop does not do this at all.
    NotOffered,
    /// Not an order of the identified customer. The same whether it exists or not: nobody learns of another's orders.
    UnknownOrder,
    /// The profile to be changed is not the identified customer's.
    UnknownCustomer,
    WrongStatus {
        is: Status,
        may: Vec<Status>,
    },
    TooOften {
        times: u32,
    },
    TooLate {
        days: u32,
    },
    /// There is a period, and the order's record does not say when it began: a person must look.
    UnknownDate,
    UnknownReason {
        may: Vec<String>,
    },
    NothingNamed,
    UnequalLists,
    NotOnOrder {
        item: String,
    },
    UnknownVariant {
        variant: String,
    },
    OtherProduct {
        item: String,
        variant: String,
    },
    OutOfStock {
        variant: String,
    },
    SameVariant {
        variant: String,
    },
    OtherCurrency,
    /// Not a payment method of the identified customer.
    UnknownMethod,
    MethodKindNotAllowed {
        may: Vec<MethodKind>,
    },
    SameMethod,
    /// `has` is what the card still has, less what open exchanges will take from it.
    BalanceTooLow {
        #[serde(with = "price")]
        has: Money,
        #[serde(with = "price")]
        needs: Money,
    },
    /// The refund may not go there; `may` are the customer's methods it may go to.
    RefundRoute {
        may: Vec<String>,
    },
    AddressIncomplete {
        field: String,
    },
    NothingChanges,
    /// A refund above the merchant's limit: a person decides.
    NeedsPerson {
        #[serde(with = "price")]
        above: Money,
    },
    /// What was confirmed is no longer what would be done: the order, a price, the stock or the policy has changed, or it was done.
    Changed,
    Expired,
}
