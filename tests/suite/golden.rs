//! Sentences a model might write about the demo shop's products, labelled by hand (`tests/golden/claims.jsonl`), against the check: no
//! false one passes. How many true ones do is printed; most that do not judge or limit ("not for diving"), which the check leaves to the record.

use crate::shop::demo;
use daogou::catalog::Lang;
use daogou::turn::check::check;
use daogou::turn::ground::{Fact, Grounding, fact};
use futures::TryStreamExt;
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Deserialize)]
struct Claim {
    product: String,
    need: String,
    lang: String,
    text: String,
    #[serde(rename = "true")]
    holds: bool,
    about: String,
}

/// Of the true sentences, the share that passes at least.
const PASSES: f64 = 0.3;

#[tokio::test]
async fn no_labelled_false_sentence_passes() {
    let (shop, _data) = demo().await;
    let stored: Vec<_> = shop.rooms.store.products_since(0).try_collect().await.expect("read the catalogue");
    let mut facts: HashMap<(String, Lang), Fact> = HashMap::new();
    for s in &stored {
        for lang in [Lang::Zh, Lang::En] {
            let group = if s.product.group.is_empty() { s.product.id.clone() } else { s.product.group.clone() };
            facts.entry((group, lang)).or_insert_with(|| fact(&s.product, s.revision, lang));
        }
    }
    let (mut wrong, mut asked, mut passed) = (Vec::new(), 0, 0);
    let mut kinds: HashMap<String, (usize, usize)> = HashMap::new();
    for line in include_str!("../golden/claims.jsonl").lines() {
        let claim: Claim = serde_json::from_str(line).expect("a labelled sentence");
        let lang = if claim.lang == "zh" { Lang::Zh } else { Lang::En };
        let product = facts.get(&(claim.product.clone(), lang)).expect("a product of the demo shop").clone();
        let grounding = Grounding { need: claim.need, products: vec![product] };
        let verdict = check(&claim.text, &grounding, &[], lang);
        if claim.holds {
            asked += 1;
            passed += usize::from(verdict.is_ok());
            let kind = kinds.entry(claim.about).or_default();
            *kind = (kind.0 + usize::from(verdict.is_ok()), kind.1 + 1);
            if let Err(objection) = verdict {
                println!("true, not said: {}: {} ({objection:?})", claim.product, claim.text);
            }
        } else if verdict.is_ok() {
            wrong.push(format!("{} ({}): {}", claim.product, claim.about, claim.text));
        }
    }
    println!("of {asked} true sentences {passed} pass: {kinds:?}");
    assert!(wrong.is_empty(), "{} false sentences pass:\n{}", wrong.len(), wrong.join("\n"));
    assert!(passed as f64 >= PASSES * f64::from(asked), "only {passed} of {asked} true sentences pass");
}
