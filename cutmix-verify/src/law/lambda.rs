//! Laws of `s`: by them the sides of a box are `s W` and `s H` before clipping.
//!
//! `lambda` has some law, `q = 1 - lambda`, and `s = sqrt(q)` unless somebody left the root out.

use super::special::{beta_inc, ln_beta};
pub(crate) use crate::profile::{Lambda, Precision};

/// A grid of `s`: cells between neighbouring edges, and two more that are the points 1 and 0.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Grid {
    /// Ascending, from 0 to 1.
    pub(crate) edges: Vec<f64>,
}

impl Grid {
    /// Edges at all multiples of `1 / (parts length)` of both lengths, which are 1 or more: at most `parts (width + height)` of
    /// them.
    pub(crate) fn new(width: u32, height: u32, parts: u32) -> Self {
        // As whole numbers over one denominator, so that edges of both axes are one where they coincide.
        let (w, h) = (u64::from(width * parts), u64::from(height * parts));
        let mut places: Vec<u64> = (0..=w).map(|n| n * h).chain((0..=h).map(|n| n * w)).collect();
        places.sort_unstable();
        places.dedup();
        Self { edges: places.into_iter().map(|place| place as f64 / (w * h) as f64).collect() }
    }

    /// Number of cells, those of the points included.
    pub(crate) fn len(&self) -> usize {
        self.edges.len() + 1
    }

    /// The cell that is the point 1.
    pub(crate) fn one(&self) -> usize {
        self.edges.len() - 1
    }

    /// The cell that is the point 0.
    pub(crate) fn zero(&self) -> usize {
        self.edges.len()
    }

    /// Where a cell begins and ends.
    pub(crate) fn ends(&self, cell: usize) -> [f64; 2] {
        match self.edges.get(cell + 1) {
            Some(end) => [self.edges[cell], *end],
            None if cell == self.zero() => [0.0; 2],
            None => [1.0; 2],
        }
    }

    /// A value of `s` inside a cell.
    pub(crate) fn inside(&self, cell: usize) -> f64 {
        let [from, to] = self.ends(cell);
        f64::midpoint(from, to)
    }
}

impl Precision {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Exact, Self::F64, Self::F32];

    /// The largest `lambda` that `1 - lambda` loses.
    pub(crate) const fn lost(self) -> f64 {
        match self {
            Self::Exact => 0.0,
            // 2^-54 and 2^-25.
            Self::F64 => 1.0 / (1_u64 << 54) as f64,
            Self::F32 => 1.0 / (1_u64 << 25) as f64,
        }
    }
}

/// Gauss and Legendre's nodes and weights on `(0, 1)`.
const GAUSS: [(f64, f64); 5] = [
    (0.046_910_077_030_668, 0.118_463_442_528_094_54),
    (0.230_765_344_947_158_45, 0.239_314_335_249_683_23),
    (0.5, 0.284_444_444_444_444_44),
    (0.769_234_655_052_841_6, 0.239_314_335_249_683_23),
    (0.953_089_922_969_332, 0.118_463_442_528_094_54),
];

/// `E[s^m; cell]` for `m = 0, 1, 2` and every cell of a grid.
pub(crate) type Moments = Vec<[f64; 3]>;

/// Moments of `s = q^power` with `q ~ Beta(a, b)` over the cells, without an atom.
fn beta_moments(a: f64, b: f64, power: f64, edges: &[f64]) -> Moments {
    let mut moments = vec![[0.0; 3]; edges.len() + 1];
    for (m, shifted) in [a, a + power, a + 2.0 * power].into_iter().enumerate() {
        let scale = if m == 0 { 1.0 } else { libm::exp(ln_beta(shifted, b) - ln_beta(a, b)) };
        let tails = |s: f64| beta_inc(shifted, b, if power == 0.5 { s * s } else { s });
        let mut before = tails(edges[0]);
        for (moment, edge) in moments.iter_mut().zip(&edges[1..]) {
            let here = tails(*edge);
            moment[m] = scale * before.until(here);
            before = here;
        }
    }
    moments
}

/// Moments of a law with a smooth distribution function, by parts.
fn moments_by_parts(edges: &[f64], cdf: impl Fn(f64) -> f64) -> Moments {
    let mut moments = vec![[0.0; 3]; edges.len() + 1];
    for (cell, pair) in edges.windows(2).enumerate() {
        let (from, to) = (pair[0], pair[1]);
        let (below, above) = (cdf(from), cdf(to));
        let inner = |power: i32| {
            let value = |(node, weight): (f64, f64)| {
                let s = from + node * (to - from);
                weight * cdf(s) * if power == 0 { 1.0 } else { 2.0 * s }
            };
            (to - from) * GAUSS.into_iter().map(value).sum::<f64>()
        };
        let edge = |m: i32| to.powi(m) * above - from.powi(m) * below;
        moments[cell] = [above - below, edge(1) - inner(0), edge(2) - inner(1)];
    }
    moments
}

/// Adds a mass at one point.
fn add_atom(moments: &mut Moments, grid: &Grid, s: f64, mass: f64) {
    let cell = if s >= 1.0 { grid.one() } else { grid.edges.partition_point(|&edge| edge <= s) - 1 };
    for (m, moment) in moments[cell].iter_mut().enumerate() {
        *moment += mass * s.powi(m as i32);
    }
}

impl Lambda {
    /// `lambda ~ Beta(alpha, alpha)`.
    pub(crate) const fn beta(alpha: f64) -> Self {
        Self::Beta { a: alpha, b: alpha }
    }

    /// The probability that `s` is 1 because `lambda` was too small for the type that `1 - lambda` was formed in.
    pub(crate) fn atom(&self, precision: Precision) -> f64 {
        // What is rounded has its own numbers, each of which every type has.
        if matches!(self, Self::Rounded { .. }) { 0.0 } else { self.cdf(precision.lost()) }
    }

    /// The probability that `s` is 0 because `lambda` was so near to 1 that it became 1.
    pub(crate) fn atom_at_zero(&self, precision: Precision) -> f64 {
        let lost = precision.lost();
        let below = |a: f64, b: f64| beta_inc(a, b, lost).lower;
        match *self {
            Self::Beta { a, b } => below(a, b),
            Self::NoRoot(alpha) => below(alpha, alpha),
            Self::Folded(alpha) => 2.0 * below(alpha, alpha),
            Self::RandomAlpha(alpha) => alphas(alpha).map(|(weight, t)| weight * below(t, t)).sum(),
            Self::NotRejected(alpha) => not_rejected(alpha, lost),
            Self::Clipped { alpha, most, .. } if most >= 1.0 => below(alpha, alpha),
            Self::FoldedUp(_) | Self::Clipped { .. } | Self::Rounded { .. } | Self::Uniform { .. } => 0.0,
        }
    }

    /// [`moments`](Self::moments) as code of a type draws them.
    pub(crate) fn moments_in(&self, grid: &Grid, precision: Precision) -> Moments {
        let mut moments = self.moments(grid);
        // All of it from the cell beside, which has it: what is taken lies within 2^-12 of the point.
        for (atom, cell, point, s) in [
            (self.atom(precision), grid.one() - 1, grid.one(), 1.0),
            (self.atom_at_zero(precision), 0, grid.zero(), 0.0),
        ] {
            let atom = atom.min(moments[cell][0]);
            if atom > 0.0 {
                for (m, power) in [1.0, s, s * s].into_iter().enumerate() {
                    moments[cell][m] = (moments[cell][m] - atom * power).max(0.0);
                    moments[point][m] += atom * power;
                }
            }
        }
        moments
    }

    /// The distribution function of `lambda`; at an atom, its upper value.
    pub(crate) fn cdf(&self, lambda: f64) -> f64 {
        let beta = |a: f64, b: f64, x: f64| beta_inc(a, b, x.clamp(0.0, 1.0)).lower;
        match *self {
            Self::Beta { a, b } => beta(b, a, lambda),
            Self::NoRoot(alpha) => beta(alpha, alpha, lambda),
            Self::Folded(alpha) => (2.0 * beta(alpha, alpha, lambda) - 1.0).max(0.0),
            Self::FoldedUp(alpha) => (2.0 * beta(alpha, alpha, lambda)).min(1.0),
            Self::Clipped { alpha, least, most } => {
                if lambda < least {
                    0.0
                } else if lambda >= most {
                    1.0
                } else {
                    beta(alpha, alpha, lambda)
                }
            }
            Self::Rounded { alpha, parts } => {
                let parts = f64::from(parts);
                beta(alpha, alpha, ((lambda * parts).floor() + 0.5) / parts)
            }
            Self::Uniform { least, most } => ((lambda - least) / (most - least)).clamp(0.0, 1.0),
            Self::RandomAlpha(alpha) => alphas(alpha).map(|(weight, t)| weight * beta(t, t, lambda)).sum(),
            Self::NotRejected(alpha) => not_rejected(alpha, lambda),
        }
    }

    /// The moments over a grid's cells. Costs some incomplete beta functions a cell.
    pub(crate) fn moments(&self, grid: &Grid) -> Moments {
        let edges = &grid.edges;
        match *self {
            Self::Beta { a, b } => beta_moments(a, b, 0.5, edges),
            Self::NoRoot(alpha) => beta_moments(alpha, alpha, 1.0, edges),
            Self::Folded(alpha) | Self::FoldedUp(alpha) => {
                // Twice the law on its half; the half itself is no edge of the grid.
                let half = libm::sqrt(0.5);
                let mut cut: Vec<f64> = edges.clone();
                let at = cut.partition_point(|&edge| edge < half);
                cut.insert(at, half);
                let mut moments = beta_moments(alpha, alpha, 0.5, &cut);
                let wanted = if matches!(self, Self::Folded(_)) { 0..at } else { at..cut.len() };
                for (cell, moment) in moments.iter_mut().enumerate() {
                    let factor = if wanted.contains(&cell) { 2.0 } else { 0.0 };
                    *moment = moment.map(|value| value * factor);
                }
                // The two parts of the cell that was cut are one again.
                let part = moments.remove(at);
                moments[at - 1].iter_mut().zip(part).for_each(|(value, part)| *value += part);
                moments
            }
            Self::Clipped { alpha, least, most } => {
                let (from, to) = (libm::sqrt(1.0 - most), libm::sqrt(1.0 - least));
                let inside: Vec<f64> = edges.iter().map(|edge| edge.clamp(from, to)).collect();
                let mut moments = beta_moments(alpha, alpha, 0.5, &inside);
                add_atom(&mut moments, grid, from, beta_inc(alpha, alpha, 1.0 - most).lower);
                add_atom(&mut moments, grid, to, beta_inc(alpha, alpha, 1.0 - least).upper);
                moments
            }
            Self::Rounded { alpha, parts } => {
                let mut moments = vec![[0.0; 3]; edges.len() + 1];
                let upper = |k: u32| beta_inc(alpha, alpha, ((f64::from(k) + 0.5) / f64::from(parts)).min(1.0));
                let mut before = beta_inc(alpha, alpha, 0.0);
                for k in 0..=parts {
                    let here = upper(k);
                    add_atom(
                        &mut moments,
                        grid,
                        libm::sqrt(f64::from(parts - k) / f64::from(parts)),
                        before.until(here),
                    );
                    before = here;
                }
                moments
            }
            Self::Uniform { least, most } => {
                let (from, to) = (libm::sqrt(1.0 - most), libm::sqrt(1.0 - least));
                let mut moments = vec![[0.0; 3]; edges.len() + 1];
                for (cell, pair) in edges.windows(2).enumerate() {
                    let (a, b) = (pair[0].clamp(from, to), pair[1].clamp(from, to));
                    // The density of s is 2 s / (most - least).
                    let part = |m: i32| 2.0 / f64::from(m + 2) * (b.powi(m + 2) - a.powi(m + 2)) / (most - least);
                    moments[cell] = [part(0), part(1), part(2)];
                }
                moments
            }
            Self::RandomAlpha(alpha) => {
                let mut sum = vec![[0.0; 3]; edges.len() + 1];
                for (weight, t) in alphas(alpha) {
                    for (sum, moment) in sum.iter_mut().zip(beta_moments(t, t, 0.5, edges)) {
                        sum.iter_mut().zip(moment).for_each(|(sum, value)| *sum += weight * value);
                    }
                }
                sum
            }
            Self::NotRejected(alpha) => moments_by_parts(edges, |s| 1.0 - not_rejected(alpha, 1.0 - s * s)),
        }
    }
}

/// Weights and values of a parameter that is uniform on `(0, alpha)`.
fn alphas(alpha: f64) -> impl Iterator<Item = (f64, f64)> {
    let parts = 4;
    (0..parts).flat_map(move |part| {
        GAUSS
            .into_iter()
            .map(move |(node, weight)| (weight / f64::from(parts), (f64::from(part) + node) / f64::from(parts) * alpha))
    })
}

/// `P(X / (X + Y) <= x)` for `X = U^(1/alpha)`, `Y = V^(1/alpha)`.
fn not_rejected(alpha: f64, x: f64) -> f64 {
    let half = |x: f64| 0.5 * libm::pow(x / (1.0 - x), alpha);
    if x <= 0.0 {
        0.0
    } else if x >= 1.0 {
        1.0
    } else if x <= 0.5 {
        half(x)
    } else {
        1.0 - half(1.0 - x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::reference::{number, reference};

    const LAWS: fn(f64) -> Vec<Lambda> = |alpha| {
        vec![
            Lambda::beta(alpha),
            Lambda::Beta { a: alpha + 1.0, b: alpha },
            Lambda::Beta { a: alpha, b: 1.0 },
            Lambda::NoRoot(alpha),
            Lambda::Folded(alpha),
            Lambda::FoldedUp(alpha),
            Lambda::Clipped { alpha, least: 0.2, most: 0.8 },
            Lambda::Clipped { alpha, least: 0.01, most: 1.0 },
            Lambda::Rounded { alpha, parts: 10 },
            Lambda::Uniform { least: 0.3, most: 0.7 },
            Lambda::RandomAlpha(alpha),
            Lambda::NotRejected(alpha),
        ]
    };

    #[test]
    fn moments_are_those_of_a_law() {
        let grid = Grid::new(40, 24, 2);
        for alpha in [0.2, 0.5, 1.0, 2.0] {
            for law in LAWS(alpha) {
                let moments = law.moments(&grid);
                assert_eq!(moments.len(), grid.len());
                let rounded = law.moments_in(&grid, Precision::F32);
                for (atom, point) in
                    [(law.atom(Precision::F32), grid.one()), (law.atom_at_zero(Precision::F32), grid.zero())]
                {
                    assert!((rounded[point][0] - moments[point][0] - atom).abs() < 1e-15, "{law:?}");
                }
                assert!((rounded.iter().map(|m| m[0]).sum::<f64>() - 1.0).abs() < 1e-12, "{law:?}");
                let total: f64 = moments.iter().map(|m| m[0]).sum();
                assert!((total - 1.0).abs() < 1e-12, "{law:?}: {total}");
                for (cell, [mass, first, second]) in moments.iter().copied().enumerate() {
                    let [from, to] = grid.ends(cell);
                    let fits = |moment: f64, m: i32| {
                        let slack = 1e-12 + 1e-6 * mass;
                        moment >= mass * from.powi(m) - slack && moment <= mass * to.powi(m) + slack
                    };
                    assert!(mass >= 0.0 && fits(first, 1) && fits(second, 2), "{law:?}, cell {cell}");
                }
                // Against the distribution function: P(s <= 1/2) is P(lambda >= 3/4).
                let half = grid.edges.partition_point(|&edge| edge < 0.5);
                let below: f64 = moments[..half].iter().map(|m| m[0]).sum();
                let expected = match law {
                    Lambda::NoRoot(_) => 1.0 - law.cdf(0.5),
                    _ => 1.0 - law.cdf(0.75),
                };
                assert!((below - expected).abs() < 1e-12, "{law:?}: {below} {expected}");
            }
        }
    }

    #[test]
    fn moments_of_a_cell_are_integrals() {
        // At alpha 1 the density of s is 2 s, at 2 it is 12 s^3 - 12 s^5.
        let grid = Grid::new(5, 3, 1);
        for (alpha, antiderivative) in [
            (1.0, (|m: i32, s: f64| 2.0 * s.powi(m + 2) / f64::from(m + 2)) as fn(i32, f64) -> f64),
            (2.0, |m, s| 12.0 * s.powi(m + 4) / f64::from(m + 4) - 12.0 * s.powi(m + 6) / f64::from(m + 6)),
        ] {
            let moments = Lambda::beta(alpha).moments(&grid);
            for (cell, pair) in grid.edges.windows(2).enumerate() {
                for m in 0..3 {
                    let exact = antiderivative(m, pair[1]) - antiderivative(m, pair[0]);
                    assert!((moments[cell][m as usize] - exact).abs() < 1e-14, "alpha {alpha}, cell {cell}, m {m}");
                }
            }
        }
    }

    #[test]
    fn atoms_are_the_known_ones() {
        let known = reference();
        for alpha in ["0.2", "0.5", "1.0", "2.0"] {
            let atoms = &known["misc"][format!("fp atom a={alpha}")];
            let a: f64 = alpha.parse().unwrap();
            for (key, precision) in [("f32", Precision::F32), ("f64", Precision::F64)] {
                let expected = number(&atoms[key]);
                let ours = Lambda::beta(a).atom(precision);
                assert!((ours / expected - 1.0).abs() < 1e-3, "alpha {a} {key}: {ours} for {expected}");
            }
        }
    }

    #[test]
    fn a_folded_ratio_of_powers_is_closed() {
        // At alpha 1: P(U / (U + V) <= x) = x / (2 (1 - x)) up to a half.
        assert!((not_rejected(1.0, 0.25) - 0.25 / 1.5).abs() < 1e-15);
        assert!((not_rejected(0.3, 0.5) - 0.5).abs() < 1e-15);
        // Its variance at alpha 1 is 0.0569, not 1/12.
        let grid = Grid::new(64, 64, 1);
        let moments = Lambda::NotRejected(1.0).moments(&grid);
        let mean_q: f64 = moments.iter().map(|m| m[2]).sum();
        assert!((mean_q - 0.5).abs() < 1e-7, "{mean_q}");
    }
}
