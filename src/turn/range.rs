//! "What do you sell?" in; the departments of the shop, the largest first, out.

use super::cue::{CUES, any, plain};
use super::kind::Kinds;
use super::understand::Filters;
use super::{Choice, Finish, Sentence, Turn, say};
use crate::catalog::department;
use crate::search::Query;

/// Departments that are named, and those offered to choose from.
const NAMED: usize = 12;
const OFFERED: usize = 5;
/// Characters of "surprise me"; who says more says what for.
const LONGEST_UNDECIDED: usize = 26;

impl Turn<'_> {
    /// What the shop sells at all, where a message asks for that and for nothing of it.
    ///
    /// # Errors
    /// When the shelf cannot be read.
    pub(super) async fn take_range(&mut self) -> anyhow::Result<Option<Finish>> {
        let (read, text) = (&self.understanding, plain(&self.ask.text));
        let short = text.chars().count() < LONGEST_UNDECIDED;
        let undecided = short && self.memory.shown.is_empty() && self.memory.terms.is_empty() && any(&text, &CUES.undecided);
        if !(undecided || any(&text, &CUES.range))
            || !Kinds::of(&read.terms).is_empty()
            || read.filters != Filters::default()
            || read.recipient.is_some()
        {
            return Ok(None);
        }
        let found = self.rooms.search.find(Query { limit: 1, lang: self.lang, ..Query::default() }).await?;
        let mut departments: Vec<(String, usize)> = Vec::new();
        for path in found.facets.iter().filter(|facet| facet.name == "category").flat_map(|facet| &facet.values) {
            let name = department(&path.value);
            match departments.iter_mut().find(|(known, _)| known == name) {
                Some((_, count)) => *count += path.count,
                None if name.is_empty() => {}
                None => departments.push((name.to_owned(), path.count)),
            }
        }
        if departments.len() < 2 {
            return Ok(None);
        }
        departments.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let names: Vec<String> = departments.into_iter().take(NAMED).map(|(name, _)| name).collect();
        self.say(Sentence::plain(say::sold_here(&names, self.lang))).await;
        self.offer(names.into_iter().take(OFFERED).map(|name| Choice { label: name.clone(), value: name }).collect()).await;
        Ok(Some(Finish::Asked))
    }
}
