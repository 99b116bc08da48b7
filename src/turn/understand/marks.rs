//! In: what each reader of the message found. Out: which tokens are spoken for, and the evidence for it.

use super::reading::Reading;
use serde::Serialize;
use std::ops::Range;

/// One thing understood, with the bytes of the message it rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evidence {
    /// Byte range in the message.
    pub span: (usize, usize),
    /// price, colour, not_colour, material, size, quantity, age, pregnancy, person, wearer, occasion, reject, waived, left, allergy, recovered,
    /// health, stock, sort, refine, reference, intent.
    pub kind: &'static str,
    pub value: String,
}

/// What stays in the search words and what leaves them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    InTerms,
    Out,
}

/// The tokens already understood.
#[derive(Debug)]
pub struct Marks {
    taken: Vec<Option<Keep>>,
    pub evidence: Vec<Evidence>,
}

impl Marks {
    pub fn new(tokens: usize) -> Self {
        Marks { taken: vec![None; tokens], evidence: Vec::new() }
    }

    pub fn free(&self, range: &Range<usize>) -> bool {
        self.taken[range.clone()].iter().all(Option::is_none)
    }

    pub fn out(&self, at: usize) -> bool {
        self.taken.get(at).is_some_and(|t| *t == Some(Keep::Out))
    }

    /// True when evidence of this kind lies on any of the tokens.
    pub fn says(&self, reading: &Reading, range: &Range<usize>, kind: &str) -> bool {
        let (start, end) = reading.bytes(range);
        self.evidence.iter().any(|e| e.kind == kind && e.span.0 < end && start < e.span.1)
    }

    /// Notes the tokens without evidence.
    pub fn cover(&mut self, range: Range<usize>, keep: Keep) {
        self.taken[range].fill(Some(keep));
    }

    pub fn take(&mut self, reading: &Reading, range: Range<usize>, keep: Keep, kind: &'static str, value: impl Into<String>) {
        self.note(reading, &range, kind, value);
        self.cover(range, keep);
    }

    /// Evidence that claims no token.
    pub fn note(&mut self, reading: &Reading, range: &Range<usize>, kind: &'static str, value: impl Into<String>) {
        self.evidence.push(Evidence { span: reading.bytes(range), kind, value: value.into() });
    }
}
