//! The reference as a subject: what the vectors' expected values come from. Imports nothing of the core.
//!
//! ```
//! use cutmix_verify::subject::core::Core;
//! use cutmix_verify::subject::reference::Naive;
//! use cutmix_verify::subject::{CutMixUnderTest, Rule};
//!
//! let of = |subject: &dyn CutMixUnderTest| subject.patch_box(Rule::Official, 0.3, (31.5, 7.25), (40, 24));
//! assert!(of(&Naive).is_ok());
//! assert_eq!(of(&Naive), of(&Core));
//! ```

use super::{
    Answer, Configuration, CutMixUnderTest, DrawnPlan, Dtype, ImageShape, LabelCase, Patch, Picture, Refusal, Rule,
    bits,
};
use crate::reference::{self, Extent, Methods, Stream, kept_pixels, mix_row, one_hot, side_of, smoothed, span};

/// [`mod@crate::reference`], one pixel at a time.
///
/// ```
/// use cutmix_verify::subject::reference::Naive;
/// use cutmix_verify::subject::{CutMixUnderTest, Dtype};
///
/// assert_eq!(Naive.pairing("roll", 3), Ok(vec![2, 0, 1]));
/// assert_eq!(Naive.mixup_weight(Dtype::U8, 0.5), Ok(1 << 14));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Naive;

fn check(right: bool, reason: &str) -> Answer<()> {
    if right { Ok(()) } else { Err(Refusal::because(reason)) }
}

fn fraction(x: f64, what: &str) -> Answer<()> {
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

fn mixed(dtype: Dtype) -> Answer<()> {
    if Dtype::MIXED.contains(&dtype) { Ok(()) } else { Err(Refusal::Unsupported) }
}

fn shaped_alpha(a: f64, b: f64) -> Answer<()> {
    check(a > 0.0 && b > 0.0 && a.is_finite() && b.is_finite(), "parameters of Beta are positive and finite")
}

/// Kept pixels and all of them: counted one by one, or on each axis where that takes too long.
#[must_use]
pub(crate) fn kept(patch: Patch, size: (u32, u32)) -> (u64, u64) {
    let total = u64::from(size.0) * u64::from(size.1);
    if total <= 1 << 20 {
        return (kept_pixels(patch, size), total);
    }
    let across = (0..size.0).filter(|&x| patch.x0 <= x && x < patch.x1).count() as u64;
    let down = (0..size.1).filter(|&y| patch.y0 <= y && y < patch.y1).count() as u64;
    (total - across * down, total)
}

impl ImageShape {
    /// The number of a value in an image without padding.
    const fn index(&self, x: u32, y: u32, channel: u32) -> u64 {
        let dense = Self { row_pitch: self.row_bytes(), ..*self };
        (dense.at(x, y, channel) / self.dtype.bytes()) as u64
    }
}

/// Changes the values of a box one by one, given column, row, channel and where the value begins in the image's bytes.
fn within(image: &mut Picture, patch: Patch, change: impl Fn([u32; 3], usize, &mut [u8])) {
    let shape = image.shape;
    for y in 0..shape.height {
        for x in (0..shape.width).filter(|&x| patch.contains(x, y)) {
            for channel in 0..shape.channels {
                let at = shape.at(x, y, channel);
                change([x, y, channel], at, &mut image.bytes[at..at + shape.dtype.bytes()]);
            }
        }
    }
}

fn paste(base: &mut Picture, donor: &Picture, patch: Patch) {
    within(base, patch, |_, at, value| value.copy_from_slice(&donor.bytes[at..at + value.len()]));
}

fn real(bytes: &[u8]) -> f32 {
    f32::from_bits(bits(bytes) as u32)
}

impl CutMixUnderTest for Naive {
    fn name(&self) -> String {
        "reference".into()
    }

    fn patch_box(&self, rule: Rule, lambda: f64, centre: (f64, f64), size: (u32, u32)) -> Answer<Patch> {
        centred(centre, size)?;
        fraction(lambda, "lambda")?;
        let axis = |length: u32, c: f64| span(rule, side_of(lambda, length), c, length);
        Ok(Patch::spanning(axis(size.0, centre.0), axis(size.1, centre.1)))
    }

    fn fixed_box(&self, rule: Rule, sides: (u32, u32), centre: (f64, f64), size: (u32, u32)) -> Answer<Patch> {
        centred(centre, size)?;
        let axis = |side: u32, c: f64, length: u32| span(rule, f64::from(side), c, length);
        Ok(Patch::spanning(axis(sides.0, centre.0, size.0), axis(sides.1, centre.1, size.1)))
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
        let known = matches!(name, "roll" | "flip");
        known.then(|| reference::partners(name, [0; 3], count)).flatten().ok_or(Refusal::Unsupported)
    }

    fn mixup(&self, base: &mut Picture, donor: &Picture, lambda: f64) -> Answer<()> {
        let q = self.mixup_weight(base.shape.dtype, lambda)?;
        self.mixup_exact(base, donor, q)
    }

    fn mixup_exact(&self, base: &mut Picture, donor: &Picture, q: u64) -> Answer<()> {
        pair(base, donor)?;
        let dtype = base.shape.dtype;
        check(q <= dtype.grid().into(), "a weight above 1")?;
        mixed(dtype)?;
        let full = Patch::full(base.shape.width, base.shape.height);
        within(base, full, |_, at, a| {
            let b = &donor.bytes[at..at + a.len()];
            let mean = if dtype == Dtype::F32 {
                reference::mean_f32(real(a), real(b), q as u32).to_bits().into()
            } else {
                reference::mean_integer(bits(a), bits(b), q)
            };
            a.copy_from_slice(&mean.to_le_bytes()[..a.len()]);
        });
        Ok(())
    }

    fn mixup_weight(&self, dtype: Dtype, lambda: f64) -> Answer<u64> {
        fraction(lambda, "lambda")?;
        Ok((lambda * f64::from(dtype.grid()) + 0.5).floor() as u64)
    }

    fn cutout(&self, image: &mut Picture, patch: Patch, fill: &[u8]) -> Answer<()> {
        whole(image)?;
        let (shape, bytes) = (image.shape, image.shape.dtype.bytes());
        boxed(patch, (shape.width, shape.height))?;
        check(fill.len() == shape.channels as usize * bytes, "not one value to fill with for each channel")?;
        within(image, patch, |[_, _, channel], _, value| {
            value.copy_from_slice(&fill[channel as usize * bytes..][..bytes]);
        });
        Ok(())
    }

    fn cutout_noise(&self, image: &mut Picture, patch: Patch, key: [u32; 2], range: [f32; 2]) -> Answer<()> {
        whole(image)?;
        let (shape, bytes) = (image.shape, image.shape.dtype.bytes());
        boxed(patch, (shape.width, shape.height))?;
        mixed(shape.dtype)?;
        within(image, patch, |[x, y, channel], _, value| {
            let index = shape.index(x, y, channel);
            let noise = if shape.dtype == Dtype::F32 {
                reference::noise_f32(key, index, range[0], range[1]).to_bits()
            } else {
                reference::noise_integer(key, index, bytes as u64)
            };
            value.copy_from_slice(&noise.to_le_bytes()[..bytes]);
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

    fn stream_plan(&self, key: [u64; 3], of: &Configuration) -> Answer<DrawnPlan> {
        sized((of.size[0], of.size[1]))?;
        of.alphas.into_iter().try_for_each(|alpha| shaped_alpha(alpha, alpha))?;
        fraction(of.probability, "the probability")?;
        if let Methods::Switch(cutmix) = of.methods {
            fraction(cutmix, "the switch probability")?;
        }
        if let Extent::MinMax(least, most) = of.extent {
            fraction(least, "the least extent")?;
            fraction(most, "the greatest extent")?;
            check(least <= most, "the least extent exceeds the greatest")?;
        }
        Ok(of.plan(key))
    }

    fn stream_pairing(&self, key: [u64; 3], name: &str, count: u32) -> Answer<Vec<u64>> {
        check((name, count) != ("derangement", 1), "one sample has no other")?;
        let known = matches!(name, "replacement" | "permutation" | "derangement");
        known.then(|| reference::partners(name, key, count)).flatten().ok_or(Refusal::Unsupported)
    }

    fn stream_noise(&self, key: [u64; 3], j: u64) -> Answer<([u32; 2], u32)> {
        let words = reference::noise_key(key[0], key[1], key[2]);
        Ok((words, reference::noise_word(words, j)))
    }
}

fn sample([seed, epoch, index]: [u64; 3]) -> Stream {
    Stream::new(*b"CM1.smpl", [seed, epoch, index, 0])
}
