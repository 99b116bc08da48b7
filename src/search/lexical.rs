//! Words in, products ranked by BM25 out (Robertson & Zaragoza 2009; tantivy's k1 = 1.2, b = 0.75).
//!
//! A word scores in the whole text and a little more in category and attributes; a phrase of the lexicon takes its best synonym
//! (dis-max); a word the index has never seen is matched within one or two edits.

use super::filter::Bitmap;
use super::schema::{Fields, Segmenter, TOKENIZER, VERSION, schema};
use super::segment::{is_cjk, is_stopword, segment};
use crate::catalog::{Product, Revision};
use crate::turn::understand::lexicon;
use anyhow::Context;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tantivy::collector::{DocSetCollector, FilterCollector, TopDocs};
use tantivy::query::{BooleanQuery, BoostQuery, DisjunctionMaxQuery, FuzzyTermQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyError, Term};

pub struct Lexical {
    index: Index,
    reader: IndexReader,
    fields: Fields,
}

const SYNONYM_WEIGHT: f32 = 0.7;
/// Of what a thing is for, beside what it is.
const PURPOSE_WEIGHT: f32 = 0.4;
const NEIGHBOUR_WEIGHT: f32 = 0.4;
const FUZZY_WEIGHT: f32 = 0.6;
const MOST_TERMS: usize = 60;

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
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().context("open the index for reading")?;
        Ok(Self { index, reader, fields: schema().1 })
    }

    /// The catalogue revision the index has caught up with.
    pub fn revision(&self) -> Revision {
        let payload = self.index.load_metas().ok().and_then(|m| m.payload);
        payload.and_then(|p| p.parse().ok()).unwrap_or(0)
    }

    pub fn reload(&self) -> anyhow::Result<()> {
        self.reader.reload().context("reload the index")
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

    /// Up to `depth` `(ord, score)` among the allowed, best first.
    pub fn rank(&self, text: &str, allowed: &Arc<Bitmap>, depth: usize) -> anyhow::Result<Vec<(u32, f32)>> {
        let searcher = self.reader.searcher();
        let Some(query) = self.query(&searcher, text) else { return Ok(Vec::new()) };
        let set = allowed.clone();
        let keep = move |ord: u64| set.contains(ord as usize);
        let collector = FilterCollector::<_, _, u64>::new("ord".to_owned(), keep, TopDocs::with_limit(depth).order_by_score());
        let docs = searcher.search(&query, &collector).context("search the index")?;
        let mut ranked = Vec::with_capacity(docs.len());
        for (score, address) in &docs {
            let column = searcher.segment_reader(address.segment_ord).fast_fields().u64("ord").context("read the ord column")?;
            ranked.extend(column.first(address.doc_id).map(|ord| (ord as u32, *score)));
        }
        Ok(ranked)
    }

    /// Ords of products that contain every term of `words`.
    pub fn containing(&self, words: &str) -> anyhow::Result<Vec<u32>> {
        let searcher = self.reader.searcher();
        let Some(query) = self.all_of(words) else { return Ok(Vec::new()) };
        let docs = searcher.search(&query, &DocSetCollector).context("search the index")?;
        let mut ords = Vec::with_capacity(docs.len());
        for address in docs {
            let column = searcher.segment_reader(address.segment_ord).fast_fields().u64("ord").context("read the ord column")?;
            ords.extend(column.first(address.doc_id).map(|ord| ord as u32));
        }
        Ok(ords)
    }

    fn query(&self, searcher: &Searcher, text: &str) -> Option<BooleanQuery> {
        let (wanted, purpose) = lexicon::purpose(text);
        let mut clauses = self.clauses(searcher, wanted);
        clauses.extend(self.neighbours(text));
        for clause in self.clauses(searcher, purpose) {
            clauses.push(Box::new(BoostQuery::new(clause, PURPOSE_WEIGHT)));
        }
        (!clauses.is_empty()).then(|| BooleanQuery::union(clauses))
    }

    fn clauses(&self, searcher: &Searcher, text: &str) -> Vec<Box<dyn Query>> {
        let mut clauses: Vec<Box<dyn Query>> = Vec::new();
        let expansions = lexicon::expansions(text);
        let mut rest = String::new();
        let mut at = 0;
        for expansion in &expansions {
            rest.push_str(text.get(at..expansion.span.0).unwrap_or(""));
            rest.push(' ');
            at = expansion.span.1;
            let own = text.get(expansion.span.0..expansion.span.1).unwrap_or("");
            let mut ways: Vec<Box<dyn Query>> = self.any_of(searcher, own).into_iter().collect();
            for alternative in expansion.alternatives.iter().take(12) {
                ways.extend(self.all_of(alternative).map(|q| Box::new(BoostQuery::new(q, SYNONYM_WEIGHT)) as Box<dyn Query>));
            }
            clauses.push(Box::new(DisjunctionMaxQuery::new(ways)));
        }
        rest.push_str(text.get(at..).unwrap_or(""));
        clauses.extend(self.any_of(searcher, &rest));
        clauses
    }

    fn any_of(&self, searcher: &Searcher, text: &str) -> Option<Box<dyn Query>> {
        let mut terms = segment(text);
        terms.retain(|t| !is_stopword(t));
        terms.dedup();
        let words: Vec<(Occur, Box<dyn Query>)> = terms.iter().take(MOST_TERMS).map(|t| (Occur::Should, self.word(searcher, t))).collect();
        (!words.is_empty()).then(|| Box::new(BooleanQuery::new(words)) as Box<dyn Query>)
    }

    /// Words that stand next to each other in the query count more where a title has them so: a dog bed is not a cat bed for dog
    /// owners, and a power bank for a laptop is no laptop.
    fn neighbours(&self, text: &str) -> Vec<Box<dyn Query>> {
        let terms = segment(text);
        let mut pairs: Vec<&[String]> =
            terms.windows(2).filter(|pair| pair.iter().all(|t| !is_stopword(t)) && pair[0] != pair[1]).collect();
        pairs.dedup();
        pairs
            .into_iter()
            .take(MOST_TERMS)
            .map(|pair| {
                let phrase = PhraseQuery::new(pair.iter().map(|t| Term::from_field_text(self.fields.title, t)).collect());
                Box::new(BoostQuery::new(Box::new(phrase), NEIGHBOUR_WEIGHT)) as Box<dyn Query>
            })
            .collect()
    }

    fn all_of(&self, text: &str) -> Option<Box<dyn Query>> {
        let words: Vec<(Occur, Box<dyn Query>)> = segment(text).iter().map(|t| (Occur::Must, self.exact(t))).collect();
        (!words.is_empty()).then(|| Box::new(BooleanQuery::new(words)) as Box<dyn Query>)
    }

    fn word(&self, searcher: &Searcher, term: &str) -> Box<dyn Query> {
        let letters = term.chars().count();
        if letters < 4 || term.chars().any(|c| is_cjk(c) || c.is_ascii_digit()) || self.is_known(searcher, term) {
            return self.exact(term);
        }
        let distance = if letters < 8 { 1 } else { 2 };
        let fuzzy = FuzzyTermQuery::new(Term::from_field_text(self.fields.whole, term), distance, true);
        Box::new(BoostQuery::new(Box::new(fuzzy), FUZZY_WEIGHT))
    }

    fn exact(&self, term: &str) -> Box<dyn Query> {
        let ways = self.fields.weighted().map(|(field, weight)| {
            let query = TermQuery::new(Term::from_field_text(field, term), IndexRecordOption::WithFreqs);
            (Occur::Should, Box::new(BoostQuery::new(Box::new(query), weight)) as Box<dyn Query>)
        });
        Box::new(BooleanQuery::new(ways.into()))
    }

    fn is_known(&self, searcher: &Searcher, term: &str) -> bool {
        self.fields.weighted().iter().any(|(field, _)| searcher.doc_freq(&Term::from_field_text(*field, term)).is_ok_and(|n| n > 0))
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
