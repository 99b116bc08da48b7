//! The store on SQLite, and on PostgreSQL when `TEST_POSTGRES_URL` names a server whose user may create databases.

use daogou::catalog::{Availability, Money, Offer, Product, Review, Texts};
use daogou::store::catalog::{OfferChange, Stored};
use daogou::store::chat::{FrameRow, MessageRow, TurnRow, Write};
use daogou::store::world::Policy;
use daogou::store::{Store, new_id};
use futures::TryStreamExt;
use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, ConnectOptions, Executor};
use std::str::FromStr;

/// Runs `test` on a fresh, empty store of every engine at hand.
pub async fn each_engine(test: impl AsyncFn(&Store)) {
    each_address(async |url| {
        let store = Store::open(url).await.expect("open the store");
        test(&store).await;
        store.close().await;
    })
    .await;
}

/// The same for who opens it themselves, twice perhaps.
pub async fn each_address(test: impl AsyncFn(&str)) {
    let dir = tempfile::tempdir().expect("a directory");
    test(&format!("sqlite://{}?mode=rwc", dir.path().join("daogou.db").display())).await;
    let Ok(server) = std::env::var("TEST_POSTGRES_URL") else { return };
    let name = format!("daogou_test_{}", new_id().replace('-', ""));
    let mut admin = connect(&server).await;
    run(&mut admin, format!("create database {name}")).await;
    test(&with_database(&server, &name)).await;
    run(&mut admin, format!("drop database {name}")).await;
}

pub async fn connect(url: &str) -> AnyConnection {
    sqlx::any::install_default_drivers();
    AnyConnectOptions::from_str(url).expect("an address").connect().await.expect("reach PostgreSQL")
}

/// The only SQL outside the store: a name made of digits and letters, in statements that take no parameters.
pub async fn run(connection: &mut AnyConnection, statement: String) {
    connection.execute(sqlx::AssertSqlSafe(statement)).await.expect("PostgreSQL obeys");
}

fn with_database(server: &str, name: &str) -> String {
    let (address, options) = server.split_once('?').map_or((server, String::new()), |(a, o)| (a, format!("?{o}")));
    let host = address.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    format!("{host}/{name}{options}")
}

#[tokio::test]
async fn an_import_is_seen_whole_or_not_at_all() {
    each_engine(async |store| {
        let mut import = store.begin_import().await.expect("begin");
        import.put(product("a", 100), "h1".into()).await.expect("put");
        import.put(product("b", 200), "h1".into()).await.expect("put");
        let first = import.commit().await.expect("commit");
        let before = contents(store).await;

        let mut torn = store.begin_import().await.expect("begin");
        torn.put(product("a", 999), "h2".into()).await.expect("put");
        torn.put(product("c", 300), "h1".into()).await.expect("put");
        torn.remove("b").await.expect("remove");
        assert_eq!(contents(store).await, before, "nothing shows before the commit");
        drop(torn);
        assert_eq!(contents(store).await, before, "nothing shows after a crash");
        assert_eq!(store.catalog_revision().await.expect("a revision"), first);

        let mut import = store.begin_import().await.expect("begin");
        import.put(product("c", 300), "h1".into()).await.expect("put");
        import.remove("b").await.expect("remove");
        let second = import.commit().await.expect("commit");
        let ord = store.product("c").await.expect("read").expect("it is there").ord;
        assert!(second > first && ord == 2, "{first} {second} {ord}");
        assert_eq!(contents(store).await, ["a 100", "c 300"]);
    })
    .await;
}

#[tokio::test]
async fn a_product_comes_back_as_it_went_in() {
    each_engine(async |store| {
        let mut full = product("full", 12_345);
        full.localized.insert("zh".into(), Texts { title: "全 🎒 'quoted' \"title\"".into(), ..Texts::default() });
        full.colors = vec!["navy".into(), "white".into()];
        full.reviews = vec![Review { rating: 4, author: "Wei".into(), text: "好\n".into(), lang: "zh".into() }];
        full.offer.list_price = Some(Money::new(20_000, "SGD"));
        full.offer.quantity = Some(i64::MAX);
        let bare = Product { id: "bare".into(), group: "bare".into(), ..Product::default() };
        let mut import = store.begin_import().await.expect("begin");
        for product in [full.clone(), bare.clone()] {
            import.put(product, "h".into()).await.expect("put");
        }
        import.commit().await.expect("commit");
        for product in [full, bare] {
            let stored = store.product(&product.id).await.expect("read").expect("it is there");
            assert_eq!((&stored.product, stored.gone, stored.revision), (&product, false, 1));
        }
        assert!(store.product("no-such").await.expect("read").is_none());
    })
    .await;
}

#[tokio::test]
async fn the_change_log_gives_what_is_newer_in_order() {
    each_engine(async |store| {
        for (n, ids) in [["a", "b"], ["b", "c"]].iter().enumerate() {
            let mut import = store.begin_import().await.expect("begin");
            for id in ids {
                import.put(product(id, 100 + n as i64), format!("h{n}")).await.expect("put");
            }
            import.commit().await.expect("commit");
        }
        let mut import = store.begin_import().await.expect("begin");
        import.remove("a").await.expect("remove");
        import.commit().await.expect("commit");
        let since = async |revision| {
            let mut rows = Vec::new();
            let row = |s: &Stored| format!("{} at {} r{}{}", s.product.id, s.ord, s.revision, if s.gone { " gone" } else { "" });
            let mut stored = store.products_since(revision);
            while let Some(s) = stored.try_next().await.expect("read") {
                rows.push(row(&s));
            }
            rows
        };
        assert_eq!(since(0).await, ["b at 1 r2", "c at 2 r2", "a at 0 r3 gone"]);
        assert_eq!(since(2).await, ["a at 0 r3 gone"]);
        assert_eq!(since(3).await, Vec::<String>::new());
        let known = store.known_products().await.expect("read");
        assert!(known["a"].gone && !known["b"].gone && known["b"].hash == "h1");
    })
    .await;
}

#[tokio::test]
async fn an_offer_changes_field_by_field_and_each_change_is_a_revision() {
    each_engine(async |store| {
        let mut import = store.begin_import().await.expect("begin");
        let mut dear = product("a", 100);
        dear.offer.list_price = Some(Money::new(150, "SGD"));
        import.put(dear, "h".into()).await.expect("put");
        let mut revision = import.commit().await.expect("commit");
        let offer = async || store.product("a").await.expect("read").expect("it is there").product.offer;
        for (change, expected) in [
            (OfferChange { quantity: Some(3), ..OfferChange::default() }, (100, Some(150), Availability::InStock, Some(3))),
            (OfferChange { price: Some(Money::new(90, "SGD")), ..OfferChange::default() }, (90, None, Availability::InStock, Some(3))),
            (
                OfferChange { availability: Some(Availability::OutOfStock), quantity: Some(0), ..OfferChange::default() },
                (90, None, Availability::OutOfStock, Some(0)),
            ),
            (OfferChange::default(), (90, None, Availability::OutOfStock, Some(0))),
        ] {
            let next = store.change_offer("a", &change).await.expect("change").expect("it is there");
            assert_eq!(next, revision + 1, "{change:?}");
            revision = next;
            let now = offer().await;
            let minor = |m: &Option<Money>| m.as_ref().map(|m| m.minor);
            assert_eq!(
                (minor(&now.price), minor(&now.list_price), now.availability, now.quantity),
                (Some(expected.0), expected.1, expected.2, expected.3)
            );
        }
        let known = store.known_products().await.expect("read");
        assert_eq!(known["a"].hash, "", "the next import writes the feed's offer again");
        assert_eq!(store.change_offer("no-such", &OfferChange::default()).await.expect("read"), None);
        assert_eq!(store.catalog_revision().await.expect("read"), revision, "nothing changed, no revision");
    })
    .await;
}

#[tokio::test]
async fn writes_that_belong_together_are_kept_together() {
    each_engine(async |store| {
        store.write_all(&[session("s"), message("s", "1", "t1"), frame("s", 1, "t1", "message")]).await.expect("write");
        let clash = [frame("s", 2, "t1", "text"), message("s", "2", "t2"), frame("s", 1, "t2", "message")];
        assert!(store.write_all(&clash).await.is_err(), "a number is given once");
        assert_eq!(store.frames_after("s", 0, 10).await.expect("read"), [(1, "body 1".to_owned())]);
        assert!(store.message("s", "2").await.expect("read").is_none());
        store.write_all(&[]).await.expect("nothing is written easily");
        store.write_all(&[frame("s", 2, "t1", "text")]).await.expect("the number is still free");
    })
    .await;
}

#[tokio::test]
async fn a_conversation_is_read_back_in_order() {
    each_engine(async |store| {
        assert!(store.session("s").await.expect("read").is_none());
        let mut writes = vec![session("s"), session("other")];
        for (n, kind) in ["message", "products", "text", "text", "done"].iter().enumerate() {
            writes.push(frame("s", n as i64 + 1, "t1", kind));
        }
        writes.extend([message("s", "1", "t1"), message("s", "2", "t2"), frame("other", 1, "t9", "message"), message("other", "1", "t9")]);
        store.write_all(&writes).await.expect("write");
        assert_eq!(store.session("s").await.expect("read").map(|s| (s.last_seq, s.locale)), Some((5, "zh-CN".to_owned())));
        let numbers = async |after, limit| {
            let frames = store.frames_after("s", after, limit).await.expect("read");
            frames.into_iter().map(|(seq, _)| seq).collect::<Vec<_>>()
        };
        assert_eq!((numbers(0, 10).await, numbers(3, 10).await, numbers(0, 2).await), (vec![1, 2, 3, 4, 5], vec![4, 5], vec![1, 2]));
        assert_eq!(store.latest_frames("s", "text", 1).await.expect("read"), ["body 4"]);
        assert_eq!(store.acknowledgement("s", "t1").await.expect("read").as_deref(), Some("body 1"));
        assert_eq!(store.sent_kinds("s", "t1").await.expect("read"), ["message", "products", "text", "text", "done"]);
        assert!(store.sent_kinds("s", "t2").await.expect("read").is_empty());
        let waiting: Vec<String> = store.unanswered("s").await.expect("read").into_iter().map(|m| m.id).collect();
        assert_eq!(waiting, ["2"]);
        let stored = store.message("s", "2").await.expect("read").expect("it is there");
        assert_eq!(stored.answer, None);
        assert_eq!((stored.text.as_str(), stored.uploads), ("words of 2 你好", vec!["u1".to_owned()]));
    })
    .await;
}

#[tokio::test]
async fn evidence_uploads_ratings_and_policies_are_kept() {
    each_engine(async |store| {
        let turn = |id: &str, evidence: &str| {
            let (id, evidence) = (id.to_owned(), evidence.to_owned());
            Write::Turn(TurnRow { id, session: "s".into(), evidence, timing: "{}".into(), model: "none".into(), finish: "answered".into() })
        };
        let upload = Write::Upload { id: "u1".into(), kind: "audio".into(), media_type: "audio/wav".into(), bytes: 44 };
        let rating = |score| Write::Rating { session: "s".into(), id: "r".into(), turn: "a".into(), score, comment: "好".into() };
        store.write_all(&[turn("a", "1"), turn("b", "2"), turn("a", "3"), upload, rating(1), rating(5)]).await.expect("write");
        assert_eq!(store.turn_evidence("s", 1).await.expect("read"), ["2"]);
        assert_eq!(store.upload("u1").await.expect("read"), Some(("audio".to_owned(), "audio/wav".to_owned())));
        assert_eq!(store.upload("u2").await.expect("read"), None);
        let rule = |id: &str, lang: &str, body: &str| Policy {
            id: id.into(),
            lang: lang.into(),
            title: "Returns".into(),
            body: body.into(),
            revision: 1,
        };
        store.put_policies("r", &[rule("r/0.zh", "zh", "30 天"), rule("r/1.zh", "zh", "全新")]).await.expect("write");
        for (body, revision) in [("30 days", 1), ("30 days", 1), ("14 days", 2)] {
            let before = store.policy_revision().await.expect("read");
            store.put_policies("r", &[rule("r/0.en", "en", body)]).await.expect("write");
            let kept = Policy { revision, ..rule("r/0.en", "en", body) };
            assert_eq!(store.policies().await.expect("read"), [kept, rule("r/0.zh", "zh", "30 天"), rule("r/1.zh", "zh", "全新")]);
            assert!(store.policy_revision().await.expect("read") > before);
        }
        store.put_policies("r", &[rule("r/0.zh", "zh", "30 天")]).await.expect("write");
        let left: Vec<String> = store.policies().await.expect("read").into_iter().map(|p| p.id).collect();
        assert_eq!(left, ["r/0.en", "r/0.zh"], "what the page no longer says is gone, in its language only");
    })
    .await;
}

#[tokio::test]
async fn a_store_that_is_opened_again_has_everything() {
    let dir = tempfile::tempdir().expect("a directory");
    for n in 1..=3 {
        let store = Store::open_dir(dir.path()).await.expect("open");
        let mut import = store.begin_import().await.expect("begin");
        import.put(product(&format!("p{n}"), n), "h".into()).await.expect("put");
        assert_eq!(import.commit().await.expect("commit"), n);
        assert_eq!(contents(&store).await.len() as i64, n);
        if n == 2 {
            // Not closed: as after a crash.
            drop(store);
        } else {
            store.close().await;
        }
    }
}

#[tokio::test]
async fn conversations_are_written_while_an_import_is_under_way() {
    each_engine(async |store| {
        let mut import = store.begin_import().await.expect("begin");
        for n in 0..1_000 {
            import.put(product(&format!("p{n}"), n), "h".into()).await.expect("put");
        }
        store.write_all(&[session("s"), message("s", "1", "t")]).await.expect("nothing holds the only writer");
        assert!(contents(store).await.is_empty(), "and nothing shows yet");
        import.commit().await.expect("commit");
        assert_eq!(contents(store).await.len(), 1_000);
    })
    .await;
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_says_why_without_its_password() {
    for (url, expected) in [
        ("sqlite:///no/such/directory/daogou.db?mode=rwc", "open the database"),
        ("postgres://shop:secret@127.0.0.1:1/shop", "open the database postgres://…@127.0.0.1:1/shop"),
        ("mysql://shop:secret@127.0.0.1/shop", "database"),
    ] {
        let error = format!("{:#}", Store::open(url).await.expect_err(url));
        assert!(error.contains(expected) && !error.contains("secret"), "{url}: {error}");
    }
}

fn product(id: &str, minor: i64) -> Product {
    Product {
        id: id.to_owned(),
        group: id.to_owned(),
        text: Texts { title: format!("Product {id}"), ..Texts::default() },
        offer: Offer { price: Some(Money::new(minor, "SGD")), ..Offer::default() },
        ..Product::default()
    }
}

/// "id price" of what is on sale, by id.
async fn contents(store: &Store) -> Vec<String> {
    let mut rows = Vec::new();
    let row = |s: Stored| (!s.gone).then(|| format!("{} {}", s.product.id, s.product.offer.price.map_or(0, |p| p.minor)));
    let mut stored = store.products_since(0);
    while let Some(s) = stored.try_next().await.expect("read") {
        rows.extend(row(s));
    }
    rows.sort();
    rows
}

fn session(id: &str) -> Write {
    Write::Session { id: id.to_owned(), locale: "zh-CN".to_owned(), channel: "cli".to_owned(), page: String::new() }
}

fn message(session: &str, id: &str, turn: &str) -> Write {
    let (text, uploads) = (format!("words of {id} 你好"), vec!["u1".to_owned()]);
    let message = MessageRow { id: id.to_owned(), turn: turn.to_owned(), author: "shopper".to_owned(), text, uploads, answer: None };
    Write::Message { session: session.to_owned(), message }
}

fn frame(session: &str, seq: i64, turn: &str, kind: &'static str) -> Write {
    Write::Frame(FrameRow { session: session.to_owned(), seq, turn: turn.to_owned(), kind, body: format!("body {seq}") })
}
