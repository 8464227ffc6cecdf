//! Which rectangles the suite visits: every length of a row to past four of the longest registers, every alignment,
//! few rows at every kind of pitch, planes on either side of the rows, and gaps of a mebibyte.

use super::{Effort, Failure};
use crate::guard::{ALIGNMENTS, Shape};

/// Four of the longest registers.
pub(super) const FOUR_VECTORS: usize = 256;

/// Lengths around the places where kernels change their ways: powers of two, sums of widths, thresholds.
const EDGES: &[usize] =
    &[1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64, 65, 95, 96, 127, 128, 129, 191, 192, 255, 256, 257];

/// Rows beyond the four vectors: unrolled loops, and the lengths from which `memcpy` takes over.
const LONG: &[usize] = &[288, 320, 511, 512, 513, 767, 1023, 1024, 1025, 2047, 2049, 4095, 4096, 4097, 5000];

/// A pitch that leaves a gap of a mebibyte, and a little, between rows.
const HUGE: usize = (1 << 20) + 64;

/// The lengths in bytes of rows, for elements of that many bytes: all to past four vectors, and long ones.
pub(super) fn lengths(element: usize) -> Vec<usize> {
    let short = (0..=FOUR_VECTORS + element).step_by(element);
    short.chain(LONG.iter().map(|n| n.next_multiple_of(element))).collect()
}

fn is_edge(n: usize, element: usize) -> bool {
    EDGES.contains(&n) || (n > 0 && n.is_multiple_of(element) && EDGES.contains(&(n / element)) && n < 70)
}

/// The pitches of rows of `n` bytes: tight, negative and tight, padded so that every row has another alignment, padded
/// and negative, and padded so that every row has the same.
fn pitches(n: usize, element: usize) -> [isize; 5] {
    let tight = n.max(element) as isize;
    let (odd, other) = ((13 * element) as isize, (7 * element) as isize);
    [tight, -tight, tight + odd, -(tight + other), (n + 1).next_multiple_of(64) as isize + 64]
}

/// Alignments of source and destination that stand for all where alignment is not what is looked at.
const FEW: [(usize, usize); 8] = [(0, 0), (4, 32), (60, 4), (28, 8), (1, 0), (0, 1), (63, 31), (33, 62)];

fn few(effort: Effort, n: usize, element: usize) -> impl Iterator<Item = (usize, usize)> {
    let count = match effort {
        Effort::Quick => 1,
        Effort::Reduced => 4,
        Effort::Exhaustive => 8,
    };
    // Another one first for every length; multiples of the element.
    let step = n / element;
    (0..count)
        .map(move |i| FEW[(i + step) % FEW.len()])
        .map(move |(a, b)| (a / element * element, b / element * element))
}

/// The rows, pitches and planes of one rectangle of `n` bytes a row; alignments are the caller's.
fn stacks(effort: Effort, n: usize, element: usize) -> Vec<Shape> {
    let line = Shape::line(0, n);
    let mut shapes = vec![line.with_rows(0, n.max(element) as isize)];
    let all_rows: &[usize] = if effort == Effort::Quick { &[2 + n / element % 4] } else { &[2, 3, 4, 5] };
    for &rows in all_rows {
        shapes.extend(pitches(n, element).map(|pitch| line.with_rows(rows, pitch)));
    }
    let tight = n.max(element);
    for rows in if effort == Effort::Quick { 2..3 } else { 1..4 } {
        let plane = rows * (tight + element);
        let block = line.with_rows(rows, (tight + element) as isize);
        shapes.extend([
            // Planes after each other: with a gap, in reverse, and dense.
            block.with_planes(2, (plane + 9 * element) as isize),
            block.with_planes(3, -((plane + 2 * element) as isize)),
            line.with_rows(rows, tight as isize).with_planes(3, (rows * tight) as isize),
            // Planes side by side within the rows.
            line.with_rows(rows, 3 * tight as isize + element as isize).with_planes(3, tight as isize),
        ]);
    }
    shapes
}

/// The largest gaps, for lengths that stand for all.
fn huge(effort: Effort, n: usize, element: usize) -> Option<Shape> {
    let (worth_it, rows) = match effort {
        Effort::Quick => (n.div_ceil(element) * element == 33_usize.next_multiple_of(element), 2),
        Effort::Reduced => ([1, 33, 64, 256].map(|edge: usize| edge.next_multiple_of(element)).contains(&n), 3),
        Effort::Exhaustive => (is_edge(n, element), 5),
    };
    worth_it.then(|| Shape::line(0, n).with_rows(rows, (HUGE + element) as isize))
}

/// Visits the rectangles of `n` bytes a row of operations with one operand.
pub(super) fn singles(
    effort: Effort,
    n: usize,
    element: usize,
    check: &mut dyn FnMut(Shape) -> Result<(), Failure>,
) -> Result<(), Failure> {
    for align in (0..ALIGNMENTS).step_by(element) {
        check(Shape::line(align, n))?;
    }
    for shape in stacks(effort, n, element) {
        for (align, _) in few(effort, n, element) {
            check(Shape { align, ..shape })?;
        }
    }
    if let Some(shape) = huge(effort, n, element) {
        check(Shape { align: element, ..shape })?;
        check(Shape { row_pitch: -shape.row_pitch, ..shape })?;
    }
    Ok(())
}

/// Visits the pairs of rectangles (destination, source) of `n` bytes a row, and counts them.
pub(super) fn pairs(
    effort: Effort,
    n: usize,
    element: usize,
    check: &mut dyn FnMut(Shape, Shape) -> Result<(), Failure>,
) -> Result<u64, Failure> {
    let mut cases = 0;
    let mut visit = |dst: Shape, src: Shape| {
        cases += 1;
        check(dst, src)
    };
    let all: Vec<usize> = (0..ALIGNMENTS).step_by(element).collect();
    for (i, &dst) in all.iter().enumerate() {
        let step = match effort {
            _ if is_edge(n, element) => 1,
            Effort::Exhaustive => 1,
            Effort::Reduced => 4,
            Effort::Quick => 32,
        };
        // Other alignments of the source for every length and every destination, so that the sparse runs see many.
        let first = (n / element + i) % step;
        for &src in all.iter().skip(first).step_by(step) {
            visit(Shape::line(dst, n), Shape::line(src, n))?;
        }
    }
    let stacked = stacks(effort, n, element);
    for (i, &shape) in stacked.iter().enumerate() {
        for (dst, src) in few(effort, n, element) {
            // Against itself, and against every other of its rows and planes (or, quickly, the next).
            let same = |other: &&Shape| (other.rows, other.planes) == (shape.rows, shape.planes);
            let others = stacked[i..].iter().chain(&stacked[..i]).filter(same);
            for &other in others.take(if effort == Effort::Quick { 2 } else { usize::MAX }) {
                visit(Shape { align: dst, ..shape }, Shape { align: src, ..other })?;
            }
        }
    }
    if let Some(shape) = huge(effort, n, element) {
        let padded = Shape { row_pitch: pitches(n, element)[2], ..shape };
        let reversed = Shape { row_pitch: -shape.row_pitch, ..shape };
        for (dst, src) in [(shape, padded), (padded, shape), (shape, reversed)] {
            visit(Shape { align: element, ..dst }, src)?;
        }
    }
    Ok(cases)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exhaustive_run_sees_every_pair_of_alignments_at_every_length() {
        for n in lengths(1) {
            let mut seen = vec![false; ALIGNMENTS * ALIGNMENTS];
            let check = &mut |dst: Shape, src: Shape| {
                assert_eq!((dst.row_bytes, dst.rows, dst.planes), (src.row_bytes, src.rows, src.planes));
                seen[dst.align * ALIGNMENTS + src.align] |= dst.rows == 1;
                Ok(())
            };
            pairs(Effort::Exhaustive, n, 1, check).unwrap();
            assert!(seen.iter().all(|&seen| seen), "{n}");
        }
    }

    #[test]
    fn a_quick_run_sees_every_length_alignment_and_kind_of_rows() {
        for element in [1, 2, 4] {
            assert!((0..=FOUR_VECTORS + element).step_by(element).all(|n| lengths(element).contains(&n)));
            let (mut dst_seen, mut src_seen, mut both) = ([false; 64], [false; 64], [[false; 64]; 64]);
            let (mut rows, mut planes, mut far) = ([false; 6], [false; 4], false);
            for n in lengths(element) {
                let check = &mut |dst: Shape, src: Shape| {
                    dst_seen[dst.align] = true;
                    src_seen[src.align] = true;
                    both[dst.align][src.align] |= n < 300;
                    rows[dst.rows] = true;
                    planes[dst.planes] = true;
                    far |= dst.row_pitch.unsigned_abs() > HUGE && src.row_pitch < 0;
                    Ok(())
                };
                assert!(pairs(Effort::Quick, n, element, check).unwrap() > 0);
            }
            let every = |seen: &[bool]| seen.iter().step_by(element).all(|&seen| seen);
            assert!(every(&dst_seen) && every(&src_seen) && both.iter().step_by(element).all(|row| every(row)));
            assert!(rows.iter().all(|&seen| seen) && planes[1..].iter().all(|&seen| seen) && far);
        }
    }
}
