//! The frames of a reply in; what a person would take from them out: what is asked, whether it was a no, which button fits.

use super::phrases::{Phrases, phrases};
use crate::catalog::Lang;
use serde::Deserialize;
use serde_json::Value;

/// All that came between a message and its `done`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    pub turn: String,
    pub texts: Vec<String>,
    /// Label and value of each button.
    pub choices: Vec<(String, String)>,
    pub proposal: Option<Value>,
    /// Proposal and status.
    pub outcomes: Vec<(String, String)>,
    pub finish: String,
    /// A person was called.
    pub called: bool,
}

/// What can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    Confirm,
    Identity,
    Reason,
    Complete,
    Order,
    Method,
    Address,
    Target,
    Items,
    /// What else, or what at all, is to be done.
    More,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Understood {
    /// What is asked, and in which sentence.
    pub asks: Vec<(Slot, String)>,
    pub misunderstood: bool,
    pub refused: bool,
    /// A gift card has too little on it.
    pub short: bool,
    pub unidentified: bool,
}

impl Reply {
    pub fn of(frames: &[Value]) -> Self {
        let mut reply = Self::default();
        let text = |frame: &Value, name: &str| frame[name].as_str().unwrap_or_default().to_owned();
        for frame in frames {
            match frame["type"].as_str().unwrap_or_default() {
                "text" => reply.texts.push(text(frame, "text")),
                "choices" => {
                    let options = frame["options"].as_array().into_iter().flatten();
                    reply.choices.extend(options.map(|o| (text(o, "label"), text(o, "value"))));
                }
                "proposal" => reply.proposal = Some(frame.clone()),
                "outcome" => {
                    reply.outcomes.push((text(frame, "proposal"), text(frame, "status")));
                    reply.texts.push(text(frame, "text"));
                }
                "agent" => reply.called |= frame["state"] == "waiting",
                "message" if frame["author"] != "shopper" => reply.texts.push(text(frame, "text")),
                "done" => {
                    reply.turn = text(frame, "turn");
                    reply.finish = text(frame, "finish");
                    reply.called |= reply.finish == "handed_off";
                }
                _ => {}
            }
        }
        reply
    }

    pub fn understood(&self, lang: Lang) -> Understood {
        let phrases = phrases(lang);
        let text = self.texts.join("\n").to_lowercase();
        let says = |list: &str| phrases.hears[list].iter().any(|cue| holds(&text, cue));
        let mut asks: Vec<(Slot, String)> = Vec::new();
        let sentences = sentences(&text);
        let asking = |s: &&String| s.ends_with(['?', '？']) || phrases.hears["asking"].iter().any(|cue| holds(s, cue));
        let mut questions: Vec<&String> = sentences.iter().filter(asking).collect();
        if questions.is_empty() && self.finish == "asked" {
            questions = sentences.iter().rev().take(1).collect();
        }
        for sentence in questions {
            if let Some(slot) = slot(phrases, sentence)
                && asks.iter().all(|(asked, _)| *asked != slot)
            {
                asks.push((slot, sentence.clone()));
            }
        }
        Understood {
            asks,
            misunderstood: says("misunderstood"),
            refused: says("refused"),
            short: says("balance"),
            unidentified: says("unidentified"),
        }
    }

    /// The button that says one of `words`: in its value first, then in its label.
    pub fn button(&self, words: &[String]) -> Option<&(String, String)> {
        let words: Vec<String> = words.iter().map(|w| w.to_lowercase()).filter(|w| !w.is_empty()).collect();
        let says = |text: &str| {
            let text = text.to_lowercase();
            words.iter().any(|word| whole(&text, word))
        };
        self.choices.iter().find(|(_, value)| says(value)).or_else(|| self.choices.iter().find(|(label, _)| says(label)))
    }
}

impl Reply {
    /// The one button whose value has all of `words` in it.
    pub fn button_of_all(&self, words: &[String]) -> Option<&(String, String)> {
        let has = |value: &str| words.iter().all(|word| whole(&value.to_lowercase(), &word.to_lowercase()));
        let mut fitting = self.choices.iter().filter(|(_, value)| has(value));
        fitting.next().filter(|_| !words.is_empty() && fitting.next().is_none())
    }
}

fn slot(phrases: &Phrases, sentence: &str) -> Option<Slot> {
    phrases.reads.iter().find(|reads| reads.cues.iter().any(|cue| holds(sentence, cue))).map(|reads| reads.slot)
}

/// Whether `cue` stands in `text`, which is in small letters; "a*b" is a, and b after it.
fn holds(text: &str, cue: &str) -> bool {
    let mut rest = text;
    cue.split('*').all(|part| match rest.find(part) {
        Some(at) => {
            rest = &rest[at + part.len()..];
            true
        }
        None => false,
    })
}

/// Whether `word` stands in `text` and is no part of a longer word or number. Both are in small letters.
pub fn whole(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric();
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = (text[..at].chars().next_back(), text[at + word.len()..].chars().next());
        let cut = |inside: Option<char>, beside: Option<char>| inside.is_some_and(part) && beside.is_some_and(part);
        !cut(word.chars().next(), before) && !cut(word.chars().next_back(), after)
    })
}

/// Cut at marks that end one, and at lines; a point inside a number or an address ends none.
fn sentences(text: &str) -> Vec<String> {
    let mut sentences = vec![String::new()];
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let sentence = sentences.last_mut().expect("one is always begun");
        let ends = match letter {
            '?' | '!' | '。' | '？' | '！' => true,
            '.' => letters.peek().is_none_or(|next| next.is_whitespace()),
            '\n' => true,
            _ => false,
        };
        sentence.push(if letter == '\n' { ' ' } else { letter });
        if ends {
            sentences.push(String::new());
        }
    }
    sentences.into_iter().map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str, lang: Lang) -> Vec<Slot> {
        let reply = Reply { texts: vec![text.to_owned()], ..Reply::default() };
        reply.understood(lang).asks.into_iter().map(|(slot, _)| slot).collect()
    }

    #[test]
    fn typical_questions_are_read() {
        use Slot::*;
        for (text, slot) in [
            ("Gladly. To find your account I need your e-mail address, or your name and zip code.", Identity),
            ("What is the e-mail address you ordered with?", Identity),
            ("Please give me your name and postcode.", Identity),
            ("Thanks, Omar! Which order is it about?\n• #W1, pending\n• #W2, delivered", Order),
            ("Could you tell me the order number?", Order),
            ("Which items of order #W6067464 would you like to return?", Items),
            ("What would you like to exchange in order #W1?", Items),
            ("Which of the two water bottles do you mean?", Items),
            ("What should the water bottle become?", Target),
            ("Which colour would you like instead?", Target),
            ("There is none in pink. Which of these would you like instead?", Target),
            ("Which payment method should the refund go to?", Method),
            ("How would you like to pay the difference of $12.00?", Method),
            ("Why would you like to cancel it?", Reason),
            ("What is the reason: no longer needed, or ordered by mistake?", Reason),
            ("What is the new delivery address?", Address),
            ("Where should it go? I still need the street and number.", Address),
            ("Items can be changed only once. Are these all the items you want to change?", Complete),
            ("Is there anything else you want to return from this order?", Complete),
            ("Is there anything else I can do for you?", More),
            ("What would you like to do with order #W1?", More),
            ("Your Action Camera (4K, waterproof: yes), $4.00: should it be waterproof, yes or no?", Target),
            ("Your Keyboard, $272.33: which switch type would you like? There is clicky or linear.", Target),
            ("There is more than one “bottle”: which one do you mean?", Items),
            ("The gift card does not have enough on it. Would you like to use another method?", Method),
            ("To complete the address I still need the postal code.", Address),
            ("Shall I do that?", Confirm),
            ("It still waits for your word: yes or no?", Confirm),
        ] {
            assert_eq!(asked(text, Lang::En).first(), Some(&slot), "{text}");
        }
        for (text, slot) in [
            ("好的，请告诉我您的邮箱，或者姓名和邮编。", Identity),
            ("请提供下单用的邮箱地址", Identity),
            ("请问是哪个订单？\n• #W1，待处理", Order),
            ("麻烦告诉我订单号。", Order),
            ("您想退订单 #W1 里的哪些商品？", Items),
            ("哪一个水瓶？", Items),
            ("水瓶要换成什么样的？", Target),
            ("您想要什么颜色？", Target),
            ("退款退到哪里？", Method),
            ("差价用哪种付款方式？", Method),
            ("请问取消的原因是什么？", Reason),
            ("新的收货地址是什么？", Address),
            ("商品只能改一次，要换的就这些吗？", Complete),
            ("还有什么可以帮您？", More),
            ("还有什么要我帮您的吗？", More),
            ("订单 #W1 要退的就是这些吗？", Complete),
            ("您的 水瓶（黑色），$47.84，颜色要换成哪种？现在有：蓝色。", Target),
            ("要我现在办理吗？", Confirm),
        ] {
            assert_eq!(asked(text, Lang::Zh).first(), Some(&slot), "{text}");
        }
    }

    #[test]
    fn what_is_told_is_no_question() {
        for (text, lang) in [
            ("Done. An e-mail will tell you how to send the items back.", Lang::En),
            ("Your order #W1 is cancelled; $12.00 goes back to your gift card at once.", Lang::En),
            ("已办好，稍后会有邮件告诉您怎么寄回。", Lang::Zh),
        ] {
            assert_eq!(asked(text, lang), [], "{text}");
        }
    }

    #[test]
    fn a_no_is_heard() {
        let understood = |text: &str, lang| Reply { texts: vec![text.to_owned()], ..Reply::default() }.understood(lang);
        assert!(understood("The gift card has only $3.00, which is not enough for $20.00.", Lang::En).short);
        assert!(understood("Order #W1 is delivered, so it can't be cancelled.", Lang::En).refused);
        assert!(understood("礼品卡余额不足，还差 20 元。", Lang::Zh).short);
        assert!(understood("这个订单已经发货，不能取消。", Lang::Zh).refused);
        assert!(understood("Sorry, I didn't understand that.", Lang::En).misunderstood);
        assert!(understood("I couldn't find anyone with these details.", Lang::En).unidentified);
        assert!(!understood("Your order is on its way.", Lang::En).refused);
    }

    #[test]
    fn a_button_is_found_by_whole_words() {
        let choices = [("Order #W12", "#W12"), ("Order #W1", "#W1"), ("Visa ending in 9212", "via credit_card_1")];
        let choices = choices.iter().map(|(l, v)| ((*l).to_owned(), (*v).to_owned())).collect();
        let reply = Reply { choices, ..Reply::default() };
        assert_eq!(reply.button(&["#W1".into()]).map(|b| b.1.as_str()), Some("#W1"));
        assert_eq!(reply.button(&["9212".into()]).map(|b| b.1.as_str()), Some("via credit_card_1"));
        assert_eq!(reply.button(&["#W2".into()]), None);
    }

    #[test]
    fn frames_become_a_reply() {
        let frames = [
            serde_json::json!({"type": "message", "author": "shopper", "text": "yes"}),
            serde_json::json!({"type": "outcome", "proposal": "p1", "status": "done", "text": "It is done."}),
            serde_json::json!({"type": "choices", "options": [{"label": "No", "value": "no"}]}),
            serde_json::json!({"type": "done", "turn": "t1", "finish": "answered"}),
        ];
        let reply = Reply::of(&frames);
        assert_eq!((reply.turn.as_str(), reply.texts.len(), reply.outcomes.len(), reply.choices.len()), ("t1", 1, 1, 1));
    }
}
