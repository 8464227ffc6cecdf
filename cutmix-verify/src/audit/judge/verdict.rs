//! PASS, FAIL or INCONCLUSIVE, from the evidence of one alpha.

use super::dependence::dependence;
use super::evidence::{Part, Place};
use super::hypotheses::Hypothesis;
use super::likelihood::{Likelihoods, ShapeFit};
use super::order::{Streams, streams, without};
use super::unknown::{Classes, Sort, dirichlet};
use crate::audit::Prob;
use crate::law::features::Features;
use crate::law::lambda::Lambda;
use crate::law::special::log_sum_exp;
use crate::profile::Code;
use crate::profile::shape::{SHAPES, Shape, fixed};
use crate::reference::Patch;
use crate::report::{Accepted, Deviation, LawRun, LawTest, Verdict};

/// Once in how many audits a right implementation may FAIL, at most.
pub(super) const ALARM: f64 = 1e6;
/// How that is divided. Every part is an e-value or a mean of e-values, whatever they have to do with each other.
pub(super) const BUDGET: [(&str, f64); 4] =
    [("likelihood ratios", 0.5), ("unknown laws", 0.3), ("impossible boxes", 0.1), ("repeats and pairing", 0.1)];
/// What makes draws of a call suspicious of depending on each other, where nothing else explains them.
const SUSPICIOUS: f64 = 1e3;
/// What refutes a deviation.
pub(super) const REFUTED: f64 = 1e4;
/// Impossible boxes that a PASS may have at most, as evidence.
const TORN: f64 = 1e3;
/// Probability of an impossible box in an implementation that is right: rounding of binary32 at an edge.
const TORN_RATE: f64 = 1e-7;
pub(super) const LN_10: f64 = core::f64::consts::LN_10;

/// All that one alpha's calls showed.
///
/// ```
/// use cutmix_verify::audit::Options;
/// use cutmix_verify::audit::judge::{Evidence, Terms, judge};
///
/// // Of no draws nothing is said.
/// let Options { accept, tolerance, prob, .. } = Options::default();
/// let terms = Terms { accept, tolerance, prob, runs: 1, planned: 1000, square_only: false, fixed: None };
/// assert!(judge(&Evidence { alpha: Some(1.0), ..Evidence::default() }, &terms).is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// The alpha, if it was given.
    pub alpha: Option<f64>,
    /// Independent draws by size.
    pub parts: Vec<Part>,
    /// How often each partner but oneself was chosen, and with what probability it should be: by offset in the batch, and by
    /// place in it; one sample a call.
    pub pairings: Vec<(Vec<u64>, Vec<f64>)>,
    /// Whether all traces are one process's.
    pub one_process: bool,
    /// The same with one draw of each call, chosen without looking at it.
    pub by_call: Option<Box<Self>>,
    /// Two draws of each call, with the size of their images.
    pub couples: Vec<([u32; 2], [Patch; 2])>,
    /// Whether all boxes of every call have one first corner, and one place relative to the room that they leave; nothing where
    /// too few calls show it.
    pub common: [Option<bool>; 2],
}

/// What is asked for.
///
/// ```
/// # use cutmix_verify::audit::Options;
/// use cutmix_verify::audit::judge::{Evidence, Part, Place, Terms, judge};
///
/// // A box at a corner of the image, seven times.
/// let part = Part { size: [4, 3], boxes: vec![[0, 0, 2, 1]; 7], places: vec![Place::default(); 7], applied: Vec::new() };
/// let evidence = Evidence { alpha: Some(1.0), parts: vec![part], ..Evidence::default() };
/// let Options { accept, tolerance, prob, .. } = Options::default();
/// let terms = Terms { accept, tolerance, prob, runs: 1, planned: 1000, square_only: false, fixed: None };
/// // How many more draws a PASS needs at least.
/// assert_eq!(judge(&evidence, &terms).unwrap().run.needed, Some(993));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    /// Rules that are accepted.
    pub accept: Vec<&'static Shape>,
    /// By which factor alpha may be off before it must show.
    pub tolerance: f64,
    /// The promised probability.
    pub prob: Prob,
    /// Alphas that are judged beside this one, and this one.
    pub runs: usize,
    /// Draws without which there is no PASS.
    pub planned: u64,
    /// Only square images are promised.
    pub square_only: bool,
    /// Columns and rows of a box that does not follow lambda, as the first Cutout's.
    pub fixed: Option<[u32; 2]>,
}

/// A rule that is accepted, with one of the laws that are right.
pub(super) struct Null<'a> {
    pub(super) fit: &'a ShapeFit,
    pub(super) law: usize,
    pub(super) likelihood: Vec<f64>,
}

/// A draw: where it was made, its box, and the size of its image.
pub(super) type Drawn = (Place, Patch, [u32; 2]);

/// Something that is wrong.
///
/// ```
/// # use cutmix_verify::audit::Options;
/// use cutmix_verify::audit::judge::{Evidence, Part, Place, Terms, judge};
/// # use cutmix_verify::play::{draws_of, variant};
///
/// # let size = [8, 6];
/// # let (mut boxes, applied) = draws_of(variant("official").unwrap(), 1.0, size, 60, 1).unwrap();
/// // Boxes of the official rule, in which sides are even away from the borders, and four that are one pixel wide.
/// boxes.extend([[3, 1, 4, 5]; 4]);
/// # let places = (0..boxes.len() as u32).map(|call| Place { call, ..Place::default() }).collect();
/// # let parts = vec![Part { size, boxes, places, applied: vec![applied] }];
/// # let evidence = Evidence { alpha: Some(1.0), parts, ..Evidence::default() };
/// # let Options { tolerance, prob, .. } = Options::default();
/// # let accept = cutmix_verify::profile::shape::shape_named("official").into_iter().collect();
/// # let terms = Terms { accept, tolerance, prob, runs: 1, planned: 100, square_only: false, fixed: None };
/// let judged = judge(&evidence, &terms).unwrap();
/// let [found] = &judged.found[..] else { panic!("{:?}", judged.found) };
/// assert_eq!((found.code, found.count), ("IMPOSSIBLE_BOX", 4));
/// assert_eq!(found.text, "4 of 64 boxes are impossible under official");
/// assert_eq!(found.shown[0].1, [3, 1, 4, 5]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The code.
    pub code: Code,
    /// What was seen.
    pub text: String,
    /// Some draws that show it; none where all of them do.
    pub shown: Vec<Drawn>,
    /// How many draws show it; 0 for all of them.
    pub count: u64,
}

impl Found {
    /// What all draws show.
    pub(super) const fn new(code: Code, text: String) -> Self {
        Self { code, text, shown: Vec::new(), count: 0 }
    }
}

/// What was concluded, and what is wrong.
///
/// ```
/// # use cutmix_verify::audit::Options;
/// use cutmix_verify::audit::judge::{Evidence, Part, Place, Terms, judge};
/// use cutmix_verify::report::Verdict;
/// # use cutmix_verify::play::{draws_of, variant};
///
/// # let size = [8, 6];
/// # let (boxes, applied) = draws_of(variant("official").unwrap(), 1.0, size, 100, 1).unwrap();
/// # let places = (0..boxes.len() as u32).map(|call| Place { call, ..Place::default() }).collect();
/// # let parts = vec![Part { size, boxes, places, applied: vec![applied] }];
/// # let evidence = Evidence { alpha: Some(1.0), parts, ..Evidence::default() };
/// # let Options { accept, tolerance, prob, .. } = Options::default();
/// # let terms = Terms { accept, tolerance, prob, runs: 1, planned: 5000, square_only: false, fixed: None };
/// // A hundred boxes of code that is right: nothing is wrong, and much is open.
/// let judged = judge(&evidence, &terms).unwrap();
/// assert_eq!(judged.run.verdict, Verdict::Inconclusive);
/// assert!(judged.found.is_empty() && !judged.run.open.is_empty());
/// assert_eq!(judged.run.refuted + judged.run.open.len() as u64, judged.run.deviations);
/// ```
#[derive(Clone, Debug)]
pub struct Judged {
    /// For the report.
    pub run: LawRun,
    /// What is wrong.
    pub found: Vec<Found>,
    /// Deviations that so few draws would show that they are not looked for.
    pub untested: Vec<String>,
}

/// Judges draws: all of them, or one of each call if those of a call depend on each other. A box of its own is then no draw of
/// its own. Nothing is judged of none.
#[must_use]
pub(in crate::audit) fn judge_calls(evidence: &Evidence, terms: &Terms) -> Option<Judged> {
    let value = dependence(&evidence.couples);
    let has = |judged: &Judged, codes: &[Code]| judged.found.iter().any(|found| codes.contains(&found.code));
    let Some(by_call) = evidence.by_call.as_ref().filter(|_| value >= libm::log(SUSPICIOUS)) else {
        return judge(evidence, terms);
    };
    let doubtful = [Code::DuplicateStream, Code::LawUnknown];
    let mut all = None;
    if value < libm::log(ALARM) {
        // Not sure: it must explain what nothing else does.
        all = judge(evidence, terms);
        if all.as_ref().is_none_or(|all| !has(all, &doubtful)) {
            return all;
        }
    }
    // Calls that are repeated look like draws that depend on each other.
    let codes = if all.is_some() { &doubtful[..] } else { &doubtful[..1] };
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

/// Judges draws. Nothing is judged of none.
///
/// Costs about a quarter of a second for three thousand draws on 40 x 24 pixels; more for more draws, larger images and an
/// alpha below 1, whose types are told apart.
///
/// ```
/// # use cutmix_verify::audit::Options;
/// use cutmix_verify::audit::judge::{Evidence, Part, Place, Terms, judge};
///
/// // One draw cannot convict anybody.
/// let part = Part { size: [4, 3], boxes: vec![[0, 0, 2, 2]], places: vec![Place::default()], applied: Vec::new() };
/// let evidence = Evidence { alpha: Some(1.0), parts: vec![part], ..Evidence::default() };
/// # let Options { accept, tolerance, prob, .. } = Options::default();
/// # let terms = Terms { accept, tolerance, prob, runs: 1, planned: 1000, square_only: false, fixed: None };
/// assert!(judge(&evidence, &terms).unwrap().found.is_empty());
/// ```
#[must_use]
pub fn judge(evidence: &Evidence, terms: &Terms) -> Option<Judged> {
    let draws: usize = evidence.parts.iter().map(|part| part.boxes.len()).sum();
    if draws == 0 {
        return None;
    }
    let streams = streams(evidence, terms.runs);
    let (unique, repeated) = without(evidence, &streams);
    let draws = draws - repeated as usize;
    let square = evidence.parts.iter().all(|part| part.size[0] == part.size[1]);
    let mut shapes: Vec<Shape> = SHAPES.iter().filter(|shape| !square || !shape.needs_oblong()).copied().collect();
    if let Some(sides) = terms.fixed {
        shapes.extend(fixed(sides));
    }
    let fits = Likelihoods::new((&unique.parts, terms.planned), &shapes, evidence.alpha, terms.tolerance, terms.prob);
    let judge = Judge { evidence: &unique, terms, fits: &fits, shapes: &shapes, draws, square, repeated };
    Some(judge.all(&streams))
}

/// What the logarithm of an e-value must reach for a FAIL by one part of the budget.
pub(super) fn limit(runs: usize, part: usize) -> f64 {
    libm::log(ALARM * runs.max(1) as f64 / BUDGET[part].1)
}

pub(super) struct Judge<'a> {
    pub(super) evidence: &'a Evidence,
    pub(super) terms: &'a Terms,
    pub(super) fits: &'a Likelihoods,
    pub(super) shapes: &'a [Shape],
    pub(super) draws: usize,
    pub(super) square: bool,
    pub(super) repeated: u64,
}

/// Evidence against one accepted rule, as logarithms of e-values.
pub(super) struct Against {
    likelihood: f64,
    impossible: f64,
    tests: Vec<(String, f64)>,
    count: u64,
    decided: Option<usize>,
}

impl Against {
    fn generic(&self) -> f64 {
        mean(self.tests.iter().map(|(_, value)| *value))
    }
}

pub(super) fn mean(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let number = values.clone().count();
    if number == 0 { 0.0 } else { log_sum_exp(values) - libm::log(number as f64) }
}

/// Betting on impossible boxes that are more frequent than torn samples.
pub(super) fn impossible(count: u64, draws: u64) -> f64 {
    let rates = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1];
    let of = |rate: f64| {
        count as f64 * libm::log(rate / TORN_RATE)
            + (draws - count) as f64 * libm::log((1.0 - rate) / (1.0 - TORN_RATE))
    };
    mean(rates.into_iter().map(of))
}

impl Judge<'_> {
    pub(super) fn limit(&self, part: usize) -> f64 {
        // Not to know whether a sample may be its own partner makes an e-value twice as large at most.
        let unknown = self.evidence.parts.iter().flat_map(|part| &part.applied).filter(|applied| applied.own.len() > 1);
        limit(self.terms.runs, part) + if part == 0 { unknown.count() as f64 * core::f64::consts::LN_2 } else { 0.0 }
    }

    pub(super) fn accepts(&self, shape: &Shape) -> bool {
        match self.terms.fixed {
            Some(_) => shape.name == "fixed",
            None => self.terms.accept.iter().any(|accepted| accepted.name == shape.name),
        }
    }

    fn nulls(&self) -> Vec<Null<'_>> {
        let mut nulls = Vec::new();
        for fit in self.fits.shapes.iter().filter(|fit| self.accepts(&fit.shape)) {
            for law in 0..self.fits.right {
                nulls.push(Null { fit, law, likelihood: fit.curves[law].clone() });
            }
            if self.fits.right == 0 {
                // Whatever law explains the draws best; known at the end alone.
                let laws = fit.curves.iter().filter_map(|curve| curve.last()).copied();
                nulls.push(Null { fit, law: 0, likelihood: vec![laws.fold(fit.best.0, f64::max)] });
            }
        }
        nulls
    }

    /// Weights of all hypotheses: half for those that are off in one way.
    fn weights(&self) -> Vec<Vec<f64>> {
        let single = |fit: &ShapeFit, law: usize| self.accepts(&fit.shape) || law < self.fits.right;
        let laws = self.fits.laws.len();
        let all = || self.fits.shapes.iter().flat_map(|fit| (0..laws).map(move |law| (fit, law)));
        let number = all().filter(|&(fit, law)| single(fit, law)).count().max(1) as f64;
        let rest = (all().count() as f64 - number).max(1.0);
        let weight = |fit: &ShapeFit, law| -libm::log(2.0 * if single(fit, law) { number } else { rest });
        self.fits.shapes.iter().map(|fit| (0..laws).map(|law| weight(fit, law)).collect()).collect()
    }

    /// The logarithm of the mean likelihood of all hypotheses, by checkpoint.
    fn mixture(&self, weights: &[Vec<f64>]) -> Vec<f64> {
        let at = |checkpoint: usize| {
            let terms: Vec<f64> = self
                .fits
                .shapes
                .iter()
                .zip(weights)
                .flat_map(|(fit, weights)| fit.curves.iter().zip(weights).map(move |(curve, w)| curve[checkpoint] + w))
                .collect();
            log_sum_exp(terms.iter().copied())
        };
        (0..self.fits.checkpoints.len()).map(at).collect()
    }

    fn all(&self, streams: &Streams) -> Judged {
        let weights = self.weights();
        let mixture = self.mixture(&weights);
        let nulls = self.nulls();
        let classes = self.classes();
        let against: Vec<Against> = nulls.iter().map(|null| self.against(null, &mixture, &classes)).collect();
        let mut identified = self.identify(&weights);
        let interval = self.interval(&identified);
        let fails = |part: usize, value: f64| value >= self.limit(part);
        let failed: Vec<bool> =
            against.iter().map(|a| fails(0, a.likelihood) || fails(2, a.impossible) || fails(1, a.generic())).collect();
        let stream_fails = fails(3, mean(streams.tests.iter().map(|(_, value, _)| *value)));
        let law_fails = failed.iter().all(|&failed| failed);
        // The accepted rule with the least against it.
        let total = |a: &Against| a.likelihood.max(a.impossible).max(a.generic());
        let least = (0..nulls.len()).min_by(|&i, &j| total(&against[i]).total_cmp(&total(&against[j])));
        let survivor = least.map(|i| (&nulls[i], &against[i]));
        let mut deviations = self.deviations(&nulls);
        let rate = libm::log(REFUTED) / self.draws as f64;
        let untested = self.alike(&mut deviations, &nulls, rate);
        let deviations: Vec<Deviation> = deviations.into_iter().map(|(deviation, ..)| deviation).collect();
        let open: Vec<&Deviation> = deviations.iter().filter(|d| d.log10_e < libm::log10(REFUTED)).collect();
        let mut found: Vec<Found> = Vec::new();
        let mut reasons: Vec<String> = Vec::new();
        let mut needed = self.terms.planned.saturating_sub(self.draws as u64);
        if law_fails {
            self.findings(&mut identified, interval.as_ref(), &classes, &mut found);
        }
        if stream_fails {
            for (code, value, text) in &streams.tests {
                if *value >= self.limit(3) {
                    found.push(Found::new(*code, text.clone()));
                }
            }
        }
        if found.is_empty() {
            if self.evidence.alpha.is_none() && self.terms.fixed.is_none() {
                reasons.push("no --alpha was given, so the law of lambda is not judged".into());
            }
            if self.square && !self.terms.square_only {
                reasons.push("exchanged axes do not show on square images".into());
            }
            if needed > 0 {
                reasons.push(format!("{} of {} planned draws", self.draws, self.terms.planned));
            }
            if let Some((_, against)) = survivor.as_ref().filter(|_| needed == 0) {
                if against.impossible >= libm::log(TORN) {
                    reasons.push(format!("{} boxes that are impossible", against.count));
                }
                if total(against) >= libm::log(REFUTED) {
                    reasons.push("suspicious, but not sure".into());
                }
            }
            if let (false, true) = (open.is_empty(), needed == 0) {
                let names: Vec<&str> = open.iter().take(3).map(|d| d.name.as_str()).collect();
                reasons.push(format!("not refuted yet: {}", names.join("; ")));
                needed = open.iter().map(|d| self.more(d)).max().unwrap_or(0);
            }
        }
        let verdict = match (found.is_empty(), reasons.is_empty()) {
            (false, _) => Verdict::Fail,
            (_, true) => Verdict::Pass,
            _ => Verdict::Inconclusive,
        };
        let decided = if law_fails {
            against.iter().map(|a| a.decided).collect::<Option<Vec<usize>>>().and_then(|all| all.into_iter().max())
        } else {
            None
        };
        let tests = survivor.as_ref().map_or(Vec::new(), |(_, against)| {
            let tests = against.tests.iter().map(|(name, value)| (name.clone(), *value));
            let streams = streams.tests.iter().map(|(_, value, _)| ("repeats and pairing".to_owned(), *value));
            tests.chain(streams).map(|(name, value)| LawTest { name, log10_e: round(value / LN_10) }).collect()
        });
        let accepted = nulls.iter().zip(&against).map(|(null, against)| self.accepted(null, against)).collect();
        let run = LawRun {
            alpha: self.evidence.alpha,
            sizes: self.evidence.parts.iter().map(|part| part.size).collect(),
            draws: self.draws as u64,
            repeated: self.repeated,
            by_call: false,
            planned: self.terms.planned,
            tolerance: self.terms.tolerance,
            verdict,
            because: reasons.join("; "),
            decided: decided.map(|draws| draws as u64),
            needed: (verdict == Verdict::Inconclusive && needed > 0).then_some(needed),
            excluded_rate: round(rate),
            accepted,
            curves: self.curves(&nulls, &mixture, &identified),
            refuted: (deviations.len() - open.len()) as u64,
            deviations: deviations.len() as u64,
            open: open.into_iter().cloned().collect(),
            identified,
            interval,
            tests,
            extents: self.extents(&nulls),
        };
        Judged { run, found, untested }
    }

    /// Draws by their numbers.
    pub(super) fn drawn(&self, draws: &[usize]) -> Vec<Drawn> {
        let one = |&draw: &usize| self.evidence.drawn(draw).map(|(part, place, patch)| (place, patch, part.size));
        draws.iter().filter_map(one).collect()
    }

    fn accepted(&self, null: &Null<'_>, against: &Against) -> Accepted {
        Accepted {
            rule: null.fit.shape.name,
            law: self
                .fits
                .laws
                .get(null.law)
                .filter(|_| self.fits.right > 0)
                .map_or("any alpha".into(), |law| law.name.clone()),
            log10_likelihood: round(against.likelihood / LN_10),
            log10_impossible: round(against.impossible / LN_10),
            log10_generic: round(against.generic() / LN_10),
            impossible: against.count,
        }
    }

    /// Classes of draws, and how many are in each, by part.
    fn classes(&self) -> Vec<(Classes, Vec<Vec<u64>>)> {
        let alpha = self.evidence.alpha.unwrap_or(1.0);
        let of = |part: &Part| {
            let features = Features::new(&SHAPES[0], part.size);
            let moments = Lambda::beta(alpha).moments(features.grid());
            let classes = Classes::new(&features, &moments, part.size);
            let counts = Sort::ALL.map(|sort| classes.counts(sort, &part.boxes)).to_vec();
            (classes, counts)
        };
        self.evidence.parts.iter().map(of).collect()
    }

    fn against(&self, null: &Null<'_>, mixture: &[f64], classes: &[(Classes, Vec<Vec<u64>>)]) -> Against {
        let known = self.fits.right > 0;
        let ratio = |checkpoint: usize| {
            if known {
                mixture[checkpoint] - null.likelihood[checkpoint]
            } else {
                mixture[checkpoint] - null.likelihood[0]
            }
        };
        let checkpoints = &self.fits.checkpoints;
        let last = checkpoints.len() - 1;
        let counts = null.fit.impossible.get(null.law);
        let torn = |checkpoint: usize| {
            counts.map_or(0.0, |counts| impossible(counts[checkpoint], checkpoints[checkpoint] as u64))
        };
        // An e-process may be stopped wherever it is largest; without an alpha only its end is known.
        let looked = || if known { 0..last + 1 } else { last..last + 1 };
        let likelihood = looked().map(ratio).fold(f64::MIN, f64::max);
        let worst = looked().map(torn).fold(f64::MIN, f64::max);
        let decided = looked().find(|&i| ratio(i) >= self.limit(0) || torn(i) >= self.limit(2));
        let tests = if known { self.tests(&null.fit.shape, &self.fits.laws[null.law], classes) } else { Vec::new() };
        let mut against = Against {
            likelihood,
            impossible: worst,
            tests,
            count: counts.and_then(|counts| counts.last()).copied().unwrap_or(0),
            decided: decided.map(|i| checkpoints[i]),
        };
        if against.decided.is_none() && against.generic() >= self.limit(1) {
            against.decided = Some(self.draws);
        }
        against
    }

    /// Tests of deviations that nobody has thought of.
    pub(super) fn tests(
        &self,
        shape: &Shape,
        law: &Hypothesis,
        classes: &[(Classes, Vec<Vec<u64>>)],
    ) -> Vec<(String, f64)> {
        let mut tests = Vec::new();
        for (part, (classes, counts)) in self.evidence.parts.iter().zip(classes) {
            let features = Features::new(shape, part.size);
            let moments = law.law.moments_in(features.grid(), law.precision);
            let areas = features.areas(&moments);
            for (sort, counts) in Sort::ALL.into_iter().zip(counts) {
                let p = classes.probabilities(sort, &features, &moments, &areas);
                let size = if self.evidence.parts.len() > 1 {
                    format!(" ({}x{})", part.size[0], part.size[1])
                } else {
                    String::new()
                };
                tests.push((format!("{}{size}", sort.name()), dirichlet(counts, &p)));
            }
        }
        tests
    }
}

pub(super) fn code_of(shape: &Shape) -> Code {
    // A rule of the paper's that was not accepted.
    shape.code.unwrap_or(Code::BoxRule)
}

/// To four digits: what is printed must not depend on the last bits of a sum.
pub(super) fn round(value: f64) -> f64 {
    if !value.is_finite() || value == 0.0 {
        return if value.is_finite() { value } else { value.signum() * 1e9 };
    }
    let scale = libm::pow(10.0, 3.0 - libm::floor(libm::log10(value.abs())));
    libm::rint(value * scale) / scale
}
