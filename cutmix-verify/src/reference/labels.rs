//! What the label becomes.

/// The one-hot row of a class.
#[must_use]
pub fn one_hot(class: usize, classes: usize) -> Vec<f64> {
    (0..classes).map(|k| if k == class { 1.0 } else { 0.0 }).collect()
}

/// A row smoothed towards the uniform one: `(1 - epsilon) y + epsilon / K`.
#[must_use]
pub fn smoothed(row: &[f64], epsilon: f64) -> Vec<f64> {
    row.iter().map(|y| (1.0 - epsilon) * y + epsilon / row.len() as f64).collect()
}

/// `y~ = lambda' y_A + (1 - lambda') y_B` with `lambda' = kept / total` as binary32 weights, the rest in binary64.
#[must_use]
pub fn mix_row(a: &[f64], b: &[f64], kept: u64, total: u64) -> Vec<f64> {
    let w_a = (kept as f64 / total as f64) as f32;
    let w_b = 1.0_f32 - w_a;
    a.iter().zip(b).map(|(a, b)| f64::from(w_a) * a + f64::from(w_b) * b).collect()
}
