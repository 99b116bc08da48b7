//! The fused embedding: texts, pictures and categories of products in, vectors of one space out (two towers, contrastive).
//!
//! A text tower and a picture tower each map to 256 dimensions; a product is the sum of what is known of it, a query the sum of what
//! was said and shown. Trained with InfoNCE (van den Oord et al. 2018) as in CLIP (Radford et al. 2021), with other products of the
//! batch as negatives, a quarter of them hard ones, soft targets among products that are alike (Khosla et al. 2020), and parts of the product left out at random
//! so that any of them may be missing. Training is seeded: the same examples give the same model.

#[cfg(not(feature = "models"))]
mod absent;
#[cfg(feature = "models")]
mod batches;
#[cfg(feature = "models")]
mod contrast;
#[cfg(feature = "models")]
mod towers;

#[cfg(not(feature = "models"))]
pub use absent::Towers;
#[cfg(feature = "models")]
pub use towers::Towers;

/// Dimensions of the common space.
pub const DIM: usize = 256;
/// Hashed words and pairs of words; 0 is none.
pub const WORDS: usize = 4_096;
pub const MOST_WORDS: usize = 24;
/// Category, colour, person, brand.
pub const KINDS: usize = 4;

/// A text: its vector, and its hashed words.
#[derive(Clone, Debug, Default)]
pub struct Said {
    pub vector: Vec<f32>,
    pub words: Vec<u32>,
}

/// A product with a picture to learn from.
#[derive(Clone, Debug, Default)]
pub struct Example {
    /// Its title, in each language it has.
    pub titles: Vec<Said>,
    /// Its attributes as a sentence ("blue shirts men").
    pub sentence: Said,
    pub traits: Vec<f32>,
    /// Category, colour, person it is made for and brand, as numbers.
    pub kinds: [u32; KINDS],
    /// Products of the same title share it.
    pub title: u32,
}

#[derive(Clone, Copy, Debug)]
pub struct Course {
    pub epochs: usize,
    pub batch: usize,
    pub seed: u64,
}

impl Default for Course {
    fn default() -> Self {
        Self { epochs: 40, batch: 1_000, seed: 1 }
    }
}
