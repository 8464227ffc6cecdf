//! The promised probability of a change, by which observations are judged.

/// How often the audited code promises to change a sample.
///
/// ```
/// use cutmix_verify::audit::{Options, Prob};
///
/// // Of code that mixes every other batch; unless told so, an audit expects that every batch is mixed.
/// let options = Options { prob: Prob::Known(0.5), ..Options::default() };
/// assert_eq!((options.prob, Options::default().prob), (Prob::Known(0.5), Prob::Known(1.0)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Prob {
    /// With this probability.
    Known(f64),
    /// Not known: what depends on it is not tested.
    Unknown,
}
