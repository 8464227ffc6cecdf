//! Blends: the arithmetic on all pairs of values that matter, and every geometry on numbers at random.

use super::{Dtype, Effort, Failure, Part, Random, Run, Source, Target, geometry, store};
use crate::guard::Shape;
use crate::reference::{mean_f32, mean_integer};

/// Weights of whole numbers around which rounding changes.
const EDGES_Q15: [u32; 11] = [0, 1, 2, 3, 16383, 16384, 16385, 32765, 32766, 32767, 32768];

/// The same of binary32, on its finer grid.
const EDGES_Q24: [u32; 12] = [
    0,
    1,
    2,
    3,
    (1 << 12) + 1,
    (1 << 23) - 1,
    1 << 23,
    (1 << 23) + 1,
    (1 << 24) - 3,
    (1 << 24) - 2,
    (1 << 24) - 1,
    1 << 24,
];

/// Geometries by length, values by weight.
pub(super) fn parts(element: Dtype, effort: Effort) -> Vec<Part> {
    let lengths = geometry::lengths(element.bytes()).into_iter().filter(|&n| n > 0).map(Part::Length);
    let denominator = element.grid();
    let weights: Vec<u32> = if (effort, element) == (Effort::Exhaustive, Dtype::U8) {
        (0..=denominator).collect()
    } else {
        let edges: &[u32] = if element == Dtype::F32 { &EDGES_Q24 } else { &EDGES_Q15 };
        let random = match effort {
            Effort::Quick => 24,
            Effort::Reduced => 256,
            Effort::Exhaustive => 4096,
        };
        let mut numbers = Random(u64::from(denominator));
        let random = (0..random).map(|_| numbers.below(denominator as usize) as u32);
        edges.iter().copied().chain(random).collect()
    };
    lengths.chain(weights.into_iter().map(|q| Part::Values(q as usize))).collect()
}

pub(super) fn check(run: &mut Run<'_>, element: Dtype, part: Part) -> Result<u64, Failure> {
    match part {
        Part::Length(n) => check_geometry(run, element, n),
        Part::Values(q) => check_values(run, element, q as u32),
    }
}

/// A weight of whole numbers on the grid of the element, and a little off it where that grid is finer.
fn on_grid(element: Dtype, q15: u32) -> u32 {
    if element == Dtype::F32 { (q15 << 9) + 77 } else { q15 }
}

fn check_geometry(run: &mut Run<'_>, element: Dtype, n: usize) -> Result<u64, Failure> {
    let mut random = Random(run.seed);
    let mut pool = vec![0; 1 << 14];
    random.fill(&mut pool);
    if element == Dtype::F32 {
        // Finite and of similar size, so that both products matter: bits of the exponent from 124 to 131.
        for number in pool.chunks_exact_mut(4) {
            let bits = u32::from_ne_bytes([number[0], number[1], number[2], number[3]]);
            let bits = (bits & 0x807f_ffff) | (124 + (bits >> 23) % 8) << 23;
            number.copy_from_slice(&bits.to_ne_bytes());
        }
    }
    let weights = [9830, 1, 16384, 20001, 32767, 16383].map(|q| on_grid(element, q));
    let mut turn = 0;
    geometry::pairs(run.effort, n, element.bytes(), &mut |a, b| {
        // A blend is of whole images, which have rows.
        if a.rows == 0 {
            return Ok(());
        }
        turn += 1;
        run.a.lay_out(a);
        run.b.lay_out(b);
        tile(run.a.bytes_mut(), &pool, turn * 4);
        tile(run.b.bytes_mut(), &pool, turn * 4 + 8192);
        blend(run, element, weights[turn % weights.len()])
    })?;
    Ok(turn as u64)
}

/// Repeats the pool from an offset that is a multiple of 4.
fn tile(bytes: &mut [u8], pool: &[u8], from: usize) {
    let (before, after) = pool.split_at(from % pool.len());
    let mut rest = bytes;
    for part in [after, before].iter().cycle() {
        let (now, later) = rest.split_at_mut(part.len().min(rest.len()));
        now.copy_from_slice(&part[..now.len()]);
        if later.is_empty() {
            break;
        }
        rest = later;
    }
}

fn check_values(run: &mut Run<'_>, element: Dtype, q: u32) -> Result<u64, Failure> {
    let mut random = Random(run.seed);
    let more = match run.effort {
        Effort::Quick => 1 << 11,
        Effort::Reduced => 1 << 13,
        Effort::Exhaustive => 1 << 16,
    };
    let pairs: Vec<(u32, u32)> = match element {
        Dtype::U8 => (0..1 << 16).map(|i| (i & 0xff, i >> 8)).collect(),
        Dtype::U16 => squares(&[0, 1, 2, 127, 128, 255, 256, 257, 32767, 32768, 32769, 65533, 65534, 65535])
            .chain((0..more).map(|_| random.next() as u32).map(|bits| (bits & 0xffff, bits >> 16)))
            .collect(),
        _ => squares(&specials())
            .chain((0..more).map(|_| random.next()).map(|bits| (bits as u32, (bits >> 32) as u32)))
            .collect(),
    };
    let bytes = element.bytes();
    let (align_a, align_b) = (q as usize * bytes % 64, (q as usize / 64 * bytes) % 64);
    run.a.lay_out(Shape::line(align_a, pairs.len() * bytes));
    run.b.lay_out(Shape::line(align_b, pairs.len() * bytes));
    run.a.paint(0, 0);
    run.b.paint(0, 0);
    let (at_a, at_b) = (run.a.rect().start, run.b.rect().start);
    let (a, b) = (&mut run.a.bytes_mut()[at_a..], &mut run.b.bytes_mut()[at_b..]);
    for (i, &(x, y)) in pairs.iter().enumerate() {
        store(&mut a[i * bytes..][..bytes], x);
        store(&mut b[i * bytes..][..bytes], y);
    }
    blend(run, element, q)?;
    Ok(pairs.len() as u64)
}

/// All pairs of these values.
fn squares(values: &[u32]) -> impl Iterator<Item = (u32, u32)> {
    values.iter().flat_map(|&a| values.iter().map(move |&b| (a, b)))
}

/// Bits of binary32 numbers of every kind, both signs.
fn specials() -> Vec<u32> {
    let positive = [
        0x0000_0000, // zero
        0x0000_0001, // the least subnormal
        0x0000_0003,
        0x007f_ffff, // the greatest subnormal
        0x0080_0000, // the least normal
        0x0080_0001,
        0x00ff_ffff,
        0x3380_0000, // 2^-24
        0x3b80_8081, // 1/255
        0x3dcc_cccd, // 0.1
        0x3f7f_ffff,
        0x3f80_0000, // 1
        0x3f80_0001,
        0x3fff_ffff,
        0x437f_0000, // 255
        0x4b7f_ffff, // 2^24 - 1
        0x7effffff,
        0x7f7f_ffff, // the greatest
        0x7f80_0000, // infinity
        0x7f80_0001, // a signalling NaN
        0x7fc0_0000, // the quiet NaN
        0x7fff_ffff,
    ];
    positive.iter().flat_map(|&bits| [bits, bits | 0x8000_0000]).collect()
}

/// Runs the operation on what the buffers hold and compares with the reference.
fn blend(run: &mut Run<'_>, element: Dtype, q: u32) -> Result<(), Failure> {
    let (rect_a, rect_b) = (run.a.rect(), run.b.rect());
    run.a.bytes().clone_into(&mut run.want);
    for ((_, _, row_a), (_, _, row_b)) in rect_a.rows().zip(rect_b.rows()) {
        expect(element, &mut run.want[row_a], &run.b.bytes()[row_b], q);
    }
    let target = Target { bytes: run.a.bytes_mut(), rect: rect_a };
    let outcome = run.subject.blend(element, target, Source { bytes: run.b.bytes(), rect: rect_b }, q);
    // At the two ends of the grid bits are copied, NaN and all.
    if element == Dtype::F32 && q != 0 && q != element.grid() {
        for (_, _, row) in rect_a.rows() {
            forgive_nan(&mut run.want[row.clone()], &run.a.bytes()[row]);
        }
    }
    run.compare(outcome, || format!("base: {}; donor: {}; q = {q} of {}", rect_a.shape, rect_b.shape, element.grid()))
}

fn expect(element: Dtype, a: &mut [u8], b: &[u8], q: u32) {
    match element {
        Dtype::U8 => {
            for (a, &b) in a.iter_mut().zip(b) {
                *a = mean_integer((*a).into(), b.into(), q.into()) as u8;
            }
        }
        Dtype::U16 => {
            for (a, b) in a.as_chunks_mut().0.iter_mut().zip(b.as_chunks().0) {
                let (x, y) = (u16::from_ne_bytes(*a), u16::from_ne_bytes(*b));
                *a = (mean_integer(x.into(), y.into(), q.into()) as u16).to_ne_bytes();
            }
        }
        _ => {
            for (a, b) in a.as_chunks_mut().0.iter_mut().zip(b.as_chunks().0) {
                *a = mean_f32(f32::from_ne_bytes(*a), f32::from_ne_bytes(*b), q).to_ne_bytes();
            }
        }
    }
}

/// Where a NaN was wanted and a NaN was found, its bits are the processor's business.
pub(super) fn forgive_nan(want: &mut [u8], got: &[u8]) {
    for (want, got) in want.as_chunks_mut::<4>().0.iter_mut().zip(got.as_chunks::<4>().0) {
        if f32::from_ne_bytes(*want).is_nan() && f32::from_ne_bytes(*got).is_nan() {
            *want = *got;
        }
    }
}
