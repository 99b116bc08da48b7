//! What the rules read of a message, settled by the classifier of intents.

use super::Turn;
use super::cue::{CUES, any, is_marked, is_put_as_question, is_question, plain};
use super::doubt::UNSURE;
use super::understand::learned::{self, Guess, HEAD_ENCODER};
use super::understand::{Deed, Filters, Intent, Reference, Refinement, lexicon};
use super::{ground, question};
use crate::search::Query;
use crate::search::fuse::SOLD;

/// By words alone this sure of what the rules say too, the encoder is not asked.
const AGREED: f32 = 0.9;
/// How sure it must be to overrule the rules: with the meaning known, by words alone, and against a rule that names a deed.
const ENOUGH: f32 = 0.5;
const ENOUGH_BY_WORDS: f32 = 0.7;
const ENOUGH_AGAINST_A_CUE: f32 = 0.85;
const LONGEST: usize = 160;
/// From this on it is talk, whatever the shelf has.
const PLAINLY: f32 = 0.85;

impl Turn<'_> {
    /// Puts the likeliest intent in the place of the rules' one, when it is sure enough. Danger, insults, and a greeting that is nothing
    /// else are the rules' to tell.
    pub(super) async fn consult(&mut self) {
        use Intent::*;
        // "Are you a robot?" looks for none.
        let to_us = self.ask.text.to_lowercase().starts_with("are you ") || self.ask.text.starts_with(['你', '您']);
        if to_us && self.understanding.intent != Abuse && super::converse::asks_what_this_is(&self.ask.text) {
            self.understanding.intent = Human;
        }
        let rules = self.understanding.intent;
        if matches!(rules, Emergency | Abuse | Human | Greeting | Thanks | Goodbye) || self.ask.text.trim().is_empty() {
            return;
        }
        let mut guess = learned::guess(&self.ask.text, &self.understanding, None);
        let agreed = guess.sure >= AGREED && learned::intent_of(guess.label, rules) == rules;
        let mut enough = ENOUGH_BY_WORDS;
        if !agreed && let Some(meaning) = self.meaning().await {
            guess = learned::guess(&self.ask.text, &self.understanding, Some(&meaning));
            enough = ENOUGH;
        }
        if rules != Find {
            enough = enough.max(ENOUGH_AGAINST_A_CUE);
        }
        let kindless = !lexicon::expansions(&self.understanding.terms).iter().any(|e| e.kind);
        if guess.sure < UNSURE
            && rules == Find
            && kindless
            && let Some(label) = self.ask_model().await
        {
            guess = Guess { label, sure: enough, ..guess };
        }
        if guess.sure >= enough
            && let Some(intent) = self.settled(&guess, rules)
            && !(rules == Find && may_be_wish(intent, &guess) && self.is_sold_here().await)
        {
            self.understanding.intent = intent;
        }
        self.note("guess", serde_json::json!({"label": guess.label, "sure": guess.sure, "next": guess.next, "rules": rules}));
        self.guess = Some(guess);
    }

    /// The vector of the whole message, when the encoder is the one the weights were made for and has time.
    pub(super) async fn meaning(&self) -> Option<Vec<f32>> {
        let encoder = self.rooms.search.encoder().filter(|e| e.name() == HEAD_ENCODER && !e.is_pressed())?;
        let text: String = self.ask.text.chars().take(LONGEST).collect();
        encoder.encode_query(&text).await.ok()
    }

    /// Whether an intent would turn what the rules read as a wish away from the shelf, and nothing said speaks for that.
    fn leads_away(&self, intent: Intent) -> bool {
        let service = || any(&plain(&self.ask.text), &CUES.service) || self.rooms.policies.get().answers(&self.ask.text, self.lang);
        match intent {
            Intent::OutOfScope => true,
            Intent::AfterSales(_) | Intent::OrderStatus => !any(&plain(&self.ask.text), &CUES.bought) && !service(),
            Intent::Policy | Intent::Account | Intent::Review => !service(),
            _ => false,
        }
    }

    /// A limit of price or measure, or the words of one who looks for something.
    fn states_a_wish(&self) -> bool {
        let filters = &self.understanding.filters;
        let limited = filters.price_max.is_some() || filters.price_min.is_some() || !filters.quantities.is_empty();
        limited || any(&plain(&self.ask.text), &CUES.sells)
    }

    /// Whether the shelf has what the message speaks of, by words and meaning: a problem may be a need ("我家主子把沙发抓得一塌糊涂").
    async fn is_sold_here(&self) -> bool {
        if self.understanding.terms.trim().is_empty() || self.rooms.search.encoder().is_none() {
            return false;
        }
        let query = Query { text: self.understanding.terms.clone(), said: Some(self.ask.text.clone()), limit: 1, ..Query::default() };
        self.rooms.search.find(query).await.is_ok_and(|found| found.sold.is_some_and(|sold| sold >= SOLD))
    }

    /// Whether a message sets a condition on what is on the screen, and speaks of nothing bought.
    fn changes_the_list(&self) -> bool {
        let filters = self.understanding.filters != Filters::default() || self.understanding.reference.is_some();
        filters && !self.memory.shown.is_empty() && !any(&plain(&self.ask.text), &CUES.bought)
    }

    /// A few words with a mark of a question, or words that pages answer, after products were shown.
    fn asks_of_what_is_at_hand(&self) -> bool {
        let marked = self.ask.text.trim_end().ends_with(['?', '？', '呢', '吗', '么', '嘛']);
        let asks = marked || !question::topics(&self.ask.text).is_empty();
        let to_us = plain(&self.ask.text).contains(" you ") || self.ask.text.contains(['你', '您']);
        asks && !to_us && self.at_hand().is_some() && !self.understanding.terms.trim().is_empty()
    }

    /// Whether what is at hand is pointed at, or a question has words of its page, or words that pages answer.
    fn asks_of_its_page(&self) -> bool {
        let Some(hand) = self.at_hand() else { return false };
        let asks = is_put_as_question(&self.ask.text) || is_marked(&self.ask.text);
        let stated = hand.stated.iter().flatten().map(|attribute| format!("{} {}", attribute.name, attribute.value));
        let page = format!("{} {} {}", hand.title(self.lang), hand.category(self.lang), stated.collect::<Vec<_>>().join(" "));
        asks && (self.points() || !question::topics(&self.ask.text).is_empty() || ground::shares_words(&self.understanding.terms, &page))
    }

    /// The intent a guess means here; `None` where what the rules found says more.
    fn settled(&self, guess: &Guess, rules: Intent) -> Option<Intent> {
        let read = &self.understanding;
        let intent = learned::intent_of(guess.label, rules);
        let names_kind = lexicon::expansions(&read.terms).iter().any(|e| e.kind);
        match intent {
            _ if intent == rules => None,
            // "Back to the suitcase" returns nothing to the shop.
            _ if matches!(read.reference, Some(Reference::Earlier { .. })) && rules == Intent::Find => None,
            // A need is searched for, whatever else it sounds like: price, colour and kind are its own words.
            Intent::Price | Intent::Availability | Intent::Detail | Intent::SizeFit | Intent::Refine(_) | Intent::Recommend
                if names_kind && read.reference.is_none() =>
            {
                None
            }
            Intent::Refine(_) if self.memory.terms.is_empty() || read.filters == Filters::default() => None,
            // "Rice cooker then, for two" looks for one: nothing is taken that was not said to be.
            Intent::Buy if rules == Intent::Find && !any(&plain(&self.ask.text), &CUES.buys) => None,
            // "Lighter is better" prefers; it compares nothing.
            Intent::Compare
                if self.ask.text.is_ascii()
                    && read.reference.is_none()
                    && !is_question(&self.ask.text)
                    && !any(&plain(&self.ask.text), &CUES.compares) =>
            {
                None
            }
            Intent::Price if matches!(rules, Intent::Refine(Refinement::Cheaper | Refinement::Dearer)) && !is_question(&self.ask.text) => {
                None
            }
            // "Desk I can stand at" and 四人的有吗 call nobody; 电视 alone looks for one.
            Intent::Human if names_kind || read.filters != Filters::default() => None,
            Intent::AfterSales(_) | Intent::OrderStatus | Intent::Buy
                if rules == Intent::Find && names_kind && read.reference.is_none() && is_name(&self.ask.text) =>
            {
                None
            }
            // Danger and insults are the rules' to tell: a face that feels tight needs a cream.
            Intent::Emergency | Intent::Abuse => None,
            // "Would the travel one work in the US?", "how long does one game take?"
            Intent::OutOfScope if rules == Intent::Find && self.asks_of_its_page() => None,
            // A few words that ask nothing name a thing, whether the shop has it or not.
            Intent::OutOfScope if is_name(&self.ask.text) => None,
            // Whoever names a kind, a price or what they look for, and nothing bought, needs something: "my chopsticks go mouldy".
            Intent::OutOfScope if rules == Intent::Find && (names_kind || self.states_a_wish()) => None,
            _ if rules == Intent::Find && intent != Intent::OutOfScope && self.leads_away(intent) => None,
            // "Make it a grey one" of what is on the screen changes the list, not an order.
            Intent::AfterSales(_) if matches!(rules, Intent::Find | Intent::Refine(_)) && self.changes_the_list() => None,
            // 噪音呢, "weight?": of what is at hand.
            Intent::Greeting | Intent::Thanks | Intent::Goodbye | Intent::SmallTalk | Intent::AfterSales(Deed::Complaint)
                if rules == Intent::Find && self.asks_of_what_is_at_hand() =>
            {
                None
            }
            // What sets a condition is no greeting.
            Intent::Greeting | Intent::Thanks | Intent::Goodbye | Intent::SmallTalk
                if names_kind || read.filters != Filters::default() || is_titled(&self.ask.text) =>
            {
                None
            }
            Intent::Find if read.terms.trim().is_empty() => None,
            _ => Some(intent),
        }
    }
}

/// What is out of scope, or talk, and not plainly talk, may be about something that the shop has.
fn may_be_wish(intent: Intent, guess: &Guess) -> bool {
    intent == Intent::OutOfScope || (intent == Intent::SmallTalk && guess.sure < PLAINLY)
}

/// "Quiet Otter Night Ferry": written like a name.
fn is_titled(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.len() > 2 && words.iter().all(|word| word.starts_with(|c: char| c.is_ascii_uppercase()))
}

/// "Firm queen mattress", 网球拍: no sentence.
fn is_name(text: &str) -> bool {
    const WORDS: usize = 4;
    const CHARACTERS: usize = 7;
    let words = text.split_whitespace().count();
    let short = if text.is_ascii() { words <= WORDS } else { text.chars().count() <= CHARACTERS };
    short && !is_question(text) && !text.contains(['?', '？', '!', '！'])
}
