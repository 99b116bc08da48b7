//! A filter and a product that does not meet it in; how far it is from meeting it, out. What comes nearest is offered.

use super::Found;
use super::filter::{Filter, size_key};
use super::measure::{meets, nearest};
use super::shelf::{Item, Shelf};
use crate::turn::understand::{Quantity, color_family};

/// What missing a wish altogether counts for. Prices, measures and sizes count for how much they miss by, at most this; that a shopper
/// gives way on a colour before a brand, and on whom it is made for first of all, is our judgement.
const WHOLE: f32 = 1.0;
const PERSON: f32 = 0.15;
const SHADE: f32 = 0.2;
const COLOUR: f32 = 0.5;
const MATERIAL: f32 = 0.6;
const BRAND: f32 = 0.7;
const STOCK: f32 = 0.8;
/// One size up or down.
const STEP: f32 = 0.2;
const LETTERS: [&str; 9] = ["xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl", "xxxxl"];

impl Found {
    /// Shows of each product, among the variants that `kept` lets in, the one that comes nearest to the `wish`, in stock before others.
    /// How near the nearest product comes.
    pub fn draw_near(&mut self, wish: &Filter, kept: &Filter, shelf: &Shelf) -> f32 {
        let mut least = f32::INFINITY;
        for hit in &mut self.hits {
            let variants = shelf.variants(&hit.item).filter(|variant| kept.admits(variant));
            let ranked = variants.map(|variant| (!variant.in_stock(), wish.strain(variant), variant));
            if let Some((_, strain, nearest)) = ranked.min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))) {
                least = least.min(strain);
                hit.item = nearest.clone();
            }
        }
        least
    }
}

impl Filter {
    /// Nothing for a product that meets it; grows with each wish that it misses, and with how much it misses.
    pub fn strain(&self, item: &Item) -> f32 {
        let unless = |met: bool, strain: f32| if met { 0.0 } else { strain };
        let among = |a: &str, b: &str| color_family(a).iter().any(|shade| shade == b);
        let shade = |own: &str| self.colors.iter().any(|wanted| among(wanted, own) || among(own, wanted));
        let colour = if item.colors.iter().any(|own| shade(own)) { SHADE } else { COLOUR };
        self.price_strain(item.minor)
            + unless(!self.in_stock || item.in_stock(), STOCK)
            + unless(self.likes_brand(&item.brand), BRAND)
            + unless(self.likes_colors(&item.colors), colour)
            + unless(self.likes_materials(&item.materials.1), MATERIAL)
            + unless(self.likes_size(&item.size), self.size_strain(&item.size))
            + unless(self.suits(&item.gender, &item.age_group), PERSON)
            + self.quantities.iter().map(|wanted| measure_strain(item, wanted)).sum::<f32>()
    }

    fn price_strain(&self, price: Option<i64>) -> f32 {
        let beyond = |limit: i64, price: i64| ((price - limit).abs() as f32 / limit.max(1) as f32).min(WHOLE);
        match price {
            None => {
                if self.price_min.or(self.price_max).is_some() {
                    WHOLE
                } else {
                    0.0
                }
            }
            Some(price) => {
                let over = self.price_max.filter(|max| price > *max).map_or(0.0, |max| beyond(max, price));
                over + self.price_min.filter(|min| price < *min).map_or(0.0, |min| beyond(min, price))
            }
        }
    }

    /// In steps of letters, or of numbers of one kind.
    fn size_strain(&self, size: &str) -> f32 {
        let own = size_key(size);
        let letter = |key: &str| LETTERS.iter().position(|letter| *letter == key).map(|at| at as f32);
        let steps = |wanted: &String| {
            let wanted = size_key(wanted);
            let numbers = || Some((wanted.parse::<f32>().ok()?, own.parse::<f32>().ok()?));
            letter(&wanted).zip(letter(&own)).or_else(numbers).map(|(a, b)| (a - b).abs())
        };
        self.sizes.iter().filter_map(steps).reduce(f32::min).map_or(WHOLE, |steps| (steps * STEP).min(WHOLE))
    }
}

fn measure_strain(item: &Item, wanted: &Quantity) -> f32 {
    if meets(&item.measures, [&item.title, &item.title_zh], wanted) {
        return 0.0;
    }
    let missed = |value: f64| ((value - wanted.value).abs() / wanted.value.abs().max(1e-6)) as f32;
    nearest(item.measures.iter(), wanted).map_or(WHOLE, |own| missed(f64::from(own.value)).min(WHOLE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Money, Offer, Product};
    use crate::search::Shelf;
    use crate::store::catalog::Stored;
    use crate::turn::understand::{Bound, Quantity};

    fn item(price: &str, color: &str, size: &str, detail: &str) -> Item {
        let mut product = Product { id: "1".to_owned(), group: "1".to_owned(), size: size.to_owned(), ..Product::default() };
        product.colors = vec![color.to_owned()];
        product.text.details = vec![("capacity".to_owned(), detail.to_owned())];
        product.offer = Offer { price: Money::parse(price).ok(), ..Offer::default() };
        let mut shelf = Shelf::default();
        shelf.apply(&Stored { ord: 0, revision: 1, gone: false, product });
        shelf.item(0).map(|item| (**item).clone()).expect("on the shelf")
    }

    #[test]
    fn the_nearer_a_product_comes_the_less_it_strains() {
        let wanted = |value: f64| Quantity { value, unit: "ml".to_owned(), text: String::new(), bound: Bound::AtLeast };
        let filter = Filter {
            price_max: Some(5_000),
            colors: vec!["navy".to_owned()],
            sizes: vec!["M".to_owned()],
            quantities: vec![wanted(1_000.0)],
            ..Filter::default()
        };
        assert_eq!(filter.strain(&item("50.00 EUR", "navy", "M", "1.5 L")), 0.0);
        // Nearest first.
        let ordered = [
            item("52.00 EUR", "navy", "M", "1.5 L"),
            item("49.00 EUR", "navy", "M", "0.9 L"),
            item("49.00 EUR", "navy", "L", "1 L"),
            item("70.00 EUR", "navy", "M", "1 L"),
            item("49.00 EUR", "red", "M", "1 L"),
            item("49.00 EUR", "navy", "3XL", "1 L"),
            item("99.00 EUR", "red", "one size", "1 L"),
        ];
        let strains: Vec<f32> = ordered.iter().map(|item| filter.strain(item)).collect();
        assert!(strains.is_sorted() && strains[0] > 0.0, "{strains:?}");
        assert!(Filter { price_min: Some(8_000), ..Filter::default() }.strain(&ordered[0]) > 0.0);
    }
}
