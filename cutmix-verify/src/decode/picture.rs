//! What was done to an image, in the decoder's words.

use std::fmt;

use crate::probe::Special;
use crate::reference::Patch;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// Frames before channels.
    pub plane: usize,
    pub y: usize,
    pub x: usize,
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "plane {}, row {}, column {}", self.plane, self.y, self.x)
    }
}

/// Base and donor with one weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Blend {
    pub donor: usize,
    /// All of the image for Mixup.
    pub patch: Patch,
    /// The weight of the base: the middle of those that explain every value.
    pub weight: f64,
    /// How far the true weight may be from it, since values are rounded.
    pub uncertainty: f64,
    /// The largest difference from the exact blend, as a fraction of the distance of two code words.
    pub worst: f64,
    /// The mean difference: rounding down shows here.
    pub bias: f64,
    /// Whether another donor explains the values nearly as well.
    pub ambiguous: bool,
}

/// What was done to a patch on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transform {
    Shift,
    /// Columns in the opposite order.
    FlipX,
    /// Rows in the opposite order.
    FlipY,
    Turn,
    Transpose,
    /// Channels in another order.
    Planes,
    /// Another size: the steps in the donor of one row and one column, in 1/1024 pixel.
    Resize {
        dy: i32,
        dx: i32,
    },
}

/// What was done to an image. `donor` is the image whose pixels are in `patch`; `None` if nothing was replaced.
#[derive(Clone, Debug, PartialEq)]
pub enum Picture {
    /// A filled rectangle of a donor, the rest the image's own; an empty patch is an untouched image.
    Pasted {
        donor: Option<usize>,
        patch: Patch,
        /// Whether the rectangle holds the image's own pixels and the rest the donor's.
        inverted: bool,
    },
    /// Pixels of one donor that are no rectangle.
    Ragged {
        donor: usize,
        pixels: u64,
        /// The rectangle around them.
        bounds: Patch,
        /// The first pixel in it that is not the donor's.
        hole: Spot,
    },
    /// Every pixel is of an image of this call at its place, but of more than two images, or of two others.
    Several {
        /// The other images and their numbers of pixels, most first.
        donors: Vec<(usize, u64)>,
        /// The rectangle around all of theirs.
        bounds: Patch,
    },
    /// The patch is what is now in the donor, not what was given.
    Aliased {
        donor: usize,
        patch: Patch,
        /// A pixel that the donor did not have at first.
        first: Spot,
    },
    /// Pastes that differ between planes.
    Planes {
        /// Of each plane, the donor and the patch.
        planes: Vec<(Option<usize>, Patch)>,
    },
    /// The patch, or the whole image, is of an earlier call.
    Stale {
        /// Calls ago: 1 or 2 (the images of three calls are told apart).
        ago: u32,
        donor: usize,
        patch: Patch,
    },
    /// The patch is from another place.
    Displaced {
        donor: usize,
        patch: Patch,
        transform: Transform,
        /// Where its first pixel is from: row and column.
        from: (usize, usize),
        /// Whether that explains every pixel.
        sure: bool,
    },
    /// The patch holds one value a plane.
    Filled { patch: Patch, values: Vec<f64> },
    /// The patch holds values of no image, which are not constant either.
    Noise { patch: Patch, range: [f64; 2] },
    /// Base and donor blended with one weight.
    Blended(Blend),
    /// Base and donor blended with a weight that varies.
    Feathered {
        donor: usize,
        patch: Patch,
        /// Least and greatest weight of the base.
        range: [f64; 2],
    },
    /// A paste whose values are near those given, but not all the same.
    Near {
        donor: Option<usize>,
        patch: Patch,
        /// Values that differ inside the patch.
        inside: u64,
        /// Values that differ outside of it.
        outside: u64,
        /// The first of them.
        first: Spot,
        /// The largest difference, as a fraction of the distance of two code words.
        worst: f64,
    },
    /// A picture that the probe does not show well enough to judge: no evidence for or against anything.
    Hidden {
        /// The rectangle around what is not seen.
        patch: Patch,
    },
    /// Values that are none of the above.
    Unexplained {
        /// Pixels that are of no image of the call.
        pixels: u64,
        /// The rectangle around them.
        bounds: Patch,
        /// The first of them.
        first: Spot,
    },
}

/// Whose pixels are in which rectangle of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paste {
    /// `None` if nothing was replaced.
    pub donor: Option<usize>,
    pub patch: Patch,
    /// Whether the rectangle holds the image's own pixels and the rest the donor's.
    pub inverted: bool,
}

impl Picture {
    /// An image that was left alone.
    pub const UNTOUCHED: Self = Self::Pasted { donor: None, patch: Patch::EMPTY, inverted: false };

    /// Donor and rectangle of a picture that has one rectangle of one donor, however exactly that was copied; none where it is
    /// known in parts or by a guess alone, as of a donor that had been mixed before.
    #[must_use]
    pub const fn paste(&self) -> Option<Paste> {
        let (donor, patch, inverted) = match self {
            Self::Pasted { donor, patch, inverted } => (*donor, *patch, *inverted),
            Self::Near { donor, patch, .. } => (*donor, *patch, false),
            Self::Displaced { donor, patch, sure: true, .. } => (Some(*donor), *patch, false),
            _ => return None,
        };
        Some(Paste { donor, patch, inverted })
    }

    /// A donor and the rectangle that something was done to, as far as they are known.
    pub(crate) fn region(&self) -> (Option<usize>, Patch) {
        match self {
            Self::Pasted { donor, patch, .. } | Self::Near { donor, patch, .. } => (*donor, *patch),
            Self::Displaced { donor, patch, .. }
            | Self::Aliased { donor, patch, .. }
            | Self::Feathered { donor, patch, .. } => (Some(*donor), *patch),
            Self::Blended(blend) => (Some(blend.donor), blend.patch),
            Self::Ragged { donor, bounds, .. } => (Some(*donor), *bounds),
            Self::Several { donors, bounds } => (donors.first().map(|&(donor, _)| donor), *bounds),
            Self::Planes { planes } => planes.iter().find(|(donor, _)| donor.is_some()).copied().unwrap_or_default(),
            Self::Filled { patch, .. }
            | Self::Noise { patch, .. }
            | Self::Stale { patch, .. }
            | Self::Hidden { patch } => (None, *patch),
            Self::Unexplained { bounds, .. } => (None, *bounds),
        }
    }
}

/// A value that a copy keeps, lost or where it does not belong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpecialFault {
    pub special: Special,
    pub place: Spot,
    /// What is there instead, or `None` if the value itself is where it should not be.
    pub found: Option<f64>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    pub picture: Picture,
    /// Special values that were not copied (probes of kind `nan`).
    pub faults: Vec<SpecialFault>,
}

impl From<Picture> for Sample {
    fn from(picture: Picture) -> Self {
        Self { picture, faults: Vec::new() }
    }
}
