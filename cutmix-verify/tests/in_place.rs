//! Batches in place against the per-pixel reference, which reads an untouched copy: any partner map, one box or many,
//! every method in one batch, scratch from one pixel up, at every level of this machine. Whole buffers are compared.

mod support;

use bytemuck::Pod;
use cutmix_core::ops::{self, Blend, Fill, NoiseRange};
use cutmix_core::plan::{BatchConfig, Methods, Pairing, PlanConfig, PlanSlot, SamplePlan, Samples, Scope};
use cutmix_core::view::{BatchLayout, BatchView, BatchViewMut};
use cutmix_core::{BatchKey, BatchPlan, Error, KeptRatio, Layout, Level, Method, NoiseKey, PatchBox, Size, WeightGrid};
use proptest::prelude::*;
use support::*;

/// One sample: method, partner, corners of its box, lambda, applied.
type Raw = (u8, usize, [f64; 4], f64, bool);

/// How partners are made of the raw numbers.
#[derive(Clone, Copy, Debug)]
enum Map {
    /// Any: trees on cycles, samples of their own.
    Any,
    /// One cycle through all.
    Roll,
    /// Mutual pairs.
    Flip,
    /// Cycles of several lengths, by sorting.
    Permutation,
}

fn maps() -> impl Strategy<Value = Map> {
    prop::sample::select(vec![Map::Any, Map::Any, Map::Roll, Map::Flip, Map::Permutation])
}

fn partners(map: Map, raw: &[Raw]) -> Vec<usize> {
    let n = raw.len();
    match map {
        Map::Any => raw.iter().map(|sample| sample.1 % n).collect(),
        Map::Roll => (0..n).map(|i| (i + n - 1) % n).collect(),
        Map::Flip => (0..n).map(|i| n - 1 - i).collect(),
        Map::Permutation => {
            let mut order: Vec<usize> = (0..n).collect();
            order.sort_by_key(|&i| (raw[i].1, i));
            order
        }
    }
}

/// Which methods a batch has.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mix {
    CutMix,
    All,
}

fn slots<T: Blend>(size: Size, raw: &[Raw], map: Map, mix: Mix, one_box: bool) -> Vec<PlanSlot> {
    let partners = partners(map, raw);
    raw.iter()
        .zip(partners)
        .enumerate()
        .map(|(i, (&(method, _, corners, lambda, applied), partner))| {
            let method = match mix {
                Mix::CutMix => Method::CutMix,
                Mix::All => [Method::CutMix, Method::CutMix, Method::Mixup, Method::Cutout][method as usize % 4],
            };
            let corners = if one_box { raw[0].2 } else { corners };
            let patch = if applied && method != Method::Mixup { any_box(size, corners) } else { PatchBox::EMPTY };
            let kept = match method {
                Method::Mixup => T::GRID.weight(if applied { lambda } else { 1.0 }).unwrap(),
                Method::CutMix | Method::Cutout => KeptRatio::of(patch, size).unwrap(),
            };
            let (partner, noise) = (partner as u64, NoiseKey { words: [i as u32, 77] });
            PlanSlot::new(SamplePlan { method, applied, partner, patch, lambda, kept, noise })
        })
        .collect()
}

/// What an operation leaves of a batch's memory.
fn written<T: Pod>(
    input: &[T],
    batch: BatchLayout,
    run: impl FnOnce(&mut BatchViewMut<'_, T>) -> Result<(), Error>,
) -> Vec<T> {
    let mut data = input.to_vec();
    run(&mut BatchViewMut::new(&mut data, batch).unwrap()).unwrap();
    data
}

/// A batch layout with a gap between samples, and the scratch that `part` of 0 to 1 stands for.
fn batch_of(shape: (Size, u32, u32, u32), bytes: u32, len: usize, scratch: f64) -> (BatchLayout, usize) {
    let sample = layout(shape, bytes);
    let batch = BatchLayout::new(sample, sample.buffer_bytes() + 3 * bytes as usize, len).unwrap();
    let most = 1.3 * sample.buffer_bytes() as f64;
    // One pixel at 0, a row or so at a half, more than an image at 1.
    let pixel = sample.pixel_bytes() as usize;
    (batch, pixel + (most * scratch.powi(6)) as usize)
}

fn memory(batch: &BatchLayout) -> Layout {
    Layout::nhwc(Size::new(batch.buffer_bytes().max(1) as u32, 1).unwrap(), 1, 1).unwrap()
}

fn raw(most: usize) -> impl Strategy<Value = Vec<Raw>> {
    let lambda = prop_oneof![Just(0.0), Just(1.0), 0.0..1.0_f64];
    prop::collection::vec((0..4_u8, 0..1000_usize, corners(), lambda, prop::bool::weighted(0.85)), 1..most)
}

fn small_shape() -> impl Strategy<Value = (Size, u32, u32, u32)> {
    (1..40_u32, 1..24_u32, 1..5_u32, 0..6_u32, 0..4_u32)
        .prop_map(|(w, h, channels, kind, pad)| (Size::new(w, h).unwrap(), channels, kind, pad))
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn bytes_in_place_are_the_reference(
        shape in small_shape(), raw in raw(14), map in maps(), one_box: bool, all: bool, scratch in 0.0..1.0_f64,
    ) {
        let mix = if all { Mix::All } else { Mix::CutMix };
        let (batch, scratch) = batch_of(shape, 1, raw.len(), scratch);
        let mut slots = slots::<u8>(shape.0, &raw, map, mix, one_box);
        let plan = BatchPlan::from_slots(shape.0, &mut slots).unwrap();
        let input = painted::<u8>(&memory(&batch), 21);
        let fill = Fill::Noise(NoiseRange::default());
        let want = mixed_batch(&input, &input, &batch, plan.iter(), fill);
        for &level in Level::available() {
            let mut scratch = vec![0; scratch];
            let data = written(&input, batch, |view| {
                ops::batch::mix_in_place_with(level, view, &plan, fill, &mut scratch)
            });
            prop_assert!(data == want, "{} {:?} scratch {} {:?}", level.name(), map, scratch.len(), plan);
            let data = written(&input, batch, |view| ops::batch::mix_in_place(level, view, &plan, fill));
            prop_assert!(data == want, "{} with 16 KiB", level.name());
            let data = written(&input, batch, |view| {
                let mut images: Vec<_> = view.iter_mut().collect();
                let frame = ops::Frame::whole(shape.0);
                ops::batch::mix_images_in_place(level, &mut images, &plan, fill, frame, &mut scratch)
            });
            prop_assert!(data == want, "{} as separate images", level.name());
            let threads = 1 + raw[0].1 as u32 % 9;
            let data = written(&input, batch, |view| {
                cutmix_verify::parallel::mix_in_place(level, view, &plan, fill, threads)
            });
            prop_assert!(data == want, "{} in bands {:?}", level.name(), shape);
        }
    }

    #[test]
    fn floats_in_place_are_the_reference(
        shape in small_shape(), raw in raw(9), map in maps(), one_box: bool, scratch in 0.0..1.0_f64,
    ) {
        let (batch, scratch) = batch_of(shape, 4, raw.len(), scratch);
        let mut slots = slots::<f32>(shape.0, &raw, map, Mix::All, one_box);
        let plan = BatchPlan::from_slots(shape.0, &mut slots).unwrap();
        let input = painted::<f32>(&memory(&batch), 22);
        let fill = Fill::Noise(NoiseRange { lo: -1.0, hi: 2.0 });
        let want = mixed_batch(&input, &input, &batch, plan.iter(), fill);
        for &level in Level::available() {
            let data = written(&input, batch, |view| {
                ops::batch::mix_in_place_with(level, view, &plan, fill, &mut vec![0; scratch])
            });
            prop_assert!(same_numbers(&data, &want), "{} {:?} scratch {}", level.name(), map, scratch);
        }
    }

    #[test]
    fn copies_in_place_are_the_reference(
        shape in small_shape(), raw in raw(40), map in maps(), one_box: bool, scratch in 0.0..1.0_f64,
    ) {
        let (batch, scratch) = batch_of(shape, 2, raw.len(), scratch);
        let mut slots = slots::<u16>(shape.0, &raw, map, Mix::CutMix, one_box);
        let plan = BatchPlan::from_slots(shape.0, &mut slots).unwrap();
        let input = painted::<u16>(&memory(&batch), 23);
        let want = mixed_batch(&input, &input, &batch, plan.iter(), Fill::Zero);
        for &level in Level::available() {
            let data = written(&input, batch, |view| {
                ops::batch::paste_in_place_with(level, view, &plan, Fill::Zero, &mut vec![0; scratch])
            });
            prop_assert!(data == want, "{} {:?} scratch {}", level.name(), map, scratch);
            let data = written(&input, batch, |view| ops::batch::paste_in_place(level, view, &plan, Fill::Zero));
            prop_assert!(data == want, "{} with 16 KiB", level.name());
        }
    }
}

#[test]
fn long_cycles_with_a_pixel_of_scratch() {
    let size = Size::new(33, 17).unwrap();
    let n = 101;
    let raw: Vec<Raw> = (0..n).map(|i| (0, i * 7919 % n, [0.1, 0.9, 0.2, 0.8], 0.5, true)).collect();
    for (map, layout) in [
        (Map::Roll, Layout::nhwc(size, 3, 1).unwrap()),
        (Map::Permutation, Layout::nchw(size, 3, 1).unwrap()),
        (Map::Flip, Layout::nchw(size, 3, 1).unwrap()),
    ] {
        let mut slots = slots::<u8>(size, &raw, map, Mix::CutMix, true);
        let plan = BatchPlan::from_slots(size, &mut slots).unwrap();
        let batch = BatchLayout::dense(layout, n).unwrap();
        let input = painted::<u8>(&memory(&batch), 24);
        let want = mixed_batch(&input, &input, &batch, plan.iter(), Fill::Zero);
        for scratch in [layout.pixel_bytes() as usize, 8, 40, 100_000] {
            let data = written(&input, batch, |view| {
                ops::batch::mix_in_place_with(Level::detect(), view, &plan, Fill::Zero, &mut vec![0; scratch])
            });
            assert!(data == want, "{map:?} with {scratch} bytes");
        }
    }
}

#[test]
fn mistakes_are_refused_before_anything_is_written() {
    let size = Size::new(4, 4).unwrap();
    let batch = BatchLayout::dense(Layout::nhwc(size, 3, 1).unwrap(), 2).unwrap();
    let patch = PatchBox::new(0, 0, 2, 2).unwrap();
    let cut = SamplePlan {
        applied: true,
        partner: 1,
        patch,
        kept: KeptRatio::of(patch, size).unwrap(),
        ..SamplePlan::NOTHING
    };
    let drop = SamplePlan { method: Method::Cutout, partner: 0, ..cut };
    let blend =
        SamplePlan { method: Method::Mixup, patch: PatchBox::EMPTY, kept: KeptRatio::new(1, 2).unwrap(), ..cut };
    let run = |second: SamplePlan, fill: Fill<'_, u8>, scratch: usize, copies: bool| {
        let mut slots = [PlanSlot::new(cut), PlanSlot::new(SamplePlan { partner: 0, ..second })];
        let plan = BatchPlan::from_slots(size, &mut slots).unwrap();
        let mut data: Vec<u8> = (0..96).collect();
        let mut view = BatchViewMut::new(&mut data, batch).unwrap();
        let (level, mut scratch) = (Level::detect(), vec![0; scratch]);
        let result = if copies {
            ops::batch::paste_in_place_with(level, &mut view, &plan, fill, &mut scratch)
        } else {
            ops::batch::mix_in_place_with(level, &mut view, &plan, fill, &mut scratch)
        };
        assert_eq!(result.is_err(), data == (0..96).collect::<Vec<u8>>(), "{result:?}");
        result
    };
    assert_eq!(run(drop, Fill::Zero, 3, false), Ok(()));
    let short = Error::TooShort { what: "the scratch (in bytes)", given: 2, expected: 3 };
    assert_eq!(run(cut, Fill::Zero, 2, false), Err(short));
    assert_eq!(run(blend, Fill::Zero, 3, false), Err(Error::WeightGrid { given: 2, expected: 1 << 15 }));
    assert_eq!(run(blend, Fill::Zero, 3, true), Err(Error::CopyOnly { sample: 1 }));
    assert_eq!(run(drop, Fill::Noise(NoiseRange::default()), 3, true), Err(Error::CopyOnly { sample: 1 }));
    assert!(matches!(run(drop, Fill::Constant(&[1, 2]), 3, false), Err(Error::CountMismatch { given: 2, .. })));
    assert!(matches!(run(drop, Fill::Constant(&[1, 2]), 3, true), Err(Error::CountMismatch { given: 2, .. })));
    assert_eq!(run(drop, Fill::Constant(&[1, 2, 3]), 3, true), Ok(()));
}

#[test]
fn parts_of_a_cutout_get_their_planes_constant() {
    let size = Size::new(6, 5).unwrap();
    let mut cut = SamplePlan { method: Method::Cutout, applied: true, ..SamplePlan::NOTHING };
    cut.patch = PatchBox::new(1, 1, 5, 4).unwrap();
    cut.kept = KeptRatio::of(cut.patch, size).unwrap();
    let mut slots = [PlanSlot::new(cut); 3];
    let plan = BatchPlan::from_slots(size, &mut slots).unwrap();
    let fill = Fill::Constant(&[1, 2, 3]);
    for layout in [Layout::nhwc(size, 3, 1).unwrap(), Layout::nchw(size, 3, 1).unwrap()] {
        let batch = BatchLayout::dense(layout, 3).unwrap();
        let (mut one, mut two) = (vec![9_u8; batch.buffer_bytes()], vec![9_u8; batch.buffer_bytes()]);
        let level = Level::detect();
        ops::batch::mix_in_place(level, &mut BatchViewMut::new(&mut one, batch).unwrap(), &plan, fill).unwrap();
        let mut view = BatchViewMut::new(&mut two, batch).unwrap();
        cutmix_verify::parallel::mix_in_place(level, &mut view, &plan, fill, 3).unwrap();
        assert_eq!(one, two);
        assert_eq!(one.iter().map(|&byte| u32::from(byte == 3)).sum::<u32>(), 3 * 12);
        let mut view = BatchViewMut::new(&mut two, batch).unwrap();
        let short = cutmix_verify::parallel::mix_in_place(level, &mut view, &plan, Fill::Constant(&[1]), 3);
        assert!(matches!(short, Err(Error::CountMismatch { given: 1, expected: 3, .. })));
    }
}

#[test]
fn nothing_is_allocated() {
    let size = Size::new(32, 32).unwrap();
    let batch = BatchLayout::dense(Layout::nchw(size, 3, 4).unwrap(), 64).unwrap();
    let mut data = vec![0.25_f32; batch.buffer_bytes() / 4];
    let mut copy = data.clone();
    let mut memory = vec![PlanSlot::EMPTY; 64];
    let methods = Methods::Switch { cutmix: 0.6 };
    let plan =
        PlanConfig::cutmix(size).with_alpha(0.4).unwrap().with_methods(methods).unwrap().with_grid(WeightGrid::Q24);
    let mut scratch = [0; 700];
    for pairing in [Pairing::Roll, Pairing::Flip, Pairing::Derangement, Pairing::WithReplacement] {
        let config = BatchConfig { plan, scope: Scope::Sample, pairing };
        let allocations = allocation_counter::measure(|| {
            let samples = Samples::Range { first: 0, len: 64 };
            let plan = BatchPlan::draw(BatchKey::default(), &config, samples, &mut memory).unwrap();
            for &level in Level::available() {
                let mut view = BatchViewMut::new(&mut data, batch).unwrap();
                ops::batch::mix_in_place(level, &mut view, &plan, Fill::Zero).unwrap();
                ops::batch::mix_in_place_with(level, &mut view, &plan, Fill::Zero, &mut scratch).unwrap();
                let input = BatchView::new(&data, batch).unwrap();
                ops::batch::mix_into(
                    level,
                    &mut BatchViewMut::new(&mut copy, batch).unwrap(),
                    &input,
                    &plan,
                    Fill::Zero,
                )
                .unwrap();
            }
        });
        println!("{pairing:?}: {} allocations", allocations.count_total);
        assert_eq!(allocations.count_total, 0, "{pairing:?}");
    }
    let counted = allocation_counter::measure(|| drop(std::hint::black_box(vec![0_u8; 9])));
    assert_eq!(counted.count_total, 1, "the counter counts");
}
