//! What the label of a mixed image is made of.

use super::part::parts;

parts! {
    /// What the label is made of. "Kept" is the paper's: the base's weight is the share of its pixels that are left.
    Label;
    Kept [] "The share of the base's pixels that are left.";
    Raw [LabelRaw] "The drawn lambda.";
    Unclipped [LabelUnclipped] "The area of whole sides before clipping.";
    Swapped [LabelSwapped] "The base's weight and the partner's exchanged.";
    RealArea [LabelRealArea] "The area of real edges, clipped, before rounding.";
    Replaced [LabelReplaced] "The partner's label alone.";
    BatchMean [LabelBatchMean] "The mean of the batch in every row.";
    Inclusive [LabelInclusive] "One row and column more.";
    Denominator [LabelDenominator] "Divided by the square of the width.";
    Mirrored [LabelOtherSample] "The weight of sample B-1-i.";
    Squared [LabelSquared] "Lambda squared.";
    Unchanged [LabelUnchanged] "The base's label alone.";
    Constant [LabelConstant] "A half of each.";
    Random [LabelWeight] "Another lambda than the box's.";
    Binary16 [LabelPrecision] "A weight rounded to binary16.";
    Bfloat16 [LabelPrecision] "A weight rounded to bfloat16.";
    NotANumber [NotFinite] "NaN weights in large boxes.";
    Index [LabelIndex] "Places in the batch for classes.";
    Stale [LabelStale] "The labels of the last batch.";
    Hardened [LabelHardened] "Soft rows made one-hot.";
    ClassRounded [ClassRounded] "Class ids in bfloat16.";
    Numeric [LabelNumeric] "Class numbers interpolated.";
    Number [LabelNumeric] "One number a sample: class numbers interpolated.";
    WholeNumber [LabelNumeric] "The same, cut off to whole numbers.";
    HiddenNan [NotFinite] "NaN weights where both classes are one.";
    Stray [LabelSupport] "0.0009 more or less on every other class, in binary16.";
    Sum [LabelSum] "Rows that add up to 0.9.";
    OtherPartner [LabelPartner] "Another permutation than the images'.";
    OtherClass [LabelSupport] "The class after the right one.";
    Integers [LabelDtype] "Rows of integers.";
    Smoothed [LabelSmoothed] "Smoothing that is not declared.";
}
