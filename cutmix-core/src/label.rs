//! Labels: `y~ = lambda' y_A + (1 - lambda') y_B`, from class ids or rows, as rows or as the pair `(y_a, y_b, lambda')`.
//!
//! Takes a [`KeptRatio`], never the drawn lambda. Every output has the bits of binary64 arithmetic on the binary32 weights of the
//! ratio, whose products with binary32 inputs are exact there, and rounded once: so the sum of a row stays that of its
//! inputs within one rounding (2^-24 relative), fused multiply-add or not. Imports `geometry`, `plan` and `kernels`.

use crate::error::Error;
use crate::geometry::KeptRatio;
use crate::kernels::Level;
use crate::plan::BatchPlan;

/// The pair form: what a loss needs to compute `weight_a loss(y_a) + weight_b loss(y_b)`.
///
/// ```
/// # use cutmix_core::{label::PairLabel, KeptRatio};
/// let label = PairLabel { y_a: "cat", y_b: "coffee", ratio: KeptRatio::new(720, 960)? };
/// let (loss_of_cat, loss_of_coffee) = (0.5, 2.0);
/// let (w_a, w_b) = label.weights();
/// assert_eq!(w_a * loss_of_cat + w_b * loss_of_coffee, 0.875);
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PairLabel<L> {
    /// Label of the base.
    pub y_a: L,
    /// Label of the donor.
    pub y_b: L,
    /// The exact weight of the base.
    pub ratio: KeptRatio,
}

impl<L> PairLabel<L> {
    /// The weights `(w_a, w_b)` of the losses of base and donor; see [`KeptRatio::weights`].
    ///
    /// ```
    /// # use cutmix_core::{label::PairLabel, KeptRatio};
    /// let (w_a, w_b) = PairLabel { y_a: 3, y_b: 8, ratio: KeptRatio::new(1, 3)? }.weights();
    /// assert!(w_a < w_b); // of this image a third is left
    /// assert_eq!(w_a + w_b, 1.0);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn weights(&self) -> (f32, f32) {
        self.ratio.weights()
    }
}

/// Label smoothing (Szegedy et al., arXiv 1512.00567): the true class gets `1 - epsilon + epsilon / K`, every other
/// `epsilon / K`.
///
/// ```
/// # use cutmix_core::{label, label::Smoothing, KeptRatio};
/// // Each label is smoothed, then the two are mixed: every class gets epsilon / K, and the rest is shared by lambda'.
/// let mut row = [0.0; 4];
/// label::mix_ids(&mut row, 1, 3, KeptRatio::new(3, 4)?, Smoothing::new(0.5)?)?;
/// assert_eq!(row, [0.125, 0.5, 0.125, 0.25]);
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Smoothing {
    epsilon: f64,
}

impl Smoothing {
    /// One-hot rows.
    ///
    /// ```
    /// # use cutmix_core::{label, label::Smoothing, KeptRatio};
    /// let mut row = [0.0; 4];
    /// label::mix_ids(&mut row, 2, 2, KeptRatio::ONE, Smoothing::NONE)?;
    /// assert_eq!(row, [0.0, 0.0, 1.0, 0.0]);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const NONE: Self = Self { epsilon: 0.0 };

    /// Smoothing by `epsilon` in `[0, 1]`.
    ///
    /// # Errors
    /// [`Error::Fraction`] otherwise.
    ///
    /// ```
    /// # use cutmix_core::{label, KeptRatio};
    /// let mut row = [0.0; 4];
    /// label::mix_ids(&mut row, 2, 2, KeptRatio::ONE, label::Smoothing::new(0.5)?)?;
    /// assert_eq!(row, [0.125, 0.125, 0.625, 0.125]);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn new(epsilon: f64) -> Result<Self, Error> {
        if (0.0..=1.0).contains(&epsilon) {
            Ok(Self { epsilon })
        } else {
            Err(Error::Fraction { what: "the label smoothing", value: epsilon })
        }
    }
}

/// Mixes two soft or one-hot rows of equal length, one number a class, into `out`. Costs two reads and a write of each
/// number.
///
/// # Errors
/// [`Error::CountMismatch`] if the lengths differ.
///
/// ```
/// # use cutmix_core::{label, KeptRatio, Level};
/// let mut row = [0.0; 3];
/// label::mix_rows(Level::detect(), &mut row, &[1.0, 0.0, 0.0], &[0.0, 0.5, 0.5], KeptRatio::new(3, 4)?)?;
/// assert_eq!(row, [0.75, 0.125, 0.125]);
/// # Ok::<(), cutmix_core::Error>(())
/// ```
pub fn mix_rows(level: Level, out: &mut [f32], a: &[f32], b: &[f32], ratio: KeptRatio) -> Result<(), Error> {
    for row in [a, b] {
        expect_classes(row.len(), out.len())?;
    }
    let (w_a, w_b) = ratio.weights();
    level.mix_rows(out, a, b, [f64::from(w_a), f64::from(w_b)]);
    Ok(())
}

/// Mixes two class ids into a soft row of `out.len()` classes. Costs one write of the row.
///
/// # Errors
/// [`Error::Class`] if an id is not below the number of classes.
///
/// ```
/// # use cutmix_core::{label, label::Smoothing, KeptRatio};
/// let mut row = [0.0; 4];
/// label::mix_ids(&mut row, 2, 0, KeptRatio::new(5, 8)?, Smoothing::NONE)?;
/// assert_eq!(row, [0.375, 0.0, 0.625, 0.0]);
/// # Ok::<(), cutmix_core::Error>(())
/// ```
pub fn mix_ids(out: &mut [f32], a: u32, b: u32, ratio: KeptRatio, smoothing: Smoothing) -> Result<(), Error> {
    let classes = out.len() as u64;
    for class in [a, b] {
        if u64::from(class) >= classes {
            return Err(Error::Class { class: class.into(), classes });
        }
    }
    let weights = ratio.weights();
    // Without smoothing binary32 gives the same bits: a weight alone is exact, and the sum of two binary32 rounded to
    // binary64 first is the same. So small images without smoothing need no binary64 here.
    if smoothing.epsilon == 0.0 {
        write_ids(out, [a, b], weights, 0.0, |weight| weight, |a, b| a + b);
    } else {
        let (off, on) = (smoothing.epsilon / classes as f64, 1.0 - smoothing.epsilon);
        let on = |weight: f64| (off + on * weight) as f32;
        write_ids(out, [a, b], weights, off as f32, |weight| on(weight.into()), |a, b| on(f64::from(a) + f64::from(b)));
    }
    Ok(())
}

/// All other classes, then the two, or the one that both are.
#[inline]
fn write_ids(
    out: &mut [f32],
    [a, b]: [u32; 2],
    (w_a, w_b): (f32, f32),
    off: f32,
    one: impl Fn(f32) -> f32,
    both: impl Fn(f32, f32) -> f32,
) {
    out.fill(off);
    let mut set = |id: u32, value| {
        if let Some(out) = out.get_mut(id as usize) {
            *out = value;
        }
    };
    if a == b {
        set(a, both(w_a, w_b));
    } else {
        set(a, one(w_a));
        set(b, one(w_b));
    }
}

/// Mixes the rows of a batch, `rows` and `out` holding `plan.len()` rows of `classes` numbers each. The rows of Cutouts
/// and of samples that are not applied stay.
///
/// # Errors
/// [`Error::CountMismatch`] if a buffer does not have `plan.len() * classes` numbers.
///
/// Costs one pass over the rows: two reads and a write of each number.
///
/// ```
/// use cutmix_core::plan::{BatchPlan, PlanSlot};
/// use cutmix_core::{label, KeptRatio, Level, PatchBox, SamplePlan, Size};
///
/// // Two samples that give each other the left half.
/// let (size, patch) = (Size::new(4, 2)?, PatchBox::new(0, 0, 2, 2)?);
/// let sample = SamplePlan { applied: true, patch, kept: KeptRatio::of(patch, size)?, ..SamplePlan::NOTHING };
/// let mut memory = [1, 0].map(|partner| PlanSlot::new(SamplePlan { partner, ..sample }));
/// let plan = BatchPlan::from_slots(size, &mut memory)?;
/// let mut out = [0.0; 4];
/// label::mix_batch_rows(Level::detect(), &mut out, &[1.0, 0.0, 0.0, 1.0], 2, &plan)?;
/// assert_eq!(out, [0.5; 4]);
/// # Ok::<(), cutmix_core::Error>(())
/// ```
pub fn mix_batch_rows(
    level: Level,
    out: &mut [f32],
    rows: &[f32],
    classes: usize,
    plan: &BatchPlan<'_>,
) -> Result<(), Error> {
    expect_batch_rows(out.len(), classes, plan)?;
    expect_batch_rows(rows.len(), classes, plan)?;
    for (i, (sample, out)) in plan.iter().zip(out.chunks_exact_mut(classes.max(1))).enumerate() {
        let row = |index: usize| {
            let start = index.wrapping_mul(classes);
            rows.get(start..start.wrapping_add(classes)).unwrap_or(&[])
        };
        mix_rows(level, out, row(i), row(sample.partner as usize), sample.label_ratio())?;
    }
    Ok(())
}

/// Mixes the class ids of a batch into soft rows of `classes` numbers each.
///
/// # Errors
/// [`Error::CountMismatch`] if there is not one id for each sample, or `out` is not `plan.len()` rows;
/// [`Error::Class`] if an id is not below `classes`: the rows before it are written then.
///
/// Costs one write of the rows.
///
/// ```
/// use cutmix_core::plan::{BatchConfig, BatchPlan, Pairing, PlanSlot, Samples, Scope};
/// use cutmix_core::{label, BatchKey, PlanConfig, Size};
///
/// let config = BatchConfig { plan: PlanConfig::cutmix(Size::new(32, 32)?), scope: Scope::Sample, pairing: Pairing::Roll };
/// let mut memory = [PlanSlot::EMPTY; 3];
/// let plan = BatchPlan::draw(BatchKey::default(), &config, Samples::Range { first: 0, len: 3 }, &mut memory)?;
/// let mut rows = [0.0; 3 * 5];
/// label::mix_batch_ids(&mut rows, &[4, 0, 2], 5, label::Smoothing::NONE, &plan)?;
/// // The first takes from the last: classes 4 and 2.
/// let (w_a, w_b) = plan.get(0).unwrap().label_ratio().weights();
/// assert_eq!(rows[..5], [0.0, 0.0, w_b, 0.0, w_a]);
/// # Ok::<(), cutmix_core::Error>(())
/// ```
pub fn mix_batch_ids(
    out: &mut [f32],
    ids: &[u32],
    classes: usize,
    smoothing: Smoothing,
    plan: &BatchPlan<'_>,
) -> Result<(), Error> {
    if ids.len() != plan.len() {
        return Err(Error::CountMismatch { what: "class ids", given: ids.len() as u64, expected: plan.len() as u64 });
    }
    expect_batch_rows(out.len(), classes, plan)?;
    for ((sample, &a), out) in plan.iter().zip(ids).zip(out.chunks_exact_mut(classes.max(1))) {
        // Partners were checked when the plan was made.
        let b = ids.get(sample.partner as usize).copied().unwrap_or(a);
        mix_ids(out, a, b, sample.label_ratio(), smoothing)?;
    }
    Ok(())
}

fn expect_classes(given: usize, expected: usize) -> Result<(), Error> {
    if given == expected {
        Ok(())
    } else {
        Err(Error::CountMismatch { what: "classes of a row", given: given as u64, expected: expected as u64 })
    }
}

fn expect_batch_rows(given: usize, classes: usize, plan: &BatchPlan<'_>) -> Result<(), Error> {
    match plan.len().checked_mul(classes) {
        Some(expected) if given == expected => Ok(()),
        Some(expected) => {
            Err(Error::CountMismatch { what: "numbers in label rows", given: given as u64, expected: expected as u64 })
        }
        None => Err(Error::TooLarge { what: "the label rows of a batch" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;
    use crate::plan::PlanSlot;

    #[test]
    fn sums_stay_one_within_one_rounding() {
        for total in [1_u64, 3, 7, 960, 50176] {
            for kept in (0..=total.min(1000)).step_by(if cfg!(miri) { 97 } else { 1 }) {
                let ratio = KeptRatio::new(kept, total).unwrap();
                for epsilon in [0.0, 0.1, 1.0] {
                    let mut row = [0.0; 10];
                    mix_ids(&mut row, 3, 7, ratio, Smoothing::new(epsilon).unwrap()).unwrap();
                    let sum: f64 = row.iter().map(|&x| f64::from(x)).sum();
                    assert!((sum - 1.0).abs() <= f64::from(f32::EPSILON) / 2.0, "{ratio} {epsilon}: {sum}");
                    mix_ids(&mut row, 3, 3, ratio, Smoothing::NONE).unwrap();
                    assert_eq!(row[3], 1.0, "a sample mixed with its own class");
                }
            }
        }
    }

    #[test]
    fn class_ids_give_the_bits_of_the_formula_in_binary64() {
        for total in [1_u64, 3, 7, 960, 50176, (1 << 40) + 1] {
            for kept in (0..total.min(1000)).map(|part| part * (total / total.min(1000))).chain([total - 1, total]) {
                let ratio = KeptRatio::new(kept, total).unwrap();
                let (w_a, w_b) = ratio.weights();
                for epsilon in [0.0, f64::MIN_POSITIVE, 0.1, 1.0 / 3.0, 1.0] {
                    for (a, b) in [(2, 0), (1, 1)] {
                        let mut row = [f32::NAN; 3];
                        mix_ids(&mut row, a, b, ratio, Smoothing::new(epsilon).unwrap()).unwrap();
                        for (class, &given) in (0..).zip(&row) {
                            let weight = |id: u32, w: f32| if id == class { f64::from(w) } else { 0.0 };
                            let expected = epsilon / 3.0 + (1.0 - epsilon) * (weight(a, w_a) + weight(b, w_b));
                            assert_eq!(given.to_bits(), (expected as f32).to_bits(), "{ratio} {epsilon} {class}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn the_pair_form_has_the_weights_of_its_ratio() {
        let ratio = KeptRatio::new(720, 960).unwrap();
        assert_eq!(PairLabel { y_a: 2, y_b: 0, ratio }.weights(), (0.75, 0.25));
    }

    #[test]
    fn refuses_wrong_classes_and_lengths() {
        let ratio = KeptRatio::new(1, 2).unwrap();
        let class = Error::Class { class: 4, classes: 4 };
        assert_eq!(mix_ids(&mut [0.0; 4], 0, 4, ratio, Smoothing::NONE), Err(class));
        assert!(matches!(
            mix_rows(Level::PORTABLE, &mut [0.0; 4], &[0.0; 4], &[0.0; 3], ratio),
            Err(Error::CountMismatch { .. })
        ));
        assert!(matches!(Smoothing::new(1.1), Err(Error::Fraction { .. })));
        assert!(matches!(mix_ids(&mut [], 0, 0, ratio, Smoothing::NONE), Err(Error::Class { .. })));
    }

    #[test]
    fn batches_refuse_rows_that_do_not_fit() {
        let size = Size::new(4, 4).unwrap();
        let mut slots = [PlanSlot::EMPTY; 2];
        let plan = BatchPlan::from_slots(size, &mut slots).unwrap();
        let wrong = |given| Err(Error::CountMismatch { what: "numbers in label rows", given, expected: 6 });
        let rows = |out: usize, rows: usize| {
            mix_batch_rows(Level::PORTABLE, &mut [0.0; 7][..out], &[0.0; 7][..rows], 3, &plan)
        };
        assert_eq!(rows(6, 6), Ok(()));
        assert_eq!((rows(5, 6), rows(7, 6)), (wrong(5), wrong(7)));
        assert_eq!((rows(6, 5), rows(6, 7)), (wrong(5), wrong(7)));
        let ids = |out: usize, ids: &[u32]| mix_batch_ids(&mut [0.0; 7][..out], ids, 3, Smoothing::NONE, &plan);
        assert_eq!((ids(6, &[0, 2]), ids(7, &[0, 2])), (Ok(()), wrong(7)));
        assert_eq!(ids(6, &[0]), Err(Error::CountMismatch { what: "class ids", given: 1, expected: 2 }));
        let beyond = mix_batch_rows(Level::PORTABLE, &mut [], &[], usize::MAX, &plan);
        assert_eq!(beyond, Err(Error::TooLarge { what: "the label rows of a batch" }));
    }
}
