//! Ten thousand false sentences about the demo shop's products, and a thousand true ones, against the check.

use crate::shop::demo;
use daogou::catalog::Lang;
use daogou::eval::grounding::measure;
use daogou::turn::ground::fact;
use futures::TryStreamExt;

#[tokio::test]
async fn no_false_sentence_passes_and_true_ones_do() {
    let (shop, _data) = demo().await;
    let stored: Vec<_> = shop.rooms.store.products_since(0).try_collect().await.expect("read the catalogue");
    let facts: Vec<_> = stored.iter().flat_map(|s| [Lang::Zh, Lang::En].map(|lang| (fact(&s.product, s.revision, lang), lang))).collect();
    let (hostile, honest) = measure(&facts, 10_000);
    assert_eq!(hostile.passed, 0, "false sentences passed:\n{}", hostile.examples.join("\n"));
    let share = honest.passed as f64 / honest.asked as f64;
    assert!(share >= 0.95, "of the true ones only {share:.3} passed:\n{}", honest.examples.join("\n"));
}
