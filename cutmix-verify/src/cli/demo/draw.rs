//! Text and rectangles on a picture; glyphs by `ab_glyph`, in `DejaVu` Sans.

use ab_glyph::{Font, FontRef, ScaleFont, point};
use image::{Rgb, RgbImage};

pub(super) const INK: Rgb<u8> = Rgb([32, 32, 32]);
pub(super) const PAPER: Rgb<u8> = Rgb([255, 255, 255]);

/// Draws a line of text whose box is centred on `x` and begins at row `y`; what lies outside the picture is dropped.
/// Without a usable font nothing is drawn.
pub(super) fn text(picture: &mut RgbImage, content: &str, (x, y): (u32, u32), height: f32, bold: bool) {
    let data = if bold { dejavu::sans::bold() } else { dejavu::sans::regular() };
    let Ok(font) = FontRef::try_from_slice(data) else { return };
    let scaled = font.as_scaled(height);
    let width: f32 = content.chars().map(|c| scaled.h_advance(scaled.glyph_id(c))).sum();
    let mut pen = x as f32 - width / 2.0;
    let baseline = y as f32 + scaled.ascent();
    for c in content.chars() {
        let mut glyph = scaled.scaled_glyph(c);
        glyph.position = point(pen, baseline);
        pen += scaled.h_advance(glyph.id);
        let Some(outline) = font.outline_glyph(glyph) else { continue };
        let bounds = outline.px_bounds();
        outline.draw(|dx, dy, cover| {
            let (px, py) = (bounds.min.x + dx as f32, bounds.min.y + dy as f32);
            if px < 0.0 || py < 0.0 {
                return;
            }
            if let Some(pixel) = picture.get_pixel_mut_checked(px as u32, py as u32) {
                for (channel, ink) in pixel.0.iter_mut().zip(INK.0) {
                    let mixed = f32::from(*channel) * (1.0 - cover) + f32::from(ink) * cover;
                    *channel = mixed.round().clamp(0.0, 255.0) as u8;
                }
            }
        });
    }
}

/// The largest text height up to `height` at which `content` is at most `width` wide.
pub(super) fn fit(content: &str, width: u32, height: f32, bold: bool) -> f32 {
    let data = if bold { dejavu::sans::bold() } else { dejavu::sans::regular() };
    let Ok(font) = FontRef::try_from_slice(data) else { return height };
    let scaled = font.as_scaled(height);
    let natural: f32 = content.chars().map(|c| scaled.h_advance(scaled.glyph_id(c))).sum();
    if natural > width as f32 { height * width as f32 / natural } else { height }
}

/// Fills a rectangle, as far as it lies in the picture.
pub(super) fn rectangle(picture: &mut RgbImage, (x, y): (u32, u32), (width, height): (u32, u32), color: Rgb<u8>) {
    for py in y..(y + height).min(picture.height()) {
        for px in x..(x + width).min(picture.width()) {
            picture.put_pixel(px, py, color);
        }
    }
}
