//! What was done to each image of a call, read from its values alone: which image every pixel is from, the box, the donor,
//! and where a plain paste does not explain it, what does.
//!
//! The order of the questions matters, and is that of cost: exact pastes first, then what is exact but from elsewhere
//! (another channel, call or place), then what is near (rounding, scaling), then blends. Imports `probe` and
//! `reference`, nothing of the core; the auditor and `replay` import it.
#![doc(hidden)]

mod affine;
mod blend;
mod elsewhere;
mod map;
mod moved;
mod picture;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::OnceLock;

use rayon::prelude::*;

pub use affine::Scaling;
pub use picture::{Blend, Paste, Picture, Sample, SpecialFault, Spot, Transform};

use crate::probe::{Codes, Dtype, Elements, Kind, Layout, Method, Phase, Special, Word};
use crate::reference::Patch;
use affine::Found;
use map::SourceMap;

/// A value is taken for a code word within this fraction of the distance of two: less than the half at which a neighbour
/// is as near, by a margin for the rounding of the pipeline.
pub(crate) const NEAR: f64 = 0.4;

/// Values that a fill may share with an image by chance: each with one of the batch's is one of 32, for eight images.
const CHANCE: usize = 8;

/// Reads the calls of a phase.
#[derive(Debug)]
pub struct Decoder {
    /// The code words of the calls of a cycle.
    turns: Vec<Codes>,
    dtype: Dtype,
    method: Method,
    /// The scaling of a pipeline that normalises, since a call showed it.
    scaling: OnceLock<Scaling>,
    /// Where each pixel of the calls of a cycle is; made when it is asked for.
    places: Vec<OnceLock<moved::Index>>,
}

/// What a call's samples are read with.
struct CallView<'a> {
    decoder: &'a Decoder,
    codes: &'a Codes,
    scaling: Option<&'a Scaling>,
    bytes: &'a [u8],
}

impl Decoder {
    /// A decoder for values of type `dtype`, which need not be that of the probe. Where a picture has two
    /// explanations, that of the method is looked at first.
    #[must_use]
    pub fn new(phase: &Phase, dtype: Dtype, method: Method) -> Self {
        let turns = Codes::turns(phase);
        let places = turns.iter().map(|_| OnceLock::new()).collect();
        Self { turns, dtype, method, scaling: OnceLock::new(), places }
    }

    /// Whether most values of a call are no code words, so that a pipeline may have scaled them.
    #[must_use]
    pub fn converted(&self, call: u32, bytes: &[u8]) -> bool {
        Scaling::converted(self, self.codes(call), bytes)
    }

    /// Where each pixel of a call's images is.
    fn index(&self, codes: &Codes) -> &moved::Index {
        self.places[codes.turn() as usize].get_or_init(|| moved::index(codes))
    }

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
    /// bit; [`rest`](Self::rest) explains the others, with the whole call.
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
            // Where a fill is due it may have the values of an image: a question for the rest.
            map.exact(codes.phase(), i)
                .filter(|picture| self.method != Method::Cutout || *picture == Picture::UNTOUCHED)
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
        let scaling = match Scaling::find(self, codes, bytes, self.scaling.get()) {
            Found::Given => None,
            Found::Scaled(scaling) => Some(scaling),
            Found::Hidden => {
                let patch = Patch::full(codes.phase().width, codes.phase().height);
                return (vec![Picture::Hidden { patch }.into(); batch], None);
            }
        };
        // A blend may be near a line, which says nothing of the next one.
        if let Some(scaling) = scaling.as_ref().filter(|_| self.method != Method::Mixup) {
            self.scaling.get_or_init(|| scaling.clone());
        }
        plain.resize(batch, None);
        if scaling.is_some() {
            plain.fill(None);
        }
        let view = CallView { decoder: self, codes, scaling: scaling.as_ref(), bytes };
        let sample = |map: &mut SourceMap, (i, plain): (usize, Option<Picture>)| {
            plain.map_or_else(|| view.sample(map, i), Sample::from)
        };
        let mut samples: Vec<Sample> = plain.into_par_iter().enumerate().map_init(SourceMap::default, sample).collect();
        // A donor that had been mixed before explains others once it is explained itself.
        let mut known: Vec<bool> = samples.iter().map(|sample| !elsewhere::strange(&sample.picture)).collect();
        loop {
            let aliased: Vec<(usize, Picture)> =
                (0..batch).into_par_iter().filter_map(|i| Some((i, view.aliased(i, &samples, &known)?))).collect();
            if aliased.is_empty() {
                break;
            }
            for (i, picture) in aliased {
                samples[i].picture = picture;
                known[i] = true;
            }
        }
        (samples, scaling)
    }
}

impl<'a> CallView<'a> {
    fn phase(&self) -> &Phase {
        self.codes.phase()
    }

    fn values(&self, i: usize) -> Elements<'a> {
        self.decoder.values(self.bytes, i)
    }

    fn place(&self, element: usize) -> Spot {
        let phase = self.phase();
        let (y, x) = self.codes.place(element);
        let plane = match phase.layout {
            Layout::Nchw => element / phase.area(),
            Layout::Nhwc => {
                let channels = phase.channels as usize;
                element / (phase.area() * channels) * channels + element % channels
            }
        };
        Spot { plane, y, x }
    }

    fn sample(&self, map: &mut SourceMap, i: usize) -> Sample {
        let values = self.values(i);
        match self.scaling {
            None => self.codes.images(&values, &mut map.elements),
            Some(scaling) => scaling.images(self.codes, &values, &mut map.elements),
        }
        if self.phase().kind == Kind::Nan {
            return self.with_specials(map, i);
        }
        map.join(self.phase());
        let exact = map.exact(self.phase(), i);
        match exact {
            Some(picture) if picture == Picture::UNTOUCHED || !self.by_chance(map, i) => picture,
            // A fill may have the values of an image.
            Some(picture) => self.filled(map, i).or_else(|| self.noise(map, i)).unwrap_or(picture),
            None => self.explain(map, i),
        }
        .into()
    }

    /// Whether so few values are changed that those of a fill may be some image's by chance.
    fn by_chance(&self, map: &SourceMap, i: usize) -> bool {
        let changed = map.pixels.iter().filter(|&&image| usize::from(image) != i).count();
        self.decoder.method == Method::Cutout && changed * self.phase().planes() < CHANCE
    }

    /// What no exact paste explains.
    fn explain(&self, map: &mut SourceMap, i: usize) -> Picture {
        let unexplained = map.unexplained(self.phase());
        let mixup = self.decoder.method == Method::Mixup;
        let blend = |now: bool| now.then(|| self.blended(map, i)).flatten();
        let cutout = self.decoder.method == Method::Cutout;
        let chance = self.by_chance(map, i);
        blend(mixup)
            // Of a fill, some value is in the batch.
            .or_else(|| cutout.then(|| self.filled(map, i)).flatten())
            .or_else(|| chance.then(|| self.noise(map, i)).flatten())
            .or_else(|| self.planes(map, i))
            .or_else(|| self.stale(i))
            .or_else(|| self.displaced(map, i))
            .or_else(|| self.near(map, i))
            .or_else(|| self.filled(map, i))
            .or_else(|| blend(!mixup))
            .or_else(|| self.noise(map, i))
            .unwrap_or(unexplained)
    }

    /// A sample of a probe with special values. Where each of them is a copy they say whose they are, as all others do; else their
    /// places are left out, then compared one by one.
    fn with_specials(&self, map: &mut SourceMap, i: usize) -> Sample {
        let (phase, values) = (self.phase(), self.values(i));
        map.join(phase);
        if let Some(picture @ Picture::Pasted { .. }) = map.exact(phase, i) {
            return picture.into();
        }
        let places: BTreeSet<usize> = (0..phase.batch as usize)
            .flat_map(|image| Special::ALL.map(|special| self.codes.special(image, special)))
            .collect();
        map.join_without(phase, &places);
        let picture = map.exact_but_silent(phase, i).unwrap_or_else(|| {
            // Of one plane such a place has no other witness than its value.
            if phase.planes() == 1 {
                map.join(phase);
            }
            self.explain(map, i)
        });
        let (donor, patch, inverted) = match picture {
            Picture::Pasted { donor, patch, inverted } => (donor, patch, inverted),
            Picture::Near { donor, patch, .. } => (donor, patch, false),
            _ => return picture.into(),
        };
        let fault = |element: usize| {
            let place = self.place(element);
            let from = if patch.contains(place.x as u32, place.y as u32) == inverted { i } else { donor.unwrap_or(i) };
            let value = values.value(element);
            let (special, found) = match self.codes.word(from, element) {
                Word::Special(special) => {
                    (Some(special).filter(|&special| !self.kept(special, element, value)), Some(value))
                }
                _ => (Special::ALL.into_iter().find(|special| special.is(value)), None),
            };
            special.map(|special| SpecialFault { special, place, found })
        };
        let mut faults: Vec<SpecialFault> = places.into_iter().filter_map(fault).collect();
        faults.sort_by_key(|fault| fault.place);
        Sample { picture, faults }
    }

    /// Whether a value is what a special one became: itself, or what the pipeline's function makes of it.
    fn kept(&self, special: Special, element: usize, value: f64) -> bool {
        let Some(scaling) = self.scaling else { return special.is(value) };
        let expected = scaling.apply(self.phase(), element, special.value());
        let near = NEAR * self.phase().dtype.level() * scaling.slope(self.phase(), element).abs();
        value.is_nan() && expected.is_nan() || value == expected || (value - expected).abs() <= near
    }
}
