//! One judgement at work: what was drawn, what is asked for, and how well every hypothesis explains the draws.

use super::alarm::{Share, limit};
use super::evidence::{Drawn, Evidence, Part};
use super::hypotheses::PLAIN;
use super::likelihood::{Likelihoods, ShapeFit};
use super::repeats::collisions;
use super::terms::Terms;
use super::unknown::Classes;
use crate::law::features::Features;
use crate::profile::shape::{Roots, SHAPES, Shape, fixed};
use crate::profile::{Lambda, LambdaLaw};

/// Impossible boxes that are shown for an example.
const EXAMPLES: usize = 64;

/// How much more often than by the official rule two boxes must be the same.
const FREQUENT: f64 = 1.2;
/// The longest side of images for which boxes by area and ratio are tried though nobody accepts them: their tables grow with the
/// third power of it.
const AREAS: u32 = 128;

/// A rule that is accepted, with one of the laws that are right.
pub(super) struct Null<'a> {
    pub(super) fit: &'a ShapeFit,
    pub(super) law: usize,
    /// The logarithm of the likelihood, by checkpoint; of the end alone where no alpha was given.
    pub(super) likelihood: Vec<f64>,
}

impl Null<'_> {
    pub(super) fn last(&self) -> f64 {
        self.likelihood.last().copied().unwrap_or(f64::MIN)
    }
}

/// Classes of the draws of one part, and how many draws are in each, by [`Classes::ALL`].
pub(super) type Counted = (Classes, Vec<Vec<u64>>);

pub(super) struct Judge<'a> {
    pub(super) evidence: &'a Evidence,
    pub(super) terms: &'a Terms,
    pub(super) fits: Likelihoods<'a>,
    pub(super) draws: usize,
    pub(super) square: bool,
    /// Of each part, whether two of its boxes are the same so often that it is bet on. To leave a bet out is to lose it.
    pub(super) frequent: Vec<bool>,
}

impl<'a> Judge<'a> {
    /// Evaluates every rule with every law, on draws none of which was made before.
    pub(super) fn new(evidence: &'a Evidence, terms: &'a Terms, shapes: &[Shape], laws: &[LambdaLaw]) -> Self {
        let draws = evidence.parts.iter().map(|part| part.boxes.len()).sum();
        let square = evidence.parts.iter().all(|part| part.size[0] == part.size[1]);
        let small = evidence.parts.iter().all(|part| part.size[0].max(part.size[1]) <= AREAS);
        let asked = |shape: &Shape| terms.accept.iter().any(|accepted| accepted.name == shape.name);
        let tried = |shape: &&Shape| {
            let affordable = small || !matches!(shape.roots, Roots::Area(_)) || asked(shape);
            affordable && (!square || !shape.needs_oblong())
        };
        let mut shapes: Vec<Shape> = shapes.iter().filter(tried).copied().collect();
        if let Some(sides) = terms.fixed {
            shapes.extend(fixed(sides));
        }
        let fits = Likelihoods::new(evidence, terms, &shapes, laws);
        let frequent = |part: &Part| {
            let features = Features::new(&SHAPES[0], part.size);
            let exact = features.collision(&Lambda::beta(evidence.alpha.unwrap_or(PLAIN)).moments(features.grid()));
            collisions(&part.boxes) > FREQUENT * exact
        };
        let frequent = evidence.parts.iter().map(frequent).collect();
        Self { evidence, terms, fits, draws, square, frequent }
    }

    /// What an e-value must reach for a FAIL by one share of the budget.
    pub(super) fn limit(&self, share: Share) -> f64 {
        // Not to know whether a sample may be its own partner makes a likelihood ratio twice as large at most.
        let unknown = self.evidence.parts.iter().flat_map(|part| &part.applied).filter(|applied| applied.own.len() > 1);
        let unknown = if share == Share::Ratios { unknown.count() } else { 0 };
        limit(self.terms.runs, share) + unknown as f64 * core::f64::consts::LN_2
    }

    pub(super) fn accepts(&self, shape: &Shape) -> bool {
        match self.terms.fixed {
            Some(_) => shape.name == "fixed",
            None => self.terms.accept.iter().any(|accepted| accepted.name == shape.name),
        }
    }

    /// Whether an alpha was given, so that there are laws that are right.
    pub(super) const fn asked(&self) -> bool {
        self.fits.right > 0
    }

    /// Whether lambda was to follow the Beta law of alpha, so that an alpha can be fitted to what it follows.
    pub(super) fn asked_for_beta(&self) -> bool {
        self.terms.laws.contains(&LambdaLaw::AsAsked)
    }

    /// The accepted rules, each with every law that is right.
    pub(super) fn nulls(&self) -> Vec<Null<'_>> {
        let mut nulls = Vec::new();
        for fit in self.fits.shapes.iter().filter(|fit| self.accepts(&fit.shape)) {
            for law in 0..self.fits.right {
                nulls.push(Null { fit, law, likelihood: fit.curves[law].clone() });
            }
            if !self.asked() {
                // The law that explains the draws best; known at the end alone.
                nulls.push(Null { fit, law: 0, likelihood: vec![fit.ends().fold(fit.best.0, f64::max)] });
            }
        }
        nulls
    }

    /// Classes of draws, and how many are in each, by part.
    pub(super) fn classes(&self) -> Vec<Counted> {
        let alpha = self.evidence.alpha.unwrap_or(PLAIN);
        let of = |part: &Part| {
            let features = Features::new(&SHAPES[0], part.size);
            let moments = Lambda::beta(alpha).moments(features.grid());
            let classes = Classes::new(&features, &moments, part.size);
            let counts = classes.counts(&part.boxes);
            (classes, counts)
        };
        self.evidence.parts.iter().map(of).collect()
    }

    /// The draws that are impossible, at most some, for an example: the first ones, and the smallest of all.
    pub(super) fn shown(&self, possible: &[Vec<bool>]) -> Vec<Drawn> {
        let parts = self.evidence.parts.iter().zip(possible);
        let draws = parts.flat_map(|(part, possible)| {
            let draws = part.places.iter().zip(&part.boxes).zip(possible);
            draws.filter(|(_, possible)| !**possible).map(|((place, patch), _)| (*place, *patch, part.size))
        });
        let smallest = draws.clone().min_by_key(|(_, patch, _)| patch.area());
        let mut shown: Vec<Drawn> = draws.take(EXAMPLES).collect();
        // Of equals the first one counts, so it is shown already or smaller than all of these.
        shown.extend(smallest.filter(|drawn| !shown.contains(drawn)));
        shown
    }
}
