//! What an understood message means for the conversation: how it changes the last results, and which place on the list it points at.

use super::understand::{Intent, Reference, Refinement, Understanding, lexicon};

impl Understanding {
    pub fn wants_cheaper(&self) -> bool {
        self.refinement == Some(Refinement::Cheaper) && self.is_of_goods()
    }

    pub fn wants_dearer(&self) -> bool {
        // "Better cushioning" asks for cushioning.
        let of_price = lexicon::expansions(&self.terms).is_empty();
        self.refinement == Some(Refinement::Dearer) && self.is_of_goods() && of_price
    }

    fn is_of_goods(&self) -> bool {
        matches!(self.intent, Intent::Find | Intent::Refine(_) | Intent::Gift | Intent::Recommend | Intent::Price)
    }

    /// More of the same, without those on the screen.
    pub fn wants_more(&self) -> bool {
        self.intent == Intent::Refine(Refinement::More)
    }

    /// True when it points by number: "the second one".
    pub fn names_a_position(&self) -> bool {
        matches!(self.reference, Some(Reference::Ordinal(_) | Reference::Ordinals(_)))
    }

    /// Positions among `shown` products, counted from 0, that the message points at; empty when it points at none.
    pub fn positions(&self, shown: usize) -> Vec<usize> {
        let numbered = |n: &usize| n.checked_sub(1).filter(|n| *n < shown);
        match &self.reference {
            Some(Reference::Ordinal(n)) => numbered(n).into_iter().collect(),
            Some(Reference::Ordinals(list)) => list.iter().filter_map(numbered).collect(),
            Some(Reference::First(n)) => (0..(*n).min(shown)).collect(),
            Some(Reference::Last) => shown.checked_sub(1).into_iter().collect(),
            Some(Reference::These) => (0..shown).collect(),
            _ => Vec::new(),
        }
    }
}
