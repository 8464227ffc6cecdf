//! Fills: zeros, constants of one byte, and patterns from two bytes a pixel to more than a kernel may want to keep.

use super::{Failure, Part, Run, Target, geometry};
use crate::guard::{RED_ZONE, Shape};

/// Bytes of a pixel; 0 stands for the fill with zeros.
const PIXELS: [usize; 22] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16, 24, 31, 32, 48, 64, 96, 128, 255, 257, 300];

/// Each length of a pixel once with different bytes and once (odd numbers) with equal ones.
pub(super) fn parts() -> Vec<Part> {
    (0..2 * PIXELS.len()).map(Part::Values).collect()
}

pub(super) fn check(run: &mut Run<'_>, part: Part) -> Result<u64, Failure> {
    let (pixel, equal) = (PIXELS[part.number() / 2], part.number() % 2 == 1);
    let step = pixel.max(1);
    let mut lengths: Vec<usize> = geometry::lengths(1).into_iter().map(|n| n.next_multiple_of(step)).collect();
    lengths.dedup();
    // A row shorter than four pixels would show little of a long pattern.
    lengths.extend([2 * step, 3 * step].iter().filter(|&&n| n > geometry::FOUR_VECTORS));
    let mut cases = 0;
    for n in lengths {
        geometry::singles(run.effort, n, 1, &mut |shape| {
            let empty = shape.rows == 0 || shape.row_bytes == 0;
            if empty && pixel > RED_ZONE {
                // The empty box of an image of one pixel, which the buffer has no room for.
                return Ok(());
            }
            cases += 1;
            case(run, if empty { Shape { planes: 1, ..shape } } else { shape }, pixel, equal)
        })?;
    }
    Ok(cases)
}

fn case(run: &mut Run<'_>, shape: Shape, pixel: usize, equal: bool) -> Result<(), Failure> {
    let values: Option<Vec<u8>> = (pixel > 0).then(|| {
        // Every plane has values of its own.
        (0..pixel * shape.planes)
            .map(|i| if equal { 0xa7 + (i / pixel) as u8 } else { (i * 37 + i / 256 + 1) as u8 })
            .collect()
    });
    // A byte that the first paint gives the value of the fill has another in the second.
    for first in [0, 128] {
        run.paint_output(shape, first);
        let rect = run.a.rect();
        for (plane, _, row) in rect.rows() {
            match &values {
                None => run.want[row].fill(0),
                Some(values) => {
                    let own = &values[plane * pixel..(plane + 1) * pixel];
                    run.want[row].chunks_exact_mut(pixel).for_each(|cell| cell.copy_from_slice(own));
                }
            }
        }
        let outcome = run.subject.fill(Target { bytes: run.a.bytes_mut(), rect }, values.as_deref());
        run.compare(outcome, || match pixel {
            0 => format!("{shape}; zeros"),
            _ => format!("{shape}; {pixel} {} bytes a pixel", if equal { "equal" } else { "different" }),
        })?;
    }
    Ok(())
}
