//! `ndarray` arrays mixed in place: a batch of NCHW `f32`, and windows of a larger array with their own strides.
//!
//!     cargo run -p cutmix-verify --example ndarray_batch

use std::error::Error;

use cutmix_core::ops::{self, Fill};
use cutmix_core::plan::{BatchConfig, BatchPlan, Pairing, PlanSlot, Samples, Scope};
use cutmix_core::view::{BatchLayout, BatchViewMut};
use cutmix_core::{BatchKey, ImageView, ImageViewMut, Layout, Level, PatchBox, PlanConfig, Size};
use cutmix_verify::reference::{self, Image, Patch};
use ndarray::{Array3, Array4, ArrayView3, Axis, s};

/// The reference's image of a `(channels, rows, columns)` array.
fn to_reference<T: Copy>(array: &ArrayView3<'_, T>) -> Image<T> {
    let (planes, height, width) = array.dim();
    Image::from_fn(planes as u32, (width as u32, height as u32), 1, |p, y, x, _| {
        array[[p as usize, y as usize, x as usize]]
    })
}

/// A layout of a `(rows, columns, channels)` view whose channels lie side by side, from the strides that ndarray gives.
fn layout_of<T>(view: &ArrayView3<'_, T>) -> Result<Layout, Box<dyn Error>> {
    let (height, width, channels) = view.dim();
    let [row, pixel, channel] = *view.strides() else { unreachable!("three axes") };
    if (pixel, channel) != (channels as isize, 1) {
        return Err(format!("pixels of {channels} values have strides {pixel} and {channel}").into());
    }
    let size = Size::new(u32::try_from(width)?, u32::try_from(height)?)?;
    let bytes = size_of::<T>();
    Ok(Layout::nhwc(size, u32::try_from(channels)?, u32::try_from(bytes)?)?.with_row_pitch(row * bytes as isize)?)
}

fn spec(patch: PatchBox) -> Patch {
    Patch { x0: patch.x0(), y0: patch.y0(), x1: patch.x1(), y1: patch.y1() }
}

fn main() -> Result<(), Box<dyn Error>> {
    // A batch (N, C, H, W): one view over the memory of the array.
    let (len, channels, size) = (8, 3, Size::new(32, 24)?);
    let mut batch = Array4::from_shape_fn((len, channels, 24, 32), |(n, c, y, x)| {
        n as f32 + (c * 1000 + y * 32 + x) as f32 / 4096.0
    });
    let before = batch.clone();
    let config = BatchConfig { plan: PlanConfig::cutmix(size), scope: Scope::Sample, pairing: Pairing::Derangement };
    let mut memory = vec![PlanSlot::EMPTY; len];
    let samples = Samples::Range { first: 0, len: len as u32 };
    let plan = BatchPlan::draw(BatchKey { seed: 1, epoch: 0, batch: 0 }, &config, samples, &mut memory)?;
    let layout = BatchLayout::dense(Layout::nchw(size, channels as u32, 4)?, len)?;
    let pixels = batch.as_slice_mut().ok_or("an array in standard order")?;
    ops::batch::mix_in_place(Level::detect(), &mut BatchViewMut::new(pixels, layout)?, &plan, Fill::Zero)?;
    let mut replaced = 0;
    for (i, sample) in plan.iter().enumerate() {
        let image = |n| to_reference(&before.index_axis(Axis(0), n));
        let expected = reference::cutmix(&image(i), &image(sample.partner as usize), spec(sample.patch));
        assert_eq!(to_reference(&batch.index_axis(Axis(0), i)), expected, "sample {i}");
        replaced += sample.patch.area();
    }
    println!(
        "batch   {:?} mixed in place, {replaced} pixels replaced; each sample equals the reference",
        batch.shape()
    );

    // Windows of a larger image (H, W, C): ndarray's strides become a layout, its slice the memory.
    let mut frame = Array3::from_shape_fn((90, 120, 3), |(y, x, c)| (y * 3 + x * 5 + c) as u8);
    let untouched = frame.clone();
    let (here, there) = (s![10..50, 20..84, ..], s![45..85, 50..114, ..]);
    let donor = frame.slice(there).as_standard_layout().into_owned();
    let patch = PatchBox::new(5, 7, 40, 33)?;
    let layout = layout_of(&frame.slice(here))?;
    let origin = (10 * 120 + 20) * 3;
    let pixels = frame.as_slice_mut().ok_or("an array in standard order")?;
    let mut window = ImageViewMut::new(pixels, layout.with_origin(origin)?)?;
    let from = ImageView::new(donor.as_slice().ok_or("an array in standard order")?, layout_of(&donor.view())?)?;
    let kept = ops::cutmix_in_place(Level::detect(), &mut window, &from, patch)?;
    for ((y, x, c), &got) in frame.indexed_iter() {
        let inside = y.checked_sub(10).zip(x.checked_sub(20)).filter(|&(y, x)| patch.contains(x as u32, y as u32));
        let expected = inside.map_or(untouched[[y, x, c]], |(wy, wx)| untouched[[wy + 45, wx + 50, c]]);
        assert_eq!(got, expected, "({x}, {y}), channel {c}");
    }
    println!(
        "window  {} of {:?}: box {patch}, label keeps {kept}; the rest is untouched",
        layout.size(),
        frame.shape()
    );

    // A transposed view has its columns apart; that is said, not mixed wrongly.
    let transposed = frame.view().permuted_axes([1, 0, 2]);
    let refused = layout_of(&transposed).map(|_| ()).expect_err("columns are a whole row apart");
    println!("refused {refused}");
    Ok(())
}
