//! The second half of the auditor, without pixels: draws of every simulated implementation against their laws.

use cutmix_verify::audit::Prob;
use cutmix_verify::audit::law::{Evidence, Judged, Part, Place, Terms, judge};
use cutmix_verify::law::shape::{SHAPES, Shape, shape_named};
use cutmix_verify::report::Verdict;
use cutmix_verify::simulate::{LAWS, Variant, draws_of, variant};

fn terms(accept: &[&str], alpha: f64) -> Terms {
    let accept: Vec<&'static Shape> = match accept {
        ["paper"] => SHAPES.iter().filter(|shape| shape.allowed()).collect(),
        names => names.iter().map(|name| shape_named(name).unwrap()).collect(),
    };
    let planned = if alpha < 0.7 { 16_640 } else { 8_448 };
    Terms { accept, tolerance: 1.25, prob: Prob::Known(1.0), runs: 1, planned, square_only: false, fixed: None }
}

fn audit(variant: &Variant, alpha: f64, size: [u32; 2], number: usize, seed: u64, terms: &Terms) -> Judged {
    let (boxes, applied) = draws_of(variant, alpha, size, number, seed).unwrap();
    let places = vec![Place::default(); boxes.len()];
    let parts = vec![Part { size, boxes, places, applied: vec![applied] }];
    let evidence = Evidence { alpha: Some(alpha), parts, one_process: true, ..Evidence::default() };
    judge(&evidence, terms).unwrap()
}

#[test]
fn explore() {
    for alpha in [1.0, 0.2] {
        let all = ["official", "paper", "full-extent", "rounded", "half-ceil"].map(|name| variant(name).unwrap());
        for v in all.into_iter().chain(LAWS) {
            if v.name.starts_with("mixup") || v.name.starts_with("rarely-label") {
                continue;
            }
            let terms = terms(&["paper"], alpha);
            let start = std::time::Instant::now();
            let judged = audit(v, alpha, [40, 24], terms.planned as usize, 1, &terms);
            let run = &judged.run;
            let codes: Vec<_> = judged.found.iter().map(|f| f.0).collect();
            println!(
                "{alpha} {:24} {:12} {:?} expect {:?} decided {:?} | {} {} / {} {} | {:?} {} {:.2}s",
                v.name,
                run.verdict.name(),
                codes,
                v.expected,
                run.decided,
                run.identified.rule,
                run.identified.rule_odds,
                run.identified.law,
                run.identified.law_odds,
                run.interval.map(|i| (i.hat, i.low, i.high)),
                run.because,
                start.elapsed().as_secs_f64()
            );
        }
    }
    let _ = Verdict::Pass;
}
