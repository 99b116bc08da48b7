//! Typed values in, prompts out. Templates are the files in `prompts/`, strict: a name that is not given is an error in tests.

use crate::catalog::Lang;
use crate::turn::ground::Grounding;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;
use std::sync::LazyLock;

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    for (name, source) in [
        ("advise-system.zh", include_str!("../prompts/advise-system.zh.txt")),
        ("advise-system.en", include_str!("../prompts/advise-system.en.txt")),
        ("advise.zh", include_str!("../prompts/advise.zh.txt")),
        ("advise.en", include_str!("../prompts/advise.en.txt")),
    ] {
        environment.add_template(name, source).expect("the templates are constant and tested");
    }
    environment
});

/// What `advise.*.txt` is given.
#[derive(Serialize)]
struct Advise<'a> {
    need: &'a str,
    products: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    title: String,
    price: String,
    points: String,
}

const LONGEST_NEED: usize = 200;

/// The stable prefix of an advice prompt.
pub fn advise_system(lang: Lang) -> String {
    render(&format!("advise-system.{}", lang.code()), ())
}

/// The changing part: the need and compact evidence.
pub fn advise(grounding: &Grounding, lang: Lang) -> String {
    let need: String = grounding.need.chars().filter(|c| !c.is_control()).take(LONGEST_NEED).collect();
    let products = grounding
        .products
        .iter()
        .enumerate()
        .map(|(n, fact)| Line {
            title: one_line(&fact.title),
            price: fact.price.clone().unwrap_or_default(),
            points: fact.telling(&grounding.need, if n == 0 { 4 } else { 2 }).iter().map(|p| one_line(p)).collect::<Vec<_>>().join("; "),
        })
        .collect();
    render(&format!("advise.{}", lang.code()), Advise { need: &need, products })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(90).collect()
}

fn render(name: &str, values: impl Serialize) -> String {
    TEMPLATES.get_template(name).and_then(|t| t.render(values)).expect("templates and their structs are tested together")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::turn::ground::Fact;

    #[test]
    fn prompts_read_as_written() {
        let fact = Fact {
            id: "1".into(),
            revision: 1,
            title: "Tern Packable Rain Jacket".into(),
            brand: "Tern".into(),
            price: Some("S$75.00".into()),
            list_price: None,
            in_stock: true,
            quantity: None,
            colors: vec![],
            material: String::new(),
            details: vec![("weight".into(), "240 g".into())],
            highlights: vec!["Packs into its own\npocket".into()],
            description: String::new(),
            rating: None,
        };
        let grounding = Grounding { need: "a rain jacket that packs small, under 80".into(), products: vec![fact] };
        for lang in [Lang::Zh, Lang::En] {
            insta::assert_snapshot!(
                format!("advise-{}", lang.code()),
                format!("{}\n---\n{}", advise_system(lang), advise(&grounding, lang))
            );
        }
    }
}
