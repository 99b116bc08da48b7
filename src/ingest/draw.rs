//! Comes in: the name of a drawing, a product's colour and pattern, and a seed.
//! Goes out: a 480 x 480 PNG, the product picture of the demo shop.
//!
//! The drawings are the project's own, one SVG template per shape in `assets/demo/drawings/`; the README
//! there lists the placeholders. The same input always gives the same picture.

use std::borrow::Cow;

use anyhow::{Context, Result, ensure};
use resvg::{tiny_skia, usvg};
use rust_embed::RustEmbed;

/// Width and height of a picture, in pixels.
pub const SIDE: u32 = 480;

/// Draws `shape` as an opaque PNG of [`SIDE`] x [`SIDE`] pixels.
///
/// `color` is a colour word of a feed ("navy", "matte black", "Black/White": the first known word counts);
/// with none, or none known, the seed picks one. `pattern` is stripes, dots, check, floral or camo; any
/// other word is plain. The seed also picks background and accent, so variants of one product should share it.
///
/// # Errors
/// When there is no drawing of that name, or its template is not valid SVG.
pub fn draw(shape: &str, color: Option<&str>, pattern: Option<&str>, seed: u64) -> Result<Vec<u8>> {
    let template = template(shape).with_context(|| format!("no drawing is called {shape:?}"))?;
    let svg = fill(&template, color, pattern, seed);
    rasterise(&svg, SIDE).with_context(|| format!("draw {shape:?}"))
}

/// The SVG text of a template with every placeholder filled in. An unknown placeholder stays as it is.
pub fn fill(template: &str, color: Option<&str>, pattern: Option<&str>, seed: u64) -> String {
    let mut choice = Choice(scatter(seed));
    let background = choice.of(&BACKGROUNDS);
    let first_accent = choice.of(&[0, 1, 2, 3, 4]);
    let odd = choice.of(&[true, false]);
    let tones = color.and_then(tones).unwrap_or_else(|| tones(choice.of(&UNSPOKEN)).expect("every unspoken colour is in the table"));
    let accent = accent_beside(tones, first_accent);
    let pattern = pattern_defs(pattern, tones, accent);

    let mut svg = String::with_capacity(template.len() + 1024);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, tail)) = after.split_once("}}") else {
            break;
        };
        svg.push_str(before);
        match name {
            "main" => svg.push_str(tones.main),
            "dark" => svg.push_str(tones.dark),
            "light" => svg.push_str(tones.light),
            "line" => svg.push_str(tones.line),
            "accent" => svg.push_str(accent),
            "bg" => svg.push_str(background),
            "fill" => svg.push_str(if pattern.is_some() { "url(#pattern)" } else { tones.main }),
            "defs" => svg.push_str(pattern.as_deref().unwrap_or_default()),
            "odd" => svg.push(if odd { '1' } else { '0' }),
            "even" => svg.push(if odd { '0' } else { '1' }),
            unknown => svg.extend(["{{", unknown, "}}"]),
        }
        rest = tail;
    }
    svg.push_str(rest);
    svg
}

#[derive(RustEmbed)]
#[folder = "assets/demo/drawings/"]
struct Drawings;

fn template(shape: &str) -> Option<Cow<'static, str>> {
    // A shape comes from a feed, so it must never become a path.
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !shape.bytes().all(plain) {
        return None;
    }
    match Drawings::get(&format!("{shape}.svg"))?.data {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
        Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
    }
}

fn rasterise(svg: &str, side: u32) -> Result<Vec<u8>> {
    let tree = usvg::Tree::from_str(svg, &usvg::Options::default()).context("parse the drawing")?;
    let size = tree.size();
    ensure!(size.width() > 0.0 && size.height() > 0.0, "the drawing is empty");
    let scale = tiny_skia::Transform::from_scale(side as f32 / size.width(), side as f32 / size.height());
    let mut pixels = tiny_skia::Pixmap::new(side, side).context("a picture needs a side")?;
    resvg::render(&tree, scale, &mut pixels.as_mut());
    pixels.encode_png().context("encode the PNG")
}

/// Soft tints a product stands in front of.
const BACKGROUNDS: [&str; 6] = ["#e6ecf2", "#f1ebe1", "#e4eee7", "#f3e7e4", "#eae7f2", "#e1eef0"];

/// Second colours: trims, laces, labels.
const ACCENTS: [&str; 5] = ["#f2704e", "#f5b335", "#1f9f97", "#3d7ad6", "#f6efe0"];

/// Colours for a product whose feed names none.
const UNSPOKEN: [&str; 8] = ["teal", "navy", "coral", "olive", "light blue", "cream", "burgundy", "grey"];

/// The tones of one product colour: the colour, its shaded and lit sides, and an outline that shows on
/// every background even when the colour itself hardly does.
#[derive(Clone, Copy)]
struct Tones {
    main: &'static str,
    dark: &'static str,
    light: &'static str,
    line: &'static str,
}

const fn tone(main: &'static str, dark: &'static str, light: &'static str, line: &'static str) -> Tones {
    Tones { main, dark, light, line }
}

/// Longer names stand before the names they contain ("light blue" before "blue").
const COLORS: [(&str, Tones); 33] = [
    ("light blue", tone("#9cc9ea", "#74a9d2", "#c9e3f5", "#4a7ca6")),
    ("rose gold", tone("#e3b0a2", "#c68c7d", "#f3d3c9", "#93594b")),
    ("multicolour", MULTICOLOUR),
    ("multicolor", MULTICOLOUR),
    ("transparent", CLEAR),
    ("clear", CLEAR),
    ("black", tone("#33373f", "#212429", "#59606b", "#0e1013")),
    ("white", tone("#fbfbfa", "#dfe3e8", "#ffffff", "#9aa3af")),
    ("charcoal", tone("#4b515b", "#363b43", "#727a86", "#1e2126")),
    ("grey", GREY),
    ("gray", GREY),
    ("navy", tone("#2c4470", "#1e3054", "#4f6c9f", "#111d36")),
    ("blue", tone("#3c78d0", "#2a5ba8", "#7aa6e6", "#193a70")),
    ("teal", tone("#22918c", "#17716d", "#58b8b2", "#0b4a48")),
    ("green", tone("#3f9a58", "#2d7742", "#7cc08d", "#174a27")),
    ("mint", tone("#a5dcc3", "#7bc0a2", "#d0f0e1", "#44886b")),
    ("olive", tone("#7b8046", "#5d6233", "#a3a771", "#383b1b")),
    ("khaki", tone("#b8a67a", "#968559", "#d6c8a4", "#635532")),
    ("beige", tone("#dfcbab", "#c2ab86", "#efe2cb", "#86704b")),
    ("cream", tone("#f6ecd5", "#dfcfae", "#fdf8ec", "#a08d66")),
    ("brown", tone("#8a5a38", "#6a4228", "#b4835d", "#3d2413")),
    ("red", tone("#d63f3f", "#ab2b2f", "#ec7c78", "#6e161a")),
    ("burgundy", tone("#84283f", "#631a2d", "#ad5468", "#3b0c18")),
    ("coral", tone("#f57e68", "#d45d49", "#fbab9b", "#93362a")),
    ("pink", tone("#f2a3ba", "#d97d98", "#fad0dc", "#9c4561")),
    ("purple", tone("#7a4fa8", "#5c3884", "#a681cd", "#38205a")),
    ("lavender", tone("#beb0e3", "#9a89c8", "#dcd3f3", "#665596")),
    ("orange", tone("#f08a34", "#cb6b1b", "#f8b479", "#83400b")),
    ("yellow", tone("#f7cc45", "#d9a823", "#fce38e", "#8c6a0c")),
    ("gold", tone("#d4ab55", "#ae8634", "#ecd193", "#6b4f16")),
    ("silver", tone("#c6ccd4", "#9fa8b3", "#e9edf1", "#656e7a")),
    ("colourful", MULTICOLOUR),
    ("wood", tone("#c8935a", "#a87240", "#e0b888", "#6a431f")),
];

const GREY: Tones = tone("#9aa1ab", "#7a818c", "#c0c6cd", "#4c525b");
const CLEAR: Tones = tone("#dbeaf1", "#b5cedb", "#f6fbfd", "#6f95a9");
const MULTICOLOUR: Tones = tone("#f4a261", "#3a86c8", "#ffd166", "#4a4458");

/// The tones of the first known colour word in `color`.
fn tones(color: &str) -> Option<Tones> {
    let color = color.to_lowercase();
    let (_, _, tones) = COLORS
        .iter()
        .enumerate()
        .filter_map(|(rank, (name, tones))| Some((color.find(name)?, rank, tones)))
        .min_by_key(|&(at, rank, _)| (at, rank))?;
    Some(*tones)
}

/// The accent of that number, or the next one that stands out against the product's colour.
fn accent_beside(tones: Tones, first: usize) -> &'static str {
    (0..ACCENTS.len())
        .map(|step| ACCENTS[(first + step) % ACCENTS.len()])
        .find(|accent| distance(accent, tones.main) > 120 && distance(accent, tones.light) > 60)
        .unwrap_or(ACCENTS[0])
}

/// A `<defs>` element whose pattern has the id `pattern`; none for a plain product.
fn pattern_defs(pattern: Option<&str>, tones: Tones, accent: &str) -> Option<String> {
    let Tones { main, dark, light, line } = tones;
    // Pale cloth is printed in colour; deep cloth in white and its own shade.
    let pale = distance(main, "#ffffff") < 190;
    let ink = if pale { line } else { "#f7f4ec" };
    let second = if pale { accent } else { light };
    let (width, height, print) = match pattern.unwrap_or_default().to_lowercase().as_str() {
        "stripes" => (36, 36, format!(r#"<path d="M0 4H36V16H0Z" fill="{ink}"/><path d="M0 25H36V28H0Z" fill="{second}"/>"#)),
        "dots" => (36, 36, format!(r#"<g fill="{ink}"><circle cx="9" cy="9" r="5.5"/><circle cx="27" cy="27" r="5.5"/></g>"#)),
        "check" => (48, 48, format!(
            r#"<path d="M0 0H22V48H0Z" fill="{dark}" opacity=".55"/><path d="M0 0H48V22H0Z" fill="{dark}" opacity=".55"/><path d="M34 0H37V48H34ZM0 34H48V37H0Z" fill="{ink}" opacity=".85"/>"#
        )),
        "floral" => (72, 72, format!("{}{}", flower(20, 20, ink, second), flower(56, 56, second, ink))),
        "camo" => (120, 120, format!(
            r#"<path d="M8 14C30 0 56 8 52 28C70 34 66 58 44 54C26 66 2 48 10 34C2 28 2 20 8 14Z" fill="{dark}"/><path d="M70 62C92 50 118 62 112 84C116 104 88 114 76 100C58 100 54 72 70 62Z" fill="{dark}"/><path d="M76 8C96 2 112 16 104 32C92 46 70 34 76 8Z" fill="{light}"/><path d="M14 78C34 68 50 82 44 98C34 114 8 104 14 78Z" fill="{light}"/><path d="M58 44C66 38 78 42 76 52C70 60 56 56 58 44ZM50 104C58 98 68 104 64 112C58 118 48 114 50 104Z" fill="{line}"/>"#
        )),
        _ if main == MULTICOLOUR.main => (150, 150, r##"<path d="M0 0H30V150H0Z" fill="#ef6f6c"/><path d="M30 0H60V150H30Z" fill="#f4a261"/><path d="M60 0H90V150H60Z" fill="#ffd166"/><path d="M90 0H120V150H90Z" fill="#4fb39a"/><path d="M120 0H150V150H120Z" fill="#3a86c8"/>"##.to_owned()),
        _ => return None,
    };
    Some(format!(
        r#"<defs><pattern id="pattern" patternUnits="userSpaceOnUse" width="{width}" height="{height}"><rect width="{width}" height="{height}" fill="{main}"/>{print}</pattern></defs>"#
    ))
}

fn flower(x: i32, y: i32, petal: &str, heart: &str) -> String {
    let petals: String = [(0, -9), (9, -3), (5, 8), (-5, 8), (-9, -3)]
        .iter()
        .map(|(dx, dy)| format!(r#"<circle cx="{}" cy="{}" r="6.5" fill="{petal}"/>"#, x + dx, y + dy))
        .collect();
    format!(r#"{petals}<circle cx="{x}" cy="{y}" r="4.5" fill="{heart}"/>"#)
}

/// How far two `#rrggbb` colours are apart: the sum of the three channel differences, 0 to 765.
fn distance(a: &str, b: &str) -> i64 {
    let channels = |hex: &str| i64::from_str_radix(&hex[1..], 16).expect("colours here are #rrggbb");
    let (a, b) = (channels(a), channels(b));
    [16, 8, 0].iter().map(|shift| ((a >> shift & 255) - (b >> shift & 255)).abs()).sum()
}

/// Draws several small numbers from one seed.
struct Choice(u64);

impl Choice {
    fn of<T: Copy>(&mut self, options: &[T]) -> T {
        let count = options.len() as u64;
        let at = (self.0 % count) as usize;
        self.0 /= count;
        options[at]
    }
}

/// Spreads neighbouring seeds (SplitMix64 finaliser; Steele, Lea and Flood 2014).
fn scatter(seed: u64) -> u64 {
    let mut bits = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEED_COLORS: &str = "black,white,grey,charcoal,navy,blue,light blue,teal,green,mint,olive,khaki,beige,cream,\
        brown,red,burgundy,coral,pink,purple,lavender,orange,yellow,gold,silver,rose gold,clear,multicolour";

    /// Every drawing is rendered several times, so the tests look at small ones.
    const SMALL: u32 = 96;

    fn pixels(shape: &str, color: &str, pattern: Option<&str>, seed: u64) -> tiny_skia::Pixmap {
        let svg = fill(&template(shape).unwrap(), Some(color), pattern, seed);
        tiny_skia::Pixmap::decode_png(&rasterise(&svg, SMALL).unwrap()).unwrap()
    }

    /// The share of pixels, 0 to 1, that differ.
    fn difference(a: &tiny_skia::Pixmap, b: &tiny_skia::Pixmap) -> f64 {
        let differ = a.pixels().iter().zip(b.pixels()).filter(|(a, b)| a != b).count();
        differ as f64 / f64::from(SMALL * SMALL)
    }

    #[test]
    fn every_template_renders_and_shows_its_colour() {
        let shapes: Vec<String> = Drawings::iter().filter_map(|file| file.strip_suffix(".svg").map(str::to_owned)).collect();
        assert!(!shapes.is_empty());
        for shape in &shapes {
            let filled = fill(&template(shape).unwrap(), Some("teal"), Some("dots"), 7);
            assert!(!filled.contains("{{"), "{shape} has an unknown placeholder");
            assert!(!filled.contains("<text"), "{shape} needs a font");
            let (teal, red) = (pixels(shape, "teal", None, 7), pixels(shape, "red", None, 7));
            assert!(teal.pixels().iter().all(|pixel| pixel.alpha() == 255), "{shape} is not opaque");
            let differ = difference(&teal, &red);
            assert!(differ > 0.03, "{shape} hardly shows its colour: {differ:.3}");
        }
    }

    #[test]
    fn every_colour_of_the_feed_is_known() {
        for color in FEED_COLORS.split(',') {
            assert!(tones(color).is_some(), "{color}");
        }
        for (name, main) in [
            ("Light Blue", "#9cc9ea"),
            ("matte black / gold", "#33373f"),
            ("White/Black", "#fbfbfa"),
            ("rose gold", "#e3b0a2"),
            ("lavender", "#beb0e3"),
        ] {
            assert_eq!(tones(name).unwrap().main, main, "{name}");
        }
        assert!(tones("octarine").is_none());
    }

    #[test]
    fn a_pattern_changes_the_picture() {
        for pattern in ["stripes", "dots", "check", "floral", "camo"] {
            for color in ["white", "navy"] {
                let plain = pixels("hiking-boot", color, Some("plain"), 1);
                let differ = difference(&plain, &pixels("hiking-boot", color, Some(pattern), 1));
                assert!(differ > 0.005, "{color} {pattern}: {differ:.3}");
            }
        }
    }

    #[test]
    fn the_same_input_gives_the_same_picture_and_another_seed_another() {
        let once = draw("hiking-boot", None, None, 3).unwrap();
        assert_eq!(once, draw("hiking-boot", None, None, 3).unwrap());
        let picture = tiny_skia::Pixmap::decode_png(&once).unwrap();
        assert_eq!((picture.width(), picture.height()), (SIDE, SIDE));
        let seeds: std::collections::BTreeSet<_> = (0..40).map(|seed| fill("{{bg}}", None, None, seed)).collect();
        assert_eq!(seeds.len(), BACKGROUNDS.len());
    }

    #[test]
    fn an_unknown_shape_is_a_clear_error() {
        for shape in ["flying-carpet", "../secret", "README", ""] {
            let error = draw(shape, None, None, 0).unwrap_err().to_string();
            assert!(error.contains("no drawing is called"), "{shape}: {error}");
        }
    }

    #[test]
    fn a_broken_template_is_an_error_and_not_a_panic() {
        assert!(rasterise("<svg", SMALL).is_err());
        assert_eq!(fill("a {{b}} {{main", Some("red"), None, 0), "a {{b}} {{main");
    }
}
