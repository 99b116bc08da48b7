//! The words of a message and what happens in them in; the parts it falls into out. A part begins where another deed does, and what is
//! said before that deed but belongs to it ("for #W2, exchange …") goes with it.

use super::lexicon::LEXICON;
use super::orders::Mention;
use super::verb::{Event, What, names_something};
use super::when;
use super::words::Words;
use crate::errand::heard::Verb;
use std::ops::Range;

/// Words that belong together, and what happens in them.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    pub range: Range<usize>,
    pub events: Vec<Event>,
    /// Of one verb said once, for things of several orders.
    pub chained: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Edge {
    at: usize,
    sentence: bool,
    /// 水壶和台灯退了: between things, and no end of anything.
    listing: bool,
}

/// A message being cut: its words, the orders in them, and addresses, which are never cut.
pub struct Cutter<'w> {
    words: &'w Words,
    orders: &'w [Mention],
    edges: Vec<Edge>,
}

impl Piece {
    pub fn verb(&self) -> Option<Verb> {
        self.events.iter().find_map(Event::verb)
    }
}

impl<'w> Cutter<'w> {
    pub fn new(words: &'w Words, orders: &'w [Mention], taken: &[Range<usize>]) -> Self {
        let mut edges: Vec<Edge> = Vec::new();
        for at in 1..words.len() {
            let inside = taken.iter().any(|t| t.start < at && at < t.end);
            let sentence = words.ends(at - 1);
            let comma = matches!(words.word(at - 1), "," | "、" | ")");
            let join = LEXICON.book("parts.joins").at(words, at).is_some();
            if !inside && (sentence || comma || join) {
                let listing = words.word(at - 1) == "、" || matches!(words.word(at), "和" | "跟" | "与" | "及" | "以");
                edges.push(Edge { at, sentence, listing });
            }
        }
        Self { words, orders, edges }
    }

    pub fn pieces(&self, events: &[Event]) -> Vec<Piece> {
        let all = 0..self.words.len();
        let mut pieces: Vec<Piece> = vec![Piece { range: all.clone(), events: Vec::new(), chained: false }];
        for (n, event) in events.iter().enumerate() {
            let until = events.get(n + 1).map_or(all.end, |e| e.span.start);
            let last = pieces.last_mut().expect("there is one from the beginning");
            let cut = last.events.last().map(|before| self.cut(before, event, until));
            match cut {
                Some(Some(at)) => {
                    last.range.end = at;
                    pieces.push(Piece { range: at..all.end, events: vec![event.clone()], chained: false });
                }
                None | Some(None) => last.events.push(event.clone()),
            }
        }
        let mut merged: Vec<Piece> = Vec::new();
        for piece in pieces {
            match merged.last_mut() {
                Some(before) if self.belongs(before, &piece) => {
                    let corrects = piece.verb().is_some_and(of_goods) && self.corrects(&piece);
                    join(before, piece, corrects);
                }
                _ => merged.push(piece),
            }
        }
        merged.into_iter().flat_map(|piece| self.by_order(piece)).collect()
    }

    /// Where an event's own words begin, after another event; none when nothing parts them.
    fn cut(&self, before: &Event, event: &Event, until: usize) -> Option<usize> {
        let edges: Vec<Edge> = self.edges.iter().copied().filter(|e| before.span.end <= e.at && e.at <= event.span.start).collect();
        let mut k = edges.len().checked_sub(1)?;
        while k > 0 {
            let clause = edges[k - 1].at..edges[k].at;
            let own_sentence = !edges[k].sentence && edges[..k].iter().any(|e| e.sentence);
            let has_order = self.has_order(&clause);
            let named_before = self.has_order(&(before.span.start.saturating_sub(8)..clause.start));
            let named_here = self.has_order(&(edges[k].at..until));
            let leads = self.leads(&clause) || (has_order && !names_something(self.words, &clause));
            let pointed = self.points_back(event) && names_something(self.words, &clause) && self.is_subject(&clause);
            if !(own_sentence
                || edges[k].listing
                || (leads && !named_here)
                || (edges[k - 1].sentence && has_order && named_before && !named_here)
                || pointed)
            {
                break;
            }
            k -= 1;
        }
        Some(edges[k].at)
    }

    fn has_order(&self, range: &Range<usize>) -> bool {
        self.orders.iter().any(|o| range.contains(&o.span.start))
    }

    /// "and for #W2,"
    fn leads(&self, clause: &Range<usize>) -> bool {
        let start = LEXICON.book("parts.joins").at(self.words, clause.start).map_or(clause.start, |(end, ())| end);
        let leads = LEXICON.book("parts.leads").at(self.words, start).is_some();
        leads && (self.has_order(clause) || LEXICON.book("parts.same_order").has(self.words, clause.clone()))
    }

    /// "… exchange it": of something just named.
    fn points_back(&self, event: &Event) -> bool {
        let near = event.span.start.saturating_sub(2)..(event.span.end + 3).min(self.words.len());
        event.verb().is_some() && LEXICON.book("parts.pronouns").has(self.words, near)
    }

    /// "The lamp is too small": a sentence of its own about a thing.
    fn is_subject(&self, clause: &Range<usize>) -> bool {
        let start = LEXICON.book("parts.joins").at(self.words, clause.start).map_or(clause.start, |(end, ())| end);
        let is = (start..clause.end)
            .any(|at| matches!(self.words.word(at), "is" | "are" | "was" | "arrived" | "doesnt" | "has" | "isnt" | "太" | "坏" | "有"));
        let named = matches!(self.words.word(start), "the" | "my" | "那" | "这");
        named && is && self.words.ends(start.wrapping_sub(1))
    }

    /// Whether a piece only goes on with what the one before it asks for.
    fn belongs(&self, before: &Piece, piece: &Piece) -> bool {
        use Verb::{Address, Cancel, Change, Payment, Refund, Return, Swap};
        let of = |p: &Piece| self.orders.iter().filter(|o| p.range.contains(&o.span.start)).map(|o| &o.order).collect::<Vec<_>>();
        let (own, next) = (of(before), of(piece));
        let one = own.is_empty() || next.is_empty() || own == next;
        let refused = |p: &Piece| p.events.iter().all(|e| matches!(e.what, What::Refused(_))) && !p.events.is_empty();
        if refused(before) || refused(piece) {
            return true;
        }
        let again = |p: &Piece| p.events.iter().map(|e| e.what).collect::<Vec<_>>();
        let (Some(first), Some(second)) = (before.verb(), piece.verb()) else { return one && again(before) == again(piece) };
        let other = piece.range.clone().any(|at| matches!(self.words.word(at), "other" | "another" | "另"));
        let dated = when::when(self.words, &piece.range, false) != crate::errand::When::default() && !own.is_empty();
        if one && first != second && self.corrects(piece) && of_goods(first) && of_goods(second) {
            return true;
        }
        match (first, second) {
            (a, b) if a == b => one && !other && !dated,
            (Refund, Return | Cancel) => one,
            (Return | Cancel | Swap, Refund) => next.is_empty() && follows(self.words, piece),
            (Change, Swap | Address | Payment) => next.is_empty() || own.is_empty() || own == next,
            (Swap | Address | Payment, Change) => one && !names_something(self.words, &(piece.events[0].span.end..piece.range.end)),
            _ => false,
        }
    }

    /// "No wait, exchange it"
    fn corrects(&self, piece: &Piece) -> bool {
        let verb = piece.events[0].span.start;
        LEXICON.book("parts.corrects").has(self.words, piece.range.start.saturating_sub(4)..verb)
    }

    /// A piece that names things of several orders, as one for each.
    fn by_order(&self, piece: Piece) -> Vec<Piece> {
        let mut orders: Vec<&Mention> = self.orders.iter().filter(|o| piece.range.contains(&o.span.start)).collect();
        orders.dedup_by(|b, a| a.order == b.order);
        let of_things = matches!(piece.verb(), Some(Verb::Return | Verb::Refund | Verb::Swap | Verb::Cancel | Verb::Change));
        if orders.len() < 2 || !of_things {
            return vec![piece];
        }
        let verb_end = piece.events[0].span.end;
        let first = orders[0].span.start;
        let order_first = first < verb_end || !names_something(self.words, &(verb_end..first));
        let mut cuts: Vec<usize> = Vec::new();
        for two in orders.windows(2) {
            let between = two[0].span.end..two[1].span.start;
            let mut edges = self.edges.iter().map(|e| e.at).filter(|at| between.start <= *at && *at <= between.end);
            let cut = if order_first { edges.next_back() } else { edges.next() };
            let own = |at: usize| if order_first { between.start..at } else { at..between.end };
            let Some(at) = cut.filter(|at| names_something(self.words, &own(*at))) else { return vec![piece] };
            cuts.push(at);
        }
        let starts = std::iter::once(piece.range.start).chain(cuts.iter().copied());
        let ends = cuts.iter().copied().chain(std::iter::once(piece.range.end));
        starts.zip(ends).map(|(start, end)| Piece { range: start..end, events: piece.events.clone(), chained: true }).collect()
    }
}

fn of_goods(verb: Verb) -> bool {
    matches!(verb, Verb::Return | Verb::Refund | Verb::Swap | Verb::Cancel)
}

/// Says what becomes of the money of the deed before.
fn follows(words: &Words, piece: &Piece) -> bool {
    let Some(event) = piece.events.iter().find(|e| e.verb() == Some(Verb::Refund)) else { return false };
    // "And a refund for the lamp" is a deed of its own.
    let of = (event.span.end..event.span.end + 3).find(|at| words.word(*at) == "for");
    let own = of.is_some_and(|at| {
        names_something(words, &(at + 1..(at + 5).min(words.len()))) && !matches!(words.word(at + 2), "difference" | "amount" | "price")
    });
    LEXICON.book("verb.refund_follows").has(words, event.span.start..piece.range.end) && !own
        || !names_something(words, &(event.span.end..piece.range.end))
}

fn join(before: &mut Piece, piece: Piece, corrects: bool) {
    before.range.end = piece.range.end;
    let vague =
        matches!((before.verb(), piece.verb()), (Some(Verb::Refund), Some(Verb::Return | Verb::Cancel)) | (Some(Verb::Change), Some(_)));
    if vague || corrects {
        before.events.retain(|e| e.verb().is_none());
    }
    let known = before.verb().is_some();
    before.events.extend(piece.events.into_iter().filter(|e| !known || e.verb().is_none()));
}
