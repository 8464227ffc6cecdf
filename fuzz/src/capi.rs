//! The C ABI against the safe core: images anywhere in one arena, so that they may overlap, be misaligned or too short, with
//! any numbers in the structs. What the core would do on copies is what the arena holds afterwards; what it refuses, or what
//! only the ABI can get wrong, is a status, and leaves every byte as it was. Pointers keep the one promise that the ABI
//! cannot check: the lengths that are given lie within the arena, whose ends the sanitizer watches.
#![allow(unsafe_code)] // The functions under test take raw pointers.

use arbitrary::Arbitrary;
use bytemuck::Pod;
use cutmix::{CUTMIX_OK, Fill, Image};
use cutmix_core::ops::{self, Blend, Fill as CoreFill, Frame, NoiseRange};
use cutmix_core::{Error, ImageView, ImageViewMut, KeptRatio, Layout, Level, NoiseKey, PatchBox, Size};

use crate::Outcome;

#[derive(Arbitrary, Clone, Copy, Debug)]
struct Shape {
    sides: [u8; 2],
    planes: u8,
    pixel: u8,
    row_pad: i8,
    plane_pad: i8,
    flags: u8,
    at: u8,
    room: u16,
    wild: u8,
    value: u64,
}

#[derive(Arbitrary, Debug)]
struct Input {
    operation: u8,
    level: u8,
    element: u8,
    first: Shape,
    second: Shape,
    patch: [u8; 4],
    fill: u8,
    ratio: [u32; 2],
    words: [u32; 2],
    seed: u8,
}

const ARENA: usize = 4096;
const HALF: usize = ARENA / 2;

/// The struct that a shape stands for, and where its data begins in the arena.
fn image(shape: &Shape, element: u32, half: usize) -> (Image, usize) {
    let bytes = [1, 1, 2, 4].get(element as usize).copied().unwrap_or(1);
    let flag = |bit: u8| shape.flags >> bit & 1 == 1;
    let at = half + usize::from(shape.at) * if flag(0) { 1 } else { 8 };
    let (width, height) = (u32::from(shape.sides[0] % 12), u32::from(shape.sides[1] % 8));
    let (planes, pixel_bytes) = (u32::from(shape.planes % 4), u32::from(shape.pixel % 4) * bytes);
    let row = (width * pixel_bytes) as isize;
    let row_pitch =
        if flag(1) { 0 } else { row + isize::from(shape.row_pad) * if flag(2) { 1 } else { bytes as isize } };
    let row_pitch = if flag(3) { -row_pitch } else { row_pitch };
    let plane_pitch = if flag(4) {
        0
    } else {
        row_pitch.abs() * height as isize + isize::from(shape.plane_pad.max(0)) * bytes as isize
    };
    let origin = if flag(3) { row_pitch.unsigned_abs() * height.saturating_sub(1) as usize } else { 0 };
    let mut image = Image {
        struct_size: size_of::<Image>() as u32,
        element,
        width,
        height,
        planes,
        pixel_bytes,
        data: std::ptr::null_mut(),
        data_bytes: (usize::from(shape.room) % ARENA).max(if flag(5) { 0 } else { HALF }),
        origin,
        row_pitch,
        plane_pitch,
    };
    // Sometimes one field is anything at all.
    let value = shape.value;
    match shape.wild {
        1 => image.struct_size = value as u32 % 64,
        2 => image.width = value as u32,
        3 => image.height = value as u32,
        4 => image.planes = value as u32,
        5 => image.pixel_bytes = value as u32,
        6 => image.origin = value as usize,
        7 => image.row_pitch = value as isize,
        8 => image.plane_pitch = value as isize,
        9 => image.element = value as u32,
        _ => {}
    }
    // The promise that cannot be checked.
    image.data_bytes = image.data_bytes.min(ARENA.saturating_sub(at));
    (image, at.min(ARENA))
}

/// The layout of an image that the ABI has to take.
fn layout(image: &Image, at: usize) -> Option<Layout> {
    let bytes = *[1_usize, 1, 2, 4].get(image.element as usize)?;
    let size = Size::new(image.width, image.height).ok()?;
    let row = i128::from(image.width) * i128::from(image.pixel_bytes);
    let row_pitch = if image.row_pitch == 0 { isize::try_from(row).ok()? } else { image.row_pitch };
    let dense = row_pitch.unsigned_abs() as u128 * u128::from(image.height);
    let plane_pitch =
        if image.plane_pitch == 0 && image.planes > 1 { isize::try_from(dense).ok()? } else { image.plane_pitch };
    let layout = Layout::new(size, image.planes, image.pixel_bytes, row_pitch, plane_pitch, image.origin).ok()?;
    let whole = [
        layout.pixel_bytes() as usize,
        layout.row_pitch().unsigned_abs(),
        layout.plane_pitch().unsigned_abs(),
        layout.origin(),
        at,
    ];
    let fits = image.struct_size as usize == size_of::<Image>() && layout.buffer_bytes() <= image.data_bytes;
    (fits && whole.iter().all(|quantity| quantity % bytes == 0)).then_some(layout)
}

fn copied<T: Pod>(arena: &[u8], at: usize, layout: &Layout) -> Vec<T> {
    let bytes = &arena[at..at + layout.buffer_bytes()];
    let mut elements = vec![T::zeroed(); bytes.len() / size_of::<T>()];
    bytemuck::cast_slice_mut(&mut elements).copy_from_slice(bytes);
    elements
}

/// What the core makes of a copy of the base.
fn expected<T: Blend>(input: &Input, arena: &[u8], [a, b]: [(usize, Option<Layout>); 2]) -> Option<Vec<u8>> {
    let mine = a.1?;
    let mut base: Vec<T> = copied(arena, a.0, &mine);
    let mut view = ImageViewMut::new(&mut base, mine).ok()?;
    let [x0, y0, x1, y1] = input.patch.map(|edge| u32::from(edge % 13));
    let patch = PatchBox::new(x0, y0, x1, y1);
    let done: Result<(), Error> = match input.operation % 3 {
        2 => {
            let values: Vec<T> = copied(arena, 0, &Layout::nhwc(Size::new(8, 8).ok()?, 1, size_of::<T>() as u32).ok()?);
            let needed = mine.planes() as usize * mine.pixel_bytes() as usize / size_of::<T>();
            let fill = match input.fill % 4 {
                0 => CoreFill::Zero,
                1 => CoreFill::Constant(values.get(..needed)?),
                2 => CoreFill::Constant(values.get(..needed + 1)?),
                _ => CoreFill::Noise(NoiseRange { lo: -1.0, hi: 3.0 }),
            };
            let frame = Frame::whole(mine.size());
            patch.and_then(|patch| {
                ops::cutout(Level::PORTABLE, &mut view, patch, fill, NoiseKey { words: input.words }, frame).map(|_| ())
            })
        }
        operation => {
            let other = b.1?;
            let donor: Vec<T> = copied(arena, b.0, &other);
            let (from, to) = ((a.0, a.0 + mine.buffer_bytes()), (b.0, b.0 + other.buffer_bytes()));
            if from.0 < to.1 && to.0 < from.1 {
                return None;
            }
            let donor = ImageView::new(&donor, other).ok()?;
            if operation == 0 {
                patch.and_then(|patch| ops::cutmix_in_place(Level::PORTABLE, &mut view, &donor, patch).map(|_| ()))
            } else {
                let weight = KeptRatio::new(weight(input)[0], weight(input)[1]);
                weight.and_then(|weight| ops::mixup_in_place(Level::PORTABLE, &mut view, &donor, weight))
            }
        }
    };
    done.ok()?;
    let mut after = arena.to_vec();
    after[a.0..a.0 + mine.buffer_bytes()].copy_from_slice(bytemuck::cast_slice(&base));
    Some(after)
}

/// A weight that is often on a grid.
fn weight(input: &Input) -> [u64; 2] {
    let [kept, total] = input.ratio.map(u64::from);
    match input.words[0] % 4 {
        0 => [kept, total],
        1 => [kept % (1 << 24), 1 << 24],
        _ => [kept % (1 << 15), 1 << 15],
    }
}

pub(crate) fn check(data: &[u8]) -> Outcome {
    let Some(input) = crate::read::<Input>(data) else { return Outcome::Malformed };
    let element = u32::from(input.element % 4);
    let second =
        if input.second.flags >> 6 & 1 == 1 { input.second } else { Shape { at: input.second.at, ..input.first } };
    let (mut base, base_at) = image(&input.first, element, 256);
    let (mut donor, donor_at) = image(&second, element, HALF);
    // Finite numbers in every element type: NaNs are not promised to stay what they are in arithmetic.
    let mut memory: Vec<u64> = (0..ARENA as u64 / 8)
        .map(|i| (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(input.seed)) & 0x3fff_ffff_3fff_ffff)
        .collect();
    let before = bytemuck::cast_slice::<u64, u8>(&memory).to_vec();
    let arena = memory.as_mut_ptr().cast::<u8>();
    base.data = arena.wrapping_add(base_at).cast();
    donor.data = arena.wrapping_add(donor_at).cast();
    let (base, donor) = (&base, &donor);
    let images = [(base_at, layout(base, base_at)), (donor_at, layout(donor, donor_at))];
    let level = Level::NAMES.get((input.level as usize % 8).wrapping_sub(1));
    let has_level = input.level % 8 == 0 || level.is_some_and(|name| Level::from_name(name).is_some());
    let operation = input.operation % 3;
    let same_elements = operation == 2 || base.element == donor.element;
    let noise = operation == 2 && input.fill % 4 == 3;
    let copy_only = base.element == 0 && (operation == 1 || noise);
    let want = if !has_level || !same_elements || copy_only {
        None
    } else {
        match base.element {
            2 => expected::<u16>(&input, &before, images),
            3 => expected::<f32>(&input, &before, images),
            _ => expected::<u8>(&input, &before, images),
        }
    };
    let patch = input.patch.map(|edge| u32::from(edge % 13));
    let code = u32::from(input.level % 8);
    let status = match operation {
        0 => {
            let (kept, total) = (std::ptr::null_mut(), std::ptr::null_mut());
            // SAFETY: both images lie in the arena.
            unsafe { cutmix::cutmix_paste_in_place(code, base, donor, patch.as_ptr(), kept, total) }
        }
        1 => {
            let [kept, total] = weight(&input);
            // SAFETY: both images lie in the arena.
            unsafe { cutmix::cutmix_mixup_in_place(code, base, donor, kept, total) }
        }
        _ => {
            let bytes = [1, 1, 2, 4].get(base.element as usize).copied().unwrap_or(1);
            let needed = (u64::from(base.planes) * u64::from(base.pixel_bytes) / bytes) as usize;
            let fill = &Fill {
                struct_size: size_of::<Fill>() as u32,
                kind: [0, 1, 1, 2][usize::from(input.fill % 4)],
                values: arena.cast_const().cast(),
                // The first 64 values of the arena, and no more, are lent.
                values_len: (needed + usize::from(input.fill % 4 == 2)).min(64),
                lo: -1.0,
                hi: 3.0,
            };
            let words = input.words.as_ptr();
            // SAFETY: the image and the values lie in the arena.
            unsafe { cutmix::cutmix_cutout(code, base, patch.as_ptr(), fill, words, std::ptr::null()) }
        }
    };
    let after = bytemuck::cast_slice::<u64, u8>(&memory);
    assert_eq!(status == CUTMIX_OK, want.is_some(), "status {status}: {base:?} {donor:?} {input:?}");
    assert!(after == want.as_deref().unwrap_or(&before), "status {status}, other bytes: {base:?} {donor:?} {input:?}");
    if want.is_some() { Outcome::Verified } else { Outcome::Refused }
}
