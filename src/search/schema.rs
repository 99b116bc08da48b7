//! The index's fields and the document made of a product.

use super::segment::index_terms;
use crate::catalog::{Product, leaf};
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use tantivy::{TantivyDocument, doc};

/// Changing anything here or in `segment` asks for a new number: an index of another version is rebuilt.
pub const VERSION: &str = "7";
pub const TOKENIZER: &str = "daogou";

#[derive(Clone, Copy, Debug)]
pub struct Fields {
    pub id: Field,
    pub ord: Field,
    /// Title, brand and narrowest category: what a thing is, for coverage.
    pub title: Field,
    pub attributes: Field,
    /// Title, brand, category and body as one text: its length says how much a product has to tell, a short title's does not.
    pub whole: Field,
}

impl Fields {
    /// Fields with the weight their BM25 score gets.
    pub fn weighted(&self) -> [(Field, f32); 2] {
        [(self.whole, 1.0), (self.attributes, 0.1)]
    }
}

pub fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let indexing = TextFieldIndexing::default().set_tokenizer(TOKENIZER).set_index_option(IndexRecordOption::WithFreqs);
    let text = TextOptions::default().set_indexing_options(indexing);
    let fields = Fields {
        id: builder.add_text_field("id", STRING | STORED),
        ord: builder.add_u64_field("ord", FAST | INDEXED),
        title: builder.add_text_field("title", text.clone()),
        attributes: builder.add_text_field("attributes", text.clone()),
        whole: builder.add_text_field("whole", text),
    };
    (builder.build(), fields)
}

/// The searchable text of a product; every language goes into the same fields.
pub fn document(fields: &Fields, ord: i64, product: &Product) -> TantivyDocument {
    let mut document = doc!(fields.id => product.id.as_str(), fields.ord => ord as u64);
    for text in std::iter::once(&product.text).chain(product.localized.values()) {
        document.add_text(fields.title, &text.title);
        document.add_text(fields.title, leaf(&text.category));
        for part in [&text.title, &text.category, &text.description].into_iter().chain(&text.highlights) {
            document.add_text(fields.whole, part);
        }
        for (name, value) in &text.details {
            document.add_text(fields.attributes, attribute(name, value));
        }
        document.add_text(fields.attributes, &text.material);
    }
    for value in product.colors.iter().chain([&product.size, &product.mpn, &product.gtin]) {
        document.add_text(fields.attributes, value);
    }
    document.add_text(fields.whole, &product.brand);
    document.add_text(fields.title, &product.brand);
    document
}

/// "waterproof: yes" must be found by "waterproof", "waterproof: no" must not; of other attributes the value speaks.
fn attribute<'a>(name: &'a str, value: &'a str) -> &'a str {
    match value.to_lowercase().as_str() {
        "yes" | "true" | "y" | "是" | "有" => name,
        "no" | "false" | "n" | "否" | "无" => "",
        _ => value,
    }
}

/// Lets tantivy call [`index_terms`].
#[derive(Clone, Default)]
pub struct Segmenter;

pub struct Terms {
    terms: std::vec::IntoIter<String>,
    token: Token,
}

impl Tokenizer for Segmenter {
    type TokenStream<'a> = Terms;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Terms {
        Terms { terms: index_terms(text).into_iter(), token: Token { position: usize::MAX, ..Token::default() } }
    }
}

impl TokenStream for Terms {
    fn advance(&mut self) -> bool {
        let Some(term) = self.terms.next() else { return false };
        self.token.position = self.token.position.wrapping_add(1);
        self.token.text = term;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
