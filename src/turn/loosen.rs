//! A need that nothing meets in; what is there without the constraint that is to blame, out.

use super::Turn;
use super::retrieve::{CARDS, NEAREST, filter, find, is_sold};
use super::understand::{Filters, without_materials};
use crate::search::{Found, Sort};
use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Constraint {
    Price,
    Color,
    Material,
    Size,
    Measure,
    Brand,
    Gender,
    Stock,
    Sale,
    Excluded,
    /// No single one: without all of them something was found.
    Several,
}

/// Each is tried without, and of those that leave something the one whose products come nearest to the whole wish is given up
/// ([`Filter::strain`]); of equals the earlier.
const LOOSENED: [Constraint; 9] = [
    Constraint::Sale,
    Constraint::Gender,
    Constraint::Price,
    Constraint::Measure,
    Constraint::Size,
    Constraint::Color,
    Constraint::Material,
    Constraint::Brand,
    Constraint::Stock,
];

/// What is there without the one constraint that is to blame, or without several; with no constraint, what comes nearest to a kind
/// that is not sold.
pub(super) async fn loosen(
    turn: &Turn<'_>,
    terms: &str,
    filters: &Filters,
    sort: Option<Sort>,
) -> anyhow::Result<Option<(Found, Option<Constraint>)>> {
    let wish = filter(filters);
    let (mut nearest, mut unsold): (Option<(f32, Found, Constraint)>, Option<Found>) = (None, None);
    for constraint in LOOSENED.into_iter().chain([Constraint::Excluded, Constraint::Several]) {
        // What was ruled out comes back only where nothing else can give, and all at once at the very last.
        match constraint {
            Constraint::Excluded if nearest.is_some() => break,
            Constraint::Several if nearest.is_some() || unsold.is_some() => break,
            _ => {}
        }
        let Some(looser) = without(filters, constraint) else { continue };
        let order = match constraint {
            Constraint::Price if filters.price_about.is_some() || (filters.price_min.is_some() && filters.price_max.is_some()) => None,
            Constraint::Price if filters.price_max.is_some() => Some(Sort::Cheapest),
            Constraint::Price => Some(Sort::Dearest),
            _ => sort,
        };
        // What others make may still say that it is for the brand.
        let sought = match constraint {
            Constraint::Brand => format!("{} {terms}", filters.brands.join(" ")),
            _ if looser.materials.is_empty() && !filters.materials.is_empty() => without_materials(terms),
            _ => terms.to_owned(),
        };
        let mut found = find(turn, &sought, &looser, order).await?;
        // What meets the whole wish has been found to be something else: a lamp for a desk, where desks were asked for.
        if found.hits.iter().any(|hit| !wish.admits(&hit.item)) {
            found.hits.retain(|hit| !wish.admits(&hit.item));
        }
        if found.hits.is_empty() {
            continue;
        }
        // Without the size there are things, but they are no nappies.
        if !is_sold(turn, &found, &sought, &looser).await? {
            found.hits.truncate(NEAREST);
            unsold.get_or_insert(found);
            continue;
        }
        if constraint == Constraint::Price
            && let (Some(least), Some(most)) = (filters.price_min, filters.price_max)
        {
            let off = |price: i64| (least - price).max(price - most);
            found.hits.sort_by_key(|hit| hit.item.minor.map_or(i64::MAX, off));
        }
        found.hits.truncate(CARDS);
        let strain = found.draw_near(&wish, &filter(&looser), &turn.rooms.search.shelf());
        if nearest.as_ref().is_none_or(|(least, ..)| strain < *least) {
            nearest = Some((strain, found, constraint));
        }
    }
    Ok(nearest.map(|(_, found, constraint)| (found, Some(constraint))).or(unsold.map(|found| (found, None))))
}

fn without(filters: &Filters, constraint: Constraint) -> Option<Filters> {
    let mut looser = filters.clone();
    match constraint {
        Constraint::Gender => (looser.gender, looser.age_group) = (None, None),
        Constraint::Price => (looser.price_min, looser.price_max) = (None, None),
        Constraint::Color => looser.colors.clear(),
        Constraint::Material => looser.materials.clear(),
        Constraint::Size => looser.sizes.clear(),
        Constraint::Brand => looser.brands.clear(),
        Constraint::Measure => looser.quantities.clear(),
        Constraint::Stock => looser.in_stock = false,
        Constraint::Sale => looser.on_sale = false,
        Constraint::Excluded => {
            looser.not_terms.clear();
            looser.not_colors.clear();
        }
        Constraint::Several => {
            let kept = filters.clone();
            looser = Filters { not_terms: kept.not_terms, not_colors: kept.not_colors, allergies: kept.allergies, ..Filters::default() };
        }
    }
    (looser != *filters).then_some(looser)
}
