//! Free text in, outside a conversation; the query that `daogou search` and `/v1/search` run, and what it finds, out.

use super::kind::Kinds;
use super::retrieve::{filter, sort};
use super::understand::{Understanding, understand, without_materials};
use crate::model::Picture;
use crate::search::fuse::SOLD;
use crate::search::{Filter, Found, Query, Search};
use std::sync::Arc;

/// How much likelier it must be that the kind is sold, where that stays in doubt.
const LIKELIER: f32 = 0.25;

/// One message, with the brands of this catalogue that it names.
pub fn read(text: &str, search: &Search) -> Understanding {
    let mut understanding = understand(text);
    (understanding.filters.brands, understanding.terms) = search.brands_in(&understanding.terms);
    understanding
}

/// The same reading of the words as in a conversation.
pub fn query_of(text: &str, understanding: &Understanding, limit: usize) -> Query {
    let read = !understanding.terms.trim().is_empty() || !understanding.filters.brands.is_empty();
    Query {
        text: if read { understanding.terms.clone() } else { text.to_owned() },
        said: Some(text.to_owned()),
        filter: if read { filter(&understanding.filters) } else { Filter::default() },
        sort: understanding.sort.map(sort).filter(|_| read),
        limit,
        ..Query::default()
    }
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

/// Runs a query whose words were read by [`query_of`] or [`query_with`]. When what they say of colour, material, size, measure, person or
/// brand leaves nothing of the kind, and the kind is sold without it, that is shown instead (but not beside a photo), and `relaxed` says what was left out.
///
/// # Errors
/// When the search fails.
pub async fn search(search: &Arc<Search>, query: Query, understanding: &Understanding) -> anyhow::Result<Found> {
    // Leather shoes are no leather tent; of a bottle of steel the title need not say so, nor is it in doubt that bottles are sold.
    let kinds = Kinds::of(&query.text);
    let met = |found: &Found| found.hits.iter().any(|hit| kinds.call(&hit.item));
    let doubtful = |found: &Found| found.hits.is_empty() || found.sold.is_some_and(|sold| sold < SOLD);
    let mut found = search.find(query.clone()).await?;
    // Not so where the material was a search word.
    let material = Filter { materials: query.filter.materials.clone(), ..Filter::default() };
    let judged = !material.is_empty() && !kinds.is_empty() && found.hits.iter().all(|hit| material.admits(&hit.item));
    if judged && met(&found) {
        found.sold = found.sold.map(|_| 1.0);
    }
    // "Like this, in blue" means blue.
    if query.photo.is_some() || (!doubtful(&found) && (!judged || met(&found))) {
        return Ok(found);
    }
    let worded = filter(&understanding.filters);
    for (left_out, filter) in loosened(&query.filter, &worded) {
        // A charger by another maker may still say that it is for the brand.
        let text = match left_out {
            "brand" => [&worded.brands.join(" "), query.text.as_str()].join(" "),
            "material" => without_materials(&query.text),
            _ => query.text.clone(),
        };
        let looser = search.find(Query { filter, text, ..query.clone() }).await?;
        let likelier = looser.sold.unwrap_or(0.0) > found.sold.unwrap_or(0.0) + LIKELIER;
        let sure = !doubtful(&looser) && (left_out != "material" || kinds.is_empty() || met(&looser));
        if sure || likelier {
            return Ok(Found { relaxed: Some(left_out), ..looser });
        }
    }
    Ok(found)
}

/// The filter without one constraint that only the `worded` one states. Prices and what is ruled out stay.
fn loosened(filter: &Filter, worded: &Filter) -> Vec<(&'static str, Filter)> {
    let mut looser = Vec::new();
    let mut without = |name, stated: bool, drop: fn(&mut Filter)| {
        if stated {
            let mut filter = filter.clone();
            drop(&mut filter);
            looser.push((name, filter));
        }
    };
    let person = (&worded.gender, &worded.age_group);
    without("gender", person != (&None, &None) && person == (&filter.gender, &filter.age_group), |f| {
        (f.gender, f.age_group) = (None, None)
    });
    without("measure", !worded.quantities.is_empty() && worded.quantities == filter.quantities, |f| f.quantities.clear());
    without("size", !worded.sizes.is_empty() && worded.sizes == filter.sizes, |f| f.sizes.clear());
    without("color", !worded.colors.is_empty() && worded.colors == filter.colors, |f| f.colors.clear());
    without("material", !worded.materials.is_empty() && worded.materials == filter.materials, |f| f.materials.clear());
    without("brand", !worded.brands.is_empty() && worded.brands == filter.brands, |f| f.brands.clear());
    looser
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_words_alone_say_is_loosened() {
        let worded = Filter { colors: vec!["blue".to_owned()], price_max: Some(5_000), ..Filter::default() };
        let [(name, looser)] = &loosened(&worded, &worded)[..] else { panic!("one constraint can go") };
        assert_eq!((*name, looser), ("color", &Filter { price_max: Some(5_000), ..Filter::default() }));
        // A colour that was chosen from a menu too stays.
        let chosen = Filter { colors: vec!["blue".to_owned(), "red".to_owned()], ..Filter::default() };
        assert!(loosened(&chosen, &worded).is_empty());
    }
}
