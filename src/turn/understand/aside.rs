//! In: a reading. Out: the things it names that somebody has already («my phone is a usb c one», 我没磨豆机), where something else is
//! wanted. An animal is none: what is wanted may be for it.

use super::{
    lexicon::department_at,
    pet,
    reading::{Kind, Reading},
};
use std::ops::Range;

pub(super) fn owned(reading: &Reading) -> Vec<Range<usize>> {
    let (mut owned, mut wanted) = (Vec::new(), false);
    let (mut at, mut within) = (0, false);
    while at < reading.len() {
        if begins(reading, at) {
            within = opens(reading, at);
            // 我没磨豆机 beside something asked for: all of it is by the way.
            if within && at > 0 && reading.word(at) == "我" {
                let end =
                    (at + 1..reading.len()).find(|i| !reading.glued(*i) || reading.kind(*i) == Some(Kind::Mark)).unwrap_or(reading.len());
                owned.push(at..end);
                (at, wanted) = (end, true);
                continue;
            }
        }
        let Some((n, department)) = department_at(reading, at).filter(|(_, department)| *department != "features") else {
            at += 1;
            continue;
        };
        let range = at..at + n;
        let is_pet = pet::is_pet(reading.slice(&range));
        match within || is_theirs(reading, at) {
            true if !is_pet => owned.push(range),
            true => {}
            false => wanted |= !is_pet && department != "features",
        }
        at += n;
    }
    if wanted { owned } else { Vec::new() }
}

/// Whether a measure is of what somebody has: it stands right before it.
pub(super) fn measures(reading: &Reading, owned: &[Range<usize>], measure: &str) -> bool {
    const NEAR: usize = 5;
    owned.iter().any(|range| {
        let from = range.start.saturating_sub(NEAR);
        from < range.start && reading.slice(&(from..range.start)).contains(measure)
    })
}

/// A clause begins after a mark, and where a Chinese one says who has something.
fn begins(reading: &Reading, at: usize) -> bool {
    let after_mark =
        at == 0 || reading.kind(at - 1) == Some(Kind::Mark) || matches!(reading.before(at), "and" | "but" | "so" | "cos" | "because");
    after_mark || (reading.word(at) == "我" && !reading.glued(at))
}

/// «I have a …», «my phone is …», 我家有, 我没有.
fn opens(reading: &Reading, at: usize) -> bool {
    let is = |at: usize, words: &[&str]| words.contains(&reading.word(at));
    let has = is(at, &["i", "we", "he", "she", "they"]) && is(at + 1, &["have", "own", "got", "has"]) || is(at, &["ive", "weve"]);
    // «I have to find a bag», «have you got a bag».
    let goes_on = ["to", "been", "a budget", "no idea"]
        .iter()
        .any(|word| word.split(' ').enumerate().all(|(n, w)| (2..4).any(|i| reading.word(at + i + n) == w)));
    let my = is(at, &["my", "our"]) && (at + 2..at + 5).any(|i| is(i, &["is", "are", "has", "have", "takes", "uses"]));
    let home = usize::from(is(at + 1, &["家"])) + usize::from(is(at + 1, &["家"]) && is(at + 2, &["里"]));
    let zh = is(at, &["我"]) && is(at + 1 + home, &["有", "没"]) && !is(at + 2 + home, &["有没"]);
    (has && !goes_on) || my || zh
}

/// «My laptop», 我的手机.
fn is_theirs(reading: &Reading, at: usize) -> bool {
    let mine = |i: Option<usize>| i.is_some_and(|i| matches!(reading.word(i), "my" | "our"));
    // "Fits a 14 inch laptop", 能放14寸笔记本的: what goes into it.
    let puts = |i: usize| {
        let may = |j: usize| matches!(reading.word(j), "能" | "可" | "下" | "得");
        matches!(reading.word(i), "放" | "装") && (i.saturating_sub(2)..i).chain(i + 1..i + 3).any(may)
    };
    let holds = |i: usize| matches!(reading.word(i), "fit" | "fits" | "hold" | "holds" | "carries" | "carry") || puts(i);
    let joined = |i: usize| (i + 1..at).all(|j| reading.kind(j) != Some(Kind::Mark) || matches!(reading.word(j), "." | "\""));
    if (at.saturating_sub(6)..at).rev().find(|i| holds(*i)).is_some_and(joined) {
        return true;
    }
    // 能配裙子的: what it is to go with.
    let goes_with = matches!(reading.before(at), "配" | "搭")
        && at.checked_sub(2).is_some_and(|i| matches!(reading.word(i), "能" | "要" | "好" | "可" | "以" | "想"));
    goes_with
        || mine(at.checked_sub(1))
        || mine(at.checked_sub(2))
        || (reading.before(at) == "的" && at.checked_sub(2).is_some_and(|i| reading.word(i) == "我"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_has_is_not_what_they_want() {
        for (text, owned_words) in [
            ("my phone is a usb c one, need fast charger for it plus my laptop", &["phone", "laptop"][..]),
            ("robot vacuum or stick one? i have a cat and lots of hair", &[]),
            ("I have a bag and need a rain jacket", &["bag"]),
            ("my laptop bag is torn", &[]),
            ("a charger for my laptop", &["laptop"]),
            ("i have to find a laptop", &[]),
            ("咖啡豆 磨成粉的有吗 我没磨豆机", &["我没磨豆机"]),
            ("想买个配我的手机的充电器", &["手机"]),
            ("我有没有必要买台灯", &[]),
            ("backpack that fits a 14 inch laptop", &["laptop"]),
            ("有没有上班背的包包,能放14寸笔记本的", &["笔记本"]),
        ] {
            let reading = Reading::of(text);
            let found: Vec<&str> = owned(&reading).iter().map(|range| reading.slice(range)).collect();
            assert_eq!(found, owned_words, "{text}");
        }
    }
}
