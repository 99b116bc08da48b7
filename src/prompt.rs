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
        ("intent-system", include_str!("../prompts/intent-system.txt")),
        ("intent", include_str!("../prompts/intent.txt")),
    ] {
        environment.add_template(name, source).expect("the templates are constant and tested");
    }
    environment
});

/// What `advise.*.txt` is given.
#[derive(Serialize)]
struct Advise<'a> {
    need: &'a str,
    title: &'a str,
    points: &'a str,
}

const LONGEST_NEED: usize = 200;
const POINTS: usize = 5;
/// Tokens of evidence, by a rough count: each costs the shopper 25 ms before the first word.
const EVIDENCE: usize = 72;
/// Letters of a title: what comes after them in a long one are measures.
const LONGEST_TITLE: usize = 72;

/// The stable prefix of an advice prompt.
pub fn advise_system(lang: Lang) -> String {
    render(&format!("advise-system.{}", lang.code()), ())
}

/// The changing part: the need and the best product's most telling facts. Empty without a product.
pub fn advise(grounding: &Grounding, lang: Lang) -> String {
    let Some(fact) = grounding.products.first() else { return String::new() };
    let need: String = grounding.need.chars().filter(|c| !c.is_control()).take(LONGEST_NEED).collect();
    let mut left = EVIDENCE;
    let mut points: Vec<String> = Vec::new();
    for point in fact.telling(&grounding.need, POINTS).iter().map(|p| one_line(p)) {
        let cost = tokens(&point);
        if cost > left && !points.is_empty() {
            break;
        }
        left = left.saturating_sub(cost);
        points.push(point);
    }
    let points = points.join(if lang == Lang::Zh { "；" } else { "; " });
    render(&format!("advise.{}", lang.code()), Advise { need: &need, title: &short_title(&fact.title), points: &points })
}

/// The stable prefix of a question about a message's intent.
pub fn intent_system() -> String {
    render("intent-system", ())
}

/// What `intent.txt` is given.
#[derive(Serialize)]
struct Message<'a> {
    message: &'a str,
}

/// The changing part: the message, on one line.
pub fn intent(message: &str) -> String {
    let message: String = message.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST_NEED).collect();
    render("intent", Message { message: &message })
}

/// Of a title that lists its measures, the words before them.
fn short_title(title: &str) -> String {
    let title = one_line(title);
    let Some((cut, _)) = title.char_indices().nth(LONGEST_TITLE) else { return title };
    let end = title[..cut].rfind(' ').filter(|end| *end > cut / 2).unwrap_or(cut);
    title[..end].to_owned()
}

/// About as many as the model's tokenizer makes: one for a Chinese character or a digit, one for four letters.
fn tokens(text: &str) -> usize {
    let quarters = |c: char| if c.is_ascii_alphabetic() || c == ' ' { 1 } else { 4 };
    text.chars().map(quarters).sum::<usize>().div_ceil(4)
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
            availability: "in_stock",
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
