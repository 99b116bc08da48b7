//! Vectors of f32: what encoders, the search room and the embedding all do with them.

/// Adds `values` to `to`, place by place.
pub fn add(to: &mut [f32], values: &[f32]) {
    to.iter_mut().zip(values).for_each(|(t, v)| *t += v);
}

/// The dot product, in sixteen sums that fit vector registers.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 16];
    let (wide_a, wide_b) = (a.chunks_exact(16), b.chunks_exact(16));
    let rest = wide_a.remainder().iter().zip(wide_b.remainder()).map(|(a, b)| a * b).sum::<f32>();
    for (a, b) in wide_a.zip(wide_b) {
        for n in 0..16 {
            sums[n] += a[n] * b[n];
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// The same direction with length 1; nothing stays nothing.
pub fn unit(mut vector: Vec<f32>) -> Vec<f32> {
    let length = dot(&vector, &vector).sqrt().max(1e-9);
    vector.iter_mut().for_each(|v| *v /= length);
    vector
}

/// What one step is worth when these values are kept as whole numbers from -127 to 127; never zero.
pub fn step(values: &[f32]) -> f32 {
    values.iter().fold(0.0_f32, |most, v| most.max(v.abs())).max(1e-20) / 127.0
}

/// 1.5 · 2²³: of a float as large as this the last bit counts one, so that adding it rounds, to even where it is a tie, and the bits
/// above its own are the number.
const NO_FRACTION: f32 = 12_582_912.0;

/// The nearest whole number of a value below 2²² either way. Unlike a conversion this runs in vector registers on any machine.
#[inline(always)]
pub fn rounded(value: f32) -> i32 {
    (value + NO_FRACTION).to_bits().wrapping_sub(NO_FRACTION.to_bits()) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let ramp: Vec<f32> = (0..19).map(|n| n as f32).collect();
        assert_eq!(dot(&ramp, &ramp), 2_109.0);
        assert_eq!(unit(vec![3.0, 4.0]), [0.6, 0.8]);
        assert_eq!(unit(vec![0.0, 0.0]), [0.0, 0.0]);
        let mut sum = vec![1.0, 2.0];
        add(&mut sum, &[0.5, -2.0]);
        assert_eq!((sum, step(&[12.7, -2.0])), (vec![1.5, 0.0], 0.1));
        assert_eq!([2.5, 3.5, -0.6, -127.0, 1.0e6].map(rounded), [2, 4, -1, -127, 1_000_000]);
    }
}
