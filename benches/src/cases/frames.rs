//! Camera and video frames: boxes by the law, snapped to the grid of the frame, in every plane; and the same by lines.

use std::cell::RefCell;
use std::hint::black_box;
use std::rc::Rc;

use cutmix_core::frame::{self, Format, FrameView, FrameViewMut};
use cutmix_core::ops::{Fill, LineMixer};
use cutmix_core::{KeptRatio, Layout, Level, Method, PatchBox, SamplePlan, Size};

use super::{Case, Levels, law_boxes, memcpy_rows, painted};
use crate::{Bar, Group, bar};

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

/// What the kernels have to reach on long rows.
fn frame_bar(level: Level) -> Option<Bar> {
    if level == Level::PORTABLE { None } else { bar(1.15, 1.05) }
}

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

    fn plane<'a>(&self, frame: &mut &'a [u8], i: usize) -> (&'a [u8], isize) {
        let (plane, rest) = frame.split_at(self.layouts[i].buffer_bytes());
        *frame = rest;
        (plane, self.layouts[i].row_pitch())
    }

    fn plane_mut<'a>(&self, frame: &mut &'a mut [u8], i: usize) -> (&'a mut [u8], isize) {
        let (plane, rest) = core::mem::take(frame).split_at_mut(self.layouts[i].buffer_bytes());
        *frame = rest;
        (plane, self.layouts[i].row_pitch())
    }
}

fn group<const N: usize>(
    name: &str,
    format: Format<N>,
    size: Size,
    frames: usize,
    levels: Levels<'_>,
) -> Group<'static> {
    let shape = Rc::new(Frames::new(format, size, frames.max(40)));
    let (from, to) = (Rc::new(painted(shape.bytes * frames)), Rc::new(RefCell::new(painted(shape.bytes * frames))));
    let mut group = Group::new(name, shape.replaced());
    // Every row of work takes the same boxes to the same frames.
    let each = move |shape: &Frames<N>, from: &[u8], to: &mut [u8], run: &dyn Fn(&mut [u8], &[u8], PatchBox)| {
        for (i, &patch) in shape.boxes.iter().enumerate() {
            let start = i % frames * shape.bytes;
            let range = start..start + shape.bytes;
            run(&mut to[range.clone()], &from[range], black_box(patch));
        }
        black_box(to);
    };
    for twin in ["memcpy per row", "memcpy per row again"] {
        let (shape, from, to) = (shape.clone(), from.clone(), to.clone());
        group.row(twin, None, move || {
            each(&shape, &from, &mut to.borrow_mut(), &|mut to, mut from, patch| {
                for (i, cell) in shape.format.cells().iter().enumerate() {
                    let (to, from) = (shape.plane_mut(&mut to, i).0, shape.plane(&mut from, i).0);
                    memcpy_rows(to, from, &shape.layouts[i], patch.subsample(*cell));
                }
            });
        });
    }
    for &level in levels {
        let (shape, from, to) = (shape.clone(), from.clone(), to.clone());
        group.row(level.name(), frame_bar(level), move || {
            each(&shape, &from, &mut to.borrow_mut(), &|mut to, mut from, patch| {
                let planes = core::array::from_fn(|i| shape.plane_mut(&mut to, i));
                let mut base = FrameViewMut::of_planes(shape.format, shape.size, planes).unwrap();
                let planes = core::array::from_fn(|i| shape.plane(&mut from, i));
                let donor = FrameView::of_planes(shape.format, shape.size, planes).unwrap();
                frame::cutmix_in_place(level, &mut base, &donor, patch).unwrap();
            });
        });
    }
    let Some(&level) = levels.last() else { return group };
    group.row(format!("{} by lines", level.name()), None, move || {
        each(&shape, &from, &mut to.borrow_mut(), &|mut to, mut from, patch| {
            let kept = KeptRatio::of(patch, shape.size).unwrap();
            let plan = SamplePlan { applied: true, method: Method::CutMix, patch, kept, ..SamplePlan::NOTHING };
            for (i, (cell, &elements)) in shape.format.cells().iter().zip(shape.format.elements()).enumerate() {
                let own = plan.subsample(*cell, shape.size).unwrap();
                let plane = shape.layouts[i].size();
                let mixer = LineMixer::<u8>::new(level, own, plane, 1, elements, Fill::Zero).unwrap();
                let row = shape.layouts[i].row_bytes();
                let (to, from) = (shape.plane_mut(&mut to, i).0, shape.plane(&mut from, i).0);
                let lines = to.chunks_exact_mut(row).zip(from.chunks_exact(row));
                for (y, (line, donor)) in (0..plane.height()).zip(lines) {
                    mixer.paste(0, y, line, donor).unwrap();
                }
            }
        });
    });
    group
}
