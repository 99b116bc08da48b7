//! Pictures in; features that agree with the reference, likeness that makes sense, and photos that find products, out. Real weights.

use daogou::model::efficientnet::{EfficientNet, Map};
use daogou::model::pull::{ModelDir, ModelSet, paths};
use daogou::model::sight::TwoNets;
use daogou::model::{ImageEncoder, Picture, Subject};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use std::io::Cursor;
use std::path::PathBuf;

fn weights() -> PathBuf {
    let dir = ModelDir::from_env().expect("a model directory");
    let file = paths(&dir, ModelSet::Small).image.expect("the manifest has an image encoder");
    assert!(file.exists(), "run `daogou models pull --set small` first");
    file.parent().expect("it lies in a directory").to_owned()
}

/// The twelve largest pooled features of a made picture, as the same weights give them in ONNX Runtime (f32, batch norms folded).
#[test]
fn features_are_those_of_the_reference() {
    for (file, side, length, reference) in [
        (
            "lite0.safetensors",
            224,
            15.6302_f32,
            [
                (113, 5.8582_f32),
                (897, 4.5108),
                (747, 4.3496),
                (235, 3.1447),
                (139, 2.7497),
                (689, 2.594),
                (755, 2.5152),
                (900, 2.5041),
                (425, 2.4802),
                (872, 2.4787),
                (226, 2.4709),
                (71, 2.3848),
            ],
        ),
        (
            "lite2.safetensors",
            260,
            14.0537,
            [
                (966, 5.522),
                (1145, 4.2515),
                (302, 4.0948),
                (818, 3.5251),
                (1100, 2.9821),
                (833, 2.8845),
                (820, 2.6531),
                (1258, 2.422),
                (1005, 2.287),
                (995, 2.2665),
                (295, 2.0165),
                (1183, 2.0019),
            ],
        ),
    ] {
        let net = EfficientNet::load(&weights().join(file)).expect("load");
        let pixel = |x: usize, y: usize| [x % 256, y * 2 % 256, (x + 3 * y) % 256].map(|c| (c as f32 - 127.0) / 128.0);
        let values = (0..side * side).flat_map(|n| pixel(n % side, n / side)).collect();
        let seen = net.look(&Map { height: side, width: side, values }).pooled;
        let own = seen.iter().map(|v| v * v).sum::<f32>().sqrt();
        assert!((own - length).abs() < 0.01 * length, "{file}: length {own}");
        // Weights in half precision move a feature a little; the direction of all of them stays.
        let dot: f32 = reference.iter().map(|(n, value)| seen[*n] * value).sum();
        let of = |values: &mut dyn Iterator<Item = f32>| values.map(|v| v * v).sum::<f32>().sqrt();
        let cosine = dot / of(&mut reference.iter().map(|(n, _)| seen[*n])) / of(&mut reference.iter().map(|(_, v)| *v));
        assert!(cosine > 0.9995, "{file}: cosine {cosine}");
        assert!(reference.iter().all(|(n, value)| (seen[*n] - value).abs() < 0.1), "{file}");
    }
}

#[test]
fn a_thing_looks_like_itself_in_another_place() {
    let mut eyes = TwoNets::load(&weights()).expect("load");
    let draw = |shape: &str, color: &str| {
        let bytes = daogou::ingest::draw::draw(shape, Some(color), None, 7).expect("draw");
        Picture::decode(&bytes).expect("open")
    };
    // As a shopper would photograph it: smaller, off the middle, on a table.
    let on_table = |thing: &Picture| {
        let mut table = RgbImage::from_fn(640, 480, |x, y| Rgb([150 + (x % 13) as u8, 120 + (y % 9) as u8, 90]));
        let small = image::imageops::thumbnail(&thing.0, 300, 300);
        for (x, y, pixel) in small.enumerate_pixels().filter(|(.., p)| p.0.iter().any(|c| *c < 245)) {
            table.put_pixel(x + 190, y + 110, *pixel);
        }
        Picture(table)
    };
    let things = [("hiking-boot", "brown"), ("backpack", "navy"), ("headphones", "black"), ("mug", "red")];
    let seen: Vec<_> = things.iter().map(|(s, c)| eyes.encode(&draw(s, c), Subject::Product).expect("look")).collect();
    let mean: Vec<f32> = (0..seen[0].form.len()).map(|n| seen.iter().map(|s| s.form[n]).sum::<f32>() / seen.len() as f32).collect();
    for (n, (shape, color)) in things.iter().enumerate() {
        let photo = eyes.encode(&on_table(&draw(shape, color)), Subject::Photo).expect("look");
        assert_eq!(
            (photo.form.len(), photo.colour.len(), photo.traits.len()),
            (eyes.shape().form, eyes.shape().colour, eyes.shape().traits)
        );
        let near = |other: &daogou::model::Sight| -> f32 {
            let form: f32 = photo.form.iter().zip(&other.form).zip(&mean).map(|((a, b), m)| (a - m) * (b - m)).sum();
            form + 0.2 * photo.colour.iter().zip(&other.colour).map(|(a, b)| a * b).sum::<f32>()
        };
        let best = (0..seen.len()).max_by(|a, b| near(&seen[*a]).total_cmp(&near(&seen[*b]))).expect("some");
        assert_eq!(best, n, "{shape} in {color}");
    }
}

#[test]
fn pictures_of_every_kind_are_opened() {
    let encoded = |picture: DynamicImage, format| {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).expect("encode");
        bytes.into_inner()
    };
    // What is transparent is white.
    let clear = RgbaImage::from_fn(40, 20, |x, _| if x < 20 { Rgba([200, 0, 0, 255]) } else { Rgba([0, 0, 0, 0]) });
    let opened = Picture::decode(&encoded(clear.into(), ImageFormat::Png)).expect("a PNG with alpha");
    assert_eq!((opened.0.get_pixel(5, 5).0, opened.0.get_pixel(30, 5).0), ([200, 0, 0], [255, 255, 255]));
    // A photo that lies on its side: EXIF orientation 6 is a quarter turn.
    let jpeg = encoded(RgbImage::from_pixel(60, 30, Rgb([10, 120, 30])).into(), ImageFormat::Jpeg);
    let exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let turned = [&jpeg[..2], &[0xff, 0xe1, 0, exif.len() as u8 + 2], exif, &jpeg[2..]].concat();
    assert_eq!(Picture::decode(&jpeg).expect("a JPEG").0.dimensions(), (60, 30));
    assert_eq!(Picture::decode(&turned).expect("a turned JPEG").0.dimensions(), (30, 60));
    // Four inks, as printers keep them: blue on the left, red on the right.
    let inks = Picture::decode(include_bytes!("pictures/cmyk.jpg")).expect("a CMYK JPEG").0;
    let ([r, _, b], [red, _, blue]) = (inks.get_pixel(3, 8).0, inks.get_pixel(12, 8).0);
    assert!(b > 200 && r < 60 && red > 200 && blue < 60, "{:?} {:?}", inks.get_pixel(3, 8), inks.get_pixel(12, 8));
    // 40 megapixels and no more; broken ones say so.
    let grey = |width, height| encoded(image::GrayImage::new(width, height).into(), ImageFormat::Png);
    let (width, height) = Picture::decode(&grey(8_000, 5_000)).expect("40 megapixels").0.dimensions();
    assert!(width.max(height) <= 640 && width * 5 / 8 == height, "{width} x {height}");
    assert!(Picture::decode(&grey(8_000, 5_001)).is_err());
    let png = grey(300, 200);
    for broken in [&png[..png.len() / 2], &jpeg[..20], b"not a picture", b"", b"\x89PNG\r\n\x1a\n"] {
        assert!(Picture::decode(broken).is_err(), "{} bytes", broken.len());
    }
    // A JPEG that ends early shows what there is, or says so.
    assert!(
        Picture::decode(&jpeg[..jpeg.len() / 3]).is_ok_and(|p| p.0.dimensions() == (60, 30))
            || Picture::decode(&jpeg[..jpeg.len() / 3]).is_err()
    );
}

/// The eight of the EXIF standard (CIPA DC-008, tag 0x0112), told by the quarters of the picture: upper left, upper right, lower left.
#[test]
fn photos_stand_upright_however_the_camera_was_held() {
    const RED: [u8; 3] = [200, 0, 0];
    const GREEN: [u8; 3] = [0, 200, 0];
    const BLUE: [u8; 3] = [0, 0, 200];
    const WHITE: [u8; 3] = [255, 255, 255];
    let quarters = RgbImage::from_fn(64, 32, |x, y| Rgb([[RED, GREEN], [BLUE, WHITE]][usize::from(y >= 16)][usize::from(x >= 32)]));
    let mut jpeg = Cursor::new(Vec::new());
    DynamicImage::from(quarters).write_to(&mut jpeg, ImageFormat::Jpeg).expect("encode");
    let jpeg = jpeg.into_inner();
    for (orientation, expected) in [
        (1_u8, [RED, GREEN, BLUE]),
        (2, [GREEN, RED, WHITE]),
        (3, [WHITE, BLUE, GREEN]),
        (4, [BLUE, WHITE, RED]),
        (5, [RED, BLUE, GREEN]),
        (6, [BLUE, RED, WHITE]),
        (7, [WHITE, GREEN, BLUE]),
        (8, [GREEN, WHITE, RED]),
    ] {
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\0\0\0\0\0\0\0\0".to_vec();
        exif[24] = orientation;
        let turned = [&jpeg[..2], &[0xff, 0xe1, 0, exif.len() as u8 + 2], &exif, &jpeg[2..]].concat();
        let upright = Picture::decode(&turned).expect("open").0;
        let (width, height) = upright.dimensions();
        assert_eq!((width, height), if orientation < 5 { (64, 32) } else { (32, 64) }, "{orientation}");
        let seen = [(1, 1), (3, 1), (1, 3)].map(|(x, y)| upright.get_pixel(width * x / 4, height * y / 4).0);
        for (seen, expected) in seen.iter().zip(expected) {
            assert!(seen.iter().zip(expected).all(|(a, b)| a.abs_diff(b) < 40), "{orientation}: {seen:?} for {expected:?}");
        }
    }
}
