//! NUMBER OF BANDS → the mel filter bank a Whisper ggml file carries.

const SAMPLE_RATE: f64 = 16_000.0;
/// Bins of a 400-point Fourier transform.
pub const BINS: usize = 201;

/// Triangular filters, row-major `[bands, BINS]`, from 0 Hz to 8 kHz.
///
/// Mel scale and area normalization of M. Slaney, Auditory Toolbox (1998): linear below 1 kHz (200/3 Hz a mel),
/// logarithmic above (27 mels a factor of 6.4); each triangle has area one.
pub fn filters(bands: usize) -> Vec<f32> {
    let top = hertz_to_mel(SAMPLE_RATE / 2.0);
    let corner: Vec<f64> =
        (0..bands + 2).map(|i| if i == bands + 1 { top } else { i as f64 * (top / (bands + 1) as f64) }).map(mel_to_hertz).collect();
    let mut out = Vec::with_capacity(bands * BINS);
    for corners in corner.windows(3) {
        let (low, peak, high) = (corners[0], corners[1], corners[2]);
        for bin in 0..BINS {
            let hertz = bin as f64 * (SAMPLE_RATE / 2.0 / (BINS - 1) as f64);
            let rising = -(low - hertz) / (peak - low);
            let falling = (high - hertz) / (high - peak);
            // Not `max`: it may return either zero for -0.0 and 0.0, and the file's sha256 should not depend on that.
            let height = rising.min(falling);
            let height = if height < 0.0 { 0.0 } else { height };
            out.push((height * (2.0 / (high - low))) as f32);
        }
    }
    out
}

const HERTZ_A_MEL: f64 = 200.0 / 3.0;
const BREAK_HERTZ: f64 = 1000.0;
const BREAK_MEL: f64 = BREAK_HERTZ / HERTZ_A_MEL;

fn log_step() -> f64 {
    6.4f64.ln() / 27.0
}

fn hertz_to_mel(hertz: f64) -> f64 {
    if hertz < BREAK_HERTZ { hertz / HERTZ_A_MEL } else { BREAK_MEL + (hertz / BREAK_HERTZ).ln() / log_step() }
}

fn mel_to_hertz(mel: f64) -> f64 {
    if mel < BREAK_MEL { mel * HERTZ_A_MEL } else { BREAK_HERTZ * (log_step() * (mel - BREAK_MEL)).exp() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_its_own_inverse() {
        for hertz in [0.0, 66.7, 999.9, 1000.0, 4321.0, 8000.0] {
            assert!((mel_to_hertz(hertz_to_mel(hertz)) - hertz).abs() < 1e-9, "{hertz} Hz");
        }
    }

    #[test]
    fn every_filter_is_one_triangle_of_area_one() {
        let bank = filters(80);
        assert_eq!(bank.len(), 80 * BINS);
        for (band, row) in bank.chunks(BINS).enumerate() {
            assert!(row.iter().all(|v| *v >= 0.0));
            assert!(row.iter().any(|v| *v > 0.0), "band {band} hears nothing");
            let peak = row.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap().0;
            assert!(row[..=peak].is_sorted(), "band {band} rises once");
            assert!(row[peak..].iter().rev().is_sorted(), "band {band} falls once");
        }
        // Wide filters sample their triangle well: 40 Hz a bin.
        let area: f32 = bank[79 * BINS..].iter().sum::<f32>() * 40.0;
        assert!((area - 1.0).abs() < 0.02, "area {area}");
    }

    #[test]
    fn known_values() {
        // Second bin (40 Hz) of the first filter of 80: rising edge of corners 0, 37.24… and 74.48… Hz.
        let bank = filters(80);
        assert!((bank[1] - 0.024_862_6).abs() < 1e-6, "{}", bank[1]);
        assert_eq!(bank[0], 0.0);
    }
}
