//! The best products for clauses that have synonyms, without looking at all that hold one of the words: MaxScore (Turtle & Flood 1995,
//! "Query evaluation: strategies and optimizations"), the document-at-a-time form.
//!
//! Every word in a field is a list of products with what it adds to a score, and the most it can add. Lists that could not bring a
//! product among the best even together are not walked through: they are asked only about products that other lists name. A clause is
//! worth its own words, or the best of its synonyms, whichever is more (dis-max); a synonym of several words wants all of them.

use tantivy::query::{Bm25StatisticsProvider, EnableScoring, Query, Scorer, TermQuery, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, Score, Searcher, SegmentReader, TERMINATED, Term};

/// One unit of a need.
struct Clause {
    ways: Vec<Way>,
}

struct Way {
    /// Each with its lists, one a field.
    words: Vec<Vec<usize>>,
    /// Every word is wanted, not any.
    all: bool,
}

/// A need ready to be asked of any segment.
pub struct Plan<'a> {
    searcher: &'a Searcher,
    fields: [(Field, f32); 2],
    lists: Vec<Entry>,
    clauses: Vec<Clause>,
}

/// A word in a field.
struct Entry {
    weight: Box<dyn Weight>,
    boost: f32,
    /// What it adds to a score at most.
    most: Score,
}

/// Its list in one segment.
struct List {
    scorer: Box<dyn Scorer>,
    /// Its number in the plan.
    number: usize,
    most: Score,
}

/// Above what rounding may add to a sum.
const SLACK: Score = 1.000_01;
/// What is found where a term stands in every document: a constant instead of BM25.
const EVERYWHERE: Score = 1.0;

impl<'a> Plan<'a> {
    pub fn new(searcher: &'a Searcher, fields: [(Field, f32); 2]) -> Self {
        Self { searcher, fields, lists: Vec::new(), clauses: Vec::new() }
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
            let words = words.iter().map(|word| self.word(word, weight * less)).collect::<tantivy::Result<_>>()?;
            ways.push(Way { words, all: true });
        }
        self.clauses.push(Clause { ways });
        Ok(())
    }

    fn word(&mut self, word: &str, weight: f32) -> tantivy::Result<Vec<usize>> {
        let mut lists = Vec::new();
        for (field, counts) in self.fields {
            let (term, boost) = (Term::from_field_text(field, word), counts * weight);
            let (all, with) = (self.searcher.total_num_docs()?, self.searcher.doc_freq(&term)?);
            if with == 0 {
                continue;
            }
            // As tantivy has it, with k1 = 1.2; a term frequency without end brings k1 + 1.
            let rarity = (1.0 + ((all - with) as Score + 0.5) / (with as Score + 0.5)).ln();
            let most = if with == all { EVERYWHERE } else { rarity * 2.2 } * boost * SLACK;
            lists.push(self.lists.len());
            let scoring = EnableScoring::enabled_from_searcher(self.searcher);
            let weight = TermQuery::new(term, IndexRecordOption::WithFreqs).weight(scoring)?;
            self.lists.push(Entry { weight, boost, most });
        }
        Ok(lists)
    }

    /// Offers `found` the products of a segment that score more than it asks for; it returns what it asks for from then on.
    /// What `admits` turns away is not scored.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn search(
        &self,
        segment: &SegmentReader,
        mut least: Score,
        admits: impl Fn(DocId) -> bool,
        mut found: impl FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        let mut lists = self.lists_of(segment)?;
        lists.sort_by(|a, b| a.most.total_cmp(&b.most));
        // What all lists up to this one can add.
        let most: Vec<Score> = lists
            .iter()
            .scan(0.0, |sum, list| {
                *sum += list.most;
                Some(*sum)
            })
            .collect();
        // Where each list stands.
        let mut docs: Vec<DocId> = lists.iter().map(|list| list.scorer.doc()).collect();
        let mut values = vec![0.0; self.lists.len()];
        // Lists before this one cannot bring a product among the best.
        let mut leading = most.partition_point(|sum| *sum <= least);
        let mut next = nearest(&docs[leading..]);
        let mut here: Vec<usize> = Vec::with_capacity(lists.len());
        while next != TERMINATED {
            let doc = next;
            let others = if leading == 0 { 0.0 } else { most[leading - 1] };
            here.clear();
            here.extend((leading..docs.len()).filter(|at| docs[*at] == doc));
            let could_be = others + here.iter().map(|at| lists[*at].most).sum::<Score>();
            if could_be > least && admits(doc) {
                let mut bound = others;
                for at in &here {
                    let list = &mut lists[*at];
                    values[list.number] = list.scorer.score();
                    bound += values[list.number];
                }
                // The strongest first, until it is plain that they will not do.
                for at in (0..leading).rev() {
                    if bound * SLACK <= least {
                        break;
                    }
                    let list = &mut lists[at];
                    if docs[at] < doc {
                        docs[at] = list.scorer.seek(doc);
                    }
                    bound -= list.most;
                    if docs[at] == doc {
                        values[list.number] = list.scorer.score();
                        bound += values[list.number];
                    }
                }
                let score = if bound * SLACK > least { self.clauses.iter().map(|clause| clause.worth(&values)).sum() } else { 0.0 };
                if score > least.max(0.0) {
                    least = found(doc, score);
                }
                values.fill(0.0);
            }
            for at in &here {
                docs[*at] = lists[*at].scorer.advance();
            }
            leading += most[leading..].partition_point(|sum| *sum <= least);
            next = nearest(&docs[leading..]);
        }
        Ok(())
    }

    fn lists_of(&self, segment: &SegmentReader) -> tantivy::Result<Vec<List>> {
        let mut lists = Vec::with_capacity(self.lists.len());
        for (number, entry) in self.lists.iter().enumerate() {
            let scorer = entry.weight.scorer(segment, entry.boost)?;
            if scorer.doc() != TERMINATED {
                lists.push(List { scorer, number, most: entry.most });
            }
        }
        Ok(lists)
    }
}

fn nearest(docs: &[DocId]) -> DocId {
    docs.iter().copied().fold(TERMINATED, DocId::min)
}

impl Clause {
    /// `values` is what each list adds for one product.
    fn worth(&self, values: &[Score]) -> Score {
        self.ways.iter().map(|way| way.worth(values)).fold(0.0, Score::max)
    }
}

impl Way {
    fn worth(&self, values: &[Score]) -> Score {
        let mut sum = 0.0;
        for lists in &self.words {
            let word: Score = lists.iter().map(|list| values[*list]).sum();
            if self.all && word == 0.0 {
                return 0.0;
            }
            sum += word;
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::random::Random;
    use tantivy::collector::TopDocs;
    use tantivy::query::{BooleanQuery, BoostQuery, DisjunctionMaxQuery, Occur};
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
