//! What an understood message means for the conversation: does it continue the last need, and which shown product does it point at?

use super::understand::{Intent, Reference, Refinement, Understanding};

impl Understanding {
    /// True when the message changes the last results instead of naming a need of its own.
    pub fn continues(&self) -> bool {
        let refines = matches!(self.intent, Intent::Refine(_));
        let points = self.reference.is_some();
        let only_conditions = self.terms.trim().is_empty() && self.filters != Default::default();
        let only_order = self.terms.trim().is_empty() && self.sort.is_some();
        refines || only_conditions || only_order || (points && self.terms.trim().is_empty())
    }

    pub fn wants_cheaper(&self) -> bool {
        self.intent == Intent::Refine(Refinement::Cheaper)
    }

    pub fn wants_dearer(&self) -> bool {
        self.intent == Intent::Refine(Refinement::Dearer)
    }

    /// More of the same, without those on the screen.
    pub fn wants_more(&self) -> bool {
        self.intent == Intent::Refine(Refinement::More)
    }

    pub fn wants_other_color(&self) -> bool {
        self.intent == Intent::Refine(Refinement::OtherColor)
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
