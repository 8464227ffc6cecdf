//! What is done otherwise than by box, law and label: to pixels, to reports, to the places and the order of draws.

use super::Code;
use super::part::parts;
use crate::probe::Method;

parts! {
    /// What is done to pixels. The first are conventions, the others are wrong.
    Pixels;
    Copy [] "The partner's pixels in the box; of Mixup the blend, rounded to nearest.";
    BlendInType [] "A blend in the type of the images: weights, products and sum are rounded one by one.";
    Inverted [] "The base inside the box, the partner around it.";
    Normalised [] "Mixed, then normalised by channel.";
    Filled [Filled] "Zeros in the box: Cutout's own.";
    FillConstant [] "One grey a channel in the box.";
    FillNoise [] "Noise in the box.";
    Nothing [NeverApplied] "Returned as given.";
    HalfRoundTrip [OutsideChanged] "The whole batch converted to binary16 and back.";
    Arithmetic [InexactCopy] "The partner's pixels as base plus difference.";
    MaskMultiply [NanSpread] "Mask times base plus rest times partner.";
    NanToNumber [SpecialLost] "NaN and infinities replaced.";
    ThirdImage [SeveralPartners] "A second box of a third image over the first.";
    BaseExchanged [BaseExchanged] "Images permuted before the box is cut.";
    MissingCorner [NotARectangle] "One pixel of the box left out.";
    ChannelBox [PlanesDiffer] "Another box in the last channel.";
    ChannelLeftOut [PlaneLeftOut] "The last channel not mixed.";
    Flipped [Displaced] "The patch mirrored.";
    OtherPlace [Displaced] "The patch from the partner's corner.";
    RowOff [Displaced] "The patch from one row further down.";
    Scaled [Displaced] "The whole partner shrunk into the box.";
    Transposed [Displaced] "Rows and columns of the patch exchanged.";
    Shifted [Displaced] "The patch from one row further up, zeros where there is none.";
    ChannelsReversed [Displaced] "The channels of the patch in the opposite order.";
    BlendInBox [Blended] "Half base, half partner in the box.";
    SoftEdge [Feathered] "A border of four pixels blended.";
    InPlaceLoop [AliasedPartner] "Sample after sample in the batch's own memory.";
    EarlierPatch [StalePartner] "Patches from the last batch.";
    EarlierBatch [StalePartner] "Whole images of the last batch.";
    OtherType [DtypeChanged] "Images come out as binary64.";
    OtherLayout [Shape] "Channels moved to the end.";
    Overflow [Unexplained] "Base and partner added in 8 bits.";
    Truncated [MixupTruncated] "A blend cut off to whole numbers.";
    WeightByRow [MixupVaries] "A blend whose weight grows from row to row.";
}

impl Pixels {
    /// The findings that it causes where a method was asked for.
    pub(crate) const fn codes_of(self, method: Method) -> &'static [Code] {
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
    Honest [] "As it was.";
    BoxUnclipped [BoxOutside BoxMisreported] "The box before clipping.";
    BoxTransposed [BoxMisreported] "Rows for columns.";
    PartnerInverse [IndexMisreported] "The inverse permutation.";
    LambdaComplement [LambdaMisreported] "1 - lambda.";
    InputChanged [InputChanged] "The batch that was passed in is mixed as well.";
    LabelsChanged [LabelsChanged] "The labels that were passed in are mixed as well.";
    NotSeeded [NotDeterministic] "Draws from another generator than the seeded one.";
    SeededEveryCall [SameDraws] "Seeded inside the call.";
    MaskOtherBox [MaskBox] "Masks cut by draws of their own.";
    MaskBlended [MaskBlended] "Masks blended by lambda.";
    MaskFloat [MaskDtype] "Masks as floats.";
}

parts! {
    /// Where centres and starts are, among those that the rule has.
    Places;
    Uniform [] "Anywhere.";
    NotLast [EdgeNever] "Of boxes inside, all starts but the last one.";
    NotFirst [EdgeNever] "Of boxes inside, all starts but the first one.";
    Middle [LawUnknown] "The middle half.";
    Triangular [LawUnknown] "More often in the middle.";
    Same [LawUnknown] "One number for both axes.";
    OfLambda [LawUnknown] "Twice lambda without its whole part, across.";
}

parts! {
    /// What a draw depends on, though it should not.
    Ties;
    Nothing [] "Each is drawn afresh.";
    Class [DrawsDependent] "Lambda by the class of the image.";
    PartnerClass [DrawsDependent] "Lambda by the class of the partner.";
    Slot [DrawsDependent] "Lambda by the place in the batch.";
    Antithetic [DrawsDependent] "In every other call 1 - lambda of the call before.";
    Walk [DrawsDependent] "Centres that walk from call to call.";
    Pool [LawUnknown] "All out of 4,096 draws.";
    PlacesAnew [DrawsDependent] "Centres of a generator that is made anew after 600 calls.";
}

/// What is done otherwise than by box, law and label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Faults {
    pub pixels: Pixels,
    pub reports: Reports,
    pub places: Places,
    pub ties: Ties,
    /// How often it is wrong, from 0 to 1; otherwise it has the official box and the right label.
    pub rate: f64,
    /// How often it does anything, from 0 to 1.
    pub prob: f64,
    /// Whether that is thrown once for all samples of a call.
    pub by_call: bool,
    /// How often a sample has the lambda of the one before, from 0 to 1.
    pub serial: f64,
    /// Calls after which its generator begins anew; 0 never.
    pub period: u32,
}

impl Faults {
    pub const NONE: Self = Self {
        pixels: Pixels::Copy,
        reports: Reports::Honest,
        places: Places::Uniform,
        ties: Ties::Nothing,
        rate: 1.0,
        prob: 1.0,
        by_call: false,
        serial: 0.0,
        period: 0,
    };

    /// The findings that they cause where a method was asked for.
    pub(crate) fn codes(&self, method: Method) -> Vec<Code> {
        let drawn = [
            (self.serial > 0.0, Code::DrawsDependent),
            (self.prob < 1.0, Code::ApplyRate),
            (self.period > 0, Code::DuplicateStream),
        ];
        let drawn = drawn.into_iter().filter_map(|(wrong, code)| wrong.then_some(code));
        let told = [self.places.codes(), self.ties.codes(), self.pixels.codes_of(method), self.reports.codes()];
        told.into_iter().flatten().copied().chain(drawn).collect()
    }
}
