//! The contact sheet: a column for each method, a row for each base, the label under each picture.

use image::{RgbImage, imageops};

use super::Picture;
use super::draw::{PAPER, fit, rectangle, text};

const CELL: u32 = 240;
const GAP: u32 = 14;
const TITLE: u32 = 40;
const CAPTION: u32 = 34;

/// Draws the sheet; all pictures have one size.
pub(super) fn draw(rows: &[Vec<Picture>]) -> RgbImage {
    let columns = rows.first().map_or(0, Vec::len) as u32;
    let first = rows.first().and_then(|row| row.first()).map_or((1, 1), |picture| picture.pixels.dimensions());
    // Tall pictures are narrowed, so that the sheet stays readable.
    let scale = (f64::from(CELL) / f64::from(first.0)).min(1.5 * f64::from(CELL) / f64::from(first.1));
    let (width, height) = ((f64::from(first.0) * scale) as u32, (f64::from(first.1) * scale) as u32);
    let (width, height) = (width.max(1), height.max(1));
    let pitch = (width.max(CELL * 2 / 3) + GAP, height + CAPTION + GAP);
    let mut sheet = RgbImage::from_pixel(GAP + columns * pitch.0, TITLE + GAP + rows.len() as u32 * pitch.1, PAPER);
    for (y, row) in rows.iter().enumerate() {
        for (x, picture) in row.iter().enumerate() {
            let left = GAP + x as u32 * pitch.0 + (pitch.0 - GAP - width) / 2;
            let top = TITLE + GAP + y as u32 * pitch.1;
            let middle = left + width / 2;
            let room = pitch.0 - 4;
            if y == 0 {
                text(&mut sheet, picture.title, (middle, GAP), fit(picture.title, room, 24.0, true), true);
            }
            let small = imageops::resize(&picture.pixels, width, height, imageops::FilterType::Triangle);
            // A hairline shows the border of white masks.
            rectangle(&mut sheet, (left - 1, top - 1), (width + 2, height + 2), image::Rgb([160; 3]));
            imageops::replace(&mut sheet, &small, i64::from(left), i64::from(top));
            let size = fit(&picture.caption, room, 20.0, false);
            text(&mut sheet, &picture.caption, (middle, top + height + 6), size, false);
        }
    }
    sheet
}
