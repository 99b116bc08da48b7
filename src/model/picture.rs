//! Bytes of a photo or product picture in; upright pixels without transparency out.

use anyhow::{Context, ensure};
use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, RgbImage};
use std::io::Cursor;

/// An upright picture on white.
#[derive(Clone, Debug)]
pub struct Picture(pub RgbImage);

/// Pixels a picture may have: what phones take today, and four bytes for each are still bearable.
pub const MOST_PIXELS: u64 = 40_000_000;
/// The longer side that is kept: no encoder looks at more.
const LARGEST_SIDE: u32 = 640;

impl Picture {
    /// Reads JPEG (also CMYK), PNG, WebP or GIF, turns it as its EXIF says, and lays what is transparent on white.
    ///
    /// # Errors
    /// When the bytes are no such picture, end early, or hold more than 40 million pixels.
    pub fn decode(bytes: &[u8]) -> anyhow::Result<Self> {
        let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().context("look at a picture")?;
        let mut limits = Limits::default();
        limits.max_alloc = Some(MOST_PIXELS * 16);
        reader.limits(limits);
        let mut decoder = reader.into_decoder().context("read a picture")?;
        let (width, height) = decoder.dimensions();
        ensure!(u64::from(width) * u64::from(height) <= MOST_PIXELS, "a picture of {width}×{height} is larger than 40 million pixels");
        ensure!(width > 0 && height > 0, "a picture without pixels");
        let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let picture = DynamicImage::from_decoder(decoder).context("read a picture")?;
        let mut picture = shrunk(picture);
        picture.apply_orientation(turned);
        Ok(Self(on_white(picture)))
    }
}

impl Picture {
    /// Its middle, `share` of either side, as a picture of its own.
    pub fn middle(&self, share: f64) -> Picture {
        if share >= 1.0 {
            return self.clone();
        }
        let (width, height) = (f64::from(self.0.width()), f64::from(self.0.height()));
        let (left, top) = (width * (1.0 - share) / 2.0, height * (1.0 - share) / 2.0);
        let side = |length: f64| ((length * share) as u32).max(1);
        Picture(image::imageops::crop_imm(&self.0, left as u32, top as u32, side(width), side(height)).to_image())
    }

    /// Squeezed into a square of `side` pixels by cubic interpolation over what is averaged.
    pub fn scaled(&self, side: u32) -> Picture {
        self.resized(side, side, FilterType::CatmullRom)
    }

    /// Squeezed into `width` × `height` pixels.
    pub(super) fn resized(&self, width: u32, height: u32, filter: FilterType) -> Picture {
        let (from_width, from_height) = self.0.dimensions();
        let source = ImageRef::new(from_width, from_height, self.0.as_raw(), PixelType::U8x3).expect("a picture has three bytes a pixel");
        let mut resized = Image::new(width, height, PixelType::U8x3);
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter));
        Resizer::new().resize(&source, &mut resized, &options).expect("both have three bytes a pixel");
        Picture(RgbImage::from_raw(width, height, resized.into_vec()).expect("it has three bytes a pixel"))
    }

    /// The thing alone: what is not white, on a white square with a little room around it.
    pub fn tight(&self) -> Picture {
        let thing = |pixel: &image::Rgb<u8>| pixel.0.iter().min().is_some_and(|least| *least < NEARLY_WHITE);
        let mut bounds: Option<(u32, u32, u32, u32)> = None;
        for (x, y, _) in self.0.enumerate_pixels().filter(|(.., pixel)| thing(pixel)) {
            let (left, top, right, bottom) = bounds.unwrap_or((x, y, x, y));
            bounds = Some((left.min(x), top.min(y), right.max(x), bottom.max(y)));
        }
        let Some((left, top, right, bottom)) = bounds else { return self.clone() };
        let (width, height) = (right - left + 1, bottom - top + 1);
        let side = (f64::from(width.max(height)) * (1.0 + 2.0 * ROOM)).ceil() as u32;
        let mut square = RgbImage::from_pixel(side, side, image::Rgb([255; 3]));
        let part = image::imageops::crop_imm(&self.0, left, top, width, height);
        image::imageops::replace(&mut square, &*part, i64::from((side - width) / 2), i64::from((side - height) / 2));
        Picture(square)
    }
}

const NEARLY_WHITE: u8 = 250;
/// Room around a thing, as a share of its longer side.
const ROOM: f64 = 0.06;

/// Averages blocks of pixels until the longer side is what is kept.
fn shrunk(picture: DynamicImage) -> DynamicImage {
    match picture.width().max(picture.height()) > LARGEST_SIDE {
        true => picture.thumbnail(LARGEST_SIDE, LARGEST_SIDE),
        false => picture,
    }
}

fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [r, g, b, alpha] = picture.get_pixel(x, y).0;
        let over = |c: u8| ((u32::from(c) * u32::from(alpha) + 255 * (255 - u32::from(alpha)) + 127) / 255) as u8;
        image::Rgb([over(r), over(g), over(b)])
    })
}
