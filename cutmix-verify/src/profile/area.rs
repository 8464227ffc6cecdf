//! Boxes of a drawn area and a drawn ratio of sides.

use super::part::parts;

parts! {
    /// How a box comes by its sides without lambda, both at once. It lies inside, anywhere that leaves room for it.
    Area;
    Half [] "Half of the image: any width above half of it, and the height that makes it half.";
    Erasing [] "Random Erasing as torchvision has it: 2 to 33 % of the area, a ratio of 0.3 to 3.3, its logarithm uniform.";
    ErasingThird [] "The same as timm has it: up to a third of the area, and a ratio of up to 1 / 0.3.";
    ErasingUniform [] "Random Erasing as its authors have it: 2 to 40 %, and a uniform ratio of 0.3 to 1 / 0.3.";
    Segmentation [] "2 to 40 %, a uniform ratio of 0.3 to 1 / 0.3, sides cut off; ratio and corner are drawn again until it lies inside.";
}

/// What area and ratio are drawn from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Least and greatest area, in pixels; it is uniform between them.
    pub area: [f64; 2],
    /// Least and greatest ratio of height to width.
    pub ratio: [f64; 2],
    /// Whether the ratio is uniform, not its logarithm.
    pub uniform: bool,
    /// Whether sides are cut off to whole pixels, not rounded to nearest.
    pub cut_off: bool,
    /// How often a box that is as long as the image is drawn again before there is none.
    pub tries: u32,
}

impl Area {
    /// The bounds on images of so many pixels; none for half of the image.
    #[must_use]
    pub fn bounds(self, pixels: f64) -> Option<Bounds> {
        let of = |most: f64, tallest: f64, uniform, cut_off, tries| {
            Some(Bounds { area: [0.02 * pixels, most * pixels], ratio: [0.3, tallest], uniform, cut_off, tries })
        };
        match self {
            Self::Half => None,
            Self::Erasing => of(0.33, 3.3, false, false, 10),
            Self::ErasingThird => of(1.0 / 3.0, 1.0 / 0.3, false, false, 10),
            Self::ErasingUniform => of(0.4, 1.0 / 0.3, true, false, 100),
            Self::Segmentation => of(0.4, 1.0 / 0.3, true, true, 0),
        }
    }
}
