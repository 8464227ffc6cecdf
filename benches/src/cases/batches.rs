//! Whole batches in place, against one `memcpy` of the batch and against clone-then-copy, the way of common trainers.

use std::cell::RefCell;
use std::hint::black_box;
use std::rc::Rc;

use bytemuck::cast_slice_mut;
use cutmix_core::ops::{self, Blend, Fill};
use cutmix_core::plan::{BatchConfig, Pairing, PlanSlot, Samples, Scope};
use cutmix_core::view::{BatchLayout, BatchViewMut};
use cutmix_core::{BatchKey, BatchPlan, Layout, Level, PlanConfig, Size};

use super::{Case, Levels, barred, memcpy_rows, painted};
use crate::{Bar, Group, bar_but};

/// Name, samples, side, bytes of an element, planar.
type Format = (&'static str, usize, u32, u32, bool);

const FORMATS: [Format; 4] = [
    ("64x3x224x224 f32", 64, 224, 4, true),
    ("64x224x224x3 u8", 64, 224, 1, false),
    ("256x32x32x3 u8", 256, 32, 1, false),
    ("256x3x32x32 f32", 256, 32, 4, true),
];

const PAIRINGS: [(&str, Scope, Pairing<'static>); 5] = [
    ("one box, roll", Scope::Batch, Pairing::Roll),
    ("one box, flip", Scope::Batch, Pairing::Flip),
    ("one box, permutation", Scope::Batch, Pairing::Permutation),
    ("per-sample boxes, permutation", Scope::Sample, Pairing::Permutation),
    ("per-sample boxes, with replacement", Scope::Sample, Pairing::WithReplacement),
];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for format in FORMATS {
        for pairing in PAIRINGS {
            let name = format!("batch in place, {}, {}", format.0, pairing.0);
            cases.push(Case::new(name, move |name, levels| batch_group(name, format, pairing, levels)));
            // Against the clone two of them tell the story.
            if !matches!(pairing.0, "one box, roll" | "per-sample boxes, permutation") {
                continue;
            }
            let name = format!("batch in place against clone-then-copy, {}, {}", format.0, pairing.0);
            cases.push(Case::new(name, move |name, levels| clone_group(name, format, pairing, levels)));
        }
    }
    cases
}

/// Several plans of a batch, so that the boxes have the law's mean, and the plans' memory.
struct Batches {
    layout: BatchLayout,
    plans: Vec<BatchPlan<'static>>,
    /// Words, so that they can be taken as `f32` and as bytes.
    data: RefCell<Vec<f32>>,
    copy: RefCell<Vec<f32>>,
    floats: bool,
}

impl Batches {
    fn new((_, samples, side, element, planar): Format, (_, scope, pairing): (&str, Scope, Pairing<'_>)) -> Rc<Self> {
        let size = Size::new(side, side).unwrap();
        let layout = if planar { Layout::nchw(size, 3, element) } else { Layout::nhwc(size, 3, element) }.unwrap();
        let layout = BatchLayout::dense(layout, samples).unwrap();
        let config = BatchConfig { plan: PlanConfig::cutmix(size), scope, pairing };
        let plans = if scope == Scope::Batch { 40 } else { 4 };
        let plans = (0..plans)
            .map(|batch| {
                // The plans live as long as the process, some kilobytes each.
                let slots = vec![PlanSlot::EMPTY; samples].leak();
                let range = Samples::Range { first: batch * samples as u64, len: samples as u32 };
                BatchPlan::draw(BatchKey { seed: 5, epoch: 0, batch }, &config, range, slots).unwrap()
            })
            .collect();
        let words = || painted(layout.buffer_bytes() / 4).into_iter().map(f32::from).collect::<Vec<f32>>();
        let (data, copy) = (words(), words());
        Rc::new(Self { layout, plans, data: data.into(), copy: copy.into(), floats: element == 4 })
    }

    /// The group of this work, without rows.
    fn group(&self, name: &str) -> Group<'static> {
        Group::new(name, (self.layout.buffer_bytes() * self.plans.len()) as u64)
    }

    /// The work of the common trainers: a copy of the batch, then the patches from it.
    fn clone_then_copy(&self, copy: &mut [f32]) {
        let (sample, image) = (self.layout.sample(), self.layout.sample_pitch());
        let mut data = self.data.borrow_mut();
        let (data, copy): (&mut [u8], &mut [u8]) = (cast_slice_mut(&mut data), cast_slice_mut(copy));
        for plan in &self.plans {
            copy.copy_from_slice(data);
            for (i, plan) in plan.iter().enumerate() {
                let from = plan.partner as usize * image;
                if !plan.leaves_base(i as u64) {
                    let to = &mut data[i * image..(i + 1) * image];
                    memcpy_rows(to, &copy[from..from + image], sample, plan.patch);
                }
            }
        }
    }
}

/// Why levels below AVX-512 may miss.
const NARROW: &str = "the yardstick's memcpy has AVX-512 whatever level is shown; rows beyond 48 bytes are calls of memcpy at level \
    sse2, and for small images the checks of each call weigh as much as the copy";

/// The bars against one `memcpy` of the batch: one box for all, or one for each sample.
fn memcpy_bar(format: Format, scope: Scope) -> Option<Bar> {
    match (format.2, format.3, scope) {
        (32, 1, _) => bar_but(0.90, 0.53, NARROW),
        (224, _, Scope::Batch) => bar_but(0.45, 0.33, NARROW),
        (224, ..) => bar_but(0.60, 0.34, NARROW),
        _ => None,
    }
}

fn batch_group(
    name: &str,
    format: Format,
    pairing: (&'static str, Scope, Pairing<'static>),
    levels: Levels<'_>,
) -> Group<'static> {
    let batches = Batches::new(format, pairing);
    let mut group = batches.group(name);
    group.alike(&["memcpy of the batch", "memcpy of the batch again"], &batches, |batches| {
        let (data, mut copy) = (batches.data.borrow(), batches.copy.borrow_mut());
        for _ in &batches.plans {
            copy.copy_from_slice(black_box(&data[..]));
            black_box(&mut copy[..]);
        }
    });
    in_place_rows(&mut group, &batches, levels, memcpy_bar(format, pairing.1));
    group
}

/// The same work against what common trainers do, the copy's memory being there already, or allocated each time.
fn clone_group(
    name: &str,
    format: Format,
    pairing: (&'static str, Scope, Pairing<'static>),
    levels: Levels<'_>,
) -> Group<'static> {
    let batches = Batches::new(format, pairing);
    let mut group = batches.group(name);
    group.alike(&["clone-then-copy, preallocated", "clone-then-copy, preallocated, again"], &batches, |batches| {
        batches.clone_then_copy(&mut batches.copy.borrow_mut());
    });
    group.alike(&["clone-then-copy, allocated each time"], &batches, |batches| {
        batches.clone_then_copy(&mut vec![0.0; batches.layout.buffer_bytes() / 4]);
    });
    let bars = if format.2 == 224 { bar_but(1.0 / 3.0, 0.2, NARROW) } else { bar_but(0.4, 0.25, NARROW) };
    in_place_rows(&mut group, &batches, levels, bars);
    group
}

fn in_place_rows(group: &mut Group<'static>, batches: &Rc<Batches>, levels: Levels<'_>, bar: Option<Bar>) {
    fn mix<T: Blend>(level: Level, data: &mut [T], batches: &Batches) {
        for plan in &batches.plans {
            let mut view = BatchViewMut::new(data, batches.layout).unwrap();
            ops::batch::mix_in_place(level, &mut view, plan, Fill::Zero).unwrap();
        }
    }
    group.levels(barred(levels, |_| bar), batches, |batches, level| {
        let mut data = batches.data.borrow_mut();
        if batches.floats {
            mix::<f32>(level, &mut data, batches);
        } else {
            mix::<u8>(level, cast_slice_mut(&mut data), batches);
        }
    });
}
