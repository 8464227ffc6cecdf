//! Every side length up to 64, every lambda at which the box changes (and its neighbours in binary64), every kind of
//! centre, each rule: the core's span against the reference's pixels.

use cutmix_core::BoxRule;
use cutmix_verify::reference::{Rule, inside_law};

/// A number and the two on either side, as far as they lie in `[0, below)`.
fn around(x: f64, below: f64, out: &mut Vec<f64>) {
    let near = [x.next_down().next_down(), x.next_down(), x, x.next_up(), x.next_up().next_up()];
    out.extend(near.into_iter().filter(|x| (0.0..below).contains(x)));
}

#[test]
fn every_box_on_one_axis() {
    let mut cases = 0_u64;
    for length in 1..=64_u32 {
        let l = f64::from(length);
        let mut lambdas = vec![0.0, f64::from_bits(1), f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0, 1.0];
        // Sides of whole and half pixels.
        for j in 0..=2 * length {
            around(1.0 - (f64::from(j) / (2.0 * l)).powi(2), 1.0_f64.next_up(), &mut lambdas);
        }
        lambdas.sort_by(f64::total_cmp);
        lambdas.dedup();
        let mut centres = Vec::new();
        // Whole pixels, pixel centres, and the quarters where odd and even sides change.
        for quarter in 0..=4 * length {
            around(f64::from(quarter) / 4.0, l, &mut centres);
        }
        centres.sort_by(f64::total_cmp);
        centres.dedup();
        for (rule, naive) in BoxRule::ALL.into_iter().zip([Rule::Paper, Rule::Official, Rule::FullExtent]) {
            for &lambda in &lambdas {
                for &centre in &centres {
                    let span = rule.span(lambda, centre, length).unwrap();
                    // On a square image a pixel of the diagonal is inside iff its one coordinate is.
                    let inside = |i: u32| inside_law(naive, lambda, (centre, centre), (length, length), (i, i));
                    // The pixels around both ends decide: the reference's set is an interval by its definition.
                    let (first, last) = (span.start, span.end);
                    let ends = [first.wrapping_sub(1), first, last.wrapping_sub(1), last, 0, length - 1];
                    for i in ends.into_iter().filter(|&i| i < length) {
                        assert_eq!(
                            span.contains(&i),
                            inside(i),
                            "{rule:?} L {length} lambda {lambda} c {centre} pixel {i}"
                        );
                    }
                    if first >= last {
                        let empty = (0..length).all(|i| !inside(i));
                        assert!(empty, "{rule:?} L {length} lambda {lambda} c {centre}: {span:?} is empty");
                    }
                    cases += 1;
                }
            }
        }
    }
    println!("{cases} boxes");
    assert!(cases > 50_000_000, "{cases} boxes only");
}
