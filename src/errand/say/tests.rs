//! Every saying, in both languages, on one small case: the facts that must be in it, and that nothing else is wrong with it.

mod answers;
mod buttons;
mod case;
mod ends;
mod every;
mod refusals;

use super::{Spoken, View, paper, say};
use crate::aftersales::{Kind, Policy};
use crate::catalog::Lang;
use crate::errand::{Question, Saying, Told};
use crate::turn::understand::lang::detect;
use case::{NOW, anna, proposal, shelf};

/// Says it in both languages and looks for the facts; `--nocapture` shows what a shopper would read.
#[test]
fn every_saying_has_its_facts_in_both_languages() {
    let (case, shelf, policy) = (anna(), shelf(), Policy::shipped());
    for (saying, facts) in every::sayings(&case) {
        for lang in [Lang::En, Lang::Zh] {
            let view = View { case: Some(&case), shelf: &shelf, policy: &policy, lang, now_ms: NOW };
            let spoken = say(&saying, &view);
            print(&saying, &spoken);
            sound(&spoken, lang, &format!("{saying:?}"));
            let text = spoken.sentences.join("\n");
            for fact in facts.iter().filter_map(|fact| fact.of(lang)) {
                assert!(text.contains(fact), "{saying:?} does not say {fact}: {text}");
            }
            for id in ["credit_card_1", "gift_card_2", "paypal_3", "KET-", "LMP-"] {
                assert!(!text.contains(id), "{saying:?} tells the id {id}: {text}");
            }
        }
    }
}

/// Nothing of a customer before it is known who writes; and every saying can still be said.
#[test]
fn without_a_case_nothing_personal_is_said() {
    let (case, shelf, policy) = (anna(), shelf(), Policy::shipped());
    for (saying, _) in every::sayings(&case) {
        // These bring the facts of a case with them, and can only have been made for one.
        let personal = matches!(
            saying,
            Saying::Proposed { .. } | Saying::Reminder { .. } | Saying::Recap { .. } | Saying::Done { .. } | Saying::Refused { .. }
        );
        for lang in [Lang::En, Lang::Zh] {
            let view = View { case: None, shelf: &shelf, policy: &policy, lang, now_ms: NOW };
            let spoken = say(&saying, &view);
            sound(&spoken, lang, &format!("{saying:?}"));
            let text = format!("{}\n{:?}", spoken.sentences.join("\n"), spoken.choices);
            let secrets = ["$79.00", "Linden", "ending in", "尾号", "anna@", "balance", "余额"];
            assert!(personal || secrets.iter().all(|s| !text.contains(s)), "{saying:?}: {text}");
        }
    }
}

#[test]
fn a_paper_has_every_difference() {
    let (case, shelf, policy) = (anna(), shelf(), Policy::shipped());
    for (name, en, zh) in ends::papers() {
        for (lang, facts) in [(Lang::En, en), (Lang::Zh, zh)] {
            let view = View { case: Some(&case), shelf: &shelf, policy: &policy, lang, now_ms: NOW };
            let paper = paper(&proposal(&case, name), &view);
            let text = format!("{}\n{}\n{:?}", paper.summary, paper.changes.join("\n"), paper.refund);
            println!("[paper {name}]\n{text}\n");
            for fact in facts {
                assert!(text.contains(fact), "{name} does not say {fact}: {text}");
            }
            assert!(!text.contains("credit_card_1") && !text.contains("gift_card_2"), "{name}: {text}");
        }
    }
}

#[test]
fn a_long_list_stays_readable() {
    let (mut case, shelf, policy) = (anna(), shelf(), Policy::shipped());
    let first = case.orders[0].clone();
    case.orders = (100..140).map(|n| crate::aftersales::Order { id: format!("#T{n}"), ..first.clone() }).collect();
    let view = View { case: Some(&case), shelf: &shelf, policy: &policy, lang: Lang::En, now_ms: NOW };
    let orders = case.orders.iter().map(|o| o.id.clone()).collect();
    for saying in [Saying::AskOrder { verb: None, orders }, Saying::Told { question: Question::Orders, order: None }] {
        let spoken = say(&saying, &view);
        assert_eq!(spoken.choices.len(), 8, "{saying:?}");
        assert!(spoken.sentences.len() <= 13, "{saying:?}: {spoken:?}");
    }
}

#[test]
fn not_found_is_the_same_for_everybody() {
    let (case, shelf, policy) = (anna(), shelf(), Policy::shipped());
    let view = |case| View { case, shelf: &shelf, policy: &policy, lang: Lang::En, now_ms: NOW };
    assert_eq!(say(&Saying::NotFound, &view(None)), say(&Saying::NotFound, &view(Some(&case))));
    let told = Told { email: Some("anna@linden.example".to_owned()), ..Told::default() };
    assert!(!say(&Saying::AskIdentity { told }, &view(None)).sentences.join("").contains("linden"), "what was told is not said back");
}

#[test]
fn two_gift_cards_are_told_apart() {
    let (mut case, shelf, policy) = (anna(), shelf(), Policy::shipped());
    let mut second = case.customer.payment_methods[1].clone();
    second.id = "gift_card_9044".to_owned();
    case.customer.payment_methods.push(second);
    let view = View { case: Some(&case), shelf: &shelf, policy: &policy, lang: Lang::En, now_ms: NOW };
    let methods = case.customer.payment_methods.iter().map(|m| m.id.clone()).collect();
    let spoken = say(&Saying::AskMethod { kind: Kind::Return, order: "#T40101".to_owned(), methods }, &view);
    let mut labels: Vec<&str> = spoken.choices.iter().map(|c| c.label.as_str()).collect();
    labels.dedup();
    assert_eq!(labels.len(), 4, "{labels:?}");
}

#[test]
fn chinese_is_set_as_chinese() {
    let (shelf, policy) = (shelf(), Policy::shipped());
    let view = View { case: None, shelf: &shelf, policy: &policy, lang: Lang::Zh, now_ms: NOW };
    for (said, set) in [
        ("订单 #T40101 已经取消。", "订单 #T40101 已经取消。"),
        ("尾号 9212 的 Visa 卡 ，不变", "尾号 9212 的 Visa 卡，不变"),
        ("把 电热水壶 退掉", "把电热水壶退掉"),
        ("把 Kettle 退掉", "把 Kettle 退掉"),
    ] {
        assert_eq!(view.set(said), set);
    }
}

/// What holds for every reply: it is in its language, says something, and each button sends what keeps the language.
fn sound(spoken: &Spoken, lang: Lang, about: &str) {
    assert!(!spoken.sentences.is_empty(), "{about} says nothing");
    for sentence in &spoken.sentences {
        assert!(!sentence.trim().is_empty() && !sentence.contains("  "), "{about}: {sentence:?}");
        let line = sentence.starts_with('•');
        match lang {
            Lang::Zh => assert!(line || sentence.ends_with(['。', '？', '：']), "{about}: {sentence}"),
            Lang::En => {
                assert!(line || sentence.ends_with(['.', '?', ':']), "{about}: {sentence}");
                assert!(!sentence.contains(['，', '。', '：']), "{about}: {sentence}");
                assert!(line || !sentence.starts_with(|c: char| c.is_lowercase()), "{about}: {sentence}");
            }
        }
    }
    assert!(spoken.choices.len() <= 8, "{about}");
    for choice in &spoken.choices {
        assert!(!choice.label.is_empty() && !choice.value.is_empty(), "{about}");
        assert!(detect(&choice.value).is_none_or(|l| l == lang), "{about}: {choice:?} is not in {lang:?}");
    }
}

fn print(saying: &Saying, spoken: &Spoken) {
    let debug = format!("{saying:?}");
    let name: String = debug.chars().take(90).collect();
    println!("[{name}]\n{}", spoken.sentences.join("\n"));
    for choice in &spoken.choices {
        println!("   ( {} ) → {}", choice.label, choice.value);
    }
    println!();
}
