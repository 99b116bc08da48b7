//! What is to be told or asked, as values; `say` puts it into words, in Chinese or English.

use super::heard::{Place, Question, Told, Verb};
use crate::aftersales::nouns::Status;
use crate::aftersales::{Kind, Proposal, Refusal};
use crate::catalog::{Money, ProductId};

#[derive(Clone, Debug, PartialEq)]
pub enum Saying {
    // Who writes.
    /// E-mail, or name and zip, or order number with phone or e-mail. What of it was told already.
    AskIdentity {
        told: Told,
    },
    /// Nobody fits. The same whether the e-mail or the name is known or not.
    NotFound,
    /// Too many tries; a person is called.
    NoMoreTries,
    Identified {
        first_name: String,
    },
    /// One customer a conversation.
    OtherCustomer,

    // What is to be done.
    /// With the order when it is known, and what can be done with it now.
    AskVerb {
        order: Option<String>,
        may: Vec<Kind>,
    },
    /// Among these.
    AskOrder {
        verb: Option<Verb>,
        orders: Vec<String>,
    },
    /// Not one of this customer's orders, whether it exists or not.
    UnknownOrder {
        said: String,
    },
    AskItems {
        kind: Kind,
        order: String,
    },
    /// It fits more than one item.
    AskWhich {
        words: String,
        places: Vec<Place>,
    },
    /// Nothing on the order, or on any, is called so.
    NotOnOrder {
        words: String,
        order: Option<String>,
    },
    /// What is this item to become? `by` names the option that is still open and its values that can be had.
    AskTarget {
        order: String,
        at: usize,
        by: Option<(String, Vec<String>)>,
        variants: Vec<ProductId>,
    },
    /// No variant that can be had is as wished; these come nearest.
    NoSuchVariant {
        order: String,
        at: usize,
        wished: String,
        nearest: Vec<ProductId>,
    },
    /// `methods` are those that may be used.
    AskMethod {
        kind: Kind,
        order: String,
        methods: Vec<String>,
    },
    AskReason {
        order: String,
        reasons: Vec<String>,
    },
    AskAddress {
        order: Option<String>,
        missing: Vec<String>,
    },
    /// No method of the customer is called so.
    UnknownMethod {
        words: String,
    },
    /// One after the other: why not, and what else.
    Both(Box<Saying>, Box<Saying>),
    Refused {
        kind: Kind,
        order: Option<String>,
        refusal: Refusal,
        instead: Vec<Kind>,
    },
    /// A single item of an order cannot be cancelled or refunded before it is sent.
    PartNotCancelled {
        order: String,
    },

    // The proposal and its end.
    Proposed {
        id: String,
        proposal: Proposal,
    },
    /// It waits still: a yes or a no, please.
    Reminder {
        proposal: Proposal,
    },
    /// What was asked of it while it waits: the money, what can be done after it, how goods go back.
    Terms {
        question: Question,
        proposal: Proposal,
    },
    /// A thing that was asked about beside a proposal: whether it is part of that.
    Beside {
        place: Place,
        included: bool,
    },
    /// A question that nothing here answers.
    NoAnswer,
    /// A question beside a proposal, which what is to be changed may answer.
    Recap {
        asked: String,
        proposal: Proposal,
    },
    Done {
        proposal: Proposal,
        reference: String,
    },
    Declined,
    Expired,
    /// It is not what it was: the order, a price or the stock has changed.
    Void,
    /// Another request of the same conversation comes next.
    Next {
        verb: Verb,
    },
    /// It was heard while something else waits for an answer.
    Noted {
        verb: Verb,
    },
    Dropped {
        verb: Option<Verb>,
    },
    /// Nothing was understood; what can be done here.
    NotUnderstood,
    /// The photo is kept as evidence, with the order line it seems to show.
    PhotoKept {
        place: Option<Place>,
    },
    /// A person has been called, and why in a word.
    HandedOff,

    // What was asked about.
    Told {
        question: Question,
        order: Option<String>,
    },
    Orders {
        orders: Vec<(String, Status)>,
    },
    /// What would come back for one thing.
    Worth {
        place: Place,
    },
    /// What a change costs more, or less when it is below zero.
    Difference {
        amount: Money,
    },
    /// Variants of the product of this item.
    Variants {
        order: String,
        at: usize,
        variants: Vec<ProductId>,
    },
    /// "Anything else?" with nothing to add.
    Closing,
}
