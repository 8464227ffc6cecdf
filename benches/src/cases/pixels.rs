//! Mixup, fills and noise, and the lerp of labels.

use std::cell::RefCell;
use std::hint::black_box;
use std::rc::Rc;

use cutmix_core::ops::{self, Fill, Frame, NoiseRange};
use cutmix_core::{ImageView, ImageViewMut, KeptRatio, Layout, Level, NoiseKey, PatchBox, Size, WeightGrid, label};

use super::{Case, Levels, barred, law_boxes, painted, patch_bytes};
use crate::{Bar, Group, bar, bar_but};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (residency, side) in [("L2, 0.3 MB each", 256_u32), ("L3, 3 MB each", 1024), ("DRAM, 100 MB each", 5800)] {
        let name = format!("mixup u8, {residency}");
        cases.push(Case::new(name, move |name, levels| {
            mixup_group::<u8>(name, side, levels, bar_but(2.0, 1.5, U8_AVX2))
        }));
        let name = format!("mixup f32, {residency}");
        cases.push(Case::new(name, move |name, levels| {
            mixup_group::<f32>(name, side / 2, levels, bar_but(1.3, 1.0, F32_AVX2))
        }));
    }
    for (side, what) in [(32, "32x32x3 u8 interleaved"), (224, "224x224x3 u8 interleaved")] {
        let name = format!("cutout with zeros, CutMix law, {what}, 0.6 MB");
        cases.push(Case::new(name, move |name, levels| zero_group(name, side, levels)));
    }
    for element in ["u8", "f32"] {
        let name = format!("noise {element}, whole image of 0.3 MB");
        cases.push(Case::new(name, move |name, levels| noise_group(name, element, levels)));
    }
    for classes in [10, 1000] {
        let name = format!("labels of {classes} classes, a batch of 64 rows");
        cases.push(Case::new(name, move |name, levels| label_group(name, classes, levels)));
    }
    cases
}

/// Why bytes at AVX2 miss in L2.
const U8_AVX2: &str = "32 bytes take 11 vector operations, 5 of them shuffles at 2 a cycle, so some 3 cycles, where memcpy \
    moves 64 bytes a cycle or two with AVX-512";

/// Why floats at AVX2 miss in L2.
const F32_AVX2: &str = "two loads and a store of 32 bytes for each 32, against memcpy with registers of 64";

/// Why floats miss: more is computed for each register than for bytes, as the contract has it.
const NOISE_F32: &str =
    "a register of floats takes a shift, a conversion, two products and a sum more than one of bytes";

/// AVX2 and above.
fn wide(level: Level) -> bool {
    matches!(level.name(), "avx2" | "avx512")
}

/// An element that can be mixed.
trait Element: ops::Blend + Default {
    fn of(byte: u8) -> Self;
}

impl Element for u8 {
    fn of(byte: u8) -> Self {
        byte
    }
}

impl Element for f32 {
    fn of(byte: u8) -> Self {
        Self::from(byte) / 255.0
    }
}

/// Where base and donor begin, in bytes after the start of their memory. One run takes them all: how two buffers lie to
/// each other modulo a line and a page changes both `memcpy` and the blend, and an allocator always gives the same.
const PLACEMENTS: [(usize, usize); 6] = [(0, 0), (0, 2048), (16, 48), (4, 1064), (1040, 32), (60, 3076)];

fn mixup_group<T: Element>(name: &str, side: u32, levels: Levels<'_>, bars: Option<Bar>) -> Group<'static> {
    let size = Size::new(side, side).unwrap();
    let layout = Layout::nhwc(size, 3, size_of::<T>() as u32).unwrap();
    let len = layout.buffer_bytes() / size_of::<T>();
    let room = 4096 / size_of::<T>();
    let elements = || painted(len + room).into_iter().map(T::of).collect::<Vec<T>>();
    let places = PLACEMENTS.map(|(to, from)| {
        let (to, from) = (to / size_of::<T>(), from / size_of::<T>());
        (to..to + len, from..from + len)
    });
    let weight = T::GRID.weight(0.3).unwrap();
    let mut group = Group::new(name, (PLACEMENTS.len() * layout.buffer_bytes()) as u64);
    let shared = Rc::new((elements(), RefCell::new(elements()), places));
    group.alike(&["memcpy", "memcpy again"], &shared, |(donor, base, places)| {
        let mut base = base.borrow_mut();
        for (to, from) in places {
            base[to.clone()].copy_from_slice(black_box(&donor[from.clone()]));
            black_box(&mut base[..]);
        }
    });
    let bars = move |level| bars.filter(|_| wide(level));
    group.levels(barred(levels, bars), &shared, move |(donor, base, places), level| {
        let mut base = base.borrow_mut();
        for (to, from) in places {
            let mut base = ImageViewMut::new(&mut base[to.clone()], layout).unwrap();
            let donor = ImageView::new(&donor[from.clone()], layout).unwrap();
            ops::mixup_in_place(level, &mut base, &donor, weight).unwrap();
        }
    });
    group
}

fn zero_group(name: &str, side: u32, levels: Levels<'_>) -> Group<'static> {
    let size = Size::new(side, side).unwrap();
    let layout = Layout::nhwc(size, 3, 1).unwrap();
    let bytes = layout.buffer_bytes();
    let images = 600_000 / bytes;
    let boxes = law_boxes(size, if side > 100 { 100 } else { 3000 });
    let mut group = Group::new(name, patch_bytes(&layout, &boxes));
    let shared = Rc::new((boxes, RefCell::new(painted(images * bytes))));
    group.alike(&["memset per row", "memset per row again"], &shared, move |(boxes, data)| {
        let mut data = data.borrow_mut();
        for (image, patch) in (0..images).cycle().zip(boxes) {
            let rows = data[image * bytes..(image + 1) * bytes].chunks_exact_mut(layout.row_bytes());
            for row in rows.skip(patch.y0() as usize).take(patch.height() as usize) {
                row[3 * patch.x0() as usize..3 * patch.x1() as usize].fill(black_box(0));
            }
        }
        black_box(&mut data[..]);
    });
    let bars = if side == 32 { bar(0.85, 0.55) } else { bar(1.15, 1.05) };
    group.levels(barred(levels, |_| bars), &shared, move |(boxes, data), level| {
        let mut data = data.borrow_mut();
        for (image, &patch) in (0..images).cycle().zip(boxes) {
            let mut view = ImageViewMut::new(&mut data[image * bytes..(image + 1) * bytes], layout).unwrap();
            let frame = Frame::whole(size);
            ops::cutout(level, &mut view, patch, Fill::Zero, NoiseKey::default(), frame).unwrap();
        }
    });
    group
}

fn noise_group(name: &str, element: &str, levels: Levels<'_>) -> Group<'static> {
    fn fill<T: ops::Blend>(level: Level, data: &mut [T], size: Size) {
        let (key, fill, frame) = (NoiseKey { words: [1, 2] }, Fill::Noise(NoiseRange::default()), Frame::whole(size));
        let mut view = ImageViewMut::nhwc(data, size, 3).unwrap();
        ops::cutout(level, &mut view, PatchBox::full(size), fill, key, frame).unwrap();
    }
    let is_bytes = element == "u8";
    let side = if is_bytes { 320 } else { 160 };
    let size = Size::new(side, side).unwrap();
    let floats = 3 * size.total() as usize / if is_bytes { 4 } else { 1 };
    let mut group = Group::new(name, 4 * floats as u64);
    let data = Rc::new(RefCell::new(vec![0.0_f32; floats]));
    group.alike(&["memset", "memset again"], &data, |data| {
        bytemuck::cast_slice_mut::<f32, u8>(&mut data.borrow_mut()).fill(black_box(0));
        black_box(&mut data.borrow_mut()[..]);
    });
    let bars = |level: Level| match level.name() {
        "avx2" => bar_but(8.0, 6.0, NOISE_F32),
        "avx512" => bar_but(3.5, 2.5, NOISE_F32),
        _ => None,
    };
    group.levels(barred(levels, bars), &data, move |data, level| {
        let mut data = data.borrow_mut();
        if is_bytes {
            fill::<u8>(level, bytemuck::cast_slice_mut(&mut data), size);
        } else {
            fill(level, &mut data, size);
        }
    });
    group
}

fn label_group(name: &str, classes: usize, levels: Levels<'_>) -> Group<'static> {
    let rows: Rc<Vec<f32>> = Rc::new((0..64 * classes).map(|i| (i % 7) as f32 / 21.0).collect());
    let ratio: KeptRatio = WeightGrid::Q24.weight(0.7).unwrap();
    let mut group = Group::new(name, (64 * classes * 4) as u64);
    let mut ordered = levels.to_vec();
    ordered.retain(|&level| level != Level::PORTABLE);
    ordered.insert(0, Level::PORTABLE);
    for level in ordered {
        let rows = rows.clone();
        let mut out = vec![0.0; 64 * classes];
        group.row(level.name(), bar(1.15, 1.05).filter(|_| level != Level::PORTABLE), move || {
            for (i, out) in out.chunks_exact_mut(classes).enumerate() {
                let row = |i: usize| &rows[i % 64 * classes..(i % 64 + 1) * classes];
                label::mix_rows(level, out, row(i), row(i + 1), ratio).unwrap();
            }
            black_box(&mut out[..]);
        });
    }
    group
}
