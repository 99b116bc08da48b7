//! A problem in ("my dog inhales his dinner", 想站着办公); the kinds of product that help with it, and what of the shop is one, out.
//!
//! What a problem's words name is not what is wanted: the sofa that the cat scratches, the phone that is full. So products are ranked by
//! the meaning of the whole message and by how likely they help, and by no word of it.

use super::Turn;
use super::cue::{self, plain};
use super::kind::{Kinds, Label, Name};
use super::understand::{Deed, Intent, problem, reader::Told};
use crate::errand::hear;
use crate::search::{Filter, Hit, Query};

/// How likely there may be no problem where something is looked for, or where the message may be something else.
const UNLESS_NONE: f32 = 0.9;
const LEAST: f32 = 0.5;
/// The same where it may be about an order or a rule, or follows others.
const SURELY: f32 = 0.2;
/// From this on what helps is what was asked for; below, it only comes near.
const HELPS: f32 = 0.15;
/// The same beside a kind that the message names, and where it sounds like a wish for a thing and tells of nobody.
const HELPS_BESIDE: f32 = 0.3;
const HELPS_WISH: f32 = 0.5;
/// Below this it says nothing.
const HARDLY: f32 = 0.03;
/// Share of what helps best that makes a thing worth showing.
const AS_GOOD: f32 = 0.15;
/// Problems looked at, and the least likely of them.
const MOST: usize = 8;
const LIKELY: f32 = 0.02;
/// What the next kinds of a problem count beside the first.
const RANKS: [f32; 4] = [1.0, 0.8, 0.6, 0.5];
/// Standard deviations of meaning that e times the likelihood is worth, and the likelihood that is worth nothing.
const WORTH: f32 = 1.25;
const NOTHING: f32 = 0.02;
/// Products ranked.
const AMONG: usize = 400;
const LONGEST: usize = 160;
/// What is asked where a thing is named, and how sure the classifier must be of it.
const WISHES: [&str; 3] = ["find", "gift", "size_fit"];
const LIKELY_WISH: f32 = 0.5;

/// What may help.
pub struct Remedy {
    problems: Vec<(Vec<Name>, f32)>,
    /// The names of all kinds, to be looked for.
    words: String,
    meaning: String,
}

impl Remedy {
    pub fn query(&self, filter: Filter) -> Query {
        Query { text: self.words.clone(), meaning: Some(self.meaning.clone()), filter, limit: AMONG, ..Query::default() }
    }

    /// Whether it helps, as the probabilities of the problems it is named for.
    fn helps(&self, hit: &Hit) -> f32 {
        let label = Label::of(&hit.item);
        let share = |(names, share): &(Vec<Name>, f32)| {
            names.iter().zip(RANKS).find(|(name, _)| name.calls(&label)).map_or(0.0, |(_, rank)| rank * share)
        };
        self.problems.iter().map(share).sum()
    }

    /// What of the found is worth showing, the best first, and how likely the best helps.
    pub fn choose(&self, hits: Vec<Hit>) -> (Vec<Hit>, f32) {
        let worth = |helps: f32| WORTH * ((helps + NOTHING) / NOTHING).ln();
        let mut ranked: Vec<(f32, f32, Hit)> = hits
            .into_iter()
            .map(|hit| {
                let helps = self.helps(&hit);
                (hit.signals.text.unwrap_or(0.0) + worth(helps), helps, hit)
            })
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        let best = ranked.iter().map(|(_, helps, _)| *helps).fold(0.0, f32::max);
        if best >= HELPS {
            ranked.retain(|(_, helps, _)| *helps >= AS_GOOD * best);
        }
        (ranked.into_iter().map(|(.., hit)| hit).collect(), best)
    }

    pub fn is_sure(helps: f32) -> bool {
        helps >= HELPS
    }
}

impl Turn<'_> {
    /// Looks for what helps, where a message tells a problem that the shop has something for.
    ///
    /// # Errors
    /// When the index fails.
    pub(super) async fn seek_remedy(&mut self) -> anyhow::Result<()> {
        let wish = self.guess.clone().filter(|guess| WISHES.contains(&guess.label) && guess.sure >= LIKELY_WISH);
        let named = Kinds::of(&self.understanding.terms);
        if wish.as_ref().is_some_and(|wish| wish.label == "gift" || !named.is_empty()) {
            return Ok(());
        }
        let Some(told) = self.told_problem().await else { return Ok(()) };
        let likely: Vec<_> = told.likely.iter().take(MOST).take_while(|(_, share)| *share >= LIKELY).collect();
        let helping = |kind: &String| Kinds::of(kind).overlap(&named);
        // What is named is what helps.
        if likely.is_empty() || likely.iter().any(|(problem, share)| *share >= HELPS && problem.kinds.iter().any(helping)) {
            return Ok(());
        }
        let mut words: Vec<&str> = Vec::new();
        for kind in likely.iter().flat_map(|(problem, _)| &problem.kinds) {
            if !words.contains(&kind.as_str()) {
                words.push(kind);
            }
        }
        let remedy = Remedy {
            problems: likely.iter().map(|(problem, share)| (problem.kinds.iter().map(|kind| Name::of(kind)).collect(), *share)).collect(),
            words: words.join(" "),
            meaning: self.ask.text.chars().take(LONGEST).collect(),
        };
        let (hits, best) = remedy.choose(self.rooms.search.find(remedy.query(Filter::default())).await?.hits);
        let names: Vec<(&str, Name)> = words.iter().map(|word| (*word, Name::of(word))).collect();
        let mut sold: Vec<&str> = Vec::new();
        for label in hits.iter().take(super::retrieve::CARDS).map(|hit| Label::of(&hit.item)) {
            if let Some((word, _)) = names.iter().find(|(_, name)| name.calls(&label))
                && !sold.contains(word)
            {
                sold.push(word);
            }
        }
        let least = match wish {
            Some(_) if !tells_of_people(&self.ask.text) => HELPS_WISH,
            None if !named.is_empty() => HELPS_BESIDE,
            None if self.memory.shown.is_empty() => HARDLY,
            _ => HELPS,
        };
        self.note("remedy", serde_json::json!({"helps": best, "sold": sold}));
        if best < least {
            return Ok(());
        }
        self.understanding.intent = Intent::Find;
        // "After twenty minutes", "two flat whites": what happens is no wish.
        let filters = &mut self.understanding.filters;
        (filters.quantities, filters.sizes, filters.colors) = (Vec::new(), Vec::new(), Vec::new());
        if Remedy::is_sure(best) {
            self.understanding.terms = sold.join(" ");
        }
        self.remedy = Some(remedy);
        Ok(())
    }

    /// What a message that may tell a problem tells.
    async fn told_problem(&mut self) -> Option<Told<problem::Problem>> {
        use Intent::*;
        let own = &self.understanding;
        let of_own = self.memory.errands.customer.is_some() || hear::is_own(&self.ask.text);
        let at_hand = self.at_hand().is_some();
        let most = match own.intent {
            _ if !self.matters.is_empty()
                || self.ask.carried.is_some()
                || self.memory.errands.is_under_way()
                || (at_hand && own.reference.is_some()) =>
            {
                return None;
            }
            Find | Recommend | Gift if !at_hand => UNLESS_NONE,
            AfterSales(Deed::Complaint) | Detail | SizeFit | Availability | Price | OutOfScope | SmallTalk if !at_hand && !of_own => LEAST,
            AfterSales(_) | Policy if !at_hand && !of_own => SURELY,
            Find | Recommend | OutOfScope | SmallTalk => SURELY,
            _ => return None,
        };
        let told = problem::told(&self.meaning().await?, self.lang)?;
        self.note("problem", serde_json::json!({"none": told.none, "kinds": told.likely[0].0.kinds, "share": told.likely[0].1}));
        (told.none < most).then_some(told)
    }
}

/// "I forget to drink", 娃的零花钱: somebody tells of themselves or others; "for my daughter" only says whom a thing is for.
fn tells_of_people(text: &str) -> bool {
    const WORDS: [&str; 13] = ["i", "im", "ive", "me", "we", "our", "he", "she", "his", "my", "wanna", "cant", "keeps"];
    let text = plain(text).replace(" for my ", " ").replace(" for me ", " ");
    WORDS.iter().any(|word| cue::has(&text, word))
        || ["我", "娃", "孩子", "他", "她", "老是", "总是", "怎么"].iter().any(|word| text.contains(word))
}
