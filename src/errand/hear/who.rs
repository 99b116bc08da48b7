//! A message in; what it tells of who writes out: e-mail, phone, name, zip, a number of an order.

use super::lexicon::LEXICON;
use super::orders::Mention;
use super::words::{Kind, Words, is_han};
use crate::errand::{Errands, Slot, Told};
use std::ops::Range;

/// `taken`: words of an address, whose zip is not what somebody shows who they are with.
pub fn told(words: &Words, orders: &[Mention], taken: &[Range<usize>], errands: &Errands) -> Told {
    let asked = errands.asked == Some(Slot::Identity);
    let free = |at: &usize| !taken.iter().any(|t| t.contains(at)) && !orders.iter().any(|o| o.span.contains(at));
    // Of a customer who is known, a town and its zip are an address.
    let beside = if errands.customer.is_some() { None } else { beside_a_zip(words, &free) };
    let name = name(words, asked).or(beside);
    let zip = zip(words, &free, asked || name.is_some());
    Told {
        email: email(&words.text).map(|(email, _)| email).or_else(|| spoken_email(words)),
        phone: phone(words, &free, asked, zip.as_deref()),
        zip,
        name,
        order: orders.first().map(|o| o.order.clone()),
    }
}

/// "Omar Anderson, 19031", anywhere in the message: a name and a zip, and nothing else between.
fn beside_a_zip(words: &Words, free: &impl Fn(&usize) -> bool) -> Option<String> {
    let label = |at: usize| {
        matches!(
            words.word(at),
            "," | "/" | "-" | ":" | "(" | "." | "zip" | "zipcode" | "postcode" | "postal" | "code" | "邮" | "编" | "my" | "is"
        )
    };
    let able = |at: usize| is_name_word(words, at) && free(&at);
    let apart =
        |at: usize| at == 0 || matches!(words.kind(at - 1), Some(Kind::Mark | Kind::Han)) || LEXICON.no_name.contains(words.word(at - 1));
    let numbers = (0..words.len()).filter(|at| words.kind(*at) == Some(Kind::Number) && matches!(words.word(*at).len(), 5 | 6));
    let numbers: Vec<usize> = numbers.filter(free).collect();
    // "78263 Sophia Garcia"
    let after = || {
        numbers.iter().find_map(|number| {
            let start = (number + 1..words.len()).find(|at| !label(*at))?;
            let end = (start..(start + 3).min(words.len())).take_while(|at| able(*at)).last()? + 1;
            let stops = words.kind(end).is_none_or(|k| k == Kind::Mark);
            (end - start >= 2 && stops && capital(words, start)).then(|| words.slice(&(start..end)).to_owned())
        })
    };
    let before = numbers.iter().copied().find_map(|number| {
        let end = (0..number).rev().find(|at| !label(*at))? + 1;
        // "James Li, New York 10083"
        let towns = LEXICON.cities.iter().map(|(town, _)| town.split(' ').count());
        let town = towns.filter(|n| LEXICON.cities.iter().any(|(town, _)| words.slice(&(end.saturating_sub(*n)..end)) == town)).max();
        let end = town.filter(|n| words.word(end.saturating_sub(n + 1)) == ",").map_or(end, |n| end - n - 1);
        let start = (end.saturating_sub(3)..end).rev().take_while(|at| able(*at)).last()?;
        // Of a sentence that goes on to the name, its capitals are the name.
        let start = (start..end).find(|at| (*at..end).all(|i| capital(words, i))).filter(|at| end - at >= 2).unwrap_or(start);
        let is = capital(words, start) || (end - start == 2 && apart(start));
        (end - start >= 2 && is).then(|| words.slice(&(start..end)).to_owned())
    });
    before.or_else(after)
}

/// The address, and the bytes it takes.
fn email(text: &str) -> Option<(String, Range<usize>)> {
    let is_local = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '+' | '-' | '%');
    text.match_indices('@').find_map(|(at, _)| {
        let (before, after) = (text[..at].trim_end(), text[at + 1..].trim_start());
        let start = before.rfind(|c| !is_local(c)).map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8));
        let end = after.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))).unwrap_or(after.len());
        let domain = after[..end].trim_end_matches(['.', '-']);
        let local = before[start..].trim_start_matches('.');
        let span = start..text.len() - after.len() + end;
        (!local.is_empty() && domain.contains('.')).then(|| (format!("{local}@{domain}").to_lowercase(), span))
    })
}

/// "omar dot anderson at example dot com"
fn spoken_email(words: &Words) -> Option<String> {
    let at = (1..words.len())
        .find(|i| matches!(words.word(*i), "at" | "艾" | "圈") && (*i + 1..*i + 4).any(|j| matches!(words.word(j), "dot" | "点")))?;
    let is_dot = |i: usize| matches!(words.word(i), "dot" | "点" | "." | "underscore");
    let part = |i: usize| words.kind(i).is_some_and(|k| matches!(k, Kind::Word | Kind::Number)) && !is_dot(i);
    let mut start = at - 1;
    while start >= 2 && is_dot(start - 1) && part(start - 2) {
        start -= 2;
    }
    // Digits that were said apart from the name.
    if start >= 1 && words.kind(start) == Some(Kind::Number) && part(start - 1) && start + 1 == at {
        start -= 1;
        while start >= 2 && is_dot(start - 1) && part(start - 2) {
            start -= 2;
        }
    }
    let mut end = at + 2;
    while is_dot(end) && part(end + 1) {
        end += 2;
    }
    let spell = |range: Range<usize>| -> String {
        range
            .map(|i| {
                if words.word(i) == "underscore" {
                    "_"
                } else if is_dot(i) {
                    "."
                } else {
                    words.word(i)
                }
            })
            .collect()
    };
    let domain = spell(at + 1..end);
    domain.contains('.').then(|| format!("{}@{domain}", spell(start..at)))
}

fn zip(words: &Words, free: &impl Fn(&usize) -> bool, bare: bool) -> Option<String> {
    let code = |at: usize| {
        let word = words.word(at);
        (words.kind(at) == Some(Kind::Number) && (4..=6).contains(&word.len()) && word.chars().all(|c| c.is_ascii_digit())).then(|| {
            let more = words.word(at + 1) == "-"
                && words.glued(at + 1)
                && words.word(at + 2).len() == 4
                && words.kind(at + 2) == Some(Kind::Number);
            if more { format!("{word}-{}", words.word(at + 2)) } else { word.to_owned() }
        })
    };
    let labelled = LEXICON
        .book("who.zip")
        .all(words, 0..words.len())
        .into_iter()
        .find_map(|(span, ())| (span.end..(span.end + 4).min(words.len())).filter(free).find_map(code));
    let alone = || (0..words.len()).filter(free).filter(|at| matches!(words.word(*at).len(), 5 | 6)).find_map(code);
    // "Patel, 94117"
    let named = || {
        let beside = |at: &usize| *at >= 2 && words.word(at - 1) == "," && capital(words, at - 2) && words.word(*at).len() == 5;
        (0..words.len()).filter(free).filter(beside).find_map(code)
    };
    labelled.or_else(|| if bare { alone() } else { named() })
}

fn phone(words: &Words, free: &impl Fn(&usize) -> bool, asked: bool, zip: Option<&str>) -> Option<String> {
    let labels = LEXICON.book("who.phone").all(words, 0..words.len());
    let starts = labels.iter().flat_map(|(span, ())| span.end..span.end + 3);
    let plus = (0..words.len()).filter(|at| words.word(*at) == "+");
    let any = (0..words.len()).filter(|at| asked && words.kind(*at) == Some(Kind::Number));
    starts.chain(plus).chain(any).find_map(|at| {
        let mut digits = String::new();
        let mut i = at;
        while i < words.len() && (free(&i) || digits.is_empty()) {
            match words.word(i) {
                "+" if digits.is_empty() => digits.push('+'),
                "(" | ")" | "-" | "." => {}
                word if words.kind(i) == Some(Kind::Number) => digits.extend(word.chars().filter(char::is_ascii_digit)),
                _ => break,
            }
            i += 1;
        }
        let count = digits.chars().filter(char::is_ascii_digit).count();
        ((7..=15).contains(&count) && zip.is_none_or(|z| z.replace('-', "") != digits)).then_some(digits)
    })
}

fn name(words: &Words, asked: bool) -> Option<String> {
    let parts =
        |book: &str| LEXICON.book(book).all(words, 0..words.len()).into_iter().find_map(|(span, ())| name_at(words, span.end, true));
    if let (Some(first), Some(last)) = (parts("who.first_name"), parts("who.last_name")) {
        return Some(format!("{first} {last}"));
    }
    let labelled = LEXICON.book("who.name").all(words, 0..words.len()).into_iter().find_map(|(span, ())| name_at(words, span.end, true));
    let i_am = || LEXICON.book("who.i_am").all(words, 0..words.len()).into_iter().find_map(|(span, ())| name_at(words, span.end, false));
    // "Omar Anderson here"
    let here = || {
        let at = (2..words.len())
            .find(|at| LEXICON.book("who.here").at(words, *at).is_some() && capital(words, at - 1) && capital(words, at - 2))?;
        let start = (0..at).rev().take_while(|i| capital(words, *i)).last()?;
        let name = words.slice(&(start..at));
        name_words(words, start..at).then(|| name.to_owned())
    };
    let bare = || {
        let fits = |at: usize| name_at(words, at, false).or_else(|| (words.len() - at <= 6).then(|| name_at(words, at, true)).flatten());
        asked.then(|| (0..words.len().min(4)).find_map(|at| fits(at).filter(|n| n.contains(' ') || n.chars().all(is_han)))).flatten()
    };
    // 姓名不是写了吗 Sophia Garcia
    let capitals = || {
        let pair = |at: &usize| capital(words, *at) && capital(words, at + 1) && name_words(words, *at..at + 2);
        let at = (0..words.len()).find(pair).filter(|_| asked)?;
        let end = (at..words.len().min(at + 4)).take_while(|i| capital(words, *i) && name_words(words, *i..i + 1)).last()? + 1;
        Some(words.slice(&(at..end)).to_owned())
    };
    labelled.or_else(i_am).or_else(here).or_else(bare).or_else(capitals)
}

fn name_words(words: &Words, range: Range<usize>) -> bool {
    range.into_iter().all(|at| !LEXICON.no_name.contains(words.word(at)))
}

fn capital(words: &Words, at: usize) -> bool {
    let text = words.tokens.get(at).map_or("", |t| &words.text[t.start..t.end]);
    words.kind(at) == Some(Kind::Word) && text.starts_with(char::is_uppercase) && !text.contains(|c: char| c.is_ascii_digit())
}

fn is_name_word(words: &Words, at: usize) -> bool {
    let word = words.word(at);
    let in_email = || {
        let start = words.tokens[at].start;
        email(&words.text).is_some_and(|(_, span)| span.contains(&start))
    };
    let plain = words.kind(at) == Some(Kind::Word) && word.chars().all(char::is_alphabetic);
    plain && !LEXICON.no_name.contains(word) && !in_email()
}

/// A name that begins at a word. `sure`: it was called a name; else both words must look like one.
fn name_at(words: &Words, at: usize, sure: bool) -> Option<String> {
    if words.kind(at) == Some(Kind::Han) {
        return han_name(words, at, sure);
    }
    let begins = if matches!(words.word(at), ":" | "," | "\"" | "'") { at + 1 } else { at };
    let able = |i: usize| is_name_word(words, i);
    let mut end = begins;
    while end < begins + 4 && able(end) {
        // After a capital name, a small word is the sentence going on.
        if end > begins && capital(words, begins) && !capital(words, end) {
            break;
        }
        end += 1;
        // "Jean-Luc", "O. Anderson"
        if words.word(end) == "-" && words.glued(end) && able(end + 1) || (words.word(end) == "." && words.tokens[end - 1].word.len() == 1)
        {
            end += 1;
        }
    }
    let count = (begins..end).filter(|i| words.kind(*i) == Some(Kind::Word)).count();
    let capitals = (begins..end).filter(|i| words.kind(*i) == Some(Kind::Word)).all(|i| capital(words, i));
    let stops = words.kind(end).is_none_or(|k| k != Kind::Word)
        || matches!(words.word(end), "and" | "zip" | "my" | "from" | "with" | "here" | "i" | "the");
    // A small "i'm looking" is no name: without capitals two words must stand alone.
    let like_a_verb = (begins..end).any(|i| words.word(i).ends_with("ing") && !capital(words, i));
    let is = match (sure, capitals) {
        (true, true) => count >= 1,
        (true, false) => (1..=3).contains(&count) && !like_a_verb,
        (false, true) => count >= 2,
        (false, false) => count == 2 && stops && !like_a_verb,
    };
    is.then(|| words.slice(&(begins..end)).trim_end_matches(['-', ' ']).to_owned())
}

/// 王伟, 欧阳娜娜; what follows must not be the sentence going on.
fn han_name(words: &Words, at: usize, sure: bool) -> Option<String> {
    let first = words.word(at).chars().next()?;
    if !LEXICON.surnames.contains(&first) || LEXICON.not_surnames.contains(&first) {
        return None;
    }
    let han = (at..words.len()).take_while(|i| words.kind(*i) == Some(Kind::Han)).count();
    let particles = ["的", "邮", "我", "想", "要", "电", "手", "，", "在", "和", "号", "订"];
    let end = (at + 1..at + han).find(|i| *i >= at + 2 && particles.contains(&words.word(*i))).unwrap_or(at + han);
    let count = end - at;
    let most = if sure { 4 } else { 3 };
    (2..=most).contains(&count).then(|| words.slice(&(at..end)).to_owned())
}
