//! Batches in place and into another buffer against the reference, which reads an untouched copy: any partner map,
//! boxes, methods, layouts, gaps and scratch. Whole buffers are compared.

use arbitrary::Arbitrary;
use cutmix_core::ops::{self, Fill, Frame, NoiseRange};
use cutmix_core::plan::{PlanSlot, SamplePlan};
use cutmix_core::view::{BatchLayout, BatchView, BatchViewMut};
use cutmix_core::{BatchPlan, Error, KeptRatio, Method, NoiseKey, PatchBox, Size};

use crate::Outcome;
use crate::pixels::{
    Element, Format, Memory, Shape, inside, layout, level, mixed_batch, painted, same_bits, same_numbers,
};

#[derive(Arbitrary, Clone, Copy, Debug)]
struct Sample {
    method: u8,
    applied: bool,
    partner: u8,
    corners: [u8; 4],
    weight: u32,
}

#[derive(Arbitrary, Debug)]
struct Input {
    element: u8,
    level: u8,
    shape: Shape,
    format: Format,
    memory: Memory,
    gap: u8,
    scratch: u16,
    /// All samples take the box of the first.
    one_box: bool,
    /// Only `CutMix`, which elements without arithmetic get too.
    copies: bool,
    /// Partners beyond the batch are left there, for a refusal.
    stray: bool,
    fill: u8,
    seed: u64,
    samples: Vec<Sample>,
}

/// More than two cycles of more than two.
const MOST: usize = 10;

pub(crate) fn check(data: &[u8]) -> Outcome {
    let Some(input) = crate::read::<Input>(data) else { return Outcome::Malformed };
    if input.samples.is_empty() {
        return Outcome::Malformed;
    }
    match input.element % 3 {
        0 => run::<u8>(&input),
        1 => run::<u16>(&input),
        _ => run::<f32>(&input),
    }
}

fn plans<T: Element>(input: &Input, size: Size) -> Vec<SamplePlan> {
    let samples = &input.samples[..input.samples.len().min(MOST)];
    let plan = |(i, sample): (usize, &Sample)| {
        let method = match (input.copies, sample.method % 4) {
            (true, _) | (_, 0 | 1) => Method::CutMix,
            (_, 2) => Method::Mixup,
            _ => Method::Cutout,
        };
        let corners = if input.one_box { samples[0].corners } else { sample.corners };
        let patch = if sample.applied && method != Method::Mixup { inside(size, corners) } else { PatchBox::EMPTY };
        let grid = T::GRID.denominator();
        let kept = match method {
            Method::Mixup if sample.applied => KeptRatio::new((sample.weight % (grid + 1)).into(), grid.into()),
            Method::Mixup => KeptRatio::new(grid.into(), grid.into()),
            Method::CutMix | Method::Cutout => KeptRatio::of(patch, size),
        };
        let partner =
            if input.stray { sample.partner.into() } else { u64::from(sample.partner) % samples.len() as u64 };
        SamplePlan {
            method,
            applied: sample.applied,
            partner,
            patch,
            lambda: 0.5,
            kept: kept.expect("a ratio in range"),
            noise: NoiseKey { words: [i as u32, 77] },
        }
    };
    samples.iter().enumerate().map(plan).collect()
}

fn run<T: Element>(input: &Input) -> Outcome {
    let size = input.shape.size();
    let plans = plans::<T>(input, size);
    let mut slots: Vec<PlanSlot> = plans.iter().copied().map(PlanSlot::new).collect();
    let stray = plans.iter().any(|plan| plan.partner >= plans.len() as u64);
    let plan = match BatchPlan::from_slots(size, &mut slots) {
        Ok(plan) => plan,
        Err(error) => {
            assert!(stray && matches!(error, Error::Partner { .. }), "{error} for {input:?}");
            return Outcome::Refused;
        }
    };
    assert!(!stray, "a partner beyond the batch was taken: {input:?}");

    let sample = layout(input.shape, input.format, input.memory, size_of::<T>());
    let pitch = sample.buffer_bytes() + usize::from(input.gap) % 9 * size_of::<T>();
    let batch = BatchLayout::new(sample, pitch, plans.len()).expect("samples without overlap");
    let range = NoiseRange { lo: -1.0, hi: 2.0 };
    let mut constants = painted::<T>((sample.planes() * sample.pixel_bytes()) as usize, input.seed ^ 1);
    constants.truncate((sample.planes() * sample.pixel_bytes()) as usize / size_of::<T>());
    let fill = match input.fill % 3 {
        0 => Fill::Zero,
        1 => Fill::Constant(&constants[..]),
        _ => Fill::Noise(range),
    };
    let data = painted::<T>(batch.buffer_bytes(), input.seed);
    let want = mixed_batch(&data, &data, &batch, &plans, fill);

    let level = level(input.level);
    let mut scratch = vec![0; usize::from(input.scratch) % 4096];
    let frame = Frame::whole(size);
    let enough = scratch.len() >= sample.pixel_bytes() as usize;
    let computes = plans.iter().any(|plan| plan.method == Method::Mixup && plan.applied);
    let same = |got: &[T], want: &[T]| if computes { same_numbers(got, want) } else { same_bits(got, want) };
    let in_place = |what: &str, may_fail: bool, run: &mut dyn FnMut(&mut BatchViewMut<'_, T>) -> Result<(), Error>| {
        let mut got = data.clone();
        let result = run(&mut BatchViewMut::new(&mut got, batch).expect("a buffer of the batch's length"));
        match result {
            Ok(()) => assert!(same(&got, &want), "{what} at {} is not the reference: {input:?}", level.name()),
            Err(error) => {
                assert!(may_fail, "{what}: {error} for {input:?}");
                assert!(same_bits(&got, &data), "{what} was refused, but wrote: {input:?}");
            }
        }
    };
    in_place("with scratch", !enough, &mut |view| {
        ops::batch::mix_in_place_with(level, view, &plan, fill, &mut scratch)
    });
    in_place("with 16 KiB", false, &mut |view| ops::batch::mix_in_place(level, view, &plan, fill));
    in_place("as separate images", !enough, &mut |view| {
        let mut images: Vec<_> = view.iter_mut().collect();
        ops::batch::mix_images_in_place(level, &mut images, &plan, fill, frame, &mut scratch)
    });
    if input.copies {
        in_place("copied", !enough, &mut |view| {
            ops::batch::paste_in_place_with(level, view, &plan, fill, &mut scratch)
        });
    }

    let mut out = painted::<T>(batch.buffer_bytes(), !input.seed);
    let want = mixed_batch(&data, &out, &batch, &plans, fill);
    let source = BatchView::new(&data, batch).expect("a buffer of the batch's length");
    let mut target = BatchViewMut::new(&mut out, batch).expect("a buffer of the batch's length");
    assert_eq!(ops::batch::mix_into(level, &mut target, &source, &plan, fill), Ok(()), "{input:?}");
    assert!(same(&out, &want), "into another buffer at {} is not the reference: {input:?}", level.name());
    if enough { Outcome::Verified } else { Outcome::Refused }
}
