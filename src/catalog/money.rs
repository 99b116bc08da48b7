//! Amount and currency in, the same in integer minor units out. A price never passes through a float.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An amount of money in minor units (cents, fen) of an ISO 4217 currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    pub minor: i64,
    pub currency: String,
}

impl Money {
    pub fn new(minor: i64, currency: &str) -> Self {
        Self { minor, currency: currency.to_owned() }
    }

    /// Parses "59.90 EUR", "EUR 59.90", "1,299.00 CNY" or "3480 JPY".
    ///
    /// # Errors
    /// Says which part is not money: no currency, no digits, too many decimals, negative, or out of range.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (amount, currency) = match text.split_once(char::is_whitespace) {
            Some((a, b)) if a.starts_with(|c: char| c.is_ascii_digit()) => (a, b.trim()),
            Some((a, b)) => (b.trim(), a),
            None => return Err(format!("\"{text}\" is not a price; write it like \"59.90 EUR\"")),
        };
        if currency.len() != 3 || !currency.chars().all(|c| c.is_ascii_alphabetic()) {
            return Err(format!("\"{currency}\" is not an ISO 4217 currency code"));
        }
        let currency = currency.to_ascii_uppercase();
        let minor = parse_minor(amount, exponent(&currency)).ok_or_else(|| format!("\"{amount}\" is not an amount of {currency}"))?;
        Ok(Self { minor, currency })
    }

    /// The amount without the currency, "59.90".
    pub fn amount(&self) -> String {
        let exponent = exponent(&self.currency);
        if exponent == 0 {
            return self.minor.to_string();
        }
        let unit = 10_i64.pow(exponent);
        let sign = if self.minor < 0 { "-" } else { "" };
        let (whole, part) = (self.minor.abs() / unit, self.minor.abs() % unit);
        format!("{sign}{whole}.{part:0width$}", width = exponent as usize)
    }

    /// As a shopper reads it, "S$59.90", "¥399.00", "€12.00"; codes without a sign are written out.
    pub fn display(&self) -> String {
        let sign = match self.currency.as_str() {
            "SGD" => "S$",
            "CNY" | "JPY" => "¥",
            "USD" => "$",
            "EUR" => "€",
            "GBP" => "£",
            "HKD" => "HK$",
            other => return format!("{} {other}", self.amount()),
        };
        format!("{sign}{}", self.amount())
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount(), self.currency)
    }
}

/// Decimal places of a currency (ISO 4217); two unless listed.
pub fn exponent(currency: &str) -> u32 {
    match currency {
        "JPY" | "KRW" | "VND" | "CLP" | "ISK" => 0,
        "BHD" | "KWD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

fn parse_minor(amount: &str, exponent: u32) -> Option<i64> {
    let digits = amount.replace(',', "");
    let (whole, part) = digits.split_once('.').unwrap_or((&digits, ""));
    let part = part.trim_end_matches('0');
    let ok = |s: &str| s.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || !ok(whole) || !ok(part) || part.len() > exponent as usize {
        return None;
    }
    let unit = 10_i64.pow(exponent);
    let part_minor = if part.is_empty() { 0 } else { part.parse::<i64>().ok()? * 10_i64.pow(exponent - part.len() as u32) };
    let minor = whole.parse::<i64>().ok()?.checked_mul(unit)?.checked_add(part_minor)?;
    (minor <= 1_000_000_000_000).then_some(minor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_and_prints() {
        for (text, minor, shown) in [
            ("59.90 EUR", 5990, "€59.90"),
            ("EUR 59.9", 5990, "€59.90"),
            ("1,299.00 CNY", 129_900, "¥1299.00"),
            ("3480 JPY", 3480, "¥3480"),
            ("0.5 SGD", 50, "S$0.50"),
            ("7 CHF", 700, "7.00 CHF"),
        ] {
            let money = Money::parse(text).expect(text);
            assert_eq!((money.minor, money.display().as_str()), (minor, shown), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_price() {
        for text in ["", "59.90", "EUR", "-1 EUR", "1.234 EUR", "12 EURO", "1e9 EUR", "99999999999999 EUR", "1.5 JPY"] {
            assert!(Money::parse(text).is_err(), "{text}");
        }
    }
}
