//! One draw: what the pixels of a sample show of the box, the partner and the weight that were drawn for it.
//!
//! On its way from decoder to report a box changes its form three times: a [`Picture`] of any kind becomes a
//! [`Paste`] (`decode::Picture::paste`), with the sample and its weight that becomes a [`Draw`] ([`Draw::of`]), and the boxes of
//! independent draws become a `Part` of the judge's evidence (`judge::collect`). The rectangle itself is a [`Patch`] in all of
//! them, and in the examples of a report.

use crate::decode::{Paste, Picture};
use crate::probe::Method;
use crate::reference::Patch;

/// What was drawn for a sample, as far as its pixels show it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Draw {
    /// Number of the sample in its batch.
    pub(crate) sample: usize,
    /// Who gave: the sample itself in Cutout, where no other image does; `None` where several explain a blend as well.
    pub(crate) donor: Option<usize>,
    /// The box; all of the image in Mixup.
    pub(crate) patch: Patch,
    /// The base's weight inside the box, from 0 to 1; `None` where what is there is no copy of the donor.
    pub(crate) weight: Option<f64>,
    /// Whether the base is inside the box and the donor around it.
    pub(crate) inverted: bool,
}

impl Draw {
    /// The draw that a picture shows, if something was done to its sample.
    pub(crate) fn of(method: Method, sample: usize, picture: &Picture) -> Option<Self> {
        match (picture, method) {
            (&(Picture::Filled { patch, .. } | Picture::Noise { patch, .. }), Method::Cutout) => {
                Some(Self { sample, donor: Some(sample), patch, weight: Some(0.0), inverted: false })
            }
            (Picture::Blended(blend), Method::Mixup) => {
                let donor = (!blend.ambiguous).then_some(blend.donor);
                Some(Self { sample, donor, patch: blend.patch, weight: Some(blend.weight), inverted: false })
            }
            _ => {
                let Paste { donor, patch, inverted } = picture.paste()?;
                // A weight of 0 is the donor itself.
                let copied = matches!(picture, Picture::Pasted { .. } | Picture::Near { .. });
                donor.map(|_| Self { sample, donor, patch, weight: copied.then_some(0.0), inverted })
            }
        }
    }
}

/// What is known of a sample before its draw, which must not depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// The class of the image.
    pub class: u32,
    /// The partner's number in the batch and its class, if the sample has another image for a partner.
    pub partner: Option<(u32, u32)>,
}

impl Draw {
    /// What was known of the sample before, where its image and its partner have these classes.
    pub(crate) fn known(&self, classes: &[u32]) -> Option<Known> {
        let class_of = |i: usize| classes.get(i).copied();
        let partner = self.donor.filter(|donor| *donor != self.sample);
        let partner = partner.and_then(|donor| Some((donor as u32, class_of(donor)?)));
        Some(Known { class: class_of(self.sample)?, partner })
    }

    /// Whether its sample gives to another's.
    pub(crate) fn gives_to(&self, other: &Self) -> bool {
        other.donor == Some(self.sample)
    }

    /// Whether two samples give to each other.
    pub(crate) fn swaps(&self, other: &Self) -> bool {
        self.gives_to(other) && other.gives_to(self)
    }
}

/// What is left of an image by a box at its border, if that is a box: with the base inside it, the two look alike.
pub(crate) const fn complement(patch: Patch, [width, height]: [u32; 2]) -> Option<Patch> {
    let Patch { x0, y0, x1, y1 } = patch;
    let rows = y0 == 0 && y1 == height;
    let columns = x0 == 0 && x1 == width;
    let full = Patch::full(width, height);
    match (rows, columns) {
        (true, false) if x0 == 0 => Some(Patch { x0: x1, ..full }),
        (true, false) if x1 == width => Some(Patch { x1: x0, ..full }),
        (false, true) if y0 == 0 => Some(Patch { y0: y1, ..full }),
        (false, true) if y1 == height => Some(Patch { y1: y0, ..full }),
        _ => None,
    }
}

/// By how many pixels a side that shows may differ from the real one: each of its two ends is rounded to a whole pixel, by less
/// than one.
const ROUNDED: f64 = 2.0;
/// A clipped side has lost half of itself at most where the centre is in the image, and the half that is left is rounded like a
/// side, by two pixels, which are four of the whole. Findings allow for all of that.
pub(crate) const HALF_LOST: f64 = 4.0;
/// The same where that half is rounded once, by one pixel, which is two of the whole. Rules halve a whole number, so that this is
/// the ordinary case; conventions are recognised by it, and none is where it fails.
pub(crate) const HALF_LOST_ONCE: f64 = 2.0;
/// Some rules clip more than half, so that a clipped side may come from any longer one.
pub(crate) const ANY_LOST: f64 = f64::INFINITY;

/// Least and greatest real length, in pixels, of which a side along `axis` can show as that of a box, after rounding and
/// clipping.
///
/// Let a rule draw the length `c` around a centre. Where neither end is at a border both ends are seen, each rounded by less than a
/// pixel, so that the side `n` that shows is within 2 of `c`: `n - 2 <= c <= n + 2`. Clipping only shortens, so that the lower bound
/// holds for every box. Where it may have been clipped, at least `c / 2` less an error is left, with a centre in the image:
/// `n >= c / 2 - e`, that is `c <= 2 n + 2 e`. `lost` is that `2 e`, one of the constants above.
pub(crate) fn real_length(patch: Patch, size: [u32; 2], axis: usize, lost: f64) -> [f64; 2] {
    let (from, to) = patch.span(axis);
    let shown = f64::from(to - from);
    let clipped = from == 0 || to == size[axis];
    [shown - ROUNDED, if clipped { 2.0 * shown + lost } else { shown + ROUNDED }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_at_a_border_may_have_been_twice_as_long() {
        let size = [40, 24];
        let patch = Patch { x0: 0, y0: 5, x1: 10, y1: 15 };
        assert_eq!(real_length(patch, size, 0, HALF_LOST), [8.0, 24.0]);
        assert_eq!(real_length(patch, size, 0, HALF_LOST_ONCE), [8.0, 22.0]);
        assert_eq!(real_length(patch, size, 0, ANY_LOST), [8.0, f64::INFINITY]);
        assert_eq!(real_length(patch, size, 1, HALF_LOST), [8.0, 12.0]);
    }

    #[test]
    fn a_box_and_what_it_leaves_are_each_other_s_complement() {
        let left = Patch { x0: 0, y0: 0, x1: 7, y1: 24 };
        let right = complement(left, [40, 24]).unwrap();
        assert_eq!((right, complement(right, [40, 24])), (Patch { x0: 7, y0: 0, x1: 40, y1: 24 }, Some(left)));
        assert_eq!(complement(Patch { x0: 0, y0: 0, x1: 7, y1: 23 }, [40, 24]), None);
    }
}
