//! The vector file, mapped: records of a 16-byte fingerprint and a vector in little-endian f16, by number.

use crate::algebra::dot;
use anyhow::Context;
use half::f16;
use half::slice::HalfFloatSliceExt;
use memmap2::Mmap;
use std::fs::File;
use std::sync::Arc;

/// The records that were there when it was mapped; the file only ever grows.
#[derive(Clone)]
pub struct Records {
    map: Option<Arc<Mmap>>,
    dim: usize,
}

pub const PRINT: usize = 16;

impl Records {
    /// # Errors
    /// When the file cannot be mapped.
    pub fn map(file: &File, dim: usize) -> anyhow::Result<Self> {
        let empty = file.metadata().context("read the vector file")?.len() == 0;
        // Safety: whoever writes the file appends to it or cuts off a torn end, behind the whole records that are read here.
        let map = (!empty).then(|| unsafe { Mmap::map(file) }).transpose().context("map the vector file")?;
        Ok(Self { map: map.map(Arc::new), dim })
    }

    pub fn read(&self, record: u32, into: &mut [f32]) {
        self.halves(record).convert_to_f32_slice(into);
    }

    pub fn dot(&self, record: u32, other: &[f32]) -> f32 {
        let mut wide = vec![0.0; self.dim];
        self.read(record, &mut wide);
        dot(&wide, other)
    }

    fn halves(&self, record: u32) -> &[f16] {
        let from = record as usize * length(self.dim) + PRINT;
        let map = self.map.as_deref().map_or(&[][..], |map| map);
        // Safety: every pattern of bits is an f16; a record begins at an even byte of a page, so nothing is left before or after.
        let (_, halves, _) = unsafe { map[from..from + self.dim * 2].align_to::<f16>() };
        halves
    }
}

/// Bytes of a record.
pub fn length(dim: usize) -> usize {
    PRINT + dim * 2
}
