//! Which rule and which law explain the draws best, and what is wrong with them.
//!
//! A rule's value is the logarithm of its weighted mean likelihood over all laws, a law's that of its likelihood under the best
//! rule, and the difference to the next is the logarithm of the odds: posterior odds, where all are equally likely before. Laws
//! of one code are one family, for which its best stands.
//!
//! What is fitted always gains a little. So a law that was chosen among all after the draws were seen pays `CHOSEN`, and one
//! with a fitted parameter pays `ln(n) / 2` beside it, which is what Laplace's approximation takes for a parameter of width
//! `1 / sqrt(n)`. What was given up: an exact prior over alphas, whose choice would be as arbitrary and takes an integral.
//!
//! What fits best may not fit. The unknown deviations are tested again under what was identified, and where they remain the
//! finding is that nothing known explains the draws.

use rayon::prelude::*;

use super::against::impossible;
use super::alarm::{ALARM, Share, log10, mean, round};
use super::case::{Counted, Judge};
use super::evidence::{Drawn, Part};
use super::hypotheses::Ranked;
use super::likelihood::ShapeFit;
use super::terms::Found;
use crate::audit::prob::Prob;
use crate::law::boxes::Table;
use crate::law::special::log_sum_exp;
use crate::profile::shape::{SHAPES, Shape};
use crate::profile::{Code, Hypothesis, Lambda, LambdaLaw, Precision};
use crate::reference::Patch;
use crate::report::{AlphaInterval, Identified, SURE, Tested, Wrong};

/// What is taken from a law that was chosen after the draws were seen: the logarithm of how many there are, a thousand or two.
const CHOSEN: f64 = 7.0;
/// Boxes that a rule cannot make are some branch's that is rarely taken, below this share of the draws; above it the rule is
/// not theirs. A branch of a tenth is the largest that somebody would still call an exception.
const FEW: f64 = 0.1;

/// Rules that laws of an interval are fitted for: those that come nearest.
const BOUNDED: usize = 3;

/// A rule by its number, and laws of an interval that were fitted under it.
pub(super) type Bounded = (usize, Vec<Ranked>);

/// A fitted parameter's gain by chance.
pub(super) fn chance(draws: f64) -> f64 {
    0.5 * libm::log(draws)
}

/// Laws with their values and log-likelihoods, those of one code as one, none of which has paid for being chosen.
pub(super) fn families<'a>(laws: impl Iterator<Item = (&'a Hypothesis, f64, f64)>) -> Vec<Ranked> {
    let mut families: Vec<Ranked> = Vec::new();
    for (law, value, likelihood) in laws {
        match families.iter_mut().find(|family| family.law.code() == law.code()) {
            Some(family) if value > family.value => *family = Ranked { law: law.clone(), value, likelihood },
            Some(_) => {}
            None => families.push(Ranked { law: law.clone(), value, likelihood }),
        }
    }
    families
}

/// Takes what a choice afterwards gains; what was asked for was not chosen.
pub(super) fn pay(families: &mut [Ranked]) {
    families.iter_mut().filter(|family| family.law.code().is_some()).for_each(|family| family.value -= CHOSEN);
}

/// The best of some families with its odds; there is at least one.
pub(super) fn identified(families: &[Ranked]) -> Identified {
    let values: Vec<f64> = families.iter().map(|family| family.value).collect();
    let (best, _) = top(&values);
    let rate = |i: usize| families[i].law.code() == Some(Code::ApplyRate);
    // How often something is done is no rival to what is done.
    let rivals = (0..values.len()).filter(|&i| i != best && (!rate(i) || rate(best)));
    let rival = rivals.max_by(|&i, &j| values[i].total_cmp(&values[j]));
    let asked = families.iter().position(|family| family.law.code().is_none());
    let odds = |other: Option<usize>| other.map_or(0.0, |other| log10(values[best] - values[other]));
    let ratio =
        |other: Option<usize>| other.map_or(0.0, |other| log10(families[best].likelihood - families[other].likelihood));
    Identified {
        law: Some(families[best].law.clone()),
        law_odds: odds(rival),
        law_ratio: ratio(rival),
        law_rival: rival.map(|rival| families[rival].law.clone()),
        against_asked: odds(asked),
        asked_ratio: ratio(asked),
        explains: true,
        ..Identified::default()
    }
}

impl Judge<'_> {
    /// What a rule that was chosen among all after the draws were seen gains at most: the logarithm of their number. What is accepted
    /// was not chosen; so of two rules between which a few small boxes would have to tell, it stands.
    fn paid(&self, fit: &ShapeFit) -> f64 {
        if self.accepts(&fit.shape) { 0.0 } else { libm::log(self.fits.shapes.len() as f64) }
    }

    /// How well each rule explains the draws, over all laws that were tried.
    fn rules(&self, weights: &[Vec<f64>]) -> Vec<f64> {
        let of_shape = |(fit, weights): (&ShapeFit, &Vec<f64>)| {
            log_sum_exp(fit.ends().zip(weights).map(|(end, w)| end + w)).max(fit.best.0 - CHOSEN) - self.paid(fit)
        };
        self.fits.shapes.iter().zip(weights).map(of_shape).collect()
    }

    /// The laws of an interval that explain the draws best, under the rules that come nearest.
    pub(super) fn bounded(&self, weights: &[Vec<f64>]) -> Vec<Bounded> {
        let Some(alpha) = self.evidence.alpha else { return Vec::new() };
        let shapes = self.rules(weights);
        let follows = |&i: &usize| !self.fits.shapes[i].shape.without_lambda();
        let mut order: Vec<usize> = (0..shapes.len()).filter(follows).collect();
        order.sort_by(|&i, &j| shapes[j].total_cmp(&shapes[i]));
        order.truncate(BOUNDED);
        order.into_par_iter().map(|i| (i, self.fits.bounded(&self.fits.shapes[i], alpha))).collect()
    }

    /// What explains the draws best, and by how much; laws that were fitted are of a rule each.
    pub(super) fn identify(&self, weights: &[Vec<f64>], fitted: &[Bounded]) -> Identified {
        let mut shapes = self.rules(weights);
        for (shape, law) in fitted.iter().flat_map(|(shape, laws)| laws.iter().map(move |law| (*shape, law))) {
            shapes[shape] = shapes[shape].max(law.value - CHOSEN - self.paid(&self.fits.shapes[shape]));
        }
        let (best, second) = top(&shapes);
        let fit = &self.fits.shapes[best];
        let bounded = fitted.iter().filter(|(shape, _)| *shape == best).flat_map(|(_, laws)| laws);
        let laws = self.fits.laws.iter().zip(fit.ends()).map(|(law, total)| (law, total, total));
        let mut families = families(laws.chain(bounded.map(Ranked::values)));
        for family in &mut families {
            let code = family.law.code();
            if code == Some(Code::Alpha) && fit.searched && self.asked_for_beta() {
                if fit.best.0 >= family.value {
                    let law = Hypothesis::exact(LambdaLaw::Fitted, Lambda::beta(fit.best.1));
                    *family = Ranked { law, value: fit.best.0, likelihood: fit.best.0 };
                }
                family.value -= chance(self.draws as f64);
            } else if code == Some(Code::AlphaRandom) && self.evidence.alpha.is_none() {
                family.value -= chance(self.draws as f64);
            }
        }
        pay(&mut families);
        let mut identified = Identified {
            shape: Some(fit.shape),
            rule_odds: second.map_or(0.0, |second| log10(shapes[best] - shapes[second])),
            rule_rival: second.map(|second| self.fits.shapes[second].shape),
            ..identified(&families)
        };
        if fit.shape.without_lambda() && identified.law_code() != Some(Code::ApplyRate) {
            let none = Identified { law: None, law_odds: 0.0, law_ratio: 0.0, law_rival: None, ..identified };
            return Identified { against_asked: 0.0, asked_ratio: 0.0, ..none };
        }
        if identified.law_code() == Some(Code::Alpha) && self.asked_for_beta() {
            identified.law = Some(Hypothesis::exact(LambdaLaw::Fitted, Lambda::beta(fit.best.1)));
        }
        identified
    }

    /// Whether an interval of lambda may explain more than what was identified: that leaves something unexplained, or is
    /// nothing but how often something is done, or an interval of a table.
    pub(super) fn may_be_bounded(&self, identified: &Identified, classes: &[Counted]) -> bool {
        let Some((shape, law)) = identified.shape.as_ref().zip(identified.law.as_ref().or(self.fits.laws.first()))
        else {
            return false;
        };
        let unexplained =
            || self.tests(shape, law, classes).iter().any(|(_, value)| *value >= self.limit(Share::Unknown));
        matches!(law.code(), Some(Code::ApplyRate | Code::LambdaClipped)) || unexplained()
    }

    fn fit(&self, identified: &Identified) -> Option<&ShapeFit> {
        self.fits.shapes.iter().find(|fit| Some(fit.shape) == identified.shape)
    }

    /// The alphas that the draws do not exclude, under the rule that explains them best: those whose likelihood is at least a
    /// millionth of the mean likelihood of all alphas that were tried. That mean over the likelihood of the true alpha is an
    /// e-value, so the true one is left out once in a million times.
    pub(super) fn interval(&self, identified: &Identified) -> Option<AlphaInterval> {
        let fit = self.fit(identified)?;
        if !fit.searched || fit.shape.without_lambda() || !self.asked_for_beta() {
            return None;
        }
        let laws = self.fits.laws.iter().zip(fit.ends());
        let betas = laws.filter(|(law, _)| matches!(law.code(), None | Some(Code::Alpha)));
        let least = mean(betas.map(|(_, end)| end)) - libm::log(ALARM);
        let [low, high] = self.fits.interval(fit, least);
        // Where even the most likely alpha is excluded, none explains the draws.
        (low <= fit.best.1 && fit.best.1 <= high).then_some(())?;
        Some(AlphaInterval { hat: round(fit.best.1), low: round(low), high: round(high) })
    }

    /// What is wrong with the law. What fits best may not fit: then it is only said to be the nearest.
    pub(super) fn findings(
        &self,
        identified: &mut Identified,
        interval: Option<&AlphaInterval>,
        classes: &[Counted],
        found: &mut Vec<Found>,
    ) {
        let Some(fit) = self.fit(identified) else { return };
        let shape = fit.shape;
        // The accepted rule that comes nearest, for an example of what is impossible under it.
        let accepted: Vec<&ShapeFit> = self.fits.shapes.iter().filter(|fit| self.accepts(&fit.shape)).collect();
        let last = |fit: &ShapeFit| fit.ends().next().unwrap_or(fit.best.0);
        let asked_of = accepted.iter().copied().filter(|_| self.asked());
        let nearest = asked_of.max_by(|a, b| last(a).total_cmp(&last(b)));
        // Under the law that was asked for, in real numbers.
        // A box that another accepted rule makes is no example of what is wrong.
        let impossible_to_all =
            |drawn: &Drawn| accepted.iter().all(|fit| !makes(&fit.shape, &self.fits.laws[0], drawn));
        let example = || {
            let drawn = nearest.map(|fit| self.shown(&self.fits.possible(&fit.shape, &self.fits.laws[0])));
            drawn.unwrap_or_default().into_iter().filter(impossible_to_all).collect()
        };
        let law = match &identified.law {
            // The type with the most boxes of the whole image: nothing that some type makes is called impossible.
            Some(law) if law.law == LambdaLaw::Fitted => Hypothesis { precision: Precision::F32, ..law.clone() },
            Some(law) => law.clone(),
            // Any law does for a rule that has none.
            None => match self.fits.laws.first() {
                Some(law) => law.clone(),
                None => return,
            },
        };
        // Boxes that it cannot make are a matter of their own where they are few: the others are judged without them.
        let possible = self.fits.possible(&shape, &law);
        let count = possible.iter().flatten().filter(|possible| !**possible).count() as u64;
        let torn = impossible(count, self.draws as u64) >= self.limit(Share::Impossible);
        let few = (count as f64) < FEW * self.draws as f64;
        let tests = if torn && few {
            let sort = |((classes, _), (part, possible)): (&Counted, (&Part, &Vec<bool>))| {
                let boxes = part.boxes.iter().zip(possible).filter(|(_, possible)| **possible).map(|(patch, _)| *patch);
                (classes.clone(), classes.counts(&boxes.collect::<Vec<Patch>>()))
            };
            let parts = self.evidence.parts.iter().zip(&possible);
            let possible: Vec<Counted> = classes.iter().zip(parts).map(sort).collect();
            self.tests(&shape, &law, &possible)
        } else {
            self.tests(&shape, &law, classes)
        };
        let tests = tests.into_iter().filter(|(_, value)| *value >= self.limit(Share::Unknown));
        let tests: Vec<Tested> = tests.map(|(of, _)| of).collect();
        let asked = self.evidence.alpha.is_some();
        let right = self.accepts(&shape) && (identified.law_code().is_none() || !asked) && !torn;
        if !tests.is_empty() || (torn && !few) || right {
            let what = Wrong::Unexplained {
                tests,
                facts: nearest.map_or(Vec::new(), |fit| self.facts(fit)),
                impossible: torn.then_some((count, self.draws as u64)),
            };
            found.push(Found { code: Code::LawUnknown, what, shown: example(), count: self.draws as u64 });
            identified.explains = false;
            return;
        }
        let other_rule = !self.accepts(&shape);
        if other_rule {
            let what = Wrong::Rule(shape, identified.rule_odds);
            found.push(Found { code: code_of(&shape), what, shown: example(), count: 0 });
        }
        // With a rule that is wrong, another law must be sure as well. Without an alpha that was asked for, none is wrong.
        if let (Some(code), Some(law)) = (identified.law_code(), &identified.law)
            && asked
            && (!other_rule || identified.against_asked >= SURE)
        {
            let alpha = interval.filter(|_| code == Code::Alpha).copied();
            let what = match code {
                Code::ApplyRate => self.rate(),
                _ => Wrong::Law(law.clone(), Some(identified.law_odds >= SURE), alpha),
            };
            found.push(Found::new(code, what));
        }
        if torn {
            let what = Wrong::Impossible(count, self.draws as u64, shape);
            found.push(Found { code: Code::ImpossibleBox, what, shown: self.shown(&possible), count });
        }
    }

    /// Whether the unknown deviations remain under the rule and law that explain the draws best, in whatever type.
    pub(super) fn doubts(&self, identified: &Identified, classes: &[Counted]) -> bool {
        let Some((fit, law)) = self.fit(identified).zip(identified.law.as_ref().or(self.fits.laws.first())) else {
            return false;
        };
        Precision::ALL.into_iter().all(|precision| {
            let tests = self.tests(&fit.shape, &Hypothesis { precision, ..law.clone() }, classes);
            tests.iter().any(|(_, value)| *value >= self.limit(Share::Unknown))
        })
    }

    fn rate(&self) -> Wrong {
        let all = self.evidence.parts.iter().flat_map(|part| &part.applied).map(|applied| applied.until(u32::MAX));
        let [trials, touched] = all.fold([0, 0], |sum, one| [sum[0] + one[0], sum[1] + one[1]]);
        let promised = self.fits.laws.first().zip(self.evidence.parts.first()).map(|(law, part)| {
            let table = Table::new(&SHAPES[0], part.size, &[]);
            let filled = table.filled(&law.lambda.moments_in(table.grid(), law.precision));
            let prob = if let Prob::Known(prob) = self.terms.prob { prob } else { 1.0 };
            prob * filled * trials as f64
        });
        Wrong::Rate([touched, trials], promised)
    }
}

/// Whether a rule can make a box that was drawn.
fn makes(shape: &Shape, law: &Hypothesis, (_, patch, size): &Drawn) -> bool {
    let table = Table::new(shape, *size, &[*patch]);
    let mut p = Vec::new();
    table.given_filled(&law.lambda.moments_in(table.grid(), law.precision), &mut p);
    p.iter().all(|p| *p > 0.0)
}

/// The code of a finding of a rule: of one that the paper's formula allows, that it was not accepted.
pub(super) fn code_of(shape: &Shape) -> Code {
    shape.code.unwrap_or(Code::BoxRule)
}

/// The first and the second largest.
fn top(values: &[f64]) -> (usize, Option<usize>) {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&i, &j| values[j].total_cmp(&values[i]));
    (order.first().copied().unwrap_or(0), order.get(1).copied())
}
