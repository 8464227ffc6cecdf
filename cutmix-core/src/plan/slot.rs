//! The memory of a batch's plan, a slot for each sample.

use crate::plan::SamplePlan;

/// The memory that a batch's plan takes for one sample. The caller brings as many as the batch is long.
///
/// ```
/// # use cutmix_core::plan::PlanSlot;
/// # use cutmix_core::SamplePlan;
/// assert_eq!(PlanSlot::EMPTY.plan(), &SamplePlan::NOTHING);
/// assert!(size_of::<PlanSlot>() <= 72);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlanSlot {
    pub(super) plan: SamplePlan,
    /// The step of the same number of the order in which the batch is written in place; see `order`.
    pub(super) step: u32,
    /// While the order is made: how many samples still read this one.
    pub(super) readers: u32,
}

impl PlanSlot {
    /// A slot that holds nothing yet.
    ///
    /// ```
    /// # use cutmix_core::plan::{BatchConfig, BatchPlan, PlanSlot, Samples};
    /// # use cutmix_core::{BatchKey, Size};
    /// let config = BatchConfig::kaggle(Size::new(32, 32)?, 1.0)?;
    /// // Memory for the longest batch; the last one of an epoch leaves the rest of it alone.
    /// let mut memory = [PlanSlot::EMPTY; 8];
    /// BatchPlan::draw(BatchKey::default(), &config, Samples::Range { first: 0, len: 5 }, &mut memory)?;
    /// assert!(memory[4] != PlanSlot::EMPTY && memory[5] == PlanSlot::EMPTY);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const EMPTY: Self = Self::new(SamplePlan::NOTHING);

    /// A slot with a given plan, for [`BatchPlan::from_slots`](crate::BatchPlan::from_slots).
    ///
    /// ```
    /// # use cutmix_core::plan::{BatchPlan, PlanSlot};
    /// # use cutmix_core::{SamplePlan, Size};
    /// // Plans from a log.
    /// let logged = [1, 0].map(|partner| SamplePlan { partner, ..SamplePlan::NOTHING });
    /// let mut memory = logged.map(PlanSlot::new);
    /// assert!(BatchPlan::from_slots(Size::new(32, 32)?, &mut memory)?.iter().eq(&logged));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn new(plan: SamplePlan) -> Self {
        Self { plan, step: 0, readers: 0 }
    }

    /// The plan in the slot.
    ///
    /// ```
    /// # use cutmix_core::plan::{BatchConfig, BatchPlan, PlanSlot, Samples};
    /// # use cutmix_core::{BatchKey, Size};
    /// let (config, samples) = (BatchConfig::kaggle(Size::new(32, 32)?, 1.0)?, Samples::Range { first: 0, len: 2 });
    /// let mut memory = [PlanSlot::EMPTY; 2];
    /// let last = *BatchPlan::draw(BatchKey::default(), &config, samples, &mut memory)?.get(1).unwrap();
    /// assert_eq!(memory[1].plan(), &last); // what was drawn outlives the batch's plan
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn plan(&self) -> &SamplePlan {
        &self.plan
    }
}

impl Default for PlanSlot {
    fn default() -> Self {
        Self::EMPTY
    }
}
