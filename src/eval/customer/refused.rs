//! What cannot be done is taken as told, and the customer goes on with the next thing.

use super::script::{Act, Customer, Errand};
use super::telling::Much;
use crate::aftersales::Why;

impl Customer<'_> {
    /// Told beside the next proposal: a card has too little on it.
    pub(super) fn told_beside(&mut self) {
        let short = |e: &Errand| e.open && e.requested && matches!(e.refusal, Some(Why::BalanceTooLow { .. }));
        if let Some(at) = self.errands.iter().position(short) {
            self.refuse(at);
            self.at = self.errands.iter().position(|e| e.open).unwrap_or(self.at);
        }
    }

    pub(super) fn refuse(&mut self, at: usize) {
        self.errands[at].open = false;
        self.rightly_refused += 1;
    }

    /// Gives up what cannot be done, and goes on.
    pub(super) fn drop_it(&mut self) -> Act {
        self.refuse(self.at);
        self.missed = 0;
        let mut parts = vec![self.voice.say("drop", &[])];
        match self.errands.iter().position(|e| e.open) {
            Some(next) => {
                self.at = next;
                if !self.errands[next].requested && self.voice.once_in(2) {
                    parts.push(self.following(Much::Most));
                }
            }
            None => self.leaving = true,
        }
        let text = self.voice.join(&parts);
        self.speak(text)
    }
}
