//! Images of 8 or 16 bits with one to four channels, as the core takes them.

use std::fmt::Display;
use std::path::Path;

use cutmix_core::Size;
use image::{DynamicImage, ExtendedColorType, imageops::FilterType};

use super::{CliError, fail, files};

/// Interleaved samples of so many bits.
#[derive(Debug)]
pub(super) enum Samples {
    Eight(Vec<u8>),
    Sixteen(Vec<u16>),
}

/// Two images brought to one size and one format.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) a: Samples,
    pub(super) b: Samples,
    pub(super) size: Size,
    pub(super) color: ExtendedColorType,
}

impl Pair {
    /// Loads two images in the richer of their formats. Sizes must be equal, unless `resize` scales the second one to
    /// fill the size of the first.
    pub(super) fn load(path_a: &Path, path_b: &Path, resize: bool) -> Result<Self, CliError> {
        let (a, b) = (files::load(path_a)?, files::load(path_b)?);
        Self::of((&path_a.display(), a), (&path_b.display(), b), resize)
    }

    /// The same of images that are loaded, with the names that a mistake is told with.
    pub(super) fn of(
        (name_a, a): (&dyn Display, DynamicImage),
        (name_b, mut b): (&dyn Display, DynamicImage),
        resize: bool,
    ) -> Result<Self, CliError> {
        let (width, height) = (a.width(), a.height());
        if (width, height) != (b.width(), b.height()) {
            if !resize {
                return fail(format!(
                    "{name_a} is {width}x{height} pixels, but {name_b} is {}x{}; images of equal size are expected (--resize scales the second)",
                    b.width(),
                    b.height()
                ));
            }
            b = scaled(&b, Size::new(width, height)?);
        }
        let either = |f: fn(&DynamicImage) -> bool| f(&a) || f(&b);
        let sixteen = either(|image| image.color().bytes_per_pixel() / image.color().channel_count() > 1);
        let (colour, alpha) = (either(|image| image.color().has_color()), either(|image| image.color().has_alpha()));
        let (color, samples): (_, fn(DynamicImage) -> Samples) = match (sixteen, colour, alpha) {
            (false, false, false) => (ExtendedColorType::L8, |image| Samples::Eight(image.into_luma8().into_raw())),
            (false, false, true) => {
                (ExtendedColorType::La8, |image| Samples::Eight(image.into_luma_alpha8().into_raw()))
            }
            (false, true, false) => (ExtendedColorType::Rgb8, |image| Samples::Eight(image.into_rgb8().into_raw())),
            (false, true, true) => (ExtendedColorType::Rgba8, |image| Samples::Eight(image.into_rgba8().into_raw())),
            (true, false, false) => (ExtendedColorType::L16, |image| Samples::Sixteen(image.into_luma16().into_raw())),
            (true, false, true) => {
                (ExtendedColorType::La16, |image| Samples::Sixteen(image.into_luma_alpha16().into_raw()))
            }
            (true, true, false) => (ExtendedColorType::Rgb16, |image| Samples::Sixteen(image.into_rgb16().into_raw())),
            (true, true, true) => (ExtendedColorType::Rgba16, |image| Samples::Sixteen(image.into_rgba16().into_raw())),
        };
        Ok(Self { a: samples(a), b: samples(b), size: Size::new(width, height)?, color })
    }
}

/// Scales an image to fill a size; what sticks out is cut off evenly.
pub(super) fn scaled(image: &DynamicImage, size: Size) -> DynamicImage {
    let (width, height) = (size.width(), size.height());
    let (across, down) = (u64::from(width) * u64::from(image.height()), u64::from(height) * u64::from(image.width()));
    if across.max(down) < 4 * across.min(down) {
        return image.resize_to_fill(width, height, FilterType::Lanczos3);
    }
    // Far longer or thinner than the size: scaled as a whole, a picture of a few KiB could take all memory there is. So
    // it is cut first, to the size's proportions or to one pixel.
    let (w, h) = if across < down {
        ((across / u64::from(height)).max(1) as u32, image.height())
    } else {
        (image.width(), (down / u64::from(width)).max(1) as u32)
    };
    let window = image.crop_imm((image.width() - w) / 2, (image.height() - h) / 2, w, h);
    window.resize_exact(width, height, FilterType::Lanczos3)
}

impl Samples {
    /// Encodes them as PNG.
    pub(super) fn to_png(&self, size: Size, color: ExtendedColorType) -> Result<Vec<u8>, CliError> {
        let bytes = match self {
            Self::Eight(samples) => samples.as_slice(),
            Self::Sixteen(samples) => bytemuck::cast_slice(samples),
        };
        files::encode_png(bytes, (size.width(), size.height()), color)
    }
}
