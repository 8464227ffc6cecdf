//! What an implementation may promise of its batches, beside who shares a draw.

/// How images are paired, as it is promised.
///
/// ```
/// use cutmix_verify::audit::Promised;
///
/// // As `check --pairing` and reports name it.
/// assert_eq!(Promised::named("mirror"), Some(Promised::Mirror));
/// assert_eq!(Promised::ALL.map(Promised::name).len(), 6);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promised {
    /// The image so many places before, always as many.
    Roll,
    /// Image `B - 1 - i`.
    Mirror,
    /// A random permutation of the batch.
    Permutation,
    /// A random permutation that leaves no image in its place.
    Derangement,
    /// Any image, with replacement.
    Replacement,
    /// What the caller gives: nothing is known of it.
    Given,
}

impl Promised {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Roll, Self::Mirror, Self::Permutation, Self::Derangement, Self::Replacement, Self::Given];

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Roll => "roll",
            Self::Mirror => "mirror",
            Self::Permutation => "permutation",
            Self::Derangement => "derangement",
            Self::Replacement => "replacement",
            Self::Given => "given",
        }
    }

    /// The one of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|promised| promised.name() == name)
    }
}

/// What a throw with the promised probability decides on.
///
/// ```
/// use cutmix_verify::audit::Throw;
///
/// assert_eq!(Throw::ALL.map(Throw::name), ["batch", "sample"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Throw {
    /// All images of a call.
    Batch,
    /// One image.
    Sample,
}

impl Throw {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Batch, Self::Sample];

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Batch => "batch",
            Self::Sample => "sample",
        }
    }
}

/// What is promised of batches; nothing where there is none.
///
/// ```
/// use cutmix_verify::audit::{Promised, Promises};
/// use cutmix_verify::profile::Sharing;
///
/// let torchvision =
///     Promises { sharing: Some(Sharing::Batch), pairing: Some(Promised::Roll), ..Promises::default() };
/// assert_ne!(torchvision, Promises::default());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Promises {
    /// Who shares a draw.
    pub sharing: Option<super::Sharing>,
    /// Who is paired with whom.
    pub pairing: Option<Promised>,
    /// What a throw with the promised probability decides on.
    pub throw: Option<Throw>,
}
