//! The words of a part in; the customer's methods of payment they fit out. What paid before, or is said not to be it, is left out.

use super::lexicon::LEXICON;
use super::words::{Kind, Words};
use crate::aftersales::nouns::{Case, MethodKind, PaymentMethod};
use crate::errand::{Errands, MethodMention, Slot};
use std::ops::Range;

/// One thing that is said of a method.
enum Said {
    Fits(Vec<String>),
    Unknown(String),
    Original,
    Other,
}

pub fn method(words: &Words, within: &Range<usize>, case: Option<&Case>, errands: &Errands) -> Option<MethodMention> {
    let mut said: Vec<(Range<usize>, Said)> = Vec::new();
    let mut at = within.start;
    while at < within.end {
        match said_at(words, at, case, errands, within) {
            Some((end, what)) => {
                if LEXICON.book("method.not_this").ending(words, at).is_none() {
                    said.push((at..end, what));
                }
                at = end;
            }
            None => at += 1,
        }
    }
    let either = said.windows(2).any(|two| LEXICON.book("method.either").has(words, two[0].0.end..two[1].0.start));
    let (mut fits, mut unknown, mut original, mut other): (Option<Vec<String>>, _, _, _) = (None, None, false, false);
    for (_, what) in said {
        match what {
            Said::Original => original = true,
            Said::Other => other = true,
            Said::Unknown(words) => unknown = Some(words),
            Said::Fits(ids) => {
                let both = |known: &[String]| known.iter().filter(|id| ids.contains(id)).cloned().collect::<Vec<_>>();
                fits = Some(match fits {
                    Some(known) if either => known.iter().chain(&ids).cloned().collect(),
                    // "My card, the visa": the words agree; else the last word counts.
                    Some(known) if !both(&known).is_empty() => both(&known),
                    _ => ids,
                });
                unknown = None;
            }
        }
    }
    match (fits, unknown) {
        (_, Some(words)) => Some(MethodMention::Unknown(words)),
        (Some(_), _) if other && !either => Some(MethodMention::Other),
        (Some(fits), _) if !original || fits.len() == 1 => Some(MethodMention::Fits(fits)),
        _ if original => Some(MethodMention::Original),
        _ if other => Some(MethodMention::Other),
        _ => None,
    }
}

fn said_at(words: &Words, at: usize, case: Option<&Case>, errands: &Errands, within: &Range<usize>) -> Option<(usize, Said)> {
    let lexicon = &*LEXICON;
    let fit = |end: usize, fits: &dyn Fn(&PaymentMethod) -> bool| {
        let ids: Vec<String> = case.iter().flat_map(|c| &c.customer.payment_methods).filter(|m| fits(m)).map(|m| m.id.clone()).collect();
        let said = match ids.is_empty() && case.is_some() {
            true => Said::Unknown(words.slice(&(at..end)).to_owned()),
            false => Said::Fits(ids),
        };
        Some((end, said))
    };
    let word = words.word(at);
    if ["paypal_", "credit_card_", "gift_card_", "wechat_", "alipay_"].iter().any(|p| word.starts_with(p)) {
        return fit(at + 1, &|m| m.id.eq_ignore_ascii_case(word));
    }
    let plain = [("method.original", Said::Original), ("method.other", Said::Other)];
    let longest = plain.into_iter().filter_map(|(book, said)| lexicon.book(book).at(words, at).map(|(end, ())| (end, said)));
    if let Some(found) = longest.max_by_key(|(end, _)| *end) {
        return Some(found);
    }
    if let Some(found) = last_four(words, at, case, errands) {
        return fit(found.0, &|m| m.last_four.as_deref() == Some(&found.1));
    }
    if let Some((end, kind)) = lexicon.methods.at(words, at) {
        return fit(end, &|m| m.kind == kind);
    }
    let brand = lexicon.brands.iter().find_map(|(brand, book)| book.at(words, at).map(|(end, ())| (end, brand)));
    if let Some((end, brand)) = brand {
        return fit(end, &|m| m.brand.as_ref().is_some_and(|own| own.to_lowercase().contains(brand.as_str())));
    }
    if let Some((end, ())) = lexicon.book("method.foreign").at(words, at) {
        return Some((end, Said::Unknown(words.slice(&(at..end)).to_owned())));
    }
    // "The card I used" is told below, by its last word.
    let own = |end: usize| lexicon.book("method.original").at(words, end - 1).is_some();
    if let Some((end, ())) = lexicon.book("method.card").at(words, at).filter(|(end, ())| !own(*end)) {
        return fit(end, &|m| m.kind == MethodKind::CreditCard);
    }
    let short = errands.asked == Some(Slot::Method) && within.len() <= 4;
    (short && matches!(word, "credit" | "card" | "debit" | "卡")).then(|| fit(at + 1, &|m| m.kind == MethodKind::CreditCard)).flatten()
}

/// "Ending in 9212", "visa 9212", and 9212 alone when a card of the customer has it.
fn last_four(words: &Words, at: usize, case: Option<&Case>, errands: &Errands) -> Option<(usize, String)> {
    let four = |at: usize| words.kind(at) == Some(Kind::Number) && words.word(at).len() == 4;
    let before = at.saturating_sub(8);
    let text = words.slice(&(before..at)).to_lowercase();
    // "The order ending in 4464" is no card.
    let of_order = text.contains("order") || text.contains('单');
    if let Some((end, ())) = LEXICON.book("method.ending").at(words, at).filter(|(end, ())| four(*end) && !of_order) {
        return Some((end + 1, words.word(end).to_owned()));
    }
    if !four(at) {
        return None;
    }
    let owns = case.is_some_and(|c| c.customer.payment_methods.iter().any(|m| m.last_four.as_deref() == Some(words.word(at))));
    let named = (at.saturating_sub(3)..at).any(|i| {
        LEXICON.brands.iter().any(|(_, b)| b.at(words, i).is_some()) || matches!(words.word(i), "card" | "卡" | "*" | "x" | "xxxx")
    });
    (owns && (named || errands.asked == Some(Slot::Method))).then(|| (at + 1, words.word(at).to_owned()))
}
