//! How near each product is to a query, in standard deviations above the usual one.

/// How near every key is to a query.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// By key: standard deviations above the mean of its bucket; [`Scan::NOTHING`] without a vector.
    deviations: Vec<f32>,
}

impl Scan {
    pub const NOTHING: f32 = f32::NEG_INFINITY;

    /// Both together, the second `weight` times, in deviations of their sum as if they were independent.
    #[must_use]
    pub fn plus(mut self, other: &Self, weight: f32) -> Self {
        let scale = 1.0 / (1.0 + weight * weight).sqrt();
        for (key, deviations) in self.deviations.iter_mut().enumerate() {
            if let Some(more) = other.of(key as u32) {
                *deviations = (*deviations + weight * more) * scale;
            }
        }
        self
    }

    pub(super) fn empty(keys: usize) -> Self {
        Self { deviations: vec![Self::NOTHING; keys] }
    }

    /// A key keeps its nearest row.
    pub(super) fn take(&mut self, keys: &[u32], deviations: &[f32]) {
        for (key, deviation) in keys.iter().zip(deviations) {
            let kept = &mut self.deviations[*key as usize];
            *kept = kept.max(*deviation);
        }
    }

    /// Standard deviations above the mean; `None` for a key without a vector.
    pub fn of(&self, key: u32) -> Option<f32> {
        self.deviations.get(key as usize).copied().filter(|d| *d > Self::NOTHING)
    }

    /// Up to `depth` keys among those `admits` lets in, nearest first.
    pub fn nearest(&self, depth: usize, admits: impl Fn(u32) -> bool) -> Vec<(u32, f32)> {
        let mut found: Vec<(u32, f32)> =
            self.deviations.iter().enumerate().map(|(k, d)| (k as u32, *d)).filter(|(_, d)| *d > Self::NOTHING).collect();
        let (mut best, mut from) = (Vec::with_capacity(depth), 0);
        while best.len() < depth && from < found.len() {
            let rest = &mut found[from..];
            let cut = (depth * 3).clamp(1, rest.len());
            if cut < rest.len() {
                rest.select_nth_unstable_by(cut - 1, |a, b| b.1.total_cmp(&a.1));
            }
            rest[..cut].sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            best.extend(rest[..cut].iter().filter(|(key, _)| admits(*key)).take(depth - best.len()));
            from += cut;
        }
        best
    }
}

#[derive(Default)]
pub(super) struct Moments {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Moments {
    pub fn add(&mut self, value: f32) {
        let value = f64::from(value);
        self.count += 1.0;
        self.sum += value;
        self.squares += value * value;
    }

    pub fn mean_and_inverse_deviation(&self) -> (f32, f32) {
        let mean = self.sum / self.count.max(1.0);
        let variance = (self.squares / self.count.max(1.0) - mean * mean).max(0.0);
        (mean as f32, if variance > 1e-12 { (1.0 / variance.sqrt()) as f32 } else { 0.0 })
    }
}
