//! Which rule and which law explain the draws best, and what is wrong with them.

use super::hypotheses::{Hypothesis, Rate};
use super::likelihood::{ShapeFit, impossible_under, interval, possible_under};
use super::unknown::{Classes, Sort};
use super::verdict::{ALARM, Found, Judge, LN_10, code_of, impossible, mean, round};
use crate::audit::Prob;
use crate::law::boxes::Table;
use crate::law::lambda::{Lambda, Precision};
use crate::law::special::log_sum_exp;
use crate::profile::Code;
use crate::profile::shape::SHAPES;
use crate::reference::Patch;
use crate::report::{AlphaInterval, Identified};

/// What is taken from a law that was chosen among many after the draws were seen.
const CHOSEN: f64 = 7.0;
/// Boxes that a rule cannot make are some branch's that is rarely taken, below this share of the draws; above it the rule is
/// not theirs.
const FEW: f64 = 0.1;

impl Judge<'_> {
    /// What explains the draws best, and by how much.
    pub(super) fn identify(&self, weights: &[Vec<f64>]) -> Identified {
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
        let mut families: Vec<(Option<Code>, f64, usize)> = Vec::new();
        for (i, (law, curve)) in laws.iter().zip(&fit.curves).enumerate() {
            let value = curve.last().copied().unwrap_or(0.0);
            match families.iter_mut().find(|(code, ..)| *code == law.code) {
                Some(family) if value > family.1 => (family.1, family.2) = (value, i),
                Some(_) => {}
                None => families.push((law.code, value, i)),
            }
        }
        for family in &mut families {
            // A parameter that fits by chance gains about that much.
            let chance = 0.5 * libm::log(self.draws as f64);
            if family.0 == Some(Code::Alpha) && fit.searched {
                family.1 = family.1.max(fit.best.0) - chance;
            } else if family.0 == Some(Code::AlphaRandom) && self.evidence.alpha.is_none() {
                family.1 -= chance;
            }
            // Chosen afterwards among many; what was asked for was not.
            if !family.0.is_none() {
                family.1 -= CHOSEN;
            }
        }
        let values: Vec<f64> = families.iter().map(|family| family.1).collect();
        let (law, _) = top(&values);
        // How often something is done is no rival to what is done.
        let rates = |i: &usize| {
            *i != law && (families[*i].0 != Some(Code::ApplyRate) || families[law].0 == Some(Code::ApplyRate))
        };
        let other = (0..values.len()).filter(rates).max_by(|&i, &j| values[i].total_cmp(&values[j]));
        let family = &families[law];
        let name = match family.0 {
            Some(Code::Alpha) => format!("Beta({0:.3}, {0:.3})", fit.best.1),
            _ => laws[family.2].name.clone(),
        };
        let odds = |values: &[f64], first: usize, second: Option<usize>| {
            second.map_or(0.0, |second| round((values[first] - values[second]) / LN_10))
        };
        let claimed = families.iter().position(|family| family.0.is_none());
        if fit.shape.without_lambda() && family.0 != Some(Code::ApplyRate) {
            return Identified {
                rule: fit.shape.name,
                what: fit.shape.what,
                rule_odds: odds(&shapes, best, second),
                rule_rival: second.map_or("", |second| self.fits.shapes[second].shape.name),
                law: "none: the sides are drawn without it".into(),
                law_code: None,
                law_odds: 0.0,
                law_rival: String::new(),
                against_asked: 0.0,
                explains: true,
            };
        }
        Identified {
            rule: fit.shape.name,
            what: fit.shape.what,
            rule_odds: odds(&shapes, best, second),
            rule_rival: second.map_or("", |second| self.fits.shapes[second].shape.name),
            law: name,
            law_code: family.0,
            law_odds: odds(&values, law, other),
            law_rival: other.map_or(String::new(), |other| laws[families[other].2].name.clone()),
            explains: true,
            against_asked: claimed.map_or(0.0, |claimed| odds(&values, law, Some(claimed))),
        }
    }

    /// The alphas that the draws do not exclude, under the rule that explains them best.
    pub(super) fn interval(&self, identified: &Identified) -> Option<AlphaInterval> {
        let fit = self.fits.shapes.iter().find(|fit| fit.shape.name == identified.rule)?;
        if !fit.searched || fit.shape.without_lambda() {
            return None;
        }
        let betas =
            self.fits.laws.iter().zip(&fit.curves).filter(|(law, _)| matches!(law.code, None | Some(Code::Alpha)));
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

    /// Codes of what is wrong with the law. What fits best may not fit: then it is only said to be the nearest.
    pub(super) fn findings(
        &self,
        identified: &mut Identified,
        interval: Option<&AlphaInterval>,
        classes: &[(Classes, Vec<Vec<u64>>)],
        found: &mut Vec<Found>,
    ) {
        let Some(fit) = self.fits.shapes.iter().find(|fit| fit.shape.name == identified.rule) else { return };
        // The accepted rule that comes nearest, for an example of what is impossible under it.
        let accepted = self.fits.shapes.iter().filter(|fit| self.accepts(&fit.shape));
        let last = |fit: &ShapeFit| fit.curves.first().and_then(|curve| curve.last()).copied().unwrap_or(fit.best.0);
        let nearest = accepted.max_by(|a, b| last(a).total_cmp(&last(b)));
        let example = |fit: Option<&ShapeFit>| fit.map(|fit| self.drawn(&fit.examples)).unwrap_or_default();
        let law = match identified.law_code {
            Some(Code::Alpha) => Hypothesis {
                name: identified.law.clone(),
                code: Some(Code::Alpha),
                law: Lambda::beta(fit.best.1),
                precision: Precision::F32,
                rate: Rate::Promised,
            },
            // Any law does for a rule that has none.
            _ if fit.shape.without_lambda() && identified.law_code.is_none() => match self.fits.laws.first() {
                Some(law) => Hypothesis { name: "no lambda".into(), ..law.clone() },
                None => return,
            },
            _ => match self.fits.laws.iter().find(|law| law.name == identified.law) {
                Some(law) => law.clone(),
                None => return,
            },
        };
        // Boxes that it cannot make are a matter of their own where they are few: the others are held against it.
        let (counts, first) = impossible_under(&self.evidence.parts, &fit.shape, &law);
        let torn = impossible(counts, self.draws as u64) >= self.limit(2);
        let few = (counts as f64) < FEW * self.draws as f64;
        let tests = if torn && few {
            let boxes = possible_under(&self.evidence.parts, &fit.shape, &law);
            let count = |(classes, _): &(Classes, _), boxes: &Vec<Patch>| {
                (classes.clone(), Sort::ALL.map(|sort| classes.counts(sort, boxes)).to_vec())
            };
            let possible: Vec<_> = classes.iter().zip(&boxes).map(|(classes, boxes)| count(classes, boxes)).collect();
            self.tests(&fit.shape, &law, &possible)
        } else {
            self.tests(&fit.shape, &law, classes)
        };
        let mut unknown: Vec<String> =
            tests.into_iter().filter(|(_, value)| *value >= self.limit(1)).map(|(name, _)| name).collect();
        let asked = self.evidence.alpha.is_some();
        let right = self.accepts(&fit.shape) && (identified.law_code.is_none() || !asked) && !torn;
        if !unknown.is_empty() || (torn && !few) || right {
            if torn {
                unknown.push(format!("{counts} of {} boxes, which are impossible under it", self.draws));
            }
            let why = if unknown.is_empty() { "the draws".into() } else { unknown.join(", ") };
            let text = format!("nearest: {} with {}, which does not explain: {why}", fit.shape.name, law.name);
            found.push(Found { code: Code::LawUnknown, text, shown: example(nearest), count: self.draws as u64 });
            identified.explains = false;
            return;
        }
        let odds =
            |odds: f64| if odds >= 6.0 { "identified".to_owned() } else { format!("most likely, 10^{odds:.1} to 1") };
        let other_rule = !self.accepts(&fit.shape);
        if other_rule {
            let text = format!("{}: {} ({})", fit.shape.name, fit.shape.what, odds(identified.rule_odds));
            found.push(Found { code: code_of(&fit.shape), text, shown: example(nearest), count: 0 });
        }
        // With a rule that is wrong, another law must be sure as well. Without an alpha that was asked for, none is wrong.
        if let Some(code) = identified.law_code
            && asked
            && (!other_rule || identified.against_asked >= 6.0)
        {
            let alpha = interval.filter(|_| code == Code::Alpha).map_or(String::new(), |interval| {
                format!("; alpha is {} ({} to {})", interval.hat, interval.low, interval.high)
            });
            let text = match code {
                Code::ApplyRate => self.rate(),
                _ => format!("lambda follows {} ({}){alpha}", identified.law, odds(identified.law_odds)),
            };
            found.push(Found::new(code, text));
        }
        if torn {
            let text = format!("{counts} of {} boxes are impossible under {}", self.draws, fit.shape.name);
            found.push(Found { code: Code::ImpossibleBox, text, shown: self.drawn(&first), count: counts });
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
}

/// The first and the second largest.
fn top(values: &[f64]) -> (usize, Option<usize>) {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&i, &j| values[j].total_cmp(&values[i]));
    (order.first().copied().unwrap_or(0), order.get(1).copied())
}
