//! The reference as a subject: what the vectors' expected values come from. Imports nothing of the core.
//!
//! ```
//! use cutmix_verify::vectors::core::Core;
//! use cutmix_verify::vectors::naive::Naive;
//! use cutmix_verify::vectors::subject::{CutMixUnderTest, Rule};
//!
//! let of = |subject: &dyn CutMixUnderTest| subject.patch_box(Rule::Official, 0.3, (31.5, 7.25), (40, 24));
//! assert!(of(&Naive).is_ok());
//! assert_eq!(of(&Naive), of(&Core));
//! ```

use super::subject::{
    Answer, CutMixUnderTest, Dtype, LabelCase, Layout, Patch, Picture, PlanCase, PlanDrawn, Refusal, Rule, Shape,
};
use crate::reference::{self, Stream, kept_pixels, mix_row, one_hot, side_of, smoothed, span};

/// [`mod@crate::reference`], one pixel at a time.
///
/// ```
/// use cutmix_verify::vectors::naive::Naive;
/// use cutmix_verify::vectors::subject::{CutMixUnderTest, Dtype};
///
/// assert_eq!(Naive.pairing("roll", 3), Ok(vec![2, 0, 1]));
/// assert_eq!(Naive.mixup_weight(Dtype::U8, 0.5), Ok(1 << 14));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Naive;

fn check(right: bool, reason: &str) -> Answer<()> {
    if right { Ok(()) } else { Err(Refusal::because(reason)) }
}

pub(super) fn fraction(x: f64, what: &str) -> Answer<()> {
    check((0.0..=1.0).contains(&x), &format!("{what} is not in [0, 1]"))
}

fn sized(size: (u32, u32)) -> Answer<()> {
    check(size.0 > 0 && size.1 > 0, "an image without area")
}

fn centred(centre: (f64, f64), size: (u32, u32)) -> Answer<()> {
    sized(size)?;
    let inside = |c: f64, length: u32| (0.0..f64::from(length)).contains(&c);
    check(inside(centre.0, size.0) && inside(centre.1, size.1), "the centre is not in the image")
}

fn boxed(patch: Patch, size: (u32, u32)) -> Answer<()> {
    sized(size)?;
    check(patch.x0 <= patch.x1 && patch.y0 <= patch.y1, "the box ends before it begins")?;
    check(patch.x1 <= size.0 && patch.y1 <= size.1, "the box leaves the image")
}

fn whole(picture: &Picture) -> Answer<()> {
    let shape = &picture.shape;
    sized((shape.width, shape.height))?;
    check(shape.channels > 0, "no channels")?;
    check(shape.row_pitch >= shape.row_bytes(), "rows overlap")?;
    check(picture.bytes.len() >= shape.bytes(), "the buffer is shorter than the image")
}

fn pair(base: &Picture, donor: &Picture) -> Answer<()> {
    whole(base)?;
    whole(donor)?;
    check(base.shape == donor.shape, "two images of different shape")
}

fn shaped_alpha(a: f64, b: f64) -> Answer<()> {
    check(a > 0.0 && b > 0.0 && a.is_finite() && b.is_finite(), "parameters of Beta are positive and finite")
}

/// The box of two spans; without area (0, 0, 0, 0).
fn of_spans((x0, x1): (u32, u32), (y0, y1): (u32, u32)) -> Patch {
    if x0 < x1 && y0 < y1 { Patch { x0, y0, x1, y1 } } else { Patch { x0: 0, y0: 0, x1: 0, y1: 0 } }
}

/// Kept pixels and all of them: counted one by one, or on each axis where that takes too long.
#[must_use]
pub(super) fn kept(patch: Patch, size: (u32, u32)) -> (u64, u64) {
    let total = u64::from(size.0) * u64::from(size.1);
    if total <= 1 << 20 {
        return (kept_pixels(patch, size), total);
    }
    let across = (0..size.0).filter(|&x| patch.x0 <= x && x < patch.x1).count() as u64;
    let down = (0..size.1).filter(|&y| patch.y0 <= y && y < patch.y1).count() as u64;
    (total - across * down, total)
}

impl Shape {
    /// Where a value begins in the image's bytes.
    #[must_use]
    pub const fn at(&self, x: u32, y: u32, channel: u32) -> usize {
        let bytes = self.dtype.bytes();
        match self.layout {
            Layout::Nhwc => {
                y as usize * self.row_pitch + (x as usize * self.channels as usize + channel as usize) * bytes
            }
            Layout::Nchw => {
                (channel as usize * self.height as usize + y as usize) * self.row_pitch + x as usize * bytes
            }
        }
    }

    /// The number of a value in an image without padding.
    const fn index(&self, x: u32, y: u32, channel: u32) -> u64 {
        let dense = Self { row_pitch: self.row_bytes(), ..*self };
        (dense.at(x, y, channel) / self.dtype.bytes()) as u64
    }
}

/// Calls for the place of every value: column, row, channel.
fn each(shape: &Shape, mut f: impl FnMut(u32, u32, u32)) {
    for y in 0..shape.height {
        for x in 0..shape.width {
            for channel in 0..shape.channels {
                f(x, y, channel);
            }
        }
    }
}

fn paste(base: &mut Picture, donor: &Picture, patch: Patch) {
    let (shape, bytes) = (base.shape, base.shape.dtype.bytes());
    each(&shape, |x, y, channel| {
        if patch.contains(x, y) {
            let at = shape.at(x, y, channel);
            base.bytes[at..at + bytes].copy_from_slice(&donor.bytes[at..at + bytes]);
        }
    });
}

/// One value of each image to one of the result.
fn blend(base: &mut Picture, donor: &Picture, f: impl Fn(&[u8], &[u8]) -> Vec<u8>) {
    let (shape, bytes) = (base.shape, base.shape.dtype.bytes());
    each(&shape, |x, y, channel| {
        let at = shape.at(x, y, channel)..shape.at(x, y, channel) + bytes;
        let mixed = f(&base.bytes[at.clone()], &donor.bytes[at.clone()]);
        base.bytes[at].copy_from_slice(&mixed);
    });
}

fn integer(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
}

fn real(bytes: &[u8]) -> f32 {
    f32::from_bits(integer(bytes) as u32)
}

impl CutMixUnderTest for Naive {
    fn name(&self) -> String {
        "reference".into()
    }

    fn patch_box(&self, rule: Rule, lambda: f64, centre: (f64, f64), size: (u32, u32)) -> Answer<Patch> {
        centred(centre, size)?;
        fraction(lambda, "lambda")?;
        let axis = |length: u32, c: f64| span(rule, side_of(lambda, length), c, length);
        Ok(of_spans(axis(size.0, centre.0), axis(size.1, centre.1)))
    }

    fn fixed_box(&self, rule: Rule, sides: (u32, u32), centre: (f64, f64), size: (u32, u32)) -> Answer<Patch> {
        centred(centre, size)?;
        let axis = |side: u32, c: f64, length: u32| span(rule, f64::from(side), c, length);
        Ok(of_spans(axis(sides.0, centre.0, size.0), axis(sides.1, centre.1, size.1)))
    }

    fn label(&self, case: &LabelCase) -> Answer<Vec<f64>> {
        boxed(case.patch, case.size)?;
        fraction(case.smoothing, "the smoothing")?;
        check(case.classes.iter().all(|&class| class < case.number), "a class that is not below their number")?;
        let (kept, total) = kept(case.patch, case.size);
        let [a, b] = case.classes.map(|class| one_hot(class as usize, case.number as usize));
        Ok(smoothed(&mix_row(&a, &b, kept, total), case.smoothing))
    }

    fn label_rows(&self, a: &[f32], b: &[f32], kept: u64, total: u64) -> Answer<Vec<f64>> {
        check(a.len() == b.len(), "rows of different length")?;
        check(total > 0 && kept <= total, "a ratio that is not in [0, 1]")?;
        let [a, b] = [a, b].map(|row| row.iter().map(|&y| f64::from(y)).collect::<Vec<_>>());
        Ok(mix_row(&a, &b, kept, total))
    }

    fn cutmix(&self, base: &mut Picture, donor: &Picture, patch: Patch) -> Answer<()> {
        pair(base, donor)?;
        boxed(patch, (base.shape.width, base.shape.height))?;
        paste(base, donor, patch);
        Ok(())
    }

    fn cutmix_batch(&self, images: &mut [Picture], partners: &[u32], boxes: &[Patch]) -> Answer<()> {
        check(partners.len() == images.len(), "not one partner for each image")?;
        check(boxes.len() == images.len(), "not one box for each image")?;
        check(partners.iter().all(|&j| (j as usize) < images.len()), "a partner that is not in the batch")?;
        let before = images.to_vec();
        for image in &before {
            pair(image, &before[0])?;
        }
        for ((image, &j), &patch) in images.iter_mut().zip(partners).zip(boxes) {
            boxed(patch, (image.shape.width, image.shape.height))?;
            paste(image, &before[j as usize], patch);
        }
        Ok(())
    }

    fn pairing(&self, name: &str, count: u32) -> Answer<Vec<u64>> {
        let n = u64::from(count);
        match name {
            "roll" => Ok((0..n).map(|i| (i + n - 1) % n).collect()),
            "flip" => Ok((0..n).map(|i| n - 1 - i).collect()),
            _ => Err(Refusal::Unsupported),
        }
    }

    fn mixup(&self, base: &mut Picture, donor: &Picture, lambda: f64) -> Answer<()> {
        let q = self.mixup_weight(base.shape.dtype, lambda)?;
        self.mixup_exact(base, donor, q)
    }

    fn mixup_exact(&self, base: &mut Picture, donor: &Picture, q: u64) -> Answer<()> {
        pair(base, donor)?;
        let dtype = base.shape.dtype;
        check(q <= dtype.grid(), "a weight above 1")?;
        blend(base, donor, |a, b| match dtype {
            Dtype::U8 | Dtype::U16 => {
                reference::mean_integer(integer(a), integer(b), q).to_le_bytes()[..dtype.bytes()].to_vec()
            }
            Dtype::F32 => reference::mean_f32(real(a), real(b), q as u32).to_le_bytes().to_vec(),
        });
        Ok(())
    }

    fn mixup_weight(&self, dtype: Dtype, lambda: f64) -> Answer<u64> {
        fraction(lambda, "lambda")?;
        Ok((lambda * dtype.grid() as f64 + 0.5).floor() as u64)
    }

    fn cutout(&self, image: &mut Picture, patch: Patch, fill: &[u8]) -> Answer<()> {
        whole(image)?;
        let (shape, bytes) = (image.shape, image.shape.dtype.bytes());
        boxed(patch, (shape.width, shape.height))?;
        check(fill.len() == shape.channels as usize * bytes, "not one value to fill with for each channel")?;
        each(&shape, |x, y, channel| {
            if patch.contains(x, y) {
                let (at, from) = (shape.at(x, y, channel), channel as usize * bytes);
                image.bytes[at..at + bytes].copy_from_slice(&fill[from..from + bytes]);
            }
        });
        Ok(())
    }

    fn cutout_noise(&self, image: &mut Picture, patch: Patch, key: [u32; 2], range: [f32; 2]) -> Answer<()> {
        whole(image)?;
        let (shape, bytes) = (image.shape, image.shape.dtype.bytes());
        boxed(patch, (shape.width, shape.height))?;
        each(&shape, |x, y, channel| {
            if patch.contains(x, y) {
                let (at, index) = (shape.at(x, y, channel), shape.index(x, y, channel));
                let value = match shape.dtype {
                    Dtype::U8 | Dtype::U16 => reference::noise_integer(key, index, bytes as u64),
                    Dtype::F32 => reference::noise_f32(key, index, range[0], range[1]).to_bits(),
                };
                image.bytes[at..at + bytes].copy_from_slice(&value.to_le_bytes()[..bytes]);
            }
        });
        Ok(())
    }

    fn cutout_label(&self, size: (u32, u32), patch: Patch, class: u32, number: u32) -> Answer<Vec<f64>> {
        boxed(patch, size)?;
        check(class < number, "a class that is not below their number")?;
        Ok(one_hot(class as usize, number as usize))
    }

    fn draw_boxes(&self, rule: Rule, size: (u32, u32), alpha: f64, draws: u32) -> Answer<Vec<Patch>> {
        sized(size)?;
        shaped_alpha(alpha, alpha)?;
        let draw = |index: u32| {
            let mut stream = Stream::new(*b"CM1.smpl", [1905, 4899, index.into(), 0]);
            let centre = (stream.unit() * f64::from(size.0), stream.unit() * f64::from(size.1));
            self.patch_box(rule, stream.beta(alpha, alpha), centre, size)
        };
        (0..draws).map(draw).collect()
    }

    fn draw_beta(&self, a: f64, b: f64, draws: u32) -> Answer<Vec<f64>> {
        shaped_alpha(a, b)?;
        Ok((0..draws).map(|index| Stream::new(*b"CM1.smpl", [1710, 9412, index.into(), 0]).beta(a, b)).collect())
    }

    fn stream_words(&self, domain: &str, words: [u64; 4], count: usize) -> Answer<Vec<u32>> {
        let domain = domain.as_bytes().try_into().map_err(|_| Refusal::because("a domain has eight bytes"))?;
        let mut stream = Stream::new(domain, words);
        Ok((0..count).map(|_| stream.u32()).collect())
    }

    fn stream_below(&self, key: [u64; 3], bound: u64, count: usize) -> Answer<Vec<u64>> {
        check(bound > 0, "a bound of 0")?;
        let mut stream = sample(key);
        Ok((0..count).map(|_| stream.below(bound)).collect())
    }

    fn stream_beta(&self, key: [u64; 3], a: f64, b: f64) -> Answer<f64> {
        shaped_alpha(a, b)?;
        Ok(sample(key).beta(a, b))
    }

    fn stream_plan(&self, case: &PlanCase) -> Answer<PlanDrawn> {
        sized(case.size)?;
        shaped_alpha(case.alpha, case.alpha)?;
        fraction(case.probability, "the probability")?;
        fraction(case.switch, "the switch probability")?;
        if let Some((least, most)) = case.min_max {
            fraction(least, "the least extent")?;
            fraction(most, "the greatest extent")?;
            check(least <= most, "the least extent exceeds the greatest")?;
        }
        plan(case)
    }

    fn stream_pairing(&self, key: [u64; 3], name: &str, count: u32) -> Answer<Vec<u64>> {
        let mut stream = Stream::new(*b"CM1.pair", [key[0], key[1], key[2], 0]);
        let shuffled = |mut stream: Stream, derange| {
            stream.shuffled(count as usize, derange).into_iter().map(|j| j as u64).collect()
        };
        match name {
            "replacement" => Ok((0..count).map(|_| stream.below(count.into())).collect()),
            "permutation" => Ok(shuffled(stream, false)),
            "derangement" if count == 1 => Err(Refusal::because("one sample has no other")),
            "derangement" => Ok(shuffled(stream, true)),
            _ => Err(Refusal::Unsupported),
        }
    }

    fn stream_noise(&self, key: [u64; 3], j: u64) -> Answer<([u32; 2], u32)> {
        let words = reference::noise_key(key[0], key[1], key[2]);
        Ok((words, reference::noise_word(words, j)))
    }
}

fn sample([seed, epoch, index]: [u64; 3]) -> Stream {
    Stream::new(*b"CM1.smpl", [seed, epoch, index, 0])
}

/// The values of a plan in the order of the contract, then what they mean.
fn plan(case: &PlanCase) -> Answer<PlanDrawn> {
    let mut stream = sample(case.key);
    let (apply, switch) = (stream.unit(), stream.unit());
    let partner = stream.below(case.partners.max(1));
    let (u, v) = (stream.unit(), stream.unit());
    let mut extent = |length: u32| {
        let (least, most) = case.min_max.map_or((0.0, 0.0), |(least, most)| {
            ((f64::from(length) * least).trunc(), (f64::from(length) * most).trunc())
        });
        least as u32 + stream.below((most - least) as u64 + 1) as u32
    };
    let extents = (extent(case.size.0), extent(case.size.1));
    let method = match case.method.as_str() {
        "switch" if switch < case.switch => "cutmix",
        "switch" => "mixup",
        other => other,
    };
    let lambda = stream.beta(case.alpha, case.alpha);
    let applied = apply < case.probability;
    let place = |t: f64, extent: u32, length: u32| {
        let room = length - extent;
        let first = ((t * (f64::from(room) + 1.0)).trunc() as u32).min(room);
        (first, first + extent)
    };
    let centre = (u * f64::from(case.size.0), v * f64::from(case.size.1));
    let patch = if !applied || method == "mixup" {
        of_spans((0, 0), (0, 0))
    } else if case.min_max.is_some() {
        of_spans(place(u, extents.0, case.size.0), place(v, extents.1, case.size.1))
    } else if let Some(sides) = case.fixed {
        Naive.fixed_box(case.rule, sides, centre, case.size)?
    } else {
        Naive.patch_box(case.rule, lambda, centre, case.size)?
    };
    let kept = if method == "mixup" {
        let weight = if applied { lambda } else { 1.0 };
        ((weight * case.grid as f64 + 0.5).floor() as u64, case.grid)
    } else {
        kept(patch, case.size)
    };
    let [seed, epoch, index] = case.key;
    let noise = if method == "cutout" { reference::noise_key(seed, epoch, index) } else { [0, 0] };
    Ok(PlanDrawn { method: method.into(), applied, partner, patch, lambda, kept, noise })
}
