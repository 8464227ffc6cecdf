//! Whether the draws of one call depend on each other, each though it has a box of its own.
//!
//! Two draws of each call are sorted into classes, `i` and `j`. If they are independent, `P(i, j) = p_i q_j` with some `p` and `q`
//! that need not be known. A gambler predicts each pair from the pairs before it,
//!
//! ```text
//! P(i, j) = (kappa p^_i q^_j + n_ij) / (kappa + n)
//! ```
//!
//! with `p^` and `q^` the shares seen so far, and `kappa` the strength of his belief that the two are independent. His
//! predictions over the likelihood of the best `p` and `q`, found after all was seen, are an e-value: no `p` and `q` give the
//! draws more than the best do. The mean over some `kappa` and over what boxes are sorted by is one as well.
//!
//! What was given up: the best `p` and `q` are known to the null alone, which costs some `7 ln n` of evidence for eight classes a
//! side. Calls that depend on each other give much more than that within a few hundred.

use super::alarm::mean;
use super::unknown::KAPPAS;
use crate::reference::Patch;

/// Classes of everything that boxes are sorted by: few enough for a few hundred calls to fill, on images of some 30 pixels.
const CLASSES: usize = 8;
const SORTS: usize = 8;
/// What is added to each class before shares are taken: the prior of Krichevsky and Trofimov, whose loss against the best shares is least in the long run.
const PRIOR: f64 = 0.5;

/// Which of [`classes`] are those of the area and of the middle on each axis.
pub(super) const AREA: usize = 0;
pub(super) const COLUMN: usize = 2;
pub(super) const ROW: usize = 3;

/// Area, how far it is from a half, and middle, first and last edge on both axes: each of eight classes.
pub(super) fn classes([width, height]: [u32; 2], patch: &Patch) -> [usize; SORTS] {
    let part = |value: u32, of: u32| (value as usize * CLASSES / (of as usize + 1)).min(CLASSES - 1);
    let Patch { x0, y0, x1, y1 } = *patch;
    // By the side of a square of the same share: small and large areas are told apart.
    let share = f64::from((x1 - x0) * (y1 - y0)) / f64::from(width * height);
    let area = if share >= 1.0 { CLASSES - 1 } else { (libm::sqrt(share) * (CLASSES - 1) as f64) as usize };
    // Where alpha is common to a call, its areas are all near to a half, or all far from it.
    let extreme = (libm::fabs(2.0 * share - 1.0) * CLASSES as f64) as usize;
    [
        area,
        extreme.min(CLASSES - 1),
        part(x0 + x1, 2 * width),
        part(y0 + y1, 2 * height),
        part(x0, width),
        part(y0, height),
        part(x1, width),
        part(y1, height),
    ]
}

/// The logarithm of the e-value of pairs of classes.
fn pairs(pairs: &[[usize; 2]]) -> f64 {
    let of = |kappa: f64| {
        let mut joint = [[0.0; CLASSES]; CLASSES];
        let mut sides = [[0.0; CLASSES]; 2];
        let (mut number, mut predicted) = (0.0, 0.0);
        for &[i, j] in pairs {
            let side = |axis: usize, class: usize| (sides[axis][class] + PRIOR) / (number + PRIOR * CLASSES as f64);
            predicted += libm::log((kappa * side(0, i) * side(1, j) + joint[i][j]) / (kappa + number));
            joint[i][j] += 1.0;
            sides[0][i] += 1.0;
            sides[1][j] += 1.0;
            number += 1.0;
        }
        let most = |n: &f64| if *n > 0.0 { n * libm::log(n / number) } else { 0.0 };
        predicted - sides.iter().flatten().map(most).sum::<f64>()
    };
    mean(KAPPAS.map(of).into_iter())
}

/// The logarithm of the e-value of pairs of boxes, against their being independent of each other.
pub(super) fn dependence(couples: &[([u32; 2], [Patch; 2])]) -> f64 {
    let mut sizes: Vec<[u32; 2]> = couples.iter().map(|(size, _)| *size).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let of_sort = |sort: usize| -> f64 {
        // Images of another size have another law.
        let of_size = |wanted: &[u32; 2]| {
            let here = couples.iter().filter(|(size, _)| size == wanted);
            let both = here.map(|(size, [a, b])| [classes(*size, a)[sort], classes(*size, b)[sort]]);
            pairs(&both.collect::<Vec<_>>())
        };
        sizes.iter().map(of_size).sum()
    };
    mean((0..SORTS).map(of_sort).collect::<Vec<f64>>().into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::play::{draws_of, variant};

    #[test]
    fn independent_pairs_give_no_evidence_and_others_do() {
        for (name, alpha) in [("official", 1.0), ("paper", 0.2), ("corner", 0.5), ("inside", 3.0)] {
            let (boxes, _) = draws_of(variant(name).unwrap(), alpha, [40, 24], 4000, 5).unwrap();
            let couples: Vec<_> = boxes.as_chunks::<2>().0.iter().map(|pair| ([40, 24], *pair)).collect();
            let value = dependence(&couples);
            assert!(value < 0.0, "{name} at {alpha}: {value}");
            // One edge in common.
            let shared: Vec<_> = couples
                .iter()
                .map(|(size, [a, b])| (*size, [*a, Patch { x0: a.x0, x1: b.x1.max(a.x0 + 1), ..*b }]))
                .collect();
            assert!(dependence(&shared) > 100.0, "{name} at {alpha}: {}", dependence(&shared));
        }
        assert!(dependence(&[]).abs() < 1e-9);
    }
}
