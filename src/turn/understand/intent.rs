//! In: a reading. Out: what the message asks for, by strong lexical cues; without one it is a search (`Find`).
//! The cues are `intents.toml`. Rules know no paraphrase: a learned classifier may overrule `Find`, never `Emergency`.

use super::{
    lexicon::{book, parse},
    marks::{Keep, Marks},
    phrasebook::Phrasebook,
    reading::{Kind, Reading},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, ops::Range, sync::LazyLock};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    Find,
    /// Change the results on the screen.
    Refine(Refinement),
    Compare,
    Detail,
    Availability,
    Price,
    Policy,
    OrderStatus,
    /// Something about an order is to be done.
    AfterSales(Deed),
    /// Advice, without a kind of product.
    Recommend,
    Gift,
    SizeFit,
    /// Registration, password, newsletter.
    Account,
    /// How to order.
    Buy,
    /// Where to rate or praise.
    Review,
    SmallTalk,
    Human,
    Greeting,
    Thanks,
    Goodbye,
    Abuse,
    Emergency,
    OutOfScope,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    Cancel,
    Change,
    Return,
    Exchange,
    Refund,
    Complaint,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refinement {
    /// As the filters say.
    Same,
    Cheaper,
    Dearer,
    OtherColor,
    More,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    Cheapest,
    Dearest,
    Newest,
    BestRated,
}

/// The intent of a message. `pointing`: it points at a shown product (it, this one, the second).
pub(super) fn intent(reading: &Reading, pointing: bool, marks: &mut Marks) -> Intent {
    if let Some(pleasantry) = pleasantry(reading) {
        return pleasantry;
    }
    let refine = CUES.refine.all(reading).into_iter().find(|(range, _)| !marks.says(reading, range, "price"));
    // The longest cue wins, the earlier intent at a tie; the first two of the list always win.
    let cue = cues(reading).into_iter().map(|(range, weight, id)| (id <= CUES.urgent, weight, std::cmp::Reverse(id), range));
    let best = cue.max_by_key(|(urgent, len, id, _)| (*urgent, *len, *id)).map(|(_, _, id, range)| (CUES.intents[id.0], range));
    match (best, refine) {
        (Some((intent, range)), None) if serious(intent) || !own_words(reading, intent, &range, pointing) => {
            let stays = serious(intent) && intent != Intent::Abuse;
            marks.take(reading, range, if stays { Keep::InTerms } else { Keep::Out }, "intent", format!("{intent:?}"));
            intent
        }
        (Some((intent, range)), Some(_)) if serious(intent) || intent == Intent::Compare => {
            marks.take(reading, range, Keep::InTerms, "intent", format!("{intent:?}"));
            intent
        }
        (_, Some((range, values))) => {
            marks.take(reading, range, Keep::Out, "refine", format!("{:?}", values[0]));
            Intent::Refine(values[0])
        }
        _ => Intent::Find,
    }
}

/// How the results should change, whatever else the message asks: "got something simpler and cheaper for him?"
pub(super) fn refinement_said(reading: &Reading, marks: &Marks) -> Option<Refinement> {
    let said: Vec<Refinement> = CUES
        .refine
        .all(reading)
        .into_iter()
        .filter(|(range, _)| !marks.says(reading, range, "price"))
        .map(|(_, values)| values[0])
        .collect();
    // "Similar ones, but cheaper" is about the price.
    said.iter().find(|r| matches!(r, Refinement::Cheaper | Refinement::Dearer)).or(said.first()).copied()
}

/// How to order the results: best rated, 最便宜. Its words leave the search.
pub(super) fn sort(reading: &Reading, marks: &mut Marks) -> Option<Sort> {
    let (range, sorts) = CUES.sort.all(reading).into_iter().find(|(range, _)| marks.free(range))?;
    marks.take(reading, range, Keep::Out, "sort", format!("{:?}", sorts[0]));
    Some(sorts[0])
}

/// True when only what is in stock is wanted: a statement, not the question «is it in stock?».
pub(super) fn in_stock(reading: &Reading, marks: &mut Marks) -> bool {
    let Some((range, _)) = CUES.stock.all(reading).into_iter().find(|(range, _)| marks.free(range)) else {
        return false;
    };
    if question(reading) {
        return false;
    }
    marks.take(reading, range, Keep::Out, "stock", "in_stock");
    true
}

/// True when what costs less than usually is wanted: 有打折的吗, "what is on sale".
pub(super) fn on_sale(reading: &Reading, marks: &mut Marks) -> bool {
    let found = CUES.on_sale.all(reading).into_iter().find(|(range, _)| marks.free(range));
    if let Some((range, _)) = &found {
        marks.take(reading, range.clone(), Keep::Out, "on_sale", "on_sale");
    }
    found.is_some()
}

/// Not about products on the shelf: the words stay as they are.
fn serious(intent: Intent) -> bool {
    use Intent::*;
    matches!(intent, Policy | OrderStatus | AfterSales(_) | Human | Abuse | Emergency | OutOfScope)
}

/// A cue that only describes the thing sought (a jacket that is in stock; a tent that does it).
fn own_words(reading: &Reading, intent: Intent, range: &Range<usize>, pointing: bool) -> bool {
    match intent {
        Intent::Availability => !question(reading) && !pointing && reading.len() > range.len(),
        Intent::Price => reading.phrase(range.clone()).contains("price of") && range.start > 0 && !question(reading),
        _ => false,
    }
}

fn question(reading: &Reading) -> bool {
    let asks = ["?", "吗", "么", "没"];
    let opens = ["is", "are", "do", "does", "any", "have", "can", "还", "有没"];
    (0..reading.len()).any(|i| asks.contains(&reading.word(i))) || opens.contains(&reading.word(0))
}

/// Greeting, thanks or goodbye, when the message is nothing else.
fn pleasantry(reading: &Reading) -> Option<Intent> {
    let (mut at, mut found) = (0, None);
    while at < reading.len() {
        if let Some((n, ids)) = CUES.alone.at(reading, at) {
            found = found.max(Some(ids[0]));
            at += n;
        } else if let Some((n, _)) = CUES.filler.at(reading, at) {
            at += n;
        } else if reading.kind(at) == Some(Kind::Mark) {
            at += 1;
        } else {
            return None;
        }
    }
    found.map(|rank| [Intent::Greeting, Intent::Thanks, Intent::Goodbye][rank])
}

/// Every cue in the message with its place in the list. Its weight is its length; a pair weighs a little more.
fn cues(reading: &Reading) -> Vec<(Range<usize>, usize, usize)> {
    let mut found: Vec<_> =
        (0..reading.len()).filter_map(|at| CUES.words.at(reading, at).map(|(n, ids)| (at..at + n, n, ids[0]))).collect();
    for (left, right, id) in &CUES.pairs {
        let (left, right) = (left.all(reading), right.all(reading));
        let apart = left.iter().find_map(|(a, _)| right.iter().find(|(b, _)| a.end <= b.start || b.end <= a.start).map(|(b, _)| (a, b)));
        if let Some((a, b)) = apart {
            found.push((b.clone(), a.len() + b.len() + 1, *id));
        }
    }
    found
}

static CUES: LazyLock<Cues> = LazyLock::new(Cues::build);

struct Cues {
    intents: Vec<Intent>,
    /// Intents up to this place win over any other.
    urgent: usize,
    words: Phrasebook<usize>,
    pairs: Vec<(Phrasebook<()>, Phrasebook<()>, usize)>,
    /// 0 greeting, 1 thanks, 2 goodbye.
    alone: Phrasebook<usize>,
    filler: Phrasebook<()>,
    refine: Phrasebook<Refinement>,
    sort: Phrasebook<Sort>,
    stock: Phrasebook<()>,
    on_sale: Phrasebook<()>,
}

impl Cues {
    fn build() -> Self {
        #[derive(Deserialize)]
        struct Row {
            id: String,
            #[serde(default)]
            words: Vec<String>,
            #[serde(default)]
            alone: Vec<String>,
            #[serde(default)]
            both: Vec<String>,
        }
        #[derive(Deserialize)]
        struct Words {
            words: Vec<String>,
        }
        #[derive(Deserialize)]
        struct File {
            intent: Vec<Row>,
            filler: Words,
            refine: BTreeMap<String, Vec<String>>,
            sort: BTreeMap<String, Vec<String>>,
            stock: Words,
            on_sale: Words,
        }
        let file: File = parse(include_str!("../../../assets/lexicon/intents.toml"));
        let mut cues = Cues {
            intents: Vec::new(),
            urgent: 0,
            words: Phrasebook::new(),
            pairs: Vec::new(),
            alone: Phrasebook::new(),
            filler: book(&file.filler.words),
            refine: Phrasebook::of(pairs(&file.refine, refinement)),
            sort: Phrasebook::of(pairs(&file.sort, order)),
            stock: book(&file.stock.words),
            on_sale: book(&file.on_sale.words),
        };
        for (id, row) in file.intent.iter().enumerate() {
            let intent = named(&row.id);
            cues.intents.push(intent);
            cues.urgent = if intent == Intent::Human { id } else { cues.urgent };
            row.words.iter().for_each(|word| cues.words.add(word, id));
            let rank = [Intent::Greeting, Intent::Thanks, Intent::Goodbye].iter().position(|i| *i == intent).unwrap_or(0);
            row.alone.iter().for_each(|word| cues.alone.add(word, rank));
            for pair in &row.both {
                let (left, right) = pair.split_once('#').expect("a pair has two sides");
                let side = |text: &str| book(&text.split('|').map(str::trim).collect::<Vec<_>>());
                cues.pairs.push((side(left), side(right), id));
            }
        }
        cues
    }
}

fn pairs<T: Copy>(map: &BTreeMap<String, Vec<String>>, value: fn(&str) -> T) -> Vec<(&str, T)> {
    map.iter().flat_map(|(id, words)| words.iter().map(move |w| (w.as_str(), value(id)))).collect()
}

fn named(id: &str) -> Intent {
    match id {
        "emergency" => Intent::Emergency,
        "human" => Intent::Human,
        "order_status" => Intent::OrderStatus,
        "cancel" => Intent::AfterSales(Deed::Cancel),
        "change" => Intent::AfterSales(Deed::Change),
        "return" => Intent::AfterSales(Deed::Return),
        "exchange" => Intent::AfterSales(Deed::Exchange),
        "refund" => Intent::AfterSales(Deed::Refund),
        "complaint" => Intent::AfterSales(Deed::Complaint),
        "policy" => Intent::Policy,
        "abuse" => Intent::Abuse,
        "out_of_scope" => Intent::OutOfScope,
        "compare" => Intent::Compare,
        "price" => Intent::Price,
        "availability" => Intent::Availability,
        "detail" => Intent::Detail,
        "thanks" => Intent::Thanks,
        "goodbye" => Intent::Goodbye,
        "greeting" => Intent::Greeting,
        _ => Intent::Find,
    }
}

fn refinement(id: &str) -> Refinement {
    match id {
        "cheaper" => Refinement::Cheaper,
        "dearer" => Refinement::Dearer,
        "other_color" => Refinement::OtherColor,
        _ => Refinement::More,
    }
}

fn order(id: &str) -> Sort {
    match id {
        "cheapest" => Sort::Cheapest,
        "dearest" => Sort::Dearest,
        "newest" => Sort::Newest,
        _ => Sort::BestRated,
    }
}
