//! Several products in; which of them is first by what is asked or needed, and what they cost together, out. Pure.

use super::Sentence;
use super::facts::claim;
use super::ground::Fact;
use super::question::{self, Preference};
use crate::catalog::{Lang, Money};
use crate::search::Item;
use std::sync::Arc;

/// Of products side by side, the one with the least (or most) of what is asked for, as its page states it.
pub fn foremost<'a>(facts: &'a [Fact], preference: &Preference, lang: Lang) -> Option<(&'a Fact, Sentence)> {
    let measured = facts.iter().filter_map(|fact| Some((preference.measure(fact)?, fact)));
    let (_, best) = measured.reduce(|a, b| if (b.0 < a.0) == preference.less { b } else { a })?;
    let line = preference.line(best)?;
    let text = match lang {
        Lang::Zh => format!("按这一点，{} 排第一：{line}。", best.title),
        Lang::En => format!("By that, {} comes first: {line}.", best.title),
    };
    Some((best, Sentence { text, claims: vec![claim(&line, &best.id, "details", &line, best.revision)] }))
}

/// Lines of a page that are quoted for a choice.
const POINTS: usize = 3;

/// The one whose page says most to what the message asks ("which one for rain?"), else to the need, and what; nothing when no page says
/// more to it than another.
pub fn advised<'a>(facts: &'a [Fact], need: &str, asked: &str, lang: Lang) -> Option<(&'a Fact, Sentence)> {
    let had = || facts.iter().filter(|fact| fact.in_stock);
    let topics = question::topics(asked);
    let merits =
        |fact: &Fact| if question::is_denied(fact, &topics) { Vec::new() } else { question::answers(fact, asked, &topics, POINTS) };
    let by_topic: Vec<(usize, &Fact, Vec<String>)> = had().map(|fact| (merits(fact), fact)).map(|(m, fact)| (m.len(), fact, m)).collect();
    let by_words = had().map(|fact| (fact.speaking_to(need, usize::MAX).len(), fact, fact.speaking_to(need, POINTS)));
    let tells_apart = by_topic.iter().any(|(points, ..)| *points != by_topic[0].0);
    let mut rated: Vec<(usize, &Fact, Vec<String>)> = if tells_apart { by_topic } else { by_words.collect() };
    rated.sort_by_key(|(points, fact, _)| std::cmp::Reverse((*points, fact.rating)));
    let [(most, best, lines), (next, second, _), ..] = &rated[..] else { return None };
    if most == next && best.rating == second.rating {
        return None;
    }
    if most == next {
        let rating = best.rating?;
        let stars = format!("{}.{}", rating / 100, rating % 100 / 10);
        let text = match lang {
            Lang::Zh => format!("我会选 {}：买过的人评分最高，{stars}。", best.title),
            Lang::En => format!("I would take {}: buyers rate it highest, {stars}.", best.title),
        };
        return Some((*best, Sentence { text, claims: vec![claim(&stars, &best.id, "rating", &stars, best.revision)] }));
    }
    let points = lines.iter().map(|line| line.trim_end_matches(['.', '。'])).collect::<Vec<_>>();
    let text = match lang {
        Lang::Zh => format!("按您的需要，我会选 {}：{}。", best.title, points.join("；")),
        Lang::En => format!("For what you need I would take {}: {}.", best.title, points.join("; ")),
    };
    let claims = lines.iter().map(|line| claim(line, &best.id, "details", line, best.revision)).collect();
    Some((best, Sentence { text, claims }))
}

/// What several products cost together, one of each; nothing where a price is not stated.
pub fn in_all(items: &[Arc<Item>], lang: Lang) -> Option<Sentence> {
    const MOST: usize = 6;
    if items.len() < 2 || items.len() > MOST {
        return None;
    }
    let prices = items.iter().map(|item| item.price()).collect::<Option<Vec<Money>>>()?;
    let sum = Money::new(prices.iter().map(|price| price.minor).sum(), &prices[0].currency).display();
    let each: Vec<String> = items.iter().zip(&prices).map(|(item, price)| format!("{} {}", item.title(lang), price.display())).collect();
    let text = match lang {
        Lang::Zh => format!("各一件共 {sum}：{}。", each.join("，")),
        Lang::En => format!("One of each comes to {sum}: {}.", each.join(", ")),
    };
    let claims = items
        .iter()
        .zip(&prices)
        .map(|(item, price)| claim(&price.display(), &item.id, "price", &price.display(), item.revision))
        .collect();
    Some(Sentence { text, claims })
}
