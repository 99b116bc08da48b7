//! Each button sends words; here they are heard as if a shopper had typed them, in both languages.

use super::case::{NOW, anna, shelf};
use super::every::words;
use crate::aftersales::{Kind, Policy};
use crate::catalog::Lang;
use crate::errand::say::{View, say};
use crate::errand::{
    AddressMention, Answer, Errands, Heard, MethodMention, Place, Question, Request, Saying, Slot, Verb, Wanted, hear, target,
};

const LANGS: [Lang; 2] = [Lang::En, Lang::Zh];

/// Presses every button of a saying when `slot` was asked, and gives what was heard, beside what the button says.
fn press(saying: &Saying, lang: Lang, slot: Slot, request: Request) -> Vec<(String, Heard)> {
    let (case, shelf, policy) = (anna(), shelf(), Policy::shipped());
    let view = View { case: Some(&case), shelf: &shelf, policy: &policy, lang, now_ms: NOW };
    let errands = Errands {
        asked: Some(slot),
        order: request.order.clone(),
        queue: vec![request],
        customer: Some("anna_hill".to_owned()),
        ..Errands::default()
    };
    let choices = say(saying, &view).choices;
    assert!(!choices.is_empty(), "{saying:?} has buttons");
    choices.into_iter().map(|c| (c.value.clone(), hear(&c.value, Some(&case), &shelf, &policy, &errands))).collect()
}

fn request(verb: Verb, order: &str) -> Request {
    Request { verb: Some(verb), order: Some(order.to_owned()), ..Request::default() }
}

#[test]
fn what_is_to_be_done_and_where() {
    let kinds = [Kind::Cancel, Kind::ModifyAddress, Kind::ModifyPayment, Kind::ModifyItems, Kind::Return, Kind::Exchange];
    let verbs = [Verb::Cancel, Verb::Address, Verb::Payment, Verb::Swap, Verb::Return, Verb::Swap];
    for lang in LANGS {
        for order in [Some("#T40102".to_owned()), None] {
            let saying = Saying::AskVerb { order: order.clone(), may: kinds.to_vec() };
            for ((value, heard), verb) in press(&saying, lang, Slot::Verb, Request::default()).into_iter().zip(verbs) {
                let part = heard.parts.first().expect(&value);
                // "Change the items" is a swap, or a change of which it is asked what.
                let heard_verb = part.verb.expect(&value);
                assert!(heard_verb == verb || (verb == Verb::Swap && heard_verb == Verb::Change), "{value}: {heard_verb:?}");
                assert_eq!(part.orders, order.iter().cloned().collect::<Vec<_>>(), "{value}");
            }
        }
    }
}

#[test]
fn an_order_an_item_a_method_a_reason() {
    for lang in LANGS {
        let saying = Saying::AskOrder { verb: Some(Verb::Cancel), orders: words(&["#T40102", "#T40105"]) };
        for (value, heard) in press(&saying, lang, Slot::Order, Request { verb: Some(Verb::Cancel), ..Request::default() }) {
            assert_eq!(heard.parts[0].orders, std::slice::from_ref(&value), "{value}");
        }
        let places = vec![Place { order: "#T40101".to_owned(), at: 0 }, Place { order: "#T40102".to_owned(), at: 0 }];
        let saying = Saying::AskWhich { words: "kettle".to_owned(), places: places.clone() };
        for ((value, heard), place) in press(&saying, lang, Slot::Items, Request::default()).into_iter().zip(places) {
            assert_eq!(heard.parts[0].items[0].fits, [place], "{value}");
        }
        let saying = Saying::AskItems { kind: Kind::ModifyItems, order: "#T40102".to_owned() };
        for (at, (value, heard)) in press(&saying, lang, Slot::Items, request(Verb::Swap, "#T40102")).into_iter().enumerate() {
            let own = heard.parts[0].items[0].fits.iter().filter(|p| p.order == "#T40102").map(|p| p.at).collect::<Vec<_>>();
            assert_eq!(own, [at], "{value}: {heard:?}");
        }
        let saying = Saying::AskItems { kind: Kind::Return, order: "#T40101".to_owned() };
        let all = press(&saying, lang, Slot::Items, request(Verb::Return, "#T40101"));
        assert!(all[0].1.parts[0].all, "{:?}", all[0]);
        let methods = words(&["credit_card_1", "gift_card_2", "paypal_3"]);
        let saying = Saying::AskMethod { kind: Kind::Return, order: "#T40101".to_owned(), methods: methods.clone() };
        for ((value, heard), id) in press(&saying, lang, Slot::Method, request(Verb::Return, "#T40101")).into_iter().zip(methods) {
            assert_eq!(heard.parts[0].method, Some(MethodMention::Fits(vec![id])), "{value}: {heard:?}");
            assert_eq!(heard.parts[0].verb.filter(|v| *v != Verb::Return), None, "{value}: {heard:?}");
        }
        let reasons = words(&["no longer needed", "ordered by mistake"]);
        let saying = Saying::AskReason { order: "#T40102".to_owned(), reasons: reasons.clone() };
        for ((value, heard), reason) in press(&saying, lang, Slot::Reason, request(Verb::Cancel, "#T40102")).into_iter().zip(reasons) {
            assert_eq!(heard.parts[0].reason, Some(reason), "{value}: {heard:?}");
        }
        let saying = Saying::AskAddress { order: Some("#T40102".to_owned()), missing: vec![] };
        let (value, heard) = press(&saying, lang, Slot::Address, request(Verb::Address, "#T40102")).remove(0);
        assert_eq!(heard.parts[0].address, Some(AddressMention::Default), "{value}: {heard:?}");
    }
}

#[test]
fn a_variant_is_read_whole() {
    let (case, shelf) = (anna(), shelf());
    let item = &case.orders[1].items[0];
    let variants: Vec<_> = shelf.values().filter(|p| p.group == item.item_group_id).collect();
    let ids = words(&["KET-2", "KET-3"]);
    let open = Request { items: vec![Wanted::default()], ..request(Verb::Swap, "#T40102") };
    for lang in LANGS {
        for saying in [
            Saying::AskTarget { order: "#T40102".to_owned(), at: 0, by: None, variants: ids.clone() },
            Saying::NoSuchVariant { order: "#T40102".to_owned(), at: 0, wished: "pink".to_owned(), nearest: ids.clone() },
        ] {
            for ((value, _), id) in press(&saying, lang, Slot::Target, open.clone()).into_iter().zip(&ids) {
                let wishes = target::wishes(&value, item, &variants);
                assert_eq!(target::suiting(item, &wishes, &shelf), target::Suiting::One(id.clone()), "{value}: {wishes:?}");
            }
        }
        let saying = Saying::AskTarget {
            order: "#T40102".to_owned(),
            at: 0,
            by: Some(("color".to_owned(), words(&["black", "white"]))),
            variants: vec![],
        };
        for ((value, _), colour) in press(&saying, lang, Slot::Target, open.clone()).into_iter().zip(["black", "white"]) {
            let wishes = target::wishes(&value, item, &variants);
            assert_eq!(wishes.options.get("color").map(String::as_str), Some(colour), "{value}");
        }
    }
    let lamp = &case.orders[0].items[1];
    let lamps: Vec<_> = shelf.values().filter(|p| p.group == lamp.item_group_id).collect();
    let saying =
        Saying::AskTarget { order: "#T40101".to_owned(), at: 1, by: Some(("waterproof".to_owned(), words(&["no"]))), variants: vec![] };
    for lang in LANGS {
        let (value, heard) = press(&saying, lang, Slot::Target, request(Verb::Swap, "#T40101")).remove(0);
        assert_eq!(target::wishes(&value, lamp, &lamps).options.get("waterproof").map(String::as_str), Some("no"), "{value}");
        assert_eq!(heard.answer, None, "{value} is no answer");
    }
}

#[test]
fn yes_no_and_my_orders() {
    let (case, name) = (anna(), "cancel");
    for lang in LANGS {
        let saying = Saying::Reminder { proposal: super::case::proposal(&case, name) };
        let heard = press(&saying, lang, Slot::Confirm, request(Verb::Cancel, "#T40102"));
        assert_eq!(heard.iter().map(|(_, h)| h.answer).collect::<Vec<_>>(), [Some(Answer::Yes), Some(Answer::No)], "{heard:?}");
        let (value, heard) = press(&Saying::NotUnderstood, lang, Slot::Verb, Request::default()).remove(0);
        assert_eq!(heard.parts[0].questions, [Question::Orders], "{value}: {heard:?}");
    }
}
