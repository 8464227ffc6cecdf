//! Which images of a batch share a draw, and which gives to which.

use super::part::parts;

parts! {
    /// Which images of a batch share a draw. None is wrong.
    Sharing;
    Sample [] "Each image has its own.";
    Batch [] "All have those of image 0.";
    Pair [] "Images `i` and `B - 1 - i` have those of the first of the two.";
    Lambda [] "One lambda for all, a centre for each.";
    Centre [] "One centre for all, a lambda for each.";
}

impl Sharing {
    /// The images whose lambda and whose place image `i` of `batch` has.
    pub(crate) const fn drawn_by(self, i: usize, batch: usize) -> [usize; 2] {
        match self {
            Self::Sample => [i, i],
            Self::Batch => [0, 0],
            Self::Pair => {
                let other = batch - 1 - i;
                if i < other { [i, i] } else { [other, other] }
            }
            Self::Lambda => [0, i],
            Self::Centre => [i, 0],
        }
    }

    /// What boxes show of it: one centre for all, as a number between 0 and 1, is not told from one for each.
    pub(crate) const fn shown(self) -> Self {
        match self {
            Self::Centre => Self::Sample,
            other => other,
        }
    }
}

parts! {
    /// Which image gives to which.
    Pairing;
    Roll [] "Image `i - 1`, the last for the first.";
    Flip [] "Image `B - 1 - i`.";
    Permutation [] "A random permutation.";
    Derangement [] "A permutation that leaves no image in its place.";
    Replacement [] "Any image, the image itself as well, with replacement.";
    Short [PairingBiased] "With replacement, and never the last image.";
}
