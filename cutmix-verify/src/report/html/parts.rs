//! What several parts of the page are made of.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder as _};
use minijinja::{Value, context};

use crate::report::{Bitmap, Verdict};

/// A picture under a title, in the page itself, if it has pixels.
pub(super) fn png(title: &str, picture: &Bitmap) -> Option<Value> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new(&mut bytes);
    encoder.write_image(&picture.rgb, picture.width, picture.height, ExtendedColorType::Rgb8).ok()?;
    let uri = format!("data:image/png;base64,{}", STANDARD.encode(bytes));
    Some(context! { title, uri, width => picture.width, height => picture.height })
}

/// The class of a verdict's colours.
pub(super) const fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "ok",
        Verdict::Fail => "fail",
        Verdict::Inconclusive => "open",
    }
}
