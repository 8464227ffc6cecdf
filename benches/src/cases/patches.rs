//! Patches of one pair: rows of fixed width, boxes by the law over several footprints, a sweep over sizes, exchanges.

use std::cell::RefCell;
use std::hint::black_box;
use std::rc::Rc;

use cutmix_core::{ImageViewMut, Layout, Level, PatchBox, Size, ops};

use super::{Case, Levels, MEMCPY, barred, cut, law_boxes, memcpy_rows, painted, patch_bytes};
use crate::{Bar, Group, bar, bar_but};

/// Rows of a fixed-width patch: a small image's height.
const ROWS: u32 = 32;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let classes: [(&'static [u32], &str); 8] = [
        (&[1, 2, 3], "1-3 B"),
        (&[4, 6, 8, 12, 16], "4-16 B"),
        (&[17, 20, 24, 28, 32], "17-32 B"),
        (&[33, 40, 48, 56, 64], "33-64 B"),
        (&[65, 80, 96, 112, 128], "65-128 B"),
        (&[150, 200, 250, 300, 400, 500], "129-512 B"),
        (&[600, 800, 1000, 2000, 3000, 4000], "513-4095 B"),
        (&[4096, 6000, 12_000], "from 4096 B"),
    ];
    for (widths, class) in classes {
        cases.push(Case::new(format!("rows of {class}, hot, {ROWS} rows"), move |name, levels| {
            widths_group(name, widths, levels)
        }));
    }
    let images: [(&str, u32, u32, bool); 6] = [
        ("32x32x3 u8 interleaved", 32, 1, false),
        ("32x32x3 u8 planar", 32, 1, true),
        ("32x32x3 f32 planar", 32, 4, true),
        ("224x224x3 u8 interleaved", 224, 1, false),
        ("224x224x3 u8 planar", 224, 1, true),
        ("224x224x3 f32 planar", 224, 4, true),
    ];
    for (what, side, element, planar) in images {
        if side == 32 {
            // 6 KB of bytes, 24 KB of floats: nothing but the first-level cache and the kernel.
            let name = format!("CutMix law, {what}, one pair in L1");
            cases.push(Case::new(name, move |name, levels| law_group(name, (side, element, planar), 0, levels)));
        }
        for (residency, bytes) in [("0.6 MB", 600_000), ("12 MB", 12_000_000), ("400 MB", 400_000_000)] {
            if side == 224 && bytes < 1_000_000 && element == 4 {
                // One pair is 1.2 MB.
                continue;
            }
            let name = format!("CutMix law, {what}, {residency}");
            cases.push(Case::new(name, move |name, levels| law_group(name, (side, element, planar), bytes, levels)));
        }
    }
    for side in [8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096] {
        let name = format!("sweep: box of half the side, {side}x{side}x3 u8 interleaved");
        cases.push(Case::new(name, move |name, levels| sweep_group(name, side, levels)));
    }
    for (residency, bytes) in [("L2", 600_000), ("DRAM", 400_000_000)] {
        let name = format!("exchange of two patches, 224x224x3 u8 interleaved, {residency}");
        cases.push(Case::new(name, move |name, levels| exchange_group(name, bytes, levels)));
    }
    cases
}

/// Why the narrowest classes may miss: the bars come from a machine whose `memcpy` took twice as long for such rows.
const FAST_MEMCPY: &str = "memcpy takes 1.8 ns for such a row where this was measured and took 2.6 to 3.1 ns where the bar was \
    set; the kernel takes 0.5 ns a row at all alignments, and the checks of a call some nanoseconds";

/// The bar of a width class at a level.
fn width_bar(first: u32, level: Level) -> Option<Bar> {
    let wide = level.name() == "avx512";
    match (first, level.name()) {
        (4, _) => bar_but(if wide { 0.33 } else { 0.45 }, if wide { 0.20 } else { 0.30 }, FAST_MEMCPY),
        (17, _) => bar_but(if wide { 0.35 } else { 0.45 }, if wide { 0.25 } else { 0.32 }, FAST_MEMCPY),
        (33, "sse2") => bar(1.15, 1.05),
        (33, _) => bar(if wide { 0.65 } else { 0.70 }, if wide { 0.50 } else { 0.60 }),
        _ => bar(1.15, 1.05),
    }
}

fn widths_group(name: &str, widths: &'static [u32], levels: Levels<'_>) -> Group<'static> {
    let frames: Vec<(u32, Layout)> = widths
        .iter()
        .map(|&width| (width, Layout::nhwc(Size::new(width + 67, ROWS).unwrap(), 1, 1).unwrap()))
        .collect();
    let most = frames.iter().map(|(_, layout)| layout.buffer_bytes()).max().unwrap_or(0);
    // The same columns for everybody, all alignments among them.
    let columns: Vec<u32> = (0..67).map(|i| i * 29 % 67).collect();
    let bytes = widths.iter().map(|&width| u64::from(width * ROWS)).sum::<u64>() * columns.len() as u64;
    let mut group = Group::new(name, bytes);
    let shared = Rc::new((painted(most), RefCell::new(painted(most)), frames, columns));
    let patch = |x: u32, width: u32| {
        let (x, width) = black_box((x, width));
        PatchBox::new(x, 0, x + width, ROWS).unwrap()
    };
    group.alike(&MEMCPY, &shared, move |(from, to, frames, columns)| {
        let mut to = to.borrow_mut();
        for (width, layout) in frames {
            let bytes = layout.buffer_bytes();
            for &x in columns {
                memcpy_rows(&mut to[..bytes], &from[..bytes], layout, patch(x, *width));
            }
        }
        black_box(&mut to[..]);
    });
    group.levels(
        barred(levels, |level| width_bar(widths[0], level)),
        &shared,
        move |(from, to, frames, columns), level| {
            let mut to = to.borrow_mut();
            for (width, layout) in frames {
                cut(level, &mut to, from, *layout, columns.iter().map(|&x| patch(x, *width)));
            }
            black_box(&mut to[..]);
        },
    );
    group
}

/// The bar of a format and footprint at a level.
fn law_bar(what: (u32, u32, bool), total: usize, level: Level) -> Option<Bar> {
    let wide = level.name() == "avx512";
    let avx = wide || level.name() == "avx2";
    match (what, total) {
        ((32, 1, false), 600_000) if avx => bar(if wide { 0.75 } else { 0.80 }, if wide { 0.60 } else { 0.62 }),
        ((32, 1, true), 600_000) if avx => bar(0.45, 0.28),
        ((32, 4, true), 600_000) if avx => bar(0.90, 0.70),
        ((224, 4, true), 400_000_000) if avx => bar(0.95, 0.75),
        _ => bar(1.15, 1.05),
    }
}

fn layout_of((side, element, planar): (u32, u32, bool)) -> Layout {
    let size = Size::new(side, side).unwrap();
    if planar { Layout::nchw(size, 3, element) } else { Layout::nhwc(size, 3, element) }.unwrap()
}

/// Pairs of images whose memory has a given size in all, visited in a fixed scattered order.
struct Pairs {
    layout: Layout,
    boxes: Vec<PatchBox>,
    from: RefCell<Vec<u8>>,
    to: RefCell<Vec<u8>>,
    images: usize,
}

impl Pairs {
    fn new(layout: Layout, total: usize) -> Rc<Self> {
        let image = layout.buffer_bytes();
        let images = (total / 2 / image).max(1);
        // Some megabytes of patches in one run, and every image at least once.
        let boxes = law_boxes(layout.size(), (8_000_000 / image).clamp(64, 40_000).max(images));
        Rc::new(Self {
            layout,
            boxes,
            from: RefCell::new(painted(images * image)),
            to: RefCell::new(painted(images * image)),
            images,
        })
    }

    fn bytes(&self) -> u64 {
        patch_bytes(&self.layout, &self.boxes)
    }

    fn each(&self, mut work: impl FnMut(&mut [u8], &mut [u8], PatchBox)) {
        let image = self.layout.buffer_bytes();
        let (mut to, mut from) = (self.to.borrow_mut(), self.from.borrow_mut());
        for (k, &patch) in self.boxes.iter().enumerate() {
            let start = k * 7919 % self.images * image;
            work(&mut to[start..start + image], &mut from[start..start + image], patch);
        }
        black_box(&mut to[..]);
    }

    fn memcpy(&self) {
        self.each(|to, from, patch| memcpy_rows(to, from, &self.layout, patch));
    }
}

fn law_group(name: &str, what: (u32, u32, bool), total: usize, levels: Levels<'_>) -> Group<'static> {
    let pairs = Pairs::new(layout_of(what), total);
    let mut group = Group::new(name, pairs.bytes());
    group.alike(&MEMCPY, &pairs, Pairs::memcpy);
    group.levels(barred(levels, |level| law_bar(what, total, level)), &pairs, |pairs, level| {
        pairs.each(|to, from, patch| cut(level, to, from, pairs.layout, [patch]));
    });
    group
}

fn sweep_group(name: &str, side: u32, levels: Levels<'_>) -> Group<'static> {
    let layout = layout_of((side, 1, false));
    let half = side / 2;
    // A few places, so that alignments differ.
    let boxes: Vec<PatchBox> = (0..8)
        .map(|i| (i * 5 % (half + 1), i * 3 % (half + 1)))
        .map(|(x, y)| PatchBox::new(x, y, x + half, y + half).unwrap())
        .collect();
    let mut group = Group::new(name, patch_bytes(&layout, &boxes));
    let bytes = layout.buffer_bytes();
    let shared = Rc::new((painted(bytes), RefCell::new(painted(bytes)), boxes));
    group.alike(&MEMCPY, &shared, move |(from, to, boxes)| {
        let mut to = to.borrow_mut();
        for &patch in boxes {
            memcpy_rows(&mut to, from, &layout, patch);
        }
        black_box(&mut to[..]);
    });
    let least = "a patch of 4x4 pixels costs its checks: 350 instructions and some 11 to 15 ns in all, more than four calls of memcpy";
    let bars = if side == 8 { bar_but(1.15, 1.05, least) } else { bar(1.15, 1.05) };
    group.levels(barred(levels, |_| bars), &shared, move |(from, to, boxes), level| {
        cut(level, &mut to.borrow_mut(), from, layout, boxes.iter().copied());
    });
    group
}

fn exchange_group(name: &str, total: usize, levels: Levels<'_>) -> Group<'static> {
    let pairs = Pairs::new(layout_of((224, 1, false)), total);
    let mut group = Group::new(name, pairs.bytes());
    group.alike(&["one-way memcpy per row", "one-way memcpy per row again"], &pairs, Pairs::memcpy);
    let sse2 = "level sse2 moves 16 bytes at a time, the yardstick up to 64";
    let bars = if total < 1_000_000 { bar_but(1.9, 1.5, sse2) } else { bar_but(1.2, 0.9, sse2) };
    group.levels(barred(levels, |_| bars), &pairs, |pairs, level| {
        pairs.each(|a, b, patch| {
            let mut a = ImageViewMut::new(a, pairs.layout).unwrap();
            let mut b = ImageViewMut::new(b, pairs.layout).unwrap();
            ops::cutmix_exchange(level, &mut a, &mut b, patch).unwrap();
        });
    });
    group
}
