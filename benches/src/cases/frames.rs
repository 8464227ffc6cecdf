//! Camera and video frames: boxes by the law, snapped to the grid of the frame, in every plane; and the same by lines.

use std::cell::RefCell;
use std::hint::black_box;
use std::rc::Rc;

use cutmix_core::frame::{self, Format, FrameView, FrameViewMut};
use cutmix_core::ops::{Fill, LineMixer};
use cutmix_core::{KeptRatio, Layout, Method, PatchBox, SamplePlan, Size};

use super::{Case, Levels, MEMCPY, barred, law_boxes, memcpy_rows, painted};
use crate::{Group, bar_but};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (residency, width, height, frames) in [("L2", 320, 240, 2), ("DRAM", 1920, 1080, 60)] {
        let size = Size::new(width, height).unwrap();
        let mut add = |what: &str, make: fn(&str, Size, usize, Levels<'_>) -> Group<'static>| {
            let name = format!("frames, {what} {width}x{height}, {residency}");
            cases.push(Case::new(name, move |name, levels| make(name, size, frames, levels)));
        };
        add("NV12", |name, size, frames, levels| group(name, Format::NV12, size, frames, levels));
        add("I420", |name, size, frames, levels| group(name, Format::I420, size, frames, levels));
        add("YUYV", |name, size, frames, levels| group(name, Format::YUYV, size, frames, levels));
        add("RAW10", |name, size, frames, levels| group(name, Format::RAW10, size, frames, levels));
    }
    cases
}

/// Why 16 bytes at a time may miss: the yardstick takes more.
const WIDE_MEMCPY: &str =
    "memcpy uses the widest registers of the machine at every level, 64 bytes here, on rows of some 200 bytes";

/// Dense frames one behind the other, and boxes on their grid.
struct Frames<const N: usize> {
    format: Format<N>,
    size: Size,
    layouts: [Layout; N],
    bytes: usize,
    boxes: Vec<PatchBox>,
}

impl<const N: usize> Frames<N> {
    fn new(format: Format<N>, size: Size, boxes: usize) -> Self {
        let layouts: [Layout; N] = core::array::from_fn(|i| format.layout(i, size, 1).unwrap());
        let bytes = layouts.iter().map(Layout::buffer_bytes).sum();
        let snapped = law_boxes(size, boxes).into_iter().map(|patch| patch.snap(format.grid(), size).unwrap());
        Self { format, size, layouts, bytes, boxes: snapped.collect() }
    }

    /// Bytes that one round of boxes replaces.
    fn replaced(&self) -> u64 {
        let plane = |patch: &PatchBox| -> u64 {
            let planes = self.format.cells().iter().zip(self.format.elements());
            planes.map(|(cell, &elements)| patch.subsample(*cell).area() * u64::from(elements)).sum()
        };
        self.boxes.iter().map(plane).sum()
    }

    fn planes<'a>(&self, mut frame: &'a [u8]) -> [(&'a [u8], isize); N] {
        self.layouts.each_ref().map(|layout| {
            let (plane, rest) = frame.split_at(layout.buffer_bytes());
            frame = rest;
            (plane, layout.row_pitch())
        })
    }

    fn planes_mut<'a>(&self, mut frame: &'a mut [u8]) -> [(&'a mut [u8], isize); N] {
        self.layouts.each_ref().map(|layout| {
            let (plane, rest) = core::mem::take(&mut frame).split_at_mut(layout.buffer_bytes());
            frame = rest;
            (plane, layout.row_pitch())
        })
    }
}

/// The donors' memory, the bases', and what lies in both.
type Shared<const N: usize> = (Vec<u8>, RefCell<Vec<u8>>, Frames<N>);

/// What is done to a frame's bytes with another's and a box.
type Mix<'m> = &'m dyn Fn(&mut [u8], &[u8], PatchBox);

fn group<const N: usize>(
    name: &str,
    format: Format<N>,
    size: Size,
    frames: usize,
    levels: Levels<'_>,
) -> Group<'static> {
    let shape = Frames::new(format, size, frames.max(40));
    let mut group = Group::new(name, shape.replaced());
    let memory = || painted(shape.bytes * frames);
    let shared = Rc::new((memory(), RefCell::new(memory()), shape));
    // Every row of work takes the same boxes to the same frames.
    let each = move |(from, to, shape): &Shared<N>, run: Mix<'_>| {
        let mut to = to.borrow_mut();
        for (i, &patch) in shape.boxes.iter().enumerate() {
            let start = i % frames * shape.bytes;
            let range = start..start + shape.bytes;
            run(&mut to[range.clone()], &from[range], black_box(patch));
        }
        black_box(&mut to[..]);
    };
    group.alike(&MEMCPY, &shared, move |shared| {
        let shape = &shared.2;
        each(shared, &|to, from, patch| {
            let planes = shape.planes_mut(to).into_iter().zip(shape.planes(from));
            for (((to, _), (from, _)), (cell, layout)) in planes.zip(shape.format.cells().iter().zip(&shape.layouts)) {
                memcpy_rows(to, from, layout, patch.subsample(*cell));
            }
        });
    });
    group.levels(barred(levels, |_| bar_but(1.15, 1.05, WIDE_MEMCPY)), &shared, move |shared, level| {
        let shape = &shared.2;
        each(shared, &|to, from, patch| {
            let mut base = FrameViewMut::of_planes(shape.format, shape.size, shape.planes_mut(to)).unwrap();
            let donor = FrameView::of_planes(shape.format, shape.size, shape.planes(from)).unwrap();
            frame::cutmix_in_place(level, &mut base, &donor, patch).unwrap();
        });
    });
    let Some(&level) = levels.last() else { return group };
    group.alike(&[&format!("{} by lines", level.name())], &shared, move |shared| {
        let shape = &shared.2;
        each(shared, &|to, from, patch| {
            let kept = KeptRatio::of(patch, shape.size).unwrap();
            let plan = SamplePlan { applied: true, method: Method::CutMix, patch, kept, ..SamplePlan::NOTHING };
            let planes = shape.planes_mut(to).into_iter().zip(shape.planes(from));
            for (i, ((to, _), (from, _))) in planes.enumerate() {
                let (cell, elements) = (shape.format.cells()[i], shape.format.elements()[i]);
                let (own, plane) = (plan.subsample(cell, shape.size).unwrap(), shape.layouts[i].size());
                let mixer = LineMixer::<u8>::new(level, own, plane, 1, elements, Fill::Zero).unwrap();
                let row = shape.layouts[i].row_bytes();
                let lines = to.chunks_exact_mut(row).zip(from.chunks_exact(row));
                for (y, (line, donor)) in (0..plane.height()).zip(lines) {
                    mixer.paste(0, y, line, donor).unwrap();
                }
            }
        });
    });
    group
}
