//! Needs that name a material in; products of it out, or, where a shop does not say what things are made of, the words' own order.

use crate::shop::{demo, place, quietly};
use daogou::app::{Models, Shop};
use daogou::ingest::import_feed;
use daogou::search::{Found, Item};
use daogou::store::Store;
use daogou::turn::words;

async fn find(shop: &Shop, text: &str) -> Found {
    let understanding = words::read(text, &shop.rooms.search);
    words::search(&shop.rooms.search, words::query_of(text, &understanding, 20), &understanding).await.expect("search")
}

fn is_of(item: &Item, material: &str) -> bool {
    item.materials.1.iter().any(|own| **own == *material)
}

#[tokio::test]
async fn every_hit_is_of_the_material_asked_for() {
    let (shop, _data) = demo().await;
    for (text, material) in [
        ("leather boots", "leather"),
        ("solid wood chair", "solid wood"),
        ("不锈钢保温杯", "stainless steel"),
        ("纯棉T恤", "pure cotton"),
        ("t-shirt, cotton, not polyester", "cotton"),
        ("真皮钱包", "leather"),
        ("a cast iron pan", "cast iron"),
        ("ceramic mug", "ceramic"),
        ("linen shirt", "linen"),
        ("羊毛的毛衣", "wool"),
    ] {
        let found = find(&shop, text).await;
        assert!(!found.hits.is_empty() && found.relaxed.is_none(), "{text}: {:?}", found.relaxed);
        for hit in &found.hits {
            assert!(is_of(&hit.item, material), "{text}: {} {:?}", hit.item.title, hit.item.materials);
        }
    }
}

#[tokio::test]
async fn a_material_that_leaves_nothing_of_the_kind_is_to_blame() {
    let (shop, _data) = demo().await;
    for (text, kind) in [
        ("leather tent", "Tent"),
        ("solid wood table", "Table"),
        ("真皮电饭煲", "Rice"),
        ("glass suitcase", "Suitcase"),
        ("wool scarf or cashmere scarf", "Scarf"),
        ("竹制的桌子", "Table"),
    ] {
        let found = find(&shop, text).await;
        let first = found.hits.first().unwrap_or_else(|| panic!("{text}: nothing"));
        assert!(found.relaxed == Some("material"), "{text}: {:?} {}", found.relaxed, first.item.title);
        assert!(first.item.title.contains(kind) || first.item.category.contains(kind), "{text}: {}", first.item.title);
    }
}

/// The same jars twice: one shop says what they are made of, the other one only sometimes.
#[tokio::test]
async fn where_most_do_not_say_it_the_material_stays_a_word() {
    for (stated, all_glass) in [(9, true), (2, false)] {
        let lines = (0..10).map(|n| {
            let material = if n < stated { if n % 2 == 0 { "glass" } else { "plastic" } } else { "" };
            let title = if n == 9 { "Glass jar" } else { "Storage jar" };
            serde_json::json!({"id": format!("J-{n}"), "title": format!("{title} {n}"), "description": "Keeps rice dry.",
                "price": "5.00 SGD", "availability": "in_stock", "material": material})
            .to_string()
        });
        let data = tempfile::tempdir().expect("a directory");
        let feed = data.path().join("feed.jsonl");
        std::fs::write(&feed, lines.collect::<Vec<_>>().join("\n")).expect("write the feed");
        let store = Store::open_dir(data.path()).await.expect("open the store");
        import_feed(&store, &[feed], &quietly(data.path())).await.expect("import");
        store.close().await;
        let shop = Shop::open(&place(data.path()), Models::none()).await.expect("open");
        let found = find(&shop, "glass jar").await;
        assert_eq!(found.hits.iter().all(|hit| is_of(&hit.item, "glass")), all_glass, "{stated} of 10 say it");
        assert!(found.hits.iter().any(|hit| &*hit.item.id == "J-9"), "a title says it too");
        assert!(found.hits.len() >= if all_glass { 6 } else { 10 }, "{}", found.hits.len());
    }
}
