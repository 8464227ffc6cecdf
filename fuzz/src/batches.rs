//! The batch half of the plan target: pairings and values of every scope drawn a second time by the reference,
//! refusals, and an order in which a small batch written in place equals one written into another buffer.

use arbitrary::Arbitrary;
use cutmix_core::ops::{self, Fill, NoiseRange};
use cutmix_core::plan::{BatchConfig, Pairing, PlanSlot, Samples, Scope};
use cutmix_core::view::{BatchLayout, BatchView, BatchViewMut};
use cutmix_core::{BatchKey, BatchPlan, Error, Layout, Level, PlanConfig, SampleKey, WeightGrid};
use cutmix_verify::reference::{self, Stream};

use crate::Outcome;
use crate::drawn::expect_drawn;
use crate::pixels::paint;

/// A batch of up to twelve samples.
#[derive(Arbitrary, Debug)]
pub(crate) struct Input {
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
    let name = match pairing {
        Pairing::Roll => "roll",
        Pairing::Flip => "flip",
        Pairing::Permutation => "permutation",
        Pairing::Derangement => "derangement",
        Pairing::WithReplacement => "replacement",
        Pairing::Given(given) => {
            let right = given.len() == len && given.iter().all(|&partner| (partner as usize) < len);
            return right.then(|| given.iter().map(|&partner| partner.into()).collect());
        }
    };
    reference::partners(name, [key.seed, key.epoch, key.batch], len as u32)
}

/// The oracle, called with a configuration that was taken.
pub(crate) fn check(input: &Input, key: BatchKey, config: &PlanConfig) -> Outcome {
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
        let (domain, last) = match scope {
            Scope::Sample => (*b"CM1.smpl", [index, 0]),
            Scope::Pair => (*b"CM1.grup", [key.batch, expected[i].min(i as u64)]),
            Scope::Batch => (*b"CM1.btch", [key.batch, 0]),
        };
        let mut stream = Stream::new(domain, [key.seed, key.epoch, last[0], last[1]]);
        expect_drawn(sample, &mut stream, &config.plan, own, Some(expected[i]));
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
