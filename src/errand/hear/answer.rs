//! A message in; whether it is a yes or a no and nothing else out, and whether it says that nothing is to be added.

use super::lexicon::LEXICON;
use super::verb::{Event, What};
use super::words::{Kind, Words};
use crate::errand::heard::Verb;
use crate::errand::{Answer, Errands, Slot};
use std::ops::Range;

/// What a message answers, and whether every word of it belongs to that.
pub struct Answered {
    pub answer: Option<Answer>,
    pub wholly: bool,
}

/// `bare`: nothing else was heard in it that could be done or changed.
pub fn answer(words: &Words, events: &[Event], errands: &Errands, bare: bool) -> Answered {
    let nothing = Answered { answer: None, wholly: false };
    let asks = words.text.trim_end().ends_with('?') || words.text.contains('吗');
    let (mut yes, mut no, mut firm, mut left) = (0, 0, false, 0);
    let (mut first, mut after_first) = (None, true);
    let mut at = 0;
    while at < words.len() {
        let [yes_end, no_end, neutral_end, complete_end] = ["answer.yes", "answer.no", "answer.neutral", "parts.complete"]
            .map(|b| LEXICON.book(b).at(words, at).map_or(0, |(end, ())| end));
        let longest = yes_end.max(no_end).max(neutral_end).max(complete_end);
        let same = events.iter().find(|e| e.span.start == at && first == Some(Answer::Yes) && is_at_hand(e, errands));
        if let Some(event) = same {
            at = event.span.end;
        } else if let Some((end, _)) = LEXICON.dropped.at(words, at).filter(|(end, _)| *end >= longest) {
            left += 1;
            at = end;
        } else if longest == 0 {
            if words.kind(at) != Some(Kind::Mark) {
                left += 1;
                after_first &= first.is_none() || yes + no > 1;
            }
            at += 1;
        } else {
            if complete_end == longest && complete_end > yes_end.max(no_end) {
            } else if no_end == longest {
                no += 1;
                first = first.or(Some(Answer::No));
            } else if yes_end == longest {
                yes += 1;
                firm |=
                    !matches!(words.word(at), "ok" | "okay" | "okey" | "k" | "alright" | "right" | "fine" | "great" | "perfect" | "all");
                first = first.or(Some(Answer::Yes));
            }
            at = longest;
        }
    }
    if asks && !(yes > 0 && bare && words.text.contains(',')) {
        return nothing;
    }
    let answer = match (yes, no) {
        (0, 0) => return nothing,
        (_, 0) => Answer::Yes,
        (0, _) => Answer::No,
        _ if !firm => Answer::No,
        _ => return nothing,
    };
    // 不要了: why it is cancelled.
    let why = || LEXICON.reasons.iter().any(|(_, book)| book.has(words, 0..words.len()));
    if answer == Answer::No && errands.asked == Some(Slot::Reason) && why() {
        return nothing;
    }
    if left == 0 {
        return Answered { answer: Some(answer), wholly: true };
    }
    // "No, I meant the size": to a question that is no yes or no, it is the rest that answers.
    if answer == Answer::No && !matches!(errands.asked, Some(Slot::Confirm) | None) {
        return nothing;
    }
    // "Yes, that would suit my wife": words that change nothing, after a clear beginning.
    let begins = first == Some(answer) && starts_with_it(words, answer);
    let blocked = answer == Answer::Yes && LEXICON.book("answer.blocks").has(words, 0..words.len());
    let answer = (bare && begins && !blocked).then_some(answer);
    Answered { answer, wholly: answer.is_some() && after_first }
}

/// "No, …", 弄错了，…
pub fn objects(words: &Words) -> bool {
    // "No no no, …"
    let from = (0..words.len()).find(|at| !is_interjection(words, *at)).unwrap_or(0);
    let no = |at: &usize| matches!(words.word(*at), "no" | "不") && matches!(words.word(at + 1), "no" | "不");
    let start = (from..words.len()).find(|at| !no(at)).unwrap_or(from);
    let end = LEXICON.book("answer.mistaken").at(words, start).map(|(end, ())| end);
    end.is_some_and(|end| end == words.len() || words.kind(end) == Some(Kind::Mark))
}

/// "Oh, …", 啊，…
fn is_interjection(words: &Words, at: usize) -> bool {
    let lone = matches!(words.word(at + 1), "不" | "no")
        || words.kind(at + 1) == Some(Kind::Mark)
        || words.kind(at) == Some(Kind::Mark)
        || words.kind(at) == Some(Kind::Word);
    lone && matches!(
        words.word(at),
        "oh" | "ah" | "uh" | "um" | "hmm" | "hm" | "eh" | "哦" | "啊" | "呃" | "嗯" | "噢" | "唉" | "哎" | "," | "…"
    )
}

/// "Sure, to the card", "same card, and yes".
pub fn agrees(words: &Words) -> bool {
    let ends_so = |at: usize| {
        let set_off = at == 0 || matches!(words.word(at - 1), "," | "and" | "." | "!" | "so") || words.kind(at - 1) == Some(Kind::Mark);
        let end = LEXICON.book("answer.yes").at(words, at).map(|(end, ())| end);
        set_off
            && end.is_some_and(|end| {
                (end..words.len()).all(|i| words.kind(i) == Some(Kind::Mark) || matches!(words.word(i), "please" | "thanks"))
            })
    };
    let ends = (1..words.len()).any(ends_so);
    let asks = words.text.contains(['?', '？']) || words.text.contains('吗');
    let mild = |at: usize| matches!(words.word(at), "ok" | "okay" | "k" | "fine" | "great" | "right" | "all");
    let apart = LEXICON.book("answer.yes").at(words, 0).is_some_and(|(end, ())| !words.glued(end));
    let begins = (starts_with_it(words, Answer::Yes) || apart) && !mild(0);
    let blocked = LEXICON.book("answer.blocks").has(words, 0..words.len()) || LEXICON.book("answer.no").has(words, 0..words.len());
    (begins || ends) && !asks && !blocked
}

/// Whether the message begins with the answer, set off from the rest.
fn starts_with_it(words: &Words, answer: Answer) -> bool {
    let book = LEXICON.book(if answer == Answer::Yes { "answer.yes" } else { "answer.no" });
    let Some((end, ())) = book.at(words, 0) else { return false };
    let han = words.kind(0) == Some(Kind::Han);
    words.kind(end) == Some(Kind::Mark)
        || (han && end > 3)
        || (!han && matches!(words.word(0), "yes" | "yeah" | "yep" | "no" | "nope" | "sure" | "wait"))
}

/// "Yes, cancel it", when that is what is proposed.
fn is_at_hand(event: &Event, errands: &Errands) -> bool {
    let at_hand = errands.queue.first().and_then(|r| r.verb).filter(|_| errands.asked == Some(Slot::Confirm));
    match (event.what, at_hand) {
        (What::Verb(said), Some(at_hand)) => {
            said == at_hand
                || matches!((said, at_hand), (Verb::Refund, Verb::Return | Verb::Cancel) | (Verb::Return, Verb::Refund))
                || matches!((said, at_hand), (Verb::Change, Verb::Swap | Verb::Address | Verb::Payment | Verb::Profile))
                || matches!((said, at_hand), (Verb::Swap, Verb::Change))
        }
        _ => false,
    }
}

/// "That's all", 就这些; not "that's all correct".
pub fn complete(words: &Words, within: &Range<usize>) -> bool {
    LEXICON.book("parts.complete").all(words, within.clone()).into_iter().any(|(span, ())| {
        let goes_on = LEXICON.book("parts.complete_not").at(words, span.end).is_some();
        // Chinese has no words: "那个颜色没有了" says something else.
        let apart = words.kind(span.start) != Some(Kind::Han)
            || span.start == within.start
            || matches!(
                words.word(span.start - 1),
                "," | "、" | "。" | "." | "!" | "不" | "嗯" | "好" | "是" | "对" | "的" | "了" | "那" | "没"
            );
        !goes_on && apart
    })
}
