//! How long the auditor takes to judge draws that it has decoded, on one core and on all: how that grows with draws, with the
//! size of the images, and with the laws that are told apart (an alpha below 1 has three types of each).
//!
//! cargo run --release -p cutmix-bench --example judge

use std::time::Instant;

use cutmix_verify::audit::judge::{Applied, Evidence, Part, Place, Terms, judge};
use cutmix_verify::audit::{Options, Prob};
use cutmix_verify::play::{draws_of, variant};
use cutmix_verify::report::Verdict;

/// Seconds, and the deviations that were looked for.
fn run(size: [u32; 2], alpha: f64, draws: usize) -> Option<(f64, u64)> {
    let (boxes, applied) = draws_of(variant("official")?, alpha, size, draws, 1).ok()?;
    let places = vec![Place::default(); boxes.len()];
    let parts = vec![Part { size, boxes, places, applied: vec![Applied::of(vec![0.0], applied)], ..Part::default() }];
    let evidence = Evidence { alpha: Some(alpha), parts, one_process: true, ..Evidence::default() };
    let Options { accept, laws, tolerance, .. } = Options::default();
    // All draws that are planned: every alpha outside the tolerance is searched for.
    let planned = draws as u64;
    let square_only = size[0] == size[1];
    let terms = Terms { accept, laws, tolerance, prob: Prob::Known(1.0), runs: 1, planned, square_only, fixed: None };
    let start = Instant::now();
    let judged = judge(&evidence, &terms)?;
    let seconds = start.elapsed().as_secs_f64();
    assert_ne!(judged.run.verdict, Verdict::Fail, "{:?}", judged.found);
    Some((seconds, judged.run.deviations))
}

fn main() {
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    println!(
        "{:>9} {:>6} {:>8} {:>11} {:>10} {:>10} {:>12}",
        "size", "alpha", "draws", "deviations", "one core", "all cores", "us a draw"
    );
    for (size, alpha, draws) in [
        ([40, 24], 1.0, 2_816),
        ([40, 24], 1.0, 8_448),
        ([40, 24], 1.0, 45_056),
        ([40, 24], 1.0, 180_224),
        ([40, 24], 0.2, 45_056),
        ([40, 24], 5.0, 45_056),
        ([16, 12], 1.0, 45_056),
        ([32, 32], 1.0, 45_056),
        ([64, 48], 1.0, 45_056),
        ([224, 224], 1.0, 8_448),
        ([224, 224], 1.0, 45_056),
        ([640, 480], 1.0, 8_448),
    ] {
        let alone = one.as_ref().ok().and_then(|pool| pool.install(|| run(size, alpha, draws)));
        let (Some((alone, deviations)), Some((all, _))) = (alone, run(size, alpha, draws)) else { continue };
        let name = format!("{}x{}", size[0], size[1]);
        let each = 1e6 * alone / draws as f64;
        println!("{name:>9} {alpha:>6} {draws:>8} {deviations:>11} {alone:>8.2} s {all:>8.2} s {each:>12.1}");
    }
}
