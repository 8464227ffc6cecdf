//! Which images of a batch share a draw, and which gives to which.

use super::part::parts;

parts! {
    /// Which images of a batch share a draw. None is wrong.
    Sharing;
    Sample [] "Each image has its own.";
    Batch [] "All have those of image 0.";
    Pair [] "Images `i` and `B - 1 - i` have those of the first of the two.";
    Partners [] "Two images that give to each other have those of the first of the two.";
    Lambda [] "One lambda for all, a centre for each.";
    Centre [] "One centre for all, a lambda for each.";
}

impl Sharing {
    /// The images whose lambda and whose place image `i` has, where each image has the partner of its number.
    pub(crate) fn drawn_by(self, i: usize, partners: &[usize]) -> [usize; 2] {
        match self {
            Self::Batch => [0, 0],
            Self::Pair => [i.min(partners.len() - 1 - i); 2],
            Self::Partners if partners[partners[i]] == i => [i.min(partners[i]); 2],
            Self::Sample | Self::Partners => [i, i],
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
    RollTwo [] "Image `i - 2`, the last two for the first two.";
    RollBack [] "Image `i + 1`, the first for the last.";
    Flip [] "Image `B - 1 - i`.";
    Neighbours [] "The other one of images 0 and 1, 2 and 3 and so on; the last of an odd batch itself.";
    HalfSwap [] "Image `i + B / 2`, counted round.";
    Shuffled [] "One shuffle for all batches of a length.";
    SomeAlone [] "Image `i - 1` among the first two thirds; every other image itself.";
    ByLength [BatchingChanges] "Image `i - 1` in even batches, `B - 1 - i` in odd ones.";
    Permutation [] "A random permutation.";
    Derangement [] "A permutation that leaves no image in its place.";
    ClassWise [] "A random permutation among images whose class numbers are even, and among the others.";
    Replacement [] "Any image, the image itself as well, with replacement.";
    Short [PairingBiased] "With replacement, and never the last image.";
}
