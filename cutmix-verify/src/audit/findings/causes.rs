//! Which findings are causes, which follow from them, and which is named first.
//!
//! One mistake shows in many ways: a patch from another place leaves values that nothing explains, and edges that are never
//! reached. What follows from a cause is kept, and is told under it. A table says what may follow from what. Where each of two
//! may follow from the other, the one with more samples is the cause.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::profile::Code;

macro_rules! follows {
    ($($cause:ident: $($code:ident)*;)*) => {
        /// Causes, and what may follow from each.
        const FOLLOWS: &[(Code, &[Code])] = &[$((Code::$cause, &[$(Code::$code),*])),*];
    };
}

follows! {
    // Of a picture that is read wrongly, box, partner and label are as well.
    SeveralPartners: AliasedPartner Unexplained NotARectangle NeverApplied IndexMisreported BoxMisreported LambdaMisreported
        BoxAspect LabelUnchanged LabelPartner LabelSupport LabelWeight LabelEmptyBox LabelBatchMean;
    AliasedPartner: SeveralPartners Unexplained NotARectangle NeverApplied IndexMisreported BoxMisreported LambdaMisreported
        BoxAspect LabelPartner LabelSupport LabelWeight LabelEmptyBox LabelBatchMean;
    StalePartner: SeveralPartners Unexplained NotARectangle NeverApplied IndexMisreported BoxMisreported LambdaMisreported
        BoxAspect LabelPartner LabelSupport LabelWeight LabelEmptyBox;
    Displaced: AliasedPartner SeveralPartners Unexplained NotARectangle NeverApplied EdgeNever BoxMisreported
        LambdaMisreported BoxAspect LabelPartner LabelWeight LabelEmptyBox;
    Unexplained: AliasedPartner SeveralPartners NotARectangle NeverApplied IndexMisreported BoxMisreported LambdaMisreported
        BoxAspect LabelPartner LabelSupport LabelWeight LabelEmptyBox LabelBatchMean;
    BaseExchanged: Unexplained NotARectangle NeverApplied IndexMisreported LabelPartner LabelWeight LabelEmptyBox;
    PlanesDiffer: Unexplained NotARectangle NeverApplied BoxMisreported LambdaMisreported BoxAspect LabelOtherSample
        LabelWeight LabelEmptyBox;
    PlaneLeftOut: Unexplained NotARectangle NeverApplied BoxMisreported LambdaMisreported LabelWeight LabelEmptyBox;
    NotARectangle: NeverApplied BoxMisreported LambdaMisreported BoxAspect LabelWeight LabelEmptyBox;
    Feathered: Blended Unexplained NotARectangle NeverApplied;
    // A blend of next to nothing looks like a copy that is not exact.
    Blended: Unexplained NeverApplied OutsideChanged InexactCopy LabelEmptyBox;
    Filled: Unexplained NeverApplied;
    OutsideChanged: InexactCopy;
    NanSpread: SpecialLost;
    MixupTruncated: Unexplained AliasedPartner LabelPartner LabelWeight;
    MixupVaries: Unexplained Blended NeverApplied;
    MixupPasted: Unexplained NeverApplied;
    MaskBlended: MaskBox;
    BoxOutside: BoxMisreported;
    BoxMisreported: BoxOutside;

    // A class that is wrong is nobody's, or by chance that of another image.
    NotFinite: LabelSum LabelWeight LabelSupport LabelPartner LabelEmptyBox;
    LabelNumeric: LabelSupport LabelStale LabelPartner LabelSum LabelWeight ClassRounded LabelHardened LabelIndex;
    LabelDtype: LabelSupport LabelSum LabelWeight LabelHardened LabelEmptyBox;
    LabelIndex: LabelSupport LabelStale LabelPartner ClassRounded LabelHardened;
    ClassRounded: LabelSupport LabelStale LabelPartner LabelHardened LabelIndex;
    LabelSupport: ClassRounded LabelStale LabelPartner LabelHardened LabelIndex;
    LabelStale: LabelSupport LabelPartner ClassRounded LabelHardened LabelIndex;
    LabelPartner: LabelWeight LabelEmptyBox;
    LabelSmoothed: LabelSupport LabelSum;
    // A wrong weight shows beside an empty box as well.
    LabelBatchMean: LabelEmptyBox;
    LabelConstant: LabelEmptyBox;
    LabelOtherSample: LabelEmptyBox;
    LabelRaw: LabelEmptyBox;
    LabelReplaced: LabelEmptyBox;
    LabelSquared: LabelEmptyBox;
    LabelSum: LabelEmptyBox;
    LabelSwapped: LabelEmptyBox;
    LabelUnclipped: LabelEmptyBox;
    LabelWeight: LabelEmptyBox;

    // A rule has sides and edges of its own.
    BoxAxes: BoxAspect LambdaMisreported ImpossibleBox EdgeNever;
    BoxBetween: BoxAspect LambdaMisreported ImpossibleBox EdgeNever;
    BoxInside: LambdaMisreported ImpossibleBox EdgeNever;
    BoxLastNever: ImpossibleBox EdgeNever;
    BoxStrip: BoxAspect LambdaMisreported ImpossibleBox EdgeNever;
    BoxTwoLambdas: BoxAspect LambdaMisreported ImpossibleBox;
    BoxAspect: LambdaMisreported ImpossibleBox LawUnknown;
    // Boxes of a branch that is rarely taken are among those whose law is judged.
    ImpossibleBox: Alpha AlphaRandom BetaParameters LambdaClipped LambdaRounded;
    RootOmitted: LambdaMisreported;
    EdgeNever: LawUnknown;
    NeverApplied: ApplyRate;
    SameDraws: ApplyRate DuplicateStream PairingBiased LawUnknown;
    DuplicateStream: LawUnknown;
}

/// What a decoder makes of pixels that fit nothing exactly.
const READINGS: [Code; 13] = [
    Code::AliasedPartner,
    Code::BaseExchanged,
    Code::Blended,
    Code::Displaced,
    Code::Feathered,
    Code::Filled,
    Code::MixupVaries,
    Code::NotARectangle,
    Code::PlaneLeftOut,
    Code::PlanesDiffer,
    Code::SeveralPartners,
    Code::StalePartner,
    Code::Unexplained,
];
/// What is made of labels: which classes and which weights they have.
const LABELS: [Code; 21] = [
    Code::ClassRounded,
    Code::LabelBatchMean,
    Code::LabelConstant,
    Code::LabelDenominator,
    Code::LabelEmptyBox,
    Code::LabelHardened,
    Code::LabelInclusive,
    Code::LabelIndex,
    Code::LabelOtherSample,
    Code::LabelPartner,
    Code::LabelPrecision,
    Code::LabelRaw,
    Code::LabelRealArea,
    Code::LabelReplaced,
    Code::LabelSquared,
    Code::LabelStale,
    Code::LabelSupport,
    Code::LabelSwapped,
    Code::LabelUnchanged,
    Code::LabelUnclipped,
    Code::LabelWeight,
];
/// A reading of fewer samples than one in so many of another is no second cause. Where thousands of samples are damaged, a few
/// look by chance like damage of another kind: 10 of 57,752 stood beside 22,069.
const CHANCE: u64 = 100;

/// Codes that say little: something else in the same tier says more.
const GENERAL: [Code; 5] =
    [Code::BoxAspect, Code::ImpossibleBox, Code::LabelSupport, Code::LabelWeight, Code::Unexplained];

/// How many samples show each code.
pub(super) type Counts = BTreeMap<Code, u64>;

fn follows(code: Code, cause: Code) -> bool {
    FOLLOWS.iter().any(|(known, codes)| *known == cause && codes.contains(&code))
}

/// What a code follows from directly, if from anything that was found.
fn parent(code: Code, counts: &Counts) -> Option<Code> {
    let count = |code: Code| counts.get(&code).copied().unwrap_or(0);
    // The more frequent; of equals the one that the alphabet has first.
    let weight = |code: Code| (count(code), Reverse(code));
    let explains = |cause: &Code| {
        let mutual = follows(*cause, code);
        follows(code, *cause) && (!mutual || weight(*cause) > weight(code))
    };
    // Pixels that are read wrongly spoil the reading of labels, not the other way round.
    let read = |other: &Code| READINGS.contains(other) || (LABELS.contains(&code) && LABELS.contains(other));
    let reading = READINGS.contains(&code) || LABELS.contains(&code);
    let chance = |other: &Code| reading && read(other) && count(code) * CHANCE < count(*other);
    let most =
        |explains: &dyn Fn(&Code) -> bool| counts.keys().copied().filter(explains).max_by_key(|&cause| weight(cause));
    most(&explains).or_else(|| most(&chance))
}

/// The cause that a code follows from; none if it is one.
pub(super) fn cause(code: Code, counts: &Counts) -> Option<Code> {
    let mut cause = parent(code, counts)?;
    // A chain is no longer than there are codes.
    for _ in 0..counts.len() {
        match parent(cause, counts) {
            Some(next) => cause = next,
            None => return Some(cause),
        }
    }
    None
}

/// The place of a code among the causes: what single samples show before what many draws show, what says more before what says
/// less, the more frequent first. That the input is changed is true, and hides nothing: it is last.
pub(super) fn rank(code: Code, check: &str, count: u64) -> (u8, bool, Reverse<u64>) {
    let tier = match check {
        "S08" => 6,
        "S10" | "S11" | "S12" | "S13" | "S15" | "S20" => 1,
        "M01" => 2,
        "S14" | "S18" | "S19" => 3,
        "S16" | "G01" | "G03" | "L04" => 4,
        "G02" => 5,
        law if law.as_bytes().first() == Some(&b'L') => 5,
        _ => 0,
    };
    (tier, GENERAL.contains(&code) || code == Code::LawUnknown, Reverse(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(all: &[(Code, u64)]) -> Counts {
        all.iter().copied().collect()
    }

    #[test]
    fn consequences_stand_under_their_cause() {
        let moved = counts(&[(Code::Displaced, 40), (Code::Unexplained, 12), (Code::NeverApplied, 1)]);
        assert_eq!([Code::Displaced, Code::Unexplained].map(|code| cause(code, &moved)), [None, Some(Code::Displaced)]);
        assert_eq!(cause(Code::NeverApplied, &moved), Some(Code::Displaced));
        // By way of what follows itself.
        let stale = counts(&[(Code::LabelNumeric, 60), (Code::LabelStale, 3), (Code::LabelPartner, 2)]);
        assert_eq!(cause(Code::LabelPartner, &stale), Some(Code::LabelNumeric));
        // Alone it is a cause.
        assert_eq!(cause(Code::Unexplained, &counts(&[(Code::Unexplained, 12), (Code::LabelRaw, 9)])), None);
    }

    #[test]
    fn of_two_that_may_follow_from_each_other_the_more_frequent_is_the_cause() {
        for (unexplained, aliased, expected) in [(30, 20, Code::Unexplained), (20, 30, Code::AliasedPartner)] {
            let found = counts(&[(Code::Unexplained, unexplained), (Code::AliasedPartner, aliased)]);
            let causes: Vec<Code> = found.keys().copied().filter(|&code| cause(code, &found).is_none()).collect();
            assert_eq!(causes, [expected]);
        }
    }

    #[test]
    fn a_few_samples_are_no_second_cause() {
        let found =
            counts(&[(Code::Filled, 22_069), (Code::StalePartner, 10), (Code::LabelRaw, 3), (Code::LabelDtype, 1)]);
        assert_eq!([Code::StalePartner, Code::LabelRaw].map(|code| cause(code, &found)), [Some(Code::Filled); 2]);
        assert_eq!(cause(Code::LabelDtype, &found), None, "a type is not read out of many samples");
        let found = counts(&[(Code::LabelRaw, 22_069), (Code::Filled, 10)]);
        assert_eq!(cause(Code::Filled, &found), None, "no label spoils pixels");
        let found = counts(&[(Code::Filled, 22_069), (Code::StalePartner, 1000)]);
        assert_eq!(cause(Code::StalePartner, &found), None);
    }

    /// But for pairs, nothing follows from itself, however the counts are.
    #[test]
    fn every_set_of_findings_has_a_cause() {
        let causes: Vec<Code> = FOLLOWS.iter().map(|(cause, _)| *cause).collect();
        assert!(causes.iter().enumerate().all(|(i, code)| !causes[..i].contains(code)));
        for step in [1_u64, 7, 31, 53] {
            let all: Counts = Code::ALL.iter().zip(1_u64..).map(|(code, i)| (*code, i * step % 97 + 1)).collect();
            for &code in Code::ALL {
                let ends = cause(code, &all).unwrap_or(code);
                assert_eq!(parent(ends, &all), None, "{code} at {step}");
            }
        }
    }

    #[test]
    fn causes_are_named_by_certainty() {
        let mut all = [
            (Code::InputChanged, "S08"),
            (Code::BoxCorner, "L01"),
            (Code::LabelWeight, "S13"),
            (Code::LabelRaw, "S13"),
            (Code::Displaced, "S06"),
        ];
        all.sort_by_key(|&(code, check)| rank(code, check, 5));
        let order = [Code::Displaced, Code::LabelRaw, Code::LabelWeight, Code::BoxCorner, Code::InputChanged];
        assert_eq!(all.map(|(code, _)| code), order);
    }
}
