//! Audits by the thousand, without pixels: how often a right implementation fails, and how soon a wrong one does.

use rayon::prelude::*;

use crate::audit::judge::{Applied, Evidence, Judged, Part, Place, Terms, judge};
use crate::audit::{Options, Prob, planned_draws};
use crate::play::draws_of;
use crate::profile::{self, Code, LAWS, LambdaLaw, Profile, Sharing, Ties, Variant, variant};
use crate::report::Verdict;

/// An alpha at which no law is another one.
const PAIRED: f64 = 0.5;

/// What came of many audits of one implementation at one alpha.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AuditTally {
    pub(super) name: &'static str,
    /// Whether the implementation is right.
    pub(super) right: bool,
    pub(super) alpha: f64,
    /// Draws of each audit.
    pub(super) draws: u64,
    pub(super) audits: u32,
    pub(super) passed: u32,
    pub(super) failed: u32,
    /// FAILs that name all codes of the implementation.
    pub(super) named: u32,
    /// The median number of draws after which a FAIL was sure.
    pub(super) sure: Option<u64>,
    /// Audits in which the evidence against the rule that is true was above 10, above 100, above 1000 at any time.
    pub(super) above: [u32; 3],
}

/// Implementations that are told, or not, by their draws alone.
fn told() -> impl Iterator<Item = &'static Variant> {
    let right = ["official", "paper", "full-extent", "round-half", "half-ceil"];
    let wrong = ["strip", "width-from-height", "sides-exchanged", "two-lambdas"];
    let names = right.into_iter().chain(wrong);
    let draws = |variant: &&Variant| {
        !variant.name.starts_with("mixup")
            // Of two that share a box both are among the draws, each as if it were drawn.
            && !matches!(variant.profile.sharing, Sharing::Pair | Sharing::Partners)
            && !["rarely-label-raw", "by-length", "short-partner"].contains(&variant.name)
            && variant.profile.faults.ties == Ties::Nothing
    };
    names.filter_map(variant).chain(LAWS.iter().filter(draws))
}

fn one(variant: &Variant, alpha: f64, seed: u64) -> Option<Judged> {
    let size = [40, 24];
    let Options { accept, laws, tolerance, .. } = Options::default();
    let planned = planned_draws(size, alpha, tolerance);
    // A margin for bad luck, as a live audit takes more rounds.
    let number = planned + planned / 8;
    let (boxes, applied) = draws_of(variant, alpha, size, number as usize, seed).ok()?;
    let places = (0..boxes.len() as u32).map(|call| Place { call, ..Place::default() }).collect();
    let parts = vec![Part { size, boxes, places, applied: vec![Applied::of(vec![0.0], applied)], ..Part::default() }];
    let evidence = Evidence { alpha: Some(alpha), parts, one_process: true, ..Evidence::default() };
    let terms =
        Terms { accept, laws, tolerance, prob: Prob::Known(1.0), runs: 1, planned, square_only: false, fixed: None };
    judge(&evidence, &terms)
}

/// Audits every implementation so many times at each alpha; `done` is told after each. Same seeds, same tallies.
///
/// An audit of alpha 1 takes about a quarter of a second, one of 0.2 half a second.
pub(super) fn audits(number: u32, mut done: impl FnMut(&AuditTally)) -> Vec<AuditTally> {
    let mut tallies = Vec::new();
    for variant in told() {
        for alpha in [1.0, 0.2] {
            // Some laws are the one that was asked for at alpha 1.
            let law = variant.profile.lambda;
            let same = alpha == 1.0 && law != LambdaLaw::AsAsked && law.as_asked_at_one();
            let right = variant.is_right() || same;
            let judged: Vec<Judged> =
                (0..number).into_par_iter().filter_map(|seed| one(variant, alpha, 1000 + u64::from(seed))).collect();
            let count = |wanted: &dyn Fn(&Judged) -> bool| judged.iter().filter(|judged| wanted(judged)).count() as u32;
            let found = |judged: &Judged, code: Code| judged.found.iter().any(|found| found.code == code);
            // Pixels name what is rare.
            let named =
                |judged: &Judged| variant.codes().iter().all(|code| *code == Code::BoxAspect || found(judged, *code));
            let mut sure: Vec<u64> = judged.iter().filter_map(|judged| judged.run.decided).collect();
            sure.sort_unstable();
            let against = |judged: &Judged| {
                let own =
                    judged.run.accepted.iter().filter(|accepted| accepted.shape.name == variant.profile.shape.name);
                own.map(|accepted| accepted.log10_likelihood).fold(f64::MAX, f64::min)
            };
            let tally = AuditTally {
                name: variant.name,
                right,
                alpha,
                draws: judged.first().map_or(0, |judged| judged.run.draws),
                audits: judged.len() as u32,
                passed: count(&|judged| judged.run.verdict == Verdict::Pass),
                failed: count(&|judged| judged.run.verdict == Verdict::Fail),
                named: count(&|judged| judged.run.verdict == Verdict::Fail && named(judged)),
                sure: sure.get(sure.len() / 2).copied(),
                above: [1.0, 2.0, 3.0].map(|least| if right { count(&|judged| against(judged) >= least) } else { 0 }),
            };
            done(&tally);
            tallies.push(tally);
        }
    }
    tallies
}

/// Audits every pair of a wrong rule and a wrong law once; `done` is told the pair, what was found, and whether all parts were
/// named. An audit takes a second or two.
pub(super) fn pairs(mut done: impl FnMut(&Profile, &[Code], bool)) -> bool {
    let all: Vec<Profile> = profile::pairs().collect();
    let found: Vec<Vec<Code>> = all
        .par_iter()
        .map(|&profile| {
            let of = Variant { name: "pair", about: "", profile };
            one(&of, PAIRED, 1).map_or_else(Vec::new, |judged| judged.found.iter().map(|found| found.code).collect())
        })
        .collect();
    let mut fine = true;
    for (profile, found) in all.iter().zip(&found) {
        let named = profile.codes().iter().all(|code| found.contains(code));
        fine &= named;
        done(profile, found, named);
    }
    fine
}

/// Whether tallies are what is promised: no right implementation fails and no wrong one passes.
#[must_use]
pub(super) fn as_promised(tallies: &[AuditTally]) -> bool {
    let fine = |tally: &AuditTally| if tally.right { tally.failed == 0 } else { tally.passed == 0 };
    !tallies.is_empty() && tallies.iter().all(fine)
}
