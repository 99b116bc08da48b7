//! The best products for a need: every word in a field is a list of products with what it adds to a score, and the lists are read one
//! after the other, a window of products at a time. What they add up to lies in small arrays that never leave the nearest cache, so
//! that an entry of a list costs the same however many lists there are (bulk scoring in windows, as Lucene's `BooleanScorer`).
//!
//! A clause is worth its own words, or the best of its synonyms, whichever is more (dis-max); a synonym of several words wants all of
//! them. Scores are tantivy's BM25.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::query::{Bm25StatisticsProvider, Bm25Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, Score, Searcher, SegmentReader, TERMINATED, Term};

/// A need ready to be asked of any segment.
pub struct Plan<'a> {
    searcher: &'a Searcher,
    fields: [(Field, f32); 2],
    clauses: Vec<Clause>,
}

/// One unit of a need: ways to say it, of which the best counts.
struct Clause {
    ways: Vec<Way>,
}

struct Way {
    /// The rarest first.
    words: Vec<Word>,
    /// Every word is wanted, not any.
    all: bool,
}

/// A word in each field that has it.
struct Word {
    entries: Vec<Entry>,
    /// Products, at most.
    with: u64,
}

struct Entry {
    term: Term,
    weight: Bm25Weight,
}

/// A word's products in one field of one segment.
struct List<'a> {
    postings: BlockSegmentPostings,
    /// The next one, in the block at hand.
    at: usize,
    norms: FieldNormReader,
    weight: &'a Bm25Weight,
}

/// Products of a window.
const WINDOW: usize = 2_048;

/// Scores of a window's products, most of them none.
struct Sums {
    scores: [Score; WINDOW],
    /// Where there is one.
    places: Vec<u16>,
}

impl<'a> Plan<'a> {
    pub fn new(searcher: &'a Searcher, fields: [(Field, f32); 2]) -> Self {
        Self { searcher, fields, clauses: Vec::new() }
    }

    /// Adds a clause that counts `weight`: any of `own`, or all words of one of `synonyms`, which count `less`.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn add<'w>(
        &mut self,
        own: impl Iterator<Item = &'w String>,
        synonyms: impl Iterator<Item = &'w Vec<String>>,
        weight: f32,
        less: f32,
    ) -> tantivy::Result<()> {
        let mut ways = vec![Way { words: own.map(|word| self.word(word, weight)).collect::<tantivy::Result<_>>()?, all: false }];
        for words in synonyms {
            let mut words: Vec<Word> = words.iter().map(|word| self.word(word, weight * less)).collect::<tantivy::Result<_>>()?;
            words.sort_by_key(|word| word.with);
            ways.push(Way { words, all: true });
        }
        self.clauses.push(Clause { ways });
        Ok(())
    }

    fn word(&self, word: &str, weight: f32) -> tantivy::Result<Word> {
        let all = self.searcher.total_num_docs()?;
        let mut known = Word { entries: Vec::new(), with: 0 };
        for (field, counts) in self.fields {
            let term = Term::from_field_text(field, word);
            let with = self.searcher.doc_freq(&term)?;
            if with > 0 {
                let average = self.searcher.total_num_tokens(field)? as Score / all as Score;
                let weight = Bm25Weight::for_one_term_without_explain(with, all, average).boost_by(counts * weight);
                known.entries.push(Entry { term, weight });
                known.with += with;
            }
        }
        Ok(known)
    }

    /// Offers `found` the products of a segment that score more than it asks for; it returns what it asks for from then on.
    /// What `admits` turns away is not offered.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn search(
        &self,
        segment: &SegmentReader,
        least: Score,
        admits: impl Fn(DocId) -> bool,
        mut found: impl FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        let mut least = least.max(0.0);
        let mut clauses = Vec::with_capacity(self.clauses.len());
        for clause in &self.clauses {
            clauses.push(clause.ways.iter().map(|way| Reading::of(way, segment)).collect::<tantivy::Result<Vec<_>>>()?);
        }
        let [mut score, mut clause, mut way, mut word] = [(); 4].map(|()| Sums::new());
        loop {
            let from = clauses.iter().flatten().map(Reading::next).min().unwrap_or(TERMINATED);
            if from == TERMINATED {
                return Ok(());
            }
            for ways in &mut clauses {
                for reading in ways.iter_mut() {
                    reading.read(from, &mut way, &mut word);
                    way.drain(|place, score| clause.raise(place, score));
                }
                clause.drain(|place, more| score.add(place, more));
            }
            score.drain(|place, score| {
                let doc = from + place as DocId;
                if score > least && admits(doc) {
                    least = found(doc, score);
                }
            });
        }
    }
}

impl Sums {
    fn new() -> Self {
        Self { scores: [0.0; WINDOW], places: Vec::with_capacity(WINDOW) }
    }

    fn add(&mut self, place: usize, score: Score) {
        *self.at(place) += score;
    }

    fn raise(&mut self, place: usize, score: Score) {
        let own = self.at(place);
        *own = own.max(score);
    }

    /// The score at a place, which gets one.
    fn at(&mut self, place: usize) -> &mut Score {
        if self.scores[place] == 0.0 {
            self.places.push(place as u16);
        }
        &mut self.scores[place]
    }

    /// Takes out every score.
    fn drain(&mut self, mut take: impl FnMut(usize, Score)) {
        for place in self.places.drain(..) {
            take(usize::from(place), std::mem::take(&mut self.scores[usize::from(place)]));
        }
    }

    /// Adds the scores of products that both have, and drops those of others.
    fn join(&mut self, other: &mut Self) {
        self.places.retain(|place| {
            let (own, more) = (&mut self.scores[usize::from(*place)], other.scores[usize::from(*place)]);
            *own = if more > 0.0 { *own + more } else { 0.0 };
            more > 0.0
        });
        other.drain(|_, _| ());
    }
}

/// A way in one segment: the lists of each word.
struct Reading<'a> {
    words: Vec<Vec<List<'a>>>,
    all: bool,
}

impl<'a> Reading<'a> {
    fn of(way: &'a Way, segment: &SegmentReader) -> tantivy::Result<Self> {
        let lists = |word: &'a Word| word.entries.iter().filter_map(|entry| List::of(entry, segment).transpose()).collect();
        let mut words = way.words.iter().map(lists).collect::<tantivy::Result<Vec<Vec<List>>>>()?;
        if way.all && words.iter().any(Vec::is_empty) {
            words.clear();
        }
        Ok(Self { words, all: way.all })
    }

    /// The first product that it may bring.
    fn next(&self) -> DocId {
        let next = self.words.iter().map(|lists| lists.iter().map(List::next).min().unwrap_or(TERMINATED));
        if self.all { next.max() } else { next.min() }.unwrap_or(TERMINATED)
    }

    /// Adds what it says of the products from `from` on, until the window's end. `word` is room.
    fn read(&mut self, from: DocId, way: &mut Sums, word: &mut Sums) {
        if self.next() >= from.saturating_add(WINDOW as DocId) {
            return;
        }
        let mut words = self.words.iter_mut();
        if !self.all {
            words.flatten().for_each(|list| list.add(from, way));
            return;
        }
        words.next().into_iter().flatten().for_each(|list| list.add(from, way));
        for lists in words {
            lists.iter_mut().for_each(|list| list.add(from, word));
            way.join(word);
        }
    }
}

impl<'a> List<'a> {
    fn of(entry: &'a Entry, segment: &SegmentReader) -> tantivy::Result<Option<Self>> {
        let field = entry.term.field();
        let Some(postings) = segment.inverted_index(field)?.read_block_postings(&entry.term, IndexRecordOption::WithFreqs)? else {
            return Ok(None);
        };
        let norms = segment.fieldnorms_readers().get_field(field)?.unwrap_or_else(|| FieldNormReader::constant(segment.max_doc(), 1));
        Ok(Some(Self { postings, at: 0, norms, weight: &entry.weight }))
    }

    fn next(&self) -> DocId {
        self.postings.docs().get(self.at).copied().unwrap_or(TERMINATED)
    }

    /// Adds the scores of its products from `from` on, until the window's end.
    fn add(&mut self, from: DocId, to: &mut Sums) {
        let end = from.saturating_add(WINDOW as DocId);
        if self.next() < from {
            self.at = self.postings.seek(from);
        }
        while self.next() < end {
            let (docs, freqs) = (&self.postings.docs()[self.at..], &self.postings.freqs()[self.at..]);
            let within = docs.partition_point(|doc| *doc < end);
            for (doc, freq) in docs[..within].iter().zip(freqs) {
                to.add((doc - from) as usize, self.weight.score(self.norms.fieldnorm_id(*doc), *freq));
            }
            self.at += within;
            if self.at == self.postings.block_len() {
                self.postings.advance();
                self.at = 0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::random::Random;
    use tantivy::collector::TopDocs;
    use tantivy::query::{BooleanQuery, BoostQuery, DisjunctionMaxQuery, Occur, Query, TermQuery};
    use tantivy::schema::{Schema, TEXT};
    use tantivy::{Index, doc};

    type Boxed = Box<dyn Query>;
    /// Own words, synonyms, weight.
    type Said = (&'static [&'static str], &'static [&'static [&'static str]], f32);

    fn any(queries: Vec<Boxed>, occur: Occur) -> Boxed {
        Box::new(BooleanQuery::new(queries.into_iter().map(|query| (occur, query)).collect()))
    }

    /// The products and scores are those of tantivy's own union, dis-max and intersection, which look at every product.
    #[test]
    fn what_is_left_out_is_not_among_the_best() {
        let mut builder = Schema::builder();
        let fields = [(builder.add_text_field("whole", TEXT), 1.0), (builder.add_text_field("attributes", TEXT), 0.1)];
        let index = Index::create_in_ram(builder.build());
        let mut writer = index.writer_with_num_threads(1, 20_000_000).expect("a writer");
        let mut random = Random::new(7);
        // Word n stands in about one product of n + 1.
        let mut text = |words: usize| {
            let mut word = || format!("w{}", (60.0_f32.powf(random.uniform()) as usize).saturating_sub(1));
            (0..words).map(|_| word()).collect::<Vec<_>>().join(" ")
        };
        for n in 0..3_000 {
            writer.add_document(doc!(fields[0].0 => text(2 + n % 7), fields[1].0 => text(n % 3))).expect("a product");
            if n == 1_000 {
                writer.commit().expect("a segment");
            }
        }
        writer.commit().expect("another");
        let searcher = index.reader().expect("a reader").searcher();
        let exact = |word: &str, weight: f32| {
            let ways = fields.map(|(field, counts)| {
                let term = TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::WithFreqs);
                Box::new(BoostQuery::new(Box::new(term), counts * weight)) as Boxed
            });
            any(ways.into(), Occur::Should)
        };
        let cases: [&[Said]; 4] = [
            &[(&["w0", "w1"], &[], 1.0), (&["w40"], &[&["w2"], &["w1", "w5"]], 1.0)],
            &[(&["w30", "w31"], &[&["w0"], &["w0", "w50"], &["w7", "nowhere"]], 1.0)],
            &[(&["w3"], &[&["w4"]], 1.0), (&["w0", "w9"], &[&["w25"]], 0.4), (&["w12"], &[], 1.0)],
            &[(&["nowhere"], &[&["w20", "w0"]], 1.0)],
        ];
        for (n, clauses) in cases.into_iter().enumerate() {
            let mut plan = Plan::new(&searcher, fields);
            let mut all = Vec::new();
            for (own, synonyms, weight) in clauses {
                let words = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<String>>();
                let others: Vec<Vec<String>> = synonyms.iter().map(|s| words(s)).collect();
                plan.add(words(own).iter(), others.iter(), *weight, 0.5).expect("a plan");
                let mut ways = vec![any(own.iter().map(|w| exact(w, *weight)).collect(), Occur::Should)];
                ways.extend(synonyms.iter().map(|s| any(s.iter().map(|w| exact(w, weight * 0.5)).collect(), Occur::Must)));
                all.push(Box::new(DisjunctionMaxQuery::new(ways)) as Boxed);
            }
            let expected = searcher.search(&any(all, Occur::Should), &TopDocs::with_limit(20).order_by_score()).expect("a search");
            let mut best: Vec<(Score, u32, DocId)> = Vec::new();
            for (segment_ord, segment) in searcher.segment_readers().iter().enumerate() {
                let least = |best: &[(Score, u32, DocId)]| if best.len() < 20 { Score::MIN } else { best[19].0 };
                let begin = least(&best);
                plan.search(
                    segment,
                    begin,
                    |_| true,
                    |doc, score| {
                        best.push((score, segment_ord as u32, doc));
                        best.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
                        best.truncate(20);
                        least(&best)
                    },
                )
                .expect("a search");
            }
            assert!(!best.is_empty() && best.len() == expected.len(), "case {n}");
            for ((score, segment, doc), (tantivy, at)) in best.iter().zip(&expected) {
                assert!((score - tantivy).abs() < 1e-4, "case {n}: {score} for {tantivy}");
                assert!((*segment, *doc) == (at.segment_ord, at.doc_id) || (score - tantivy).abs() < 1e-5, "case {n}");
            }
        }
    }
}
