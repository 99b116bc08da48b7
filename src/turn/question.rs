//! A question about one product in; what its page says to that out. Pure: the words of `assets/lexicon/questions.toml`.

use super::cue::{any, has, plain};
use super::ground::Fact;
use super::sentence::Sentences;
use super::understand::lexicon::parse;
use super::understand::normalize_quantities;
use serde::Deserialize;
use std::sync::LazyLock;

/// What shoppers ask of a product, and the words with which a page answers.
#[derive(Debug, Deserialize)]
pub struct Topic {
    id: String,
    asks: Vec<String>,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    lines: Vec<String>,
    #[serde(default)]
    yes_or_no: bool,
    #[serde(default)]
    unit: Option<String>,
    /// Whether "more" or "less" of it is better.
    sort: Option<String>,
    #[serde(default)]
    compare: Vec<String>,
    #[serde(default)]
    compare_more: Vec<String>,
}

/// Less or more of what a topic measures: "lighter" is less weight.
#[derive(Clone, Debug)]
pub struct Preference {
    pub topic: &'static Topic,
    pub less: bool,
}

impl Preference {
    /// "Bigger", of no one measure.
    pub fn is_general(&self) -> bool {
        self.topic.id == "dimensions"
    }

    /// The line of a page that states it.
    pub fn line(&self, fact: &Fact) -> Option<String> {
        fact.details.iter().find(|(name, _)| self.topic.is_named(name)).map(|(name, value)| super::ground::stated(name, value))
    }

    /// What a page states of it, in base units.
    pub fn measure(&self, fact: &Fact) -> Option<f64> {
        let (_, value) = fact.details.iter().find(|(name, _)| self.topic.is_named(name))?;
        let unit = self.topic.unit.as_deref()?;
        normalize_quantities(value).into_iter().find(|q| q.unit == unit).map(|q| q.value)
    }
}

impl Topic {
    /// Whether a product has this or has it not, as being vegan; no measure.
    pub(super) fn is_had_or_not(&self) -> bool {
        self.yes_or_no
    }

    /// Whether pages call it so.
    pub(super) fn is_called(&self, phrase: &str) -> bool {
        self.names.iter().map(|name| plain(name)).any(|name| name.contains(phrase) || phrase.contains(name.trim()))
    }

    /// Whether a page says that the product has it, in a detail called by what is asked or in a highlight; `None` when it does not say.
    pub(super) fn is_had(&self, fact: &Fact) -> Option<bool> {
        let called = |name: &str| self.is_named(name) && any(&plain(name), &self.asks);
        if let Some((_, value)) = fact.details.iter().find(|(name, _)| called(name)) {
            return Some(!super::ground::denies(value));
        }
        let affirms = |line: &String| {
            let line = plain(line);
            let said = self.lines.iter().filter(|words| has(&line, words)).max_by_key(|words| words.len())?;
            // 不闷 says it; "not for induction" does not.
            let rest = line.replace(said.as_str(), "");
            Some(!NOT.iter().any(|no| has(&rest, no)))
        };
        fact.highlights.iter().find_map(affirms)
    }

    pub(super) fn is_named(&self, name: &str) -> bool {
        self.names.iter().any(|n| n.eq_ignore_ascii_case(name))
    }
}

/// Words by which a line may say that a thing is not so.
const NOT: [&str; 11] = ["not", "no", "cannot", "cant", "wont", "doesnt", "isnt", "never", "不", "无", "没"];

static TOPICS: LazyLock<Vec<Topic>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        question: Vec<Topic>,
    }
    parse::<File>(include_str!("../../assets/lexicon/questions.toml")).question
});

/// What a message asks of a product, the longest phrase first.
pub fn topics(text: &str) -> Vec<&'static Topic> {
    asked(text).into_iter().map(|(topic, _)| topic).collect()
}

/// Each topic asked, with the phrase that asks it.
pub(super) fn asked(text: &str) -> Vec<(&'static Topic, &'static str)> {
    let text = plain(text);
    let longest = |topic: &'static Topic| topic.asks.iter().filter(|ask| has(&text, ask)).max_by_key(|ask| ask.chars().count());
    let mut asked: Vec<(&Topic, &str)> = TOPICS.iter().filter_map(|topic| Some((topic, longest(topic)?.as_str()))).collect();
    asked.sort_by_key(|(_, ask)| std::cmp::Reverse(ask.chars().count()));
    asked
}

/// Whether a word only belongs to what is asked of a product: the battery, in "what about the battery?".
pub fn is_asked_of(text: &str, word: &str) -> bool {
    asked(text).iter().any(|(_, ask)| ask.contains(word))
}

/// "Which is the lightest?", 最轻的: the end of a measure is asked for.
pub fn is_superlative(text: &str) -> bool {
    let text = plain(text);
    text.contains("est ") || text.contains(" most ") || text.contains('最')
}

/// "Something lighter", 更轻的, the lightest: the measure that decides.
pub fn preference(text: &str) -> Option<Preference> {
    let text = plain(text).replace("est ", "er ").replace('最', "更");
    TOPICS.iter().filter(|topic| topic.unit.is_some()).find_map(|topic| {
        if any(&text, &topic.compare) {
            return Some(Preference { topic, less: true });
        }
        any(&text, &topic.compare_more).then_some(Preference { topic, less: false })
    })
}

/// Larger or smaller by the first measure that a page states, of what tells how large a thing is.
pub fn of_size<'n>(stated: impl Iterator<Item = (&'n str, &'n str)> + Clone, larger: bool) -> Option<Preference> {
    const SIZES: [&str; 5] = ["battery_capacity", "capacity", "people", "screen", "coverage"];
    let topics = SIZES.iter().filter_map(|id| TOPICS.iter().find(|topic| topic.id == *id));
    let in_unit = |topic: &Topic, value: &str| normalize_quantities(value).iter().any(|q| Some(q.unit.as_str()) == topic.unit.as_deref());
    let told = topics.into_iter().find(|topic| stated.clone().any(|(name, value)| topic.is_named(name) && in_unit(topic, value)))?;
    Some(Preference { topic: told, less: !larger })
}

/// Whether the question is which colours or sizes there are.
pub fn is_about_options(asked: &[&Topic]) -> bool {
    asked.first().is_some_and(|topic| matches!(topic.id.as_str(), "colours" | "sizes"))
}

/// Whether a detail of this name answers what is asked.
pub fn is_about(asked: &[&Topic], name: &str) -> bool {
    asked.iter().any(|topic| topic.is_named(name))
}

/// Whether a value of this detail is better than another by at least a factor, where more or less of it is better at all.
pub fn is_better(name: &str, value: Option<f64>, other: Option<f64>, factor: f64) -> bool {
    let (Some(value), Some(other)) = (value, other) else { return false };
    let topic = TOPICS.iter().find(|topic| topic.sort.is_some() && topic.is_named(name));
    match topic.and_then(|topic| topic.sort.as_deref()) {
        Some("more") => other > 0.0 && value >= other * factor,
        Some("less") => value > 0.0 && value * factor <= other,
        _ => false,
    }
}

/// The lines of a page that answer what is asked, details first; empty when it does not say.
pub fn answers(fact: &Fact, question: &str, asked: &[&Topic], most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for topic in asked {
        if matches!(topic.id.as_str(), "material" | "genuine") && !fact.material.is_empty() {
            keep(&mut lines, fact.material.clone());
        }
        fact.details
            .iter()
            .filter(|(name, _)| topic.is_named(name))
            .for_each(|(name, value)| keep(&mut lines, super::ground::stated(name, value)));
    }
    // "I weigh 90 kg, can I ride it?" is answered by what is stated in kilograms.
    let said = normalize_quantities(question);
    if lines.len() < most {
        for (name, value) in &fact.details {
            let own = normalize_quantities(value);
            if said.iter().any(|q| q.unit != "piece" && own.iter().any(|o| o.unit == q.unit)) {
                keep(&mut lines, super::ground::stated(name, value));
            }
        }
    }
    let page = fact.highlights.iter().cloned().chain(sentences(&fact.description));
    let page: Vec<(String, String)> = page.map(|line| (plain(&line), line)).collect();
    for topic in asked {
        page.iter().filter(|(plain, _)| any(plain, &topic.lines)).for_each(|(_, line)| keep(&mut lines, line.clone()));
    }
    lines.truncate(most);
    lines
}

/// Whether a page says no to what is asked: "waterproof: no".
pub fn is_denied(fact: &Fact, asked: &[&Topic]) -> bool {
    fact.details.iter().any(|(name, value)| is_about(asked, name) && super::ground::denies(value))
}

/// Each line once.
fn keep(lines: &mut Vec<String>, line: String) {
    if !lines.contains(&line) {
        lines.push(line);
    }
}

pub(super) fn sentences(text: &str) -> Vec<String> {
    let mut cut = Sentences::default();
    let mut whole = cut.push(text);
    whole.extend(cut.finish());
    whole
}
