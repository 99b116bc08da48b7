//! Search words in; the catalogue's brands that they name, and the words without them, out.

use super::Search;
use super::segment::{index_terms, is_chinese, is_stopword};
use crate::turn::understand::{base_color, lexicon};
use serde::Deserialize;
use std::cmp::Reverse;
use std::sync::LazyLock;

/// Words of the longest name that is looked for.
const LONGEST: usize = 4;
const SHORTEST: usize = 2;

impl Search {
    /// A name counts unless it is an ordinary word here too: most titles that hold it must be of that brand. What the wanted thing is
    /// for ("a charger for an Acme laptop") names no brand of its own.
    pub fn brands_in(&self, terms: &str) -> (Vec<String>, String) {
        let (wanted, purpose) = lexicon::purpose(terms);
        let (shelf, view) = (self.shelf(), self.index.view());
        let columns = shelf.columns();
        let own = |brand: &_| columns.brands.count(brand);
        let telling = |name: &str, own: usize| own > 0 && !is_ordinary(name) && view.titled(&index_terms(name)) <= 2 * own;
        let words: Vec<&str> = wanted.split_whitespace().collect();
        let (mut brands, mut rest, mut at) = (Vec::new(), Vec::new(), 0);
        while at < words.len() {
            let named = (1..=LONGEST.min(words.len() - at)).rev().find_map(|n| {
                let name = name_of(&words[at..at + n].join(" "));
                let brand = columns.brand(&name)?;
                let own = own(&brand);
                (telling(&name, own) || (n > 1 && own > 0)).then_some((n, brand))
            });
            match named {
                Some((n, brand)) => {
                    brands.push(brand.to_string());
                    at += n;
                }
                None => {
                    rest.push(words[at].to_owned());
                    at += 1;
                }
            }
        }
        let mut rest = rest.join(" ");
        if is_chinese(&rest) {
            for (name, brand) in columns.chinese_brands() {
                if rest.contains(name) && telling(name, own(brand)) {
                    brands.push(brand.to_string());
                    rest = rest.replacen(name, "", 1);
                }
            }
        }
        if !brands.is_empty() && purpose.is_empty() && says_nothing(&rest) {
            rest.clear();
        }
        (brands, (rest.trim().to_owned() + purpose).trim().to_owned())
    }
}

fn says_nothing(words: &str) -> bool {
    let mut rest = words.trim().to_lowercase();
    if !is_chinese(&rest) {
        return rest.split_whitespace().all(|word| AROUND.iter().any(|a| a == word));
    }
    // The longest first, wherever they stand.
    AROUND.iter().for_each(|word| rest = rest.replace(word.as_str(), ""));
    rest.trim().is_empty()
}

/// Longest first.
static AROUND: LazyLock<Vec<String>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        around: Vec<String>,
    }
    let File { mut around } =
        toml::from_str(include_str!("../../assets/lexicon/brands.toml")).expect("the lexicon's own file is well formed");
    around.sort_by_key(|word| Reverse(word.chars().count()));
    around
});

/// As names are compared: "Tern & Tide" is "tern tide".
pub(super) fn name_of(text: &str) -> String {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A colour, a kind of product, or a word that says nothing.
fn is_ordinary(name: &str) -> bool {
    name.chars().count() < SHORTEST || is_stopword(name) || base_color(name).is_some() || !lexicon::expansions(name).is_empty()
}
