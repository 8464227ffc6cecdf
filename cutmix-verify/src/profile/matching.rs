//! Which implementations in use behave like a trace: parts of profiles, compared one by one.

use serde::Serialize;

use super::shape::Shape;
use super::{Code, Label, LambdaLaw, PACKAGES, Package, Pairing, Pixels, Precision, Profile, ProfilePart, Sharing};

/// A known implementation that shows the same fingerprint.
///
/// ```
/// use cutmix_verify::audit::{Audit, Options};
/// use cutmix_verify::report::{Match, text};
///
/// let mut report = Audit::new(Options::default()).report();
/// assert!(report.matches.is_empty(), "nothing was read");
/// report.matches.push(Match { name: "mine".into(), versions: "1.0".into(), unseen: Vec::new(), but: Vec::new() });
/// assert!(text(&report).contains("behaves like: mine 1.0"));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Match {
    /// What it is called.
    pub name: String,
    /// Versions that do so.
    pub versions: String,
    /// What the trace does not show of the fingerprint; empty if all of it agrees.
    pub unseen: Vec<String>,
    /// What was found that it is not known for.
    pub but: Vec<Code>,
}

/// What a trace shows; what it does not show is absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fingerprint {
    /// The rule for boxes, once it is sure.
    pub shape: Option<&'static Shape>,
    /// Laws that lambda may follow: several where they are the same.
    pub laws: Vec<LambdaLaw>,
    /// What the label is made of.
    pub label: Option<Label>,
    pub sharing: Option<Sharing>,
    /// How images may be paired: several where they look alike.
    pub pairings: Vec<Pairing>,
    pub inside: bool,
    /// The type that `1 - lambda` is formed in, where it shows.
    pub precision: Option<Precision>,
}

/// The implementations in use that a trace does not contradict; none until rule and sharing are sure.
pub(crate) fn matches(seen: &Fingerprint) -> Vec<Match> {
    among(PACKAGES, seen)
}

fn among(packages: &[Package], seen: &Fingerprint) -> Vec<Match> {
    if seen.shape.is_none() || seen.sharing.is_none() {
        return Vec::new();
    }
    let mut found: Vec<Match> = packages.iter().filter_map(|package| package.matched(seen)).collect();
    found.sort_by_key(|found| found.unseen.len());
    found
}

/// Whether a part may be what was seen of it; none if nothing was.
fn fits<T: PartialEq>(known: &T, seen: &[T]) -> Option<bool> {
    (!seen.is_empty()).then(|| seen.contains(known))
}

impl Package {
    fn matched(&self, seen: &Fingerprint) -> Option<Match> {
        let Profile { shape, lambda, label, sharing, pairing, types, faults, .. } = self.profile;
        // Once a call or once a sample: the boxes of one law.
        let lambda = if lambda == LambdaLaw::RandomAlphaByCall { LambdaLaw::RandomAlpha } else { lambda };
        let parts = [
            (ProfilePart::Shape, fits(&shape, seen.shape.as_slice())),
            (ProfilePart::Lambda, fits(&lambda, &seen.laws)),
            (ProfilePart::Label, fits(&label, seen.label.as_slice())),
            (ProfilePart::Sharing, fits(&sharing.shown(), seen.sharing.as_slice())),
            (ProfilePart::Pairing, fits(&pairing, &seen.pairings)),
            (ProfilePart::Types, fits(&types.root.precision(), seen.precision.as_slice())),
        ];
        let known = parts.into_iter().filter(|(part, _)| !self.unknown.contains(part));
        let contradicted = known.clone().any(|(_, fits)| fits == Some(false));
        // Of those whose rule or label nobody knows, too little would be compared.
        let vague = self.unknown.contains(&ProfilePart::Shape) || self.unknown.contains(&ProfilePart::Label);
        if contradicted || vague || seen.inside != (faults.pixels == Pixels::Inverted) {
            return None;
        }
        let unseen = known.filter(|(_, fits)| fits.is_none()).map(|(part, _)| part.name().to_owned()).collect();
        Some(Match { name: self.name.into(), versions: self.versions.into(), unseen, but: Vec::new() })
    }
}

impl Match {
    /// Notes what was found that this implementation is not known for.
    pub(crate) fn lacks(&mut self, found: &[Code]) {
        let this = |package: &&Package| package.name == self.name && package.versions == self.versions;
        let known = PACKAGES.iter().find(this).map_or(Vec::new(), |package| package.profile.codes());
        self.but = found.iter().copied().filter(|code| !known.contains(code)).collect();
    }
}

/// The labels of implementations in use that a finding tells from the paper's.
pub fn wrong_labels() -> impl Iterator<Item = (Label, Code)> {
    let in_use = |label: &&Label| PACKAGES.iter().any(|package| package.profile.label == **label);
    Label::ALL.iter().filter(in_use).flat_map(|label| label.codes().iter().map(move |code| (*label, *code)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::shape::shape_named;
    use crate::profile::{Faults, OFFICIAL};

    fn seen(rule: &str, sharing: Sharing) -> Fingerprint {
        Fingerprint { shape: shape_named(rule), sharing: Some(sharing), ..Fingerprint::default() }
    }

    #[test]
    fn nothing_is_matched_before_it_is_sure() {
        assert_eq!(matches(&Fingerprint::default()), []);
        assert_eq!(matches(&Fingerprint { shape: shape_named("corner"), ..Fingerprint::default() }), []);
        assert!(matches(&seen("official", Sharing::Batch)).iter().all(|found| !found.unseen.is_empty()));
        let found = matches(&seen("corner", Sharing::Sample));
        assert!(found.iter().any(|known| known.name.starts_with("MONAI") && known.unseen.contains(&"label".into())));
    }

    #[test]
    fn all_parts_are_compared() {
        let torchvision = Fingerprint {
            laws: vec![LambdaLaw::AsAsked],
            label: Some(Label::Kept),
            pairings: vec![Pairing::Roll],
            precision: Some(Precision::F64),
            ..seen("official", Sharing::Batch)
        };
        let finds = |seen: &Fingerprint| matches(seen).iter().any(|found| found.name == "torchvision v2.CutMix");
        assert!(finds(&torchvision));
        for other in [
            Fingerprint { shape: shape_named("full-extent"), ..torchvision.clone() },
            Fingerprint { laws: vec![LambdaLaw::One], ..torchvision.clone() },
            Fingerprint { label: Some(Label::Raw), ..torchvision.clone() },
            Fingerprint { sharing: Some(Sharing::Pair), ..torchvision.clone() },
            Fingerprint { pairings: vec![Pairing::Flip], ..torchvision.clone() },
            Fingerprint { precision: Some(Precision::F32), ..torchvision.clone() },
            Fingerprint { inside: true, ..torchvision.clone() },
        ] {
            assert!(!finds(&other), "{other:?}");
        }
    }

    #[test]
    fn what_it_is_not_known_for_is_told() {
        let mut found = matches(&seen("corner", Sharing::Sample));
        for known in &mut found {
            known.lacks(&[Code::BoxCorner, Code::InputChanged]);
        }
        assert!(found.iter().any(|known| known.but == [Code::InputChanged]), "{found:?}");
    }

    /// One more row is all that it takes.
    #[test]
    fn a_new_package_is_matched() {
        let faults = Faults { pixels: Pixels::Inverted, ..Faults::NONE };
        let profile = Profile { label: Label::BatchMean, pairing: Pairing::Derangement, faults, ..OFFICIAL };
        let new =
            Package { name: "new", versions: "1", profile, unknown: &[ProfilePart::Types], replay: &[], note: "" };
        let shown = Fingerprint {
            laws: vec![LambdaLaw::AsAsked, LambdaLaw::One],
            label: Some(Label::BatchMean),
            pairings: vec![Pairing::Derangement],
            inside: true,
            ..seen("official", Sharing::Sample)
        };
        assert_eq!(
            among(&[new], &shown),
            [Match { name: "new".into(), versions: "1".into(), unseen: Vec::new(), but: Vec::new() }]
        );
        assert_eq!(among(&[new], &Fingerprint { label: Some(Label::Kept), ..shown }), []);
    }
}
