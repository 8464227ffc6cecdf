//! The sample that a report shows: base, donor, output, and where each pixel came from.

use crate::decode::{Decoder, Picture};
use crate::probe::{Codes, Elements};
use crate::reference::Patch;
use crate::report::words::{caption, legend};
use crate::report::{Bitmap, Shown, Subject};
use crate::trace::Call;

/// The longest side that is shown; larger images are cut to a window around the box.
const SIDE: u32 = 512;
/// Values this far beyond the probe's range, which is that of whole levels, are no rounding.
const BEYOND: f64 = 1e-9;
/// An image whose brightest value is less than this part of the range would show as black.
const DARK: f64 = 4.0;
// Colours of the base's pixels, the donor's, those of other images, strange ones, blends and fills.
const OWN: [u8; 3] = [0x4c, 0x78, 0xa8];
const DONOR: [u8; 3] = [0xf5, 0x85, 0x18];
const OTHER: [u8; 3] = [0x54, 0xa2, 0x4b];
const STRANGE: [u8; 3] = [0xe4, 0x57, 0x56];
const BLEND: [u8; 3] = [0xa1, 0x7f, 0x60];
const FILL: [u8; 3] = [0x9d, 0x9d, 0x9d];

/// The part of an image that is shown.
fn window(width: u32, height: u32, patch: Patch) -> Patch {
    let side = |length: u32, from: u32, to: u32| {
        let start = u32::midpoint(from, to).saturating_sub(SIDE / 2).min(length.saturating_sub(SIDE));
        (start, (start + SIDE).min(length))
    };
    let ((x0, x1), (y0, y1)) = (side(width, patch.x0, patch.x1), side(height, patch.y0, patch.y1));
    Patch { x0, y0, x1, y1 }
}

/// An image's first three planes (or its first one) as bytes, from black to white over the range of the probe.
fn image(codes: &Codes, values: &Elements<'_>, window: Patch, [black, white]: [f64; 2]) -> Bitmap {
    let phase = codes.phase();
    let mut rgb = Vec::with_capacity(window.area() as usize * 3);
    for y in window.rows() {
        for x in window.columns() {
            for channel in 0..3 {
                let plane = if phase.channels >= 3 { channel } else { 0 };
                let value = values.value(phase.element(plane, y, x));
                // Casts saturate, and NaN is black.
                rgb.push((255.0 * (value - black) / (white - black)) as u8);
            }
        }
    }
    Bitmap { width: window.width(), height: window.height(), rgb }
}

/// The pictures of sample `i` of a call.
pub(crate) fn shown(decoder: &Decoder, call: &Call, i: usize, picture: &Picture, subject: Subject) -> Shown {
    let codes = decoder.codes(call.number);
    let phase = codes.phase();
    let (width, height) = (phase.width, phase.height);
    let (donor, patch) = picture.region();
    let window = window(width, height, patch);
    let full = [0.0, phase.dtype.level() * 255.0];
    let given = |image_number: usize| {
        let mut bytes = Vec::new();
        codes.write(image_number, &mut bytes);
        image(codes, &Elements::new(phase.dtype, &bytes), window, full)
    };
    let values = decoder.values(&call.images, i);
    let mut range = [f64::INFINITY, f64::NEG_INFINITY];
    for value in (0..values.len()).map(|element| values.value(element)).filter(|value| value.is_finite()) {
        range = [range[0].min(value), range[1].max(value)];
    }
    // A normalised output has a range of its own.
    let own_range = range[0] < full[0] - BEYOND || range[1] > full[1] + BEYOND || range[1] < full[1] / DARK;
    let output = image(codes, &values, window, if own_range && range[0] < range[1] { range } else { full });
    let colour = match picture {
        Picture::Blended(_) | Picture::Feathered { .. } => BLEND,
        Picture::Filled { .. } | Picture::Noise { .. } => FILL,
        _ => STRANGE,
    };
    let mut images = Vec::new();
    codes.images(&values, &mut images);
    let mut rgb = Vec::with_capacity(window.area() as usize * 3);
    let mut seen = [false; 4];
    for y in window.rows() {
        for x in window.columns() {
            let of = |plane| usize::from(images[phase.element(plane, y, x)]);
            let first = of(0);
            let same = (1..phase.planes()).all(|plane| of(plane) == first);
            let kind = match first {
                _ if !same => 3,
                image if image == i => 0,
                image if Some(image) == donor => 1,
                image if image < phase.batch as usize => 2,
                _ => 3,
            };
            seen[kind] = true;
            rgb.extend([OWN, DONOR, OTHER, colour][kind]);
        }
    }
    let names = legend(i, donor, picture);
    let legend = [OWN, DONOR, OTHER, colour].into_iter().zip(names).zip(seen).filter(|(_, seen)| *seen);
    let cut = Some(window).filter(|window| *window != Patch::full(width, height));
    Shown {
        caption: caption(subject, &phase.name, call.number, i, cut),
        base: given(i),
        donor: donor.map(given),
        output,
        sources: Bitmap { width: window.width(), height: window.height(), rgb },
        legend: legend.map(|((colour, name), _)| (colour, name)).collect(),
    }
}
