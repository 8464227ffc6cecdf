//! Pixels of the batch that are not at their places: moved, mirrored, scaled, wrapped, in other planes; the rest may be filled.

use std::collections::HashMap;

use super::CallView;
use super::map::{SourceMap, places};
use super::picture::{Picture, Transform};
use crate::probe::{Codes, Image, Kind, Phase, splitmix64};
use crate::reference::Patch;

/// Where in the images of a call each pixel is, by all of its values.
pub(super) type Index = HashMap<u64, (Image, u16, u16)>;

/// Pixels of a call that are numbered at most: an index takes some 32 bytes for each.
const NUMBERED: usize = 1 << 20;
/// Planes without which pixels are not told apart by their values: three have 24 bits.
const PLANES: usize = 3;
/// Pixels without which a place elsewhere is chance.
const FEW: usize = 4;
/// One in so many of the changed pixels must be elsewhere in the batch.
const SHARE: usize = 3;
/// Channels whose orders are tried: 24 of four.
const CHANNELS: u32 = 4;

/// One number for the values of a pixel.
fn key(words: impl Iterator<Item = u64>) -> u64 {
    words.fold(0, |key, word| splitmix64(key ^ word))
}

/// Whether a pixel's values name one pixel of the call.
fn told(phase: &Phase) -> bool {
    let known = match phase.kind {
        Kind::Scr | Kind::Tri | Kind::Nan => phase.planes() >= PLANES,
        Kind::Word24 => true,
        Kind::Digits | Kind::Flat => false,
    };
    known && phase.area() * phase.batch as usize <= NUMBERED
}

/// The index of a call's images.
pub(super) fn index(codes: &Codes) -> Index {
    let phase = codes.phase();
    let mut index = Index::new();
    for image in 0..phase.batch as Image {
        for (y, x) in places(Patch::full(phase.width, phase.height)) {
            let word = |plane: usize| codes.bits(image.into(), phase.element(plane, y, x));
            index.entry(key((0..phase.planes()).map(word))).or_insert((image, y as u16, x as u16));
        }
    }
    index
}

/// Every order of so many channels but their own.
fn orders(channels: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for _ in 0..channels {
        all = all
            .into_iter()
            .flat_map(|order: Vec<usize>| {
                let rest = (0..channels).filter(|channel| !order.contains(channel)).collect::<Vec<_>>();
                rest.into_iter().map(move |channel| [&order[..], &[channel]].concat())
            })
            .collect();
    }
    // The first is their own.
    all.split_off(1)
}

impl CallView<'_> {
    /// Pixels that are elsewhere in the images of this call, each found by its values.
    pub(super) fn moved(&self, map: &SourceMap, i: usize) -> Option<Picture> {
        let (phase, values) = (self.phase(), self.values(i));
        if !told(phase) || values.dtype() != phase.dtype {
            return None;
        }
        let index = self.decoder.index(self.codes);
        let patch = map.bounds(phase, |image| image != i as Image);
        let changed = places(patch).filter(|&(y, x)| map.pixels[y * phase.width as usize + x] != i as Image);
        let changed: Vec<(usize, usize)> = changed.collect();
        let origin = |&(y, x): &(usize, usize)| {
            let bits = |plane: usize| values.bits(phase.element(plane, y, x));
            let &(image, row, column) = index.get(&key((0..phase.planes()).map(bits)))?;
            Some((image, (row as isize, column as isize), (y as isize, x as isize)))
        };
        let found: Vec<_> = changed.iter().filter_map(origin).collect();
        if found.len() < FEW || found.len() * SHARE < changed.len() {
            return None;
        }
        let count = |of: Image| found.iter().filter(|(image, ..)| *image == of).count();
        let donor = (0..phase.batch as Image).max_by_key(|&image| count(image))?;
        // In other planes or at their own places: other questions.
        let away = found.iter().filter(|(_, from, to)| from != to).count();
        if away * SHARE < found.len() {
            return None;
        }
        let of_donor: Vec<_> =
            found.iter().filter(|(image, ..)| *image == donor).map(|&(_, from, to)| (from, to)).collect();
        let (&(from, to), &(last_from, last_to)) = (of_donor.first()?, of_donor.last()?);
        let sides = [phase.height as isize, phase.width as isize];
        let offset = |(from, to): ((isize, isize), (isize, isize))| {
            [(from.0 - to.0).rem_euclid(sides[0]), (from.1 - to.1).rem_euclid(sides[1])]
        };
        let together = of_donor.iter().filter(|&&pair| offset(pair) == offset((from, to))).count();
        let step = |from: isize, last: isize, n: isize| if n == 0 { 1024 } else { ((last - from) * 1024 / n) as i32 };
        let (dy, dx) = (step(from.0, last_from.0, last_to.0 - to.0), step(from.1, last_from.1, last_to.1 - to.1));
        let transform = match (dy, dx) {
            _ if together * SHARE >= of_donor.len() => Transform::Shift,
            (1024, -1024) => Transform::FlipX,
            (-1024, 1024) => Transform::FlipY,
            (-1024, -1024) => Transform::Turn,
            _ => Transform::Resize { dy, dx },
        };
        let sure = of_donor.len() == changed.len();
        let from = (from.0 as usize, from.1 as usize);
        Some(Picture::Displaced { donor: donor.into(), patch, transform, from, sure })
    }

    /// The whole of one image, made so small that it fits into the patch.
    pub(super) fn shrunk(&self, i: usize, patch: Patch) -> Option<Picture> {
        let (phase, values) = (self.phase(), self.values(i));
        if (patch.area() as usize) * phase.planes() < 2 * FEW || patch == Patch::full(phase.width, phase.height) {
            return None;
        }
        let sides = [phase.height, phase.width].map(|side| side as usize);
        let [tall, wide] = [patch.height(), patch.width()].map(|side| side as usize);
        // The pixel at the beginning of each step, or in its middle.
        let from = |n: usize, long: usize, short: usize, middle: usize| ((2 * n + middle) * long) / (2 * short);
        let fits = |&(donor, middle): &(usize, usize)| {
            places(patch).all(|(y, x)| {
                let (row, column) = (y - patch.rows().start, x - patch.columns().start);
                let (row, column) = (from(row, sides[0], tall, middle), from(column, sides[1], wide, middle));
                (0..phase.planes()).all(|plane| {
                    let element = phase.element(plane, row, column);
                    self.given(donor, element, &values) == values.bits(phase.element(plane, y, x))
                })
            })
        };
        let mut ways = (0..phase.batch as usize).flat_map(|donor| [(donor, 0), (donor, 1)]);
        let (donor, middle) = ways.find(fits)?;
        let [dy, dx] = [sides[0] * 1024 / tall, sides[1] * 1024 / wide].map(|step| step as i32);
        let from = (from(0, sides[0], tall, middle), from(0, sides[1], wide, middle));
        Some(Picture::Displaced { donor, patch, transform: Transform::Resize { dy, dx }, from, sure: true })
    }

    /// The patch, or the whole image, with its channels in another order.
    pub(super) fn permuted(&self, map: &SourceMap, i: usize) -> Option<Picture> {
        let (phase, values) = (self.phase(), self.values(i));
        let channels = phase.channels as usize;
        if !(2..=CHANNELS).contains(&phase.channels) || matches!(phase.kind, Kind::Flat | Kind::Digits | Kind::Word24) {
            return None;
        }
        let image_at = |order: &[usize], (y, x): (usize, usize)| {
            (0..phase.batch as usize).find(|&image| {
                (0..phase.planes()).all(|plane| {
                    let other = plane / channels * channels + order[plane % channels];
                    let given = phase.element(other, y, x);
                    self.given(image, given, &values) == values.bits(phase.element(plane, y, x))
                })
            })
        };
        let at = |(y, x): (usize, usize)| map.pixels[y * phase.width as usize + x];
        let all = || places(Patch::full(phase.width, phase.height));
        let changed: Vec<(usize, usize)> = all().filter(|&place| at(place) != i as Image).collect();
        if changed.len() < FEW {
            return None;
        }
        orders(channels).iter().find_map(|order| {
            // Most orders are refused by the first few pixels.
            changed.iter().all(|&place| image_at(order, place).is_some()).then_some(())?;
            let other = |place| if at(place) == i as Image { Some(i) } else { image_at(order, place) };
            let pixels = all().map(|place| Some(other(place)? as Image)).collect::<Option<Vec<_>>>()?;
            let read = SourceMap { elements: Vec::new(), pixels };
            let Picture::Pasted { donor, patch, inverted: false } = read.exact(phase, i)? else { return None };
            // Without a patch all of the image is in another order.
            let whole = changed.len() == phase.area();
            let own = || map.bounds(phase, |image| image != i as Image);
            let patch = if donor.is_none() || whole { own() } else { patch };
            let from = (patch.rows().start, patch.columns().start);
            let (donor, sure) = (donor.unwrap_or(i), !whole);
            Some(Picture::Displaced { donor, patch, transform: Transform::Planes, from, sure })
        })
    }
}
