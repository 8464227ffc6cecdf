//! PASS, FAIL or INCONCLUSIVE, from the evidence of one alpha.

use super::against::Standing;
use super::alarm::{ALARM, REFUTED, Share, log10, mean, round};
use super::budget::budget;
use super::case::Judge;
use super::dependence::dependence;
use super::evidence::Evidence;
use super::foretold::{foretold_boxes, most};
use super::hypotheses::PLAIN;
use super::order::{Streams, streams, without};
use super::terms::{Found, Judged, Terms};
use crate::profile::shape::{SHAPES, Shape};
use crate::profile::{Code, LambdaLaw};
use crate::report::{Deviation, LawRun, LawTest, Reason, Tested, Verdict, Wrong};

/// What makes draws of a call suspicious of depending on each other, where nothing else explains them. Such evidence alone never
/// FAILs, so it need not be as sure as that.
const SUSPICIOUS: f64 = 1e3;
/// What makes them so where something that was known before tells a draw.
const UNUSUAL: f64 = 10.0;
/// Impossible boxes that a PASS may have at most, as evidence: rounding alone exceeds it once in a thousand audits.
const TORN: f64 = 1e3;
/// Deviations that a reason names.
const NAMED: usize = 3;

/// Judges draws: all of them, or one of each call if those of a call depend on each other. A box of its own is then no draw of
/// its own. Nothing is judged of none.
pub(in crate::audit) fn judge_calls(evidence: &Evidence, terms: &Terms) -> Option<Judged> {
    let value = dependence(&evidence.couples);
    let has = |judged: &Judged, codes: &[Code]| judged.found.iter().any(|found| codes.contains(&found.code));
    let doubtful = match value {
        value if value >= libm::log(SUSPICIOUS) => &[Code::DuplicateStream, Code::LawUnknown, Code::DrawsDependent][..],
        // What tells a draw may tell it by another one of the same call.
        value if value >= libm::log(UNUSUAL) => &[Code::DrawsDependent],
        _ => &[],
    };
    let Some(by_call) = evidence.by_call.as_ref().filter(|_| !doubtful.is_empty()) else {
        return judge(evidence, terms);
    };
    let mut all = None;
    if value < libm::log(ALARM) {
        // Not sure: it must explain what nothing else does.
        all = judge(evidence, terms);
        if all.as_ref().is_none_or(|all| !has(all, doubtful)) {
            return all;
        }
    }
    // Calls that are repeated look like draws that depend on each other.
    let codes = if all.is_some() { doubtful } else { &doubtful[..1] };
    let by_call = Evidence { alpha: evidence.alpha, one_process: evidence.one_process, ..Evidence::clone(by_call) };
    let Some(mut judged) = judge(&by_call, terms).filter(|judged| !has(judged, codes)) else {
        return all.or_else(|| judge(evidence, terms));
    };
    judged.run.by_call = true;
    let missing = terms.planned.saturating_sub(judged.run.draws);
    if judged.run.needed.is_none() && missing > 0 {
        judged.run.needed = Some(missing);
    }
    Some(judged)
}

/// Judges draws for which no alpha was given by the accepted rules that lambda has no part in; nothing where none of them
/// explains the draws. Costs as much as [`judge`].
#[must_use]
pub fn judge_without_alpha(evidence: &Evidence, terms: &Terms) -> Option<Judged> {
    let accept: Vec<_> = terms.accept.iter().copied().filter(|shape| shape.without_lambda()).collect();
    if evidence.alpha.is_some() || accept.is_empty() {
        return None;
    }
    // Any alpha does for what does not depend on it.
    let any = Evidence { alpha: Some(PLAIN), ..evidence.clone() };
    let mut judged = judge(&any, &Terms { accept, ..terms.clone() }).filter(|judged| judged.found.is_empty())?;
    judged.run.alpha = None;
    Some(judged)
}

/// Judges draws. Nothing is judged of none.
///
/// Costs about a quarter of a second for three thousand draws on 40 x 24 pixels; more for more draws, larger images and an
/// alpha below 1, whose types are told apart.
#[must_use]
pub fn judge(evidence: &Evidence, terms: &Terms) -> Option<Judged> {
    judge_with(evidence, terms, SHAPES, LambdaLaw::ALL)
}

/// Judges draws by these rules and laws.
fn judge_with(evidence: &Evidence, terms: &Terms, shapes: &[Shape], laws: &[LambdaLaw]) -> Option<Judged> {
    if evidence.parts.iter().all(|part| part.boxes.is_empty()) {
        return None;
    }
    let streams = streams(evidence, terms.runs);
    let (unique, repeated) = without(evidence, &streams);
    Some(Judge::new(&unique, terms, shapes, laws).conclude(&streams, repeated))
}

impl Judge<'_> {
    fn conclude(&self, streams: &Streams, repeated: u64) -> Judged {
        let weights = self.weights();
        let mixture = self.mixture(&weights);
        let nulls = self.nulls();
        let classes = self.classes();
        let standings: Vec<Standing> = nulls.iter().map(|null| self.against(null, &mixture, &classes)).collect();
        let law_fails = standings.iter().all(|standing| self.fails(standing));
        let mut identified = self.identify(&weights, &[]);
        if law_fails && self.may_be_bounded(&identified, &classes) {
            identified = self.identify(&weights, &self.bounded(&weights));
        }
        let interval = self.interval(&identified);
        // The accepted rule with the least against it.
        let survivor = standings.iter().min_by(|a, b| a.most().total_cmp(&b.most()));
        let mut deviations = self.deviations(&nulls);
        // A defect in this share of the draws would have shown with all but this probability.
        let rate = libm::log(REFUTED) / self.draws as f64;
        let untested = self.alike(&mut deviations, &nulls, rate);
        let deviations: Vec<Deviation> = deviations.into_iter().map(|(deviation, ..)| deviation).collect();
        let open: Vec<&Deviation> = deviations.iter().filter(|d| d.log10_e < libm::log10(REFUTED)).collect();

        let mut found: Vec<Found> = Vec::new();
        if !self.asked() && self.doubts(&identified, &classes) {
            identified.explains = false;
        }
        let mut alone = None;
        if law_fails {
            self.findings(&mut identified, interval.as_ref(), &classes, &mut found);
            // Without an alpha nothing was asked for that unknown draws, or a rule without lambda, would contradict.
            found.retain(|found| match &found.what {
                _ if self.asked() => true,
                Wrong::Rule(shape, _) if shape.without_lambda() => {
                    alone = Some(*shape);
                    false
                }
                _ => found.code != Code::LawUnknown,
            });
        }
        if mean(streams.tests.iter().map(|(value, _)| *value)) >= self.limit(Share::Streams) {
            let sure = streams.tests.iter().filter(|(value, _)| *value >= self.limit(Share::Streams));
            found.extend(sure.filter_map(|(_, found)| found.clone()));
        }
        let told = foretold_boxes(&self.evidence.parts);
        let (foretold, best_told) = most(&told);
        // Partners are counted with what is repeated, so that of those nothing is sure.
        let stream = found.iter().any(|found| found.code == Code::DuplicateStream);
        found.retain(|found| !stream || found.code != Code::PairingBiased);
        if let Some(told) =
            best_told.filter(|told| foretold >= self.limit(Share::Foretold) && !(stream && told.repeats()))
        {
            // What tests expect is of draws that depend on nothing.
            found.retain(|found| found.code != Code::LawUnknown);
            found.push(Found::new(Code::DrawsDependent, Wrong::Foretold(told.aspect, told.teller, told.log10())));
        }
        let (mut reasons, needed) =
            if found.is_empty() { self.reasons(survivor, &open, foretold) } else { (Vec::new(), self.missing()) };
        reasons.extend(alone.map(Reason::NotAccepted));
        let verdict = match (found.is_empty(), reasons.is_empty()) {
            (false, _) => Verdict::Fail,
            (_, true) => Verdict::Pass,
            _ => Verdict::Inconclusive,
        };
        let decided = standings.iter().map(|standing| standing.decided).collect::<Option<Vec<usize>>>();
        let run = LawRun {
            alpha: self.evidence.alpha,
            sizes: self.evidence.parts.iter().map(|part| part.size).collect(),
            draws: self.draws as u64,
            repeated,
            by_call: false,
            planned: self.terms.planned,
            tolerance: self.terms.tolerance,
            verdict,
            because: reasons,
            decided: decided
                .filter(|_| law_fails && !found.is_empty())
                .and_then(|all| all.into_iter().max())
                .map(|draws| draws as u64),
            needed: (verdict == Verdict::Inconclusive && needed > 0).then_some(needed),
            excluded_rate: round(rate),
            accepted: nulls.iter().zip(&standings).map(|(null, standing)| self.accepted(null, standing)).collect(),
            curves: self.curves(&nulls, &mixture, &identified),
            refuted: (deviations.len() - open.len()) as u64,
            deviations: deviations.len() as u64,
            open: open.into_iter().cloned().collect(),
            identified,
            interval,
            tests: survivor.map_or(Vec::new(), |standing| shown(standing, streams, foretold)),
            extents: self.extents(&nulls),
            statistic: if law_fails { self.statistic(&nulls) } else { None },
        };
        Judged { run, found, untested }
    }

    /// Whether one share of the budget rules a rule out.
    fn fails(&self, standing: &Standing) -> bool {
        standing.likelihood >= self.limit(Share::Ratios)
            || standing.impossible >= self.limit(Share::Impossible)
            || standing.unknown() >= self.limit(Share::Unknown)
    }

    fn missing(&self) -> u64 {
        self.terms.planned.saturating_sub(self.draws as u64)
    }

    /// What a PASS lacks, and how many more draws.
    fn reasons(&self, survivor: Option<&Standing>, open: &[&Deviation], foretold: f64) -> (Vec<Reason>, u64) {
        let mut reasons = Vec::new();
        let mut needed = self.missing();
        if self.evidence.alpha.is_none() && self.terms.fixed.is_none() {
            reasons.push(Reason::NoAlpha);
        }
        if self.square && !self.terms.square_only {
            reasons.push(Reason::Square);
        }
        if needed > 0 {
            reasons.push(Reason::Draws(self.draws as u64, self.terms.planned));
            return (reasons, needed);
        }
        if let Some(standing) = survivor {
            if standing.impossible >= libm::log(TORN) {
                reasons.push(Reason::Impossible(standing.count));
            }
            if standing.most().max(foretold) >= libm::log(REFUTED) {
                reasons.push(Reason::Suspicious);
            }
        }
        // What this size does not show is not waited for.
        let alpha = open.iter().any(|deviation| deviation.code == Code::Alpha);
        let hidden = if alpha { hidden(self.evidence, self.terms) } else { None };
        let open: Vec<&Deviation> =
            open.iter().filter(|deviation| hidden.is_none() || deviation.code != Code::Alpha).copied().collect();
        reasons.extend(hidden);
        if !open.is_empty() {
            let names = open.iter().take(NAMED).map(|deviation| deviation.what.clone());
            reasons.push(Reason::NotRefuted(names.collect()));
            needed = open.iter().map(|deviation| self.more(deviation)).max().unwrap_or(0);
        }
        (reasons, needed)
    }
}

/// That the images are of a size that does not show alpha, if they are.
fn hidden(evidence: &Evidence, terms: &Terms) -> Option<Reason> {
    let size = evidence.parts.iter().max_by_key(|part| part.boxes.len())?.size;
    let (alpha, tolerance) = (evidence.alpha?, terms.tolerance);
    (!budget(size, alpha, tolerance).shows_alpha).then_some(Reason::Hidden(Some(size), alpha, tolerance))
}

/// The tests of one rule and of the streams, for the report.
fn shown(standing: &Standing, streams: &Streams, foretold: f64) -> Vec<LawTest> {
    let streams = streams.tests.iter().map(|(value, _)| (Tested::Streams, *value));
    let all = standing.tests.iter().copied().chain(streams).chain([(Tested::Foretold, foretold)]);
    all.map(|(of, value)| LawTest { of, log10_e: log10(value) }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Part, Place};
    use super::*;
    use crate::audit::{Options, Prob};
    use crate::law::boxes::Table;
    use crate::play::{draws_of, variant};
    use crate::profile::shape::shape_named;
    use crate::profile::{Lambda, Side};
    use crate::reference::{Patch, Stream};
    use crate::report::{Fact, Wrong};

    const SIZE: [u32; 2] = [12, 9];

    fn evidence(size: [u32; 2], boxes: Vec<Patch>) -> Evidence {
        let places = (0..boxes.len() as u32).map(|call| Place { call, ..Place::default() }).collect();
        let parts = vec![Part { size, boxes, places, ..Part::default() }];
        Evidence { alpha: Some(1.0), parts, ..Evidence::default() }
    }

    fn terms(planned: u64) -> Terms {
        let Options { accept, laws, tolerance, .. } = Options::default();
        Terms { accept, laws, tolerance, prob: Prob::Unknown, runs: 1, planned, square_only: false, fixed: None }
    }

    fn official(number: usize) -> Vec<Patch> {
        draws_of(variant("official").unwrap(), 1.0, SIZE, number, 1).unwrap().0
    }

    /// Boxes drawn from the exact law of a rule.
    fn drawn(shape: &Shape, lambda: &Lambda, number: usize) -> Vec<Patch> {
        let [width, height] = SIZE;
        let sides = |length: u32| (0..length).flat_map(move |lo| (lo + 1..=length).map(move |hi| (lo, hi)));
        let boxes: Vec<Patch> =
            sides(height).flat_map(|(y0, y1)| sides(width).map(move |(x0, x1)| Patch { x0, y0, x1, y1 })).collect();
        let table = Table::new(shape, SIZE, &boxes);
        let mut p = Vec::new();
        table.given_filled(&lambda.moments(table.grid()), &mut p);
        let mut stream = Stream::new(*b"judged!!", [1, 0, 0, 0]);
        let draw = |_| {
            let mut left = stream.unit();
            let place = p.iter().position(|p| {
                left -= p;
                left < 0.0
            });
            boxes[place.unwrap_or(boxes.len() - 1)]
        };
        (0..number).map(draw).collect()
    }

    /// One entry more in a table is judged: nothing else knows of it.
    #[test]
    fn a_new_rule_is_identified_by_its_name() {
        let mine = Shape {
            name: "inside-across",
            what: "inside along rows, from a corner along columns",
            sides: [Side::Inside, Side::Corner],
            ..*shape_named("corner").unwrap()
        };
        let shapes = [SHAPES, &[mine]].concat();
        let evidence = evidence(SIZE, drawn(&mine, &Lambda::beta(1.0), 400));
        let known = judge(&evidence, &terms(400)).unwrap();
        assert!(known.run.identified.shape != Some(mine) && known.run.verdict == Verdict::Fail);
        let judged = judge_with(&evidence, &terms(400), &shapes, LambdaLaw::ALL).unwrap();
        assert_eq!(judged.run.identified.shape, Some(mine));
        assert!(judged.run.identified.explains && judged.run.identified.rule_odds > 6.0);
        assert_eq!(judged.found.iter().map(|found| found.code).collect::<Vec<_>>(), [Code::BoxCorner]);
    }

    /// The same of a law of lambda.
    #[test]
    fn a_new_law_is_identified() {
        let narrow = Lambda::Uniform { least: 0.6, most: 0.7 };
        let boxes = drawn(shape_named("official").unwrap(), &narrow, 400);
        let row = LambdaLaw::Within { least: 0.6, most: 0.7 };
        let laws = [LambdaLaw::ALL, &[row]].concat();
        let judged = judge_with(&evidence(SIZE, boxes), &terms(400), SHAPES, &laws).unwrap();
        assert_eq!(judged.run.identified.law.map(|law| law.lambda), Some(narrow));
        assert_eq!(judged.found.iter().map(|found| found.code).collect::<Vec<_>>(), [Code::LambdaClipped]);
    }

    /// Without an alpha nothing is wrong, but what does not explain the draws is not identified either.
    #[test]
    fn without_an_alpha_the_nearest_is_not_identified() {
        let official = shape_named("official").unwrap();
        let explains = |lambda: &Lambda| {
            let any = Evidence { alpha: None, ..evidence(SIZE, drawn(official, lambda, 3000)) };
            let judged = judge(&any, &terms(3000)).unwrap();
            assert!(judged.found.is_empty() && judged.run.verdict == Verdict::Inconclusive);
            judged.run.identified.explains
        };
        assert!(explains(&Lambda::beta(0.7)) && explains(&Lambda::beta(2.0)));
        assert!(!explains(&Lambda::Uniform { least: 0.701, most: 0.702 }));
    }

    /// What is in no table is told by facts that are true.
    #[test]
    fn a_law_that_is_unknown_is_told_by_its_bounds() {
        let official = shape_named("official").unwrap();
        let told = |boxes: Vec<Patch>| {
            let judged = judge(&evidence(SIZE, boxes), &terms(3000)).unwrap();
            let [found] = &judged.found[..] else { panic!("{:?}", judged.found) };
            let Wrong::Unexplained { facts, .. } = &found.what else { panic!("{:?}", found.what) };
            println!("{} {:?}", found.what, judged.run.statistic);
            assert!(judged.run.statistic.as_ref().is_some_and(|most| most.log10_e > 6.0));
            facts.clone()
        };
        // Two values of lambda, and none between them; which of them a call has, chance decides.
        let lump = |least: f64, most: f64| drawn(official, &Lambda::Uniform { least, most }, 8000);
        let mut stream = Stream::new(*b"two-lump", [1, 0, 0, 0]);
        let either = |(a, b)| if stream.unit() < 0.5 { a } else { b };
        let facts = told(lump(0.5, 0.52).into_iter().zip(lump(0.8, 0.82)).map(either).collect());
        let bounds = facts.iter().find_map(|fact| match fact {
            Fact::Between(low, high) => Some((*low, *high)),
            _ => None,
        });
        let (low, high) = bounds.unwrap_or_else(|| panic!("{facts:?}"));
        assert!(low > 0.2 && low <= 0.5 && (0.82..0.95).contains(&high), "{low} to {high}");
        assert!(facts.contains(&Fact::Even), "{facts:?}");
        // One value, and places on the left alone.
        let mut left = lump(0.701, 0.702);
        left.retain(|patch| patch.x0 + patch.x1 <= SIZE[0]);
        let facts = told(left);
        let one =
            facts.iter().any(|fact| matches!(fact, Fact::OneLambda(low, high) if *low <= 0.701 && *high >= 0.702));
        assert!(one && !facts.contains(&Fact::Even), "{facts:?}");
        assert!(facts.iter().any(|fact| matches!(fact, Fact::NoMiddle(0, 7, _))), "{facts:?}");
    }

    #[test]
    fn impossible_boxes_are_counted_and_shown() {
        let mut boxes = official(60);
        // Sides are even away from the borders: these are one pixel wide.
        let narrow = Patch { x0: 3, y0: 1, x1: 4, y1: 5 };
        boxes.extend([narrow; 4]);
        let terms = Terms { accept: shape_named("official").into_iter().collect(), ..terms(100) };
        let judged = judge(&evidence(SIZE, boxes), &terms).unwrap();
        let [found] = &judged.found[..] else { panic!("{:?}", judged.found) };
        assert_eq!((found.code, found.count, found.shown[0].1), (Code::ImpossibleBox, 4, narrow));
        assert_eq!(found.what.to_string(), "4 of 64 boxes are impossible under official");
    }

    /// Of a few boxes of code that is right nothing is wrong, and much is open.
    #[test]
    fn what_is_open_and_what_is_refuted_is_all() {
        let judged = judge(&evidence(SIZE, official(100)), &terms(5000)).unwrap();
        let run = &judged.run;
        assert_eq!(run.verdict, Verdict::Inconclusive);
        assert!(judged.found.is_empty() && run.open.iter().all(|deviation| deviation.log10_e < 4.0));
        assert!(run.open.iter().any(|deviation| deviation.code == Code::Alpha));
        assert_eq!(run.refuted + run.open.len() as u64, run.deviations);
        assert!(run.tests.iter().all(|test| test.log10_e < 6.0));
        let interval = run.interval.unwrap();
        assert!(interval.low < 1.0 && 1.0 < interval.high && interval.low < interval.hat);
        // Every box has some number of columns, and so has the law.
        let extents = run.extents.as_ref().unwrap();
        let sums = extents.sides[0].iter().fold((0, 0.0), |sums, side| (sums.0 + side.0, sums.1 + side.1));
        assert!(sums.0 == 100 && (sums.1 - 1.0).abs() < 1e-9 && extents.counts.len() == 108);
    }
}
