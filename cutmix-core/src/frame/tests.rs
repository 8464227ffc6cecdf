//! Every box of small frames of odd sizes, plane by plane; what is refused, and that nothing is written then.

use super::*;
use crate::error::Error;
use crate::geometry::{Grid, KeptRatio, PatchBox, Size, WeightGrid};
use crate::kernels::Level;
use crate::view::{ImageView, ImageViewMut};

const LEVEL: Level = Level::PORTABLE;

fn size(width: u32, height: u32) -> Size {
    Size::new(width, height).unwrap()
}

fn boxed(x0: u32, y0: u32, x1: u32, y1: u32) -> PatchBox {
    PatchBox::new(x0, y0, x1, y1).unwrap()
}

/// Memory of three planes of at most 9 x 7 bytes, each value different from its neighbours.
fn painted(seed: u8) -> [[u8; 64]; 3] {
    let plane = |p: u8| core::array::from_fn(|i| (i as u8).wrapping_mul(3).wrapping_add(p.wrapping_mul(61) ^ seed));
    [plane(0), plane(1), plane(2)]
}

/// What a plane of samples of `count` bytes, `pitch` apart, has to be: sample by sample the donor's where the box has
/// the pixels of its cell, which the box has all or none of.
fn pasted(
    [base, donor]: [&[u8; 64]; 2],
    pitch: usize,
    (cell, count): (Grid, u32),
    whole: Size,
    patch: PatchBox,
) -> [u8; 64] {
    let mut out = *base;
    for (x, y) in (0..whole.height()).flat_map(|y| (0..whole.width()).map(move |x| (x, y))) {
        if patch.contains(x, y) {
            let at = (y / cell.y()) as usize * pitch + ((x / cell.x()) * count) as usize;
            out[at..at + count as usize].copy_from_slice(&donor[at..at + count as usize]);
        }
    }
    out
}

#[test]
fn one_box_cuts_all_planes_of_every_odd_frame() {
    let (mut on, sizes) = (0, [(3, 3), (3, 5), (2, 2), (7, 5), (8, 6), (1, 1), (1, 4), (5, 1)]);
    for &(w, h) in if cfg!(miri) { &sizes[..1] } else { &sizes[..] } {
        let whole = size(w, h);
        let [base, donor] = [painted(1), painted(130)];
        for (x0, x1) in (0..=w).flat_map(|x0| (x0..=w).map(move |x1| (x0, x1))) {
            for (y0, y1) in (0..=h).flat_map(|y0| (y0..=h).map(move |y1| (y0, y1))) {
                let patch = boxed(x0, y0, x1, y1);
                // NV12 and I420 with a pitch of their own for every plane.
                let [mut luma, mut chroma, mut third] = base;
                let from = [(&donor[0][..], 8), (&donor[1][..], 9)];
                let from = FrameView::of_planes(Format::NV12, whole, from).unwrap();
                let to = [(&mut luma[..], 8), (&mut chroma[..], 9)];
                let mut to = FrameViewMut::of_planes(Format::NV12, whole, to).unwrap();
                let result = cutmix_in_place(LEVEL, &mut to, &from, patch);
                let stays = patch.is_on(Grid::YUV420, whole);
                if !stays {
                    let off = Error::OffGrid { patch: patch.into(), grid: [2, 2], size: whole.into() };
                    assert_eq!(result, Err(off));
                    assert_eq!([luma, chroma], [base[0], base[1]]);
                    continue;
                }
                on += 1;
                assert_eq!(result, KeptRatio::of(patch, whole), "{patch}");
                let two = (Grid::YUV420, 2);
                assert_eq!(luma, pasted([&base[0], &donor[0]], 8, (Grid::PIXEL, 1), whole, patch), "{patch}");
                assert_eq!(chroma, pasted([&base[1], &donor[1]], 9, two, whole, patch), "{patch}");

                let [mut luma, mut chroma, _] = painted(77);
                let planes = base.each_ref().map(|plane| &plane[..]);
                let a = FrameView::of_planes(Format::I420, whole, [(planes[0], 9), (planes[1], 4), (planes[2], 5)]);
                let planes = donor.each_ref().map(|plane| &plane[..]);
                let b = FrameView::of_planes(Format::I420, whole, [(planes[0], 9), (planes[1], 4), (planes[2], 5)]);
                let out = [(&mut luma[..], 9), (&mut chroma[..], 4), (&mut third[..], 5)];
                let mut out = FrameViewMut::of_planes(Format::I420, whole, out).unwrap();
                let kept = cutmix_into(LEVEL, &mut out, &a.unwrap(), &b.unwrap(), patch);
                assert_eq!(kept, result);
                let one = (Grid::YUV420, 1);
                let (all, [first, second, _]) = (PatchBox::full(whole), painted(77));
                let under = |plane, base, pitch, cell| pasted([plane, base], pitch, cell, whole, all);
                let expected = [
                    under(&first, &base[0], 9, (Grid::PIXEL, 1)),
                    under(&second, &base[1], 4, one),
                    under(&base[2], &base[2], 5, one),
                ];
                assert_eq!(luma, pasted([&expected[0], &donor[0]], 9, (Grid::PIXEL, 1), whole, patch), "{patch}");
                assert_eq!(chroma, pasted([&expected[1], &donor[1]], 4, one, whole, patch), "{patch}");
                assert_eq!(third, pasted([&expected[2], &donor[2]], 5, one, whole, patch), "{patch}");
            }
        }
    }
    assert!(on > if cfg!(miri) { 15 } else { 200 }, "{on} boxes on the grid");
}

#[test]
fn packed_groups_are_copied_whole() {
    // 6 x 2 pixels of 10 bits: a group of four and one of two, 11 bytes from row to row.
    let (whole, base, donor) = (size(6, 2), painted(0)[0], painted(200)[0]);
    for (patch, columns) in [(boxed(0, 0, 4, 2), 0..5), (boxed(4, 0, 6, 2), 5..10), (boxed(0, 0, 6, 2), 0..10)] {
        let mut out = base;
        let mut to = FrameViewMut::of_planes(Format::RAW10, whole, [(&mut out[..], 11)]).unwrap();
        let from = FrameView::of_planes(Format::RAW10, whole, [(&donor[..], 11)]).unwrap();
        assert_eq!(cutmix_in_place(LEVEL, &mut to, &from, patch), KeptRatio::of(patch, whole));
        for (i, (&got, (&a, &b))) in out.iter().zip(base.iter().zip(&donor)).enumerate() {
            let inside = i < 22 && columns.contains(&(i % 11));
            assert_eq!(got, if inside { b } else { a }, "byte {i}, {patch}");
        }
        // Half a group, and half a mosaic.
        for patch in [boxed(0, 0, 2, 2), boxed(0, 0, 4, 1)] {
            let mut to = FrameViewMut::of_planes(Format::RAW10, whole, [(&mut out[..], 11)]).unwrap();
            assert!(matches!(cutmix_in_place(LEVEL, &mut to, &from, patch), Err(Error::OffGrid { .. })));
        }
    }
}

#[test]
fn a_window_is_a_frame_of_its_own() {
    let (whole, base, donor) = (size(7, 5), painted(1), painted(130));
    let [mut luma, mut chroma, _] = base;
    let mut frame = FrameViewMut::of_planes(Format::NV12, whole, [(&mut luma[..], 8), (&mut chroma[..], 9)]).unwrap();
    let from = FrameView::of_planes(Format::NV12, whole, [(&donor[0][..], 8), (&donor[1][..], 9)]).unwrap();
    let window = boxed(2, 2, 7, 5);
    let refused = frame.crop(boxed(1, 2, 7, 5)).map(|_| ());
    assert_eq!(refused, Err(Error::OffGrid { patch: [1, 2, 7, 5], grid: [2, 2], size: whole.into() }));
    assert_eq!(from.crop(PatchBox::EMPTY).map(|_| ()), Err(Error::ZeroSide { width: 0, height: 0 }));
    assert!(matches!(from.crop(boxed(0, 0, 8, 2)), Err(Error::BoxOutside { .. })));
    let (mut part, from) = (frame.crop(window).unwrap(), from.crop(window).unwrap());
    assert_eq!((part.size(), from.size(), from.format()), (size(5, 3), size(5, 3), &Format::NV12));
    assert_eq!(part.as_view().planes()[1].size(), size(3, 2));
    // The last column and row of the window are those of the frame.
    let kept = cutmix_in_place(LEVEL, &mut part, &from, boxed(2, 0, 5, 3)).unwrap();
    assert_eq!((kept.kept(), kept.total()), (6, 15));
    let patch = boxed(4, 2, 7, 5);
    assert_eq!(luma, pasted([&base[0], &donor[0]], 8, (Grid::PIXEL, 1), whole, patch));
    assert_eq!(chroma, pasted([&base[1], &donor[1]], 9, (Grid::YUV420, 2), whole, patch));
}

#[test]
fn a_colour_has_a_value_for_every_element() {
    let whole = size(3, 3);
    let [mut luma, mut chroma, _] = painted(1);
    let before = [luma, chroma];
    let mut frame = FrameViewMut::of_planes(Format::NV12, whole, [(&mut luma[..], 4), (&mut chroma[..], 6)]).unwrap();
    let wrong = cutout(LEVEL, &mut frame, boxed(2, 0, 3, 2), &[1, 2]);
    assert_eq!(wrong, Err(Error::CountMismatch { what: "fill values", given: 2, expected: 3 }));
    assert!(matches!(cutout(LEVEL, &mut frame, boxed(1, 0, 3, 2), &[1, 2, 3]), Err(Error::OffGrid { .. })));
    let kept = cutout(LEVEL, &mut frame, boxed(2, 0, 3, 2), &[1, 2, 3]).unwrap();
    assert_eq!((kept.kept(), kept.total()), (7, 9));
    let mut expected = before;
    (expected[0][2], expected[0][6], expected[1][2], expected[1][3]) = (1, 1, 2, 3);
    assert_eq!([luma, chroma], expected);
}

#[test]
fn one_weight_blends_all_planes_of_what_can_be_blended() {
    let (whole, weight) = (size(3, 3), WeightGrid::Q15.weight(0.5).unwrap());
    let mut planes = [[10_u8; 9], [20; 9], [30; 9]];
    let [a, b, c] = &mut planes;
    let to = [(&mut a[..], 3), (&mut b[..], 2), (&mut c[..], 2)];
    let mut to = FrameViewMut::of_planes(Format::I420, whole, to).unwrap();
    let donor = [50; 9];
    let from = FrameView::of_planes(Format::I420, whole, [(&donor[..], 3), (&donor[..4], 2), (&donor[..4], 2)]);
    let from = from.unwrap();
    let off_grid = mixup_in_place(LEVEL, &mut to, &from, WeightGrid::Q24.weight(0.5).unwrap());
    assert!(matches!(off_grid, Err(Error::WeightGrid { .. })));
    assert_eq!(mixup_in_place(LEVEL, &mut to, &from, weight), Ok(()));
    assert_eq!(planes, [[30; 9], [35, 35, 35, 35, 20, 20, 20, 20, 20], [40, 40, 40, 40, 30, 30, 30, 30, 30]]);

    let (mut ten, six) = ([1_u16 << 6; 24], [3_u16 << 6; 24]);
    let (y, uv) = ten.split_at_mut(9);
    let mut to = FrameViewMut::of_planes(Format::P010, whole, [(y, 6), (uv, 8)]).unwrap();
    let from = FrameView::of_planes(Format::P010, whole, [(&six[..9], 6), (&six[9..], 8)]).unwrap();
    assert_eq!(mixup_in_place(LEVEL, &mut to, &from, weight), Err(Error::CopyOnly { sample: 0 }));
    assert_eq!(ten, [1 << 6; 24]);
}

#[test]
fn frames_must_be_alike() {
    let (whole, donor) = (size(7, 4), painted(9)[0]);
    let mut out = painted(1)[0];
    let weight = WeightGrid::Q15.weight(0.5).unwrap();
    let frame = |whole| FrameView::of_planes(Format::BAYER, whole, [(&donor[..], 8)]).unwrap();
    let mut to = FrameViewMut::of_planes(Format::BAYER, whole, [(&mut out[..], 8)]).unwrap();
    let (same, other) = (frame(whole), frame(size(8, 4)));
    let mismatch = |what| Err(Error::SizeMismatch { what, given: [8, 4], expected: whole.into() });
    let patch = boxed(0, 0, 2, 2);
    assert_eq!(cutmix_in_place(LEVEL, &mut to, &other, patch), mismatch("the donor"));
    assert_eq!(cutmix_into(LEVEL, &mut to, &other, &same, patch), mismatch("the base"));
    assert_eq!(cutmix_into(LEVEL, &mut to, &same, &other, patch), mismatch("the donor"));
    assert_eq!(mixup_in_place(LEVEL, &mut to, &other, weight).map(|()| KeptRatio::ONE), mismatch("the donor"));
    // As many groups, but not as many pixels.
    let mut groups = [0_u8; 64];
    let mut seven = FrameViewMut::of_planes(Format::RAW10, whole, [(&mut groups[..], 10)]).unwrap();
    let eight = FrameView::of_planes(Format::RAW10, size(8, 4), [(&donor[..], 10)]).unwrap();
    assert_eq!(
        cutmix_in_place(LEVEL, &mut seven, &eight, patch.snap(Format::RAW10.grid(), whole).unwrap()),
        mismatch("the donor")
    );
    // As many pixels, but other samples.
    let wide = Format::new([Grid::PIXEL], [2]).unwrap();
    let pairs = FrameView::of_planes(wide, size(7, 4), [(&donor[..], 14)]).unwrap();
    let samples = Err(Error::CountMismatch { what: "bytes of a pixel", given: 2, expected: 1 });
    assert_eq!(cutmix_in_place(LEVEL, &mut to, &pairs, patch), samples);
    assert_eq!(out, painted(1)[0]);
}

#[test]
fn planes_must_be_those_of_the_format() {
    let whole = size(7, 5);
    let memory = [0_u8; 64];
    let luma = ImageView::nhwc(&memory, whole, 1).unwrap();
    let new = |chroma| FrameView::new(Format::NV12, whole, [luma, chroma]).map(|_| ());
    assert_eq!(new(ImageView::nhwc(&memory, size(4, 3), 2).unwrap()), Ok(()));
    // Halved downwards.
    let small = ImageView::nhwc(&memory, size(3, 2), 2).unwrap();
    let expected = Error::SizeMismatch { what: "a plane of the frame", given: [3, 2], expected: [4, 3] };
    assert_eq!(new(small), Err(expected));
    let one = Err(Error::CountMismatch { what: "bytes of a pixel", given: 1, expected: 2 });
    assert_eq!(new(ImageView::nhwc(&memory, size(4, 3), 1).unwrap()), one);
    let mut written = memory;
    let planes = ImageViewMut::nchw(&mut written, whole, 1).unwrap().split_rows(3).unwrap();
    let refused = FrameViewMut::new(Format::NV12, whole, planes.into()).map(|_| ());
    assert!(matches!(refused, Err(Error::SizeMismatch { .. })));
    let short = FrameView::of_planes(Format::NV12, whole, [(&memory[..34], 7), (&memory[..], 8)]).map(|_| ());
    assert!(matches!(short, Err(Error::TooShort { given: 34, expected: 35, .. })));
    let narrow = FrameView::of_planes(Format::NV12, whole, [(&memory[..], 7), (&memory[..], 7)]).map(|_| ());
    assert_eq!(narrow, Err(Error::Overlap { what: "rows", pitch: 7, needed: 8 }));
    let mut pixels = [0_u16; 35];
    let odd = FrameViewMut::of_planes(Format::BAYER, whole, [(&mut pixels[..], 15)]).map(|_| ());
    assert!(matches!(odd, Err(Error::Misaligned { given: 15, .. })));
}
