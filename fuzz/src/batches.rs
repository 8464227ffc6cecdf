//! The batch half of the plan target: pairings drawn a second time as the stream contract says, values of every scope,
//! refusals, and an order in which a small batch written in place equals one written into another buffer.

use arbitrary::Arbitrary;
use cutmix_core::draw::uniform::below;
use cutmix_core::ops::{self, Fill, NoiseRange};
use cutmix_core::plan::{BatchConfig, Pairing, PlanSlot, Samples, Scope};
use cutmix_core::view::{BatchLayout, BatchView, BatchViewMut};
use cutmix_core::{BatchKey, BatchPlan, Error, Layout, Level, PlanConfig, SampleKey, WeightGrid};

use crate::Outcome;
use crate::pixels::paint;
use crate::plan::expect_drawn;

/// A batch of up to twelve samples.
#[derive(Arbitrary, Debug)]
pub struct Input {
    scope: u8,
    pairing: u8,
    len: u8,
    first: u64,
    /// Indices one by one, instead of a range.
    listed: bool,
    given: Vec<u8>,
    /// How many slots of memory there are beyond those needed, or fewer.
    slack: i8,
    scratch: u8,
}

impl Input {
    fn len(&self) -> usize {
        usize::from(self.len) % 13
    }
}

/// The partners that the contract gives, or whether it refuses.
fn partners(pairing: Pairing<'_>, len: usize, key: BatchKey) -> Option<Vec<u64>> {
    let mut rng = key.pairing_rng();
    let n = len as u64;
    // Fisher and Yates from the end; `None` at a fixed point where none is wanted.
    let mut shuffle = |derange: bool| {
        let mut order: Vec<u64> = (0..n).collect();
        for i in (0..len).rev() {
            if i > 0 {
                order.swap(i, below(&mut rng, i as u64 + 1) as usize);
            }
            if derange && order[i] == i as u64 {
                return None;
            }
        }
        Some(order)
    };
    match pairing {
        Pairing::Roll => Some((0..n).map(|i| (i + n - 1) % n).collect()),
        Pairing::Flip => Some((0..n).map(|i| n - 1 - i).collect()),
        Pairing::Permutation => shuffle(false),
        Pairing::Derangement if len == 1 => None,
        Pairing::Derangement => std::iter::repeat_with(|| shuffle(true)).flatten().next(),
        Pairing::WithReplacement => Some((0..n).map(|_| below(&mut rng, n)).collect()),
        Pairing::Given(given) => (given.len() == len && given.iter().all(|&partner| u64::from(partner) < n))
            .then(|| given.iter().map(|&partner| partner.into()).collect()),
    }
}

/// The oracle, called with a configuration that was taken.
#[must_use]
pub fn check(input: &Input, key: BatchKey, config: &PlanConfig) -> Outcome {
    let len = input.len();
    let given: Vec<u32> = input.given.iter().map(|&partner| partner.into()).collect();
    let pairing = match input.pairing % 6 {
        0 => Pairing::Roll,
        1 => Pairing::Flip,
        2 => Pairing::Permutation,
        3 => Pairing::Derangement,
        4 => Pairing::WithReplacement,
        _ => Pairing::Given(&given),
    };
    let scope = [Scope::Sample, Scope::Pair, Scope::Batch][usize::from(input.scope) % 3];
    let config = BatchConfig { plan: *config, scope, pairing };
    let listed: Vec<u64> = (0..len as u64).map(|i| input.first.rotate_left(i as u32)).collect();
    let samples =
        if input.listed { Samples::Listed(&listed) } else { Samples::Range { first: input.first, len: len as u32 } };
    let room = len.saturating_add_signed(isize::from(input.slack) / 16);
    let mut memory = vec![PlanSlot::EMPTY; room];
    let expected = partners(pairing, len, key);
    let mutual = |partners: &[u64]| partners.iter().enumerate().all(|(i, &j)| partners[j as usize] == i as u64);
    let possible = expected.as_ref().is_some_and(|partners| scope != Scope::Pair || mutual(partners));
    let plan = match BatchPlan::draw(key, &config, samples, &mut memory) {
        Ok(plan) => plan,
        Err(error) => {
            assert!(room < len || !possible, "{error} for {config:?} over {samples:?}");
            return Outcome::Refused;
        }
    };
    let expected = expected.filter(|_| possible && room >= len).expect("a batch that is refused");
    assert_eq!((plan.len(), plan.size()), (len, config.plan.size()));
    for (i, sample) in plan.iter().enumerate() {
        let index = if input.listed { listed[i] } else { input.first.wrapping_add(i as u64) };
        let own = SampleKey { seed: key.seed, epoch: key.epoch, index };
        let mut rng = match scope {
            Scope::Sample => own.rng(),
            Scope::Pair => key.pair_rng(expected[i].min(i as u64)),
            Scope::Batch => key.rng(),
        };
        expect_drawn(sample, &mut rng, &config.plan, own.noise(), Some(expected[i]));
    }
    let mut replayed: Vec<PlanSlot> = plan.iter().copied().map(PlanSlot::new).collect();
    assert_eq!(BatchPlan::from_slots(plan.size(), &mut replayed), Ok(plan), "a plan survives its replay");
    if plan.size().total() <= 256 && config.plan.grid() == WeightGrid::Q15 {
        expect_order(&plan, usize::from(input.scratch));
    }
    Outcome::Verified
}

/// That the plan's order reads nothing that it has overwritten.
fn expect_order(plan: &BatchPlan<'_>, scratch: usize) {
    let layout = Layout::nhwc(plan.size(), 1, 1).expect("a small image");
    let layout = BatchLayout::dense(layout, plan.len()).expect("a small batch");
    let mut data = vec![0_u8; layout.buffer_bytes()];
    paint(&mut data, 1);
    let mut out = vec![0; data.len()];
    let (level, fill) = (Level::detect(), Fill::Noise(NoiseRange::default()));
    let input = BatchView::new(&data, layout).expect("a buffer of the batch's length");
    let mut view = BatchViewMut::new(&mut out, layout).expect("a buffer of the batch's length");
    assert_eq!(ops::batch::mix_into(level, &mut view, &input, plan, fill), Ok(()));
    let mut view = BatchViewMut::new(&mut data, layout).expect("a buffer of the batch's length");
    let result = ops::batch::mix_in_place_with(level, &mut view, plan, fill, &mut vec![0; scratch]);
    match result {
        Ok(()) => assert!(data == out, "in place with {scratch} bytes of scratch: {plan:?}"),
        Err(error) => assert!(scratch == 0 && matches!(error, Error::TooShort { .. }), "{error}"),
    }
}
