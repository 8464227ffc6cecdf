//! Implementations whose single samples are right, or nearly, and whose draws are not: what the second half of the auditor is
//! tested with. Those that are right come first.

use cutmix_core::{Error, SampleKey};

use super::boxes::{boxed, draws};
use super::lambdas::Lambdas;
use super::variants::{Variant, variants};
use super::{Build, Geometry, Labels, Law, Pairing, Places, Scope};
use crate::audit::judge::Applied;
use crate::probe::Phase;
use crate::reference::Patch;

const C: Build = Build::CUTMIX;
const M: Build = Build::MIXUP;

const fn geometry(geometry: Geometry) -> Build {
    Build { geometry, ..C }
}

const fn law(law: Law) -> Build {
    Build { law, ..C }
}

const fn places(places: Places) -> Build {
    Build { places, ..C }
}

const fn both(geometry: Geometry, law: Law) -> Build {
    Build { geometry, law, ..C }
}

variants! { LAWS "Every implementation that is told by its draws alone; right ones first.";
    "official-f32" law(Law::F32), [], "", "the paper authors' code in binary32";
    "full-round" geometry(Geometry::FullRound), [], "D39", "whole sides rounded to nearest";
    "half-round" geometry(Geometry::HalfRound), [], "D39", "half sides rounded to nearest";
    "real-truncated" geometry(Geometry::RealTruncated), [], "", "real edges cut off to whole pixels";
    "shared-lambda" Build { scope: Scope::Lambda, ..C }, [], "D21", "one lambda a batch, a centre for each sample";
    "mirrored" Build { pairing: Pairing::Flip, ..C }, [], "D58 D60", "a box a sample, partner mirrored: of an odd batch the middle one is its own";
    "shared-centre" Build { scope: Scope::Centre, ..C }, [], "D31", "one centre a batch, a lambda for each sample";

    "least-one" geometry(Geometry::LeastOne), [BoxLeastOne], "D36", "a box of no pixel gets one";
    "centre-inclusive" geometry(Geometry::CentreInclusive), [BoxCentre], "D29", "centres 0 to L inclusive";
    "centre-one-based" geometry(Geometry::CentreOneBased), [BoxCentre], "D29", "centres 1 to L";
    "centre-short" geometry(Geometry::CentreShort), [BoxCentre], "D29", "centres 0 to L-2";
    "inside" geometry(Geometry::Inside), [BoxInside], "", "boxes inside, never clipped";
    "inside-short" geometry(Geometry::InsideShort), [BoxInside], "D27", "the same, and never at the last pixel (kornia)";
    "inside-real" geometry(Geometry::InsideReal), [BoxInside], "D28", "real boxes inside (keras 3)";
    "corner" geometry(Geometry::Corner), [BoxCorner], "D33", "the drawn point is a corner (MONAI)";
    "one-corner" Build { scope: Scope::Centre, ..geometry(Geometry::Corner) }, [BoxCorner], "D33", "the same, one first corner a batch (MONAI)";
    "one-place" Build { scope: Scope::Centre, ..geometry(Geometry::InsideShort) }, [BoxInside], "D27", "inside, never at the last pixel, one relative place a batch (kornia up to 0.8.3)";
    "last-never" geometry(Geometry::LastNever), [BoxLastNever], "D27 D36", "edges end before the last pixel (MindSpore)";
    "clipped-left" geometry(Geometry::ClippedLeft), [BoxClippedLeft], "D32", "clipped on one side alone";
    "strip-across" geometry(Geometry::StripAcross), [BoxStrip], "", "all columns, some rows";
    "height-from-width" geometry(Geometry::HeightFromWidth), [BoxAxes], "D25", "rows cut by the number of columns";
    "between" both(Geometry::Between, Law::One), [BoxBetween], "", "sides drawn between 0.2 and 0.8 of the image's (timm's minmax)";
    "between-short" both(Geometry::BetweenShort, Law::One), [BoxBetween], "D27", "the same, and never at the last pixel (timm up to 1.0.28)";
    "centre-beyond" geometry(Geometry::CentreBeyond), [BoxBeyond], "D29", "centres half a box beyond the image as well (composer)";
    "transposed" geometry(Geometry::Transposed), [BoxAxes], "D26", "box drawn for rows and columns exchanged";

    "alpha-half" law(Law::Times(0.5)), [Alpha], "D16", "half the alpha";
    "alpha-more" law(Law::Times(1.5)), [Alpha], "D16 D19", "half as much again";
    "alpha-ignored" law(Law::One), [AlphaIgnored], "D13", "Beta(1, 1), whatever alpha is";
    "beta-plus-one" law(Law::PlusOne), [BetaParameters], "D13", "Beta(alpha + 1, alpha)";
    "beta-first" law(Law::First), [BetaParameters], "D13", "Beta(alpha, 1)";
    "beta-second" law(Law::Second), [BetaParameters], "D13", "Beta(1, alpha)";
    "root-omitted" law(Law::NoRoot), [RootOmitted], "D23", "sides by 1 - lambda";
    "folded" law(Law::Folded), [LambdaFolded], "D17", "max(lambda, 1 - lambda)";
    "folded-up" law(Law::FoldedUp), [LambdaFolded], "D17", "min(lambda, 1 - lambda)";
    "clipped" law(Law::Clipped), [LambdaClipped], "D18", "lambda forced into 0.2 to 0.8";
    "middle-lambda" law(Law::Middle), [LambdaClipped], "D18", "lambda uniform on 0.3 to 0.7";
    "random-alpha" law(Law::RandomAlpha), [AlphaRandom], "D16", "alpha drawn from 0 to alpha (keras 3)";
    "random-alpha-by-call" law(Law::RandomAlphaByCall), [AlphaRandom], "D16", "the same, once for all samples of a call (keras 3)";
    "not-rejected" law(Law::NotRejected), [BetaNotRejected], "D14", "a ratio of powers without rejection";

    "tenths" law(Law::Tenths), [LawUnknown], "D18", "lambda in tenths: in no catalogue";
    "middle-places" places(Places::Middle), [LawUnknown], "", "centres in the middle half: in no catalogue";
    "triangular-places" places(Places::Triangular), [LawUnknown], "", "centres more often in the middle: in no catalogue";
    "same-places" places(Places::Same), [LawUnknown], "D34 D83", "one random number for both axes";
    "serial" Build { serial: 0.5, ..C }, [LawUnknown], "", "every other lambda is the one before";
    "half-applied" Build { prob: 0.5, ..C }, [ApplyRate], "D74", "applied half of the time";
    "repeating" Build { period: 300, ..C }, [DuplicateStream], "D78 D79 D80", "a generator that is seeded anew after 300 calls";

    "short-partner" Build { pairing: Pairing::Short, ..C }, [PairingBiased], "", "the last image is nobody's partner";

    "full-extent-alpha-half" both(Geometry::FullExtent, Law::Times(0.5)), [Alpha], "D16 D39", "whole extents, half the alpha";
    "rounded-alpha-more" both(Geometry::Rounded, Law::Times(1.5)), [Alpha], "D16 D39", "rounded extents, half as much alpha again";
    "real-root-omitted" both(Geometry::RealTruncated, Law::NoRoot), [RootOmitted], "D23", "real edges, sides by 1 - lambda";
    "corner-plus-one" both(Geometry::Corner, Law::PlusOne), [BoxCorner BetaParameters], "D13 D33", "a corner, and Beta(alpha + 1, alpha)";
    "centre-short-folded" both(Geometry::CentreShort, Law::Folded), [LambdaFolded], "D17 D29", "centres 0 to L-2, folded";

    "rarely-label-raw" Build { rate: 0.01, labels: Labels::Raw, ..C }, [LabelWeight], "D01", "the drawn lambda in one label of a hundred";
    "rarely-strip" Build { rate: 0.01, ..geometry(Geometry::Strip) }, [BoxAspect], "", "all rows in one box of a hundred";
    "rarely-corner" Build { rate: 0.01, ..geometry(Geometry::Corner) }, [ImpossibleBox], "D33", "a corner in one box of a hundred";
    "rarely-transposed" Build { rate: 0.01, ..geometry(Geometry::Transposed) }, [BoxAspect], "D26", "axes exchanged in one box of a hundred";

    "mixup-alpha-half" Build { law: Law::Times(0.5), ..M }, [Alpha], "D16", "Mixup with half the alpha";
    "mixup-alpha-ignored" Build { law: Law::One, ..M }, [AlphaIgnored], "D13", "Mixup with Beta(1, 1), whatever alpha is";
    "mixup-folded" Build { law: Law::Folded, ..M }, [LambdaFolded], "D17", "Mixup with max(lambda, 1 - lambda)";
    "mixup-clipped" Build { law: Law::Clipped, ..M }, [LambdaClipped], "D18", "Mixup with lambda forced into 0.2 to 0.8";
    "mixup-plus-one" Build { law: Law::PlusOne, ..M }, [BetaParameters], "D13", "Mixup with Beta(alpha + 1, alpha)";
}

/// The boxes that an implementation draws on images of this size, without any pixels: for audits by the thousand. Those that
/// are empty are left out; as many others are given as were asked for. Nobody is his own partner.
/// Same seed, same boxes.
///
/// # Errors
/// An alpha that no Beta distribution has.
///
/// ```
/// use cutmix_verify::simulate::{draws_of, variant};
///
/// // Boxes that are kept inside, beside those of the authors' code: how many of 200 touch the first column?
/// let touching = |name: &str| {
///     let (boxes, applied) = draws_of(variant(name).unwrap(), 1.0, [40, 24], 200, 1).unwrap();
///     assert!(boxes.len() == 200 && applied.until(200)[0] >= 200);
///     boxes.iter().filter(|patch| patch[0] == 0).count()
/// };
/// assert!(touching("official") > 2 * touching("inside"));
/// assert!(draws_of(variant("official").unwrap(), -1.0, [40, 24], 1, 1).is_err());
/// ```
pub fn draws_of(
    variant: &Variant,
    alpha: f64,
    size: [u32; 2],
    number: usize,
    seed: u64,
) -> Result<(Vec<Patch>, Applied), Error> {
    let lambdas = Lambdas::new(variant.build.law, alpha)?;
    let phase = Phase { width: size[0], height: size[1], ..Phase::law() };
    let mut boxes = Vec::with_capacity(number);
    let mut applied = Applied::new(vec![0.0]);
    let mut call = 0;
    while boxes.len() < number {
        let index = if variant.build.period > 0 { call % u64::from(variant.build.period) } else { call };
        let drawn = draws(&variant.build, &phase, &lambdas, SampleKey { seed, epoch: 1, index });
        // One lambda or box for all is one draw.
        let independent = if matches!(variant.build.scope, Scope::Batch | Scope::Lambda | Scope::Centre)
            || variant.build.law == Law::RandomAlphaByCall
        {
            1
        } else {
            drawn.samples.len()
        };
        for draw in &drawn.samples[..independent] {
            let (patch, _) = boxed(&variant.build, &phase, draw);
            applied.push(boxes.len() as u32, !patch.is_empty());
            if !patch.is_empty() {
                boxes.push(patch);
            }
        }
        call += 1;
        // Nothing is ever drawn by some; whoever asks gets none.
        if call > 64 * number as u64 + 1000 {
            break;
        }
    }
    boxes.truncate(number);
    Ok((boxes, applied))
}
