//! Pipelines that normalise: every value a linear function of the one given, by channel.

use std::collections::BTreeSet;

use super::{Decoder, NEAR};
use crate::probe::{Affine, Codes, Dtype, Elements, Image, Kind, Layout, Method, Phase, Word, splitmix64};

/// One linear function a channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Scaling {
    pub channels: Vec<Affine>,
}

/// What the values of a call are.
#[derive(Clone, Debug)]
pub(super) enum Found {
    /// As they were given, or no pipeline's.
    Given,
    Scaled(Scaling),
    /// Scaled, perhaps, in a way that the probe does not show: too few values for a line, or others are on a line as well.
    Hidden,
}

/// Values of a channel in a call without which no line is seen.
const SEEN: usize = 16;
/// Pairs of values through which a line is tried, and values that count those on it. A third of all values is left alone, so that a
/// ninth of the pairs is on the right line.
const TRIES: u64 = 256;
const COUNTED: u64 = 512;
/// Their number in the keyed order, beyond those of all pairs.
const COUNTED_FROM: u64 = 1 << 20;
/// Values on a line without which there is none: a third of those counted, less a little; chance puts a few percent on one.
const ON_LINE: usize = 160;
/// The least distance of the two values of a pair, in levels, so that rounding turns the line little.
const APART: f64 = 64.0;
/// Values that are looked at first where each is compared with every image, and how many of them must be on a line: all but a few are
/// on the right one, and next to none on another.
const FIRST: usize = 16;
const FIRST_ON_LINE: usize = 12;
const ALL_ON_LINE: usize = 400;
/// Pairs to try for each image of a call: the donor of a sample is one of them.
const TRIES_EACH: u64 = 64;
/// A blend with hardly anything of the donor moves the line as well, by up to so many levels.
const BLENDED: f64 = 4.0;

impl Scaling {
    /// The functions, if most values of a call are no code words, but are on a line; `known` where no line is seen, as under boxes
    /// that cover nearly all of every image. A pipeline has one for all calls.
    pub(super) fn find(decoder: &Decoder, codes: &Codes, bytes: &[u8], known: Option<&Self>) -> Found {
        let phase = codes.phase();
        if !Self::converted(decoder, codes, bytes) {
            return Found::Given;
        }
        // Where few values say the image, or values have few digits, another line may be as good.
        let coarse = !matches!(phase.kind, Kind::Scr | Kind::Nan) || decoder.dtype == Dtype::Bf16;
        if coarse && decoder.method == Method::Cutmix {
            let given = Self::as_given(decoder, codes, bytes) || Self::many_greys(decoder, codes, bytes);
            return if given { Found::Given } else { Found::Hidden };
        }
        if matches!(phase.kind, Kind::Word24 | Kind::Digits) {
            return Found::Given;
        }
        let channels: Option<Vec<Affine>> =
            (0..phase.channels as usize).map(|channel| Self::line(decoder, codes, bytes, channel)).collect();
        // Rounding moves values too, but not the line.
        let most = if decoder.method == Method::Mixup { BLENDED } else { NEAR };
        let near_identity = |line: &Affine| {
            let end = phase.dtype.level() * 255.0;
            (line.scale - 1.0).abs() * end + line.offset.abs() < most * phase.dtype.level()
        };
        if channels.as_ref().is_some_and(|channels| channels.iter().all(near_identity)) {
            return Found::Given;
        }
        if channels.is_none() && decoder.method == Method::Cutmix && phase.area() * (phase.batch as usize) < SEEN {
            return Found::Hidden;
        }
        let found = channels.map(|channels| Self { channels }).or_else(|| known.cloned());
        found.map_or(Found::Given, Found::Scaled)
    }

    /// Whether most values of a call are no code words. A pipeline converts every value, and few of them to another code word; a
    /// blend leaves some samples alone.
    pub(super) fn converted(decoder: &Decoder, codes: &Codes, bytes: &[u8]) -> bool {
        let batch = codes.phase().batch as usize;
        let mut images = Vec::new();
        let mut inexact = 0;
        for i in [0, batch / 2, batch - 1] {
            codes.images(&decoder.values(bytes, i), &mut images);
            inexact += images.iter().filter(|&&image| image == Codes::INEXACT).count();
        }
        inexact * 4 >= images.len() * 3 * 3
    }

    /// Whether half of the values are near some image's of the call, though not bit for bit.
    fn as_given(decoder: &Decoder, codes: &Codes, bytes: &[u8]) -> bool {
        let phase = codes.phase();
        let batch = phase.batch as usize;
        let near = |n: &u64| {
            let z = splitmix64(n + COUNTED_FROM);
            let (i, element) = ((z >> 32) as usize % batch, z as usize % phase.image_len());
            let value = decoder.values(bytes, i).value(element);
            let of = |image: usize| phase.dtype.value(codes.bits(image, element));
            (0..batch).any(|image| (value - of(image)).abs() <= NEAR * phase.dtype.level())
        };
        (0..COUNTED).filter(near).count() as u64 * 2 >= COUNTED
    }

    /// Whether images of one grey have more greys than there are images.
    fn many_greys(decoder: &Decoder, codes: &Codes, bytes: &[u8]) -> bool {
        let phase = codes.phase();
        let batch = phase.batch as usize;
        phase.kind == Kind::Flat
            && (0..phase.planes()).any(|plane| {
                let at = |image: usize, pixel: usize| {
                    let (y, x) = (pixel / phase.width as usize, pixel % phase.width as usize);
                    decoder.values(bytes, image).bits(phase.element(plane, y, x))
                };
                let greys: BTreeSet<u64> = (0..batch)
                    .flat_map(|image| (0..phase.area()).map(move |pixel| (image, pixel)))
                    .map(|(i, p)| at(i, p))
                    .collect();
                greys.len() > batch
            })
    }

    /// The line that most values of a channel are on: through two of them, of a few hundred keyed tries the best. Of values that are
    /// the image's own first; then of those that any one image of the call may have given.
    fn line(decoder: &Decoder, codes: &Codes, bytes: &[u8], channel: usize) -> Option<Affine> {
        let phase = codes.phase();
        let (batch, area) = (phase.batch as usize, phase.area());
        let place = |n: u64| {
            let z = splitmix64(n ^ (channel as u64) << 32);
            let (i, pixel) = ((z >> 32) as usize % batch, z as usize % area);
            (i, phase.element(channel, pixel / phase.width as usize, pixel % phase.width as usize))
        };
        let given = |image: usize, element: usize| match codes.word(image, element) {
            Word::Byte(code) => phase.dtype.value(phase.dtype.encode(code)),
            _ => f64::NAN,
        };
        let found = |(i, element): (usize, usize)| decoder.values(bytes, i).value(element);
        let through = |[(x0, y0), (x1, y1)]: [(f64, f64); 2]| {
            let scale = (y1 - y0) / (x1 - x0);
            let line = Affine { scale, offset: y0 - scale * x0 };
            let usable = (x1 - x0).abs() >= APART * phase.dtype.level() && scale != 0.0;
            Some(line).filter(|line| usable && line.scale.is_finite() && line.offset.is_finite())
        };
        let on = |line: &Affine, x: f64, y: f64| {
            (y - line.scale * x - line.offset).abs() <= NEAR / 4.0 * phase.dtype.level() * line.scale.abs()
        };
        let probes: Vec<(usize, usize)> = (0..COUNTED).map(|n| place(n + COUNTED_FROM)).collect();
        let own: Vec<(f64, f64)> = probes.iter().map(|&at| (given(at.0, at.1), found(at))).collect();
        let pair = |n: u64| [2 * n, 2 * n + 1].map(place);
        let tries = (0..TRIES).filter_map(|n| through(pair(n).map(|at| (given(at.0, at.1), found(at)))));
        let counted = tries.map(|line| (own.iter().filter(|&&(x, y)| on(&line, x, y)).count(), line));
        let best = counted.max_by_key(|(count, _)| *count).filter(|(count, _)| *count >= ON_LINE);
        if best.is_some() || decoder.method != Method::Cutmix {
            return best.map(|(_, line)| line);
        }
        // Two places of one sample, whose values are of one donor.
        let tries = (0..TRIES_EACH * u64::from(phase.batch)).filter_map(|n| {
            let ([(i, first), (_, second)], donor) = (pair(n), n as usize % batch);
            through([first, second].map(|element| (given(donor, element), found((i, element)))))
        });
        let explained = |line: &Affine, probes: &[(usize, usize)]| {
            let by_any = |&&at: &&(usize, usize)| {
                let y = found(at);
                (0..batch).any(|image| on(line, given(image, at.1), y))
            };
            probes.iter().filter(by_any).count()
        };
        { tries }
            .find(|line| explained(line, &probes[..FIRST]) >= FIRST_ON_LINE && explained(line, &probes) >= ALL_ON_LINE)
    }

    fn of<'a>(&'a self, phase: &Phase, element: usize) -> &'a Affine {
        let channels = phase.channels as usize;
        let plane = match phase.layout {
            Layout::Nchw => element / phase.area(),
            Layout::Nhwc => element,
        };
        &self.channels[plane % channels]
    }

    /// What becomes of a given value.
    pub(super) fn apply(&self, phase: &Phase, element: usize, given: f64) -> f64 {
        let line = self.of(phase, element);
        line.scale * given + line.offset
    }

    /// The factor where an element is.
    pub(super) fn slope(&self, phase: &Phase, element: usize) -> f64 {
        self.of(phase, element).scale
    }

    /// As [`Codes::images`], with values taken for the nearest code word.
    pub(super) fn images(&self, codes: &Codes, values: &Elements<'_>, out: &mut Vec<Image>) {
        let phase = codes.phase();
        let mut bytes = Vec::with_capacity(phase.image_len() * phase.dtype.bytes());
        let mut far = Vec::new();
        for element in 0..values.len() {
            let line = self.of(phase, element);
            let level = (values.value(element) - line.offset) / line.scale / phase.dtype.level();
            let code = libm::rint(level);
            let near = (level - code).abs() <= NEAR && (0.0..=255.0).contains(&code);
            if !near {
                far.push(element);
            }
            let bits = phase.dtype.encode(if near { code as u8 } else { 0 });
            bytes.extend_from_slice(&bits.to_le_bytes()[..phase.dtype.bytes()]);
        }
        codes.images(&Elements::new(phase.dtype, &bytes), out);
        for element in far {
            out[element] = Codes::INEXACT;
        }
    }
}
