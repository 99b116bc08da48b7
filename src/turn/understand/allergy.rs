//! In: a reading. Out: what the shopper must not have (allergic to nuts, 对海鲜过敏, 不能吃花生), and which allergies are taken back
//! (其实不过敏). A wish can be loosened, this cannot: only plain words take an allergy back.

use super::{
    lang::Lang,
    lexicon::{book, parse},
    marks::{Keep, Marks},
    phrasebook::Phrasebook,
    reading::{Kind, Reading},
    terms,
};
use serde::Deserialize;
use std::{ops::Range, sync::LazyLock};

#[derive(Debug, Default, PartialEq)]
pub(super) struct Allergies {
    /// Names of the lexicon's allergens, or the word itself where it has none.
    pub told: Vec<String>,
    /// Those that are over; an empty list is all of them.
    pub recovered: Option<Vec<String>>,
}

/// How far from its cue an allergen may stand, in tokens.
const NEAR: usize = 8;

pub(super) fn allergies(reading: &Reading, marks: &mut Marks) -> Allergies {
    let mut found = Allergies::default();
    // An allergy was spoken of in a clause before; one was taken back.
    let (mut spoken, mut all) = (false, false);
    for clause in clauses(reading) {
        let cues: Vec<usize> = clause.clone().filter(|at| is_cue(reading, *at)).collect();
        let named = named(reading, &clause);
        if let Some(back) = taken_back(reading, &clause, &cues, &named, spoken) {
            all |= back.is_empty();
            found.recovered.get_or_insert_default().extend(back);
            marks.take(reading, clause.clone(), Keep::Out, "recovered", "allergy");
        } else if !asks_for_mild(reading, &clause, &cues) {
            told(reading, &clause, &cues, &named, marks, &mut found.told);
        }
        spoken |= !cues.is_empty();
    }
    if !found.told.is_empty() {
        // «Which cookies are safe?»
        (0..reading.len())
            .filter(|at| matches!(reading.word(*at), "safe" | "safely" | "allowed"))
            .for_each(|at| marks.cover(at..at + 1, Keep::Out));
    }
    let mut seen = Vec::new();
    found.told.retain(|name| !seen.contains(name) && (seen.push(name.clone()), true).1);
    if let Some(back) = &mut found.recovered {
        back.retain(|name| !found.told.contains(name));
        if all {
            back.clear();
        } else if back.is_empty() {
            // Only what was told anew in the same breath: nothing is over.
            found.recovered = None;
        }
    }
    found
}

/// An allergen and where it stands.
type Named = (Range<usize>, &'static Allergen);

fn named(reading: &Reading, clause: &Range<usize>) -> Vec<Named> {
    let all = ALLERGENS.book.all(reading);
    all.into_iter().filter(|(r, _)| r.start >= clause.start && r.end <= clause.end).map(|(r, rows)| (r, &ALLERGENS.rows[rows[0]])).collect()
}

fn told(reading: &Reading, clause: &Range<usize>, cues: &[usize], named: &[Named], marks: &mut Marks, found: &mut Vec<String>) {
    let before = found.len();
    let eaten = ALLERGENS.eat.all(reading).into_iter().map(|(r, _)| r).find(|r| r.start >= clause.start && r.end <= clause.end);
    for (range, allergen) in named {
        let cued = cues.iter().any(|cue| range.end.min(*cue).abs_diff(range.start.max(*cue)) <= NEAR);
        let avoided = eaten.as_ref().is_some_and(|e| range.start.abs_diff(e.end).min(range.end.abs_diff(e.start)) <= NEAR);
        let lacking = lacking(reading, range, allergen);
        if !(cued || avoided || lacking.is_some()) || !marks.free(range) {
            continue;
        }
        found.push(allergen.en.clone());
        marks.take(reading, lacking.unwrap_or(range.clone()), Keep::Out, "allergy", allergen.en.clone());
    }
    if let Some(at) = cues.first().filter(|_| found.len() == before).and_then(|cue| other(reading, *cue)) {
        found.push(reading.word(at).to_owned());
        marks.take(reading, at..at + 1, Keep::Out, "allergy", reading.word(at));
    }
    for cue in cues {
        cover(reading, *cue..cue + usize::from(reading.kind(*cue) == Some(Kind::Han)) + 1, clause, marks);
    }
    if let Some(eaten) = eaten.filter(|_| found.len() > before) {
        cover(reading, eaten, clause, marks);
    }
}

/// Takes the words around a cue out of the search with it.
fn cover(reading: &Reading, cue: Range<usize>, clause: &Range<usize>, marks: &mut Marks) {
    let (mut start, mut end) = (cue.start, cue.end.min(reading.len()));
    let small = |w: &str| {
        let en = ["i", "im", "am", "have", "a", "an", "is", "has", "s", "who", "she", "shes", "he", "hes", "they", "just", "really"];
        let zh = ["对", "我", "他", "她", "也", "都", "还", "很", "比", "较"];
        en.contains(&w) || zh.contains(&w)
    };
    while start > clause.start && small(reading.word(start - 1)) {
        start -= 1;
    }
    while end < clause.end && matches!(reading.word(end), "to" | "and" | "or" | "either" | "too" | "受" | "的" | "症") {
        end += 1;
    }
    marks.cover(start..end, Keep::Out);
}

/// "Nut free", "free of nuts", "no milk", 不含坚果: the whole of it. What is worn is refused like any material.
fn lacking(reading: &Reading, range: &Range<usize>, allergen: &Allergen) -> Option<Range<usize>> {
    let post = reading.word(range.end) == "free" && !matches!(reading.word(range.end + 1), "delivery" | "shipping" | "gift" | "sample");
    if post {
        let mut start = range.start;
        while start > 0 && matches!(reading.before(start), "must" | "be" | "should" | "needs" | "need" | "to" | "has" | "strictly") {
            start -= 1;
        }
        return Some(start..range.end + 1);
    }
    let back = |book: &Phrasebook<()>| book.ending(reading, range.start).map(|(start, _)| start..range.end);
    back(&ALLERGENS.free).or_else(|| back(&ALLERGENS.without).filter(|_| !allergen.worn))
}

/// The allergies a clause takes back: those named, or with an empty list all. `None` when it takes none back.
fn taken_back(reading: &Reading, clause: &Range<usize>, cues: &[usize], named: &[Named], spoken: bool) -> Option<Vec<String>> {
    let says = |book: &Phrasebook<()>| clause.clone().any(|at| book.at(reading, at).is_some_and(|(n, _)| at + n <= clause.end));
    if asks(reading, clause) {
        return None;
    }
    let denied = cues.iter().any(|cue| denied(reading, clause, *cue));
    let whose = !named.is_empty() || spoken || clause.len() <= 3 || says(&ALLERGENS.whose);
    let others = cues
        .iter()
        .any(|cue| reading.kind(*cue) == Some(Kind::Han) && reading.word(cue + 2) == "是" && reading.word(clause.end - 1) == "的");
    let dismissed = (!cues.is_empty() || spoken || !named.is_empty()) && says(&ALLERGENS.dismiss) || others;
    // «医生说坚果没问题了»: only with its name.
    let eat = says(&ALLERGENS.eat) || clause.clone().any(|at| matches!(reading.word(at), "not" | "isnt" | "arent" | "cant" | "不"));
    let fine = cues.is_empty() && !named.is_empty() && !eat && says(&ALLERGENS.fine) && says(&ALLERGENS.may);
    (denied && whose || dismissed || fine).then(|| named.iter().map(|(_, allergen)| allergen.en.clone()).collect())
}

/// "Not allergic", "no nut allergy", 不过敏, 不是花生过敏.
fn denied(reading: &Reading, clause: &Range<usize>, cue: usize) -> bool {
    if reading.kind(cue) == Some(Kind::Han) {
        let from = cue.saturating_sub(NEAR).max(clause.start);
        let lacks = (from..cue).any(|at| match reading.word(at) {
            "没" => reading.before(at) != "有",
            "不" => {
                let after = reading.word(at + 1);
                after == "再" || (after == "是" && reading.before(at) != "是")
            }
            _ => false,
        });
        // 不过敏的面霜 is a kind of cream.
        return lacks || (reading.before(cue) == "不" && reading.word(cue + 2) != "的");
    }
    let filler = |at: usize| {
        let small =
            ["any", "known", "food", "more", "longer", "other", "really", "actually", "even", "to", "a", "an", "of", "these", "have"];
        small.contains(&reading.word(at)) || ALLERGENS.book.at(reading, at).is_some()
    };
    let mut at = cue;
    while at > clause.start && cue - at < NEAR {
        at -= 1;
        match reading.word(at) {
            "no" | "not" | "never" | "isnt" | "arent" | "wasnt" | "dont" | "doesnt" | "aint" | "nor" => return true,
            _ if filler(at) => {}
            _ => return false,
        }
    }
    false
}

/// "Something she is not allergic to?": a question takes nothing back.
fn asks(reading: &Reading, clause: &Range<usize>) -> bool {
    let opens =
        matches!(reading.word(clause.start), "is" | "are" | "does" | "do" | "can" | "could" | "what" | "which" | "anything" | "any");
    let marked =
        clause.clone().any(|at| matches!(reading.word(at), "?" | "吗" | "么")) && !clause.clone().any(|at| reading.word(at) == "什");
    opens || marked || matches!(reading.word(clause.end), "?")
}

/// 不过敏的面霜, hypoallergenic in other words: no allergy of anybody's.
fn asks_for_mild(reading: &Reading, clause: &Range<usize>, cues: &[usize]) -> bool {
    cues.iter().any(|cue| {
        reading.kind(*cue) == Some(Kind::Han)
            && *cue > clause.start
            && matches!(reading.before(*cue), "不" | "抗" | "防" | "低" | "脱" | "致")
    })
}

/// Sentences, and their parts where another statement begins.
fn clauses(reading: &Reading) -> Vec<Range<usize>> {
    let (mut clauses, mut from) = (Vec::new(), 0);
    for at in 0..reading.len() {
        let (word, before) = (reading.word(at), reading.before(at));
        let han = |at: usize| reading.kind(at) == Some(Kind::Han);
        let ended = matches!(before, "." | "。" | "，" | ";" | "!" | "?" | "：" | "…" | "~");
        let apart = at > 0 && han(at) && han(at - 1) && !reading.glued(at);
        let comma = matches!(before, "," | "-" | ":" | "–") && (opens(word) || han(at));
        // «不是花生过敏是芝麻过敏»
        let corrected = word == "是" && (before == "敏" && !last_is_of(reading, at) || before == "而");
        if at > from && (ended || apart || comma || corrected || matches!(word, "but" | "however") || (word == "但" && before != "不")) {
            clauses.push(from..at);
            from = at;
        }
    }
    if from < reading.len() {
        clauses.push(from..reading.len());
    }
    clauses
}

/// «过敏是我姐姐的»: no correction, but whose it is.
fn last_is_of(reading: &Reading, at: usize) -> bool {
    let stop =
        (at..reading.len()).find(|i| reading.kind(*i) != Some(Kind::Han) || (*i > at && !reading.glued(*i))).unwrap_or(reading.len());
    reading.before(stop) == "的"
}

fn opens(word: &str) -> bool {
    const OPENERS: [&str; 36] = [
        "i", "im", "ive", "she", "shes", "he", "hes", "they", "it", "its", "this", "that", "forget", "never", "ignore", "the", "my", "so",
        "actually", "any", "which", "what", "do", "does", "can", "is", "are", "need", "just", "only", "but", "we", "have", "show", "got",
        "turns",
    ];
    OPENERS.contains(&word)
}

fn is_cue(reading: &Reading, at: usize) -> bool {
    let after = |n: usize| reading.word(at + n);
    match reading.word(at) {
        "allergic" | "allergy" | "allergies" | "intolerant" | "intolerance" | "coeliac" | "celiac" | "coeliacs" | "celiacs" => true,
        "过" => after(1) == "敏" && after(2) != "原",
        "不" => after(1) == "耐" && (after(2) == "受" || matches!(reading.before(at), "糖" | "质" | "蛋" | "奶")),
        _ => false,
    }
}

/// "Allergic to pollen", "a pollen allergy": the word beside it.
fn other(reading: &Reading, cue: usize) -> Option<usize> {
    let at = match reading.word(cue + 1) {
        "to" => cue + 2,
        _ => cue.checked_sub(1)?,
    };
    // "Same allergy": as told before.
    let told = matches!(reading.word(at), "same" | "said" | "above" | "usual");
    (reading.kind(at) == Some(Kind::Word) && !terms::is_stop(reading, at) && !told).then_some(at)
}

/// Every word that gives an allergen away.
pub fn allergen_words(allergen: &str) -> Vec<&str> {
    row(allergen).map_or_else(|| vec![allergen], |row| row.words.iter().map(String::as_str).collect())
}

/// Those words, and the short names under which a label says that there is none of it.
pub fn absent_words(allergen: &str) -> Vec<&str> {
    let short = row(allergen).map(|row| row.free.iter().map(String::as_str)).into_iter().flatten();
    allergen_words(allergen).into_iter().chain(short).chain([allergen, allergen_name(allergen, Lang::Zh)]).collect()
}

pub fn allergen_name(allergen: &str, lang: Lang) -> &str {
    match row(allergen) {
        Some(row) if lang == Lang::Zh => &row.zh,
        _ => allergen,
    }
}

fn row(allergen: &str) -> Option<&'static Allergen> {
    ALLERGENS.rows.iter().find(|row| row.en == allergen)
}

static ALLERGENS: LazyLock<Allergens> = LazyLock::new(|| {
    let file = parse::<File>(include_str!("../../../assets/lexicon/allergens.toml"));
    let mut words = Phrasebook::new();
    for (n, row) in file.allergen.iter().enumerate() {
        for word in row.said.iter().map(String::as_str).chain([row.en.as_str(), row.zh.as_str()]) {
            words.add(word, n);
        }
    }
    let cues = file.cues;
    Allergens {
        book: words,
        rows: file.allergen,
        eat: book(&cues.eat),
        free: book(&cues.free),
        without: book(&cues.without),
        dismiss: book(&cues.dismiss),
        fine: book(&cues.fine),
        may: book(&cues.may),
        whose: book(&cues.whose),
    }
});

struct Allergens {
    book: Phrasebook<usize>,
    rows: Vec<Allergen>,
    eat: Phrasebook<()>,
    free: Phrasebook<()>,
    without: Phrasebook<()>,
    dismiss: Phrasebook<()>,
    fine: Phrasebook<()>,
    may: Phrasebook<()>,
    whose: Phrasebook<()>,
}

#[derive(Deserialize)]
struct File {
    allergen: Vec<Allergen>,
    cues: Cues,
}

#[derive(Deserialize)]
struct Cues {
    eat: Vec<String>,
    free: Vec<String>,
    without: Vec<String>,
    dismiss: Vec<String>,
    fine: Vec<String>,
    may: Vec<String>,
    whose: Vec<String>,
}

#[derive(Deserialize, Debug)]
struct Allergen {
    en: String,
    zh: String,
    /// Other names under which people have it.
    #[serde(default)]
    said: Vec<String>,
    /// Short names for its absence.
    #[serde(default)]
    free: Vec<String>,
    /// It touches the skin; it is not eaten.
    #[serde(default)]
    worn: bool,
    words: Vec<String>,
}
