//! Which image each pixel is from, and whether that is a paste.

use std::collections::BTreeSet;

use super::picture::{Picture, Spot};
use crate::probe::{Codes, Image, Layout, Phase};
use crate::reference::Patch;

/// A pixel whose planes are from different images.
pub(super) const DISAGREE: Image = u16::MAX - 2;
/// A pixel that says nothing: it belongs to what makes the picture exact, and is no evidence for it.
const SILENT: Image = u16::MAX - 3;

/// Rows and columns of the pixels of a rectangle.
pub(super) fn places(patch: Patch) -> impl Iterator<Item = (usize, usize)> {
    patch.rows().flat_map(move |y| patch.columns().map(move |x| (y, x)))
}

/// The images that values and pixels are from.
#[derive(Clone, Debug, Default)]
pub(super) struct SourceMap {
    /// For every value in memory order.
    pub(super) elements: Vec<Image>,
    /// For every pixel, row by row.
    pub(super) pixels: Vec<Image>,
}

impl SourceMap {
    /// Joins the planes: a pixel is from an image if all of its values are.
    pub(super) fn join(&mut self, phase: &Phase) {
        let area = phase.area();
        self.pixels.clear();
        match phase.layout {
            Layout::Nchw => {
                let mut planes = self.elements.chunks_exact(area);
                self.pixels.extend_from_slice(planes.next().unwrap_or(&[]));
                for plane in planes {
                    for (pixel, &value) in self.pixels.iter_mut().zip(plane) {
                        *pixel = if *pixel == value { value } else { DISAGREE };
                    }
                }
            }
            Layout::Nhwc => {
                let channels = phase.channels as usize;
                for (frame, values) in self.elements.chunks_exact(area * channels).enumerate() {
                    let pixels = values
                        .chunks_exact(channels)
                        .map(|pixel| if pixel.iter().all(|value| value == &pixel[0]) { pixel[0] } else { DISAGREE });
                    if frame == 0 {
                        self.pixels.extend(pixels);
                    } else {
                        for (pixel, value) in self.pixels.iter_mut().zip(pixels) {
                            *pixel = if *pixel == value { value } else { DISAGREE };
                        }
                    }
                }
            }
        }
    }

    /// Joins the planes of pixels without the given values; pixels that have no other say nothing.
    pub(super) fn join_without(&mut self, phase: &Phase, skipped: &BTreeSet<usize>) {
        let width = phase.width as usize;
        self.pixels.clear();
        self.pixels.resize(phase.area(), SILENT);
        for plane in 0..phase.planes() {
            for (y, x) in places(Patch::full(phase.width, phase.height)) {
                let (element, pixel) = (phase.element(plane, y, x), &mut self.pixels[y * width + x]);
                if !skipped.contains(&element) {
                    let value = self.elements[element];
                    *pixel = if *pixel == SILENT || *pixel == value { value } else { DISAGREE };
                }
            }
        }
    }

    /// The paste that explains every pixel that says something, which the others then follow; [`Picture::Hidden`] where the box
    /// may be larger by pixels that say nothing.
    pub(super) fn exact_but_silent(&mut self, phase: &Phase, own: usize) -> Option<Picture> {
        let donor = self.pixels.iter().copied().find(|&image| image != own as Image && image != SILENT);
        let silent = |map: &Self, y: usize, x: usize| map.pixels[y * phase.width as usize + x] == SILENT;
        if !self.pixels.contains(&SILENT) {
            return self.exact(phase, own);
        }
        if donor.is_some_and(|donor| usize::from(donor) >= phase.batch as usize) {
            return None;
        }
        let Some(donor) = donor else {
            return Some(Picture::Hidden { patch: self.bounds(phase, |image| image == SILENT) });
        };
        // The box is around the donor's pixels, or around the image's own.
        for (inner, outer) in [(donor, own as Image), (own as Image, donor)] {
            let patch = self.bounds(phase, |image| image == inner);
            let inside = |y: usize, x: usize| patch.contains(x as u32, y as u32);
            let fits = places(Patch::full(phase.width, phase.height)).all(|(y, x)| {
                let image = self.pixels[y * phase.width as usize + x];
                image == SILENT || image == if inside(y, x) { inner } else { outer }
            });
            if !fits {
                continue;
            }
            let around = |side: Patch| !side.is_empty() && places(side).all(|(y, x)| silent(self, y, x));
            let grown = [
                Patch { y0: patch.y0.saturating_sub(1), y1: patch.y0, ..patch },
                Patch { y0: patch.y1, y1: (patch.y1 + 1).min(phase.height), ..patch },
                Patch { x0: patch.x0.saturating_sub(1), x1: patch.x0, ..patch },
                Patch { x0: patch.x1, x1: (patch.x1 + 1).min(phase.width), ..patch },
            ];
            if grown.into_iter().any(around) {
                return Some(Picture::Hidden { patch });
            }
            for (y, x) in places(Patch::full(phase.width, phase.height)) {
                self.pixels[y * phase.width as usize + x] = if inside(y, x) { inner } else { outer };
            }
            return self.exact(phase, own);
        }
        None
    }

    /// The paste that explains every pixel, if one does; also pixels of several images of the call.
    pub(super) fn exact(&self, phase: &Phase, own: usize) -> Option<Picture> {
        let mut counts = vec![0_u64; phase.batch as usize];
        for row in self.pixels.chunks(phase.width as usize) {
            // Most rows are of the image itself and one other; counted without a way out, as vectors do.
            let count = |of: Image| row.iter().map(|&image| u32::from(image == of)).sum::<u32>() as usize;
            let others = row.len() - count(own as Image);
            counts[own] += (row.len() - others) as u64;
            let Some(&other) = row.iter().find(|&&image| others > 0 && image != own as Image) else { continue };
            if count(other) == others {
                *counts.get_mut(usize::from(other))? += others as u64;
                continue;
            }
            for &image in row.iter().filter(|&&image| image != own as Image) {
                *counts.get_mut(usize::from(image))? += 1;
            }
        }
        let mut donors: Vec<_> = counts.into_iter().enumerate().filter(|&(i, n)| i != own && n > 0).collect();
        match donors[..] {
            [] => Some(Picture::UNTOUCHED),
            [(donor, pixels)] => Some(self.paste(phase, own, donor, pixels)),
            _ => {
                donors.sort_by_key(|&(i, n)| (std::cmp::Reverse(n), i));
                let bounds = self.bounds(phase, |image| image != own as Image);
                Some(Picture::Several { donors, bounds })
            }
        }
    }

    fn paste(&self, phase: &Phase, own: usize, donor: usize, pixels: u64) -> Picture {
        let bounds = self.bounds(phase, |image| image == donor as Image);
        if bounds.area() == pixels {
            return Picture::Pasted { donor: Some(donor), patch: bounds, inverted: false };
        }
        let kept = self.bounds(phase, |image| image == own as Image);
        if kept.area() == phase.area() as u64 - pixels {
            return Picture::Pasted { donor: Some(donor), patch: kept, inverted: true };
        }
        let width = phase.width as usize;
        let is_hole = |y: usize, x: usize| self.pixels[y * width + x] != donor as Image;
        // There is one: the donor's pixels are fewer than the bounds'.
        let (y, x) = places(bounds).find(|&(y, x)| is_hole(y, x)).unwrap_or_default();
        Picture::Ragged { donor, pixels, bounds, hole: Spot { plane: 0, y, x } }
    }

    /// The rectangle around the pixels whose image is one of those asked for.
    pub(super) fn bounds(&self, phase: &Phase, asked: impl Fn(Image) -> bool) -> Patch {
        let mut bounds = Patch::EMPTY;
        for (y, row) in self.pixels.chunks_exact(phase.width as usize).enumerate() {
            // Without a way out, as vectors do; most rows have none.
            if !row.iter().fold(false, |any, &image| any | asked(image)) {
                continue;
            }
            let first = row.iter().position(|&image| asked(image));
            let last = row.iter().rposition(|&image| asked(image));
            if let (Some(first), Some(last)) = (first, last) {
                bounds = bounds.with(first as u32, y as u32).with(last as u32, y as u32);
            }
        }
        bounds
    }

    /// How many pixels are of no image of the call, and where.
    pub(super) fn unexplained(&self, phase: &Phase) -> Picture {
        let unknown = |image: Image| usize::from(image) >= phase.batch as usize;
        let bounds = self.bounds(phase, unknown);
        let pixels = self.pixels.iter().filter(|&&image| unknown(image)).count() as u64;
        let first = self.pixels.iter().position(|&image| unknown(image)).unwrap_or(0);
        let (y, x) = (first / phase.width as usize, first % phase.width as usize);
        Picture::Unexplained { pixels, bounds, first: Spot { plane: 0, y, x } }
    }

    /// The pixels of one plane alone.
    pub(super) fn plane(&self, phase: &Phase, plane: usize) -> Self {
        let all = places(Patch::full(phase.width, phase.height));
        let pixels = all.map(|(y, x)| self.elements[phase.element(plane, y, x)]).collect();
        Self { elements: Vec::new(), pixels }
    }

    /// Whether any value is no code word.
    pub(super) fn inexact(&self) -> bool {
        self.elements.contains(&Codes::INEXACT)
    }
}
