//! Queries over the demo shop's index in, ranked products out: words of both languages, filters, variants, order and facets.

use crate::shop::demo;
use daogou::app::Shop;
use daogou::catalog::Lang;
use daogou::search::{Filter, Found, Query, Sort};
use daogou::turn::{understand, words};
use std::collections::HashSet;

/// The products found for what a shopper types, as `GET /v1/search` finds them.
async fn find(shop: &Shop, text: &str) -> Found {
    let query = words::query_of(text, &understand::understand(text), 20);
    shop.rooms.search.find(query).await.expect("search")
}

/// The product id (without its variant) of each hit: "FTW-101-BLK-41" is "FTW-101".
fn ids(found: &Found) -> Vec<String> {
    found.hits.iter().map(|h| h.item.id.splitn(3, '-').take(2).collect::<Vec<_>>().join("-")).collect()
}

#[tokio::test]
async fn what_is_asked_for_comes_first() {
    let (shop, _data) = demo().await;
    let mut misses = Vec::new();
    for (text, good) in [
        ("rain jacket", &["CLO-101", "CLO-102", "CLO-103", "CLO-105"][..]),
        ("waterproof hiking boots", &["FTW-101", "FTW-102"]),
        ("noise cancelling earbuds", &["EL-106"]),
        ("robot vacuum cleaner", &["HM-"]),
        ("cat tree", &["PET-107"]),
        ("dog bed", &["PET-101"]),
        ("power bank for a laptop", &["EL-126", "EL-127", "EL-128"]),
        ("espresso machine", &["KT-216"]),
        ("1000 piece jigsaw puzzle", &["TOY-106"]),
        ("mechanical keyboard", &["EL-119"]),
        ("yoga mat that does not slip", &["SPO-101", "SPO-102"]),
        ("登山鞋", &["FTW-101", "FTW-102", "FTW-103"]),
        ("儿童雨衣", &["CLO-106"]),
        ("电饭煲", &["KT-211", "KT-212", "KT-213"]),
        ("降噪耳机", &["EL-101", "EL-102", "EL-106"]),
        ("充电宝", &["EL-126", "EL-127", "EL-128"]),
        ("猫爬架", &["PET-107"]),
        ("羽毛球拍", &["SPO-113", "SPO-114"]),
        ("行李箱", &["BAG-101", "BAG-102", "BAG-103"]),
        ("升降桌", &["FN-406"]),
    ] {
        let found = find(&shop, text).await;
        let first = ids(&found).first().cloned().unwrap_or_default();
        if !good.iter().any(|g| first.starts_with(g)) {
            misses.push(format!("{text}: {:?}", titles(&found)));
        }
    }
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}

#[tokio::test]
async fn synonyms_reach_the_same_products_in_both_languages() {
    let (shop, _data) = demo().await;
    let mut misses = Vec::new();
    for (said, written, must) in [
        ("sofa", "couch", "FN-407"),
        ("trainers", "sneakers", "FTW-114"),
        ("raincoat", "雨衣", "CLO-104"),
        ("headphones", "耳机", "EL-102"),
        ("sunscreen", "防晒霜", "BEA-101"),
        ("power bank", "移动电源", "EL-126"),
        ("suitcase", "luggage", "BAG-102"),
        ("hair dryer", "吹风机", "BEA-112"),
        ("电饭锅", "rice cooker", "KT-212"),
        ("双肩包", "rucksack", "BAG-113"),
    ] {
        for text in [said, written] {
            let found = find(&shop, text).await;
            let at = ids(&found).iter().position(|id| id == must);
            if at.is_none_or(|at| at >= 10) {
                misses.push(format!("{text}: {must} at {at:?} in {:?}", titles(&found)));
            }
        }
    }
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}

#[tokio::test]
async fn typing_errors_are_forgiven() {
    let (shop, _data) = demo().await;
    for (wrong, right) in [
        ("hedphones", "headphones"),
        ("umbrela", "umbrella"),
        ("suitcse", "suitcase"),
        ("keybord", "keyboard"),
        ("sleepng bag", "sleeping bag"),
        ("chopstiks", "chopsticks"),
        ("backpak", "backpack"),
    ] {
        let (got, meant) = (find(&shop, wrong).await, find(&shop, right).await);
        let meant: HashSet<String> = ids(&meant).into_iter().take(5).collect();
        assert!(ids(&got).iter().take(3).any(|id| meant.contains(id)), "{wrong}: {:?}", titles(&got));
    }
}

#[tokio::test]
async fn what_the_shop_does_not_sell_is_not_found() {
    let (shop, _data) = demo().await;
    for text in ["zxqvbnm", "龘靐齉", "!!!", "🙂", ""] {
        let found = shop.rooms.search.find(Query { text: text.to_owned(), limit: 5, ..Query::default() }).await.expect("search");
        assert_eq!(found.hits.is_empty(), !text.is_empty(), "{text}: {:?}", titles(&found));
    }
}

#[tokio::test]
async fn filters_hold_for_every_hit_and_leave_something() {
    let (shop, _data) = demo().await;
    let list = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
    let base = Filter::default;
    for (text, filter) in [
        ("shoes", Filter { price_max: Some(6_000), ..base() }),
        ("shoes", Filter { price_min: Some(15_000), ..base() }),
        ("jacket", Filter { colors: list(&["navy"]), ..base() }),
        ("jacket", Filter { not_colors: list(&["black"]), ..base() }),
        ("shoes", Filter { sizes: list(&["42"]), ..base() }),
        ("shoes", Filter { sizes: list(&["EU 42"]), brands: list(&["mokko", "Ridgeline"]), ..base() }),
        ("shoes", Filter { gender: Some("female".to_owned()), ..base() }),
        ("t-shirt", Filter { age_group: Some("kids".to_owned()), ..base() }),
        ("umbrella", Filter { in_stock: true, ..base() }),
        ("tea", Filter { category: Some("Grocery".to_owned()), ..base() }),
        ("headphones", Filter { not_terms: list(&["wireless"]), ..base() }),
        ("", Filter { price_max: Some(1_500), in_stock: true, ..base() }),
    ] {
        let query = Query { text: text.to_owned(), filter: filter.clone(), limit: 50, ..Query::default() };
        let found = shop.rooms.search.find(query).await.expect("search");
        assert!(!found.hits.is_empty(), "{text} {filter:?}");
        for hit in &found.hits {
            assert!(filter.admits(&hit.item), "{text} {filter:?}: {} {:?}", hit.item.title, hit.item.colors);
            let words = format!("{} {}", hit.item.title, hit.item.title_zh).to_lowercase();
            assert!(!filter.not_terms.iter().any(|t| words.contains(t)), "{text}: {words}");
        }
    }
}

#[tokio::test]
async fn each_product_is_found_once_with_the_variant_that_fits() {
    let (shop, _data) = demo().await;
    for text in ["rain jacket", "shoes", "充电宝", "tea"] {
        let found = find(&shop, text).await;
        let groups: HashSet<u32> = found.hits.iter().map(|h| h.item.group).collect();
        assert_eq!(groups.len(), found.hits.len(), "{text}");
    }
    let filter = Filter { sizes: vec!["44".to_owned()], colors: vec!["black".to_owned()], ..Filter::default() };
    let query = Query { text: "waterproof hiking boots".to_owned(), filter, limit: 20, ..Query::default() };
    let found = shop.rooms.search.find(query).await.expect("search");
    let sold_out = found.hits.iter().find(|h| h.item.id.starts_with("FTW-101")).expect("the boots");
    assert_eq!((&*sold_out.item.size, sold_out.item.in_stock()), ("44", false), "the variant asked for, with its own stock");
    let any = find(&shop, "waterproof hiking boots").await;
    assert!(any.hits.iter().all(|h| h.item.in_stock() || shop.rooms.search.shelf().variants(&h.item).all(|v| !v.in_stock())));
}

#[tokio::test]
async fn order_is_as_asked() {
    let (shop, _data) = demo().await;
    for text in ["headphones", "suitcase", "羽绒服"] {
        for sort in [Sort::Cheapest, Sort::Dearest, Sort::BestRated, Sort::Newest] {
            let query = Query { text: text.to_owned(), sort: Some(sort), limit: 50, ..Query::default() };
            let found = shop.rooms.search.find(query).await.expect("search");
            let keys: Vec<i64> = found
                .hits
                .iter()
                .map(|h| match sort {
                    Sort::Cheapest => h.item.minor.unwrap_or(i64::MAX),
                    Sort::Dearest => -h.item.minor.unwrap_or(0),
                    Sort::BestRated => -i64::from(h.item.rating.unwrap_or(0)),
                    Sort::Newest => -i64::from(h.item.ord),
                })
                .collect();
            assert!(keys.len() > 1 && keys.is_sorted(), "{text} {sort:?}: {keys:?}");
        }
    }
}

#[tokio::test]
async fn a_brand_that_is_named_is_a_constraint() {
    let (shop, _data) = demo().await;
    let search = &shop.rooms.search;
    let read = words::read("Ridgeline hiking boots", search);
    assert_eq!((read.terms.as_str(), &read.filters.brands[..]), ("hiking boots", &["Ridgeline".to_owned()][..]));
    let found = words::search(search, words::query_of("Ridgeline hiking boots", &read, 20), &read).await.expect("search");
    assert!(!found.hits.is_empty() && found.hits.iter().all(|hit| &*hit.item.brand == "Ridgeline"));
    let named = |text: &str| search.brands_in(text).0;
    assert_eq!(named("linden row wallet"), ["Linden Row"]);
    assert_eq!(named("tern & tide beach towel"), ["Tern & Tide"]);
    // What it is for, and ordinary words, are no brand.
    for text in ["a strap for a ridgeline pack", "blue shirt", "quiet keyboard", "防滑登山鞋"] {
        assert!(named(text).is_empty(), "{text}: {:?}", named(text));
    }
}

#[tokio::test]
async fn facets_count_products_of_the_whole_result() {
    let (shop, _data) = demo().await;
    for lang in [Lang::En, Lang::Zh] {
        let query = Query { text: "hiking boots".to_owned(), limit: 3, lang, ..Query::default() };
        let found = shop.rooms.search.find(query).await.expect("search");
        assert_eq!(
            found.facets.iter().map(|f| &*f.name).collect::<Vec<_>>(),
            ["category", "brand", "color", "size", "material", "person", "price"]
        );
        for facet in &found.facets {
            assert!(facet.values.iter().all(|v| v.count <= found.total && v.count > 0), "{facet:?} of {}", found.total);
            // Prices come in their own order.
            let bounds = facet.values.iter().filter_map(|v| v.value.split('-').next()?.parse::<f32>().ok()).collect::<Vec<_>>();
            assert!(facet.name != "price" || (facet.values.len() > 1 && bounds.is_sorted()), "{facet:?}");
            assert!(facet.name == "price" || facet.values.iter().map(|v| v.count).rev().collect::<Vec<_>>().is_sorted(), "{facet:?}");
        }
        let chinese = !found.facets[0].values[0].value.is_ascii();
        assert_eq!(chinese, lang == Lang::Zh, "{:?}", found.facets[0]);
    }
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let (shop, _data) = demo().await;
    let page = async |offset, limit| {
        let query = Query { text: "shoes".to_owned(), offset, limit, ..Query::default() };
        shop.rooms.search.find(query).await.expect("search").hits.into_iter().map(|h| h.item.id.clone()).collect::<Vec<_>>()
    };
    let whole = page(0, 12).await;
    assert_eq!([page(0, 5).await, page(5, 5).await, page(10, 2).await].concat(), whole);
    assert_eq!(whole.iter().collect::<HashSet<_>>().len(), 12);
    assert_eq!(page(10_000, 5).await, Vec::<String>::new());
}

#[tokio::test]
async fn conditions_said_in_words_are_understood() {
    let (shop, _data) = demo().await;
    for (text, holds) in [
        ("headphones under 150", (|i| i.minor.is_some_and(|m| m <= 15_000)) as fn(&daogou::search::Item) -> bool),
        ("200块以内的跑鞋", |i| i.minor.is_some_and(|m| m <= 20_000)),
        ("red dress", |i| i.colors.iter().any(|c| &**c == "red")),
        ("黑色双肩包", |i| i.colors.iter().any(|c| &**c == "black")),
        ("running shoes size 42", |i| &*i.size == "42"),
        ("suitcase, not black", |i| !i.colors.iter().any(|c| &**c == "black")),
        ("women's sandals", |i| i.gender.is_empty() || &*i.gender == "female" || &*i.gender == "unisex"),
    ] {
        let found = find(&shop, text).await;
        assert!(!found.hits.is_empty(), "{text}");
        found.hits.iter().for_each(|h| assert!(holds(&h.item), "{text}: {} {:?}", h.item.id, h.item.colors));
    }
}

fn titles(found: &Found) -> Vec<String> {
    found.hits.iter().take(5).map(|h| format!("{} {}", h.item.id, h.item.title)).collect()
}
