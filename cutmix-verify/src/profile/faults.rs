//! What is done otherwise than by box, law and label: to pixels, to reports, to the places and the order of draws.

use super::Code;
use super::part::parts;
use crate::probe::Method;

parts! {
    /// What is done to pixels. The first are conventions, the others are wrong.
    Pixels;
    Copy "copy" [] "The partner's pixels in the box; of Mixup the blend, rounded to nearest.";
    BlendInType "blend-in-type" [] "A blend in the type of the images: weights, products and sum are rounded one by one.";
    Inverted "inverted" [] "The base inside the box, the partner around it.";
    Normalised "normalised" [] "Mixed, then normalised by channel.";
    Filled "filled" [Filled] "Zeros in the box: Cutout's own.";
    FillConstant "fill-constant" [] "One grey a channel in the box.";
    FillNoise "fill-noise" [] "Noise in the box.";
    Nothing "nothing" [NeverApplied] "Returned as given.";
    HalfRoundTrip "half-round-trip" [OutsideChanged] "The whole batch converted to binary16 and back.";
    Arithmetic "arithmetic" [InexactCopy] "The partner's pixels as base plus difference.";
    MaskMultiply "mask-multiply" [NanSpread] "Mask times base plus rest times partner.";
    NanToNumber "nan-to-number" [SpecialLost] "NaN and infinities replaced.";
    ThirdImage "third-image" [SeveralPartners] "A second box of a third image over the first.";
    BaseExchanged "base-exchanged" [BaseExchanged] "Images permuted before the box is cut.";
    MissingCorner "missing-corner" [NotARectangle] "One pixel of the box left out.";
    ChannelBox "channel-box" [PlanesDiffer] "Another box in the last channel.";
    ChannelLeftOut "channel-left-out" [PlaneLeftOut] "The last channel not mixed.";
    Flipped "flipped" [Displaced] "The patch mirrored.";
    OtherPlace "other-place" [Displaced] "The patch from the partner's corner.";
    RowOff "row-off" [Displaced] "The patch from one row further down.";
    Scaled "scaled" [Displaced] "The whole partner shrunk into the box.";
    BlendInBox "blend-in-box" [Blended] "Half base, half partner in the box.";
    SoftEdge "soft-edge" [Feathered] "A border of four pixels blended.";
    InPlaceLoop "in-place-loop" [AliasedPartner] "Sample after sample in the batch's own memory.";
    EarlierPatch "earlier-patch" [StalePartner] "Patches from the last batch.";
    EarlierBatch "earlier-batch" [StalePartner] "Whole images of the last batch.";
    OtherType "other-type" [DtypeChanged] "Images come out as binary64.";
    OtherLayout "other-layout" [Shape] "Channels moved to the end.";
    Overflow "overflow" [Unexplained] "Base and partner added in 8 bits.";
    Truncated "truncated" [MixupTruncated] "A blend cut off to whole numbers.";
    WeightByRow "weight-by-row" [MixupVaries] "A blend whose weight grows from row to row.";
}

impl Pixels {
    /// The findings that it causes where a method was asked for.
    #[must_use]
    pub const fn codes_of(self, method: Method) -> &'static [Code] {
        match (self, method) {
            (Self::Filled, Method::Cutout) => &[],
            (Self::Copy, Method::Cutout) => &[Code::CutoutPasted],
            (Self::BaseExchanged, Method::Mixup) => &[Code::MixupPasted],
            _ => self.codes(),
        }
    }
}

parts! {
    /// What comes out beside images and labels, and what becomes of what went in.
    Reports;
    Honest "honest" [] "As it was.";
    BoxUnclipped "box-unclipped" [BoxOutside BoxMisreported] "The box before clipping.";
    BoxTransposed "box-transposed" [BoxMisreported] "Rows for columns.";
    PartnerInverse "partner-inverse" [IndexMisreported] "The inverse permutation.";
    LambdaComplement "lambda-complement" [LambdaMisreported] "1 - lambda.";
    InputChanged "input-changed" [InputChanged] "The batch that was passed in is mixed as well.";
    NotSeeded "not-seeded" [NotDeterministic] "Draws from another generator than the seeded one.";
    SeededEveryCall "seeded-every-call" [SameDraws] "Seeded inside the call.";
    MaskOtherBox "mask-other-box" [MaskBox] "Masks cut by draws of their own.";
    MaskBlended "mask-blended" [MaskBlended] "Masks blended by lambda.";
    MaskFloat "mask-float" [MaskDtype] "Masks as floats.";
}

parts! {
    /// Where centres and starts are, among those that the rule has.
    Places;
    Uniform "uniform" [] "Anywhere.";
    NotLast "not-last" [EdgeNever] "Of boxes inside, all starts but the last one.";
    NotFirst "not-first" [EdgeNever] "Of boxes inside, all starts but the first one.";
    Middle "middle" [LawUnknown] "The middle half.";
    Triangular "triangular" [LawUnknown] "More often in the middle.";
    Same "same" [LawUnknown] "One number for both axes.";
}

/// What is done otherwise than by box, law and label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Faults {
    /// What is done to pixels.
    pub pixels: Pixels,
    /// What is said beside them.
    pub reports: Reports,
    /// Where boxes are.
    pub places: Places,
    /// How often it is wrong, from 0 to 1; otherwise it has the official box and the right label.
    pub rate: f64,
    /// How often it does anything, from 0 to 1.
    pub prob: f64,
    /// How often a sample has the lambda of the one before, from 0 to 1.
    pub serial: f64,
    /// Calls after which its generator begins anew; 0 never.
    pub period: u32,
}

impl Faults {
    /// None.
    pub const NONE: Self = Self {
        pixels: Pixels::Copy,
        reports: Reports::Honest,
        places: Places::Uniform,
        rate: 1.0,
        prob: 1.0,
        serial: 0.0,
        period: 0,
    };

    /// The findings that they cause where a method was asked for.
    #[must_use]
    pub fn codes(&self, method: Method) -> Vec<Code> {
        let drawn = [
            (self.serial > 0.0, Code::LawUnknown),
            (self.prob < 1.0, Code::ApplyRate),
            (self.period > 0, Code::DuplicateStream),
        ];
        let drawn = drawn.into_iter().filter_map(|(wrong, code)| wrong.then_some(code));
        let told = [self.places.codes(), self.pixels.codes_of(method), self.reports.codes()];
        told.into_iter().flatten().copied().chain(drawn).collect()
    }
}
