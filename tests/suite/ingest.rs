//! Feeds, whole and broken, in; the store's contents and a line-exact report out.

use crate::shop::quietly;
use daogou::ingest::{ImportOptions, Report, import_feed};
use daogou::store::Store;
use daogou::store::catalog::{OfferChange, Stored};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::TryStreamExt;
use std::io::Write;
use std::path::PathBuf;
use tempfile::TempDir;

/// A store and a place for feed files.
struct Dock {
    dir: TempDir,
    store: Store,
}

impl Dock {
    async fn open() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let store = Store::open_dir(dir.path()).await.expect("open the store");
        Self { dir, store }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, bytes).expect("write a feed");
        path
    }

    async fn import(&self, name: &str, feed: &str) -> Report {
        self.try_import(name, feed, |_| {}).await.expect("import")
    }

    async fn try_import(&self, name: &str, feed: &str, choose: impl Fn(&mut ImportOptions)) -> anyhow::Result<Report> {
        let mut options = quietly(self.dir.path());
        choose(&mut options);
        import_feed(&self.store, &[self.file(name, feed.as_bytes())], &options).await
    }

    /// What is on sale, in index order.
    async fn products(&self) -> Vec<Stored> {
        let mut rows: Vec<Stored> = self.store.products_since(0).try_collect().await.expect("read");
        rows.retain(|s| !s.gone);
        rows.sort_by_key(|s| s.ord);
        rows
    }

    async fn ids(&self) -> Vec<String> {
        self.products().await.into_iter().map(|s| s.product.id).collect()
    }
}

/// read, new, changed, unchanged, removed, rejected
fn counts(report: &Report) -> [u64; 6] {
    [report.read, report.new, report.changed, report.unchanged, report.removed, report.rejected]
}

fn line(id: &str) -> String {
    format!("{{\"id\":\"{id}\",\"title\":\"Thing {id}\",\"price\":\"1.00 SGD\"}}\n")
}

#[tokio::test]
async fn broken_lines_are_named_and_the_rest_is_taken() {
    let dock = Dock::open().await;
    let feed = [
        &line("a"),
        "{\"id\":\"b\",\"title\":\"B\"\n",
        "\n",
        "not json\n",
        "[\"a list\"]\n",
        "{\"title\":\"no id\"}\n",
        "{\"id\":\"c\"}\n",
        "{\"id\":\"d\",\"title\":\"D\",\"price\":\"12 EURO\"}\n",
        "{\"id\":\"e\",\"title\":\"E\",\"price\":12.5}\n",
        "{\"id\":\"f\",\"title\":\"F\",\"availability\":\"maybe\"}\n",
        "{\"id\":\"g\",\"title\":\"G\",\"quantity\":1.5}\n",
        "{\"id\":\"h\",\"title\":\"H\",\"variants\":[{\"id\":\"h1\"},{\"title\":\"x\",\"quantity\":\"many\"}]}\n",
        &line("a"),
        "{\"id\":\"i\",\"title\":\"I\",\"price\":\"9.00 SGD\",\"sale_price\":\"8.00 EUR\"}\n",
        "{\"id\":\"j\",\"title\":\"J\",\"reviews\":[{\"rating\":6,\"text\":\"!\"}]}\n",
        line("z").trim_end(),
    ]
    .concat();
    let report = dock.import("feed.jsonl", &feed).await;
    assert_eq!(counts(&report), [2, 2, 0, 0, 0, 13]);
    let said: Vec<(u64, &str)> = report.rejections.iter().map(|r| (r.line, r.field.as_str())).collect();
    let expected = [
        (2, ""),
        (4, ""),
        (5, ""),
        (6, "id"),
        (7, "title"),
        (8, "price"),
        (9, "price"),
        (10, "availability"),
        (11, "quantity"),
        (12, "quantity"),
        (13, "id"),
        (14, "sale_price"),
        (15, "reviews"),
    ];
    assert_eq!(said, expected);
    assert!(report.rejections.iter().all(|r| r.file.ends_with("feed.jsonl") && !r.reason.is_empty()), "{:?}", report.rejections);
    assert_eq!(report.rejections[5].to_string().rsplit('/').next(), Some("feed.jsonl:8: price: \"EURO\" is not an ISO 4217 currency code"));
    assert_eq!(dock.ids().await, ["a", "z"]);
}

#[tokio::test]
async fn tables_count_lines_as_an_editor_does() {
    let dock = Dock::open().await;
    let feed = "id,title,price\r\na,\"two\nlines\",1.00 SGD\r\nb,short\r\nc,,1.00 SGD\r\nd,\"a, b\",oops\r\ne,good,2.00 SGD\r\n";
    let report = dock.import("feed.csv", feed).await;
    let said: Vec<(u64, &str)> = report.rejections.iter().map(|r| (r.line, r.field.as_str())).collect();
    assert_eq!(said, [(4, ""), (5, "title"), (6, "price")]);
    assert_eq!(dock.ids().await, ["a", "e"]);
}

#[tokio::test]
async fn every_format_gives_the_same_products() {
    let jsonl = concat!(
        r#"{"id":"a","title":"Boot, \"high\"","description":"登山","price":"129.00 SGD","sale_price":"99.00 SGD","brand":"Ridge","product_type":"Shoes > Boots","color":"Navy/White","size":"42","quantity":7,"item_group_id":"boot","availability":"in stock"}"#,
        "\n",
        r#"{"id":"b","title":"Kettle","price":"1,299.00 SGD","product_highlight":["Quiet","Fast"],"product_detail":[{"attribute_name":"power","attribute_value":"1500 W"}],"voltage":"230"}"#,
        "\n"
    );
    let header = [
        "id",
        "title",
        "description",
        "price",
        "sale_price",
        "brand",
        "product_type",
        "color",
        "size",
        "quantity",
        "item_group_id",
        "availability",
        "product_highlight",
        "product_detail",
        "voltage",
    ];
    let rows = [
        [
            "a",
            "Boot, \"high\"",
            "登山",
            "129.00 SGD",
            "99.00 SGD",
            "Ridge",
            "Shoes > Boots",
            "Navy/White",
            "42",
            "7",
            "boot",
            "in stock",
            "",
            "",
            "",
        ],
        ["b", "Kettle", "", "1,299.00 SGD", "", "", "", "", "", "", "", "", "Quiet,Fast", "power:1500 W", "230"],
    ];
    let table = |delimiter| {
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        writer.write_record(header).expect("write");
        rows.iter().for_each(|row| writer.write_record(row).expect("write"));
        writer.into_inner().expect("write")
    };
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(jsonl.as_bytes()).expect("pack");
    let mut marked = b"\xef\xbb\xbf".to_vec();
    marked.extend(table(b','));
    let expected = {
        let dock = Dock::open().await;
        dock.import("feed.jsonl", jsonl).await;
        dock.products().await.into_iter().map(|s| s.product).collect::<Vec<_>>()
    };
    assert_eq!(expected.len(), 2);
    for (name, bytes) in [
        ("feed.csv", table(b',')),
        ("feed.tsv", table(b'\t')),
        ("bom.csv", marked),
        ("FEED.JSONL.GZ", packed.finish().expect("pack")),
        ("feed.ndjson", jsonl.replace('\n', "\r\n").into_bytes()),
    ] {
        let dock = Dock::open().await;
        let report = import_feed(&dock.store, &[dock.file(name, &bytes)], &quietly(dock.dir.path())).await.expect(name);
        assert_eq!(counts(&report), [2, 2, 0, 0, 0, 0], "{name}: {:?}", report.rejections);
        let got: Vec<_> = dock.products().await.into_iter().map(|s| s.product).collect();
        assert_eq!(got, expected, "{name}");
    }
}

#[tokio::test]
async fn the_same_feed_again_changes_nothing() {
    let dock = Dock::open().await;
    let feed = line("a") + &line("b");
    let first = dock.import("feed.jsonl", &feed).await;
    assert_eq!(counts(&first), [2, 2, 0, 0, 0, 0]);
    let again = dock.import("feed.jsonl", &feed).await;
    assert_eq!(counts(&again), [2, 0, 0, 2, 0, 0]);
    assert_eq!(dock.store.catalog_revision().await.expect("read"), first.revision);
    let changed = dock.import("feed.jsonl", &(line("a").replace("1.00", "2.00") + &line("b"))).await;
    assert_eq!(counts(&changed), [2, 0, 1, 1, 0, 0]);
    assert_eq!(changed.revision, first.revision + 1);
    assert_eq!(dock.products().await.iter().map(|s| (s.ord, s.revision)).collect::<Vec<_>>(), [(0, 2), (1, 1)]);
}

#[tokio::test]
async fn the_feed_overrides_what_was_patched_by_hand() {
    let dock = Dock::open().await;
    dock.import("feed.jsonl", &line("a")).await;
    let change = OfferChange { quantity: Some(0), ..OfferChange::default() };
    dock.store.change_offer("a", &change).await.expect("change");
    assert_eq!(counts(&dock.import("feed.jsonl", &line("a")).await), [1, 0, 1, 0, 0, 0]);
    assert_eq!(dock.products().await[0].product.offer.quantity, None);
}

#[tokio::test]
async fn replace_takes_nothing_away_whose_line_was_rejected() {
    let dock = Dock::open().await;
    dock.import("feed.jsonl", &(line("a") + &line("b") + &line("c") + &line("d1"))).await;
    let faulty =
        line("a") + "{\"id\":\"b\",\"title\":\"B\",\"price\":\"oops\"}\n{\"id\":\"d\",\"title\":\"\",\"variants\":[{\"id\":\"d1\"}]}\n";
    let named = dock.try_import("named.jsonl", &faulty, |o| o.replace = true).await.expect("import");
    assert_eq!((counts(&named), named.spared), ([1, 0, 0, 1, 1, 2], 0));
    assert_eq!(dock.ids().await, ["a", "b", "d1"], "c is not in the feed; b and d1 are, though broken");
    let nameless = dock.try_import("nameless.jsonl", &(line("a") + "not json\n"), |o| o.replace = true).await.expect("import");
    assert_eq!((counts(&nameless), nameless.spared), ([1, 0, 0, 1, 0, 1], 2));
    assert_eq!(dock.ids().await, ["a", "b", "d1"], "any of them may have stood in the broken line");
}

#[tokio::test]
async fn replace_takes_the_absent_off_the_shelf_and_they_may_come_back() {
    let dock = Dock::open().await;
    dock.import("feed.jsonl", &(line("a") + &line("b") + &line("c"))).await;
    assert_eq!(counts(&dock.import("part.jsonl", &line("d")).await), [1, 1, 0, 0, 0, 0]);
    let replaced = dock.try_import("whole.jsonl", &(line("b") + &line("d")), |o| o.replace = true).await.expect("import");
    assert_eq!(counts(&replaced), [2, 0, 0, 2, 2, 0]);
    assert_eq!(dock.ids().await, ["b", "d"]);
    assert!(dock.store.product("a").await.expect("read").is_none());
    assert_eq!(counts(&dock.import("feed.jsonl", &line("a")).await), [1, 0, 1, 0, 0, 0]);
    assert_eq!(dock.ids().await, ["a", "b", "d"], "it has its old place again");
}

#[tokio::test]
async fn strict_takes_all_or_nothing() {
    let dock = Dock::open().await;
    dock.import("feed.jsonl", &line("old")).await;
    let feed = line("a") + "{\"id\":\"b\"}\n" + &line("c");
    let error = dock.try_import("feed.jsonl", &feed, |o| (o.strict, o.replace) = (true, true)).await.expect_err("a bad line");
    assert!(error.to_string().contains("feed.jsonl:2: title: is missing"), "{error:#}");
    assert_eq!(dock.ids().await, ["old"]);
    let report = dock.try_import("feed.jsonl", &(line("a") + &line("c")), |o| o.strict = true).await.expect("import");
    assert_eq!(counts(&report), [2, 2, 0, 0, 0, 0]);
}

#[tokio::test]
async fn a_feed_that_cannot_be_read_leaves_the_shop_as_it_was() {
    let dock = Dock::open().await;
    dock.import("feed.jsonl", &line("old")).await;
    let mut torn = GzEncoder::new(Vec::new(), Compression::fast());
    (0..2_000).for_each(|n| torn.write_all(line(&n.to_string()).as_bytes()).expect("pack"));
    let torn = torn.finish().expect("pack");
    let files = [
        dock.file("torn.jsonl.gz", &torn[..torn.len() / 2]),
        dock.file("table.csv", b"title,price\nno id column,1.00 SGD\n"),
        dock.file("feed.pdf", b"what is this"),
        dock.dir.path().join("no-such.jsonl"),
    ];
    for file in files {
        let options = ImportOptions { replace: true, ..quietly(dock.dir.path()) };
        let error = import_feed(&dock.store, std::slice::from_ref(&file), &options).await.expect_err("it cannot be read");
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(format!("{error:#}").contains(&name), "{error:#}");
        assert_eq!(dock.ids().await, ["old"], "{name}");
    }
}

#[tokio::test]
async fn variants_share_a_group_and_keep_their_own_offer() {
    let dock = Dock::open().await;
    let feed = r#"{"id":"S","title":"Shoe","price":"10.00 SGD","sale_price":"8.00 SGD","color":"red","variants":[{"id":"S-1","size":"41"},{"id":"S-2","size":"42","price":"12.00 SGD","quantity":0},{"id":"S-3","color":"blue","quantity":2}]}"#;
    let report = dock.import("feed.jsonl", feed).await;
    assert_eq!(counts(&report), [3, 3, 0, 0, 0, 0]);
    let shown: Vec<String> = dock.store.variants("S").await.expect("read").iter().map(variant).collect();
    assert_eq!(
        shown,
        [
            "S-1 41 red 8.00 SGD usually 10.00 SGD in_stock",
            "S-2 42 red 12.00 SGD out_of_stock",
            "S-3  blue 8.00 SGD usually 10.00 SGD in_stock"
        ]
    );
}

fn variant(stored: &Stored) -> String {
    let (product, offer) = (&stored.product, &stored.product.offer);
    let price = offer.price.as_ref().map(ToString::to_string).unwrap_or_default();
    let usual = offer.list_price.as_ref().map(|m| format!(" usually {m}")).unwrap_or_default();
    format!("{} {} {} {price}{usual} {}", product.id, product.size, product.colors.join("/"), offer.availability.as_str())
}

#[tokio::test]
async fn several_files_are_one_change() {
    let dock = Dock::open().await;
    let files = [dock.file("one.jsonl", line("a").as_bytes()), dock.file("two.csv", b"id,title\nb,B\na,again\n")];
    let report = import_feed(&dock.store, &files, &quietly(dock.dir.path())).await.expect("import");
    assert_eq!(counts(&report), [2, 2, 0, 0, 0, 1]);
    assert!(report.rejections[0].file.ends_with("two.csv") && report.rejections[0].line == 3, "{:?}", report.rejections);
    assert_eq!(dock.store.catalog_revision().await.expect("read"), 1);
}

#[tokio::test]
async fn pictures_stay_inside_their_directory() {
    let dock = Dock::open().await;
    let images = dock.dir.path().join("images");
    std::fs::create_dir(&images).expect("a directory");
    std::fs::write(images.join("ok.png"), b"a picture").expect("write");
    std::fs::write(dock.dir.path().join("secret.png"), b"a secret").expect("write");
    let link = |id: &str, link: &str| format!("{{\"id\":\"{id}\",\"title\":\"T\",\"image_link\":\"{link}\"}}\n");
    let outside = dock.dir.path().join("secret.png").display().to_string();
    let feed = link("a", "ok.png")
        + &link("b", "../secret.png")
        + &link("c", &outside)
        + &link("d", "https://shop.example/d.png")
        + &link("e", "missing.png");
    dock.try_import("feed.jsonl", &feed, |o| o.images = Some(images.clone())).await.expect("import");
    let links: Vec<Vec<String>> = dock.products().await.into_iter().map(|s| s.product.images).collect();
    assert!(links[0][0].starts_with("/media/") && dock.dir.path().join(links[0][0].trim_start_matches('/')).exists(), "{links:?}");
    assert_eq!(links[1..], [vec![], vec![], vec!["https://shop.example/d.png".to_owned()], vec![]]);
}
