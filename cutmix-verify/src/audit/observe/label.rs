//! One label: which classes have weight, and how much of it is the base's.

use half::{bf16, f16};

use crate::npz::Scalar;
use crate::probe::CallLabels;
use crate::trace::{LabelsIn, LabelsOut, LamIs};

/// A label as classes and weights; classes may be fractions where they were interpolated.
pub(crate) type ClassWeights = Vec<(f64, f64)>;

/// What a label should have been made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ingredients<'a> {
    pub(crate) labels: &'a CallLabels,
    pub(crate) labels_in: LabelsIn,
    pub(crate) smoothing: f64,
    pub(crate) classes: u32,
}

impl Ingredients<'_> {
    /// The row of image `i`, as the audited code saw it.
    pub(crate) fn row(&self, i: usize) -> Vec<(u32, f64)> {
        match self.labels_in {
            LabelsIn::Rows => self.labels.row(i).into_iter().map(|(class, weight)| (class, weight.into())).collect(),
            LabelsIn::Ids | LabelsIn::None => vec![(self.labels.ids[i], 1.0)],
        }
    }
}

/// What subtracting the smoothing may leave of a class that has no other weight: some places of binary32.
const LEFTOVER: f64 = 1e-6;

/// The label of sample `i` as it came out: only what is not 0, after documented smoothing was taken off.
pub(crate) fn row_out(
    out: &LabelsOut,
    given: &Ingredients<'_>,
    lam_is: LamIs,
    classes: usize,
    i: usize,
) -> ClassWeights {
    match out {
        LabelsOut::Targets { a, b, lam } => {
            let lam = lam.get(i).or(lam.first()).copied().unwrap_or(f64::NAN);
            let weight = match lam_is {
                LamIs::A => lam,
                LamIs::B => 1.0 - lam,
            };
            let (a, b) = (a.get(i).copied().unwrap_or(f64::NAN), b.get(i).copied().unwrap_or(f64::NAN));
            if a == b && lam.is_finite() { vec![(a, 1.0)] } else { vec![(a, weight), (b, 1.0 - weight)] }
        }
        LabelsOut::Numbers(classes) => vec![(classes.get(i).copied().unwrap_or(f64::NAN), 1.0)],
        LabelsOut::Rows(rows) => {
            let row = rows.get(i * classes..(i + 1) * classes).unwrap_or(&[]);
            // A share of the row's own sum: where the weights do not add up to 1, neither do the small ones.
            let sum: f64 = row.iter().sum();
            let floor = if given.smoothing > 0.0 { sum * given.smoothing / f64::from(given.classes) } else { 0.0 };
            let scale = 1.0 / (1.0 - given.smoothing);
            row.iter()
                .enumerate()
                .map(|(class, &weight)| (class as f64, (weight - floor) * scale))
                .filter(|&(_, weight)| weight.is_nan() || weight.abs() > if floor > 0.0 { LEFTOVER } else { 0.0 })
                .collect()
        }
    }
}

/// Whether every number of sample `i` is finite, those as well that change nothing: a loss that has a NaN in it is a NaN.
pub(crate) fn all_finite(out: &LabelsOut, classes: usize, i: usize) -> bool {
    let finite = |values: &[f64]| values.iter().all(|value| value.is_finite());
    let at = |values: &[f64]| values.get(i).or(values.first()).is_some_and(|value| value.is_finite());
    match out {
        LabelsOut::Rows(rows) => finite(rows.get(i * classes..(i + 1) * classes).unwrap_or(&[])),
        LabelsOut::Numbers(numbers) => at(numbers),
        LabelsOut::Targets { a, b, lam } => [a, b, lam].into_iter().all(|values| at(values)),
    }
}

/// How much of a class that neither image has may be there. Rounding makes nothing of nothing: only what smoothing adds to
/// every class is rounded, when it is added, when it is weighted, and when it is taken off by the sum of the row.
pub(crate) fn stray(given: &Ingredients<'_>, tolerance: f64) -> f64 {
    let floor = given.smoothing / f64::from(given.classes.max(1));
    NOTHING + 2.0 * tolerance * floor / (1.0 - given.smoothing)
}

/// Whether a class is what two classes give as quantities, whole or cut off or rounded to a whole number.
pub(crate) fn is_between(class: f64, [base, donor]: [u32; 2], kept: f64) -> bool {
    (class - (kept * f64::from(base) + (1.0 - kept) * f64::from(donor))).abs() <= 1.0
}

/// Four halves of the last place of 1 in binary32: less than that is no weight.
const NOTHING: f64 = 4.0 / 16_777_216.0;

/// What a label says of the two images.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reading {
    /// The base's weight; `None` where both images have the same classes. And the sum of all.
    Weight { base: Option<f64>, sum: f64 },
    /// Classes are fractions.
    Numeric(f64),
    /// Weight on classes of neither image.
    Foreign(Vec<u32>),
}

/// The share of a row on one image's classes that are not the other's, as the image's weight.
fn share(out: &ClassWeights, own: &[(u32, f64)], other: &[(u32, f64)]) -> Option<f64> {
    let alone = || own.iter().filter(|(class, _)| other.iter().all(|(known, _)| known != class));
    let whole: f64 = alone().map(|&(_, weight)| weight).sum();
    let of = |&(class, _): &(u32, f64)| out.iter().filter(move |&&(known, _)| known == f64::from(class));
    let seen: f64 = alone().flat_map(of).map(|&(_, weight)| weight).sum();
    (whole > 0.0).then(|| seen / whole)
}

/// What a label says of two images; a class of neither has weight from `stray` on.
pub(crate) fn read(out: &ClassWeights, base: &[(u32, f64)], donor: &[(u32, f64)], stray: f64) -> Reading {
    if let Some(&(class, _)) = out.iter().find(|&&(class, _)| class.fract() != 0.0) {
        return Reading::Numeric(class);
    }
    let known = |class: f64| base.iter().chain(donor).any(|&(known, _)| f64::from(known) == class);
    let foreign = out.iter().filter(|&&(class, weight)| weight.abs() > stray && !known(class));
    let foreign: Vec<u32> = foreign.map(|&(class, _)| class as u32).collect();
    if !foreign.is_empty() {
        return Reading::Foreign(foreign);
    }
    let sum: f64 = out.iter().map(|&(_, weight)| weight).sum();
    let base_share = share(out, base, donor);
    // The other way round where the base has no class of its own.
    let from_donor = || share(out, donor, base).map(|weight| sum - weight);
    Reading::Weight { base: base_share.or_else(from_donor), sum }
}

/// Four halves of the last place of 1, in the type of the labels: what an honest computation may differ by. Types finer than 32 bits
/// are judged as 32, since an implementation may compute in them.
pub(crate) fn tolerance(scalar: Option<Scalar>) -> f64 {
    match scalar {
        Some(Scalar::Float(2)) => 4.0 / 2048.0,
        Some(Scalar::Raw2) => 4.0 / 256.0,
        _ => NOTHING,
    }
}

/// Distance of two weights in units of the last place of binary32.
pub(crate) fn ulps(a: f64, b: f64) -> u64 {
    let key = |value: f64| {
        let bits = (value as f32).to_bits() as i32;
        i64::from(if bits < 0 { i32::MIN.wrapping_sub(bits) } else { bits })
    };
    key(a).abs_diff(key(b))
}

/// A weight of half precision that went through binary32 is still this near to it.
const SINGLE: f64 = 1e-7;

/// Whether a weight is another one rounded to a half-precision type, but not the other itself.
pub(crate) fn rounded(weight: f64, exact: f64) -> bool {
    let half = [f16::from_f64(exact).to_f64(), bf16::from_f64(exact).to_f64()];
    let other = [1.0 - f16::from_f64(1.0 - exact).to_f64(), 1.0 - bf16::from_f64(1.0 - exact).to_f64()];
    half.into_iter().chain(other).any(|rounded| (weight - rounded).abs() < SINGLE)
}

/// Whether a class is another one after a cast to half precision.
pub(crate) fn rounded_class(seen: u32, class: u32) -> bool {
    seen != class
        && [f16::from_f64(class.into()).to_f64(), bf16::from_f64(class.into()).to_f64()].contains(&f64::from(seen))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::play::variant;
    use crate::probe::label_of;

    /// Weights of which the sum is not 1, smoothed: that is all that is wrong with them.
    #[test]
    fn smoothing_is_taken_off_by_what_was_given_to_it() {
        let labels = label_of(&variant("official").unwrap().phase(), 0);
        let given = Ingredients { labels: &labels, labels_in: LabelsIn::Ids, smoothing: 0.1, classes: 8 };
        for (a, b) in [(0.25, 0.75), (0.25, 0.753_906_25)] {
            let small = (a + b) * 0.1 / 8.0;
            let rows = [0.0, a, b, 0.0, 0.0, 0.0, 0.0, 0.0].map(|weight| small + 0.9 * weight).to_vec();
            let row = row_out(&LabelsOut::Rows(rows), &given, LamIs::A, 8, 0);
            let near = |(class, weight): (f64, f64), x: f64, w: f64| class == x && (weight - w).abs() < 1e-12;
            assert!(row.len() == 2 && near(row[0], 1.0, a) && near(row[1], 2.0, b), "{row:?}");
        }
    }

    #[test]
    fn weights_of_hard_and_soft_rows() {
        let (a, b) = ([(3, 1.0)], [(9, 1.0)]);
        let reading = |out: &[(f64, f64)], a: &[(u32, f64)], b: &[(u32, f64)]| read(&out.to_vec(), a, b, 1e-6);
        let weight = |base, sum| Reading::Weight { base: Some(base), sum };
        assert_eq!(reading(&[(3.0, 0.75), (9.0, 0.25)], &a, &b), weight(0.75, 1.0));
        assert_eq!(reading(&[(9.0, 1.0)], &a, &b), weight(0.0, 1.0));
        assert_eq!(reading(&[(3.0, 0.5), (9.0, 0.25)], &a, &b), weight(0.5, 0.75));
        let (soft, other) = ([(3, 0.75), (4, 0.25)], [(9, 0.75), (3, 0.25)]);
        // 0.6 of the first and 0.4 of the second, which share class 3: class 4 tells.
        let out = [(3.0, 0.55), (4.0, 0.15), (9.0, 0.3)];
        let Reading::Weight { base: Some(base), sum } = reading(&out, &soft, &other) else { panic!() };
        assert!((base - 0.6).abs() < 1e-12 && (sum - 1.0).abs() < 1e-12);
        assert_eq!(reading(&[(3.0, 1.0)], &a, &a), Reading::Weight { base: None, sum: 1.0 });
        assert_eq!(reading(&[(3.0, 0.5), (7.0, 0.5)], &a, &b), Reading::Foreign(vec![7]));
        assert_eq!(reading(&[(4.5, 1.0)], &a, &b), Reading::Numeric(4.5));
    }

    /// Numbers that change nothing, since both classes are one, are looked at; what rounding leaves of smoothing is none.
    #[test]
    fn every_number_is_finite_and_strays_are_none_but_rounding() {
        let targets = |lam| LabelsOut::Targets { a: vec![3.0], b: vec![3.0], lam: vec![lam] };
        assert!(all_finite(&targets(0.5), 8, 0) && !all_finite(&targets(f64::INFINITY), 8, 0));
        assert!(!all_finite(&LabelsOut::Rows(vec![0.0, 1.0, f64::NAN, 1.0]), 2, 1));
        assert!(!all_finite(&LabelsOut::Numbers(vec![f64::NAN]), 0, 0));
        let labels = label_of(&variant("official").unwrap().phase(), 0);
        let given = |smoothing| Ingredients { labels: &labels, labels_in: LabelsIn::Ids, smoothing, classes: 8 };
        let half = tolerance(Some(Scalar::Float(2)));
        assert!(stray(&given(0.0), half) < 1e-6, "{}", stray(&given(0.0), half));
        // A weight of 0.0125 in binary16 is off by 6e-6 at most, each time.
        assert!((6e-6..1e-4).contains(&stray(&given(0.1), half)), "{}", stray(&given(0.1), half));
        assert!(is_between(5.0, [3, 9], 0.6) && is_between(6.0, [3, 9], 0.6) && !is_between(7.0, [3, 9], 0.6));
    }

    #[test]
    fn distances_and_rounding() {
        assert_eq!(ulps(1.0, 1.0 - f64::from(f32::EPSILON) / 2.0), 1);
        assert_eq!(ulps(0.0, -0.0), 0);
        let third = 1.0 / 3.0;
        assert!(rounded(f16::from_f64(third).to_f64(), third) && rounded(bf16::from_f64(third).to_f64(), third));
        assert!(!rounded(third, third) && !rounded(0.5, third));
        assert!(rounded_class(256, 257) && rounded_class(4096, 4097) && !rounded_class(257, 257));
    }
}
