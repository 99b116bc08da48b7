//! A raw record in, products out. Pure: the same record always gives the same products or the same complaint.
//!
//! Field names are Google Merchant's (`design` of the feed in docs/feed.md). A line may carry `variants`, a list of records
//! that take the line's fields and override them. Unknown fields are kept as details.

use super::read::Record;
use crate::catalog::{Availability, Money, Offer, Product, Review, Texts};
use serde_json::Value;
use std::collections::BTreeMap;

/// What is wrong with a record: the field and the reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub field: String,
    pub reason: String,
}

const KNOWN: &[&str] = &[
    "id",
    "title",
    "description",
    "link",
    "image_link",
    "additional_image_link",
    "video_link",
    "price",
    "sale_price",
    "availability",
    "quantity",
    "brand",
    "gtin",
    "mpn",
    "product_type",
    "google_product_category",
    "item_group_id",
    "color",
    "size",
    "material",
    "pattern",
    "gender",
    "age_group",
    "condition",
    "product_detail",
    "product_highlight",
    "localized",
    "variants",
    "reviews",
];
const LONGEST_TEXT: usize = 20_000;

/// # Errors
/// The first fault met; nothing of a faulty record is kept.
pub fn normalize(record: &Record) -> Result<Vec<Product>, Fault> {
    let Some(variants) = record.get("variants") else {
        return Ok(vec![product(record, None)?]);
    };
    let variants = variants.as_array().ok_or_else(|| fault("variants", "must be a list"))?;
    let group = required(record, "id")?;
    if variants.is_empty() || variants.len() > 2_000 {
        return Err(fault("variants", "must hold 1 to 2,000 records"));
    }
    variants
        .iter()
        .map(|variant| {
            let own = variant.as_object().ok_or_else(|| fault("variants", "each must be an object"))?;
            let mut merged = record.clone();
            merged.remove("variants");
            if own.contains_key("price") && !own.contains_key("sale_price") {
                merged.remove("sale_price");
            }
            merged.extend(own.iter().map(|(k, v)| (k.clone(), v.clone())));
            product(&merged, Some(&group))
        })
        .collect()
}

fn product(record: &Record, group: Option<&str>) -> Result<Product, Fault> {
    let id = required(record, "id")?;
    if id.len() > 200 || id.chars().any(char::is_control) {
        return Err(fault("id", "must be at most 200 bytes without control characters"));
    }
    required(record, "title")?;
    let text = texts(record, true)?;
    let mut localized = BTreeMap::new();
    if let Some(value) = record.get("localized").filter(|v| !v.is_null()) {
        let map = value.as_object().ok_or_else(|| fault("localized", "must be an object of languages"))?;
        for (lang, fields) in map {
            let fields = fields.as_object().ok_or_else(|| fault("localized", "each language must be an object"))?;
            localized.insert(lang.to_ascii_lowercase().chars().take(2).collect(), texts(fields, false)?);
        }
    }
    let group = string(record, "item_group_id")?.or_else(|| group.map(str::to_owned)).unwrap_or_else(|| id.clone());
    let mut images: Vec<String> = string(record, "image_link")?.into_iter().collect();
    images.extend(list(record, "additional_image_link")?);
    Ok(Product {
        group,
        text,
        localized,
        brand: string(record, "brand")?.unwrap_or_default(),
        colors: colors(record)?,
        size: string(record, "size")?.unwrap_or_default(),
        gender: string(record, "gender")?.unwrap_or_default().to_lowercase(),
        age_group: string(record, "age_group")?.unwrap_or_default().to_lowercase(),
        gtin: string(record, "gtin")?.unwrap_or_default(),
        mpn: string(record, "mpn")?.unwrap_or_default(),
        link: string(record, "link")?.unwrap_or_default(),
        images,
        reviews: reviews(record)?,
        offer: offer(record)?,
        id,
    })
}

fn offer(record: &Record) -> Result<Offer, Fault> {
    let money = |field: &str| -> Result<Option<Money>, Fault> {
        string(record, field)?.map(|text| Money::parse(&text).map_err(|reason| fault(field, &reason))).transpose()
    };
    let (price, sale) = (money("price")?, money("sale_price")?);
    let (price, list_price) = match (price, sale) {
        (Some(list), Some(sale)) if sale.currency != list.currency => return Err(fault("sale_price", "has another currency than price")),
        (Some(list), Some(sale)) if sale.minor < list.minor => (Some(sale), Some(list)),
        (price, sale) => (price.or(sale), None),
    };
    let quantity = match record.get("quantity") {
        None | Some(Value::Null) => None,
        Some(Value::Number(n)) => Some(n.as_i64().ok_or_else(|| fault("quantity", "must be a whole number"))?),
        Some(Value::String(s)) => Some(s.trim().parse().map_err(|_| fault("quantity", "must be a whole number"))?),
        Some(_) => return Err(fault("quantity", "must be a whole number")),
    };
    if quantity.is_some_and(|q| q < 0) {
        return Err(fault("quantity", "must not be negative"));
    }
    let availability = match string(record, "availability")? {
        Some(text) => Availability::parse(&text)
            .ok_or_else(|| fault("availability", &format!("\"{text}\" is none of in_stock, out_of_stock, preorder, backorder")))?,
        None if quantity == Some(0) => Availability::OutOfStock,
        None => Availability::InStock,
    };
    let sold_out = availability == Availability::InStock && quantity == Some(0);
    Ok(Offer { price, list_price, availability: if sold_out { Availability::OutOfStock } else { availability }, quantity })
}

fn texts(record: &Record, keep_unknown: bool) -> Result<Texts, Fault> {
    let text = |field: &str| string(record, field).map(Option::unwrap_or_default);
    let mut details = details(record)?;
    if keep_unknown {
        for (name, value) in record.iter().filter(|(name, _)| !KNOWN.contains(&name.as_str())) {
            match value {
                Value::Null | Value::Object(_) | Value::Array(_) => {}
                Value::String(s) if s.trim().is_empty() => {}
                Value::String(s) => details.push((name.replace('_', " "), s.clone())),
                other => details.push((name.replace('_', " "), other.to_string())),
            }
        }
    }
    Ok(Texts {
        title: text("title")?,
        description: text("description")?,
        category: string(record, "product_type")?.or(string(record, "google_product_category")?).unwrap_or_default(),
        material: text("material")?,
        pattern: text("pattern")?,
        highlights: list(record, "product_highlight")?,
        details,
    })
}

fn details(record: &Record) -> Result<Vec<(String, String)>, Fault> {
    let wrong = || fault("product_detail", "must be a list of {attribute_name, attribute_value}");
    match record.get("product_detail") {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::String(text)) => Ok(text
            .split(',')
            .filter_map(|part| {
                let mut fields = part.rsplitn(3, ':');
                let (value, name) = (fields.next()?.trim(), fields.next()?.trim());
                Some((name.to_owned(), value.to_owned()))
            })
            .collect()),
        Some(Value::Array(items)) => items
            .iter()
            .map(|item| {
                let name = item.get("attribute_name").and_then(Value::as_str).ok_or_else(wrong)?;
                let value = match item.get("attribute_value") {
                    Some(Value::String(s)) => s.clone(),
                    Some(Value::Number(n)) => n.to_string(),
                    Some(Value::Bool(b)) => b.to_string(),
                    _ => return Err(wrong()),
                };
                Ok((name.to_owned(), value))
            })
            .collect(),
        Some(_) => Err(wrong()),
    }
}

fn reviews(record: &Record) -> Result<Vec<Review>, Fault> {
    match record.get("reviews") {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(value) => {
            let reviews: Vec<Review> =
                serde_json::from_value(value.clone()).map_err(|_| fault("reviews", "must be a list of {rating, text, author?, lang?}"))?;
            match reviews.iter().all(|r| (1..=5).contains(&r.rating)) {
                true => Ok(reviews),
                false => Err(fault("reviews", "a rating must be 1 to 5")),
            }
        }
    }
}

/// "Navy / White" names two colours; each is kept as the feed spells it, in lower case.
fn colors(record: &Record) -> Result<Vec<String>, Fault> {
    let text = string(record, "color")?.unwrap_or_default();
    Ok(text.split(['/', ',']).map(|c| c.trim().to_lowercase()).filter(|c| !c.is_empty()).take(5).collect())
}

fn list(record: &Record, field: &str) -> Result<Vec<String>, Fault> {
    match record.get(field) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::String(text)) => Ok(text.split(',').map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect()),
        Some(Value::Array(items)) => {
            items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(|| fault(field, "must be a list of texts"))).collect()
        }
        Some(_) => Err(fault(field, "must be a list of texts")),
    }
}

fn required(record: &Record, field: &str) -> Result<String, Fault> {
    string(record, field)?.ok_or_else(|| fault(field, "is missing"))
}

/// A field's text, trimmed; numbers as they are written. `None` when it is absent or empty.
///
/// # Errors
/// When it is something else, or too long.
pub fn string(record: &Record, field: &str) -> Result<Option<String>, Fault> {
    let text = match record.get(field) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(s)) => s.trim().to_owned(),
        Some(Value::Number(n)) if field != "price" && field != "sale_price" => n.to_string(),
        Some(_) => return Err(fault(field, "must be a text")),
    };
    if text.len() > LONGEST_TEXT {
        return Err(fault(field, "is longer than 20,000 bytes"));
    }
    Ok((!text.is_empty()).then_some(text))
}

fn fault(field: &str, reason: &str) -> Fault {
    Fault { field: field.to_owned(), reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(value: Value) -> Result<Vec<Product>, String> {
        normalize(value.as_object().expect("object")).map_err(|f| format!("{}: {}", f.field, f.reason))
    }

    #[test]
    fn variants_take_the_lines_fields_and_override_them() {
        let got = check(json!({"id": "B", "title": "Boot", "price": "10.00 SGD", "sale_price": "8.00 SGD", "voltage": 5,
            "variants": [{"id": "B-1", "color": "Navy/White", "size": 41, "quantity": 0}, {"id": "B-2", "price": "12.00 SGD"}]}))
        .expect("products");
        assert_eq!((got[0].group.as_str(), got[0].id.as_str(), got[0].size.as_str()), ("B", "B-1", "41"));
        assert_eq!(got[0].colors, ["navy", "white"]);
        assert_eq!(got[0].offer.price, Some(Money::new(800, "SGD")));
        assert_eq!(got[0].offer.list_price, Some(Money::new(1000, "SGD")));
        assert_eq!(got[0].offer.availability, Availability::OutOfStock);
        assert_eq!(got[0].text.details, [("voltage".to_owned(), "5".to_owned())]);
        assert_eq!((got[1].offer.price.as_ref().map(|m| m.minor), &got[1].offer.list_price), (Some(1200), &None));
    }

    #[test]
    fn faults_name_the_field() {
        for (value, complaint) in [
            (json!({"title": "x"}), "id: is missing"),
            (json!({"id": "1"}), "title: is missing"),
            (json!({"id": "1", "title": "x", "price": 5.0}), "price: must be a text"),
            (json!({"id": "1", "title": "x", "quantity": -1}), "quantity: must not be negative"),
            (json!({"id": "1", "title": "x", "variants": []}), "variants: must hold 1 to 2,000 records"),
            (
                json!({"id": "1", "title": "x", "availability": "maybe"}),
                "availability: \"maybe\" is none of in_stock, out_of_stock, preorder, backorder",
            ),
        ] {
            assert_eq!(check(value).expect_err(complaint), complaint);
        }
    }
}
