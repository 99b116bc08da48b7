//! Pictured products in; an embedding that is put in use when it is better and only then, and scores that say what it made of them, out.
//! Towers are real, encoders are fake ones that see colours and hash words.

use daogou::app::{Models, Shop};
use daogou::ingest::import_feed;
use daogou::learn::fusion::train;
use daogou::model::fusion::Course;
use daogou::model::{Encoder, Eyes, Picture, fake};
use daogou::search::{Query, Ranking};
use std::fmt::Write;
use std::sync::Arc;

const SHAPES: [&str; 12] =
    ["mug", "backpack", "headphones", "hiking-boot", "dress", "umbrella", "lamp", "watch", "scarf", "tent", "water-bottle", "keyboard"];
const COLOURS: [&str; 14] =
    ["red", "blue", "green", "black", "white", "yellow", "pink", "purple", "orange", "brown", "grey", "navy", "cream", "teal"];

#[tokio::test]
async fn an_embedding_is_used_when_it_is_better_and_its_part_of_the_score_is_told() {
    let data = tempfile::tempdir().expect("a directory");
    let feed = data.path().join("feed.csv");
    let mut lines = "id,title,price,color,product_type,image_link\n".to_owned();
    for (n, (shape, colour)) in SHAPES.iter().flat_map(|s| COLOURS.map(|c| (*s, c))).enumerate() {
        writeln!(lines, "p{n},{colour} {shape} no. {n},9.00 SGD,{colour},Things > {shape},draw:{shape}").expect("write");
    }
    lines.push_str("bare,teal mug without a picture,9.00 SGD,teal,Things > mug,\n");
    std::fs::write(&feed, lines).expect("write a feed");
    let (encoder, eyes) = (Encoder::start(fake::FakeEncoder), Eyes::start(fake::FakeImageEncoder));
    let models = Models { encoder: Some(encoder), eyes: Some(eyes), ranking: Ranking::Learned, ..Models::none() };
    let shop = Shop::open(&crate::shop::place(data.path()), models).await.expect("open");
    import_feed(&shop.rooms.store, &[feed], &crate::shop::quietly(data.path())).await.expect("import");
    let search = &shop.rooms.search;
    search.catch_up(&shop.rooms.store).await.expect("catch up");
    search.encode_missing(&shop.rooms.store, |_, _| ()).await.expect("encode");
    search.look_at_missing(|_, _| ()).await.expect("look at pictures");

    let first = train(search, Course::default(), |_, _| ()).await.expect("train");
    let better = (first.recall_at_10, first.recall_at_1) > (first.unfused_at_10, 0.0);
    assert!(first.promoted && better && first.before_at_10.is_none(), "{first:?}");
    let files = || -> Vec<Vec<u8>> {
        let found = std::fs::read_dir(data.path()).expect("list").flatten().map(|e| e.path());
        found.filter(|p| p.extension().is_some_and(|e| e == "safetensors")).map(|p| std::fs::read(p).expect("read")).collect()
    };
    let kept = files();
    assert_eq!(kept.len(), 1);
    // The same again is no better.
    let again = train(search, Course::default(), |_, _| ()).await.expect("train");
    assert_eq!((again.promoted, again.before_at_10), (false, Some(first.recall_at_10)));
    assert!(files() == kept, "the model in use was overwritten");

    // A photo and words: every part adds up, and what has no picture is found by what is known of it.
    let photo = Picture::decode(&daogou::ingest::draw::draw("mug", Some("teal"), None, 7).expect("draw")).expect("open");
    let query = Query { text: "teal mug".to_owned(), photo: Some(Arc::new(photo)), limit: 100, ..Query::default() };
    let found = search.find(query).await.expect("search");
    for hit in &found.hits {
        assert!((hit.parts.sum() - hit.score).abs() < 1e-4, "{:?}", hit.parts);
    }
    assert!(found.hits[0].parts.image > 0.0 && found.hits[0].parts.fused > 0.0 && found.hits[0].parts.words > 0.0);
    let bare = found.hits.iter().find(|hit| hit.item.id == "bare").expect("found without a picture");
    assert!(bare.signals.fused.is_some_and(|deviations| deviations > 0.0) && bare.signals.image.is_none(), "{:?}", bare.signals);
}
