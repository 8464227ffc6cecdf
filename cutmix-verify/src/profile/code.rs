//! What can be found: a name for every kind of finding.

use std::fmt;

macro_rules! codes {
    ($($code:ident $name:literal,)*) => {
        /// The name of a kind of finding. [`entry`](crate::audit::entry) says what each means.
        ///
        /// ```
        /// use cutmix_verify::audit::Code;
        ///
        /// assert_eq!(Code::LabelRaw.name(), "LABEL_RAW");
        /// assert_eq!(Code::named("LABEL_RAW"), Some(Code::LabelRaw));
        /// assert!(Code::named("LABEL_RIGHT").is_none());
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", $name, "`")] $code,)*
        }

        impl Code {
            /// All of them, in alphabetical order.
            pub const ALL: &[Self] = &[$(Self::$code),*];

            /// As reports, `--expect` and `explain` name it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$code => $name,)* }
            }
        }
    };
}

codes! {
    AliasedPartner "ALIASED_PARTNER",
    Alpha "ALPHA",
    AlphaIgnored "ALPHA_IGNORED",
    AlphaRandom "ALPHA_RANDOM",
    AppliedAtZero "APPLIED_AT_ZERO",
    ApplyRate "APPLY_RATE",
    BaseExchanged "BASE_EXCHANGED",
    BatchingChanges "BATCHING_CHANGES",
    BetaNotRejected "BETA_NOT_REJECTED",
    BetaParameters "BETA_PARAMETERS",
    Blended "BLENDED",
    BoxAspect "BOX_ASPECT",
    BoxAxes "BOX_AXES",
    BoxBetween "BOX_BETWEEN",
    BoxBeyond "BOX_BEYOND",
    BoxCentre "BOX_CENTRE",
    BoxClippedLeft "BOX_CLIPPED_LEFT",
    BoxCorner "BOX_CORNER",
    BoxInside "BOX_INSIDE",
    BoxLastNever "BOX_LAST_NEVER",
    BoxLeastOne "BOX_LEAST_ONE",
    BoxMisreported "BOX_MISREPORTED",
    BoxOutside "BOX_OUTSIDE",
    BoxRule "BOX_RULE",
    BoxStrip "BOX_STRIP",
    BoxTwoLambdas "BOX_TWO_LAMBDAS",
    CallRaised "CALL_RAISED",
    ClassRounded "CLASS_ROUNDED",
    CutoutLabel "CUTOUT_LABEL",
    CutoutPasted "CUTOUT_PASTED",
    CutoutSide "CUTOUT_SIDE",
    Displaced "DISPLACED",
    DrawsDependent "DRAWS_DEPENDENT",
    DtypeChanged "DTYPE_CHANGED",
    DuplicateStream "DUPLICATE_STREAM",
    EdgeNever "EDGE_NEVER",
    Feathered "FEATHERED",
    Filled "FILLED",
    FormChanged "FORM_CHANGED",
    ImpossibleBox "IMPOSSIBLE_BOX",
    IndexMisreported "INDEX_MISREPORTED",
    InexactCopy "INEXACT_COPY",
    InputChanged "INPUT_CHANGED",
    LabelsChanged "LABELS_CHANGED",
    LabelBatchMean "LABEL_BATCH_MEAN",
    LabelConstant "LABEL_CONSTANT",
    LabelDenominator "LABEL_DENOMINATOR",
    LabelDtype "LABEL_DTYPE",
    LabelEmptyBox "LABEL_EMPTY_BOX",
    LabelHardened "LABEL_HARDENED",
    LabelInclusive "LABEL_INCLUSIVE",
    LabelIndex "LABEL_INDEX",
    LabelNumeric "LABEL_NUMERIC",
    LabelOtherSample "LABEL_OTHER_SAMPLE",
    LabelPartner "LABEL_PARTNER",
    LabelPrecision "LABEL_PRECISION",
    LabelRaw "LABEL_RAW",
    LabelRealArea "LABEL_REAL_AREA",
    LabelReplaced "LABEL_REPLACED",
    LabelSmoothed "LABEL_SMOOTHED",
    LabelSquared "LABEL_SQUARED",
    LabelStale "LABEL_STALE",
    LabelSum "LABEL_SUM",
    LabelSupport "LABEL_SUPPORT",
    LabelSwapped "LABEL_SWAPPED",
    LabelUnchanged "LABEL_UNCHANGED",
    LabelUnclipped "LABEL_UNCLIPPED",
    LabelWeight "LABEL_WEIGHT",
    LambdaClipped "LAMBDA_CLIPPED",
    LambdaFolded "LAMBDA_FOLDED",
    LambdaMisreported "LAMBDA_MISREPORTED",
    LambdaRounded "LAMBDA_ROUNDED",
    LawUnknown "LAW_UNKNOWN",
    MaskBlended "MASK_BLENDED",
    MaskBox "MASK_BOX",
    MaskDtype "MASK_DTYPE",
    MixupPasted "MIXUP_PASTED",
    MixupTruncated "MIXUP_TRUNCATED",
    MixupVaries "MIXUP_VARIES",
    NanSpread "NAN_SPREAD",
    NeverApplied "NEVER_APPLIED",
    NotARectangle "NOT_A_RECTANGLE",
    NotDeterministic "NOT_DETERMINISTIC",
    NotFinite "NOT_FINITE",
    OutsideChanged "OUTSIDE_CHANGED",
    PairingBiased "PAIRING_BIASED",
    PairingOther "PAIRING_OTHER",
    PlanesDiffer "PLANES_DIFFER",
    PlaneLeftOut "PLANE_LEFT_OUT",
    ProbOther "PROB_OTHER",
    RootOmitted "ROOT_OMITTED",
    SameDraws "SAME_DRAWS",
    SeveralPartners "SEVERAL_PARTNERS",
    Shape "SHAPE",
    SharingOther "SHARING_OTHER",
    SpecialLost "SPECIAL_LOST",
    StalePartner "STALE_PARTNER",
    Unexplained "UNEXPLAINED",
}

impl Code {
    /// The names of some codes, with `between` between them.
    pub(crate) fn join(codes: &[Self], between: &str) -> String {
        codes.iter().map(|code| code.name()).collect::<Vec<_>>().join(between)
    }

    /// The code of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl PartialEq<&str> for Code {
    fn eq(&self, name: &&str) -> bool {
        self.name() == *name
    }
}

impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Findings are kept, and files written, in this order.
    #[test]
    fn codes_are_in_alphabetical_order() {
        assert!(Code::ALL.is_sorted_by_key(|code| code.name()));
    }
}
