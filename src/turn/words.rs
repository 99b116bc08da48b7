//! Free text in, outside a conversation; the query that `daogou search` and `/v1/search` run, and what it finds, out.

use super::kind::Kinds;
use super::retrieve::{filter, sort};
use super::understand::{Filters, Understanding, understand, without_materials};
use crate::catalog::money::exponent;
use crate::model::Picture;
use crate::search::fuse::SOLD;
use crate::search::{Filter, Found, Query, Search, Sort};
use std::sync::Arc;

/// No single constraint is to blame: all that the words state.
const SEVERAL: &str = "several";
/// So many hits are asked whether they are of the kind, whatever part of them is shown.
const WITNESSES: usize = 10;
/// How much likelier it must be that the kind is sold, where that stays in doubt.
const LIKELIER: f32 = 0.25;

/// One message, with the brands of this catalogue that it names, and amounts in its currency.
pub fn read(text: &str, search: &Search) -> Understanding {
    let mut understanding = understand(text);
    (understanding.filters.brands, understanding.terms) = search.brands_in(&understanding.terms);
    in_currency(&mut understanding.filters, &search.shelf().currency());
    understanding
}

/// Amounts in minor units of the shop's currency. One that was named and is another's stays named: no rate is known here, so its
/// amounts count as the shop's, and whoever answers says so.
fn in_currency(filters: &mut Filters, shop: &str) {
    let named = filters.currency.take();
    // What was not named was read in hundredths.
    let (read, shops) = (named.as_deref().map_or(2, exponent), exponent(shop));
    let scale = |amount: i64| match read <= shops {
        true => amount.saturating_mul(10_i64.pow(shops - read)),
        false => amount / 10_i64.pow(read - shops),
    };
    for amount in [&mut filters.price_min, &mut filters.price_max, &mut filters.price_about] {
        *amount = amount.map(scale);
    }
    // A yen sign is a yuan sign.
    filters.currency = named.filter(|named| named != shop && (named.as_str(), shop) != ("CNY", "JPY"));
}

/// The same reading of the words as in a conversation. What is only a condition ("under 50", "red", "cheapest") browses what meets it.
pub fn query_of(text: &str, understanding: &Understanding, limit: usize) -> Query {
    let (terms, filters) = (understanding.terms.trim(), &understanding.filters);
    let read = (*filters != Filters::default() && !is_ware(text, filters)) || understanding.sort.is_some();
    let words = match (terms.is_empty(), filters.brands.is_empty(), read) {
        (false, ..) => understanding.terms.clone(),
        (true, false, _) => filters.brands.join(" "),
        (true, true, true) => String::new(),
        (true, true, false) => text.to_owned(),
    };
    Query {
        text: words,
        said: Some(text.to_owned()),
        filter: if read || !terms.is_empty() { filter(filters) } else { Filter::default() },
        sort: understanding.sort.map(sort),
        limit,
        ..Query::default()
    }
}

/// Whether a message that is nothing but a colour's name is as well that of a thing: coffee, orange, mint. It is one unless it is a plain
/// name of the colour, or calls itself one.
fn is_ware(text: &str, filters: &Filters) -> bool {
    let colour = Filters { colors: filters.colors.clone(), ..Filters::default() };
    let text = text.trim().to_lowercase();
    let plain = filters.colors.contains(&text) && text != "orange" && Kinds::of(&text).is_empty();
    let called = text.contains('色') || text.contains("color") || text.contains("colour");
    !filters.colors.is_empty() && *filters == colour && !plain && !called
}

/// The same with a photo: what is wanted is seen, so the words may be filters and nothing else.
pub fn query_with(photo: Arc<Picture>, text: &str, understanding: &Understanding, limit: usize) -> Query {
    Query {
        text: understanding.terms.clone(),
        filter: filter(&understanding.filters),
        sort: understanding.sort.map(sort),
        photo: Some(photo),
        ..query_of(text, understanding, limit)
    }
}

/// Runs a query whose words were read by [`query_of`] or [`query_with`]. When what they say of one thing leaves
/// nothing of the kind, and the kind is sold without it, what comes nearest is shown instead (but not beside a photo), and `relaxed`
/// says what was left out.
///
/// # Errors
/// When the search fails.
pub async fn search(search: &Arc<Search>, query: Query, understanding: &Understanding) -> anyhow::Result<Found> {
    // What is found does not depend on the page that is shown.
    let (before, limit) = (query.offset, query.limit.max(1));
    let all = Query { offset: 0, limit: (before + limit).max(WITNESSES), ..query };
    let mut found = answer(search, all, understanding).await?;
    found.hits = found.hits.into_iter().skip(before).take(limit).collect();
    Ok(found)
}

async fn answer(search: &Arc<Search>, query: Query, understanding: &Understanding) -> anyhow::Result<Found> {
    let kinds = Kinds::of(&query.text);
    // Leather shoes are no leather tent; of a bottle of steel the title need not say so, nor is it in doubt that bottles are sold.
    let met = |found: &Found| found.hits.iter().take(WITNESSES).any(|hit| kinds.call(&hit.item));
    let classed = |found: &Found| found.hits.iter().take(WITNESSES).any(|hit| kinds.classify(&hit.item));
    let doubtful = |found: &Found| found.hits.is_empty() || found.sold.is_some_and(|sold| sold < SOLD);
    let shown = query.photo.is_some();
    let find = async |query: Query| -> anyhow::Result<Found> {
        let mut found = search.find(query).await?;
        // "A chair for a bad back" is a chair, though no title says for what.
        let best = found.hits.iter().max_by(|a, b| a.score.total_cmp(&b.score));
        if !shown && best.is_some_and(|hit| kinds.classify(&hit.item)) {
            found.sold = found.sold.map(|_| 1.0);
        }
        Ok(found)
    };
    let mut found = find(query.clone()).await?;
    // Not so where the material was a search word.
    let material = Filter { materials: query.filter.materials.clone(), ..Filter::default() };
    let judged = !material.is_empty() && !kinds.is_empty() && found.hits.iter().take(WITNESSES).all(|hit| material.admits(&hit.item));
    if judged && met(&found) {
        found.sold = found.sold.map(|_| 1.0);
    }
    // "Like this, in blue" means blue.
    if shown {
        return Ok(found);
    }
    // A laptop sleeve is left of what is under 100: laptops there are, but none so cheap.
    let elsewhere = !kinds.is_empty() && !query.filter.is_empty() && !classed(&found) && {
        classed(&find(Query { filter: Filter::default(), ..query.clone() }).await?)
    };
    if !doubtful(&found) && (!judged || met(&found)) && !elsewhere {
        return Ok(found);
    }
    let worded = filter(&understanding.filters);
    let mut nearest: Option<(f32, Found)> = None;
    for (left_out, filter) in loosened(&query.filter, &worded) {
        if left_out == SEVERAL && nearest.is_some() {
            break;
        }
        // A charger by another maker may still say that it is for the brand.
        let text = match left_out {
            "brand" => [&worded.brands.join(" "), query.text.as_str()].join(" "),
            "material" => without_materials(&query.text),
            _ => query.text.clone(),
        };
        let order = match left_out {
            "price" if query.filter.price_max.is_some() => Some(Sort::Cheapest),
            "price" => Some(Sort::Dearest),
            _ => query.sort,
        };
        let mut looser = find(Query { filter: filter.clone(), text, sort: order, ..query.clone() }).await?;
        let likelier = looser.sold.unwrap_or(0.0) > found.sold.unwrap_or(0.0) + LIKELIER;
        let sure = !doubtful(&looser) && (left_out != "material" || kinds.is_empty() || met(&looser)) && (!elsewhere || classed(&looser));
        let strain = looser.draw_near(&query.filter, &filter, &search.shelf());
        if (sure || (likelier && !elsewhere)) && nearest.as_ref().is_none_or(|(least, _)| strain < *least) {
            nearest = Some((strain, Found { relaxed: Some(left_out), ..looser }));
        }
    }
    Ok(nearest.map_or(found, |(_, found)| found))
}

/// The filter without one constraint that only the `worded` one states, what gives way first before the rest. What is ruled out stays.
fn loosened(filter: &Filter, worded: &Filter) -> Vec<(&'static str, Filter)> {
    let (mut looser, mut all) = (Vec::new(), filter.clone());
    let mut without = |name, stated: bool, drop: fn(&mut Filter)| {
        if stated {
            let mut filter = filter.clone();
            drop(&mut filter);
            drop(&mut all);
            looser.push((name, filter));
        }
    };
    let person = (&worded.gender, &worded.age_group);
    without("gender", person != (&None, &None) && person == (&filter.gender, &filter.age_group), |f| {
        (f.gender, f.age_group) = (None, None)
    });
    let price = (worded.price_min, worded.price_max);
    without("price", price != (None, None) && price == (filter.price_min, filter.price_max), |f| (f.price_min, f.price_max) = (None, None));
    without("measure", !worded.quantities.is_empty() && worded.quantities == filter.quantities, |f| f.quantities.clear());
    without("size", !worded.sizes.is_empty() && worded.sizes == filter.sizes, |f| f.sizes.clear());
    without("color", !worded.colors.is_empty() && worded.colors == filter.colors, |f| f.colors.clear());
    without("material", !worded.materials.is_empty() && worded.materials == filter.materials, |f| f.materials.clear());
    without("stock", worded.in_stock, |f| f.in_stock = false);
    without("sale", worded.on_sale, |f| f.on_sale = false);
    without("brand", !worded.brands.is_empty() && worded.brands == filter.brands, |f| f.brands.clear());
    if looser.len() > 1 {
        looser.push((SEVERAL, all));
    }
    looser
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_alone_filters_and_what_says_nothing_is_looked_for() {
        let query = |text: &str| query_of(text, &understand(text), 9);
        for (text, words) in [("under 50", ""), ("三百以内", ""), ("red", ""), ("cheapest", ""), ("in stock", ""), ("size 42", "")] {
            let query = query(text);
            assert_eq!(query.text, words, "{text}");
            assert!(query.filter != Filter::default() || query.sort.is_some(), "{text}");
        }
        // A colour's name may be that of a thing.
        for (text, words) in [("coffee", "coffee"), ("orange", "orange"), ("咖啡", "咖啡"), ("咖啡色", ""), ("blue", ""), ("红色的", "")]
        {
            assert_eq!(query(text).text, words, "{text}");
        }
        let plain = query("qwertz");
        assert_eq!((plain.text.as_str(), plain.filter, plain.sort), ("qwertz", Filter::default(), None));
    }

    #[test]
    fn amounts_are_the_shops_whatever_its_currency_divides_into() {
        // Message, shop → limit, foreign currency.
        for (text, shop, limit, named) in [
            ("under 50", "SGD", 5_000, None),
            ("under 3000", "JPY", 3_000, None),
            ("10000日元以内", "JPY", 10_000, None),
            ("10000日元以内", "SGD", 1_000_000, Some("JPY")),
            ("¥3000以内", "JPY", 3_000, None),
            ("under 60 USD", "USD", 6_000, None),
            ("under €60", "SGD", 6_000, Some("EUR")),
            ("under 60.5", "KWD", 60_500, None),
        ] {
            let mut filters = understand(text).filters;
            in_currency(&mut filters, shop);
            assert_eq!((filters.price_max, filters.currency.as_deref()), (Some(limit), named), "{text} {shop}");
        }
    }

    #[test]
    fn only_what_the_words_alone_say_is_loosened() {
        let worded = Filter { colors: vec!["blue".to_owned()], price_max: Some(5_000), ..Filter::default() };
        let [(first, _), (second, looser), (last, open)] = &loosened(&worded, &worded)[..] else {
            panic!("two constraints can go, and both")
        };
        assert_eq!((*first, *second, looser), ("price", "color", &Filter { price_max: Some(5_000), ..Filter::default() }));
        assert_eq!((*last, open), (SEVERAL, &Filter::default()));
        // What was chosen from a menu too stays, also where all else gives way.
        let menu = Filter { brands: vec!["Mokko".to_owned()], ..worded.clone() };
        assert_eq!(loosened(&menu, &worded).pop(), Some((SEVERAL, Filter { brands: menu.brands.clone(), ..Filter::default() })));
        let chosen = Filter { colors: vec!["blue".to_owned(), "red".to_owned()], price_max: Some(9_900), ..Filter::default() };
        assert!(loosened(&chosen, &worded).is_empty());
    }
}
