//! What a message asks of the kind that is looked for ("any vegan ones", 透气点的, "without coating") in; which of the products found
//! have it, by their pages, out.

use super::cue::{self, CUES};
use super::ground::{Fact, card_of, fact};
use super::kind::Kinds;
use super::need::Sought;
use super::question::{self, Topic};
use super::{Event, Finish, Sentence, Turn, facts, retrieve, say};
use crate::search::Hit;

/// Something that a product has or has not.
pub(super) struct Condition {
    topic: &'static Topic,
    /// It is what they must not have.
    without: bool,
}

/// Products by whether their pages say that they meet a condition.
#[derive(Default)]
struct Judged {
    meet: Vec<u32>,
    others: Vec<u32>,
}

impl Condition {
    /// The first of what a message asks that a page can say yes or no to.
    pub fn of(text: &str) -> Option<Self> {
        let plain = cue::plain(text);
        let (topic, said) = question::asked(text).into_iter().find(|(topic, _)| topic.is_had_or_not())?;
        let before = plain.find(said).map_or("", |at| &plain[..at]);
        let without = cue::refuses(before);
        // "That will not get wet" refuses nothing that has a name.
        (!without || topic.is_called(said)).then_some(Self { topic, without })
    }

    /// Whether a word only names it: "vegan" is no kind of thing.
    pub fn is_called(&self, word: &str) -> bool {
        self.topic.is_called(word)
    }

    /// Whether a product meets it, as its page says; `None` when that does not say.
    fn is_met(&self, fact: &Fact) -> Option<bool> {
        self.topic.is_had(fact).map(|had| had != self.without)
    }

    async fn judge(&self, turn: &Turn<'_>, hits: &[Hit]) -> anyhow::Result<Judged> {
        let mut judged = Judged::default();
        for hit in hits {
            let Some(stored) = turn.rooms.store.product(&hit.item.id).await? else { continue };
            match self.is_met(&fact(&stored.product, stored.revision, turn.lang)) {
                Some(true) => judged.meet.push(hit.item.group),
                _ => judged.others.push(hit.item.group),
            }
        }
        Ok(judged)
    }
}

/// Keeps what meets the condition of a message that goes on from a need, or that names a kind and what it must not have. False when
/// there is no such condition, or no page says that it is met.
///
/// # Errors
/// When index or store cannot be read.
pub(super) async fn weigh(turn: &Turn<'_>, sought: &mut Sought) -> anyhow::Result<bool> {
    let Some(condition) = Condition::of(&turn.ask.text) else { return Ok(false) };
    if sought.terms.trim().is_empty() || (sought.is_new && !condition.without) {
        return Ok(false);
    }
    let found = retrieve::find(turn, &sought.terms, &sought.filters, None).await?;
    let judged = condition.judge(turn, &found.hits).await?;
    if judged.meet.is_empty() {
        return Ok(false);
    }
    (sought.granting, sought.failing) = (judged.meet, judged.others);
    Ok(true)
}

impl Turn<'_> {
    /// "Which of them are waterproof?", "which one can, then?" after such a question: those of the list whose pages say so.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn take_which(&mut self) -> anyhow::Result<Option<Finish>> {
        let text = cue::plain(&self.ask.text);
        let which =
            text.starts_with(" which ") || ["哪个", "哪款", "哪双", "哪件", "哪台", "哪些", "哪几"].iter().any(|word| text.contains(word));
        let others = question::is_superlative(&self.ask.text) || question::preference(&self.ask.text).is_some();
        if !which || others || self.memory.shown.len() < 2 || !Kinds::of(&self.understanding.terms).is_empty() {
            return Ok(None);
        }
        let bare = question::topics(&self.ask.text).is_empty() && self.understanding.terms.split_whitespace().count() < 2;
        let asked = if bare && !cue::any(&text, &CUES.advice) { self.memory.question.clone() } else { self.ask.text.clone() };
        let Some(condition) = Condition::of(&asked) else { return Ok(None) };
        let shelf = self.rooms.search.shelf();
        let (mut cards, mut lines) = (Vec::new(), Vec::new());
        for item in self.memory.shown.iter().filter_map(|id| shelf.get(id)) {
            let Some(stored) = self.rooms.store.product(&item.id).await? else { continue };
            let fact = fact(&stored.product, stored.revision, self.lang);
            if condition.is_met(&fact) == Some(true) {
                cards.push(card_of(item, self.lang));
                lines.push(facts::of_one(&fact, &question::answers(&fact, &asked, &[condition.topic], 1), self.lang));
            }
        }
        if cards.is_empty() {
            self.say(Sentence::plain(say::none_of_these(self.lang))).await;
            return Ok(Some(Finish::Answered));
        }
        self.memory.focus = Some(cards[0].id.clone());
        self.show(Event::Products(cards)).await;
        for line in lines {
            self.say(line).await;
        }
        Ok(Some(Finish::Answered))
    }
}

#[cfg(test)]
mod tests {
    use super::Condition;

    #[test]
    fn conditions_are_wanted_or_refused() {
        for (text, without) in [
            ("any vegan ones", false),
            ("show me one without any coating", true),
            ("有没有涂层的", false),
            ("不要有涂层的", true),
            ("是不是防水的", false),
            ("透气点的 别闷", false),
            ("works on induction?", false),
        ] {
            assert_eq!(Condition::of(text).map(|c| c.without), Some(without), "{text}");
        }
        assert!(Condition::of("something lighter").is_none(), "a measure");
    }
}
