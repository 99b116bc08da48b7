//! `policy.toml` in, typed and checked; the rule of each deed out. What a merchant may change is here, what no merchant may is
//! `Kind::possible_in` and `legal`.

use super::deed::Kind;
use super::nouns::{MethodKind, Status};
use super::price;
use crate::catalog::Money;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The form of `policy.toml` this program reads.
pub const FORMAT: u32 = 1;

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    pub format: u32,
    /// Every proposal names the version it was made under.
    pub version: u32,
    /// The heading of the whole page.
    pub clause: String,
    pub confirm_minutes: u32,
    pub refund_arrives: BTreeMap<MethodKind, Arrival>,
    #[serde(rename = "deed")]
    pub deeds: BTreeMap<Kind, Rule>,
}

/// The rule of one deed. Which fields which deed reads is checked by `parse`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The heading of the policy page it puts into code.
    pub clause: String,
    #[serde(default)]
    pub status: Vec<Status>,
    #[serde(default)]
    pub times: Option<u32>,
    #[serde(default)]
    pub within_days: Option<u32>,
    #[serde(default, with = "price::optional")]
    pub person_above: Option<Money>,
    #[serde(default)]
    pub email: bool,
    /// Of a cancellation.
    #[serde(default)]
    pub reasons: Vec<Reason>,
    /// Kinds of method that may pay or be refunded a difference; none named: any.
    #[serde(default)]
    pub methods: Vec<MethodKind>,
    /// Of a return.
    #[serde(default)]
    pub refund_to: Vec<Route>,
    /// Whether an item may be changed into the very variant it is.
    #[serde(default)]
    pub same_variant: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    pub name: String,
    pub zh: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// A method that has paid for the order and has not been refunded in full.
    Original,
    /// A gift card the customer already has.
    GiftCard,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arrival {
    AtOnce,
    BusinessDays(u8, u8),
}

impl Policy {
    /// The rules shipped with the program: those of the retail world.
    pub fn shipped() -> Self {
        Self::parse(include_str!("../../assets/aftersales/policy.toml")).expect("the shipped policy is read by a test")
    }

    /// Reads a merchant's file.
    ///
    /// # Errors
    /// Says what is wrong and where: not TOML, an unknown word, another format, or a rule that could never be kept.
    pub fn parse(text: &str) -> Result<Self, String> {
        let policy: Self = toml::from_str(text).map_err(|e| format!("policy.toml: {}", e.to_string().trim_end()))?;
        if policy.format != FORMAT {
            return Err(format!("policy.toml: format {} is not read here, only format {FORMAT}", policy.format));
        }
        if policy.confirm_minutes == 0 {
            return Err("policy.toml: confirm_minutes = 0 leaves no time to confirm".to_owned());
        }
        if let Some(kind) = MethodKind::ALL.into_iter().find(|k| !policy.refund_arrives.contains_key(k)) {
            return Err(format!("policy.toml: refund_arrives does not say when a refund to a {} arrives", word(&kind)));
        }
        for (kind, rule) in &policy.deeds {
            rule.check(*kind).map_err(|wrong| format!("policy.toml: deed.{}: {wrong}", word(kind)))?;
        }
        Ok(policy)
    }

    /// Whether any deed at all may still be done to an order in `status`.
    pub fn open(&self, status: Status) -> bool {
        self.deeds.values().any(|rule| rule.status.contains(&status))
    }

    pub fn arrival(&self, kind: MethodKind) -> Arrival {
        self.refund_arrives.get(&kind).copied().expect("parse has seen every kind of method")
    }
}

impl Rule {
    fn check(&self, kind: Kind) -> Result<(), String> {
        let takes = |present: bool, kinds: &[Kind], name: &str| match present && !kinds.contains(&kind) {
            true => Err(format!("{name} means nothing here")),
            false => Ok(()),
        };
        takes(!self.reasons.is_empty(), &[Kind::Cancel], "reasons")?;
        takes(!self.refund_to.is_empty(), &[Kind::Return], "refund_to")?;
        takes(!self.methods.is_empty(), &[Kind::ModifyPayment, Kind::ModifyItems, Kind::Exchange], "methods")?;
        takes(self.same_variant, &[Kind::ModifyItems, Kind::Exchange], "same_variant")?;
        let of_money = [Kind::Cancel, Kind::ModifyItems, Kind::Return, Kind::Exchange];
        takes(self.person_above.is_some(), &of_money, "person_above")?;
        if let Some(status) = self.status.iter().find(|s| !kind.possible_in().contains(s)) {
            return Err(format!("an order that is {} cannot have this done", word(status)));
        }
        if self.status.is_empty() && kind != Kind::ModifyProfile {
            return Err("no status is named; remove the section if it is not offered".to_owned());
        }
        if kind == Kind::Cancel && self.reasons.is_empty() {
            return Err("no reason is named".to_owned());
        }
        if kind == Kind::Return && self.refund_to.is_empty() {
            return Err("no refund_to is named".to_owned());
        }
        if kind == Kind::ModifyProfile && (self.times.is_some() || self.within_days.is_some()) {
            return Err("times and within_days are of an order".to_owned());
        }
        Ok(())
    }
}

impl MethodKind {
    pub const ALL: [Self; 5] = [Self::CreditCard, Self::GiftCard, Self::Paypal, Self::Wechat, Self::Alipay];
}

/// A closed word as the files spell it.
fn word<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_policy_is_read() {
        let policy = Policy::shipped();
        assert_eq!(policy.deeds.len(), Kind::ALL.len());
        assert_eq!(policy.arrival(MethodKind::GiftCard), Arrival::AtOnce);
        assert_eq!(policy.arrival(MethodKind::Paypal), Arrival::BusinessDays(5, 7));
        assert!(policy.open(Status::Pending) && policy.open(Status::Delivered));
        for closed in [Status::ItemsModified, Status::Processed, Status::Cancelled, Status::ReturnRequested, Status::ExchangeRequested] {
            assert!(!policy.open(closed), "{closed:?}");
        }
    }

    #[test]
    fn a_faulty_file_is_refused_and_says_why() {
        for (was, now, says) in [
            ("format = 1 ", "format = 9 ", "format 9"),
            ("version = 1 ", "", "version"),
            ("confirm_minutes = 15", "confirm_minutes = 0", "no time"),
            ("paypal = { business_days = [5, 7] }\n", "", "paypal"),
            (
                "[deed.cancel]\nclause = \"Cancel pending order\"\nstatus = [\"pending\"]",
                "[deed.cancel]\nclause = \"\"\nstatus = [\"cancelled\"]",
                "is cancelled",
            ),
            ("status = [\"delivered\"]", "status = [\"pending\"]", "is pending"),
            ("status = [\"delivered\"]", "status = [\"lost\"]", "lost"),
            ("refund_to = [\"original\", \"gift_card\"]\n", "", "no refund_to"),
            ("refund_to", "refund_too", "refund_too"),
            ("[deed.modify_profile]", "[deed.modify_profile]\ntimes = 1", "of an order"),
            ("[deed.modify_address]", "[deed.modify_address]\nperson_above = \"1.00 USD\"", "means nothing"),
            ("[deed.return]", "[deed.return]\nperson_above = \"1.005 USD\"", "not an amount"),
            ("[deed.return]", "[deed.lend]", "lend"),
        ] {
            let shipped = include_str!("../../assets/aftersales/policy.toml");
            assert!(shipped.contains(was), "{was}");
            let wrong = Policy::parse(&shipped.replacen(was, now, 1)).expect_err(now);
            assert!(wrong.contains(says), "{now}: {wrong}");
        }
    }
}
