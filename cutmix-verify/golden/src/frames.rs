//! Camera and video frames: every format, cut on its grid in place and into another frame, filled, blended, and by lines.

use cutmix_core::frame::{self, Format, FrameView, FrameViewMut};
use cutmix_core::ops::{Fill, LineMixer};
use cutmix_core::{Error, Level, PlanConfig, SampleKey, SamplePlan, Size};

use crate::draws::hash_plan;
use crate::pixels::{Element, paint};
use crate::{Hash, Memory};

/// Multiples of no cell, of some cells, and smaller than one.
const SIZES: [(u32, u32); 7] = [(17, 9), (32, 8), (5, 4), (63, 3), (13, 12), (1, 5), (3, 1)];

pub(crate) fn walk(hash: &mut Hash, key: u64, level: Level, memory: &mut Memory) -> Result<(), Error> {
    match key % 13 {
        0 => one::<u8, 2>(Format::NV12, hash, key, level, memory),
        1 => one::<u8, 2>(Format::NV16, hash, key, level, memory),
        2 => one::<u16, 2>(Format::P010, hash, key, level, memory),
        3 => one::<u8, 3>(Format::I420, hash, key, level, memory),
        4 => one::<u8, 3>(Format::I422, hash, key, level, memory),
        5 => one::<u8, 1>(Format::YUYV, hash, key, level, memory),
        6 => one::<u16, 1>(Format::RGB565, hash, key, level, memory),
        7 => one::<u8, 1>(Format::BAYER, hash, key, level, memory),
        8 => one::<u16, 1>(Format::BAYER, hash, key, level, memory),
        9 => one::<u16, 1>(Format::QUAD_BAYER, hash, key, level, memory),
        10 => one::<u8, 1>(Format::RAW10, hash, key, level, memory),
        11 => one::<u8, 1>(Format::RAW12, hash, key, level, memory),
        _ => one::<u8, 1>(Format::RAW14, hash, key, level, memory),
    }
}

/// Planes one behind the other in a buffer, their rows apart by `gap` values more than they are long.
struct Planes<const N: usize> {
    format: Format<N>,
    size: Size,
    pitches: [isize; N],
    lens: [usize; N],
}

impl<const N: usize> Planes<N> {
    fn new<T>(format: Format<N>, size: Size, gap: usize) -> Result<Self, Error> {
        let (mut pitches, mut lens) = ([0; N], [0; N]);
        for (plane, (pitch, len)) in pitches.iter_mut().zip(&mut lens).enumerate() {
            let layout = format.layout(plane, size, size_of::<T>() as u32)?;
            let row = layout.row_bytes() + gap * size_of::<T>();
            *pitch = row as isize;
            *len = row / size_of::<T>() * layout.size().height() as usize;
        }
        Ok(Self { format, size, pitches, lens })
    }

    fn len(&self) -> usize {
        self.lens.iter().sum()
    }

    fn view<'a, T: Element>(&self, mut data: &'a [T]) -> Result<FrameView<'a, T, N>, Error> {
        let planes = core::array::from_fn(|plane| {
            let (first, rest) = data.split_at(self.lens[plane]);
            data = rest;
            (first, self.pitches[plane])
        });
        FrameView::of_planes(self.format, self.size, planes)
    }

    fn view_mut<'a, T: Element>(&self, mut data: &'a mut [T]) -> Result<FrameViewMut<'a, T, N>, Error> {
        let planes = core::array::from_fn(|plane| {
            let (first, rest) = core::mem::take(&mut data).split_at_mut(self.lens[plane]);
            data = rest;
            (first, self.pitches[plane])
        });
        FrameViewMut::of_planes(self.format, self.size, planes)
    }
}

fn one<T: Element, const N: usize>(
    format: Format<N>,
    hash: &mut Hash,
    key: u64,
    level: Level,
    memory: &mut Memory,
) -> Result<(), Error> {
    let (width, height) = SIZES[(key % SIZES.len() as u64) as usize];
    let size = Size::new(width, height)?;
    let whole =
        SamplePlan::draw(SampleKey { seed: 13, epoch: 2, index: key }, &PlanConfig::cutmix(size).with_grid(T::GRID));
    let plan = whole.snap(format.grid(), size)?;
    hash_plan(hash, &plan);

    let (near, far) = (Planes::new::<T>(format, size, (key % 5) as usize)?, Planes::new::<T>(format, size, 0)?);
    let (base, other): (&mut [T], &mut [T]) =
        (bytemuck::cast_slice_mut(&mut memory.input), bytemuck::cast_slice_mut(&mut memory.output));
    let base = &mut base[..near.len()];
    let (donor, out) = other.split_at_mut(far.len());
    let out = &mut out[..near.len()];
    paint(base, key + 2);
    paint(donor, key + 3);
    paint(out, key + 4);

    // Gaps between rows enter the hash as well: nobody may write there.
    let kept = frame::cutmix_into(level, &mut near.view_mut(out)?, &near.view(base)?, &far.view(donor)?, plan.patch)?;
    hash.u64(kept.kept());
    out.iter().for_each(|&element| element.hash(hash));
    frame::cutmix_in_place(level, &mut near.view_mut(base)?, &far.view(donor)?, plan.patch)?;
    base.iter().for_each(|&element| element.hash(hash));
    if format.blends() {
        let weight = T::GRID.weight((key % 89) as f64 / 88.0)?;
        frame::mixup_in_place(level, &mut near.view_mut(out)?, &far.view(donor)?, weight)?;
    }
    let mut colour = [T::painted(0); 8];
    paint(&mut colour, key + 5);
    let values = format.elements().iter().sum::<u32>() as usize;
    frame::cutout(level, &mut near.view_mut(out)?, plan.patch, &colour[..values])?;
    out.iter().for_each(|&element| element.hash(hash));

    // The last plane by lines, the donor's rows where they are needed.
    let (cell, elements) = (format.cells()[N - 1], format.elements()[N - 1]);
    let own = plan.subsample(cell, size)?;
    let shape = cell.subsample(size);
    let mixer = LineMixer::<T>::new(level, own, shape, 1, elements, Fill::Zero)?;
    let row = (shape.width() * elements) as usize;
    paint(base, key + 6);
    for (y, line) in (0..shape.height()).zip(base.chunks_exact_mut(row)) {
        hash.u8(mixer.needs_donor(y).into());
        mixer.paste(0, y, line, &donor[..row])?;
        line.iter().for_each(|&element| element.hash(hash));
    }
    Ok(())
}
