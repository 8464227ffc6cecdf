//! The core against the per-pixel reference: random sizes, layouts, element types, rules and boxes, with fixed seeds.
//! Whole buffers are compared, so padding, red zones and pixels outside the box are held to the byte.

mod support;

use bytemuck::Pod;
use cutmix_core::ops::{self, Fill, Frame, NoiseRange};
use cutmix_core::plan::{PlanSlot, SamplePlan};
use cutmix_core::view::{BatchLayout, BatchView, BatchViewMut};
use cutmix_core::{
    BatchPlan, BoxRule, Centre, Error, ImageView, ImageViewMut, KeptRatio, Layout, Level, Method, NoiseKey, PatchBox,
    Size, WeightGrid, label,
};
use cutmix_verify::reference::{self, Rule};
use proptest::prelude::*;
use support::*;

fn check_cutmix<T: Pod>(shape: (Size, u32, u32, u32), corners: Corners, other_kind: u32) {
    let bytes = size_of::<T>() as u32;
    let (to, from) = (layout(shape, bytes), layout((shape.0, shape.1, shape.2, other_kind), bytes));
    let (mut base, donor) = (painted::<T>(&to, 1), painted::<T>(&from, 2));
    let patch = any_box(shape.0, corners);
    let mixed = reference::cutmix(&to_reference(&base, &to), &to_reference(&donor, &from), spec(patch));
    let expected = from_reference(&base, &to, &mixed);
    let mut out = painted::<T>(&to, 3);
    let expected_out = from_reference(&out, &to, &mixed);
    let level = Level::detect();
    let ratio = ops::cutmix_into(
        level,
        &mut ImageViewMut::new(&mut out, to).unwrap(),
        &ImageView::new(&base, to).unwrap(),
        &ImageView::new(&donor, from).unwrap(),
        patch,
    )
    .unwrap();
    assert!(same_bits(&out, &expected_out), "into, {to:?}, {patch}");
    let mut view = ImageViewMut::new(&mut base, to).unwrap();
    let again = ops::cutmix_in_place(level, &mut view, &ImageView::new(&donor, from).unwrap(), patch).unwrap();
    assert!(same_bits(&base, &expected), "in place, {to:?}, {patch}");
    assert_eq!(ratio, again);
    let kept = reference::kept_pixels(spec(patch), (shape.0.width(), shape.0.height()));
    assert_eq!((ratio.kept(), ratio.total()), (kept, shape.0.total()), "the label counts the pixels");
}

fn check_mixup<T: Element>(shape: (Size, u32, u32, u32), lambda: f64) {
    let layout = layout(shape, size_of::<T>() as u32);
    let (base, donor) = (painted::<T>(&layout, 4), painted::<T>(&layout, 5));
    let weight = T::GRID.weight(lambda).unwrap();
    let mixed = T::mixup(&to_reference(&base, &layout), &to_reference(&donor, &layout), weight.kept());
    let mut out = painted::<T>(&layout, 6);
    let expected = from_reference(&out, &layout, &mixed);
    let mut view = ImageViewMut::new(&mut out, layout).unwrap();
    let (a, b) = (ImageView::new(&base, layout).unwrap(), ImageView::new(&donor, layout).unwrap());
    ops::mixup_into(Level::detect(), &mut view, &a, &b, weight).unwrap();
    let exact = weight.kept() == 0 || weight.kept() == weight.total();
    for (i, (&got, &want)) in out.iter().zip(&expected).enumerate() {
        let fine = if exact { same_bits(&[got], &[want]) } else { same_numbers(&[got], &[want]) };
        assert!(fine, "element {i} of {layout:?}, weight {weight}");
    }
}

fn check_cutout<T: Element>(shape: (Size, u32, u32, u32), corners: Corners) {
    let layout = layout(shape, size_of::<T>() as u32);
    let patch = any_box(shape.0, corners);
    let key = NoiseKey { words: [0x1234_5678, 0x9abc_def0] };
    let base = painted::<T>(&layout, 7);
    let image = to_reference(&base, &layout);
    let constants: Vec<T> =
        painted::<T>(&layout, 8).into_iter().cycle().take((image.planes * image.elements) as usize).collect();
    let range = NoiseRange { lo: -1.5, hi: 2.25 };
    for (name, fill) in [("zero", Fill::Zero), ("constant", Fill::Constant(&constants)), ("noise", Fill::Noise(range))]
    {
        let expected = from_reference(&base, &layout, &cutout(&image, patch, fill, key));
        let mut out = base.clone();
        let mut view = ImageViewMut::new(&mut out, layout).unwrap();
        ops::cutout(Level::detect(), &mut view, patch, fill, key, Frame::whole(shape.0)).unwrap();
        assert!(same_bits(&out, &expected), "{name}, {layout:?}, {patch}");
        // A tile of the image gets the noise of the whole.
        if let (Fill::Noise(_), false) = (fill, patch.is_empty()) {
            let mut out = base.clone();
            let tile = ImageViewMut::new(&mut out, layout).unwrap().crop(patch);
            let frame = Frame { whole: shape.0, x: patch.x0(), y: patch.y0() };
            let all = PatchBox::new(0, 0, patch.width(), patch.height()).unwrap();
            ops::cutout(Level::detect(), &mut tile.unwrap(), all, fill, key, frame).unwrap();
            assert!(same_bits(&out, &expected), "tile, {layout:?}, {patch}");
        }
    }
}

fn lambdas() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(0.0),
        Just(1.0),
        Just(f64::from_bits(1)),
        Just(f64::MIN_POSITIVE),
        Just(1.0 - f64::EPSILON / 2.0),
        Just(0.5),
        0.0..=1.0_f64,
        (0.0..=1.0_f64).prop_map(|u| u.powi(20)),
    ]
}

proptest! {
    #![proptest_config(config(250))]

    #[test]
    fn cutmix_is_the_reference(shape in shape(), corners in corners(), element in 0..6) {
        // The donor has another layout where the two agree on planes and pixels.
        let other = match shape.2 { 0 => 3, 3 => 0, 1 => 4, 4 => 5, 5 => 1, same => same };
        match element {
            0 => check_cutmix::<u8>(shape, corners, other),
            1 => check_cutmix::<u16>(shape, corners, other),
            2 => check_cutmix::<f32>(shape, corners, other),
            3 => check_cutmix::<half::f16>(shape, corners, other),
            4 => check_cutmix::<half::bf16>(shape, corners, other),
            _ => check_cutmix::<[u8; 3]>(shape, corners, other),
        }
    }

    #[test]
    fn mixup_is_the_reference(shape in shape(), lambda in lambdas()) {
        check_mixup::<u8>(shape, lambda);
        check_mixup::<u16>(shape, lambda);
        check_mixup::<f32>(shape, lambda);
    }

    #[test]
    fn cutout_is_the_reference(shape in shape(), corners in corners()) {
        check_cutout::<u8>(shape, corners);
        check_cutout::<u16>(shape, corners);
        check_cutout::<f32>(shape, corners);
    }

    #[test]
    fn boxes_hold_exactly_the_pixels_of_the_definition(
        (w, h) in (side(300), side(200)), lambda in lambdas(), u in 0.0..1.0_f64, v in 0.0..1.0_f64, sides in (0..40_u32, 0..300_u32),
    ) {
        let size = Size::new(w, h).unwrap();
        let centre = Centre { x: u * f64::from(w), y: v * f64::from(h) };
        for (rule, naive) in BoxRule::ALL.into_iter().zip([Rule::Paper, Rule::Official, Rule::FullExtent]) {
            let patch = rule.patch_box(lambda, centre, size).unwrap();
            let fixed = rule.fixed_box(sides.0, sides.1, centre, size).unwrap();
            for (x, y) in (0..h).flat_map(|y| (0..w).map(move |x| (x, y))) {
                let inside = reference::inside_law(naive, lambda, (centre.x, centre.y), (w, h), (x, y));
                prop_assert_eq!(patch.contains(x, y), inside, "{:?} {} ({}, {})", rule, patch, x, y);
                let inside = reference::inside_fixed(naive, sides, (centre.x, centre.y), (x, y));
                prop_assert_eq!(fixed.contains(x, y), inside, "{:?} fixed {} ({}, {})", rule, fixed, x, y);
            }
        }
    }

    #[test]
    fn rows_one_at_a_time_give_the_image(shape in shape(), corners in corners(), lambda in lambdas()) {
        let (size, channels, ..) = shape;
        let dense = Layout::nhwc(size, channels, 4).unwrap();
        let (base, donor) = (painted::<f32>(&dense, 9), painted::<f32>(&dense, 10));
        let patch = any_box(size, corners);
        let row = (size.width() * channels) as usize;
        let (level, weight) = (Level::detect(), WeightGrid::Q24.weight(lambda).unwrap());
        let key = NoiseKey { words: [3, 4] };
        let fill = Fill::Noise(NoiseRange::default());
        let mut whole = [base.clone(), base.clone(), base.clone()];
        let mut rows = whole.clone();
        let donor_view = ImageView::new(&donor, dense).unwrap();
        ops::cutmix_in_place(level, &mut ImageViewMut::new(&mut whole[0], dense).unwrap(), &donor_view, patch).unwrap();
        ops::mixup_in_place(level, &mut ImageViewMut::new(&mut whole[1], dense).unwrap(), &donor_view, weight).unwrap();
        ops::cutout(level, &mut ImageViewMut::new(&mut whole[2], dense).unwrap(), patch, fill, key, Frame::whole(size)).unwrap();
        for y in (0..size.height()).rev() {
            let span = y as usize * row..(y as usize + 1) * row;
            let from = &donor[span.clone()];
            ops::cutmix_row(level, &mut rows[0][span.clone()], from, channels, patch, y).unwrap();
            ops::mixup_row(level, &mut rows[1][span.clone()], from, weight).unwrap();
            ops::cutout_row(level, &mut rows[2][span], channels, patch, (0, y, size.height()), fill, key).unwrap();
        }
        for (rows, whole) in rows.iter().zip(&whole) {
            prop_assert!(same_numbers(rows, whole), "{} {}", size, patch);
        }
    }

    #[test]
    fn batches_are_the_reference(
        shape in shape(),
        samples in prop::collection::vec((0..3_u8, 0..100_u64, corners(), lambdas(), any::<bool>()), 1..7),
    ) {
        let (size, len) = (shape.0, samples.len());
        let sample = layout(shape, 1);
        let batch = BatchLayout::new(sample, sample.buffer_bytes() + 5, len).unwrap();
        let mut slots: Vec<PlanSlot> = samples.iter().enumerate().map(|(i, &(method, partner, corners, lambda, applied))| {
            let method = [Method::CutMix, Method::Mixup, Method::Cutout][method as usize];
            let patch = if applied && method != Method::Mixup { any_box(size, corners) } else { PatchBox::EMPTY };
            let kept = match method {
                Method::Mixup => WeightGrid::Q15.weight(if applied { lambda } else { 1.0 }).unwrap(),
                Method::CutMix | Method::Cutout => KeptRatio::of(patch, size).unwrap(),
            };
            let noise = NoiseKey { words: [i as u32, 77] };
            PlanSlot::new(SamplePlan { method, applied, partner: partner % len as u64, patch, lambda, kept, noise })
        }).collect();
        let plan = BatchPlan::from_slots(size, &mut slots).unwrap();
        let whole = Layout::nhwc(Size::new(batch.buffer_bytes() as u32, 1).unwrap(), 1, 1).unwrap();
        let (input, mut out) = (painted::<u8>(&whole, 11), painted::<u8>(&whole, 12));
        let fill = Fill::Noise(NoiseRange::default());
        let expected = mixed_batch(&input, &out, &batch, plan.iter(), fill);
        let source = BatchView::new(&input, batch).unwrap();
        let mut target = BatchViewMut::new(&mut out, batch).unwrap();
        ops::batch::mix_into(Level::detect(), &mut target, &source, &plan, fill).unwrap();
        prop_assert!(same_bits(&out, &expected));
        let only_copies = plan.iter().enumerate().all(|(i, s)| s.method == Method::CutMix || s.leaves_base(i as u64));
        let mut target = BatchViewMut::new(&mut out, batch).unwrap();
        let pasted = ops::batch::paste_into(Level::detect(), &mut target, &source, &plan, fill);
        prop_assert_eq!(pasted.is_ok(), only_copies);
    }

    #[test]
    fn labels_are_the_reference(
        kept in 0..=960_u64, classes in 1..12_usize, ids in (0..100_u32, 0..100_u32), epsilon in prop_oneof![Just(0.0), 0.0..1.0_f64],
    ) {
        let (a, b) = (ids.0 as usize % classes, ids.1 as usize % classes);
        let ratio = KeptRatio::new(kept, 960).unwrap();
        let row = |class| reference::smoothed(&reference::one_hot(class, classes), epsilon);
        let expected = reference::mix_row(&row(a), &row(b), kept, 960);
        let mut out = vec![0.0; classes];
        label::mix_ids(&mut out, a as u32, b as u32, ratio, label::Smoothing::new(epsilon).unwrap()).unwrap();
        for (got, want) in out.iter().zip(&expected) {
            prop_assert!((f64::from(*got) - want).abs() <= f64::from(f32::EPSILON) * want.abs(), "{} {}", got, want);
        }
        let rows = [a, b].map(|class| reference::one_hot(class, classes).iter().map(|&y| y as f32).collect::<Vec<_>>());
        let hard = reference::mix_row(&reference::one_hot(a, classes), &reference::one_hot(b, classes), kept, 960);
        label::mix_rows(Level::detect(), &mut out, &rows[0], &rows[1], ratio).unwrap();
        prop_assert_eq!(out, hard.iter().map(|&y| y as f32).collect::<Vec<_>>());
    }
}

#[test]
fn mismatches_are_refused_and_nothing_is_written() {
    let (small, large) = (Size::new(4, 3).unwrap(), Size::new(5, 3).unwrap());
    let (mut base, donor) = ([1_u8; 15], [2_u8; 15]);
    let level = Level::detect();
    let mut view = ImageViewMut::nhwc(&mut base, large, 1).unwrap();
    let other = ImageView::nhwc(&donor, small, 1).unwrap();
    let error = ops::cutmix_in_place(level, &mut view, &other, PatchBox::full(small)).unwrap_err();
    assert_eq!(error, Error::SizeMismatch { what: "the donor", given: [4, 3], expected: [5, 3] });
    let same = ImageView::nhwc(&donor, large, 1).unwrap();
    let outside = PatchBox::new(0, 0, 6, 1).unwrap();
    assert!(matches!(ops::cutmix_in_place(level, &mut view, &same, outside), Err(Error::BoxOutside { .. })));
    let wrong_grid = WeightGrid::Q24.weight(0.5).unwrap();
    assert!(matches!(ops::mixup_in_place(level, &mut view, &same, wrong_grid), Err(Error::WeightGrid { .. })));
    let fill = Fill::Constant(&[1, 2][..]);
    let key = NoiseKey::default();
    let result = ops::cutout(level, &mut view, PatchBox::full(large), fill, key, Frame::whole(large));
    assert_eq!(result, Err(Error::CountMismatch { what: "fill values", given: 2, expected: 1 }));
    assert_eq!(base, [1; 15]);
}
