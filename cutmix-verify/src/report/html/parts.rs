//! What several parts of the page are made of.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder as _};
use serde::Serialize;

use crate::report::{Bitmap, Verdict};

/// A picture that is in the page itself.
#[derive(Serialize)]
pub(super) struct Png {
    title: String,
    uri: String,
    width: u32,
    height: u32,
}

/// A picture under a title, if it has pixels.
pub(super) fn png(title: &str, picture: &Bitmap) -> Option<Png> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new(&mut bytes);
    encoder.write_image(&picture.rgb, picture.width, picture.height, ExtendedColorType::Rgb8).ok()?;
    let uri = format!("data:image/png;base64,{}", STANDARD.encode(bytes));
    Some(Png { title: title.into(), uri, width: picture.width, height: picture.height })
}

/// The class of a verdict's colours.
pub(super) const fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "ok",
        Verdict::Fail => "fail",
        Verdict::Inconclusive => "open",
    }
}
