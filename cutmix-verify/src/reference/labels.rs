//! What the label becomes.

/// The one-hot row of a class; all zeros for a class that is not among `classes`.
///
/// ```
/// use cutmix_verify::reference::one_hot;
///
/// assert_eq!(one_hot(1, 3), [0.0, 1.0, 0.0]);
/// ```
#[must_use]
pub fn one_hot(class: usize, classes: usize) -> Vec<f64> {
    (0..classes).map(|k| if k == class { 1.0 } else { 0.0 }).collect()
}

/// A row smoothed towards the uniform one: `(1 - epsilon) y + epsilon / K`.
///
/// ```
/// use cutmix_verify::reference::{one_hot, smoothed};
///
/// assert_eq!(smoothed(&one_hot(0, 2), 0.5), [0.75, 0.25]);
/// ```
#[must_use]
pub fn smoothed(row: &[f64], epsilon: f64) -> Vec<f64> {
    row.iter().map(|y| (1.0 - epsilon) * y + epsilon / row.len() as f64).collect()
}

/// `y~ = lambda' y_A + (1 - lambda') y_B` with `lambda' = kept / total` as binary32 weights, the rest in binary64.
///
/// ```
/// use cutmix_verify::reference::mix_row;
///
/// assert_eq!(mix_row(&[1.0, 0.0], &[0.0, 1.0], 9, 12), [0.75, 0.25]);
/// let third = 1.0_f32 / 3.0; // A weight that is rounded to binary32.
/// assert_eq!(mix_row(&[1.0, 0.0], &[0.0, 1.0], 1, 3), [third, 1.0 - third].map(f64::from));
/// ```
#[must_use]
pub fn mix_row(a: &[f64], b: &[f64], kept: u64, total: u64) -> Vec<f64> {
    let w_a = (kept as f64 / total as f64) as f32;
    let w_b = 1.0_f32 - w_a;
    a.iter().zip(b).map(|(a, b)| f64::from(w_a) * a + f64::from(w_b) * b).collect()
}
