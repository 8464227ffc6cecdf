//! Copy and exchange: bytes that are moved, every one of them by name.

use super::{Failure, Outcome, Run, Source, Target, count, geometry};
use crate::guard::{Shape, difference_at, paint, passes};

pub(super) fn check(run: &mut Run<'_>, row_bytes: usize, exchange: bool) -> Result<u64, Failure> {
    geometry::pairs(run.effort, row_bytes, 1, &mut |dst, src| case(run, exchange, dst, src))
}

fn case(run: &mut Run<'_>, exchange: bool, dst: Shape, src: Shape) -> Result<(), Failure> {
    run.a.lay_out(dst);
    run.b.lay_out(src);
    for pass in 0..passes(run.a.bytes().len() + run.b.bytes().len()) {
        let outcome = act(run, exchange, pass);
        let (a, b, from) = (run.a.bytes(), run.b.bytes(), run.a.bytes().len());
        let fine = outcome.is_ok() && {
            // The paint of `a` with the rows of the paint of `b`, and the other way round.
            let (rect_a, rect_b) = (run.a.rect(), run.b.rect());
            let want = &mut run.want;
            want.resize(a.len().max(b.len()), 0);
            paint(&mut want[..a.len()], 0, pass);
            for ((_, _, to), (_, _, row)) in rect_a.rows().zip(rect_b.rows()) {
                paint(&mut want[to], from + row.start, pass);
            }
            let fine = want[..a.len()] == *a;
            paint(&mut want[..b.len()], from, pass);
            if exchange {
                for ((_, _, to), (_, _, row)) in rect_b.rows().zip(rect_a.rows()) {
                    paint(&mut want[to], row.start, pass);
                }
            }
            fine && want[..b.len()] == *b
        };
        if !fine {
            return Err(explain(run, exchange, outcome));
        }
    }
    Ok(())
}

/// Paints both buffers and runs the operation. Positions are counted through `a` and on through `b`.
fn act(run: &mut Run<'_>, exchange: bool, pass: u32) -> Outcome {
    let (rect_a, rect_b) = (run.a.rect(), run.b.rect());
    run.a.paint(0, pass);
    let from = run.a.bytes().len();
    run.b.paint(from, pass);
    let a = Target { bytes: run.a.bytes_mut(), rect: rect_a };
    if exchange {
        run.subject.exchange(a, Target { bytes: run.b.bytes_mut(), rect: rect_b })
    } else {
        run.subject.copy(a, Source { bytes: run.b.bytes(), rect: rect_b })
    }
}

/// Runs all passes again and says of the first wrong byte where it came from.
fn explain(run: &mut Run<'_>, exchange: bool, outcome: Outcome) -> Failure {
    let (rect_a, rect_b) = (run.a.rect(), run.b.rect());
    let names = if exchange { ["first", "second"] } else { ["destination", "source"] };
    let case = format!("{}: {}; {}: {}", names[0], rect_a.shape, names[1], rect_b.shape);
    if let Err(problem) = outcome {
        return run.failure(case, problem, String::new());
    }
    let from = run.a.bytes().len();
    let total = from + run.b.bytes().len();
    let mut got = vec![0; total];
    for pass in 0..passes(total) {
        if let Err(problem) = act(run, exchange, pass) {
            return run.failure(case, problem, String::new());
        }
        for (position, &byte) in got.iter_mut().zip(run.a.bytes().iter().chain(run.b.bytes())) {
            *position |= usize::from(byte) << (8 * pass);
        }
    }
    let mut want: Vec<usize> = (0..total).collect();
    for ((_, _, row_a), (_, _, row_b)) in rect_a.rows().zip(rect_b.rows()) {
        for (i, j) in row_a.zip(row_b) {
            want[i] = from + j;
            if exchange {
                want[from + j] = i;
            }
        }
    }
    let place = |position: usize| match position.checked_sub(from) {
        None => format!("the {}'s {}", names[0], rect_a.locate(position)),
        Some(offset) if position < total => format!("the {}'s {}", names[1], rect_b.locate(offset)),
        // Passes that disagree: an operation that looks at what it moves.
        Some(_) => "what no byte of either held".into(),
    };
    let wrong: Vec<bool> = got.iter().zip(&want).map(|(got, want)| got != want).collect();
    for (name, rect, offset, range) in [(names[0], rect_a, 0, 0..from), (names[1], rect_b, from, from..total)] {
        if let Some(found) = difference_at(&rect, &wrong[range]) {
            let at = offset + found.first;
            let holds = if got[at] == at { "was not written".into() } else { format!("holds {}", place(got[at])) };
            let expected = if want[at] == at { "its own byte".into() } else { place(want[at]) };
            let bytes = count(found.count, "wrong byte");
            let problem = format!(
                "{bytes} in the {name}; the first, {}, {holds}, but {expected} is expected",
                rect.locate(found.first)
            );
            return run.failure(case, problem, found.matrix);
        }
    }
    run.failure(case, "the bytes differ, but not when it is done again".into(), String::new())
}
