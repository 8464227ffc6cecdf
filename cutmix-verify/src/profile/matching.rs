//! Known implementations by what can be seen of them: rule, law, label, who shares a box, who is paired with whom.
//!
//! They are data (`packages.json`), taken from the implementations' sources. Imports nothing but the report's model.
//!
//! ```
//! use cutmix_verify::profile::matching::profiles;
//!
//! // Whoever rolls the batch by one has each image take its patch from the one before.
//! let rolled: Vec<String> =
//!     profiles().into_iter().filter(|known| known.pairing.as_deref() == Some("roll")).map(|known| known.name).collect();
//! assert!(rolled.iter().any(|name| name.starts_with("torchvision")));
//! ```

use serde::Deserialize;

use crate::report::Match;

/// What is known of an implementation; what is not compared is absent.
///
/// ```
/// use cutmix_verify::profile::matching::profiles;
/// use cutmix_verify::replay::recipe;
///
/// let monai = profiles().into_iter().find(|known| known.name.starts_with("MONAI")).unwrap();
/// assert_eq!((monai.rule.as_deref(), monai.label.as_deref()), (Some("corner"), Some("replaced")));
/// // Its arithmetic is known, so that a trace of it can be computed bit for bit.
/// assert!(!monai.replay.is_empty() && monai.replay.iter().all(|id| recipe(id).is_some()));
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// What people call it.
    pub name: String,
    /// Versions that behave like this.
    pub versions: String,
    /// Name of its rule for boxes.
    pub rule: Option<String>,
    /// What its lambda follows.
    pub law: Option<String>,
    /// What its label's weight is.
    pub label: Option<String>,
    /// Who shares a box.
    pub scope: Option<String>,
    /// Who is paired with whom.
    pub pairing: Option<String>,
    /// Whether the base is inside the box.
    pub inside: bool,
    /// The type that `1 - lambda` is formed in.
    pub precision: Option<String>,
    /// Label smoothing, unless another is asked for.
    pub smoothing: Option<f64>,
    /// Names of its arithmetic, for `replay`, where that is known.
    #[serde(default)]
    pub replay: Vec<String>,
    /// What else is to be said of it.
    pub note: String,
}

/// What a trace shows; what it does not show is absent.
///
/// ```
/// use cutmix_verify::profile::matching::{Fingerprint, matches};
///
/// // Rule and sharing are the least that must be known; what else was not seen is said of every match.
/// assert!(matches(&Fingerprint { rule: Some("corner".into()), ..Fingerprint::default() }).is_empty());
/// let seen = Fingerprint { rule: Some("corner".into()), scope: Some("sample"), ..Fingerprint::default() };
/// let found = matches(&seen);
/// assert!(found.iter().any(|known| known.name.starts_with("MONAI") && known.unseen.contains(&"label".to_owned())));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fingerprint {
    /// Name of the rule for boxes, once it is sure.
    pub rule: Option<String>,
    /// Laws that lambda may follow: several where they are the same.
    pub laws: Vec<&'static str>,
    /// What the label's weight is.
    pub label: Option<&'static str>,
    /// Who shares a box.
    pub scope: Option<&'static str>,
    /// Who may be paired with whom: several where they look alike.
    pub pairings: Vec<&'static str>,
    /// Whether the base is inside the box.
    pub inside: bool,
    /// The type that `1 - lambda` is formed in, where it shows.
    pub precision: Option<&'static str>,
}

/// All known implementations. Parses them anew at every call.
///
/// ```
/// use cutmix_verify::profile::matching::profiles;
///
/// let names: Vec<String> = profiles().into_iter().map(|known| format!("{} {}", known.name, known.versions)).collect();
/// assert!(names.len() > 10 && names.iter().any(|name| name.starts_with("timm")));
/// ```
#[must_use]
pub fn profiles() -> Vec<Profile> {
    // Part of the binary, and tested.
    serde_json::from_str(include_str!("packages.json")).unwrap_or_default()
}

/// The known implementations that a trace does not contradict; none until rule and sharing are sure.
///
/// ```
/// use cutmix_verify::profile::matching::{Fingerprint, matches};
///
/// let seen = Fingerprint {
///     rule: Some("official".into()),
///     laws: vec!["beta"],
///     label: Some("kept"),
///     scope: Some("batch"),
///     pairings: vec!["roll"],
///     ..Fingerprint::default()
/// };
/// assert!(matches(&seen).iter().any(|found| found.name.starts_with("torchvision")));
/// ```
#[must_use]
pub fn matches(seen: &Fingerprint) -> Vec<Match> {
    if seen.rule.is_none() || seen.scope.is_none() {
        return Vec::new();
    }
    let one = |profile: Profile| {
        let mut unseen = Vec::new();
        // A known field against what may have been seen of it.
        let mut fits = |name: &str, known: &Option<String>, shown: &[&str]| match known {
            Some(_) if shown.is_empty() => {
                unseen.push(name.to_owned());
                true
            }
            Some(known) => shown.contains(&known.as_str()),
            None => true,
        };
        let option = |value: Option<&'static str>| value.into_iter().collect::<Vec<&str>>();
        let rule: Vec<&str> = seen.rule.iter().map(String::as_str).collect();
        let all = fits("rule", &profile.rule, &rule)
            && fits("law of lambda", &profile.law, &seen.laws)
            && fits("label", &profile.label, &option(seen.label))
            && fits("sharing", &profile.scope, &option(seen.scope))
            && fits("pairing", &profile.pairing, &seen.pairings)
            && fits("type", &profile.precision, &option(seen.precision))
            && profile.inside == seen.inside
            // Of those whose label nobody knows, too little would be compared.
            && profile.rule.is_some()
            && profile.label.is_some();
        all.then_some(Match { name: profile.name, versions: profile.versions, unseen })
    };
    let mut found: Vec<Match> = profiles().into_iter().filter_map(one).collect();
    found.sort_by_key(|found| found.unseen.len());
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::shape::shape_named;

    #[test]
    fn profiles_are_whole() {
        let all = profiles();
        assert!(all.len() >= 35, "{}", all.len());
        let one_of =
            |value: &Option<String>, known: &[&str]| value.as_deref().is_none_or(|value| known.contains(&value));
        for (i, profile) in all.iter().enumerate() {
            let name = &profile.name;
            assert!(!all[..i].iter().any(|other| other.name == *name && other.versions == profile.versions), "{name}");
            assert!(
                profile.rule.as_deref().is_none_or(|rule| shape_named(rule).is_some()),
                "{name}: {:?}",
                profile.rule
            );
            let laws = ["beta", "uniform", "random-alpha", "no-root", "folded", "folded-up", "clipped", "not-rejected"];
            assert!(one_of(&profile.law, &laws), "{name}: {:?}", profile.law);
            let labels = ["kept", "raw", "unclipped", "swapped", "real-area", "replaced", "batch-mean"];
            assert!(one_of(&profile.label, &labels), "{name}: {:?}", profile.label);
            assert!(one_of(&profile.scope, &["batch", "pair", "sample", "lambda"]), "{name}: {:?}", profile.scope);
            let pairings = ["roll", "flip", "permutation", "derangement", "replacement"];
            assert!(one_of(&profile.pairing, &pairings), "{name}: {:?}", profile.pairing);
            assert!(one_of(&profile.precision, &["f32", "f64"]), "{name}: {:?}", profile.precision);
        }
    }

    #[test]
    fn nothing_is_matched_before_it_is_sure() {
        assert_eq!(matches(&Fingerprint::default()), []);
        let seen = Fingerprint { rule: Some("official".into()), scope: Some("batch"), ..Fingerprint::default() };
        assert!(matches(&seen).iter().all(|found| !found.unseen.is_empty()));
    }
}
