//! In: "bigger", and the values a thing has. Out: the value that is the next one, by number or by the scales of the lexicon.

use super::goods::{GOODS, Way, base};
use super::measure;
use super::named::{Choice, Kin};

/// The choice a step is about and the values it leads to, the one that is meant first. Where some can be had now, only these.
pub fn step(kin: &Kin, now: &[Option<usize>], step: usize, way: Way, named: Option<usize>) -> Option<(usize, Vec<usize>)> {
    let about = |word: &String| (0..kin.choices.len()).find(|c| is_about(&kin.choices[*c], word));
    let choices: Vec<usize> = match named {
        Some(choice) => vec![choice],
        None => GOODS.about[step].iter().filter_map(about).collect(),
    };
    choices.into_iter().find_map(|choice| Some((choice, next(kin, choice, (*now.get(choice)?)?, way)?)))
}

/// How high what a thing has is on the choice a step is about.
pub fn rank(kin: &Kin, now: &[Option<usize>], step: usize) -> Option<f64> {
    let about = |word: &String| (0..kin.choices.len()).find(|c| is_about(&kin.choices[*c], word));
    let choice = GOODS.about[step].iter().find_map(about)?;
    Some(ranks(&kin.choices[choice])?[(*now.get(choice)?)?])
}

fn is_about(choice: &Choice, word: &str) -> bool {
    base(&choice.name).split(' ').any(|w| w == word)
}

fn next(kin: &Kin, choice: usize, from: usize, way: Way) -> Option<Vec<usize>> {
    let ranks = ranks(&kin.choices[choice])?;
    let sold = |v: &usize| kin.variants.iter().any(|variant| variant.in_stock && variant.values[choice] == Some(*v));
    let beyond = |v: &usize| match way {
        Way::Up | Way::Top => ranks[*v] > ranks[from],
        Way::Down | Way::Bottom => ranks[*v] < ranks[from],
    };
    let mut list: Vec<usize> = (0..ranks.len()).filter(beyond).collect();
    if list.iter().any(sold) {
        list.retain(sold);
    }
    list.sort_by(|a, b| ranks[*a].total_cmp(&ranks[*b]));
    if matches!(way, Way::Down | Way::Top) {
        list.reverse();
    }
    // The most there is has nothing beyond it.
    list.truncate(if matches!(way, Way::Top | Way::Bottom) { 1 } else { list.len() });
    (!list.is_empty()).then_some(list)
}

/// The values of a choice in numbers that put them in order; none when they have none.
fn ranks(choice: &Choice) -> Option<Vec<f64>> {
    let amounts: Option<Vec<(f64, String)>> = choice.values.iter().map(|v| measure::amount(v)).collect();
    if let Some(amounts) = amounts.filter(|a| a.windows(2).all(|w| w[0].1 == w[1].1)) {
        return Some(amounts.into_iter().map(|(value, _)| value).collect());
    }
    GOODS.scales.iter().find_map(|scale| {
        let rank = |v: &String| scale.iter().position(|s| *s == base(v)).map(|at| at as f64);
        choice.values.iter().map(rank).collect()
    })
}
