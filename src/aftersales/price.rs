//! A price as the orders world writes it, "536.65 USD" or "-12.30 USD", in; `Money` out, and the same text back. For `serde(with)`.
//!
//! A bare JSON number is refused: it names no currency, and serde_json would hand it over as a float.

use crate::catalog::Money;
use serde::{Deserialize, Deserializer, Serializer, de::Error};

pub fn serialize<S: Serializer>(money: &Money, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(money)
}

pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Money, D::Error> {
    parse(&String::deserialize(from)?).map_err(D::Error::custom)
}

/// As `Money::parse`, and a minus before the amount makes it negative: a price difference may be.
///
/// # Errors
/// Says which part is not money.
pub fn parse(text: &str) -> Result<Money, String> {
    let text = text.trim();
    match text.strip_prefix('-') {
        Some(amount) if amount.starts_with(|c: char| c.is_ascii_digit()) => Money::parse(amount).map(|m| Money { minor: -m.minor, ..m }),
        _ => Money::parse(text),
    }
}

/// The same for a field that may be missing; it needs `default` and `skip_serializing_if` beside it.
pub mod optional {
    use super::{Deserialize, Deserializer, Error, Money, Serializer};

    pub fn serialize<S: Serializer>(money: &Option<Money>, to: S) -> Result<S::Ok, S::Error> {
        match money {
            Some(money) => super::serialize(money, to),
            None => to.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Money>, D::Error> {
        Option::<String>::deserialize(from)?.map(|text| super::parse(&text).map_err(D::Error::custom)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn text_comes_back_the_same() {
        for text in
            ["536.65 USD", "-12.30 USD", "0.01 USD", "-0.01 EUR", "3480 JPY", "-1 JPY", "1.005 KWD", "0.00 USD", "9007199254.93 USD"]
        {
            assert_eq!(parse(text).map(|m| m.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_is_no_price_is_refused() {
        for text in ["", "-", "--1.00 USD", "- 1.00 USD", "-USD 1.00", "1.00", "1.001 USD", "1e2 USD", "NaN USD"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    proptest::proptest! {
        /// No cent is lost on the way through text, whatever the amount.
        #[test]
        fn every_amount_comes_back(minor in -1_000_000_000_000_i64..=1_000_000_000_000) {
            let money = crate::catalog::Money::new(minor, "USD");
            proptest::prop_assert_eq!(parse(&money.to_string()), Ok(money));
        }
    }
}
