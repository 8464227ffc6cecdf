//! What the label of a mixed image is made of.

use super::part::parts;

parts! {
    /// What the label is made of. "Kept" is the paper's: the base's weight is the share of its pixels that are left.
    Label;
    Kept "kept" [] "The share of the base's pixels that are left.";
    Raw "raw" [LabelRaw] "The drawn lambda.";
    Unclipped "unclipped" [LabelUnclipped] "The area of whole sides before clipping.";
    Swapped "swapped" [LabelSwapped] "The base's weight and the partner's exchanged.";
    RealArea "real-area" [LabelRealArea] "The area of real edges, clipped, before rounding.";
    Replaced "replaced" [LabelReplaced] "The partner's label alone.";
    BatchMean "batch-mean" [LabelBatchMean] "The mean of the batch in every row.";
    Inclusive "inclusive" [LabelInclusive] "One row and column more.";
    Denominator "denominator" [LabelDenominator] "Divided by the square of the width.";
    Mirrored "mirrored" [LabelOtherSample] "The weight of sample B-1-i.";
    Squared "squared" [LabelSquared] "Lambda squared.";
    Unchanged "unchanged" [LabelUnchanged] "The base's label alone.";
    Constant "constant" [LabelConstant] "A half of each.";
    Random "random" [LabelWeight] "Another lambda than the box's.";
    Binary16 "binary16" [LabelPrecision] "A weight rounded to binary16.";
    Bfloat16 "bfloat16" [LabelPrecision] "A weight rounded to bfloat16.";
    NotANumber "not-a-number" [NotFinite] "NaN weights in large boxes.";
    Index "index" [LabelIndex] "Places in the batch for classes.";
    Stale "stale" [LabelStale] "The labels of the last batch.";
    Hardened "hardened" [LabelHardened] "Soft rows made one-hot.";
    ClassRounded "class-rounded" [ClassRounded] "Class ids in bfloat16.";
    Numeric "numeric" [LabelNumeric] "Class numbers interpolated.";
    Sum "sum" [LabelSum] "Rows that add up to 0.9.";
    OtherPartner "other-partner" [LabelPartner] "Another permutation than the images'.";
    OtherClass "other-class" [LabelSupport] "The class after the right one.";
    Integers "integers" [LabelDtype] "Rows of integers.";
    Smoothed "smoothed" [LabelSmoothed] "Smoothing that is not declared.";
}
