//! Label rows: every count of classes to past four registers, every alignment of numbers, hard and soft rows.

use cutmix_core::plan::{BatchPlan, PlanSlot};
use cutmix_core::{KeptRatio, Method, PatchBox, SamplePlan, Size};

use super::blends::forgive_nan;
use super::{Effort, Failure, Outcome, Part, Random, Run};
use crate::guard::{Guarded, Shape};
use crate::reference::mix_row;

/// Ratios at the ends, in the middle, and such that their weights are rounded.
const RATIOS: [(u64, u64); 8] =
    [(1, 3), (0, 960), (1, 960), (480, 960), (959, 960), (960, 960), (67425, 86400), ((1 << 40) - 1, 1 << 40)];

/// The numbers of the one row that a buffer holds.
fn numbers(guarded: &Guarded) -> &[f32] {
    let row = guarded.rect().row(0, 0);
    bytemuck::cast_slice(&guarded.bytes()[row])
}

fn put(guarded: &mut Guarded, values: &[f32]) {
    let row = guarded.rect().row(0, 0);
    guarded.bytes_mut()[row].copy_from_slice(bytemuck::cast_slice(values));
}

/// A number of a label: mostly a probability, now and then nothing of the kind.
fn label(random: &mut Random) -> f32 {
    let bits = random.next();
    match bits >> 60 {
        0 => 0.0,
        1 => 1.0,
        2 => f32::from_bits(bits as u32),
        _ => (bits as u32 >> 8) as f32 / 16777216.0,
    }
}

fn wanted(a: &[f32], b: &[f32], (kept, total): (u64, u64)) -> Vec<f32> {
    let wide = |row: &[f32]| row.iter().map(|&y| f64::from(y)).collect::<Vec<_>>();
    mix_row(&wide(a), &wide(b), kept, total).into_iter().map(|y| y as f32).collect()
}

/// Compares the buffer `a`, whose row is the output, with what is wanted in it.
fn compare(run: &mut Run<'_>, outcome: Outcome, want: &[f32], case: impl Fn() -> String) -> Result<(), Failure> {
    let row = run.a.rect().row(0, 0);
    run.want[row.clone()].copy_from_slice(bytemuck::cast_slice(want));
    forgive_nan(&mut run.want[row.clone()], &run.a.bytes()[row]);
    run.compare(outcome, case)
}

pub(super) fn check_rows(run: &mut Run<'_>, row_bytes: usize) -> Result<u64, Failure> {
    let mut random = Random(run.seed);
    let classes = row_bytes / 4;
    let rows: Vec<[Vec<f32>; 2]> =
        (0..RATIOS.len()).map(|_| [0, 1].map(|_| (0..classes).map(|_| label(&mut random)).collect())).collect();
    let expected: Vec<Vec<f32>> = rows.iter().zip(RATIOS).map(|([a, b], ratio)| wanted(a, b, ratio)).collect();
    let step = if run.effort == Effort::Quick { 16 } else { 4 };
    let mut cases = 0;
    for out in (0..64).step_by(4) {
        for a in (0..64).step_by(step) {
            // The third alignment goes its own way, except where every triple is visited.
            let others = if run.effort == Effort::Exhaustive { 16 } else { 1 };
            for b in (0..others).map(|i| (out * 3 + a * 5 + 4 * (classes + i)) % 64) {
                let which = cases % RATIOS.len();
                run.b.lay_out(Shape::line(a, row_bytes));
                run.c.lay_out(Shape::line(b, row_bytes));
                put(&mut run.b, &rows[which][0]);
                put(&mut run.c, &rows[which][1]);
                run.paint_output(Shape::line(out, row_bytes), 128 * (cases % 2));
                let place = run.a.rect().row(0, 0);
                let row: &mut [f32] = bytemuck::cast_slice_mut(&mut run.a.bytes_mut()[place]);
                let outcome = run.subject.mix_rows(row, numbers(&run.b), numbers(&run.c), RATIOS[which]);
                compare(run, outcome, &expected[which], || {
                    let (kept, total) = RATIOS[which];
                    format!("{classes} classes; addresses % 64 = {out}, {a}, {b}; ratio {kept}/{total}")
                })?;
                cases += 1;
            }
        }
    }
    Ok(cases as u64)
}

/// By the number of classes.
pub(super) fn batch_parts() -> Vec<Part> {
    (1..=17).chain([31, 32, 33, 64, 100, 257, 1000]).map(Part::Values).collect()
}

/// The samples of a batch: every method, applied and not; a cycle, a donor of two, a donor of itself.
fn batch(size: Size) -> Vec<PlanSlot> {
    let cut = |partner, x1| {
        let patch = PatchBox::new(1, 2, x1, 9).expect("in order");
        let kept = KeptRatio::of(patch, size).expect("within the image");
        SamplePlan { applied: true, partner, patch, kept, ..SamplePlan::NOTHING }
    };
    let mixup = |partner, q| {
        let kept = KeptRatio::new(q, 1 << 15).expect("a weight");
        SamplePlan { method: Method::Mixup, applied: true, partner, kept, ..SamplePlan::NOTHING }
    };
    let samples = [
        cut(1, 20),
        cut(2, 2),
        mixup(0, 9830),
        SamplePlan { partner: 5, ..SamplePlan::NOTHING },
        SamplePlan { method: Method::Cutout, ..cut(1, 30) },
        cut(5, 17),
        mixup(2, 1),
    ];
    samples.map(PlanSlot::new).to_vec()
}

pub(super) fn check_batch(run: &mut Run<'_>, classes: usize) -> Result<u64, Failure> {
    let mut random = Random(run.seed);
    let size = Size::new(40, 24).expect("an image");
    let mut slots = batch(size);
    let plan = BatchPlan::from_slots(size, &mut slots).expect("a batch");
    let row_bytes = classes * plan.len() * 4;
    let mut cases = 0;
    for align in (0..64).step_by(4) {
        // Finite and not negative: what stays as it is then does so bit for bit.
        let rows: Vec<f32> = (0..classes * plan.len()).map(|_| (random.next() >> 40) as f32 / 16777216.0).collect();
        let row = |i: usize| &rows[i * classes..(i + 1) * classes];
        let want: Vec<f32> = plan
            .iter()
            .enumerate()
            .flat_map(|(i, sample)| match sample {
                SamplePlan { applied: false, .. } | SamplePlan { method: Method::Cutout, .. } => row(i).to_vec(),
                sample => wanted(row(i), row(sample.partner as usize), (sample.kept.kept(), sample.kept.total())),
            })
            .collect();
        run.b.lay_out(Shape::line((align * 7 + 4 * classes) % 64, row_bytes));
        put(&mut run.b, &rows);
        run.paint_output(Shape::line(align, row_bytes), 128 * (cases % 2));
        let place = run.a.rect().row(0, 0);
        let out: &mut [f32] = bytemuck::cast_slice_mut(&mut run.a.bytes_mut()[place]);
        let outcome = run.subject.mix_batch_rows(out, numbers(&run.b), classes, &plan);
        compare(run, outcome, &want, || format!("7 rows of {classes} classes; address % 64 = {align}"))?;
        cases += 1;
    }
    Ok(cases as u64)
}
