//! The exact law of the box: the probability that a pixel is replaced, for each rule and alpha.
//!
//! With `s = sqrt(1 - lambda)` and `lambda ~ Beta(a, a)`, `s^2` has the same law, so
//! `E[s^m; s <= t] = B(a + m/2, a) / B(a, a) * I_{t^2}(a + m/2, a)` with the regularised incomplete beta function `I`.
//! Given `s`, the two axes are independent and each is constant (whole-pixel rules) or linear (the paper's) between
//! breakpoints, so the expectation is a finite sum of such moments: no quadrature.

use super::special::{beta_inc, ln_beta};

use crate::reference::Rule;

/// `E[s^m; s <= t]` for `s = sqrt(q)`, `q ~ Beta(alpha, alpha)`.
fn moment(alpha: f64, m: u32, t: f64) -> f64 {
    let a = alpha + f64::from(m) / 2.0;
    let scale = (ln_beta(a, alpha) - ln_beta(alpha, alpha)).exp();
    scale * if t <= 0.0 { 0.0 } else { beta_inc(a, alpha, (t * t).min(1.0)).lower }
}

/// The probability that each pixel of a `width` x `height` image is replaced, row by row, for a positive `alpha`. A pixel that
/// an empty box leaves as it was counts as not replaced.
///
/// Costs a few incomplete beta functions a column and row, and for the whole-pixel rules `(width + height)` additions a
/// pixel.
#[must_use]
pub fn coverage(rule: Rule, alpha: f64, width: u32, height: u32) -> Vec<f64> {
    match rule {
        Rule::Paper => paper(alpha, width, height),
        Rule::Official | Rule::FullExtent => whole_pixels(rule, alpha, width, height),
    }
}

/// Given `s`, the box covers the centre `u L` of a pixel with probability `s/2 + min(s/2, v)`, `v = min(u, 1 - u)`.
fn paper(alpha: f64, width: u32, height: u32) -> Vec<f64> {
    // E[s^m; s <= t] for m = 0, 1, 2 at the kink t = 2 v of every pixel of an axis.
    let axis = |length: u32| -> Vec<(f64, [f64; 3])> {
        (0..length)
            .map(|i| {
                let u = (f64::from(i) + 0.5) / f64::from(length);
                let v = u.min(1.0 - u);
                (v, [0, 1, 2].map(|m| moment(alpha, m, 2.0 * v)))
            })
            .collect()
    };
    let (columns, rows) = (axis(width), axis(height));
    let all = [0, 1, 2].map(|m| moment(alpha, m, 1.0));
    let mut out = Vec::new();
    for row in &rows {
        for column in &columns {
            let (near, far) = if column.0 < row.0 { (column, row) } else { (row, column) };
            let between = |m: usize| far.1[m] - near.1[m];
            let beyond = |m: usize| all[m] - far.1[m];
            // s * s, then (s/2 + near) s, then (s/2 + near) (s/2 + far).
            out.push(
                near.1[2]
                    + between(2) / 2.0
                    + near.0 * between(1)
                    + beyond(2) / 4.0
                    + f64::midpoint(near.0, far.0) * beyond(1)
                    + near.0 * far.0 * beyond(0),
            );
        }
    }
    out
}

/// Both sides are constant while `L s` stays between whole numbers; each of the `L` centres is equally likely.
fn whole_pixels(rule: Rule, alpha: f64, width: u32, height: u32) -> Vec<f64> {
    // Fractions j / length as exact comparisons: sort by j * other / (width * height).
    let (w, h) = (u64::from(width), u64::from(height));
    let mut edges: Vec<u64> = (0..=w).map(|j| j * h).chain((0..=h).map(|j| j * w)).collect();
    edges.sort_unstable();
    edges.dedup();
    let axis = |side: u32, length: u32| -> Vec<f64> {
        let below = side / 2;
        let above = if rule == Rule::Official { below } else { side - below };
        (0..length)
            .map(|x| {
                // Centres i with i - below <= x < i + above.
                let first = (x + 1).saturating_sub(above);
                let last = (x + below).min(length - 1);
                f64::from((last + 1).saturating_sub(first)) / f64::from(length)
            })
            .collect()
    };
    let mut out = vec![0.0; (w * h) as usize];
    for pair in edges.windows(2) {
        let [low, high] = [pair[0], pair[1]].map(|edge| edge as f64 / (w * h) as f64);
        let mass = moment(alpha, 0, high) - moment(alpha, 0, low);
        let (columns, rows) = (axis((pair[0] / h) as u32, width), axis((pair[0] / w) as u32, height));
        for (row, &y) in out.chunks_exact_mut(width as usize).zip(&rows) {
            for (cell, &x) in row.iter_mut().zip(&columns) {
                *cell += mass * x * y;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn official_coverage_is_the_known_one() {
        // Exact values at 32 x 32, alpha 1: corner, corner, centre.
        let map = coverage(Rule::Official, 1.0, 32, 32);
        for (at, expected) in
            [(0, 0.135_402_679_443_359_38), (1023, 0.114593505859375), (16 * 32 + 16, 0.4583740234375)]
        {
            assert!((map[at] - expected).abs() < 1e-12, "{at}: {} is not {expected}", map[at]);
        }
        let mean = map.iter().sum::<f64>() / 1024.0;
        assert!((mean - 10041185.0 / 33554432.0).abs() < 1e-12, "{mean}");
    }

    #[test]
    fn paper_coverage_tends_to_one_half_one_quarter_one_eighth() {
        for alpha in [0.2, 1.0, 8.0] {
            let (width, height) = (2001_u32, 3_u32);
            let map = coverage(Rule::Paper, alpha, width, height);
            let middle = map[(width + width / 2) as usize];
            assert!((middle - 0.5).abs() < 1e-9, "centre at alpha {alpha}: {middle}");
        }
        let map = coverage(Rule::Paper, 1.0, 801, 801);
        assert!((map[0] - 0.125).abs() < 2e-3 && (map[400] - 0.25).abs() < 2e-3, "{} {}", map[0], map[400]);
        let mean = map.iter().sum::<f64>() / (801.0 * 801.0);
        assert!((mean - 77.0 / 240.0).abs() < 1e-5, "{mean}");
    }

    /// The closed form here against the sums over intervals that the auditor uses: neither knows the other.
    #[test]
    fn two_ways_to_the_same_coverage() {
        use crate::law::{boxes::Table, features::Features, lambda::Lambda};
        use crate::profile::shape::shape_named;
        for (rule, name) in [(Rule::Paper, "paper"), (Rule::Official, "official"), (Rule::FullExtent, "full-extent")] {
            let shape = shape_named(name).unwrap();
            for (alpha, size) in [(0.2, [40, 24]), (1.0, [9, 7]), (3.0, [16, 16])] {
                let features = Features::new(shape, size);
                let moments = Lambda::beta(alpha).moments(features.grid());
                let filled = Table::new(shape, size, &[]).filled(&moments);
                let given_filled = features.coverage(&moments);
                for (p, q) in coverage(rule, alpha, size[0], size[1]).iter().zip(given_filled) {
                    assert!((p - q * filled).abs() < 1e-10, "{name} at {alpha}: {p} {}", q * filled);
                }
            }
        }
    }
}
