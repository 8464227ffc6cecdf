//! What lambda follows, and the type that it is computed in.

/// The type that `1 - lambda` was formed in: `lambda` below half its last place gives a box of the whole image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Precision {
    /// Real numbers.
    Exact,
    /// binary64.
    F64,
    /// binary32.
    F32,
}

/// A law of `s`. Parameters of Beta laws are positive; an interval of lambda lies within 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub enum Lambda {
    /// `q ~ Beta(a, b)` and `s = sqrt(q)`. For `lambda ~ Beta(alpha, alpha)` both are `alpha`.
    Beta { a: f64, b: f64 },
    /// `s = q ~ Beta(alpha, alpha)`: the root was left out.
    NoRoot(f64),
    /// `q` and `1 - q`, whichever is smaller, of `Beta(alpha, alpha)`.
    Folded(f64),
    /// The same, whichever is larger.
    FoldedUp(f64),
    /// `lambda ~ Beta(alpha, alpha)`, forced into an interval.
    Clipped { alpha: f64, least: f64, most: f64 },
    /// `lambda ~ Beta(alpha, alpha)`, rounded to whole multiples of one over `parts`.
    Rounded { alpha: f64, parts: u32 },
    /// `lambda` uniform on an interval.
    Uniform { least: f64, most: f64 },
    /// `lambda ~ Beta(t, t)` with `t` uniform on `(0, alpha)`.
    RandomAlpha(f64),
    /// `U^(1/alpha) / (U^(1/alpha) + V^(1/alpha))`, without the rejection that would make it a Beta draw.
    NotRejected(f64),
}
