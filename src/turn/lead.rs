//! Results in; what a good salesperson adds out: one question, when its answer would divide the results well, or what a little more
//! money gets. Both are computed from what was found.

use super::ground::{self, Fact};
use super::question;
use super::retrieve::Retrieved;
use super::understand::{Intent, Refinement, color_name, material_name, normalize_quantities};
use super::{Choice, Sentence, Turn, facts};
use crate::catalog::{Lang, Money, leaf};
use crate::search::Hit;
use crate::search::facet::{self, Facet};

/// Fewer products than this are looked at faster than a question is answered.
const WORTH_ASKING: usize = 5;
/// Bits an answer must be worth.
const PAYS: f32 = 0.9;
/// Questions in a row, after which the shopper is left to look.
const MOST_IN_A_ROW: u8 = 2;
const MOST_REPLIES: usize = 4;
/// How much more than the best product a step up may cost, and how many of the found are looked at for one.
const STEP: f64 = 1.6;
const LOOKED_AT: usize = 10;
/// By which factor a measure must be better to be worth a word.
const NOTABLY: f64 = 1.3;

impl Turn<'_> {
    /// The question that divides the results best, when its answer pays. Never one that was asked for this need, never a third in a row.
    pub(super) fn ask_back(&mut self, found: &Retrieved) -> Option<(Sentence, Vec<Choice>)> {
        let hits: Vec<Hit> = found.hits.iter().chain(&found.rest).cloned().collect();
        let silent = self.ask.goes_on || found.relaxed.is_some() || self.understanding.wants_more() || self.understanding.sort.is_some();
        if silent || hits.len() < WORTH_ASKING || self.memory.asking >= MOST_IN_A_ROW {
            self.memory.asking = 0;
            return None;
        }
        let shelf = self.rooms.search.shelf();
        let facets = facet::count(&hits, &shelf, self.lang);
        let one_kind = hits.iter().all(|hit| hit.item.leaf() == hits[0].item.leaf());
        let open = |facet: &&Facet| {
            let filters = &found.filters;
            facet.gain >= PAYS
                && !self.memory.asked.iter().any(|asked| *asked == facet.name)
                && match &*facet.name {
                    "price" => filters.price_max.is_none() && filters.price_min.is_none(),
                    "color" => filters.colors.is_empty() && one_kind,
                    "size" => filters.sizes.is_empty() && one_kind,
                    "material" => filters.materials.is_empty() && one_kind,
                    "person" => filters.gender.is_none() && filters.age_group.is_none(),
                    "category" => self.understanding.intent != Intent::Refine(Refinement::Same),
                    _ => false,
                }
        };
        let worth = |facet: &Facet| facet.gain * ease(&facet.name);
        let best = facets.iter().filter(open).max_by(|a, b| worth(a).total_cmp(&worth(b)))?;
        let replies = replies(best, &hits, self.lang);
        if replies.len() < 2 {
            return None;
        }
        self.memory.asked.push(best.name.to_string());
        self.memory.asking += 1;
        self.note("asked", serde_json::json!({"facet": best.name, "gain": best.gain}));
        Some((Sentence::plain(question(&best.name, self.lang)), replies))
    }

    /// The cheapest step up from the best product that has something it has not: "for S$40 more, … is waterproof". Once for each need.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn offer_more(&mut self, found: &Retrieved) -> anyhow::Result<Option<Sentence>> {
        const NAME: &str = "offer";
        let Some(best) = found.hits.first().filter(|h| h.item.minor.is_some()) else { return Ok(None) };
        if found.relaxed.is_some() || self.memory.asked.iter().any(|asked| asked == NAME) {
            return Ok(None);
        }
        let own = best.item.minor.unwrap_or_default();
        let ceiling = (own as f64 * STEP) as i64;
        let mut dearer: Vec<&Hit> = found.hits.iter().skip(1).chain(&found.rest).collect();
        // A step up is one to a thing of its kind.
        dearer.retain(|h| h.item.leaf() == best.item.leaf());
        dearer.retain(|h| {
            h.item.in_stock() && h.item.currency == best.item.currency && h.item.minor.is_some_and(|p| p > own && p <= ceiling)
        });
        dearer.sort_by_key(|h| h.item.minor);
        dearer.truncate(LOOKED_AT);
        let Some(stored) = self.rooms.store.product(&best.item.id).await? else { return Ok(None) };
        let base = ground::fact(&stored.product, stored.revision, self.lang);
        let need = format!("{} {}", found.terms, self.ask.text);
        let mut steps: Vec<(bool, Sentence)> = Vec::new();
        for hit in dearer {
            let Some(stored) = self.rooms.store.product(&hit.item.id).await? else { continue };
            let other = ground::fact(&stored.product, stored.revision, self.lang);
            let more = Money::new(hit.item.minor.unwrap_or_default() - own, &hit.item.currency).display();
            if let Some(gain) = gain(&base, &other, &need) {
                steps.push((gain.wanted, step_up(&other, &more, &gain, self.lang)));
            }
        }
        // What the shopper has asked for first; the list is cheapest first already.
        let chosen = steps.iter().position(|(wanted, _)| *wanted).or((!steps.is_empty()).then_some(0));
        let Some((_, sentence)) = chosen.map(|n| steps.swap_remove(n)) else { return Ok(None) };
        self.memory.asked.push(NAME.to_owned());
        Ok(Some(sentence))
    }
}

/// How readily shoppers answer: most know the kind and the money, few have thought of the colour.
fn ease(facet: &str) -> f32 {
    match facet {
        "category" | "person" => 1.2,
        "price" => 1.0,
        _ => 0.6,
    }
}

/// What a dearer product has that the other has not.
struct Gain {
    /// As its page states it.
    line: String,
    /// The other's own value, when both state one.
    instead_of: Option<String>,
    wanted: bool,
}

/// A feature the base's page does not claim, or a measure that is notably better; what the need speaks of first.
fn gain(base: &Fact, other: &Fact, need: &str) -> Option<Gain> {
    let mut gains: Vec<Gain> = Vec::new();
    for (name, value) in &other.details {
        let own = base.details.iter().find(|(n, _)| n == name).map(|(_, v)| v);
        let wanted = ground::shares_words(need, name);
        match own {
            None if ground::affirms(value) && !base.claims(name) => {
                gains.push(Gain { line: ground::stated(name, value), instead_of: None, wanted });
            }
            Some(own) if question::is_better(name, measure(value), measure(own), NOTABLY) => {
                gains.push(Gain { line: ground::stated(name, value), instead_of: Some(own.clone()), wanted });
            }
            _ => {}
        }
    }
    let chosen = gains.iter().position(|g| g.wanted).or((!gains.is_empty()).then_some(0))?;
    Some(gains.swap_remove(chosen))
}

/// The first measure of a text, in its base unit.
fn measure(text: &str) -> Option<f64> {
    normalize_quantities(text).first().map(|q| q.value)
}

fn step_up(other: &Fact, more: &str, gain: &Gain, lang: Lang) -> Sentence {
    let price = other.price.clone().unwrap_or_default();
    // "yes, 3000 mm"
    let bare = |own: &String| own.trim_start_matches("是，").trim_start_matches("yes, ").to_owned();
    let instead = match (gain.instead_of.as_ref().map(bare), lang) {
        (Some(own), Lang::Zh) => format!("（前一款是 {own}）"),
        (Some(own), Lang::En) => format!(" (the other: {own})"),
        (None, _) => String::new(),
    };
    let (title, line) = (&other.title, &gain.line);
    let text = match lang {
        Lang::Zh => format!("再加 {more}，{title}（{price}）还多了：{line}{instead}。"),
        Lang::En => format!("For {more} more, {title} ({price}) adds: {line}{instead}."),
    };
    let claims = vec![
        facts::claim(&price, &other.id, "price", &price, other.revision),
        facts::claim(line, &other.id, "details", line, other.revision),
    ];
    Sentence { text, claims }
}

fn question(facet: &str, lang: Lang) -> &'static str {
    match (facet, lang) {
        ("price", Lang::Zh) => "大概想花多少？",
        ("price", Lang::En) => "Roughly how much would you like to spend?",
        ("color", Lang::Zh) => "想要什么颜色？",
        ("color", Lang::En) => "Which colour would you like?",
        ("size", Lang::Zh) => "需要多大的尺码？",
        ("size", Lang::En) => "Which size do you need?",
        ("material", Lang::Zh) => "想要什么材质的？",
        ("material", Lang::En) => "What should it be made of?",
        ("person", Lang::Zh) => "是给谁用的？",
        ("person", Lang::En) => "Who is it for?",
        (_, Lang::Zh) => "您想找哪一类？",
        (_, Lang::En) => "Which kind are you after?",
    }
}

/// The commonest values as quick replies that read like a shopper's words, and a way out where one may be open.
fn replies(facet: &Facet, hits: &[Hit], lang: Lang) -> Vec<Choice> {
    let zh = lang == Lang::Zh;
    let currency = hits.iter().map(|h| &*h.item.currency).find(|c| !c.is_empty()).unwrap_or_default();
    let mut said: Vec<String> = facet
        .values
        .iter()
        .map(|count| match &*facet.name {
            "price" => price_range(&count.value, currency, lang),
            "color" => color_name(&count.value, lang).to_owned(),
            "category" => leaf(&count.value).to_owned(),
            "material" => material_name(&count.value, lang).to_owned(),
            "person" => wearer(&count.value, lang).to_owned(),
            _ => count.value.clone(),
        })
        .filter(|label| !label.is_empty())
        .take(MOST_REPLIES)
        .collect();
    said.dedup();
    if said.len() > 1 {
        said.extend(
            match &*facet.name {
                "price" => Some(if zh { "预算不限" } else { "Any price" }),
                "color" => Some(if zh { "颜色不限" } else { "Any colour" }),
                "material" => Some(if zh { "材质不限" } else { "Any material" }),
                _ => None,
            }
            .map(str::to_owned),
        );
    }
    said.into_iter().map(|label| Choice { value: label.clone(), label }).collect()
}

/// "20-50" as people say it.
fn price_range(range: &str, currency: &str, lang: Lang) -> String {
    let amount = |text: &str| Money::parse(&format!("{text} {currency}")).ok().map(|m| m.display().trim_end_matches(".00").to_owned());
    let (low, high) = range.split_once('-').unwrap_or((range, ""));
    match (amount(low), amount(high), lang) {
        (Some(low), Some(high), Lang::Zh) => format!("{low} 到 {high}"),
        (Some(low), Some(high), Lang::En) => format!("{low} to {high}"),
        (None, Some(high), Lang::Zh) => format!("{high} 以内"),
        (None, Some(high), Lang::En) => format!("Under {high}"),
        (Some(low), None, Lang::Zh) => format!("{low} 以上"),
        (Some(low), None, Lang::En) => format!("Over {low}"),
        (None, None, _) => String::new(),
    }
}

fn wearer(value: &str, lang: Lang) -> &'static str {
    match (value, lang) {
        ("male", Lang::Zh) => "男款",
        ("male", Lang::En) => "Men's",
        ("female", Lang::Zh) => "女款",
        ("female", Lang::En) => "Women's",
        (_, Lang::Zh) => "儿童款",
        (_, Lang::En) => "For kids",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_price_reads_as_a_shopper_says_it_and_is_understood() {
        for (range, lang, said, min, max) in [
            ("-50", Lang::En, "Under S$50", None, Some(5_000)),
            ("50-100", Lang::En, "S$50 to S$100", Some(5_000), Some(10_000)),
            ("100-", Lang::Zh, "S$100 以上", Some(10_000), None),
            ("50-100", Lang::Zh, "S$50 到 S$100", Some(5_000), Some(10_000)),
        ] {
            let label = price_range(range, "SGD", lang);
            assert_eq!(label, said);
            let read = super::super::understand::understand(&label).filters;
            assert_eq!((read.price_min, read.price_max), (min, max), "{label}");
        }
    }
}
