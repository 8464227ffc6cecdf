//! Exact values that are from another plane, call or place.

use super::CallView;
use super::map::{SourceMap, places};
use super::picture::{Picture, Sample, Transform};
use crate::probe::{Codes, Elements, Kind, Word};
use crate::reference::Patch;

impl Transform {
    const ALL: [Self; 5] = [Self::Shift, Self::FlipX, Self::FlipY, Self::Turn, Self::Transpose];

    /// The steps `(rows, columns)` in the donor of one column and of one row of the patch.
    const fn steps(self) -> [(isize, isize); 2] {
        match self {
            Self::FlipX => [(0, -1), (1, 0)],
            Self::FlipY => [(0, 1), (-1, 0)],
            Self::Turn => [(0, -1), (-1, 0)],
            Self::Transpose => [(1, 0), (0, 1)],
            Self::Shift | Self::Planes | Self::Resize { .. } => [(0, 1), (1, 0)],
        }
    }
}

/// A donor, a transform, and where in the donor a pixel is from.
type Origin = (usize, Transform, (isize, isize));

impl CallView<'_> {
    /// Every plane is a paste, but not the same one.
    pub(super) fn planes(&self, map: &SourceMap, i: usize) -> Option<Picture> {
        let phase = self.phase();
        if phase.planes() < 2 {
            return None;
        }
        let planes = (0..phase.planes())
            .map(|plane| match map.plane(phase, plane).exact(phase, i)? {
                Picture::Pasted { donor, patch, inverted: false } => Some((donor, patch)),
                _ => None,
            })
            .collect::<Option<Vec<_>>>()?;
        Some(Picture::Planes { planes })
    }

    /// The patch, or all of the image, is from the call before or the one before that.
    pub(super) fn stale(&self, i: usize) -> Option<Picture> {
        let (phase, values) = (self.phase(), self.values(i));
        if self.scaling.is_some() || matches!(phase.kind, Kind::Digits) {
            return None;
        }
        let turns = self.decoder.turns.len() as u32;
        let read = |codes: &Codes| {
            let mut map = SourceMap::default();
            codes.images(&values, &mut map.elements);
            map.join(phase);
            map
        };
        (1..turns).find_map(|ago| {
            let old = read(&self.decoder.turns[((self.codes.turn() + turns - ago) % turns) as usize]);
            let new = read(self.codes);
            // Pixels of this image, and all others of one image of that call.
            let other = |at: usize| new.pixels[at] != i as u16;
            let first = (0..new.pixels.len()).find(|&at| other(at))?;
            let donor = usize::from(old.pixels[first]);
            let fits = donor < phase.batch as usize
                && (first..new.pixels.len()).all(|at| !other(at) || usize::from(old.pixels[at]) == donor);
            let patch = new.bounds(phase, |image| image != i as u16);
            (fits && patch.area() > 1).then_some(Picture::Stale { ago, donor, patch })
        })
    }

    /// The patch is from another place of an image of this call.
    pub(super) fn displaced(&self, map: &SourceMap, i: usize) -> Option<Picture> {
        let phase = self.phase();
        if self.scaling.is_some() || matches!(phase.kind, Kind::Flat | Kind::Digits) {
            return None;
        }
        let patch = map.bounds(phase, |image| image != i as u16);
        // A border may be filled, but not all of it.
        let inexact = map.elements.iter().filter(|&&image| image == Codes::INEXACT).count();
        if inexact * 2 > patch.area() as usize * phase.planes() {
            return None;
        }
        self.resized(i, patch)
            .or_else(|| self.shrunk(i, patch))
            .or_else(|| self.permuted(map, i))
            .or_else(|| self.turned(i, patch))
            .or_else(|| self.moved(map, i))
    }

    /// The patch is from another place, as a whole: what is beyond a border comes in at the other, or is something else.
    fn turned(&self, i: usize, patch: Patch) -> Option<Picture> {
        let phase = self.phase();
        // Enough pixels to tell places apart: 72 bits and more.
        let side = if phase.planes() >= 3 { 2 } else { 3 };
        if patch.width().min(patch.height()) < side as u32 {
            return None;
        }
        let [x0, y0, width, height] = [patch.x0, patch.y0, patch.width(), patch.height()].map(|edge| edge as usize);
        let (up, left) = ((height - side) / 2, (width - side) / 2);
        let (donor, transform, at) = self.find(i, (y0 + up, x0 + left), side)?;
        // What is in its own place has moved nowhere: some of its values are rounded.
        if transform == Transform::Shift && at == ((y0 + up) as isize, (x0 + left) as isize) {
            return None;
        }
        // Back to the first pixel, and then all of them.
        let [column, row] = transform.steps();
        let (up, left) = (up as isize, left as isize);
        let from = (at.0 - up * row.0 - left * column.0, at.1 - up * row.1 - left * column.1);
        let found = (donor, transform, from);
        let fits = places(patch).filter(|&(y, x)| self.matches(i, (y, x), (y - y0, x - x0), found)).count();
        if fits * 2 < patch.area() as usize {
            return None;
        }
        let from = (from.0.rem_euclid(phase.height as isize), from.1.rem_euclid(phase.width as isize));
        let from = (from.0 as usize, from.1 as usize);
        Some(Picture::Displaced { donor, patch, transform, from, sure: fits == patch.area() as usize })
    }

    /// Where a square of pixels of image `i` is from.
    fn find(&self, i: usize, place: (usize, usize), side: usize) -> Option<Origin> {
        let phase = self.phase();
        let all = Patch::full(phase.width, phase.height);
        let origins = (0..phase.batch as usize).flat_map(|donor| {
            Transform::ALL
                .into_iter()
                .flat_map(move |transform| places(all).map(move |(y, x)| (donor, transform, (y as isize, x as isize))))
        });
        let square = |found: &Origin| {
            (0..side * side).all(|n| {
                let (dy, dx) = (n / side, n % side);
                self.matches(i, (place.0 + dy, place.1 + dx), (dy, dx), *found)
            })
        };
        { origins }.find(square)
    }

    /// Whether a pixel of image `i`, bit for bit, is what a match says of the pixel so many rows and columns after the first.
    fn matches(&self, i: usize, place: (usize, usize), (dy, dx): (usize, usize), found: Origin) -> bool {
        let (phase, values) = (self.phase(), self.values(i));
        let (donor, transform, from) = found;
        let [column, row] = transform.steps();
        let (r, c) = (dy as isize, dx as isize);
        let (y, x) = (from.0 + r * row.0 + c * column.0, from.1 + r * row.1 + c * column.1);
        let (y, x) = (y.rem_euclid(phase.height as isize) as usize, x.rem_euclid(phase.width as isize) as usize);
        (0..phase.planes()).all(|plane| {
            let (to, element) = (phase.element(plane, place.0, place.1), phase.element(plane, y, x));
            self.given(donor, element, &values) == values.bits(to)
        })
    }

    /// The bit pattern of an image's value, in the type that came out.
    pub(super) fn given(&self, image: usize, element: usize, values: &Elements<'_>) -> u64 {
        match self.codes.word(image, element) {
            Word::Byte(code) => values.encoded(code),
            _ => self.codes.bits(image, element),
        }
    }

    /// A patch of another size, where values say their row and column.
    fn resized(&self, i: usize, patch: Patch) -> Option<Picture> {
        let phase = self.phase();
        if !matches!(phase.kind, Kind::Tri | Kind::Word24) || patch.width() < 2 || patch.height() < 2 {
            return None;
        }
        let [x0, y0, x1, y1] = patch.edges().map(|edge| edge as usize);
        let first = self.origin(i, y0, x0)?;
        let last = self.origin(i, y1 - 1, x1 - 1)?;
        if first.0 != last.0 {
            return None;
        }
        let step = |from: usize, to: usize, n: usize| (to as i64 - from as i64) * 1024 / (n as i64 - 1);
        let dy = step(first.1, last.1, y1 - y0);
        let dx = step(first.2, last.2, x1 - x0);
        if (dy, dx) == (1024, 1024) || dy == 0 || dx == 0 {
            return None;
        }
        // Every pixel within one of the line between the corners.
        let on_line = |y: usize, x: usize| {
            self.origin(i, y, x).is_some_and(|(donor, row, column)| {
                let near = |value: usize, from: usize, step: i64, n: usize| {
                    (value as i64 - from as i64 - step * n as i64 / 1024).abs() <= 1
                };
                donor == first.0 && near(row, first.1, dy, y - y0) && near(column, first.2, dx, x - x0)
            })
        };
        let all = places(patch).all(|(y, x)| on_line(y, x));
        let mirrored = dy.abs() == 1024 && dx.abs() == 1024;
        let transform = Transform::Resize { dy: dy as i32, dx: dx as i32 };
        let (donor, from, sure) = (first.0, (first.1, first.2), true);
        (all && !mirrored).then_some(Picture::Displaced { donor, patch, transform, from, sure })
    }

    /// Image, row and column that a pixel's values name.
    fn origin(&self, i: usize, y: usize, x: usize) -> Option<(usize, usize, usize)> {
        let (phase, values) = (self.phase(), self.values(i));
        let fits = |(image, row, column): (usize, usize, usize)| {
            let known = image < phase.batch as usize && row < phase.height as usize && column < phase.width as usize;
            let same = known
                && (0..phase.planes()).all(|plane| {
                    let from = phase.element(plane, row, column);
                    self.given(image, from, &values) == values.bits(phase.element(plane, y, x))
                });
            same.then_some((image, row, column))
        };
        if phase.kind == Kind::Word24 {
            let word = values.value(phase.element(0, y, x)) * 16_777_216.0;
            let word = word as u32;
            let image = ((word >> 16) + 256 - ((85 * self.codes.turn()) & 255)) as usize & 255;
            return fits((image, (word >> 8) as usize & 255, word as usize & 255));
        }
        let mut codes = [0_u16; 3];
        for (plane, code) in codes.iter_mut().enumerate() {
            let bits = values.bits(phase.element(plane, y, x));
            *code = (0..=255).find(|&code| values.encoded(code as u8) == bits)?;
        }
        // The key's part is in the place (0, 0) of the first image.
        let part = |plane: usize| match self.codes.word(0, phase.element(plane, 0, 0)) {
            Word::Byte(code) => usize::from(code),
            _ => 0,
        };
        // 5 * 205 = 1 modulo 256.
        let image = (usize::from(codes[0]) + 256 - part(0)) * 205 % 256;
        let row = (usize::from(codes[1]) + (256 - part(1)) + (256 - 97) * image) % 256;
        let column = (usize::from(codes[2]) + (256 - part(2)) + (256 - 149) * image) % 256;
        fits((image, row, column))
    }

    /// Whether the patch of a sample is what its donor became in this very call. The donor's own picture must be `known`, and
    /// show what is not the donor's.
    pub(super) fn aliased(&self, i: usize, samples: &[Sample], known: &[bool]) -> Option<Picture> {
        let phase = self.phase();
        if known[i] {
            return None;
        }
        let values = self.values(i);
        let own = |element: usize| self.given(i, element, &values) == values.bits(element);
        let differs: Vec<usize> = (0..phase.image_len()).filter(|&element| !own(element)).collect();
        let patch = differs.iter().fold(Patch::EMPTY, |patch, &element| {
            let (y, x) = self.codes.place(element);
            patch.with(x as u32, y as u32)
        });
        let touched = |&donor: &usize| donor != i && known[donor] && samples[donor].picture != Picture::UNTOUCHED;
        let donors = || (0..phase.batch as usize).filter(touched);
        let aliased = |donor, first: &usize| Picture::Aliased { donor, patch, first: self.place(*first) };
        let copied = |&donor: &usize| {
            let became = self.values(donor);
            differs.iter().all(|&element| became.bits(element) == values.bits(element))
        };
        // What two samples have of a third does not tell that one is from the other: something must be the donor's own.
        let given = |donor: usize, element: &usize| self.given(donor, *element, &values) == values.bits(*element);
        let shows = |&donor: &usize| differs.iter().filter(|element| given(donor, element)).count() >= phase.planes();
        if let Some(donor) = donors().filter(copied).find(shows) {
            return Some(aliased(donor, differs.iter().find(|element| !given(donor, element))?));
        }
        // Blends of what the donor became.
        let blended = |&donor: &usize| {
            let became = self.values(donor);
            self.blend_with(i, patch, donor, |element| became.value(element)).is_some()
        };
        Some(aliased(donors().find(blended)?, differs.first()?))
    }
}

/// Whether a picture is none that the images of the call explain, or of too many of them.
pub(super) const fn strange(picture: &Picture) -> bool {
    matches!(picture, Picture::Several { .. } | Picture::Unexplained { .. } | Picture::Noise { .. })
}
