//! Pipelines that normalise: every value a linear function of the one given, by channel.

use super::{Decoder, NEAR};
use crate::probe::{Affine, Codes, Elements, Image, Kind, Layout, Method, Phase, Word, splitmix64};

/// One linear function a channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Scaling {
    pub channels: Vec<Affine>,
}

/// Pairs of values through which a line is tried, and values that count those on it. A third of all values is left alone, so that a
/// ninth of the pairs is on the right line.
const TRIES: u64 = 256;
const COUNTED: u64 = 512;
/// Their number in the keyed order, beyond those of all pairs.
const COUNTED_FROM: u64 = 4096;
/// Values on a line without which there is none: a third of those counted, less a little; chance puts a few percent on one.
const ON_LINE: usize = 160;
/// The least distance of the two values of a pair, in levels, so that rounding turns the line little.
const APART: f64 = 64.0;
/// A blend with hardly anything of the donor moves the line as well, by up to so many levels.
const BLENDED: f64 = 4.0;

impl Scaling {
    /// The functions, if most values of a call are no code words, but are on a line.
    pub(super) fn find(decoder: &Decoder, codes: &Codes, bytes: &[u8]) -> Option<Self> {
        let phase = codes.phase();
        if matches!(phase.kind, Kind::Word24 | Kind::Digits) {
            return None;
        }
        let batch = phase.batch as usize;
        let mut images = Vec::new();
        let mut inexact = 0;
        for i in [0, batch / 2, batch - 1] {
            codes.images(&decoder.values(bytes, i), &mut images);
            inexact += images.iter().filter(|&&image| image == Codes::INEXACT).count();
        }
        // A pipeline converts every value, and few of them to another code word; a blend leaves some samples alone.
        if inexact * 4 < images.len() * 3 * 3 {
            return None;
        }
        let channels = (0..phase.channels as usize).map(|channel| Self::line(decoder, codes, bytes, channel));
        let channels = channels.collect::<Option<Vec<_>>>()?;
        // Rounding moves values too, but not the line.
        let most = if decoder.method == Method::Mixup { BLENDED } else { NEAR };
        let identity = channels.iter().all(|line| {
            let end = phase.dtype.level() * 255.0;
            (line.scale - 1.0).abs() * end + line.offset.abs() < most * phase.dtype.level()
        });
        (!identity).then_some(Self { channels })
    }

    /// The line that most values of a channel are on: through two of them, of a few hundred keyed tries the best.
    fn line(decoder: &Decoder, codes: &Codes, bytes: &[u8], channel: usize) -> Option<Affine> {
        let phase = codes.phase();
        let (batch, area) = (phase.batch as usize, phase.area());
        let point = |n: u64| {
            let z = splitmix64(n ^ (channel as u64) << 32);
            let (i, pixel) = ((z >> 32) as usize % batch, z as usize % area);
            let element = phase.element(channel, pixel / phase.width as usize, pixel % phase.width as usize);
            let given = match codes.word(i, element) {
                Word::Byte(code) => phase.dtype.value(phase.dtype.encode(code)),
                _ => f64::NAN,
            };
            (given, decoder.values(bytes, i).value(element))
        };
        let probes: Vec<(f64, f64)> = (0..COUNTED).map(|n| point(n + COUNTED_FROM)).collect();
        let mut best: (usize, Option<Affine>) = (0, None);
        for n in 0..TRIES {
            let ((x0, y0), (x1, y1)) = (point(2 * n), point(2 * n + 1));
            if (x1 - x0).abs() < APART * phase.dtype.level() {
                continue;
            }
            let scale = (y1 - y0) / (x1 - x0);
            let line = Affine { scale, offset: y0 - scale * x0 };
            let near = NEAR / 4.0 * phase.dtype.level() * scale.abs();
            let on = probes.iter().filter(|&&(x, y)| (y - line.scale * x - line.offset).abs() <= near).count();
            if on > best.0 {
                best = (on, Some(line));
            }
        }
        best.1
            .filter(|line| best.0 >= ON_LINE && line.scale != 0.0 && line.scale.is_finite() && line.offset.is_finite())
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
