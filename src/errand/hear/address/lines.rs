//! Addresses written out in the English way: "443 Maple Drive, Suite 394, Fort Worth, TX 76165, USA", with or without commas, on one
//! line or several; and single lines of one, when it was asked for.

use super::place::{country_at, state_at};
use super::{empty, set};
use crate::aftersales::nouns::Address;
use crate::errand::Errands;
use crate::errand::hear::lexicon::{Field, LEXICON};
use crate::errand::hear::orders::Mention;
use crate::errand::hear::words::{Kind, Words};
use std::ops::Range;

/// Words an address may have at most.
const LONGEST: usize = 30;
/// Words between a house number and "street".
const STREET: usize = 6;

pub fn addresses(words: &Words, orders: &[Mention], asked: bool) -> Vec<(Range<usize>, Address)> {
    let mut found: Vec<(Range<usize>, Address)> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        // Within a Chinese address the house may be written so.
        let in_han = words.glued(at) && words.kind(at - 1) == Some(Kind::Han) && !super::han::BEFORE.contains(&words.word(at - 1));
        let free = !in_han && !orders.iter().any(|o| o.span.contains(&at));
        let Some(street) = street_at(words, at).filter(|_| free) else {
            at += 1;
            continue;
        };
        let (end, address) = read(words, orders, at, street);
        let whole = !address.zip.is_empty() || !address.state.is_empty() || !address.country.is_empty();
        let spoken_of = || {
            LEXICON.book("verb.address_words").has(words, 0..at)
                || ["ship", "deliver", "send", "moved", "live"].iter().any(|w| (0..at).any(|i| words.word(i).starts_with(w)))
        };
        if whole || asked || spoken_of() {
            found.push((at..end, address));
            at = end;
        } else {
            at += 1;
        }
    }
    found
}

/// Where the street's own line ends, when one begins here: a house number and a street, or a block.
fn street_at(words: &Words, at: usize) -> Option<usize> {
    let stops = |i: usize| words.ends(i) || matches!(words.word(i), "," | "(" | ":") || words.kind(i) == Some(Kind::Han);
    let block = matches!(words.word(at), "blk" | "block" | "po" | "p")
        || words.word(at).strip_prefix("blk").is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit()));
    if block {
        let has_number = (at..at + 5).any(|i| words.word(i).contains(|c: char| c.is_ascii_digit()));
        let boxed = !words.word(at).starts_with('p') || (at..at + 5).any(|i| words.word(i) == "box");
        let end = (at + 1..words.len()).find(|i| {
            (words.ends(*i) && words.word(at) != "p")
                || matches!(words.word(*i), "," | "#")
                || is_unit(words, *i)
                || country_at(words, *i).is_some()
        });
        return (has_number && boxed).then(|| end.unwrap_or(words.len()));
    }
    let number = words.kind(at) == Some(Kind::Number) && words.word(at).len() <= 6 && !words.word(at).contains(['.', ',']);
    if !number || words.word(at.wrapping_sub(1)) == "#" || (words.word(at.wrapping_sub(1)) == "-" && words.glued(at)) {
        return None;
    }
    let street =
        (at + 2..at + 2 + STREET).take_while(|i| !stops(i - 1) && *i < words.len()).filter(|i| LEXICON.streets.contains(words.word(*i)));
    // "100 Park View Avenue" ends with the last of them; "12 Oak Street, Park City" with the first line.
    let first: Vec<usize> = street.collect();
    // "580 Broadway" has no other name.
    let broadway = (words.word(at + 1) == "broadway" && first.is_empty()).then_some(at + 1);
    let last = broadway.or_else(|| first.iter().copied().take_while(|i| i - first[0] < 3).last()).or_else(|| by_its_lines(words, at))?;
    let end = last + 1 + usize::from(words.word(last + 1) == "." && words.word(last).len() <= 4);
    // "Avenue 2", "Broadway N"
    let more = (words.kind(end) == Some(Kind::Number) && words.word(end).len() <= 3)
        || matches!(words.word(end), "n" | "s" | "e" | "w" | "ne" | "nw" | "se" | "sw" | "north" | "south" | "east" | "west");
    Some(end + usize::from(more))
}

/// "5 Orchard Turn, #12-01, Singapore 238801": a number and a name in capitals, a unit or a town, and a zip.
fn by_its_lines(words: &Words, at: usize) -> Option<usize> {
    let capital = |i: usize| {
        let text = words.tokens.get(i).map_or("", |t| &words.text[t.start..t.end]);
        words.kind(i) == Some(Kind::Word) && text.starts_with(char::is_uppercase)
    };
    let end = (at + 1..words.len()).find(|i| !capital(*i)).unwrap_or(words.len());
    let line_ends = matches!(words.word(end), "," | "#");
    let most = (end + 12).min(words.len());
    let zip = (end..most).take_while(|i| !words.ends(*i)).any(|i| zip_at(words, i).is_some());
    ((2..=5).contains(&(end - at)) && line_ends && zip).then(|| end - 1)
}

fn is_unit(words: &Words, at: usize) -> bool {
    let numbered = words.word(at + 1).contains(|c: char| c.is_ascii_digit()) || words.word(at + 1).len() == 1 || words.word(at + 1) == "#";
    let ordinal = words.kind(at) == Some(Kind::Number)
        && matches!(words.word(at + 1), "st" | "nd" | "rd" | "th")
        && words.word(at + 2).starts_with("fl");
    // Florida is no floor.
    let state = zip_at(words, at + 1).is_some() && state_at(words, at).is_some();
    (!state && LEXICON.units.contains(words.word(at)) && (numbered || words.word(at + 1) == ".")) || ordinal || glued_unit(words.word(at))
}

/// "apt5", "ste200"
fn glued_unit(word: &str) -> bool {
    ["apt", "ste", "suite", "unit"].iter().any(|u| word.strip_prefix(u).is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit())))
}

/// An address whose street was found, to its end.
fn read(words: &Words, orders: &[Mention], start: usize, street: usize) -> (usize, Address) {
    let mut address = empty();
    set(&mut address, Field::Address1, words.slice(&(start..street)));
    let end = rest(words, orders, street, start + LONGEST, &mut address);
    (end, address)
}

/// What follows the street. Returns where the last word that belongs to it ends.
fn rest(words: &Words, orders: &[Mention], from: usize, most: usize, address: &mut Address) -> usize {
    let mut end = from;
    let mut at = from;
    let mut piece: Option<usize> = None;
    let most = most.min(words.len());
    while at < most {
        let is_point = words.word(at) == "." || words.word(at) == "\n";
        // A point or a new line between two lines of an address.
        let goes_on =
            is_point && !address.is_whole() && (state_at(words, at + 1).is_some() || is_unit(words, at + 1) || words.word(at) == "\n");
        let stops = (words.ends(at) && !goes_on)
            || matches!(words.word(at), "(" | ")" | "}" | "?" | "!")
            || orders.iter().any(|o| o.span.start == at)
            || (words.kind(at) == Some(Kind::Han) && country_at(words, at).is_none() && LEXICON.labels.at(words, at).is_none())
            || (LEXICON.book("address.stops").at(words, at).is_some() && state_at(words, at).is_none())
            || LEXICON.verbs.at(words, at).is_some_and(|(_, v)| v != crate::errand::Verb::Address && words.kind(at) == Some(Kind::Word));
        if stops || (address.is_whole() && !matches!(words.word(at), ",") && country_at(words, at).is_none()) {
            break;
        }
        let labelled = LEXICON.labels.at(words, at).filter(|(_, field)| *field == Field::Zip).map_or(at, |(end, _)| end);
        let labelled = labelled + usize::from(labelled > at && matches!(words.word(labelled), ":" | "is" | "是"));
        let next = if matches!(words.word(at), "," | "\n" | "." | "、") {
            close(words, &mut piece, at, address);
            at += 1;
            continue;
        } else if let Some((stop, zip)) = zip_at(words, labelled) {
            address.zip = zip;
            stop
        } else if is_unit(words, at) || (words.word(at) == "#" && words.kind(at + 1) == Some(Kind::Number)) {
            let stop = unit_end(words, at);
            close(words, &mut piece, at, address);
            set(address, Field::Address2, words.slice(&(at..stop)));
            stop
        } else if let Some((stop, country)) = country_at(words, at).filter(|(_, c)| c != "Singapore" || !address.address1.is_empty()) {
            if country == "Singapore" && address.city.is_empty() && piece.is_none() {
                address.city.clone_from(&country);
            }
            address.country = country;
            stop
        } else if let Some((stop, state)) = state_at(words, at).filter(|(stop, _)| is_state(words, at, *stop, piece, address)) {
            address.state = state;
            stop
        } else {
            piece = piece.or(Some(at));
            at += 1;
            end = at;
            continue;
        };
        close(words, &mut piece, at, address);
        at = next;
        end = next;
    }
    close(words, &mut piece, end, address);
    end
}

/// "New York, NY": the first is the city.
fn is_state(words: &Words, at: usize, stop: usize, piece: Option<usize>, address: &Address) -> bool {
    let named = stop > at + 1 || words.word(at).len() > 2;
    let known_city = !address.city.is_empty() || piece.is_some_and(|p| p < at);
    !named || known_city
}

fn close(words: &Words, piece: &mut Option<usize>, end: usize, address: &mut Address) {
    let Some(start) = piece.take() else { return };
    let start = start + usize::from(matches!(words.word(start), "in" | "at"));
    let text = words.slice(&(start..end)).trim_matches([',', ' ', '.']).to_owned();
    if text.is_empty() {
        return;
    }
    // Two lines without a name: the first was still the house.
    if !address.city.is_empty() && address.address2.is_none() && address.state.is_empty() && address.zip.is_empty() {
        address.address2 = Some(std::mem::take(&mut address.city));
    }
    if address.city.is_empty() {
        address.city = text;
    }
}

fn zip_at(words: &Words, at: usize) -> Option<(usize, String)> {
    let word = words.word(at);
    let is = words.kind(at) == Some(Kind::Number) && (5..=6).contains(&word.len()) && word.chars().all(|c| c.is_ascii_digit());
    let more =
        words.word(at + 1) == "-" && words.word(at + 2).len() == 4 && words.kind(at + 2) == Some(Kind::Number) && words.glued(at + 2);
    is.then(|| if more { (at + 3, format!("{word}-{}", words.word(at + 2))) } else { (at + 1, word.to_owned()) })
}

fn unit_end(words: &Words, at: usize) -> usize {
    let mut end = at + 1;
    let ordinal = words.kind(at) == Some(Kind::Number);
    if ordinal {
        end = at + 3;
    } else if !glued_unit(words.word(at)) {
        end += usize::from(words.word(end) == ".");
        end += usize::from(words.word(end) == "#");
        end += usize::from(words.word(at) != "#" || words.kind(end) == Some(Kind::Number));
    }
    while end < words.len()
        && words.glued(end)
        && !matches!(words.word(end), "," | ")" | ";" | "\n")
        && !words.ends(end)
        && words.kind(end) != Some(Kind::Han)
    {
        end += 1;
    }
    end
}

/// One line of an address that was asked for: "apt 5", "Fort Worth, TX", "zip is 76165".
pub fn fragment(words: &Words, orders: &[Mention], errands: &Errands) -> Option<(Range<usize>, Address)> {
    let fillers = |at: usize| {
        matches!(
            words.word(at),
            "its" | "it" | "is" | "the" | "my" | "in" | "city" | "state" | "country" | "to" | "sorry" | "oh" | "and" | "," | "ok"
        )
    };
    let start = (0..words.len()).find(|at| !fillers(*at))?;
    if words.len() > 14 || LEXICON.book("answer.yes").at(words, start).is_some() || LEXICON.book("answer.no").at(words, start).is_some() {
        return None;
    }
    let mut address = empty();
    let end = rest(words, orders, start, start + LONGEST, &mut address);
    let known = errands.queue.first().and_then(|r| r.address.as_ref());
    let first = words.tokens.get(start).map_or("", |t| &words.text[t.start..]);
    // A lone name is the town only when the rest is known, or it is written like one.
    let town = known.is_some_and(|k| k.city.is_empty())
        || first.starts_with(char::is_uppercase)
        || !address.state.is_empty()
        || !address.zip.is_empty();
    let town = town && address.city.split(' ').count() <= 3 && !LEXICON.no_name.contains(words.word(start));
    if !town {
        address.city.clear();
    }
    (address != empty()).then_some((start..end, address))
}

impl Address {
    fn is_whole(&self) -> bool {
        !self.zip.is_empty() && !self.city.is_empty() && !self.country.is_empty()
    }
}
