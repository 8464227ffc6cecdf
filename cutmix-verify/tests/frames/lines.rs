//! Lines that come one at a time, with two of them in memory.

use cutmix_core::ops::{Fill, LineMixer, NoiseRange};
use cutmix_core::plan::SamplePlan;
use cutmix_core::{Grid, KeptRatio, Layout, Level, Method, NoiseKey, PatchBox, Size};
use cutmix_verify::reference::{self, Image};
use proptest::prelude::*;

use crate::support::*;
use crate::{frame_size, plane_layout, sides};

/// Lines one at a time in two rows of memory against the whole image of the reference.
fn check_lines<T: Element>(
    (size, planes, elements): (Size, u32, u32),
    plan: SamplePlan,
    fill: Fill<'_, T>,
    expected: &Image<T>,
    [base, donor]: [&Image<T>; 2],
) {
    let mixer = LineMixer::new(Level::detect(), plan, size, planes, elements, fill).unwrap();
    let len = (size.width() * elements) as usize;
    // All the memory there is: two rows between red zones.
    let layout = Layout::nhwc(Size::new(size.width(), 1).unwrap(), elements, size_of::<T>() as u32).unwrap();
    let (mut row, mut other) = (painted::<T>(&layout, 3), painted::<T>(&layout, 4));
    let (zone, other_zone) = (row[len..].to_vec(), other[len..].to_vec());
    let mut sink = Vec::new();
    for (plane, y) in (0..planes).flat_map(|plane| (0..size.height()).map(move |y| (plane, y))) {
        let line = |image: &Image<T>| {
            let start = image.index(plane, y, 0, 0) as usize;
            image.data[start..start + len].to_vec()
        };
        row[..len].copy_from_slice(&line(base));
        // A donor's row that nobody needs is not fetched: what lies in the buffer is from an earlier row.
        if mixer.needs_donor(y) {
            other[..len].copy_from_slice(&line(donor));
        }
        mixer.mix(plane, y, &mut row[..len], &other[..len]).unwrap();
        assert!(mixer.changes(y) || same_bits(&row[..len], &line(base)), "row {y}");
        sink.extend_from_slice(&row[..len]);
    }
    assert!(same_bits(&row[len..], &zone) && same_bits(&other[len..], &other_zone), "red zones");
    for (i, (&got, &want)) in sink.iter().zip(&expected.data).enumerate() {
        assert!(same_numbers(&[got], &[want]), "element {i} of {size}, {plan:?}");
    }
    assert_eq!(sink.len(), expected.data.len());
}

fn lines_of<T: Element>(shape: (Size, u32, u32), corners: Corners, lambda: f64) {
    let (size, planes, elements) = shape;
    let layout = Layout::nchw(size, planes, elements * size_of::<T>() as u32).unwrap();
    let image = |seed| to_reference(&painted::<T>(&layout, seed), &layout);
    let (base, donor) = (image(1), image(2));
    let patch = any_box(size, corners);
    let plan = |method| {
        let (patch, kept) = match method {
            Method::Mixup => (PatchBox::EMPTY, T::GRID.weight(lambda).unwrap()),
            Method::CutMix | Method::Cutout => (patch, KeptRatio::of(patch, size).unwrap()),
        };
        let noise = NoiseKey { words: [0x0bad_cafe, 0x1234_5678] };
        SamplePlan { method, applied: true, patch, kept, noise, ..SamplePlan::NOTHING }
    };
    let check = |method, fill, expected: &Image<T>| {
        check_lines(shape, plan(method), fill, expected, [&base, &donor]);
    };
    check(Method::CutMix, Fill::Zero, &reference::cutmix(&base, &donor, spec(patch)));
    check(Method::Mixup, Fill::Zero, &T::mixup(&base, &donor, plan(Method::Mixup).kept.kept()));
    let colours: Vec<T> = image(5).data.into_iter().cycle().take((planes * elements) as usize).collect();
    for fill in [Fill::Zero, Fill::Constant(&colours), Fill::Noise(NoiseRange { lo: -1.5, hi: 2.25 })] {
        check(Method::Cutout, fill, &cutout(&base, patch, fill, plan(Method::Cutout).noise));
    }
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn lines_one_at_a_time_are_the_reference(
        size in frame_size(), planes in 1..4_u32, elements in 1..5_u32, corners in corners(),
        lambda in prop_oneof![Just(0.0), Just(1.0), 0.0..=1.0_f64],
    ) {
        let shape = (size, planes, elements);
        lines_of::<u8>(shape, corners, lambda);
        lines_of::<u16>(shape, corners, lambda);
        lines_of::<f32>(shape, corners, lambda);
    }

    #[test]
    fn chroma_lines_of_one_plan_are_the_frame(size in frame_size(), corners in corners()) {
        let drawn = any_box(size, corners);
        let kept = KeptRatio::of(drawn, size).unwrap();
        let plan = SamplePlan { applied: true, patch: drawn, kept, ..SamplePlan::NOTHING };
        let plan = plan.snap(Grid::YUV420, size).unwrap();
        prop_assert_eq!(plan.kept.kept(), reference::kept_pixels(spec(plan.patch), sides(size)));
        let place = (0, 0, false);
        let layout = plane_layout(size, Grid::YUV420, 2, 1, place);
        let (mut base, donor) = (painted::<u8>(&layout, 1), painted::<u8>(&layout, 2));
        let (a, b) = (to_reference(&base, &layout), to_reference(&donor, &layout));
        let mixed = reference::cutmix_plane(&a, &b, spec(plan.patch), (2, 2), sides(size));
        let expected = from_reference(&base, &layout, &mixed);
        let chroma = plan.subsample(Grid::YUV420, size).unwrap();
        let mixer = LineMixer::<u8>::new(Level::detect(), chroma, layout.size(), 1, 2, Fill::Zero).unwrap();
        let len = layout.row_bytes();
        for y in 0..layout.size().height() {
            let span = y as usize * len..(y as usize + 1) * len;
            mixer.mix(0, y, &mut base[span.clone()], &donor[span]).unwrap();
        }
        prop_assert_eq!(base, expected);
    }
}
