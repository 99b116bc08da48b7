//! Search, products, recommendations, behaviour and the merchant's offer changes over HTTP.

use super::Error;
use super::router::App;
use crate::catalog::{Availability, Lang, Money, department};
use crate::chat::frame::number;
use crate::search::facet::{Count, Facet};
use crate::search::{Filter, Found, Hit, Item, Query, Shelf, Sort};
use crate::store::catalog::OfferChange;
use crate::store::new_id;
use crate::turn::understand::material_name;
use crate::turn::{ground, words};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query as Params, State};
use axum::http::{HeaderMap, header};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SearchParams {
    q: String,
    limit: Option<usize>,
    offset: Option<usize>,
    lang: Option<String>,
    explain: Option<String>,
    price_min: Option<String>,
    price_max: Option<String>,
    brand: Option<String>,
    color: Option<String>,
    size: Option<String>,
    material: Option<String>,
    person: Option<String>,
    attributes: Option<String>,
    category: Option<String>,
    in_stock: Option<String>,
    sort: Option<String>,
}

pub(super) const MOST_HITS: usize = 100;
pub(super) const LONGEST_QUERY: usize = 1_000;
const MOST_ATTRIBUTES: usize = 10;
const MOST_VALUES: usize = 30;

/// `GET /v1/search`.
pub async fn search(State(app): State<Arc<App>>, params: Result<Params<SearchParams>, QueryRejection>) -> Result<Json<Value>, Error> {
    let Params(params) = params.map_err(|e| Error::Invalid(e.body_text()))?;
    if params.q.chars().count() > LONGEST_QUERY {
        return Err(Error::Invalid("q may hold at most 1,000 characters".to_owned()));
    }
    let understood = words::read(&params.q, &app.hub.rooms.search);
    let mut query = words::query_of(&params.q, &understood, params.limit.unwrap_or(20).clamp(1, MOST_HITS));
    query.offset = params.offset.unwrap_or(0).min(10_000);
    narrow(&mut query, &params, &app.hub.rooms.search.shelf())?;
    let lang = params.lang.as_deref().map_or(understood.lang, Lang::of_locale);
    query.lang = lang;
    let explained = is_on(params.explain.as_deref());
    let shown = query.clone();
    let found = words::search(&app.hub.rooms.search, query, &understood).await?;
    Ok(Json(found_json(&found, lang, explained.then_some(&shown))))
}

fn narrow(query: &mut Query, params: &SearchParams, shelf: &Shelf) -> Result<(), Error> {
    let currency = shelf.currency();
    let minor = |text: &Option<String>, name: &str| -> Result<Option<i64>, Error> {
        let money = text.as_deref().filter(|t| !t.is_empty()).map(|t| Money::parse(&format!("{t} {currency}")));
        money.transpose().map(|m| m.map(|m| m.minor)).map_err(|_| Error::Invalid(format!("{name} must be an amount such as 59.90")))
    };
    let filter = &mut query.filter;
    filter.price_min = minor(&params.price_min, "price_min")?.or(filter.price_min);
    filter.price_max = minor(&params.price_max, "price_max")?.or(filter.price_max);
    let list = |text: &Option<String>| {
        text.iter().flat_map(|t| t.split(',')).map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    // A comma may belong to the value.
    let one = |text: &Option<String>, known: &dyn Fn(&str) -> bool| text.iter().find(|text| known(text)).map(|text| vec![text.clone()]);
    let columns = shelf.columns();
    let (colors, materials) = (list(&params.color), list(&params.material));
    let sizes = one(&params.size, &|t| columns.sizes.count(&t.into()) > 0).unwrap_or_else(|| list(&params.size));
    query.chosen = Filter { colors: colors.clone(), sizes: sizes.clone(), materials: materials.clone(), ..Filter::default() };
    filter.brands.extend(one(&params.brand, &|t| columns.brands.count(&t.into()) > 0).unwrap_or_else(|| list(&params.brand)));
    filter.colors.extend(colors);
    filter.sizes.extend(sizes);
    filter.materials.extend(materials);
    match params.person.as_deref() {
        None | Some("") => {}
        Some(person @ ("kids" | "male" | "female")) => filter.person = Some(person.to_owned()),
        Some(_) => return Err(Error::Invalid("person must be male, female or kids".to_owned())),
    }
    filter.attributes = attributes(params.attributes.as_deref())?;
    filter.category = params.category.clone().filter(|c| !c.is_empty());
    filter.in_stock |= is_on(params.in_stock.as_deref());
    query.sort = match params.sort.as_deref() {
        None | Some("" | "relevance") => query.sort,
        Some("price_asc" | "cheapest") => Some(Sort::Cheapest),
        Some("price_desc" | "dearest") => Some(Sort::Dearest),
        Some("newest") => Some(Sort::Newest),
        Some("rating" | "best_rated") => Some(Sort::BestRated),
        Some(_) => return Err(Error::Invalid("sort must be relevance, price_asc, price_desc, newest or rating".to_owned())),
    };
    Ok(())
}

/// `{"lock": "number lock", "layout": ["60 %", "75 %"]}`.
fn attributes(text: Option<&str>) -> Result<BTreeMap<String, Vec<String>>, Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Values {
        One(String),
        Any(Vec<String>),
    }
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(BTreeMap::new()) };
    let given: BTreeMap<String, Values> = serde_json::from_str(text)
        .map_err(|_| Error::Invalid("attributes must be a JSON object of values, or lists of them, by name".to_owned()))?;
    if given.len() > MOST_ATTRIBUTES {
        return Err(Error::Invalid(format!("attributes may name at most {MOST_ATTRIBUTES}")));
    }
    let values = |values| match values {
        Values::One(value) => vec![value],
        Values::Any(values) => values,
    };
    let given: BTreeMap<String, Vec<String>> = given.into_iter().map(|(name, given)| (name, values(given))).collect();
    if given.values().any(|values| values.len() > MOST_VALUES) {
        return Err(Error::Invalid(format!("attributes may name at most {MOST_VALUES} values each")));
    }
    Ok(given)
}

pub(super) fn is_on(text: Option<&str>) -> bool {
    matches!(text, Some("1" | "true" | "yes" | ""))
}

/// The search answer; with `explained`, the query as it was read and the ranks of each signal too.
pub fn found_json(found: &Found, lang: Lang, explained: Option<&Query>) -> Value {
    let hits: Vec<Value> = found.hits.iter().map(|hit| hit_json(hit, lang, explained.is_some())).collect();
    let facets: Map<String, Value> = found.facets.iter().map(|facet| (facet.name.to_string(), values_json(facet, lang))).collect();
    let mut answer = json!({"sold": found.sold, "relaxed": found.relaxed, "hits": hits, "total": found.total, "facets": facets, "attributes": found.attributes, "revision": found.revision, "took_ms": found.took_ms});
    answer["facet_gains"] = found.facets.iter().map(|f| (f.name.to_string(), json!(f.gain))).collect::<Map<String, Value>>().into();
    if let Some(query) = explained {
        answer["query"] = json!({"text": query.text, "filter": query.filter, "sort": query.sort});
    }
    answer
}

/// The values of a facet; materials, which are the lexicon's ids, with their names.
fn values_json(facet: &Facet, lang: Lang) -> Value {
    let value = |count: &Count| match &*facet.name {
        "material" => json!({"value": count.value, "label": material_name(&count.value, lang), "count": count.count}),
        _ => json!(count),
    };
    facet.values.iter().map(value).collect()
}

fn hit_json(hit: &Hit, lang: Lang, explained: bool) -> Value {
    let mut value = item_json(&hit.item, lang);
    value["score"] = json!(hit.score);
    let signals = &hit.signals;
    value["signals"] = json!({"lexical": signals.lexical, "text": signals.text, "image": signals.image, "fused": signals.fused,
        "graph": signals.graph, "profile": signals.profile});
    if explained {
        value["contributions"] = json!(hit.parts);
    }
    value
}

/// A product card over HTTP.
fn item_json(item: &Item, lang: Lang) -> Value {
    let mut value = json!({
        "id": item.id, "title": item.title(lang), "currency": &*item.currency, "availability": item.availability.as_str(),
        "image": &*item.image, "category": item.category(lang), "brand": &*item.brand, "color": &*item.color, "size": &*item.size,
        "quantity": item.quantity, "revision": item.revision, "link": &*item.link,
    });
    value["price"] = item.price().map_or(Value::Null, |m| exact(&m.amount()));
    if let Some(list) = item.list_price() {
        value["list_price"] = exact(&list.amount());
    }
    if let Some(rating) = item.rating {
        value["rating"] = exact(&format!("{}.{:02}", rating / 100, rating % 100));
    }
    value
}

/// A JSON number from decimal digits.
fn exact(digits: &str) -> Value {
    serde_json::from_str(number(digits).get()).unwrap_or(Value::Null)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct LangParam {
    lang: Option<String>,
    #[serde(rename = "for")]
    purpose: Option<String>,
    id: Option<String>,
    limit: Option<usize>,
}

/// `GET /v1/products/{id}`.
pub async fn product(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    params: Result<Params<LangParam>, QueryRejection>,
) -> Result<Json<Value>, Error> {
    let Params(params) = params.map_err(|e| Error::Invalid(e.body_text()))?;
    let lang = params.lang.as_deref().map_or(Lang::En, Lang::of_locale);
    let shelf = app.hub.rooms.search.shelf();
    let store = &app.hub.store;
    let stored = match store.product(&id).await? {
        Some(stored) => stored,
        None => store.variants(&id).await?.into_iter().next().ok_or(Error::NotFound("product"))?,
    };
    let item = shelf.get(&stored.product.id).ok_or(Error::NotFound("product"))?;
    let product = &stored.product;
    let mut value = item_json(item, lang);
    value["group"] = json!(product.group);
    value["description"] = json!(product.description(lang));
    value["material"] = json!(product.material(lang));
    value["images"] = json!(product.images);
    value["highlights"] = json!(product.highlights(lang));
    value["details"] = product.details(lang).iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    value["reviews"] = json!(product.reviews);
    value["variants"] = shelf
        .variants(item)
        .map(|v| {
            let mut variant = item_json(v, lang);
            variant["color_name"] = json!(if v.color.is_empty() { String::new() } else { ground::color_name(&v.color, lang) });
            variant
        })
        .collect();
    Ok(Json(value))
}

/// `GET /v1/recommend?for=home|product|cart`: for now well-rated products of different departments, or the neighbours of a product.
pub async fn recommend(State(app): State<Arc<App>>, params: Result<Params<LangParam>, QueryRejection>) -> Result<Json<Value>, Error> {
    let Params(params) = params.map_err(|e| Error::Invalid(e.body_text()))?;
    let lang = params.lang.as_deref().map_or(Lang::En, Lang::of_locale);
    let limit = params.limit.unwrap_or(12).clamp(1, 50);
    let search = &app.hub.rooms.search;
    let near = match params.purpose.as_deref() {
        Some("product" | "cart") => params.id.as_deref().and_then(|id| search.shelf().get(id).cloned()),
        None | Some("home") => None,
        Some(_) => return Err(Error::Invalid("for must be home, product or cart".to_owned())),
    };
    let filter = Filter { in_stock: true, ..Filter::default() };
    let mut found = match &near {
        Some(item) => {
            search
                .find(Query {
                    text: item.category(Lang::En).to_owned() + " " + item.title(lang),
                    filter,
                    limit: (limit + 1).max(40),
                    whole: true,
                    ..Query::default()
                })
                .await?
        }
        None => search.find(Query { filter, sort: Some(Sort::BestRated), limit: 400, ..Query::default() }).await?,
    };
    match &near {
        Some(item) => {
            found.hits.retain(|h| h.item.group != item.group);
            // Of its own kind first, then of its department.
            let own = department(&item.category);
            found.hits.sort_by_key(|h| (h.item.category != item.category, department(&h.item.category) != own));
        }
        None => spread(&mut found.hits, limit),
    }
    found.hits.truncate(limit);
    found.facets.clear();
    found.attributes.clear();
    Ok(Json(found_json(&found, lang, None)))
}

/// At most one product a category, while there are enough categories.
fn spread(hits: &mut Vec<Hit>, limit: usize) {
    let mut seen = std::collections::HashSet::new();
    let (first, rest): (Vec<Hit>, Vec<Hit>) =
        std::mem::take(hits).into_iter().partition(|h| seen.insert(department(&h.item.category).to_owned()));
    *hits = first;
    if hits.len() < limit {
        hits.extend(rest);
    }
}

#[derive(Debug, Deserialize)]
pub struct Behaviour {
    name: String,
    product: String,
    #[serde(default)]
    ms: Option<u64>,
    #[serde(default)]
    consent: bool,
    #[serde(default)]
    person: Option<String>,
}

/// `POST /v1/events`; 403 without consent.
pub async fn behave(
    State(app): State<Arc<App>>,
    body: Result<Json<Behaviour>, axum::extract::rejection::JsonRejection>,
) -> Result<Json<Value>, Error> {
    let Json(event) = body.map_err(|e| Error::Invalid(e.body_text()))?;
    if !["view", "click", "cart", "purchase", "dwell"].contains(&event.name.as_str()) {
        return Err(Error::Invalid("name must be view, click, cart, purchase or dwell".to_owned()));
    }
    if !event.consent {
        return Err(Error::Forbidden("behaviour is recorded only with the shopper's consent"));
    }
    if app.hub.rooms.search.shelf().get(&event.product).is_none() {
        return Err(Error::NotFound("product"));
    }
    let person: String = event.person.unwrap_or_default().chars().take(128).collect();
    let record = json!({"name": event.name, "product": event.product, "ms": event.ms}).to_string();
    app.hub.store.put_behaviour(&new_id(), &person, &event.name, &event.product, &record).await?;
    Ok(Json(json!({"kept": true})))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patch {
    price: Option<Value>,
    availability: Option<String>,
    quantity: Option<i64>,
}

/// `PATCH /v1/catalog/{id}` with the merchant key as bearer token: `price` ("59.90 SGD"), `availability`, `quantity`.
pub async fn patch(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Result<Json<Patch>, axum::extract::rejection::JsonRejection>,
) -> Result<Json<Value>, Error> {
    let given = headers.get(header::AUTHORIZATION).and_then(|h| h.to_str().ok()).and_then(|h| h.strip_prefix("Bearer "));
    if !app.merchant_key.as_deref().is_some_and(|key| same_secret(key, given.unwrap_or_default())) {
        return Err(Error::Unauthorized("the merchant key is missing or wrong; set DAOGOU_MERCHANT_KEY"));
    }
    let Json(patch) = body.map_err(|e| Error::Invalid(e.body_text()))?;
    let price = match patch.price {
        None => None,
        Some(Value::String(text)) => Some(Money::parse(&text).map_err(Error::Invalid)?),
        Some(_) => return Err(Error::Invalid("price must be a text such as \"59.90 SGD\"".to_owned())),
    };
    let availability = match patch.availability.as_deref() {
        None => None,
        Some(text) => Some(
            Availability::parse(text)
                .ok_or_else(|| Error::Invalid("availability must be in_stock, out_of_stock, preorder or backorder".to_owned()))?,
        ),
    };
    if patch.quantity.is_some_and(|q| q < 0) {
        return Err(Error::Invalid("quantity must not be negative".to_owned()));
    }
    let availability = availability.or(match patch.quantity {
        Some(0) => Some(Availability::OutOfStock),
        Some(_) => Some(Availability::InStock),
        None => None,
    });
    if let Some(money) = &price
        && let Some(item) = app.hub.rooms.search.shelf().get(&id)
        && !item.currency.is_empty()
        && *item.currency != *money.currency
    {
        return Err(Error::Invalid(format!("the product is priced in {}; import it anew to change that", item.currency)));
    }
    let change = OfferChange { price, availability, quantity: patch.quantity };
    let revision = app.hub.store.change_offer(&id, &change).await?.ok_or(Error::NotFound("product"))?;
    app.hub.rooms.search.catch_up(&app.hub.store).await?;
    Ok(Json(json!({"id": id, "revision": revision})))
}

/// Compares without telling by its time how much was right.
fn same_secret(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |d, (x, y)| d | (x ^ y)) == 0
}
