//! Who gives to whom in a batch, who shares a draw, and which samples it has.

use rand_core::Rng;

use crate::draw::BatchKey;
use crate::draw::uniform::below;
use crate::error::Error;
use crate::geometry::Size;
use crate::plan::{PlanConfig, PlanSlot};

/// Which samples share one draw of method, box and lambda. Partners come from the pairing in any case.
///
/// ```
/// use cutmix_core::plan::{BatchConfig, BatchPlan, Pairing, PlanSlot, Samples, Scope};
/// use cutmix_core::{BatchKey, PlanConfig, Size};
///
/// // Four images, flipped: the first takes from the last, the second from the third.
/// let (plan, samples) = (PlanConfig::cutmix(Size::new(32, 32)?), Samples::Range { first: 0, len: 4 });
/// for (scope, same) in [(Scope::Sample, [false; 2]), (Scope::Pair, [true, false]), (Scope::Batch, [true; 2])] {
///     let config = BatchConfig { plan, scope, pairing: Pairing::Flip };
///     let mut memory = [PlanSlot::EMPTY; 4];
///     let plan = BatchPlan::draw(BatchKey::default(), &config, samples, &mut memory)?;
///     let lambda = |i| plan.get(i).map(|sample| sample.lambda);
///     // Whether the last and the second image share the draw of the first.
///     assert_eq!([3, 1].map(|i| lambda(i) == lambda(0)), same, "{scope:?}");
/// }
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Every sample has its own.
    #[default]
    Sample,
    /// The two samples of a pair share one; needs a pairing in which partners are mutual.
    Pair,
    /// The whole batch shares one (the paper authors' code, torchvision).
    Batch,
}

/// Who gives a patch to whom: output `i` takes the box of input `partner(i)`.
///
/// ```
/// use cutmix_core::plan::{BatchConfig, BatchPlan, Pairing, PlanSlot, Samples, Scope};
/// use cutmix_core::{BatchKey, PlanConfig, Size};
///
/// let (plan, samples) = (PlanConfig::cutmix(Size::new(32, 32)?), Samples::Range { first: 0, len: 4 });
/// for (pairing, partners) in [
///     (Pairing::Roll, [3, 0, 1, 2]),
///     (Pairing::Flip, [3, 2, 1, 0]),
///     (Pairing::Given(&[1, 0, 0, 3]), [1, 0, 0, 3]), // the last is its own donor, and stays
/// ] {
///     let config = BatchConfig { plan, scope: Scope::Sample, pairing };
///     let mut memory = [PlanSlot::EMPTY; 4];
///     let plan = BatchPlan::draw(BatchKey::default(), &config, samples, &mut memory)?;
///     assert!(plan.iter().map(|sample| sample.partner).eq(partners), "{pairing:?}");
/// }
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pairing<'a> {
    /// `partner(i) = i - 1`, cyclically (torchvision).
    #[default]
    Roll,
    /// `partner(i) = n - 1 - i` (timm). The middle of an odd batch is its own partner.
    Flip,
    /// A uniform permutation, fixed points allowed (the paper authors' code).
    Permutation,
    /// A uniform permutation without fixed points.
    Derangement,
    /// Each partner uniform over the batch, itself allowed (the Kaggle kernel).
    WithReplacement,
    /// Given by the caller, one index for each sample.
    Given(&'a [u32]),
}

/// The samples of a batch by their index in the data set, which their keys are made of.
///
/// ```
/// # use cutmix_core::plan::Samples;
/// let listed = Samples::Listed(&[17, 4, 99]); // a shuffled data set
/// assert_eq!((listed.len(), listed.index(1), listed.index(3)), (3, Some(4), None));
/// assert_eq!(Samples::Range { first: 64, len: 32 }.index(31), Some(95));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Samples<'a> {
    /// `len` samples in a row.
    Range {
        /// Index of the first.
        first: u64,
        /// Their number.
        len: u32,
    },
    /// Any samples, in the order of the batch.
    Listed(&'a [u64]),
}

impl Samples<'_> {
    /// Number of samples.
    ///
    /// ```
    /// # use cutmix_core::plan::Samples;
    /// assert_eq!(Samples::Range { first: 64, len: 32 }.len(), 32);
    /// assert_eq!(Samples::Listed(&[17, 4, 99]).len(), 3);
    /// ```
    #[must_use]
    pub const fn len(&self) -> usize {
        match self {
            Self::Range { len, .. } => *len as usize,
            Self::Listed(indices) => indices.len(),
        }
    }

    /// Whether there are none.
    ///
    /// ```
    /// # use cutmix_core::plan::Samples;
    /// assert!(Samples::Listed(&[]).is_empty() && !Samples::Range { first: 64, len: 1 }.is_empty());
    /// ```
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Index in the data set of the sample at `position` of the batch; `None` beyond its end.
    ///
    /// ```
    /// # use cutmix_core::plan::Samples;
    /// let samples = Samples::Range { first: 64, len: 32 };
    /// assert_eq!((samples.index(0), samples.index(32)), (Some(64), None)); // 96 is of the next batch
    /// ```
    #[must_use]
    pub fn index(&self, position: usize) -> Option<u64> {
        match *self {
            Self::Range { first, len } if position < len as usize => Some(first.wrapping_add(position as u64)),
            Self::Range { .. } => None,
            Self::Listed(indices) => indices.get(position).copied(),
        }
    }
}

/// The configuration of a batch's plan.
///
/// ```
/// use cutmix_core::plan::{BatchConfig, BatchPlan, Pairing, PlanSlot, Samples, Scope};
/// use cutmix_core::{BatchKey, BoxRule, PlanConfig, Size};
///
/// // The laws of torchvision: the authors' box, one for the whole batch, from the image before.
/// let size = Size::new(224, 224)?;
/// let plan = PlanConfig::cutmix(size).with_rule(BoxRule::Official);
/// let config = BatchConfig { plan, scope: Scope::Batch, pairing: Pairing::Roll };
/// let mut memory = [PlanSlot::EMPTY; 4];
/// let plan = BatchPlan::draw(BatchKey::default(), &config, Samples::Range { first: 0, len: 4 }, &mut memory)?;
/// let (first, last) = (plan.get(0).unwrap(), plan.get(3).unwrap());
/// assert_eq!((first.partner, last.partner, first.patch), (3, 2, last.patch));
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BatchConfig<'a> {
    /// What each sample, pair or batch draws.
    pub plan: PlanConfig,
    /// Who shares a draw.
    pub scope: Scope,
    /// Who gives to whom.
    pub pairing: Pairing<'a>,
}

impl BatchConfig<'_> {
    /// Chris Deotte's TensorFlow kernel: per-sample draws, partners with replacement. See [`PlanConfig::kaggle`].
    ///
    /// # Errors
    /// [`Error::Fraction`] if `probability` is not in `[0, 1]`.
    ///
    /// ```
    /// # use cutmix_core::plan::{BatchConfig, Pairing, Scope};
    /// # use cutmix_core::Size;
    /// let config = BatchConfig::kaggle(Size::new(331, 331)?, 0.5)?;
    /// assert_eq!((config.scope, config.pairing), (Scope::Sample, Pairing::WithReplacement));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn kaggle(size: Size, probability: f64) -> Result<Self, Error> {
        let plan = PlanConfig::kaggle(size, probability)?;
        Ok(Self { plan, scope: Scope::Sample, pairing: Pairing::WithReplacement })
    }
}

pub(super) fn check_partner(sample: usize, partner: u64, len: usize) -> Result<(), Error> {
    if partner < len as u64 { Ok(()) } else { Err(Error::Partner { sample: sample as u64, partner, len: len as u64 }) }
}

/// Writes the partner of every sample into its slot.
pub(super) fn pair(slots: &mut [PlanSlot], pairing: Pairing<'_>, key: BatchKey) -> Result<(), Error> {
    let len = slots.len();
    let set = |slots: &mut [PlanSlot], partner: &dyn Fn(usize) -> usize| {
        for (i, slot) in slots.iter_mut().enumerate() {
            slot.plan.partner = partner(i) as u64;
        }
    };
    match pairing {
        Pairing::Roll => set(slots, &|i| if i == 0 { len.saturating_sub(1) } else { i - 1 }),
        Pairing::Flip => set(slots, &|i| len.saturating_sub(1).saturating_sub(i)),
        Pairing::Permutation => {
            set(slots, &|i| i);
            shuffle(slots, &mut key.pairing_rng(), false);
        }
        Pairing::Derangement => {
            if len == 1 {
                return Err(Error::NoDerangement);
            }
            let mut rng = key.pairing_rng();
            loop {
                set(slots, &|i| i);
                if shuffle(slots, &mut rng, true) {
                    break;
                }
            }
        }
        Pairing::WithReplacement => {
            let mut rng = key.pairing_rng();
            for slot in slots {
                slot.plan.partner = below(&mut rng, len as u64);
            }
        }
        Pairing::Given(partners) => {
            if partners.len() != len {
                return Err(Error::CountMismatch {
                    what: "partners",
                    given: partners.len() as u64,
                    expected: len as u64,
                });
            }
            for (sample, (slot, &partner)) in slots.iter_mut().zip(partners).enumerate() {
                check_partner(sample, u64::from(partner), len)?;
                slot.plan.partner = u64::from(partner);
            }
        }
    }
    Ok(())
}

/// Fisher and Yates's shuffle in Durstenfeld's form (CACM 7, 1964), from the last position down. Where no fixed point
/// is wanted it stops at the first, since position `i` is final after its step, and returns false: the caller starts
/// afresh, so every derangement stays equally likely.
fn shuffle<R: Rng + ?Sized>(slots: &mut [PlanSlot], rng: &mut R, no_fixed_point: bool) -> bool {
    for i in (0..slots.len()).rev() {
        // The last step has no choice left and draws nothing.
        if i > 0 {
            let j = below(rng, i as u64 + 1) as usize;
            let (at_i, at_j) = (partner_at(slots, i), partner_at(slots, j));
            set_partner(slots, i, at_j);
            set_partner(slots, j, at_i);
        }
        if no_fixed_point && partner_at(slots, i) == i as u64 {
            return false;
        }
    }
    true
}

fn partner_at(slots: &[PlanSlot], i: usize) -> u64 {
    slots.get(i).map_or(0, |slot| slot.plan.partner)
}

fn set_partner(slots: &mut [PlanSlot], i: usize, partner: u64) {
    if let Some(slot) = slots.get_mut(i) {
        slot.plan.partner = partner;
    }
}

pub(super) fn check_mutual(slots: &[PlanSlot]) -> Result<(), Error> {
    for (sample, slot) in slots.iter().enumerate() {
        let back = slots.get(slot.plan.partner as usize).map(|other| other.plan.partner);
        if back != Some(sample as u64) {
            return Err(Error::PairNotMutual { sample: sample as u64 });
        }
    }
    Ok(())
}
