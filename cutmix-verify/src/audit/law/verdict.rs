//! PASS, FAIL or INCONCLUSIVE, from the evidence of one alpha.

use super::evidence::{EARLIER, Likelihoods, Part, Place, ShapeFit, distance, impossible_under, interval};
use super::generic::{Classes, Sort, dirichlet};
use super::hypotheses::{Hypothesis, Rate};
use super::stream::{Repeat, collisions, repeats, shortest};
use crate::audit::Prob;
use crate::law::boxes::{Corners, Table};
use crate::law::features::Features;
use crate::law::lambda::{Lambda, Precision};
use crate::law::shape::{SHAPES, Shape, fixed};
use crate::law::special::log_sum_exp;
use crate::report::{Accepted, AlphaInterval, Curve, Deviation, Extents, Identified, LawRun, LawTest, Verdict};

/// Once in how many audits a right implementation may FAIL, at most.
pub(super) const ALARM: f64 = 1e6;
/// How that is divided. Every part is an e-value or a mean of e-values, whatever they have to do with each other.
pub const BUDGET: [(&str, f64); 4] =
    [("likelihood ratios", 0.5), ("unknown laws", 0.3), ("impossible boxes", 0.1), ("repeats and pairing", 0.1)];
/// What refutes a deviation.
pub(super) const REFUTED: f64 = 1e4;
/// Impossible boxes that a PASS may have at most, as evidence.
const TORN: f64 = 1e3;
/// Probability of an impossible box in an implementation that is right: rounding of binary32 at an edge.
const TORN_RATE: f64 = 1e-7;
/// What is taken from a law that was chosen among many after the draws were seen.
const CHOSEN: f64 = 7.0;
const LN_10: f64 = core::f64::consts::LN_10;

/// All that one alpha's calls showed.
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
}

/// What is asked for.
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
struct Null<'a> {
    fit: &'a ShapeFit,
    law: usize,
    likelihood: Vec<f64>,
}

/// A draw: where it was made, its box, and the size of its image.
pub type Drawn = (Place, Corners, [u32; 2]);

/// What was concluded, and the codes of what is wrong, with a text of what was seen and some draws that show it.
#[derive(Clone, Debug)]
pub struct Judged {
    /// For the report.
    pub run: LawRun,
    /// What is wrong.
    pub found: Vec<(&'static str, String, Vec<Drawn>)>,
    /// Deviations that so few draws would show that they are not looked for.
    pub untested: Vec<String>,
}

/// Judges draws. Nothing is judged of none.
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

/// Evidence without what was drawn before, which says nothing new, and how many draws that was.
fn without(evidence: &Evidence, streams: &Streams) -> (Evidence, u64) {
    let mut unique = evidence.clone();
    let mut repeated = 0;
    for (part, found) in unique.parts.iter_mut().zip(&streams.repeats) {
        repeated += found.iter().map(|repeat| repeat.length as u64).sum::<u64>();
        part.forget(found);
    }
    (unique, repeated)
}

/// Evidence with every draw once.
#[must_use]
pub fn once(evidence: &Evidence) -> Evidence {
    without(evidence, &streams(evidence, 1)).0
}

/// What the order of draws and the choice of partners say.
struct Streams {
    repeats: Vec<Vec<Repeat>>,
    /// Code, logarithm of an e-value, and what was seen.
    tests: Vec<(&'static str, f64, String)>,
}

/// What the logarithm of an e-value must reach for a FAIL by one part of the budget.
fn limit(runs: usize, part: usize) -> f64 {
    libm::log(ALARM * runs.max(1) as f64 / BUDGET[part].1)
}

/// Repeats of draws within one process, and partners that are not equally likely.
fn streams(evidence: &Evidence, runs: usize) -> Streams {
    let mut streams = Streams { repeats: Vec::new(), tests: Vec::new() };
    let alpha = evidence.alpha.unwrap_or(1.0);
    // Their mean is judged, so each of them alone must be able to decide.
    let number = evidence.pairings.len() + evidence.parts.len();
    let certainty = libm::exp(limit(runs, 3)) * number as f64 * 1.01;
    for part in &evidence.parts {
        let features = Features::new(&SHAPES[0], part.size);
        let exact = features.collision(&Lambda::beta(alpha).moments(features.grid()));
        // Whatever is drawn more often than it should be is drawn twice more often as well.
        let collision = (1.5 * exact).max(2.0 * collisions(&part.boxes)).min(0.5);
        let length = shortest(part.boxes.len(), collision, certainty);
        let repeats = repeats(&part.boxes, length);
        // Two traces may have been made from one seed; one process has no reason to repeat itself.
        let one = |repeat: &&Repeat| {
            let trace = |draw: usize| part.places.get(draw).map(|place| place.trace);
            let (at, before) = (trace(repeat.at), trace(repeat.before));
            let now = [at, before].into_iter().flatten().all(|trace| trace < EARLIER);
            now && (evidence.one_process || at == before)
        };
        let longest = repeats.iter().filter(one).max_by_key(|repeat| repeat.length);
        let value = if longest.is_some() { libm::log(certainty) } else { f64::NEG_INFINITY };
        let text = longest.map_or(String::new(), |repeat| {
            format!(
                "{} draws in a row, the first of them number {}, are those from number {} on",
                repeat.length, repeat.at, repeat.before
            )
        });
        streams.tests.push(("DUPLICATE_STREAM", value, text));
        streams.repeats.push(repeats);
    }
    for (counts, p) in &evidence.pairings {
        let text = format!("how often each partner was chosen: {counts:?}");
        streams.tests.push(("PAIRING_BIASED", dirichlet(counts, p), text));
    }
    streams
}

struct Judge<'a> {
    evidence: &'a Evidence,
    terms: &'a Terms,
    fits: &'a Likelihoods,
    shapes: &'a [Shape],
    draws: usize,
    square: bool,
    repeated: u64,
}

/// Evidence against one accepted rule, as logarithms of e-values.
struct Against {
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

fn mean(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let number = values.clone().count();
    if number == 0 { 0.0 } else { log_sum_exp(values) - libm::log(number as f64) }
}

/// Betting on impossible boxes that are more frequent than torn samples.
fn impossible(count: u64, draws: u64) -> f64 {
    let rates = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1];
    let of = |rate: f64| {
        count as f64 * libm::log(rate / TORN_RATE)
            + (draws - count) as f64 * libm::log((1.0 - rate) / (1.0 - TORN_RATE))
    };
    mean(rates.into_iter().map(of))
}

impl Judge<'_> {
    fn limit(&self, part: usize) -> f64 {
        // Not to know whether a sample may be its own partner makes an e-value twice as large at most.
        let unknown = self.evidence.parts.iter().flat_map(|part| &part.applied).filter(|applied| applied.own.len() > 1);
        limit(self.terms.runs, part) + if part == 0 { unknown.count() as f64 * core::f64::consts::LN_2 } else { 0.0 }
    }

    fn accepts(&self, shape: &Shape) -> bool {
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
                // Whatever alpha explains the draws best; known at the end alone.
                nulls.push(Null { fit, law: 0, likelihood: vec![fit.best.0] });
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
        let identified = self.identify(&weights);
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
        let mut found: Vec<(&'static str, String, Vec<usize>)> = Vec::new();
        let mut reasons: Vec<String> = Vec::new();
        let mut needed = self.terms.planned.saturating_sub(self.draws as u64);
        if law_fails {
            self.findings(&identified, interval.as_ref(), &classes, &mut found);
        }
        if stream_fails {
            for (code, value, text) in &streams.tests {
                if *value >= self.limit(3) {
                    found.push((code, text.clone(), Vec::new()));
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
        let drawn = |draw: usize| self.evidence.drawn(draw).map(|(part, place, patch)| (place, patch, part.size));
        let shown = |(code, text, draws): (&'static str, String, Vec<usize>)| {
            (code, text, draws.into_iter().filter_map(drawn).collect())
        };
        Judged { run, found: found.into_iter().map(shown).collect(), untested }
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
    fn tests(&self, shape: &Shape, law: &Hypothesis, classes: &[(Classes, Vec<Vec<u64>>)]) -> Vec<(String, f64)> {
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

    /// Evidence against every deviation.
    fn deviations(&self, nulls: &[Null<'_>]) -> Vec<(Deviation, &ShapeFit, Option<usize>)> {
        let Some(alpha) = self.evidence.alpha else { return Vec::new() };
        // The mean likelihood of what is accepted, at the end.
        let ours = mean(nulls.iter().filter_map(|null| null.likelihood.last().copied()));
        let mut all = Vec::new();
        let mut add = |name: String, code: &'static str, theirs: f64, fit, law| {
            all.push((Deviation { name, code, log10_e: round((ours - theirs) / LN_10) }, fit, law));
        };
        for fit in &self.fits.shapes {
            let shape = &fit.shape;
            let accepted = self.accepts(shape);
            if accepted && !shape.without_lambda() {
                let tolerance = self.terms.tolerance;
                for (theirs, range) in fit.outside.into_iter().zip([
                    format!("alpha below {:.4}", alpha / tolerance),
                    format!("alpha above {:.4}", alpha * tolerance),
                ]) {
                    add(format!("{}, {range}", shape.name), "ALPHA", theirs, fit, None);
                }
            } else if !accepted {
                add(format!("{}: {}", shape.name, shape.what), code_of(shape), fit.best.0, fit, None);
            }
            for (number, (law, curve)) in self.fits.laws.iter().zip(&fit.curves).enumerate().skip(self.fits.right) {
                // However often something is done includes as often as promised; at 1 twice is once.
                let told = match law.rate {
                    Rate::Promised => true,
                    Rate::Squared => matches!(self.terms.prob, Prob::Known(p) if p > 0.0 && p < 1.0),
                    Rate::Any => false,
                };
                if law.code != "ALPHA" && told && !shape.without_lambda() {
                    let theirs = curve.last().copied().unwrap_or(0.0);
                    add(format!("{}, {}", shape.name, law.name), law.code, theirs, fit, Some(number));
                }
            }
        }
        all.sort_by(|(a, ..), (b, ..)| a.log10_e.total_cmp(&b.log10_e).then_with(|| a.name.cmp(&b.name)));
        all
    }

    /// Takes out deviations that differ from what is accepted and fits best in fewer draws than a PASS excludes: their laws
    /// are nearly one.
    fn alike(
        &self,
        deviations: &mut Vec<(Deviation, &ShapeFit, Option<usize>)>,
        nulls: &[Null<'_>],
        rate: f64,
    ) -> Vec<String> {
        let mut notes = Vec::new();
        let last = |null: &Null<'_>| null.likelihood.last().copied().unwrap_or(f64::MIN);
        let Some(null) = nulls.iter().max_by(|a, b| last(a).total_cmp(&last(b))) else { return notes };
        let Some(law) = self.fits.laws.get(null.law).filter(|_| self.fits.right > 0) else { return notes };
        deviations.retain(|(deviation, fit, number)| {
            // The tolerance of alpha is asked for, however little it changes.
            if deviation.log10_e >= libm::log10(REFUTED) || deviation.code == "ALPHA" || deviation.code == "APPLY_RATE"
            {
                return true;
            }
            let other = match number {
                Some(number) => (self.fits.laws[*number].law.clone(), self.fits.laws[*number].precision),
                None => (law.law.clone(), law.precision),
            };
            let ours = (&null.fit.shape, &law.law, law.precision);
            let apart = distance(&self.evidence.parts, ours, (&fit.shape, &other.0, other.1));
            if apart < rate {
                notes.push(format!(
                    "{} ({}): differs from {} in {:.3} % of draws, and this audit excludes {:.3} %",
                    deviation.code,
                    deviation.name,
                    null.fit.shape.name,
                    100.0 * apart,
                    100.0 * rate
                ));
            }
            apart >= rate
        });
        notes
    }

    /// Draws that a deviation still needs, at the pace of those so far.
    fn more(&self, deviation: &Deviation) -> u64 {
        let missing = (libm::log10(REFUTED) + 1.0 - deviation.log10_e).max(0.0);
        let pace = (deviation.log10_e / self.draws as f64).max(libm::log10(REFUTED) / (8.0 * self.draws as f64));
        (missing / pace).ceil() as u64
    }

    /// What explains the draws best, and by how much.
    fn identify(&self, weights: &[Vec<f64>]) -> Identified {
        let laws = &self.fits.laws;
        let of_shape = |i: usize| {
            let fit = &self.fits.shapes[i];
            let terms = fit.curves.iter().zip(&weights[i]).map(|(curve, w)| curve.last().unwrap_or(&0.0) + w);
            log_sum_exp(terms.collect::<Vec<f64>>().into_iter()).max(fit.best.0 - CHOSEN)
        };
        let shapes: Vec<f64> = (0..self.fits.shapes.len()).map(of_shape).collect();
        let (best, second) = top(&shapes);
        let fit = &self.fits.shapes[best];
        // Laws by family: those of one code are one.
        let mut families: Vec<(&str, f64, usize)> = Vec::new();
        for (i, (law, curve)) in laws.iter().zip(&fit.curves).enumerate() {
            let value = curve.last().copied().unwrap_or(0.0);
            match families.iter_mut().find(|(code, ..)| *code == law.code) {
                Some(family) if value > family.1 => (family.1, family.2) = (value, i),
                Some(_) => {}
                None => families.push((law.code, value, i)),
            }
        }
        for family in &mut families {
            if family.0 == "ALPHA" && fit.searched {
                // A parameter that fits by chance gains about that much.
                family.1 = family.1.max(fit.best.0) - 0.5 * libm::log(self.draws as f64);
            }
            // Chosen afterwards among many; what was asked for was not.
            if !family.0.is_empty() {
                family.1 -= CHOSEN;
            }
        }
        let values: Vec<f64> = families.iter().map(|family| family.1).collect();
        let (law, _) = top(&values);
        // How often something is done is no rival to what is done.
        let rates = |i: &usize| *i != law && (families[*i].0 != "APPLY_RATE" || families[law].0 == "APPLY_RATE");
        let other = (0..values.len()).filter(rates).max_by(|&i, &j| values[i].total_cmp(&values[j]));
        let family = &families[law];
        let name = match family.0 {
            "ALPHA" => format!("Beta({0:.3}, {0:.3})", fit.best.1),
            _ => laws[family.2].name.clone(),
        };
        let odds = |values: &[f64], first: usize, second: Option<usize>| {
            second.map_or(0.0, |second| round((values[first] - values[second]) / LN_10))
        };
        let claimed = families.iter().position(|family| family.0.is_empty());
        Identified {
            rule: fit.shape.name,
            what: fit.shape.what,
            rule_odds: odds(&shapes, best, second),
            rule_rival: second.map_or("", |second| self.fits.shapes[second].shape.name),
            law: name,
            law_code: family.0,
            law_odds: odds(&values, law, other),
            law_rival: other.map_or(String::new(), |other| laws[families[other].2].name.clone()),
            against_asked: claimed.map_or(0.0, |claimed| odds(&values, law, Some(claimed))),
        }
    }

    /// The alphas that the draws do not exclude, under the rule that explains them best.
    fn interval(&self, identified: &Identified) -> Option<AlphaInterval> {
        let fit = self.fits.shapes.iter().find(|fit| fit.shape.name == identified.rule)?;
        if !fit.searched || fit.shape.without_lambda() {
            return None;
        }
        let betas = self.fits.laws.iter().zip(&fit.curves).filter(|(law, _)| matches!(law.code, "" | "ALPHA"));
        let mixture = mean(betas.filter_map(|(_, curve)| curve.last().copied()).collect::<Vec<f64>>().into_iter());
        let least = mixture - libm::log(ALARM);
        let [low, high] = interval(
            (&self.evidence.parts, self.terms.prob),
            self.shapes,
            &fit.shape,
            self.evidence.alpha,
            fit.best.1,
            least,
        );
        Some(AlphaInterval { hat: round(fit.best.1), low: round(low), high: round(high) })
    }

    /// Codes of what is wrong with the law.
    fn findings(
        &self,
        identified: &Identified,
        interval: Option<&AlphaInterval>,
        classes: &[(Classes, Vec<Vec<u64>>)],
        found: &mut Vec<(&'static str, String, Vec<usize>)>,
    ) {
        let Some(fit) = self.fits.shapes.iter().find(|fit| fit.shape.name == identified.rule) else { return };
        // The accepted rule that comes nearest, for an example of what is impossible under it.
        let accepted = self.fits.shapes.iter().filter(|fit| self.accepts(&fit.shape));
        let last = |fit: &ShapeFit| fit.curves.first().and_then(|curve| curve.last()).copied().unwrap_or(fit.best.0);
        let nearest = accepted.max_by(|a, b| last(a).total_cmp(&last(b)));
        let example = |fit: Option<&ShapeFit>| fit.map(|fit| fit.examples.clone()).unwrap_or_default();
        let odds =
            |odds: f64| if odds >= 6.0 { "identified".to_owned() } else { format!("most likely, 10^{odds:.1} to 1") };
        let other_rule = !self.accepts(&fit.shape);
        if other_rule {
            let text = format!("{}: {} ({})", fit.shape.name, fit.shape.what, odds(identified.rule_odds));
            found.push((code_of(&fit.shape), text, example(nearest)));
        }
        // With a rule that is wrong, another law must be sure as well.
        if !identified.law_code.is_empty() && (!other_rule || identified.against_asked >= 6.0) {
            let alpha = interval.filter(|_| identified.law_code == "ALPHA").map_or(String::new(), |interval| {
                format!("; alpha is {} ({} to {})", interval.hat, interval.low, interval.high)
            });
            let text = match identified.law_code {
                "APPLY_RATE" => self.rate(),
                _ => format!("lambda follows {} ({}){alpha}", identified.law, odds(identified.law_odds)),
            };
            found.push((identified.law_code, text, Vec::new()));
        }
        // Whatever was identified may not be all of it, or nothing of it.
        let law = match identified.law_code {
            "ALPHA" => Hypothesis {
                name: identified.law.clone(),
                code: "ALPHA",
                law: Lambda::beta(fit.best.1),
                precision: Precision::F32,
                rate: Rate::Promised,
            },
            _ => match self.fits.laws.iter().find(|law| law.name == identified.law) {
                Some(law) => law.clone(),
                None => return,
            },
        };
        let tests = self.tests(&fit.shape, &law, classes);
        let unknown: Vec<&str> =
            tests.iter().filter(|(_, value)| *value >= self.limit(1)).map(|(name, _)| name.as_str()).collect();
        let (counts, first) = impossible_under(&self.evidence.parts, &fit.shape, &law);
        if impossible(counts, self.draws as u64) >= self.limit(2) {
            let text = format!("{counts} of {} boxes are impossible under {}", self.draws, fit.shape.name);
            found.push(("IMPOSSIBLE_BOX", text, first));
        }
        if !unknown.is_empty() {
            found.push((
                "LAW_UNKNOWN",
                format!("{} does not explain: {}", fit.shape.name, unknown.join(", ")),
                Vec::new(),
            ));
        }
        if found.is_empty() {
            found.push(("LAW_UNKNOWN", "no accepted rule explains the draws".into(), example(nearest)));
        }
    }

    /// How often something was changed, in words.
    fn rate(&self) -> String {
        let all = self.evidence.parts.iter().flat_map(|part| &part.applied).map(|applied| applied.until(u32::MAX));
        let [trials, touched] = all.fold([0, 0], |sum, one| [sum[0] + one[0], sum[1] + one[1]]);
        let promised = self.fits.laws.first().zip(self.evidence.parts.first()).map(|(law, part)| {
            let table = Table::new(&SHAPES[0], part.size, &[]);
            let filled = table.filled(&law.law.moments_in(table.grid(), law.precision));
            let prob = if let Prob::Known(prob) = self.terms.prob { prob } else { 1.0 };
            prob * filled * trials as f64
        });
        let promised = promised.map_or(String::new(), |number| format!(", at most about {number:.0} promised"));
        format!("{touched} of {trials} samples were changed{promised}")
    }

    /// What was seen beside what the accepted rule that fits best would show, on the size with the most draws.
    fn extents(&self, nulls: &[Null<'_>]) -> Option<Extents> {
        let last = |null: &Null<'_>| null.likelihood.last().copied().unwrap_or(f64::MIN);
        let null = nulls.iter().max_by(|a, b| last(a).total_cmp(&last(b)))?;
        let law = self.fits.laws.get(null.law).filter(|_| self.fits.right > 0);
        let law = law.map_or(Lambda::beta(null.fit.best.1), |law| law.law.clone());
        let part = self.evidence.parts.iter().max_by_key(|part| part.boxes.len())?;
        let features = Features::new(&null.fit.shape, part.size);
        let moments = law.moments(features.grid());
        let [width, height] = part.size;
        let extent = |(lo, hi): (u32, u32)| (hi - lo) as usize;
        let all = |_: (u32, u32)| 0;
        let sides = [
            features.joint(&moments, [width as usize + 1, 1], [&extent, &all]),
            features.joint(&moments, [1, height as usize + 1], [&all, &extent]),
        ];
        let mut seen = [vec![0_u64; width as usize + 1], vec![0; height as usize + 1]];
        let mut areas = vec![0_u64; (width * height) as usize + 1];
        let mut counts = vec![0_u64; (width * height) as usize];
        for patch in &part.boxes {
            let [w, h] = [patch[2] - patch[0], patch[3] - patch[1]];
            seen[0][w as usize] += 1;
            seen[1][h as usize] += 1;
            areas[(w * h) as usize] += 1;
            for y in patch[1]..patch[3] {
                counts[(y * width + patch[0]) as usize..(y * width + patch[2]) as usize]
                    .iter_mut()
                    .for_each(|n| *n += 1);
            }
        }
        let draws = part.boxes.len() as f64;
        let (mut below, mut expected_below) = (0, 0.0);
        let expected_areas = features.areas(&moments);
        let mut area = Vec::new();
        let step = areas.len().div_ceil(200);
        for (pixels, (n, p)) in areas.iter().zip(&expected_areas).enumerate() {
            below += n;
            expected_below += p;
            if pixels % step == 0 || pixels + 1 == areas.len() {
                area.push((pixels as f64 / f64::from(width * height), below as f64 / draws, expected_below));
            }
        }
        Some(Extents {
            rule: null.fit.shape.name,
            size: part.size,
            draws: part.boxes.len() as u64,
            sides: core::array::from_fn(|axis| seen[axis].iter().copied().zip(sides[axis].iter().copied()).collect()),
            area,
            // Dvoretzky, Kiefer and Wolfowitz: what a distance exceeds once in a million.
            band: libm::sqrt(libm::log(2e6) / (2.0 * draws.max(1.0))),
            counts,
            coverage: features.coverage(&moments),
        })
    }

    /// How evidence grew, for the page.
    fn curves(&self, nulls: &[Null<'_>], mixture: &[f64], identified: &Identified) -> Vec<Curve> {
        let checkpoints = &self.fits.checkpoints;
        if self.fits.right == 0 {
            return Vec::new();
        }
        let ours: Vec<f64> =
            (0..checkpoints.len()).map(|i| mean(nulls.iter().map(|null| null.likelihood[i]))).collect();
        let points = |of: &dyn Fn(usize) -> f64| -> Vec<(u64, f64)> {
            (0..checkpoints.len()).map(|i| (checkpoints[i] as u64, round(of(i) / LN_10))).collect()
        };
        let against = |i: usize| {
            let best = nulls.iter().map(|null| null.likelihood[i]).fold(f64::MIN, f64::max);
            mixture[i] - best
        };
        let mut curves = vec![Curve { name: "against all that is accepted".into(), points: points(&against) }];
        let mut rivals: Vec<(f64, String, &Vec<f64>)> = Vec::new();
        for fit in &self.fits.shapes {
            for (i, (law, curve)) in self.fits.laws.iter().zip(&fit.curves).enumerate() {
                let single = if self.accepts(&fit.shape) { i >= self.fits.right } else { i == 0 };
                // How often something is done is another matter.
                if single && law.code != "APPLY_RATE" {
                    let name =
                        if i == 0 { fit.shape.name.to_owned() } else { format!("{}, {}", fit.shape.name, law.name) };
                    rivals.push((curve.last().copied().unwrap_or(0.0), name, curve));
                }
            }
        }
        // Those that hold out longest, at one line a rule that was identified or not accepted.
        rivals.retain(|(_, name, _)| !name.contains(", ") || name.starts_with(identified.rule));
        rivals.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        for (_, name, curve) in rivals.into_iter().take(6) {
            curves.push(Curve { name: format!("against {name}"), points: points(&|i| ours[i] - curve[i]) });
        }
        curves
    }
}

fn code_of(shape: &Shape) -> &'static str {
    // A rule of the paper's that was not accepted.
    if shape.code.is_empty() { "BOX_RULE" } else { shape.code }
}

/// The first and the second largest.
fn top(values: &[f64]) -> (usize, Option<usize>) {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&i, &j| values[j].total_cmp(&values[i]));
    (order.first().copied().unwrap_or(0), order.get(1).copied())
}

/// To four digits: what is printed must not depend on the last bits of a sum.
pub(super) fn round(value: f64) -> f64 {
    if !value.is_finite() || value == 0.0 {
        return if value.is_finite() { value } else { value.signum() * 1e9 };
    }
    let scale = libm::pow(10.0, 3.0 - libm::floor(libm::log10(value.abs())));
    libm::rint(value * scale) / scale
}
