//! What a shopper tells of themselves in; by what to look for the customer they are, and whether one fits, out. Pure.
//!
//! Two sides are compared only after both were brought to the same form, so that case, spaces, accents, a country code and the order of
//! first and last name do not matter.

use super::errands::Errands;
use super::heard::Told;
use crate::aftersales::{Customer, Order};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Something a customer is looked up by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub by: By,
    pub value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum By {
    Email,
    /// Its last eight digits: `fits` compares the rest.
    Phone,
    Name,
    Zip,
    Order,
    /// The id of a gift card; no shopper is identified by it, but it can be only one customer's.
    Card,
}

/// What together is enough to name a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    pub first: Key,
    pub second: Option<Key>,
}

/// A name alone, a zip alone, an order number alone are known to others too.
const ACCEPTED: [(By, Option<By>); 4] =
    [(By::Email, None), (By::Name, Some(By::Zip)), (By::Order, Some(By::Email)), (By::Order, Some(By::Phone))];

/// A number as short as this says too little.
const PHONE_DIGITS: usize = 8;

/// The ways in which what is told names a customer; none while it is not enough.
pub fn ways(told: &Told) -> Vec<Way> {
    let key = |by: By| told_key(told, by).map(|value| Key { by, value });
    let way = |(first, second): (By, Option<By>)| {
        let second = match second {
            Some(by) => Some(key(by)?),
            None => None,
        };
        Some(Way { first: key(first)?, second })
    };
    ACCEPTED.into_iter().filter_map(way).collect()
}

/// What of it is looked up by: an order's number may be anybody's where an e-mail, or name and zip, say enough without it.
pub fn needed(told: &Told) -> Told {
    let enough = told.email.is_some() || (told.name.is_some() && told.zip.is_some());
    Told { order: told.order.clone().filter(|_| !enough), ..told.clone() }
}

/// Whether somebody else than the customer is named by an e-mail, or by name and zip.
pub fn is_another(told: &Told, customer: &Customer) -> bool {
    let named = told.email.is_some() || (told.name.is_some() && told.zip.is_some());
    named && !fits(&needed(told), customer, true)
}

/// Whether what is told is who the customer is, said once more.
pub fn is_of(told: &Told, customer: &Customer) -> bool {
    let named = told.email.is_some() || told.name.is_some() || told.zip.is_some();
    named && !is_another(told, customer)
}

impl Errands {
    /// Takes in what is told of a person. What was wrong is corrected ("sorry, 689112"), and given up for another way that is whole.
    pub fn learn(&mut self, told: &Told) {
        if self.wrong.is_some() && !ways(told).is_empty() {
            self.told = told.clone();
            return;
        }
        let Told { email, phone, name, zip, order } = told.clone();
        let known = &mut self.told;
        *known = Told {
            email: email.or(known.email.take()),
            phone: phone.or(known.phone.take()),
            name: name.or(known.name.take()),
            zip: zip.or(known.zip.take()),
            order: order.or(known.order.take()),
        };
    }
}

/// Whether everything that is told is true of the customer; `owns` says whether the order is theirs. A phone number the shop does not
/// have contradicts nothing.
pub fn fits(told: &Told, customer: &Customer, owns: bool) -> bool {
    let name = |name: &String| names(customer).contains(&name_form(name));
    let phone = |phone: &String| customer.phone.as_ref().is_none_or(|known| same_phone(known, phone));
    told.email.as_ref().is_none_or(|email| email_form(email) == email_form(&customer.email))
        && told.name.as_ref().is_none_or(name)
        && told.zip.as_ref().is_none_or(|zip| zips(&customer.address.zip).contains(&zip_form(zip)))
        && told.phone.as_ref().is_none_or(phone)
        && (told.order.is_none() || owns)
}

/// All a customer is looked up by, but for the orders.
pub fn customer_keys(customer: &Customer) -> Vec<Key> {
    let cards = customer.payment_methods.iter().filter(|m| m.balance.is_some()).map(|m| (By::Card, m.id.clone()));
    let keys = [(By::Email, email_form(&customer.email))]
        .into_iter()
        .chain(customer.phone.iter().filter_map(|p| Some((By::Phone, phone_key(p)?))))
        .chain(names(customer).into_iter().map(|name| (By::Name, name)))
        .chain(zips(&customer.address.zip).into_iter().map(|zip| (By::Zip, zip)))
        .chain(cards);
    distinct(keys)
}

/// What names an order: its id, and the digits of it alone.
pub fn order_keys(order: &Order) -> Vec<Key> {
    let id = order_form(&order.id);
    let digits: String = id.chars().filter(char::is_ascii_digit).collect();
    distinct([id, digits].into_iter().map(|value| (By::Order, value)))
}

/// The form in which an order's number is looked up.
pub fn order_form(id: &str) -> String {
    id.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn distinct(keys: impl Iterator<Item = (By, String)>) -> Vec<Key> {
    let mut keys: Vec<Key> = keys.filter(|(_, value)| !value.is_empty()).map(|(by, value)| Key { by, value }).collect();
    keys.sort();
    keys.dedup();
    keys
}

fn told_key(told: &Told, by: By) -> Option<String> {
    let value = match by {
        By::Email => email_form(told.email.as_ref()?),
        By::Phone => phone_key(told.phone.as_ref()?)?,
        By::Name => name_form(told.name.as_ref()?),
        By::Zip => zip_form(told.zip.as_ref()?),
        By::Order => order_form(told.order.as_ref()?),
        By::Card => return None,
    };
    (!value.is_empty()).then_some(value)
}

fn email_form(email: &str) -> String {
    email.nfkc().collect::<String>().trim().to_lowercase()
}

/// Both orders; Chinese names have no space between, and whoever types "Weiling" for "Wei Ling" is meant too: no form has spaces.
fn names(customer: &Customer) -> [String; 2] {
    let (first, last) = (name_form(&customer.name.first_name), name_form(&customer.name.last_name));
    [format!("{first}{last}"), format!("{last}{first}")]
}

fn name_form(name: &str) -> String {
    name.nfkd().filter(|c| !is_combining_mark(*c) && c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The zip, and of "19122-1234" also the "19122" that everybody knows.
fn zips(zip: &str) -> Vec<String> {
    let short = zip.split_once('-').map(|(short, _)| short).filter(|short| short.len() == 5);
    [Some(zip), short].into_iter().flatten().map(zip_form).filter(|zip| !zip.is_empty()).collect()
}

fn zip_form(zip: &str) -> String {
    zip.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Digits without what is dialled before them: "+65 9123 4567", "0065…", "07911…".
fn digits(phone: &str) -> String {
    let digits: String = phone.nfkc().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').to_owned()
}

fn phone_key(phone: &str) -> Option<String> {
    let digits = digits(phone);
    digits.len().checked_sub(PHONE_DIGITS).map(|at| digits[at..].to_owned())
}

/// Equal, or one has a country code the other leaves out. What is missing at the front must look like one: the last eight digits of a
/// Chinese mobile number are not the number.
fn same_phone(one: &str, other: &str) -> bool {
    let (one, other) = (digits(one), digits(other));
    let (long, short) = if one.len() >= other.len() { (one, other) } else { (other, one) };
    let is_code = |code: &str| code.is_empty() || code == "1" || (code.len() <= 3 && !code.starts_with('1'));
    short.len() >= PHONE_DIGITS && long.strip_suffix(short.as_str()).is_some_and(is_code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn customer(first: &str, last: &str, phone: Option<&str>, zip: &str) -> Customer {
        let mut record = json!({"id": "c", "name": {"first_name": first, "last_name": last}, "email": "Omar.A@Example.com",
            "address": {"address1": "1 Road", "city": "X", "country": "Y", "zip": zip}});
        if let Some(phone) = phone {
            record["phone"] = phone.into();
        }
        serde_json::from_value(record).expect("a customer")
    }

    fn told(pairs: &[(By, &str)]) -> Told {
        let get = |by: By| pairs.iter().find(|(b, _)| *b == by).map(|(_, value)| (*value).to_owned());
        Told { email: get(By::Email), phone: get(By::Phone), name: get(By::Name), zip: get(By::Zip), order: get(By::Order) }
    }

    #[test]
    fn only_some_facts_together_name_a_customer() {
        use By::{Email, Name, Order, Phone, Zip};
        for (facts, expected) in [
            (&[][..], &[][..]),
            (&[Email], &[(Email, None)]),
            (&[Name], &[]),
            (&[Zip], &[]),
            (&[Order], &[]),
            (&[Phone], &[]),
            (&[Name, Phone], &[]),
            (&[Zip, Order], &[]),
            (&[Name, Order], &[]),
            (&[Name, Zip], &[(Name, Some(Zip))]),
            (&[Order, Phone], &[(Order, Some(Phone))]),
            (&[Order, Email], &[(Email, None), (Order, Some(Email))]),
        ] {
            let facts: Vec<_> = facts.iter().map(|by| (*by, if *by == Phone { "+65 9123 4567" } else { "x1234" })).collect();
            let got: Vec<_> = ways(&told(&facts)).into_iter().map(|w| (w.first.by, w.second.map(|k| k.by))).collect();
            assert_eq!(got, expected, "{facts:?}");
        }
        assert!(ways(&told(&[(Email, "  "), (Name, "- -"), (Zip, "10001")])).is_empty(), "blanks say nothing");
    }

    #[test]
    fn names_are_compared_as_people_write_them() {
        for (first, last, said, same) in [
            ("Omar", "Anderson", "omar  anderson", true),
            ("Omar", "Anderson", "Anderson, Omar", true),
            ("Omar", "Anderson", "Omar Andersen", false),
            ("Omar", "Anderson", "Omar", false),
            ("伟", "李", "李伟", true),
            ("伟", "李", "李 伟", true),
            ("伟", "李", "李伟伟", false),
            ("Wei Ling", "Tan", "Tan Weiling", true),
            ("José", "O'Brien", "jose obrien", true),
        ] {
            assert_eq!(fits(&told(&[(By::Name, said)]), &customer(first, last, None, "1"), false), same, "{said}");
        }
    }

    #[test]
    fn phones_are_the_same_with_and_without_a_country_code() {
        for (known, said, same) in [
            ("+65 9123 4567", "91234567", true),
            ("9123 4567", "0065-9123-4567", true),
            ("+86 138 0013 8000", "13800138000", true),
            ("13800138000", "00138000", false),
            ("+1 (212) 555-0100", "2125550100", true),
            ("+1 (212) 555-0100", "12125550100", true),
            ("+44 7911 123456", "07911 123456", true),
            ("+86 138 0013 8000", "+85 138 0013 8000", false),
            ("91234567", "1234567", false),
            ("91234567", "", false),
        ] {
            let fits = fits(&told(&[(By::Phone, said)]), &customer("A", "B", Some(known), "1"), false);
            assert_eq!(fits, same, "{known} {said}");
            let found = told_key(&told(&[(By::Phone, said)]), By::Phone).is_some_and(|key| phone_key(known) == Some(key));
            assert!(found || !same, "{said} is not looked up");
        }
    }

    #[test]
    fn everything_that_is_told_must_be_true() {
        let customer = customer("Omar", "Anderson", None, "SW1A 1AA");
        for (facts, owns, expected) in [
            (&[(By::Email, " omar.a@example.com ")][..], false, true),
            (&[(By::Email, "omar.a@example.org")], false, false),
            (&[(By::Email, "omar.a@example.com"), (By::Zip, "10001")], false, false),
            (&[(By::Email, "omar.a@example.com"), (By::Order, "#W1")], false, false),
            (&[(By::Email, "omar.a@example.com"), (By::Order, "#W1")], true, true),
            (&[(By::Email, "omar.a@example.com"), (By::Phone, "91234567")], false, true),
            (&[(By::Name, "Omar Anderson"), (By::Zip, "sw1a1aa")], false, true),
        ] {
            assert_eq!(fits(&told(facts), &customer, owns), expected, "{facts:?}");
        }
        assert_eq!(zips("19122-1234"), ["191221234", "19122"]);
    }

    #[test]
    fn an_order_is_named_by_its_id_or_its_digits() {
        let order = json!({"id": "#W6067464", "customer": "c", "status": "pending", "items": [], "payments": [],
            "address": {"address1": "", "city": "", "country": "", "zip": ""}});
        let keys: Vec<String> = order_keys(&serde_json::from_value(order).expect("an order")).into_iter().map(|k| k.value).collect();
        assert_eq!(keys, ["6067464", "w6067464"]);
        for said in ["#W6067464", "w6067464", "6067464", "＃Ｗ6067464"] {
            assert!(keys.contains(&order_form(said)), "{said}");
        }
    }
}
