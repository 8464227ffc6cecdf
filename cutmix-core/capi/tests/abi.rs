//! The ABI against the core, as a caller in C would use it: the same plans, pixels and labels over many shapes, and from
//! several threads at a time.
#![allow(unsafe_code)] // The functions under test take raw pointers.

mod common;

use common::{ELEMENTS, image, ok, painted, sample};
use cutmix::*;
use cutmix_core::ops::{self, Fill as CoreFill, NoiseRange};
use cutmix_core::plan::{BatchConfig as CoreBatch, BatchPlan, Pairing, PlanSlot, Samples, Scope};
use cutmix_core::view::{BatchLayout, BatchViewMut};
use cutmix_core::{BatchKey, BoxRule, Layout, Level, Method, PlanConfig, SampleKey, SamplePlan, Size, label};

fn config(width: u32, height: u32) -> Config {
    // SAFETY: zero is a value of every field.
    let mut config: Config = unsafe { std::mem::zeroed() };
    // SAFETY: a struct of this size.
    ok(unsafe { cutmix_config_init(&raw mut config, size_of::<Config>(), width, height) });
    config
}

fn drawn(index: u64, config: &Config) -> Sample {
    let mut drawn = sample();
    // SAFETY: both are of their sizes.
    ok(unsafe { cutmix_plan_sample(3, 1, index, config, &raw mut drawn) });
    drawn
}

fn same(sample: &Sample, plan: &SamplePlan) -> bool {
    let method = [Method::CutMix, Method::Mixup, Method::Cutout][sample.method as usize];
    (method, sample.applied == 1, sample.partner, sample.noise)
        == (plan.method, plan.applied, plan.partner, plan.noise.words)
        && sample.patch == [plan.patch.x0(), plan.patch.y0(), plan.patch.x1(), plan.patch.y1()]
        && (sample.kept, sample.total, sample.lambda.to_bits())
            == (plan.kept.kept(), plan.kept.total(), plan.lambda.to_bits())
}

#[test]
fn plans_are_those_of_the_core() {
    let size = Size::new(41, 23).unwrap();
    for (rule, code) in BoxRule::ALL.into_iter().zip(0..) {
        for (method, base) in
            [PlanConfig::cutmix(size), PlanConfig::mixup(size), PlanConfig::cutout(size)].into_iter().enumerate()
        {
            for alpha in [1.0, 0.2, 2.0, 0.5, 7.5] {
                let core =
                    base.with_alpha(alpha).unwrap().with_rule(rule).with_probability(0.7).unwrap().with_partners(9);
                let mine = Config {
                    method: method as u32,
                    rule: code,
                    cutmix_alpha: alpha,
                    cutmix_beta: alpha,
                    mixup_alpha: alpha,
                    mixup_beta: alpha,
                    probability: 0.7,
                    partners: 9,
                    ..config(41, 23)
                };
                for index in 0..times(40) {
                    let plan = SamplePlan::draw(SampleKey { seed: 3, epoch: 1, index }, &core);
                    assert!(same(&drawn(index, &mine), &plan), "{plan:?}");
                    let mut uniform = sample();
                    // SAFETY: both are of their sizes.
                    let status = unsafe { cutmix_plan_sample_uniform(3, 1, index, &raw const mine, &raw mut uniform) };
                    assert_eq!(status, if alpha == 1.0 { CUTMIX_OK } else { CUTMIX_NOT_UNIFORM });
                    assert!(alpha != 1.0 || same(&uniform, &plan));
                }
            }
        }
    }
}

/// How often something is done: under Miri, which takes seconds for what takes milliseconds, a fraction.
fn times(count: u64) -> u64 {
    if cfg!(miri) { count.div_ceil(20) } else { count }
}

/// The bytes as elements in memory of their own.
fn elements<T: bytemuck::Pod>(bytes: &[u8]) -> Vec<T> {
    let mut elements = vec![T::zeroed(); bytes.len() / size_of::<T>()];
    bytemuck::cast_slice_mut(&mut elements).copy_from_slice(bytes);
    elements
}

/// One image of the core's in a vector, mixed by the core itself.
fn by_core(code: u32, base: &[u8], donor: &[u8], layout: Layout, plan: &SamplePlan) -> Vec<u8> {
    macro_rules! mixed {
        ($t:ty) => {{
            let mut a: Vec<$t> = elements(base);
            let b: Vec<$t> = elements(donor);
            let mut view = cutmix_core::ImageViewMut::new(&mut a, layout).unwrap();
            let other = cutmix_core::ImageView::new(&b, layout).unwrap();
            match plan.method {
                _ if !plan.applied => {}
                Method::CutMix => drop(ops::cutmix_in_place(Level::PORTABLE, &mut view, &other, plan.patch).unwrap()),
                Method::Mixup => ops::mixup_in_place(Level::PORTABLE, &mut view, &other, plan.kept).unwrap(),
                Method::Cutout => {
                    let fill = CoreFill::Noise(NoiseRange { lo: 0.0, hi: 1.0 });
                    let frame = ops::Frame::whole(layout.size());
                    ops::cutout(Level::PORTABLE, &mut view, plan.patch, fill, plan.noise, frame).unwrap();
                }
            }
            bytemuck::cast_slice(&a).to_vec()
        }};
    }
    match code {
        CUTMIX_ELEMENT_U16 => mixed!(u16),
        CUTMIX_ELEMENT_F32 => mixed!(f32),
        _ => mixed!(u8),
    }
}

#[test]
fn pixels_are_those_of_the_core_in_place_into_and_by_rows() {
    let (mut compared, mut rows) = (0, 0_u64);
    for (element, bytes) in ELEMENTS {
        for (width, height, planes, channels, pad, flip) in
            [(1, 1, 1, 1, 0, false), (7, 5, 1, 3, 0, false), (33, 9, 3, 1, 4, true), (64, 3, 2, 4, 8, false)]
        {
            let size = Size::new(width, height).unwrap();
            let pitch = (width * channels * bytes + pad) as isize;
            let layout = Layout::new(size, planes, channels * bytes, pitch, pitch * height as isize, 0).unwrap();
            let layout = if flip { layout.bottom_up() } else { layout };
            for (method, index) in (0..3).flat_map(|method| (0..times(8)).map(move |index| (method, index))) {
                if element == CUTMIX_ELEMENT_BYTES && method != CUTMIX_METHOD_CUTMIX {
                    continue;
                }
                let grid = u32::from(element == CUTMIX_ELEMENT_F32);
                let plan = &drawn(index, &Config { method, grid, probability: 0.8, ..config(width, height) });
                let core = SamplePlan {
                    method: [Method::CutMix, Method::Mixup, Method::Cutout][method as usize],
                    applied: plan.applied == 1,
                    partner: 0,
                    patch: {
                        let [x0, y0, x1, y1] = plan.patch;
                        cutmix_core::PatchBox::new(x0, y0, x1, y1).unwrap()
                    },
                    lambda: plan.lambda,
                    kept: cutmix_core::KeptRatio::new(plan.kept, plan.total).unwrap(),
                    noise: cutmix_core::NoiseKey { words: plan.noise },
                };
                let [mut base, mut donor, mut out] =
                    [1, 2, 3].map(|seed| painted(layout.buffer_bytes(), element, seed));
                let want = by_core(element, base.bytes(), donor.bytes(), layout, &core);
                let original = base.bytes().to_vec();
                let fill = Fill {
                    struct_size: size_of::<Fill>() as u32,
                    kind: CUTMIX_FILL_NOISE,
                    values: std::ptr::null(),
                    values_len: 0,
                    lo: 0.0,
                    hi: 1.0,
                };
                let fill = if element == CUTMIX_ELEMENT_BYTES { std::ptr::null() } else { &raw const fill };
                let images = [&mut base, &mut donor, &mut out].map(|buffer| image(buffer, element, &layout));
                let [one, two, into] = &images;
                // SAFETY: three buffers of the layout's length.
                ok(unsafe { cutmix_mix_into(0, into, one, two, plan, fill) });
                assert_eq!(base.bytes(), original, "the base was only read");
                let places = (0..height).flat_map(|y| (0..planes).map(move |p| (y, p)));
                let places = places.map(|(y, p)| {
                    let start = y as isize * layout.row_pitch() + p as isize * layout.plane_pitch();
                    (y, p, layout.origin().wrapping_add_signed(start))
                });
                for (y, p, start) in places.clone() {
                    let row = start..start + layout.row_bytes();
                    assert_eq!(out.bytes()[row.clone()], want[row], "{method} {element} row {y} plane {p}");
                }
                // Row by row, in a copy.
                let mut lines = painted(layout.buffer_bytes(), element, 1);
                let copy = image(&mut lines, element, &layout);
                for (y, p, start) in places {
                    let line = |image: Image| Image {
                        height: 1,
                        planes: 1,
                        data: image.data.wrapping_byte_add(start),
                        data_bytes: layout.row_bytes(),
                        origin: 0,
                        row_pitch: 0,
                        plane_pitch: 0,
                        ..image
                    };
                    let (row, other) = (&line(copy), &line(*two));
                    // SAFETY: one row each, of buffers of their own.
                    ok(unsafe { cutmix_mix_row(0, row, other, plan, fill, p, y, height) });
                    rows += 1;
                }
                assert_eq!(lines.bytes(), want, "{method} by rows");
                // SAFETY: two buffers of the layout's length.
                ok(unsafe { cutmix_mix_in_place(0, one, two, plan, fill) });
                assert_eq!(base.bytes(), want, "{method} in place");
                compared += 1;
            }
        }
    }
    assert!(compared > times(300) && rows > times(3000), "{compared} images, {rows} rows");
}

#[test]
fn batches_are_those_of_the_core_with_any_scratch_and_larger_samples() {
    let (width, height, count) = (19_u32, 11_u32, 9_usize);
    let size = Size::new(width, height).unwrap();
    let layout = Layout::nhwc(size, 3, 1).unwrap();
    let given = [3_u32, 0, 5, 5, 4, 1, 8, 7, 6];
    for (pairing, code) in [
        (Pairing::Roll, CUTMIX_PAIRING_ROLL),
        (Pairing::Flip, CUTMIX_PAIRING_FLIP),
        (Pairing::Permutation, CUTMIX_PAIRING_PERMUTATION),
        (Pairing::Derangement, CUTMIX_PAIRING_DERANGEMENT),
        (Pairing::WithReplacement, CUTMIX_PAIRING_REPLACEMENT),
        (Pairing::Given(&given), CUTMIX_PAIRING_GIVEN),
    ] {
        for (scope, scope_code) in [(Scope::Sample, 0), (Scope::Batch, 2)] {
            let mut slots = vec![PlanSlot::EMPTY; count];
            let core = CoreBatch { plan: PlanConfig::cutmix(size), scope, pairing };
            let key = BatchKey { seed: 5, epoch: 6, batch: 7 };
            let plan = BatchPlan::draw(key, &core, Samples::Range { first: 63, len: 9 }, &mut slots).unwrap();
            let original = painted(layout.buffer_bytes() * count, CUTMIX_ELEMENT_U8, 4);
            let mut want = original.bytes().to_vec();
            let mut view = BatchViewMut::new(&mut want, BatchLayout::dense(layout, count).unwrap()).unwrap();
            ops::batch::mix_in_place(Level::PORTABLE, &mut view, &plan, CoreFill::Zero).unwrap();
            // Samples of a caller from the future: 16 bytes longer.
            let stride = size_of::<Sample>() + 16;
            let mut memory = vec![0_u64; stride / 8 * count];
            memory.fill(u64::MAX);
            let samples = memory.as_mut_ptr().cast::<Sample>();
            // SAFETY: the first four bytes of the array.
            unsafe { samples.cast::<u32>().write(stride as u32) };
            // SAFETY: zero is a value of every field.
            let mut batch: BatchConfig = unsafe { std::mem::zeroed() };
            // SAFETY: a struct of this size.
            ok(unsafe { cutmix_batch_config_init(&raw mut batch, size_of::<BatchConfig>(), 63) });
            (batch.pairing, batch.scope, batch.partners) = (code, scope_code, given.as_ptr());
            for scratch in [3, 100, 5000] {
                let mut needed = 0;
                // SAFETY: a number.
                ok(unsafe { cutmix_batch_work_bytes(count, scratch, &raw mut needed) });
                // At any alignment.
                let mut work = vec![0_u8; needed + 1];
                let (work, config) = (work[1..].as_mut_ptr(), &config(width, height));
                // SAFETY: all memory is as long as said.
                ok(unsafe { cutmix_plan_batch(5, 6, 7, config, &raw const batch, samples, count, work, needed) });
                for (i, plan) in plan.iter().enumerate() {
                    // SAFETY: the function has written every sample.
                    let sample = unsafe { samples.wrapping_byte_add(i * stride).read() };
                    assert!(sample.struct_size as usize == stride && same(&sample, plan), "{sample:?} {plan:?}");
                }
                let mut pixels = painted(layout.buffer_bytes() * count, CUTMIX_ELEMENT_U8, 4);
                let mut out = painted(layout.buffer_bytes() * count, CUTMIX_ELEMENT_U8, 9);
                let [first, other] = [&mut pixels, &mut out].map(|buffer| image(buffer, CUTMIX_ELEMENT_U8, &layout));
                let (first, other, fill) = (&first, &other, std::ptr::null());
                // SAFETY: all memory is as long as said.
                ok(unsafe { cutmix_batch_into(0, other, 0, first, 0, samples, count, fill, work, needed) });
                assert_eq!((out.bytes(), pixels.bytes()), (&want[..], original.bytes()));
                // SAFETY: all memory is as long as said.
                ok(unsafe { cutmix_batch_in_place(0, first, 0, samples, count, fill, work, needed) });
                assert_eq!(pixels.bytes(), want, "{code} {scope_code} scratch {scratch}");
                // Labels.
                let ids: Vec<u32> = (0..9).map(|i| i % 4).collect();
                let (mut rows, mut core_rows) = ([0_f32; 36], [0_f32; 36]);
                // SAFETY: all memory is as long as said.
                ok(unsafe { cutmix_batch_label_ids(samples, count, rows.as_mut_ptr(), 4, ids.as_ptr(), 0.1) });
                label::mix_batch_ids(&mut core_rows, &ids, 4, label::Smoothing::new(0.1).unwrap(), &plan).unwrap();
                assert_eq!(rows, core_rows);
                let mut mixed = [0_f32; 36];
                // SAFETY: all memory is as long as said.
                ok(unsafe { cutmix_batch_label_rows(0, samples, count, mixed.as_mut_ptr(), rows.as_ptr(), 4) });
                label::mix_batch_rows(Level::PORTABLE, &mut core_rows, &rows, 4, &plan).unwrap();
                assert_eq!(mixed, core_rows);
            }
        }
    }
}

#[test]
fn threads_get_what_one_thread_gets() {
    let run = |thread: u64| {
        let config = config(37, 21);
        let layout = Layout::nchw(Size::new(37, 21).unwrap(), 3, 1).unwrap();
        let [mut base, mut donor] = [thread, 99].map(|seed| painted(37 * 21 * 3, CUTMIX_ELEMENT_U8, seed));
        let mut after = Vec::new();
        for index in 0..times(50) {
            let plan = &drawn(thread * 1000 + index, &config);
            let [a, b] = [&mut base, &mut donor].map(|buffer| image(buffer, CUTMIX_ELEMENT_U8, &layout));
            let (a, b) = (&a, &b);
            // SAFETY: two buffers of the layout's length.
            ok(unsafe { cutmix_mix_in_place(CUTMIX_LEVEL_BEST, a, b, plan, std::ptr::null()) });
            after.extend_from_slice(base.bytes());
        }
        after
    };
    let alone: Vec<_> = (0..4).map(run).collect();
    let together: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|thread| scope.spawn(move || run(thread))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(alone, together);
    assert!(alone.windows(2).all(|pair| pair[0] != pair[1]));
}
