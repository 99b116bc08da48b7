//! Words in, products ranked by BM25 out (Robertson & Zaragoza 2009; tantivy's k1 = 1.2, b = 0.75), and how much of the words each
//! product covers.
//!
//! A phrase of the lexicon takes its best synonym (dis-max); neighbouring words are looked for written together ("smart watch" is in
//! "smartwatch"); a word the index has never seen is corrected to one within an edit or two.

use super::best::Plan;
use super::bitmap::Bitmap;
use super::schema::{Fields, Segmenter, TOKENIZER, VERSION, schema};
use super::segment::index_terms;
use super::wording::{PURPOSE, Wording};
use crate::catalog::{Product, Revision};
use anyhow::Context;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::path::Path;
use std::sync::{Arc, RwLock};
use std::time::Duration;
use tantivy::collector::DocSetCollector;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocId, DocSet, Index, IndexReader, IndexWriter, ReloadPolicy, Score, Searcher, TERMINATED, TantivyError, Term};

pub struct Lexical {
    index: Index,
    reader: IndexReader,
    fields: Fields,
    view: RwLock<Arc<View>>,
}

/// One state of the index.
pub struct View {
    searcher: Searcher,
    fields: Fields,
    /// Where each ordinal's document lies.
    places: Vec<Option<DocAddress>>,
    /// The ordinal of each document, segment by segment.
    ords: Vec<Vec<u32>>,
}

/// How much of a query's mass a product covers: 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Coverage {
    /// By anything the product says.
    pub whole: f32,
    /// By its title, brand and narrowest category.
    pub title: f32,
}

const SYNONYM_WEIGHT: f32 = 0.5;
/// Synonyms of one phrase that are looked up.
const MOST_ALTERNATIVES: usize = 12;
/// Of these, those that coverage is judged by.
const MOST_JUDGED: usize = 4;

impl Lexical {
    /// Opens the index, or makes an empty one when there is none, it is of another version, or it is damaged: it is derived.
    ///
    /// # Errors
    /// When the directory cannot be written.
    pub fn open(dir: &Path) -> anyhow::Result<Self> {
        let marker = dir.join("version");
        let current = std::fs::read_to_string(&marker).is_ok_and(|v| v == VERSION);
        let index = match current.then(|| Index::open_in_dir(dir)) {
            Some(Ok(index)) => index,
            _ => {
                if dir.exists() {
                    std::fs::remove_dir_all(dir).with_context(|| format!("clear the index directory {}", dir.display()))?;
                }
                std::fs::create_dir_all(dir).with_context(|| format!("make the index directory {}", dir.display()))?;
                let index = Index::create_in_dir(dir, schema().0).context("make the index")?;
                std::fs::write(&marker, VERSION).context("mark the index version")?;
                index
            }
        };
        index.tokenizers().register(TOKENIZER, Segmenter);
        let reader: IndexReader =
            index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().context("open the index for reading")?;
        let fields = schema().1;
        let view = RwLock::new(Arc::new(View::of(reader.searcher(), fields)?));
        Ok(Self { index, reader, fields, view })
    }

    /// The catalogue revision the index has caught up with.
    pub fn revision(&self) -> Revision {
        let payload = self.index.load_metas().ok().and_then(|m| m.payload);
        payload.and_then(|p| p.parse().ok()).unwrap_or(0)
    }

    pub fn reload(&self) -> anyhow::Result<()> {
        self.reader.reload().context("reload the index")?;
        let view = Arc::new(View::of(self.reader.searcher(), self.fields)?);
        *self.view.write().expect("no holder of this lock can panic") = view;
        Ok(())
    }

    pub fn view(&self) -> Arc<View> {
        self.view.read().expect("no holder of this lock can panic").clone()
    }

    /// Waits up to a minute for another process that is writing the same index.
    ///
    /// # Errors
    /// When the other writer does not end, or the index cannot be written.
    pub fn writer(&self) -> anyhow::Result<Writer> {
        for _ in 0..600 {
            match self.index.writer_with_num_threads(1, 64 << 20) {
                Ok(inner) => return Ok(Writer { inner, fields: self.fields }),
                Err(TantivyError::LockFailure(..)) => std::thread::sleep(Duration::from_millis(100)),
                Err(error) => return Err(error).context("open the index for writing"),
            }
        }
        anyhow::bail!("another process has been writing the index for a minute; try again when it has ended")
    }
}

impl View {
    fn of(searcher: Searcher, fields: Fields) -> anyhow::Result<Self> {
        let (mut places, mut ords): (Vec<Option<DocAddress>>, Vec<Vec<u32>>) = Default::default();
        for (segment_ord, segment) in searcher.segment_readers().iter().enumerate() {
            let column = segment.fast_fields().u64("ord").context("read the ord column")?;
            ords.push((0..segment.max_doc()).map(|doc| column.first(doc).unwrap_or(0) as u32).collect());
            for doc_id in segment.doc_ids_alive() {
                let ord = ords[segment_ord][doc_id as usize] as usize;
                if places.len() <= ord {
                    places.resize(ord + 1, None);
                }
                places[ord] = Some(DocAddress { segment_ord: segment_ord as u32, doc_id });
            }
        }
        Ok(Self { searcher, fields, places, ords })
    }

    /// Up to `depth` `(ord, score)` among the allowed, best first.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn rank(&self, wording: &Wording, allowed: &Bitmap, depth: usize) -> anyhow::Result<Vec<(u32, f32)>> {
        let mut best = Best::new(depth);
        self.read(wording, allowed, &mut best).context("search the index")?;
        Ok(best.ranked())
    }

    fn read(&self, wording: &Wording, allowed: &Bitmap, best: &mut Best) -> tantivy::Result<()> {
        let mut plan = Plan::new(&self.searcher, self.fields.weighted());
        for unit in &wording.units {
            let own = unit.terms.iter().map(|term| &term.text).chain(unit.joined());
            let synonyms = unit.alternatives.iter().take(MOST_ALTERNATIVES).filter(|words| !words.is_empty());
            plan.add(own, synonyms, if unit.purpose { PURPOSE } else { 1.0 }, SYNONYM_WEIGHT)?;
        }
        for (segment, ords) in self.searcher.segment_readers().iter().zip(&self.ords) {
            let alive = segment.alive_bitset();
            let admits = |doc: DocId| alive.is_none_or(|alive| alive.is_alive(doc)) && allowed.contains(ords[doc as usize] as usize);
            let threshold = best.threshold();
            plan.search(segment, threshold, admits, |doc, score| {
                best.offer(score, ords[doc as usize]);
                best.threshold()
            })?;
        }
        Ok(())
    }

    /// Ords of products that contain every term of `words`.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn containing(&self, words: &str) -> anyhow::Result<Vec<u32>> {
        let Some(query) = self.all(&index_terms(words)) else { return Ok(Vec::new()) };
        let docs = self.searcher.search(&query, &DocSetCollector).context("search the index")?;
        Ok(docs.into_iter().map(|at| self.ords[at.segment_ord as usize][at.doc_id as usize]).collect())
    }

    /// Inverse document frequency as BM25 has it.
    pub fn rarity(&self, term: &str) -> f32 {
        let all = self.searcher.num_docs() as f32;
        let with = self.searcher.doc_freq(&Term::from_field_text(self.fields.whole, term)).unwrap_or(0) as f32;
        (1.0 + (all - with.min(all) + 0.5) / (with + 0.5)).ln()
    }

    /// The commonest indexed word within one edit of a word that is not indexed, or two of a long one, with the same first letter.
    pub fn spelling(&self, term: &str) -> Option<String> {
        let letters = term.chars().count();
        let first = term.chars().next().filter(|_| letters >= 4 && term.chars().all(|c| c.is_ascii_alphabetic()))?;
        if self.knows(term) {
            return None;
        }
        let most = if letters < 8 { 1 } else { 2 };
        let mut best: Option<(usize, u32, String)> = None;
        for segment in self.searcher.segment_readers() {
            let inverted = segment.inverted_index(self.fields.whole).ok()?;
            let range = inverted.terms().range().ge([first as u8]).lt([first as u8 + 1]);
            let mut words = range.into_stream().ok()?;
            while words.advance() {
                let Ok(word) = std::str::from_utf8(words.key()) else { continue };
                if word.len().abs_diff(term.len()) > most {
                    continue;
                }
                let (edits, frequency) = (strsim::osa_distance(word, term), words.value().doc_freq);
                let better = best.as_ref().is_none_or(|(e, f, _)| (edits, std::cmp::Reverse(frequency)) < (*e, std::cmp::Reverse(*f)));
                if edits <= most && better {
                    best = Some((edits, frequency, word.to_owned()));
                }
            }
        }
        best.map(|(_, _, word)| word)
    }

    /// How many products hold the rarest of `terms` in title, brand or narrowest category.
    pub fn titled(&self, terms: &[String]) -> usize {
        let with = |term: &String| self.searcher.doc_freq(&Term::from_field_text(self.fields.title, term)).unwrap_or(0) as usize;
        terms.iter().map(with).min().unwrap_or(0)
    }

    pub fn knows(&self, term: &str) -> bool {
        self.fields.weighted().iter().any(|(field, _)| self.searcher.doc_freq(&Term::from_field_text(*field, term)).is_ok_and(|n| n > 0))
    }

    /// What each of `ords` covers of the wording, in their order.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn coverage(&self, wording: &Wording, ords: &[u32]) -> anyhow::Result<Vec<Coverage>> {
        let mut at: Vec<(DocAddress, usize)> =
            ords.iter().enumerate().filter_map(|(n, ord)| Some((self.places.get(*ord as usize).copied().flatten()?, n))).collect();
        at.sort_unstable();
        let has = |terms: &[String], field| self.containing_all(terms, field, &at, ords.len());
        let (fields, mass) = (self.fields, wording.mass().max(1e-6));
        let mut covered = vec![Coverage::default(); ords.len()];
        for unit in &wording.units {
            let mut own = [vec![0.0_f32; ords.len()], vec![0.0_f32; ords.len()]];
            let mut whole = 0.0;
            for term in &unit.terms {
                whole += term.mass;
                for (places, own) in [&[fields.whole, fields.attributes][..], &[fields.title]].into_iter().zip(&mut own) {
                    let mut there = vec![false; ords.len()];
                    for (word, field) in std::iter::once(&term.text).chain(&term.joined).flat_map(|w| places.iter().map(move |f| (w, *f))) {
                        let also = has(std::slice::from_ref(word), field)?;
                        there.iter_mut().zip(also).for_each(|(t, a)| *t |= a);
                    }
                    own.iter_mut().zip(there).filter(|(_, there)| *there).for_each(|(sum, _)| *sum += term.mass);
                }
            }
            for alternative in unit.alternatives.iter().take(MOST_JUDGED) {
                for (field, own) in [fields.whole, fields.title].into_iter().zip(&mut own) {
                    let there = has(alternative, field)?;
                    own.iter_mut().zip(there).filter(|(_, there)| *there).for_each(|(sum, _)| *sum = sum.max(whole * SYNONYM_WEIGHT));
                }
            }
            for (n, covered) in covered.iter_mut().enumerate() {
                covered.whole += own[0][n] / mass;
                covered.title += own[1][n] / mass;
            }
        }
        Ok(covered)
    }

    /// Which of the documents hold every one of `terms` in `field`. `at` is sorted; the answer is in the order of its second halves.
    fn containing_all(
        &self,
        terms: &[String],
        field: tantivy::schema::Field,
        at: &[(DocAddress, usize)],
        count: usize,
    ) -> anyhow::Result<Vec<bool>> {
        let mut all = vec![!terms.is_empty(); count];
        for term in terms {
            let mut has = vec![false; count];
            let term = Term::from_field_text(field, term);
            for docs in at.chunk_by(|a, b| a.0.segment_ord == b.0.segment_ord) {
                let inverted = self.searcher.segment_reader(docs[0].0.segment_ord).inverted_index(field).context("read the index")?;
                let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::Basic).context("read the index")? else {
                    continue;
                };
                for (address, n) in docs {
                    if postings.doc() < address.doc_id {
                        postings.seek(address.doc_id);
                    }
                    if postings.doc() == TERMINATED {
                        break;
                    }
                    has[*n] = postings.doc() == address.doc_id;
                }
            }
            all.iter_mut().zip(has).for_each(|(all, has)| *all &= has);
        }
        Ok(all)
    }

    fn all(&self, terms: &[String]) -> Option<Box<dyn Query>> {
        let words: Vec<(Occur, Box<dyn Query>)> = terms.iter().map(|t| (Occur::Must, self.exact(t))).collect();
        (!words.is_empty()).then(|| Box::new(BooleanQuery::new(words)) as Box<dyn Query>)
    }

    fn exact(&self, term: &str) -> Box<dyn Query> {
        let ways = self.fields.weighted().map(|(field, _)| {
            let query = TermQuery::new(Term::from_field_text(field, term), IndexRecordOption::Basic);
            (Occur::Should, Box::new(query) as Box<dyn Query>)
        });
        Box::new(BooleanQuery::new(ways.into()))
    }
}

/// The best so far, the least of them on top. Scores are positive: their bits are ordered as they are.
struct Best {
    depth: usize,
    heap: BinaryHeap<Reverse<(u32, Reverse<u32>)>>,
}

impl Best {
    fn new(depth: usize) -> Self {
        Self { depth, heap: BinaryHeap::with_capacity(depth + 1) }
    }

    /// What must be surpassed.
    fn threshold(&self) -> Score {
        let least = self.heap.peek().filter(|_| self.heap.len() >= self.depth);
        least.map_or(Score::MIN, |Reverse((score, _))| Score::from_bits(*score))
    }

    fn offer(&mut self, score: Score, ord: u32) {
        self.heap.push(Reverse((score.max(0.0).to_bits(), Reverse(ord))));
        if self.heap.len() > self.depth {
            self.heap.pop();
        }
    }

    fn ranked(self) -> Vec<(u32, f32)> {
        self.heap.into_sorted_vec().into_iter().map(|Reverse((score, Reverse(ord)))| (ord, Score::from_bits(score))).collect()
    }
}

/// Changes of the index; visible after `commit`.
pub struct Writer {
    inner: IndexWriter,
    fields: Fields,
}

impl Writer {
    pub fn put(&mut self, ord: i64, product: &Product) -> anyhow::Result<()> {
        self.remove(ord);
        self.inner.add_document(super::schema::document(&self.fields, ord, product)).context("index a product")?;
        Ok(())
    }

    pub fn remove(&mut self, ord: i64) {
        self.inner.delete_term(Term::from_field_u64(self.fields.ord, ord as u64));
    }

    pub fn commit(mut self, revision: Revision) -> anyhow::Result<()> {
        let mut prepared = self.inner.prepare_commit().context("commit the index")?;
        prepared.set_payload(&revision.to_string());
        prepared.commit().context("commit the index")?;
        self.inner.wait_merging_threads().context("merge the index")
    }
}
