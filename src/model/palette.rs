//! Pixels in; how much of each colour there is, as a histogram in CIELAB (CIE 1976), out.
//!
//! A pixel falls between the eight bins around it by its distance from each. The square root of the shares is kept: the cosine of two
//! such histograms is their Bhattacharyya coefficient.

use super::Picture;
use crate::algebra::add;
use std::ops::Range;

/// Bins along lightness and the two colour axes.
pub struct Palette([usize; 3]);

/// Which pixels count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// The middle of the picture more than its edges.
    Centre,
    /// What is not white, everywhere alike.
    Thing,
}

/// For what a photo shows.
pub const FINE: Palette = Palette([4, 8, 8]);
/// For the fused embedding, which learns what matters.
pub const COARSE: Palette = Palette([5, 6, 6]);

/// Lightness from 0 to 100, the colour axes as far as things in shops go.
const RANGES: [(f32, f32); 3] = [(0.0, 100.0), (-50.0, 70.0), (-50.0, 70.0)];
const WHITE: u8 = 245;
/// Exponent and gain of shops' and kitchens' light beside a studio's.
const LIGHTS: [(f32, f32); 6] = [(1.0, 1.0), (1.3, 0.75), (0.8, 1.0), (1.6, 0.8), (1.2, 1.0), (1.0, 0.7)];
/// Neutral, warm and cold.
const TINTS: [[f32; 3]; 3] = [[1.0, 1.0, 1.0], [1.1, 1.0, 0.95], [0.95, 1.0, 1.05]];

impl Palette {
    #[allow(clippy::len_without_is_empty)]
    pub const fn len(&self) -> usize {
        self.0[0] * self.0[1] * self.0[2]
    }

    pub fn of(&self, picture: &Picture, weight: Weight) -> Vec<f32> {
        self.of_rows(picture, 0..picture.0.height(), weight)
    }

    /// Of a thing on white as it would look in other light: darker or brighter, warmer or colder. The middle counts more; white does not.
    pub fn in_any_light(&self, picture: &Picture) -> Vec<f32> {
        let mut sum = vec![0.0_f32; self.len()];
        let weigh = |x, y, pixel| if is_white(pixel) { 0.0 } else { central(picture, x, y) };
        for (gamma, gain) in LIGHTS {
            for tint in TINTS {
                let lit = |pixel: [u8; 3], n: usize| (f32::from(pixel[n]) / 255.0).powf(gamma) * gain * tint[n];
                let light = |pixel| [0, 1, 2].map(|n| (lit(pixel, n).clamp(0.0, 1.0) * 255.0) as u8);
                add(&mut sum, &self.histogram(picture, 0..picture.0.height(), weigh, light));
            }
        }
        sum
    }

    /// Of some rows of the picture alone.
    pub fn of_rows(&self, picture: &Picture, rows: Range<u32>, weight: Weight) -> Vec<f32> {
        let weigh = |x, y, pixel| match weight {
            Weight::Centre => central(picture, x, y),
            Weight::Thing if is_white(pixel) => 0.0,
            Weight::Thing => 1.0,
        };
        self.histogram(picture, rows, weigh, |pixel| pixel)
    }

    /// The square roots of the shares of each bin.
    fn histogram(
        &self,
        picture: &Picture,
        rows: Range<u32>,
        weigh: impl Fn(u32, u32, [u8; 3]) -> f32,
        light: impl Fn([u8; 3]) -> [u8; 3],
    ) -> Vec<f32> {
        let mut bins = vec![0.0_f32; self.len()];
        for (x, y, pixel) in picture.0.enumerate_pixels().filter(|(_, y, _)| rows.contains(y)) {
            // A picture that is white throughout has its white.
            self.drop_into(&mut bins, lab(light(pixel.0)), weigh(x, y, pixel.0) + 1e-6);
        }
        let sum: f32 = bins.iter().sum();
        bins.iter_mut().for_each(|b| *b = (*b / sum.max(1e-9)).sqrt());
        bins
    }

    fn drop_into(&self, bins: &mut [f32], lab: [f32; 3], weight: f32) {
        let place = |axis: usize| -> (usize, f32) {
            let ((low, high), bins) = (RANGES[axis], self.0[axis]);
            let at = ((lab[axis] - low) / (high - low) * (bins - 1) as f32).clamp(0.0, (bins - 1) as f32);
            let below = (at as usize).min(bins - 2);
            (below, at - below as f32)
        };
        let places = [place(0), place(1), place(2)];
        for corner in 0..8_usize {
            let (mut at, mut share) = (0, weight);
            for (axis, (below, above)) in places.iter().enumerate() {
                let upper = corner >> axis & 1;
                at = at * self.0[axis] + below + upper;
                share *= if upper == 1 { *above } else { 1.0 - above };
            }
            bins[at] += share;
        }
    }
}

fn is_white(pixel: [u8; 3]) -> bool {
    pixel.iter().all(|c| *c >= WHITE)
}

/// How much a place counts where the middle counts more.
fn central(picture: &Picture, x: u32, y: u32) -> f32 {
    bell(x as f32, picture.0.width() as f32) * bell(y as f32, picture.0.height() as f32)
}

/// A Gaussian over one side, a quarter of it wide.
fn bell(at: f32, length: f32) -> f32 {
    (-((at - (length - 1.0) / 2.0) / (length / 4.0)).powi(2)).exp()
}

/// sRGB (IEC 61966-2-1) to CIELAB under D65.
fn lab(rgb: [u8; 3]) -> [f32; 3] {
    let linear = rgb.map(|c| {
        let c = f32::from(c) / 255.0;
        if c > 0.04045 { ((c + 0.055) / 1.055).powf(2.4) } else { c / 12.92 }
    });
    let row = |m: [f32; 3]| m.iter().zip(linear).map(|(m, c)| m * c).sum::<f32>();
    let f = |t: f32| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
    let x = f(row([0.4124, 0.3576, 0.1805]) / 0.9505);
    let y = f(row([0.2126, 0.7152, 0.0722]));
    let z = f(row([0.0193, 0.1192, 0.9505]) / 1.089);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage};

    fn plain(rgb: [u8; 3]) -> Picture {
        Picture(RgbImage::from_pixel(24, 24, Rgb(rgb)))
    }

    fn alike(a: &[f32], b: &[f32]) -> f32 {
        a.iter().zip(b).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn colours_are_told_apart() {
        let [red, dark_red, green, white] = [[200, 20, 20], [180, 25, 20], [20, 180, 40], [255, 255, 255]].map(plain);
        for palette in [FINE, COARSE] {
            let of = |p: &Picture| palette.of(p, Weight::Centre);
            assert!((alike(&of(&red), &of(&red)) - 1.0).abs() < 1e-4);
            assert!(alike(&of(&red), &of(&dark_red)) > alike(&of(&red), &of(&green)) + 0.3);
        }
        // A red thing on white is red, wherever it stands.
        let mut on_white = white.0.clone();
        (0..6).for_each(|n| on_white.put_pixel(n, n, Rgb([200, 20, 20])));
        assert!(alike(&COARSE.of(&Picture(on_white), Weight::Thing), &COARSE.of(&red, Weight::Thing)) > 0.99);
        assert!(COARSE.of(&white, Weight::Thing).iter().all(|v| v.is_finite()));
    }
}
