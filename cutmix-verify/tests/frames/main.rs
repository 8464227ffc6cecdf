//! Camera and video memory against the per-pixel reference: frames with subsampled and packed planes, mosaics, padded
//! pitches, crops of DMA buffers, bottom-up rows, NC4HW4 tiles; `lines` has lines that come one at a time.
//! Whole buffers are compared, so padding, red zones and pixels outside the box are held to the byte.

mod lines;
#[path = "../support/mod.rs"]
mod support;

use bytemuck::Pod;
use cutmix_core::frame::{self, Format, FrameView, FrameViewMut};
use cutmix_core::ops::{self, Fill};
use cutmix_core::plan::{PlanSlot, SamplePlan};
use cutmix_core::view::{BatchLayout, BatchViewMut};
use cutmix_core::{
    BatchPlan, Error, Grid, ImageView, ImageViewMut, KeptRatio, Layout, Level, Method, PatchBox, Size, WeightGrid,
};
use cutmix_verify::reference::{self, Image, Patch};
use proptest::prelude::*;
use support::*;

include!("../support/frames.rs");

/// Sizes of frames: small and odd ones above all.
fn frame_size() -> impl Strategy<Value = Size> {
    (prop_oneof![1..12_u32, 1..=97_u32], prop_oneof![1..12_u32, 1..=61_u32]).prop_map(|(w, h)| Size::new(w, h).unwrap())
}

/// Where a plane lies in its buffer: elements before it and after each row, and whether its rows are bottom-up.
type Place = (u32, u32, bool);

fn places() -> impl Strategy<Value = [Place; 3]> {
    let place = || (0..9_u32, 0..9_u32, any::<bool>());
    [place(), place(), place()]
}

fn pair(grid: Grid) -> (u32, u32) {
    (grid.x(), grid.y())
}

fn sides(size: Size) -> (u32, u32) {
    (size.width(), size.height())
}

/// One format, in place and into, with whole buffers compared; the kept ratio counted pixel by pixel.
fn check_frame<T: Pod, const N: usize>(
    format: Format<N>,
    size: Size,
    corners: Corners,
    to_places: [Place; 3],
    from_places: [Place; 3],
) {
    let bytes = size_of::<T>() as u32;
    let grid = format.grid();
    let drawn = any_box(size, corners);
    let patch = drawn.snap(grid, size).unwrap();
    assert_eq!(spec(patch), reference::snap(spec(drawn), pair(grid), sides(size)), "{drawn} on {grid} of {size}");

    let layouts = |places: [Place; 3]| -> [Layout; N] {
        core::array::from_fn(|i| plane_layout(size, format.cells()[i], format.elements()[i], bytes, places[i]))
    };
    let (to, from) = (layouts(to_places), layouts(from_places));
    let memory = |layouts: &[Layout; N], seed: u32| -> [Vec<T>; N] {
        core::array::from_fn(|i| painted::<T>(&layouts[i], seed + i as u32))
    };
    let (mut base, donor, mut out) = (memory(&to, 1), memory(&from, 20), memory(&to, 40));
    let mixed: [Image<T>; N] = core::array::from_fn(|i| {
        let (a, b) = (to_reference(&base[i], &to[i]), to_reference(&donor[i], &from[i]));
        reference::cutmix_plane(&a, &b, spec(patch), pair(format.cells()[i]), sides(size))
    });
    let expected: [Vec<T>; N] = core::array::from_fn(|i| from_reference(&base[i], &to[i], &mixed[i]));
    let expected_out: [Vec<T>; N] = core::array::from_fn(|i| from_reference(&out[i], &to[i], &mixed[i]));

    let level = Level::detect();
    let donor = reading(format, size, &donor, &from);
    let base_view = reading(format, size, &base, &to);
    let kept = frame::cutmix_into(level, &mut writing(format, size, &mut out, &to), &base_view, &donor, patch).unwrap();
    let counted = reference::kept_pixels(spec(patch), sides(size));
    assert_eq!((kept.kept(), kept.total()), (counted, size.total()), "the label counts the pixels");
    for (plane, (got, want)) in out.iter().zip(&expected_out).enumerate() {
        assert!(same_bits(got, want), "into: plane {plane} of {size}, {patch}, {:?}", to[plane]);
    }
    if drawn != patch {
        let refused = frame::cutmix_in_place(level, &mut writing(format, size, &mut base, &to), &donor, drawn);
        let off = Error::OffGrid { patch: drawn.into(), grid: grid.into(), size: size.into() };
        assert_eq!(refused, Err(off));
    }
    let again = frame::cutmix_in_place(level, &mut writing(format, size, &mut base, &to), &donor, patch);
    assert_eq!(again, Ok(kept));
    for (plane, (got, want)) in base.iter().zip(&expected).enumerate() {
        assert!(same_bits(got, want), "in place: plane {plane} of {size}, {patch}, {:?}", to[plane]);
    }
}

/// Packed raw: as a format of groups, and its unpacked pixels against `CutMix` of pixels.
fn check_packed(
    format: Format<1>,
    (group, bits): (u32, u32),
    cell: (u32, u32),
    size: Size,
    corners: Corners,
    pad: u32,
) {
    let (groups, elements) = (Grid::new(group, 1).unwrap(), group * bits / 8);
    let layout = plane_layout(size, groups, elements, 1, (3, pad, false));
    let (mut base, donor) = (painted::<u8>(&layout, 1), painted::<u8>(&layout, 2));
    // The values of all groups; those beyond the width belong to the last pixel's group.
    let columns = reference::samples(size.width(), group) * group;
    let unpack = |memory: &[u8]| {
        let view = ImageView::new(memory, layout).unwrap();
        let lines: Vec<Vec<u16>> = (0..size.height())
            .map(|y| reference::unpack_raw(view.row(0, y).unwrap(), group as usize, bits as usize))
            .collect();
        Image::from_fn(1, (columns, size.height()), 1, |_, y, x, _| lines[y as usize][x as usize])
    };
    let drawn = any_box(size, corners);
    let patch = drawn.snap(format.grid(), size).unwrap();
    assert_eq!(spec(patch), reference::snap(spec(drawn), cell, sides(size)), "{drawn} of {size}");
    let (a, b) = (unpack(&base), unpack(&donor));
    let whole = if patch.x1() == size.width() { Patch { x1: columns, ..spec(patch) } } else { spec(patch) };
    let expected = reference::cutmix(&a, &b, whole);
    let before = base.clone();
    let from = FrameView::new(format, size, [ImageView::new(&donor, layout).unwrap()]).unwrap();
    let mut to = FrameViewMut::new(format, size, [ImageViewMut::new(&mut base, layout).unwrap()]).unwrap();
    frame::cutmix_in_place(Level::detect(), &mut to, &from, patch).unwrap();
    let weight = WeightGrid::Q15.weight(0.5).unwrap();
    let refused = frame::mixup_in_place(Level::detect(), &mut to, &from, weight);
    assert_eq!(refused, Err(Error::CopyOnly { sample: 0 }), "packed bits have no mean");
    assert_eq!(unpack(&base), expected, "{size}, {patch}");
    let unchanged = from_reference(&base, &layout, &to_reference(&before, &layout));
    assert_eq!(unchanged, before, "padding and red zones");
}

/// Each cell of a mosaic is all of one image: no quad has colours of two.
fn check_mosaic(format: Format<1>, step: u32, size: Size, corners: Corners) {
    let grid = Grid::new(step, step).unwrap();
    let count = size.total() as usize;
    let (mut base, donor) = (vec![0_u16; count], vec![0x0fff_u16; count]);
    let pitch = size.width() as isize * 2;
    let from = FrameView::of_planes(format, size, [(&donor[..], pitch)]).unwrap();
    let mut to = FrameViewMut::of_planes(format, size, [(&mut base[..], pitch)]).unwrap();
    let patch = any_box(size, corners).snap(format.grid(), size).unwrap();
    frame::cutmix_in_place(Level::detect(), &mut to, &from, patch).unwrap();
    let cells = (reference::samples(size.width(), grid.x()), reference::samples(size.height(), grid.y()));
    for (cx, cy) in (0..cells.1).flat_map(|cy| (0..cells.0).map(move |cx| (cx, cy))) {
        let inside = reference::sample_inside(spec(patch), pair(grid), sides(size), (cx, cy));
        for (i, &value) in base.iter().enumerate() {
            let (x, y) = (i as u32 % size.width(), i as u32 / size.width());
            if (x / grid.x(), y / grid.y()) == (cx, cy) {
                assert_eq!(value == 0x0fff, inside, "({x}, {y}) of {size}, {patch}");
            }
        }
    }
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn subsampled_frames_are_the_reference(
        size in frame_size(), corners in corners(), to in places(), from in places(), format in 0..9,
    ) {
        match format {
            0 => check_frame::<u8, 2>(Format::NV12, size, corners, to, from),
            1 => check_frame::<u8, 3>(Format::I420, size, corners, to, from),
            2 => check_frame::<u16, 2>(Format::P010, size, corners, to, from),
            3 => check_frame::<u8, 2>(Format::NV16, size, corners, to, from),
            4 => check_frame::<u8, 3>(Format::I422, size, corners, to, from),
            5 => check_frame::<u8, 1>(Format::YUYV, size, corners, to, from),
            6 => check_frame::<u16, 1>(Format::RGB565, size, corners, to, from),
            7 => check_frame::<u16, 1>(Format::BAYER, size, corners, to, from),
            _ => {
                let cells = [Grid::PIXEL, Grid::new(3, 2).unwrap(), Grid::new(2, 5).unwrap()];
                let format = Format::new(cells, [2, 1, 3]).unwrap();
                check_frame::<f32, 3>(format, size, corners, to, from);
            }
        }
    }

    #[test]
    fn a_frame_in_a_dma_buffer_leaves_the_rest_alone(
        outer in frame_size(), window in corners(), corners in corners(), pads in [0..7_u32, 0..7],
    ) {
        // One buffer as a capture driver gives it: padded luma rows, padded chroma rows behind them. Two sensors' windows.
        let window = any_box(outer, window).snap(Grid::YUV420, outer).unwrap();
        prop_assume!(!window.is_empty());
        let chroma = (reference::samples(outer.width(), 2), reference::samples(outer.height(), 2));
        let pitches = [outer.width() + pads[0], 2 * chroma.0 + pads[1]];
        let luma_bytes = (pitches[0] * outer.height()) as usize;
        let bytes = luma_bytes + (pitches[1] * chroma.1) as usize;
        let whole = Layout::nhwc(Size::new(bytes as u32, 1).unwrap(), 1, 1).unwrap();
        let (mut buffer, donor) = (painted::<u8>(&whole, 6), painted::<u8>(&whole, 7));
        let before = buffer.clone();
        let planes = donor.split_at(luma_bytes);
        let planes = [(planes.0, pitches[0] as isize), (planes.1, pitches[1] as isize)];
        let donor_frame = FrameView::of_planes(Format::NV12, outer, planes).unwrap().crop(window).unwrap();
        let planes: (&mut [u8], &mut [u8]) = buffer.split_at_mut(luma_bytes);
        let planes = [(planes.0, pitches[0] as isize), (planes.1, pitches[1] as isize)];
        let mut frame = FrameViewMut::of_planes(Format::NV12, outer, planes).unwrap();
        let mut crop = frame.crop(window).unwrap();
        let size = crop.size();
        prop_assert_eq!(sides(size), (window.width(), window.height()));
        let patch = any_box(size, corners).snap(Grid::YUV420, size).unwrap();
        let kept = frame::cutmix_in_place(Level::detect(), &mut crop, &donor_frame, patch).unwrap();
        prop_assert_eq!(kept.kept(), reference::kept_pixels(spec(patch), sides(size)));
        // Byte by byte: a luma byte is the donor's if its pixel is in the box of the window; a chroma byte if its cell is.
        let moved = Patch {
            x0: patch.x0() + window.x0(), y0: patch.y0() + window.y0(),
            x1: patch.x1() + window.x0(), y1: patch.y1() + window.y0(),
        };
        for (i, &got) in buffer.iter().enumerate() {
            let inside = if i < luma_bytes {
                let (x, y) = (i as u32 % pitches[0], i as u32 / pitches[0]);
                moved.contains(x, y)
            } else {
                let (x, y) = ((i - luma_bytes) as u32 % pitches[1], (i - luma_bytes) as u32 / pitches[1]);
                x < 2 * chroma.0 && y < chroma.1 && reference::sample_inside(moved, (2, 2), sides(outer), (x / 2, y))
            };
            prop_assert_eq!(got, if inside { donor[i] } else { before[i] }, "byte {} of {}, {} in {}", i, outer, patch, window);
        }
    }

    #[test]
    fn packed_raw_is_cut_between_groups(size in frame_size(), corners in corners(), pad in 0..9_u32) {
        check_packed(Format::RAW10, (4, 10), (4, 2), size, corners, pad);
        check_packed(Format::RAW12, (2, 12), (2, 2), size, corners, pad);
        check_packed(Format::RAW14, (4, 14), (4, 2), size, corners, pad);
    }

    #[test]
    fn no_quad_of_a_mosaic_has_colours_of_two_images(w in 1..24_u32, h in 1..20_u32, corners in corners()) {
        check_mosaic(Format::BAYER, 2, Size::new(w, h).unwrap(), corners);
        check_mosaic(Format::QUAD_BAYER, 4, Size::new(w, h).unwrap(), corners);
    }

    #[test]
    fn frames_are_blended_and_filled_plane_by_plane(size in frame_size(), corners in corners(), to in places(), lambda in 0.0..=1.0_f64) {
        let format = Format::NV12;
        let layouts: [Layout; 2] =
            core::array::from_fn(|i| plane_layout(size, format.cells()[i], format.elements()[i], 1, to[i]));
        let memory = |seed: u32| -> [Vec<u8>; 2] { core::array::from_fn(|i| painted::<u8>(&layouts[i], seed + i as u32)) };
        let (base, donor) = (memory(1), memory(9));
        let weight = WeightGrid::Q15.weight(lambda).unwrap();
        let patch = any_box(size, corners).snap(Grid::YUV420, size).unwrap();
        let colour = [16, 128, 200];
        let (mut mixed, mut filled) = (base.clone(), base.clone());
        let from = reading(format, size, &donor, &layouts);
        let mut frame = writing(format, size, &mut mixed, &layouts);
        frame::mixup_in_place(Level::detect(), &mut frame, &from, weight).unwrap();
        let mut frame = writing(format, size, &mut filled, &layouts);
        let kept = frame::cutout(Level::detect(), &mut frame, patch, &colour).unwrap();
        prop_assert_eq!(kept.kept(), reference::kept_pixels(spec(patch), sides(size)));
        for plane in 0..2 {
            let (a, b) = (to_reference(&base[plane], &layouts[plane]), to_reference(&donor[plane], &layouts[plane]));
            let blended = reference::mixup_integer(&a, &b, weight.kept());
            prop_assert_eq!(&mixed[plane], &from_reference(&base[plane], &layouts[plane], &blended));
            let one = Image::from_fn(1, (a.width, a.height), a.elements, |_, _, _, e| colour[plane + e as usize]);
            let painted = reference::cutmix_plane(&a, &one, spec(patch), pair(format.cells()[plane]), sides(size));
            prop_assert_eq!(&filled[plane], &from_reference(&base[plane], &layouts[plane], &painted));
        }
    }

    #[test]
    fn tiles_of_four_channels_are_channels(size in frame_size(), channels in 1..10_u32, corners in corners(), pad in 0..5_u32) {
        // NC4HW4 from its definition: channel c of pixel (x, y) is element c % 4 of tile c / 4.
        let tiles = channels.div_ceil(4);
        let tiled = Layout::nc4hw4(size, channels, 2).unwrap();
        let tiled = tiled.with_row_pitch(tiled.row_bytes() as isize + 8 * pad as isize).unwrap();
        let pitch = (size.width() + pad) as usize * 4;
        let at = |c: u32, y: u32, x: u32| {
            (c / 4) as usize * size.height() as usize * pitch + y as usize * pitch + (x * 4 + c % 4) as usize
        };
        let (mut base, donor) = (painted::<u16>(&tiled, 1), painted::<u16>(&tiled, 2));
        let patch = any_box(size, corners);
        // The elements beyond the last channel travel along.
        let channel = |memory: &[u16]| Image::from_fn(tiles * 4, sides(size), 1, |c, y, x, _| memory[at(c, y, x)]);
        let mixed = reference::cutmix(&channel(&base), &channel(&donor), spec(patch));
        let mut expected = base.clone();
        for (c, y, x) in (0..tiles * 4).flat_map(|c| (0..size.height()).flat_map(move |y| (0..size.width()).map(move |x| (c, y, x)))) {
            expected[at(c, y, x)] = mixed.at(c, y, x, 0);
        }
        let donor = ImageView::new(&donor, tiled).unwrap();
        ops::cutmix_in_place(Level::detect(), &mut ImageViewMut::new(&mut base, tiled).unwrap(), &donor, patch).unwrap();
        prop_assert!(same_bits(&base, &expected), "{} channels, {}, {}", channels, size, patch);
    }
}

/// A packed pixel as an element that can be copied and not blended: arrays have no mean.
type Packed = [u16; 1];

#[test]
fn packed_pixels_in_a_batch_are_cut_but_not_blended() {
    let size = Size::new(6, 4).unwrap();
    let layout = BatchLayout::dense(Layout::nhwc(size, 1, 2).unwrap(), 2).unwrap();
    let plan = |method: Method| {
        let patch = if method == Method::Mixup { PatchBox::EMPTY } else { PatchBox::new(1, 1, 4, 3).unwrap() };
        let kept = match method {
            Method::Mixup => WeightGrid::Q15.weight(0.5).unwrap(),
            Method::CutMix | Method::Cutout => KeptRatio::of(patch, size).unwrap(),
        };
        [1, 0].map(|partner| {
            PlanSlot::new(SamplePlan { method, applied: true, partner, patch, kept, ..SamplePlan::NOTHING })
        })
    };
    let before: Vec<Packed> = (0..48).map(|i| [i * 1301]).collect();
    let mut pixels = before.clone();
    let mut slots = plan(Method::Mixup);
    let blended = BatchPlan::from_slots(size, &mut slots).unwrap();
    let mut batch = BatchViewMut::new(&mut pixels, layout).unwrap();
    let refused = ops::batch::paste_in_place(Level::detect(), &mut batch, &blended, Fill::Zero);
    assert!(matches!(refused, Err(Error::CopyOnly { .. })), "{refused:?}");
    assert_eq!(pixels, before);
    let mut slots = plan(Method::CutMix);
    let cut = BatchPlan::from_slots(size, &mut slots).unwrap();
    let mut batch = BatchViewMut::new(&mut pixels, layout).unwrap();
    ops::batch::paste_in_place(Level::detect(), &mut batch, &cut, Fill::Zero).unwrap();
    for (i, pixel) in pixels.iter().enumerate() {
        let (sample, x, y) = (i / 24, i % 6, i % 24 / 6);
        let inside = (1..4).contains(&x) && (1..3).contains(&y);
        let from = if inside { (1 - sample) * 24 + i % 24 } else { i };
        assert_eq!(*pixel, before[from], "({x}, {y}) of sample {sample}");
    }
}
