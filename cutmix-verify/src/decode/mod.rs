//! What was done to each image of a call, read from its values alone: which image every pixel is from, the box, the donor,
//! and where a plain paste does not explain it, what does.
//!
//! The order of the questions matters, and is that of cost: exact pastes first, then what is exact but from elsewhere
//! (another channel, call or place), then what is near (rounding, scaling), then blends. Imports `probe`, nothing of the core.
//!
//! ```
//! use cutmix_verify::decode::{Decoder, Patch, Picture};
//! use cutmix_verify::probe::{Codes, Dtype, Method, Phase};
//!
//! // Two images; columns 2 and 3 of rows 1 to 4 of the first become the second's.
//! let phase = Phase { batch: 2, channels: 1, width: 8, height: 6, dtype: Dtype::U8, ..Phase::structure() };
//! let mut bytes = Vec::new();
//! (0..2).for_each(|i| Codes::new(&phase, 0).write(i, &mut bytes));
//! for y in 1..5 {
//!     bytes.copy_within(48 + 8 * y + 2..48 + 8 * y + 4, 8 * y + 2);
//! }
//! let (samples, scaling) = Decoder::new(&phase, Dtype::U8, Method::Cutmix).call(0, &bytes);
//! let patch = Patch { x0: 2, y0: 1, x1: 4, y1: 5 };
//! assert_eq!(samples[0].picture, Picture::Pasted { donor: Some(1), patch, inverted: false });
//! assert_eq!(samples[1].picture, Picture::UNTOUCHED);
//! assert!(scaling.is_none());
//! ```

mod affine;
mod blend;
mod elsewhere;
mod map;

use std::cell::RefCell;

use rayon::prelude::*;

pub use crate::reference::Patch;
pub use affine::Scaling;
pub use blend::Blend;
pub use elsewhere::Transform;

use crate::probe::{Codes, Dtype, Elements, Kind, Method, Phase, Special};
use map::SourceMap;

/// A place in an image.
///
/// ```
/// use cutmix_verify::decode::Place;
///
/// // Plane by plane, row by row.
/// assert!(Place { plane: 0, y: 9, x: 0 } < Place { plane: 1, y: 0, x: 0 });
/// assert!(Place { plane: 0, y: 0, x: 9 } < Place { plane: 0, y: 1, x: 0 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Plane (frames before channels).
    pub plane: usize,
    /// Row.
    pub y: usize,
    /// Column.
    pub x: usize,
}

/// What was done to an image.
///
/// ```
/// use cutmix_verify::decode::{Decoder, Patch, Picture};
/// use cutmix_verify::probe::{Codes, Dtype, Method, Phase};
///
/// // A box of zeros in the only image that there is.
/// let phase = Phase { batch: 1, channels: 1, width: 8, height: 6, dtype: Dtype::U8, ..Phase::structure() };
/// let mut bytes = Vec::new();
/// Codes::new(&phase, 0).write(0, &mut bytes);
/// (2..5).for_each(|y| bytes[8 * y + 1..8 * y + 6].fill(0));
/// let (samples, _) = Decoder::new(&phase, Dtype::U8, Method::Cutout).call(0, &bytes);
/// let patch = Patch { x0: 1, y0: 2, x1: 6, y1: 5 };
/// assert_eq!(samples[0].picture, Picture::Filled { patch, values: vec![0.0] });
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Picture {
    /// A filled rectangle of a donor, the rest the image's own; an empty patch is an untouched image.
    Pasted {
        /// Who gave; `None` if nothing was replaced.
        donor: Option<usize>,
        /// Where.
        patch: Patch,
        /// Whether the rectangle holds the image's own pixels and the rest the donor's.
        inverted: bool,
    },
    /// Pixels of one donor that are no rectangle.
    Ragged {
        /// Who gave.
        donor: usize,
        /// Number of pixels.
        pixels: u64,
        /// The rectangle around them.
        bounds: Patch,
        /// The first pixel in it that is not the donor's.
        hole: Place,
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
        /// Who gave.
        donor: usize,
        /// Where.
        patch: Patch,
        /// A pixel that the donor did not have at first.
        first: Place,
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
        /// Who gave.
        donor: usize,
        /// Where.
        patch: Patch,
    },
    /// The patch is from another place.
    Displaced {
        /// Who gave.
        donor: usize,
        /// Where.
        patch: Patch,
        /// What was done to it.
        transform: Transform,
        /// Where its first pixel is from: row and column.
        from: (usize, usize),
    },
    /// The patch holds one value a plane.
    Filled {
        /// Where.
        patch: Patch,
        /// The values by plane.
        values: Vec<f64>,
    },
    /// The patch holds values of no image, which are not constant either.
    Noise {
        /// Where.
        patch: Patch,
        /// Least and greatest value.
        range: [f64; 2],
    },
    /// Base and donor blended with one weight.
    Blended(Blend),
    /// Base and donor blended with a weight that varies.
    Feathered {
        /// Who gave.
        donor: usize,
        /// Where.
        patch: Patch,
        /// Least and greatest weight of the base.
        range: [f64; 2],
    },
    /// A paste whose values are near those given, but not all the same.
    Near {
        /// Who gave.
        donor: Option<usize>,
        /// Where.
        patch: Patch,
        /// Values that differ inside the patch.
        inside: u64,
        /// Values that differ outside of it.
        outside: u64,
        /// The first of them.
        first: Place,
        /// The largest difference, as a fraction of the distance of two code words.
        worst: f64,
    },
    /// Nothing that is known.
    Unexplained {
        /// Pixels that are of no image of the call.
        pixels: u64,
        /// The rectangle around them.
        bounds: Patch,
        /// The first of them.
        first: Place,
    },
}

impl Picture {
    /// An image that nobody touched.
    pub const UNTOUCHED: Self = Self::Pasted { donor: None, patch: Patch::EMPTY, inverted: false };
}

/// A value that a copy keeps, lost or where it does not belong.
///
/// ```
/// use cutmix_verify::decode::{Decoder, Picture};
/// use cutmix_verify::probe::{Codes, Dtype, Kind, Method, Phase, Special};
///
/// // Code that replaces NaN by 0.
/// let phase = Phase { kind: Kind::Nan, batch: 2, channels: 1, ..Phase::structure() };
/// let codes = Codes::new(&phase, 0);
/// let mut bytes = Vec::new();
/// (0..2).for_each(|i| codes.write(i, &mut bytes));
/// let at = 4 * codes.special(0, Special::Nan);
/// bytes[at..at + 4].fill(0);
/// let (samples, _) = Decoder::new(&phase, Dtype::F32, Method::Cutmix).call(0, &bytes);
/// assert_eq!(samples[0].picture, Picture::UNTOUCHED);
/// let fault = &samples[0].faults[0];
/// assert_eq!((fault.special, fault.found), (Special::Nan, Some(0.0)));
/// assert_eq!(codes.place(at / 4), (fault.place.y, fault.place.x));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpecialFault {
    /// Which value.
    pub special: Special,
    /// Where.
    pub place: Place,
    /// What is there instead, or `None` if the value itself is where it should not be.
    pub found: Option<f64>,
}

/// An image of a call.
///
/// ```
/// use cutmix_verify::decode::{Decoder, Picture};
/// use cutmix_verify::probe::{Codes, Dtype, Method, Phase};
///
/// // Images that came out as they were; the type may be another one.
/// let phase = Phase { batch: 2, channels: 1, dtype: Dtype::U8, ..Phase::structure() };
/// let mut bytes = Vec::new();
/// (0..2).for_each(|i| Codes::new(&phase, 0).write(i, &mut bytes));
/// let floats: Vec<u8> = bytes.iter().flat_map(|value| f32::from(*value).to_le_bytes()).collect();
/// let (samples, _) = Decoder::new(&phase, Dtype::F32, Method::Cutmix).call(0, &floats);
/// assert!(samples.iter().all(|sample| sample.picture == Picture::UNTOUCHED && sample.faults.is_empty()));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// What was done to it.
    pub picture: Picture,
    /// Special values that were not copied (probes of kind `nan`).
    pub faults: Vec<SpecialFault>,
}

/// Reads the calls of a phase.
///
/// ```
/// use cutmix_verify::decode::{Decoder, Picture};
/// use cutmix_verify::probe::{Dtype, Method, Phase};
///
/// let phase = Phase { batch: 2, channels: 1, dtype: Dtype::U8, ..Phase::structure() };
/// let decoder = Decoder::new(&phase, Dtype::U8, Method::Cutmix);
/// let mut bytes = Vec::new();
/// (0..2).for_each(|i| decoder.codes(0).write(i, &mut bytes));
/// // Image by image, as long as a plain paste or nothing at all explains it; what is left is asked of the whole call.
/// assert_eq!(decoder.at_once(0, 0, &bytes[..960]), Some(Picture::UNTOUCHED));
/// bytes[..960].fill(77);
/// assert_eq!(decoder.at_once(0, 0, &bytes[..960]), None);
/// let (samples, _) = decoder.rest(0, &bytes, vec![None, Some(Picture::UNTOUCHED)]);
/// assert!(matches!(&samples[0].picture, Picture::Filled { values, .. } if *values == [77.0]));
/// assert_eq!(decoder.values(&bytes, 0).len(), 960);
/// ```
#[derive(Debug)]
pub struct Decoder {
    /// The code words of the calls of a cycle.
    turns: Vec<Codes>,
    /// Type of the values that come out.
    dtype: Dtype,
    /// What is meant to be done.
    method: Method,
}

/// What a call's samples are read with.
struct View<'a> {
    turns: &'a [Codes],
    codes: &'a Codes,
    scaling: Option<&'a Scaling>,
    bytes: &'a [u8],
    dtype: Dtype,
    method: Method,
}

impl Decoder {
    /// A decoder for values of type `dtype`, which need not be that of the probe. Where a picture has two
    /// explanations, that of the method is looked at first.
    #[must_use]
    pub fn new(phase: &Phase, dtype: Dtype, method: Method) -> Self {
        Self { turns: Codes::turns(phase), dtype, method }
    }

    /// The code words of a call.
    #[must_use]
    pub fn codes(&self, call: u32) -> &Codes {
        &self.turns[call as usize % self.turns.len()]
    }

    /// The values of image `i` among the bytes of a call.
    #[must_use]
    pub fn values<'a>(&self, bytes: &'a [u8], i: usize) -> Elements<'a> {
        let phase = self.turns[0].phase();
        let length = phase.image_len() * self.dtype.bytes();
        let bytes = bytes.get(i * length..(i + 1) * length).unwrap_or(&[]);
        Elements::new(self.dtype, bytes).converted_from(phase.dtype)
    }

    /// What was done to image `i` of call `call`, of which `bytes` came out, if a paste or nothing at all explains it bit for
    /// bit; whoever has the whole call asks [`rest`](Self::rest) for the others.
    #[must_use]
    pub fn at_once(&self, call: u32, i: usize, bytes: &[u8]) -> Option<Picture> {
        thread_local! {
            static MAP: RefCell<SourceMap> = RefCell::default();
        }
        let codes = self.codes(call);
        if codes.phase().kind == Kind::Nan {
            return None;
        }
        let values = Elements::new(self.dtype, bytes).converted_from(codes.phase().dtype);
        MAP.with_borrow_mut(|map| {
            codes.images(&values, &mut map.elements);
            map.join(codes.phase());
            map.exact(codes.phase(), i)
        })
    }

    /// What was done to every image of call `call`, of which `bytes` are what came out, image after image, little-endian. The
    /// second result is the scaling of a pipeline that normalises, if there is one.
    #[must_use]
    pub fn call(&self, call: u32, bytes: &[u8]) -> (Vec<Sample>, Option<Scaling>) {
        self.rest(call, bytes, Vec::new())
    }

    /// The same, where [`at_once`](Self::at_once) was asked for the first images or all of them.
    #[must_use]
    pub fn rest(&self, call: u32, bytes: &[u8], mut plain: Vec<Option<Picture>>) -> (Vec<Sample>, Option<Scaling>) {
        let codes = self.codes(call);
        let batch = codes.phase().batch as usize;
        let scaling = Scaling::find(self, codes, bytes);
        plain.resize(batch, None);
        if scaling.is_some() {
            plain.fill(None);
        }
        let view = View {
            turns: &self.turns,
            codes,
            scaling: scaling.as_ref(),
            bytes,
            dtype: self.dtype,
            method: self.method,
        };
        let sample = |map: &mut SourceMap, (i, plain): (usize, Option<Picture>)| match plain {
            Some(picture) => Sample { picture, faults: Vec::new() },
            None => view.sample(map, i),
        };
        let mut samples: Vec<Sample> = plain.into_par_iter().enumerate().map_init(SourceMap::default, sample).collect();
        let aliased: Vec<(usize, Picture)> =
            (0..batch).into_par_iter().filter_map(|i| Some((i, view.aliased(i, &samples)?))).collect();
        for (i, picture) in aliased {
            samples[i].picture = picture;
        }
        (samples, scaling)
    }
}

impl<'a> View<'a> {
    fn phase(&self) -> &Phase {
        self.codes.phase()
    }

    fn values(&self, i: usize) -> Elements<'a> {
        let length = self.phase().image_len() * self.dtype.bytes();
        let bytes = self.bytes.get(i * length..(i + 1) * length).unwrap_or(&[]);
        Elements::new(self.dtype, bytes).converted_from(self.phase().dtype)
    }

    fn place(&self, element: usize) -> Place {
        let phase = self.phase();
        let (y, x) = self.codes.place(element);
        let plane = match phase.layout {
            crate::probe::Layout::Nchw => element / phase.area(),
            crate::probe::Layout::Nhwc => {
                let channels = phase.channels as usize;
                element / (phase.area() * channels) * channels + element % channels
            }
        };
        Place { plane, y, x }
    }

    fn sample(&self, map: &mut SourceMap, i: usize) -> Sample {
        let values = self.values(i);
        let sample = |picture| Sample { picture, faults: Vec::new() };
        match self.scaling {
            None => self.codes.images(&values, &mut map.elements),
            Some(scaling) => scaling.images(self.codes, &values, &mut map.elements),
        }
        if self.phase().kind == Kind::Nan {
            return self.with_specials(map, i);
        }
        map.join(self.phase());
        if let Some(picture) = map.exact(self.phase(), i) {
            return sample(picture);
        }
        sample(self.explain(map, i))
    }

    /// What no exact paste explains.
    fn explain(&self, map: &mut SourceMap, i: usize) -> Picture {
        let unexplained = map.unexplained(self.phase());
        let blend = || (self.method == Method::Mixup).then(|| self.blended(map, i)).flatten();
        blend()
            .or_else(|| self.planes(map, i))
            .or_else(|| self.stale(i))
            .or_else(|| self.displaced(map, i))
            .or_else(|| self.near(map, i))
            .or_else(|| self.filled(map, i))
            .or_else(|| if self.method == Method::Mixup { None } else { self.blended(map, i) })
            .or_else(|| self.noise(map, i))
            .unwrap_or(unexplained)
    }

    /// A sample of a probe with special values: those places are left out, then compared one by one.
    fn with_specials(&self, map: &mut SourceMap, i: usize) -> Sample {
        let (phase, values) = (self.phase(), self.values(i));
        let places =
            (0..phase.batch as usize).flat_map(|image| Special::ALL.map(|special| self.codes.special(image, special)));
        map.join_without(phase, places.clone());
        let picture = map.exact(phase, i).unwrap_or_else(|| self.explain(map, i));
        let (donor, patch, inverted) = match picture {
            Picture::Pasted { donor, patch, inverted } => (donor, patch, inverted),
            Picture::Near { donor, patch, .. } => (donor, patch, false),
            _ => return Sample { picture, faults: Vec::new() },
        };
        let mut faults = Vec::new();
        let mut seen = Vec::new();
        for element in places {
            if seen.contains(&element) {
                continue;
            }
            seen.push(element);
            let place = self.place(element);
            let from = if patch.contains(place.x as u32, place.y as u32) == inverted { i } else { donor.unwrap_or(i) };
            let value = values.value(element);
            match self.codes.word(from, element) {
                crate::probe::Word::Special(special) if !special.is(value) => {
                    faults.push(SpecialFault { special, place, found: Some(value) });
                }
                crate::probe::Word::Special(_) => {}
                _ => {
                    let leaked = Special::ALL.into_iter().find(|special| special.is(value));
                    if let Some(special) = leaked {
                        faults.push(SpecialFault { special, place, found: None });
                    }
                }
            }
        }
        faults.sort_by_key(|fault| fault.place);
        Sample { picture, faults }
    }
}
