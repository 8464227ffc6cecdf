//! The plan of a batch, over memory that the caller brings.

use crate::draw::{BatchKey, EpochKeys, SampleKey};
use crate::error::Error;
use crate::geometry::{PatchBox, Size};
use crate::plan::order::{self, Step};
use crate::plan::pairing::{check_mutual, check_partner, pair};
use crate::plan::sample::Values;
use crate::plan::{BatchConfig, PlanSlot, SamplePlan, Samples, Scope};

/// What to do to every sample of a batch: checked, so that it can be applied as it is.
///
/// ```
/// use cutmix_core::plan::{BatchConfig, BatchPlan, Pairing, PlanSlot, Samples, Scope};
/// use cutmix_core::{BatchKey, PlanConfig, Size};
///
/// let config = BatchConfig {
///     plan: PlanConfig::cutmix(Size::new(32, 32)?),
///     scope: Scope::Sample,
///     pairing: Pairing::Derangement,
/// };
/// let mut memory = [PlanSlot::EMPTY; 8];
/// let key = BatchKey { seed: 7, epoch: 0, batch: 3 };
/// let plan = BatchPlan::draw(key, &config, Samples::Range { first: 24, len: 8 }, &mut memory)?;
/// assert!(plan.iter().enumerate().all(|(i, sample)| sample.partner != i as u64));
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BatchPlan<'m> {
    slots: &'m [PlanSlot],
    size: Size,
}

impl<'m> BatchPlan<'m> {
    /// Draws the plan of a batch into the caller's memory; a pure function of the key, the configuration and the
    /// samples' indices.
    ///
    /// Values of [`Scope::Sample`] depend on `seed`, `epoch` and the sample's index alone; pairings, and values of
    /// [`Scope::Pair`] and [`Scope::Batch`], on the batch key and its length. Costs a [`SamplePlan::draw`] a sample
    /// (of a batch or pair only one), and [`Pairing::Derangement`](crate::plan::Pairing::Derangement) about three permutations.
    ///
    /// # Errors
    /// [`Error::TooShort`] if `memory` has fewer slots than there are samples; [`Error::CountMismatch`] if a given
    /// pairing has another length; [`Error::Partner`] if it names a sample that is not there; [`Error::PairNotMutual`]
    /// for [`Scope::Pair`] over a pairing that is not mutual; [`Error::NoDerangement`] for a single sample;
    /// [`Error::TooLarge`] from 2^31 samples on. The memory holds no plan then.
    ///
    /// ```
    /// use cutmix_core::plan::{BatchConfig, BatchPlan, Pairing, PlanSlot, Samples, Scope};
    /// use cutmix_core::{BatchKey, PlanConfig, SampleKey, SamplePlan, Size};
    ///
    /// let plan = PlanConfig::cutmix(Size::new(32, 32)?);
    /// let config = BatchConfig { plan, scope: Scope::Sample, pairing: Pairing::Roll };
    /// let (key, samples) = (BatchKey { seed: 7, epoch: 0, batch: 3 }, Samples::Range { first: 24, len: 8 });
    /// let mut memory = [PlanSlot::EMPTY; 8];
    /// let batch = BatchPlan::draw(key, &config, samples, &mut memory)?;
    /// // Sample 26 is cut as in any other batch of the epoch; its donor is that of this one.
    /// let alone = SamplePlan::draw(SampleKey { seed: 7, epoch: 0, index: 26 }, &plan);
    /// assert_eq!(batch.get(2), Some(&SamplePlan { partner: 1, ..alone }));
    /// assert!(BatchPlan::draw(key, &config, samples, &mut memory[..7]).is_err());
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn draw(
        key: BatchKey,
        config: &BatchConfig<'_>,
        samples: Samples<'_>,
        memory: &'m mut [PlanSlot],
    ) -> Result<Self, Error> {
        Ok(Self::arranged(config.plan.size(), Self::draw_slots(key, config, samples, memory)?))
    }

    /// The plans of [`BatchPlan::draw`] alone, in the first slots of `memory`: for who logs or sends them. Without the order in
    /// which the batch can be written in place, which [`BatchPlan::from_slots`] adds. Costs the draws alone.
    ///
    /// # Errors
    /// As [`BatchPlan::draw`].
    ///
    /// ```
    /// use cutmix_core::plan::{BatchConfig, BatchPlan, Pairing, PlanSlot, Samples, Scope};
    /// use cutmix_core::{BatchKey, PlanConfig, Size};
    ///
    /// let size = Size::new(32, 32)?;
    /// let config = BatchConfig { plan: PlanConfig::cutmix(size), scope: Scope::Sample, pairing: Pairing::Permutation };
    /// let (key, samples) = (BatchKey::default(), Samples::Range { first: 0, len: 4 });
    /// let mut memory = [PlanSlot::EMPTY; 6];
    /// let slots = BatchPlan::draw_slots(key, &config, samples, &mut memory)?;
    /// let mut direct = [PlanSlot::EMPTY; 4];
    /// assert_eq!(BatchPlan::from_slots(size, slots)?, BatchPlan::draw(key, &config, samples, &mut direct)?);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[inline(never)] // As `ops::in_place`: the stack of drawing and that of mixing need not add up.
    pub fn draw_slots(
        key: BatchKey,
        config: &BatchConfig<'_>,
        samples: Samples<'_>,
        memory: &'m mut [PlanSlot],
    ) -> Result<&'m mut [PlanSlot], Error> {
        order::expect_length(samples.len())?;
        let (len, room) = (samples.len(), memory.len());
        let slots = memory.get_mut(..len).ok_or(Error::TooShort {
            what: "the memory of the batch plan (in slots)",
            given: room as u64,
            expected: len as u64,
        })?;
        pair(slots, config.pairing, key)?;
        if config.scope == Scope::Pair {
            check_mutual(slots)?;
        }
        let keys = EpochKeys::new(key.seed, key.epoch);
        let shared = (config.scope == Scope::Batch).then(|| Values::draw(&mut key.rng(), &config.plan));
        for (position, slot) in slots.iter_mut().enumerate() {
            let partner = slot.plan.partner;
            let sample = SampleKey {
                seed: key.seed,
                epoch: key.epoch,
                // Never beyond the end: there are as many slots as samples.
                index: samples.index(position).unwrap_or(0),
            };
            let mut values = match (config.scope, shared) {
                (Scope::Batch, Some(values)) => values,
                (Scope::Pair, _) => Values::draw(&mut key.pair_rng(partner.min(position as u64)), &config.plan),
                _ => Values::draw(&mut keys.rng(sample.index), &config.plan),
            };
            values.partner = partner;
            slot.plan = values.plan(&config.plan, sample);
        }
        Ok(slots)
    }

    /// A plan from samples that were drawn, logged or made elsewhere, for images of `size`.
    ///
    /// # Errors
    /// [`Error::Partner`] if a partner is not in the batch; [`Error::BoxOutside`] or [`Error::RatioNotOfBox`] if a
    /// sample's plan does not fit the size; [`Error::TooLarge`] from 2^31 samples on.
    ///
    /// Costs a pass over the samples and one along their cycles; no pixel is looked at.
    ///
    /// ```
    /// # use cutmix_core::plan::{BatchPlan, PlanSlot};
    /// # use cutmix_core::{Error, KeptRatio, PatchBox, SamplePlan, Size};
    /// let (size, patch) = (Size::new(4, 2)?, PatchBox::new(0, 0, 2, 2)?);
    /// let sample = SamplePlan { applied: true, patch, kept: KeptRatio::of(patch, size)?, ..SamplePlan::NOTHING };
    /// let mut slots = [1, 0].map(|partner| PlanSlot::new(SamplePlan { partner, ..sample }));
    /// assert_eq!(BatchPlan::from_slots(size, &mut slots)?.get(1).unwrap().partner, 0);
    /// let mut slots = [PlanSlot::new(SamplePlan { partner: 1, ..sample })];
    /// assert_eq!(BatchPlan::from_slots(size, &mut slots), Err(Error::Partner { sample: 0, partner: 1, len: 1 }));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn from_slots(size: Size, slots: &'m mut [PlanSlot]) -> Result<Self, Error> {
        for (sample, slot) in slots.iter().enumerate() {
            check_partner(sample, slot.plan.partner, slots.len())?;
            slot.plan.check(size, sample as u64)?;
        }
        order::expect_length(slots.len())?;
        Ok(Self::arranged(size, slots))
    }

    /// Adds the order in which the batch can be written in place.
    #[inline(never)]
    fn arranged(size: Size, slots: &'m mut [PlanSlot]) -> Self {
        order::arrange(slots, size);
        Self { slots, size }
    }

    /// The samples that are written in place, in an order in which nobody reads what was overwritten.
    pub(crate) fn steps(&self) -> impl Iterator<Item = Step<'m>> + use<'m> {
        order::steps(self.slots)
    }

    /// What sample `index` writes, and reads from its donor; empty beyond the batch.
    pub(crate) fn region(&self, index: usize) -> PatchBox {
        self.slots.get(index).map_or(PatchBox::EMPTY, |slot| order::region(slot, self.size))
    }

    /// Number of samples.
    ///
    /// ```
    /// # use cutmix_core::plan::{BatchConfig, BatchPlan, PlanSlot, Samples};
    /// # use cutmix_core::{BatchKey, Size};
    /// # let config = BatchConfig::kaggle(Size::new(32, 32)?, 1.0)?;
    /// let (samples, mut memory) = (Samples::Range { first: 0, len: 5 }, [PlanSlot::EMPTY; 8]);
    /// assert_eq!(BatchPlan::draw(BatchKey::default(), &config, samples, &mut memory)?.len(), 5); // not 8
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether the batch is empty.
    ///
    /// ```
    /// # use cutmix_core::plan::BatchPlan;
    /// # use cutmix_core::Size;
    /// assert!(BatchPlan::from_slots(Size::new(32, 32)?, &mut [])?.is_empty()); // no mistake: there is nothing to do
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Size of the images that the plan is for.
    ///
    /// ```
    /// # use cutmix_core::plan::{BatchPlan, PlanSlot};
    /// # use cutmix_core::{KeptRatio, PatchBox, SamplePlan, Size};
    /// // The same box is another share of another image, so a plan belongs to one size.
    /// let (size, patch) = (Size::new(4, 2)?, PatchBox::new(0, 0, 2, 2)?);
    /// let sample = SamplePlan { applied: true, patch, kept: KeptRatio::of(patch, size)?, ..SamplePlan::NOTHING };
    /// assert_eq!(BatchPlan::from_slots(size, &mut [PlanSlot::new(sample)])?.size(), size);
    /// assert!(BatchPlan::from_slots(Size::new(8, 2)?, &mut [PlanSlot::new(sample)]).is_err());
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// The plan of sample `index` of the batch; `None` beyond the last.
    ///
    /// ```
    /// # use cutmix_core::plan::{BatchPlan, PlanSlot};
    /// # use cutmix_core::{SamplePlan, Size};
    /// let mut memory = [1, 0].map(|partner| PlanSlot::new(SamplePlan { partner, ..SamplePlan::NOTHING }));
    /// let plan = BatchPlan::from_slots(Size::new(32, 32)?, &mut memory)?;
    /// assert_eq!(plan.get(0).map(|sample| sample.partner), Some(1));
    /// assert_eq!(plan.get(2), None);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&'m SamplePlan> {
        self.slots.get(index).map(PlanSlot::plan)
    }

    /// The plans in the order of the batch.
    ///
    /// ```
    /// # use cutmix_core::plan::{BatchConfig, BatchPlan, PlanSlot, Samples};
    /// # use cutmix_core::{BatchKey, Size};
    /// // The weights of a batch's labels. None is applied here, so each is 1.
    /// let (config, samples) = (BatchConfig::kaggle(Size::new(32, 32)?, 0.0)?, Samples::Range { first: 0, len: 8 });
    /// let mut memory = [PlanSlot::EMPTY; 8];
    /// let plan = BatchPlan::draw(BatchKey::default(), &config, samples, &mut memory)?;
    /// assert_eq!(plan.iter().map(|sample| sample.label_ratio().weights().0).sum::<f32>(), 8.0);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &'m SamplePlan> + use<'m> {
        self.slots.iter().map(PlanSlot::plan)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Method, Methods, Pairing, PlanConfig};

    const KEY: BatchKey = BatchKey { seed: 5, epoch: 1, batch: 9 };

    fn config(scope: Scope, pairing: Pairing<'_>) -> BatchConfig<'_> {
        BatchConfig { plan: PlanConfig::cutmix(Size::new(40, 24).unwrap()), scope, pairing }
    }

    fn partners<const N: usize>(pairing: Pairing<'_>, batch: u64) -> [u64; N] {
        let mut memory = [PlanSlot::EMPTY; N];
        let samples = Samples::Range { first: 0, len: N as u32 };
        let key = BatchKey { batch, ..KEY };
        BatchPlan::draw(key, &config(Scope::Sample, pairing), samples, &mut memory).unwrap();
        memory.map(|slot| slot.plan.partner)
    }

    #[test]
    fn fixed_pairings() {
        assert_eq!(partners::<4>(Pairing::Roll, 0), [3, 0, 1, 2]);
        assert_eq!(partners::<5>(Pairing::Flip, 0), [4, 3, 2, 1, 0]);
        assert_eq!(partners::<3>(Pairing::Given(&[2, 2, 1]), 0), [2, 2, 1]);
        assert_eq!(partners::<1>(Pairing::Roll, 0), [0]);
        assert_eq!(partners::<0>(Pairing::Derangement, 0), [0; 0]);
    }

    #[test]
    #[cfg_attr(miri, ignore = "counts draws for minutes, and says nothing about memory")]
    fn random_pairings_are_uniform() {
        // Chi-square over all 24 permutations and all 9 derangements of 4 samples; fixed seeds.
        for (pairing, cells) in [(Pairing::Permutation, 24.0), (Pairing::Derangement, 9.0)] {
            let mut counts = [0_u32; 256];
            let draws = 24_000;
            for batch in 0..draws {
                let p = partners::<4>(pairing, batch);
                assert_eq!(p.iter().fold(0, |set, &i| set | 1 << i), 15, "{p:?} is a permutation");
                if pairing == Pairing::Derangement {
                    assert!(p.iter().enumerate().all(|(i, &j)| i as u64 != j), "{p:?}");
                }
                counts[p.iter().fold(0, |code, &i| code * 4 + i as usize)] += 1;
            }
            assert_eq!(counts.iter().filter(|&&n| n > 0).count() as f64, cells);
            let expected = draws as f64 / cells;
            let seen = counts.iter().filter(|&&n| n > 0);
            let chi2: f64 = seen.map(|&n| (f64::from(n) - expected).powi(2) / expected).sum();
            // 1e-6 quantiles: 65.4 at 23 degrees of freedom, 42.7 at 8.
            assert!(chi2 < if cells > 9.0 { 65.4 } else { 42.7 }, "{pairing:?}: chi2 = {chi2}");
        }
    }

    #[test]
    fn shared_values_are_shared() {
        let samples = Samples::Range { first: 100, len: 6 };
        let mut memory = [PlanSlot::EMPTY; 6];
        let plan = BatchPlan::draw(KEY, &config(Scope::Batch, Pairing::Roll), samples, &mut memory).unwrap();
        assert!(plan.iter().all(|p| p.patch == plan.get(0).unwrap().patch && p.lambda == plan.get(0).unwrap().lambda));
        let mut memory = [PlanSlot::EMPTY; 6];
        let plan = BatchPlan::draw(KEY, &config(Scope::Pair, Pairing::Flip), samples, &mut memory).unwrap();
        for i in 0..6 {
            let (mine, theirs) = (plan.get(i).unwrap(), plan.get(5 - i).unwrap());
            assert_eq!((mine.lambda, mine.patch), (theirs.lambda, theirs.patch));
            assert!(i == 0 || mine.lambda != plan.get(0).unwrap().lambda || i == 5);
        }
        let mut memory = [PlanSlot::EMPTY; 6];
        let error = BatchPlan::draw(KEY, &config(Scope::Pair, Pairing::Roll), samples, &mut memory);
        assert_eq!(error.unwrap_err(), Error::PairNotMutual { sample: 0 });
    }

    #[test]
    fn per_sample_values_do_not_depend_on_the_batch() {
        let config = config(Scope::Sample, Pairing::Permutation);
        let mut whole = [PlanSlot::EMPTY; 12];
        let plan = BatchPlan::draw(KEY, &config, Samples::Range { first: 50, len: 12 }, &mut whole).unwrap();
        for (i, sample) in plan.iter().enumerate() {
            let key = SampleKey { seed: KEY.seed, epoch: KEY.epoch, index: 50 + i as u64 };
            let alone = SamplePlan::draw(key, &config.plan);
            assert_eq!(SamplePlan { partner: 0, ..*sample }, SamplePlan { partner: 0, ..alone });
        }
        let listed = Samples::Listed(&[61, 50]);
        let mut memory = [PlanSlot::EMPTY; 2];
        let other = BatchPlan::draw(BatchKey { batch: 1, ..KEY }, &config, listed, &mut memory).unwrap();
        assert_eq!(other.get(0).unwrap().patch, plan.get(11).unwrap().patch);
        assert_eq!(other.get(1).unwrap().lambda, plan.get(0).unwrap().lambda);
    }

    #[test]
    fn refuses_what_does_not_fit() {
        let samples = Samples::Range { first: 0, len: 3 };
        let draw = |pairing, samples, slots: &mut [PlanSlot]| {
            BatchPlan::draw(KEY, &config(Scope::Sample, pairing), samples, slots).map(|plan| plan.len())
        };
        let short = Error::TooShort { what: "the memory of the batch plan (in slots)", given: 2, expected: 3 };
        assert_eq!(draw(Pairing::Roll, samples, &mut [PlanSlot::EMPTY; 2]), Err(short));
        assert_eq!(draw(Pairing::Roll, samples, &mut [PlanSlot::EMPTY; 5]), Ok(3));
        let partner = Error::Partner { sample: 1, partner: 3, len: 3 };
        assert_eq!(draw(Pairing::Given(&[0, 3, 1]), samples, &mut [PlanSlot::EMPTY; 3]), Err(partner));
        let count = Error::CountMismatch { what: "partners", given: 2, expected: 3 };
        assert_eq!(draw(Pairing::Given(&[0, 1]), samples, &mut [PlanSlot::EMPTY; 3]), Err(count));
        let one = Samples::Listed(&[7]);
        assert_eq!(draw(Pairing::Derangement, one, &mut [PlanSlot::EMPTY; 1]), Err(Error::NoDerangement));
        let mut bad = [PlanSlot::new(SamplePlan { partner: 1, ..SamplePlan::NOTHING })];
        let error = BatchPlan::from_slots(Size::new(2, 2).unwrap(), &mut bad).unwrap_err();
        assert_eq!(error, Error::Partner { sample: 0, partner: 1, len: 1 });
    }

    #[test]
    fn a_switch_draws_both_methods() {
        let size = Size::new(8, 8).unwrap();
        let plan = PlanConfig::cutmix(size).with_methods(Methods::Switch { cutmix: 0.25 }).unwrap();
        let config = BatchConfig { plan, scope: Scope::Sample, pairing: Pairing::Roll };
        let mut memory = [PlanSlot::EMPTY; 160];
        let plan = BatchPlan::draw(KEY, &config, Samples::Range { first: 0, len: 160 }, &mut memory).unwrap();
        let cutmix = plan.iter().filter(|p| p.method == Method::CutMix).count();
        assert!((20..=60).contains(&cutmix), "{cutmix} of 160");
        assert!(plan.iter().all(|p| p.method != Method::Mixup || p.kept.total() == 1 << 15));
    }

    #[test]
    fn samples_and_plans_have_a_length() {
        let range = Samples::Range { first: 5, len: 2 };
        assert_eq!([0, 1, 2].map(|position| range.index(position)), [Some(5), Some(6), None]);
        let listed = Samples::Listed(&[9, 4]);
        assert_eq!([0, 1, 2].map(|position| listed.index(position)), [Some(9), Some(4), None]);
        assert_eq!((range.len(), listed.len(), range.is_empty(), listed.is_empty()), (2, 2, false, false));
        assert!(Samples::Range { first: 5, len: 0 }.is_empty() && Samples::Listed(&[]).is_empty());
        let mut memory = [PlanSlot::EMPTY; 2];
        let config = config(Scope::Sample, Pairing::Roll);
        assert!(!BatchPlan::draw(KEY, &config, range, &mut memory).unwrap().is_empty());
        assert!(BatchPlan::draw(KEY, &config, Samples::Listed(&[]), &mut memory).unwrap().is_empty());
    }
}
