//! In: a reading. Out: the catalogue colours said and refused in it. Words that are often something else
//! (orange, cream, mint; 红 in 红酒) count only in the company of a colour or before a product.

use super::{
    lang::Lang,
    lexicon::{department_at, parse},
    marks::{Keep, Marks},
    phrasebook::Phrasebook,
    reading::{Kind, Reading},
    reject,
};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, HashSet},
    ops::Range,
    sync::LazyLock,
};

/// The catalogue colour of a word, alone: `藏青` → `navy`, `maroon` → `burgundy`, `black` → `black`.
pub fn base_color(word: &str) -> Option<&'static str> {
    let shades = COLOURS.book.get(word)?;
    shades.iter().find_map(|s| (s.strength != Strength::Never).then(|| COLOURS.rows[s.colours[0]].id.as_str()))
}

/// The name of a catalogue colour in a reply; a colour of no list comes back as it is.
pub fn color_name(base: &str, lang: Lang) -> &str {
    let Some(row) = COLOURS.rows.iter().find(|r| r.id == base) else {
        return base;
    };
    match lang {
        Lang::Zh => &row.zh,
        Lang::En => &row.en,
    }
}

/// Catalogue colours next to this one: a shopper who says blue may like navy. Empty when it has none.
pub fn color_family(base: &str) -> &'static [String] {
    COLOURS.rows.iter().find(|r| r.id == base).map_or(&[], |r| r.family.as_slice())
}

#[derive(Debug, Default, PartialEq)]
pub(super) struct Said {
    pub wanted: Vec<String>,
    pub refused: Vec<String>,
}

pub(super) fn colours(reading: &Reading, marks: &mut Marks) -> Said {
    let found: Vec<(Range<usize>, &Shade)> = COLOURS.book.all(reading).into_iter().filter_map(|(r, s)| Some((r, s.first()?))).collect();
    let strong: Vec<bool> = found.iter().map(|(r, s)| marks.free(r) && s.counts(reading, r)).collect();
    let mut said = Said::default();
    let mut refused_until = None;
    for (i, (range, shade)) in found.iter().enumerate() {
        let joined = |j: usize| strong.get(j).copied().unwrap_or(false) && list_between(reading, &found, i.min(j));
        let beside = shade.strength != Strength::Never && marks.free(range) && (joined(i + 1) || i.checked_sub(1).is_some_and(joined));
        if !(strong[i] || beside) || is_ware(reading, range) {
            continue;
        }
        // «turquoise blue» is one colour, the first.
        let same = i.checked_sub(1).is_some_and(|j| {
            let (before, family) = (&found[j], |s: &Shade| s.colours.first().map_or(&[][..], |c| COLOURS.rows[*c].family.as_slice()));
            strong[j] && before.0.end == range.start && shade.colours.iter().all(|c| family(before.1).contains(&COLOURS.rows[*c].id))
        });
        if same {
            marks.cover(range.clone(), Keep::Out);
            continue;
        }
        let continued = refused_until.is_some_and(|end: usize| i > 0 && end == i - 1 && list_between(reading, &found, i - 1));
        let no = continued || reject::refuses(reading, range);
        refused_until = no.then_some(i);
        let range = with_tail(reading, range.clone());
        for colour in shade.colours.iter().map(|c| &COLOURS.rows[*c].id) {
            let list = if no { &mut said.refused } else { &mut said.wanted };
            if !list.contains(colour) {
                list.push(colour.clone());
            }
            marks.note(reading, &range, if no { "not_colour" } else { "colour" }, colour.clone());
        }
        let range = if no { reject::scope(reading, &range) } else { range };
        marks.cover(range, Keep::Out);
    }
    said
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Strength {
    Always,
    /// An English word that is often something else.
    Weak,
    /// One Chinese character.
    Char,
    /// A longer word that holds a colour and is none.
    Never,
}

#[derive(Debug, Clone, PartialEq)]
struct Shade {
    strength: Strength,
    colours: Vec<usize>,
    before_product: bool,
}

impl Shade {
    fn counts(&self, reading: &Reading, range: &Range<usize>) -> bool {
        let (prev, next) = (reading.before(range.start), reading.word(range.end));
        let coloured = |at| department_at(reading, at).is_some_and(|(_, d)| COLOURS.departments.contains(d));
        let label = |w: &str| matches!(w, "color" | "colour" | "colors" | "colours" | "colored" | "coloured" | "shade" | "hue");
        match self.strength {
            Strength::Always => true,
            Strength::Never => false,
            Strength::Char => {
                matches!(next, "色" | "系" | "的" | "款") && !matches!(reading.word(range.end + 1), "茶" | "酒")
                    || coloured(range.end)
                    || (department_at(reading, range.end).is_some_and(|(_, d)| d == "features")
                        && reading.kind(range.end) == Some(Kind::Han)
                        && range.start == 0)
                    || reading.len() == 1
            }
            Strength::Weak => {
                let ends = !matches!(reading.kind(range.end), Some(Kind::Word | Kind::Han))
                    || matches!(
                        next,
                        "or" | "and" | "please" | "if" | "with" | "under" | "for" | "size" | "but" | "one" | "ones" | "below"
                    );
                label(next)
                    || label(prev)
                    || matches!(next, "finish" | "tone")
                    || (matches!(prev, "in") && ends)
                    || (matches!(prev, "the" | "a" | "an" | "") && matches!(next, "one" | "ones"))
                    || (self.before_product && coloured(range.end))
                    || (range.start == 0 && range.end == reading.len())
            }
        }
    }
}

/// Whether a colour's name is that of a thing to eat or drink here: «巧克力有吗», "coffee". Not where it calls itself a colour, nor beside
/// a thing that may have it.
fn is_ware(reading: &Reading, range: &Range<usize>) -> bool {
    let food = |at: usize| department_at(reading, at).filter(|(_, department)| *department == "food").map(|(n, _)| at + n);
    let Some(end) = food(range.start).filter(|end| *end >= range.end) else { return false };
    let label =
        |at: usize| matches!(reading.word(at), "色" | "系" | "款" | "color" | "colour" | "colored" | "coloured" | "shade" | "one" | "ones");
    let in_it = matches!(reading.before(range.start), "in" | "color" | "colour");
    let things = (0..reading.len()).filter(|at| !(range.start..end).contains(at));
    let coloured = things.filter_map(|at| department_at(reading, at)).any(|(_, department)| COLOURS.departments.contains(department));
    !label(range.end) && !label(end) && !in_it && !coloured
}

/// Colours joined by and, or, a comma, a slash: 黑色和白色, red or orange.
fn list_between(reading: &Reading, found: &[(Range<usize>, &Shade)], left: usize) -> bool {
    let (Some((a, _)), Some((b, _))) = (found.get(left), found.get(left + 1)) else {
        return false;
    };
    let join = |w: &str| matches!(w, "and" | "or" | "," | "、" | "/" | "和" | "或" | "跟" | "者" | "nor" | "&" | "的");
    b.start > a.end && b.start - a.end <= 2 && (a.end..b.start).all(|i| join(reading.word(i)))
}

fn with_tail(reading: &Reading, range: Range<usize>) -> Range<usize> {
    let mut end = range.end;
    if matches!(reading.word(end), "色") {
        end += 1;
    }
    if matches!(reading.word(end), "系" | "color" | "colour" | "colored" | "coloured" | "的") {
        end += 1;
    }
    let modifier = |at: usize| COLOURS.modifiers.contains(reading.word(at));
    let start = if range.start > 0 && modifier(range.start - 1) { range.start - 1 } else { range.start };
    start..end
}

/// Where colours are named, wanted or not.
pub(super) fn named(reading: &Reading) -> Vec<std::ops::Range<usize>> {
    COLOURS.book.all(reading).into_iter().map(|(range, _)| range).collect()
}

static COLOURS: LazyLock<Colours> = LazyLock::new(Colours::build);

struct Colours {
    rows: Vec<Row>,
    book: Phrasebook<Shade>,
    departments: HashSet<String>,
    modifiers: HashSet<String>,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    zh: String,
    en: String,
    #[serde(default)]
    char: Vec<String>,
    #[serde(default)]
    stems: Vec<String>,
    #[serde(default)]
    stems_weak: Vec<String>,
    words: Vec<String>,
    #[serde(default)]
    words_weak: Vec<String>,
    family: Vec<String>,
}

impl Colours {
    fn build() -> Self {
        #[derive(Deserialize)]
        struct Lists {
            #[serde(default)]
            zh: Vec<String>,
            #[serde(default)]
            en: Vec<String>,
            #[serde(default)]
            words: Vec<String>,
            #[serde(default)]
            names: Vec<String>,
        }
        #[derive(Deserialize)]
        struct File {
            color: Vec<Row>,
            pairs: BTreeMap<String, Vec<String>>,
            not_colours: Lists,
            before_product: Lists,
            coloured_departments: Lists,
            modifiers: Lists,
        }
        let file: File = parse(include_str!("../../../assets/lexicon/colours.toml"));
        let shade = |strength, colours, before_product| Shade { strength, colours, before_product };
        let mut book = Phrasebook::new();
        for word in file.not_colours.zh.iter().chain(&file.not_colours.en) {
            book.add(word, shade(Strength::Never, vec![], false));
        }
        for (i, row) in file.color.iter().enumerate() {
            let always = shade(Strength::Always, vec![i], true);
            row.words.iter().chain(&row.stems).for_each(|w| book.add(w, always.clone()));
            row.char.iter().chain(&row.stems).chain(&row.stems_weak).for_each(|w| book.add(&format!("{w}色"), always.clone()));
            row.char.iter().for_each(|w| book.add(w, shade(Strength::Char, vec![i], true)));
            for word in &row.words_weak {
                book.add(word, shade(Strength::Weak, vec![i], file.before_product.words.contains(word)));
            }
            book.add(&row.zh, always.clone());
        }
        for (word, ids) in &file.pairs {
            let colours = ids.iter().filter_map(|id| file.color.iter().position(|r| r.id == *id)).collect();
            book.add(word, shade(Strength::Always, colours, true));
        }
        let modifiers = file.modifiers.words.into_iter().chain(file.modifiers.zh).collect();
        Colours { rows: file.color, book, departments: file.coloured_departments.names.into_iter().collect(), modifiers }
    }
}
