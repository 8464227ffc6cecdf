//! Noise: every phase of a row's first element within its word and within a register, rows that begin at another phase
//! each, and the places where the upper half of the word number changes.

use super::{Dtype, Effort, Failure, Noise, Part, Random, Run, Target, geometry, store};
use crate::guard::Shape;
use crate::reference::{noise_f32, noise_integer};

/// Geometries by length, and element indices around which the upper half of the word number changes.
pub(super) fn parts(element: Dtype) -> Vec<Part> {
    let lengths = geometry::lengths(element.bytes()).into_iter().map(Part::Length);
    lengths.chain((0..borders(element).len()).map(Part::Values)).collect()
}

pub(super) fn check(run: &mut Run<'_>, element: Dtype, part: Part) -> Result<u64, Failure> {
    match part {
        Part::Length(n) => check_geometry(run, element, n),
        Part::Values(i) => check_border(run, element, borders(element)[i]),
    }
}

/// Where the word number reaches a multiple of 2^32, the first of them, a later one, and one of those where twice or
/// four times the index passes 2^64.
fn borders(element: Dtype) -> [u64; 4] {
    let elements_a_word = 4 / element.bytes() as u64;
    [elements_a_word << 32, (elements_a_word << 32) * 5, 1 << 62, 1 << 63]
}

/// Ranges of binary32 noise: the usual, one around zero, one that rounds, one that overflows into the infinite.
const RANGES: [[f32; 2]; 4] = [[0.0, 1.0], [-1.5, 2.25], [0.1, 255.3], [-3e38, 3e38]];

/// Writes the noise of consecutive elements of the whole image from `first` on.
fn compute(element: Dtype, noise: &Noise, row: &mut [u8], first: u64) {
    let ([lo, hi], size) = (noise.range, element.bytes());
    for (cell, index) in row.chunks_exact_mut(size).zip(first..) {
        let bits = match element {
            Dtype::F32 => noise_f32(noise.words, index, lo, hi).to_bits(),
            _ => noise_integer(noise.words, index, size as u64),
        };
        store(cell, bits);
    }
}

fn check_geometry(run: &mut Run<'_>, element: Dtype, n: usize) -> Result<u64, Failure> {
    let mut random = Random(run.seed);
    let words = [random.next() as u32, random.next() as u32];
    let (size, elements) = (element.bytes(), n / element.bytes());
    let noise = Noise { words, whole: (elements as u32 + 80, 1), x: 0, y: 0, range: RANGES[elements % RANGES.len()] };
    // Many cases share the first elements: those of the tallest pile of rows, and phases.
    let mut table = vec![0; ((elements + 16) * 24 + 128) * size];
    compute(element, &noise, &mut table, 0);
    let elements_a_word = 4 / size;
    let (mut cases, mut turn) = (0, 0);
    geometry::singles(run.effort, n, size, &mut |shape| {
        // Padding between rows in the whole image changes the phase from row to row, or (16) does not.
        turn += 1;
        for x in 0..elements_a_word {
            let width = (elements + x + [1, 2, 3, 16][turn % 4]) as u32;
            let noise = Noise { whole: (width, shape.rows as u32 + 2), x: x as u32, y: 1, ..noise };
            case(run, element, shape, noise, &table)?;
            cases += 1;
        }
        Ok(())
    })?;
    // First elements at every phase of a register.
    for x in 0..if run.effort == Effort::Quick { 19 } else { 67 } {
        let shape = Shape::line(x * 12 % 64, n);
        case(run, element, shape, Noise { x: x as u32, ..noise }, &table)?;
        cases += 1;
    }
    Ok(cases)
}

fn check_border(run: &mut Run<'_>, element: Dtype, border: u64) -> Result<u64, Failure> {
    let mut random = Random(run.seed);
    let words = [random.next() as u32, random.next() as u32];
    let size = element.bytes();
    let mut cases = 0;
    let lengths: &[usize] = if run.effort == Effort::Quick {
        &[4, 16, 33, 68, 130, 257]
    } else {
        &[1, 2, 3, 4, 8, 16, 31, 33, 64, 68, 130, 257]
    };
    for n in lengths.iter().map(|n| n.next_multiple_of(size)) {
        let elements = (n / size) as u64;
        let steps = if run.effort == Effort::Quick { 24 } else { elements + 5 };
        for step in 0..=steps {
            // The row begins so many elements before the border: up to all of it and a little more.
            let before = step * (elements + 4) / steps;
            let range = RANGES[step as usize % RANGES.len()];
            let first = border - before;
            // A width at which the row that begins there ends before the next one; heights are below 2^32.
            let mut widths = (700..1 << 20).map(|more| (first >> 32) + more);
            let width = widths.find(|width| first % width + elements <= *width).expect("nearly any width will do");
            let (x, y) = ((first % width) as u32, (first / width) as u32);
            let noise = Noise { words, whole: (width as u32, u32::MAX), x, y, range };
            for rows in [1, 3] {
                let shape = Shape::line(step as usize * 20 % 64, n).with_rows(rows, (n + 3 * size) as isize);
                case(run, element, shape, noise, &[])?;
                cases += 1;
            }
        }
    }
    Ok(cases)
}

/// Index in the whole image of the first element of a row.
fn first_of_row(noise: &Noise, plane: usize, y: usize) -> u64 {
    let row = plane as u64 * u64::from(noise.whole.1) + u64::from(noise.y) + y as u64;
    row * u64::from(noise.whole.0) + u64::from(noise.x)
}

/// `table` has the first elements of the whole image, as many as are known.
fn case(run: &mut Run<'_>, element: Dtype, shape: Shape, noise: Noise, table: &[u8]) -> Result<(), Failure> {
    // A byte that the first paint gives the value of the noise has another in the second.
    for first in [0, 128] {
        run.paint_output(shape, first);
        let rect = run.a.rect();
        for (plane, y, row) in rect.rows() {
            let (row, first) = (&mut run.want[row], first_of_row(&noise, plane, y));
            let start = usize::try_from(first).ok().and_then(|first| first.checked_mul(element.bytes()));
            match start.and_then(|start| table.get(start..start.checked_add(row.len())?)) {
                Some(known) => row.copy_from_slice(known),
                None => compute(element, &noise, row, first),
            }
        }
        let outcome = run.subject.noise(element, Target { bytes: run.a.bytes_mut(), rect }, noise);
        run.compare(outcome, || {
            let Noise { words: [k0, k1], whole, x, y, range } = noise;
            let range = if element == Dtype::F32 { format!(", range {range:?}") } else { String::new() };
            let first = first_of_row(&noise, 0, 0);
            format!(
                "{shape}; at column {x}, row {y} of {}x{} (element {first}); key {k0:#x} {k1:#x}{range}",
                whole.0, whole.1
            )
        })?;
    }
    Ok(())
}
