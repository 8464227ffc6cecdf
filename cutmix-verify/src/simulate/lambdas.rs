//! Laws of lambda, right and wrong.

use cutmix_core::{Beta, Error};
use rand_core::Rng;

use super::Law;
use cutmix_core::draw::uniform::unit;

/// A law at an alpha.
#[derive(Clone, Debug)]
pub(super) struct Lambdas {
    law: Law,
    alpha: f64,
    beta: Beta,
}

impl Lambdas {
    pub(super) fn new(law: Law, alpha: f64) -> Result<Self, Error> {
        let beta = match law {
            Law::Times(factor) => Beta::symmetric(factor * alpha)?,
            Law::One => Beta::symmetric(1.0)?,
            Law::PlusOne => Beta::new(alpha + 1.0, alpha)?,
            Law::First => Beta::new(alpha, 1.0)?,
            Law::Second => Beta::new(1.0, alpha)?,
            _ => Beta::symmetric(alpha)?,
        };
        Ok(Self { law, alpha, beta })
    }

    /// As a call uses it, which may draw something for all of its samples.
    pub(super) fn by_call(&self, rng: &mut impl Rng) -> Self {
        if self.law != Law::RandomAlphaByCall {
            return self.clone();
        }
        let alpha = (unit(rng) * self.alpha).max(1e-3);
        Self { beta: Beta::symmetric(alpha).unwrap_or(self.beta), ..self.clone() }
    }

    pub(super) fn sample(&self, rng: &mut impl Rng) -> f64 {
        let lambda = self.beta.sample(rng);
        match self.law {
            Law::Folded => lambda.max(1.0 - lambda),
            Law::FoldedUp => lambda.min(1.0 - lambda),
            Law::Clipped => lambda.clamp(0.2, 0.8),
            Law::Middle => 0.3 + 0.4 * unit(rng),
            Law::Tenths => libm::rint(10.0 * lambda) / 10.0,
            Law::F32 => f64::from(lambda as f32),
            Law::NotRejected => {
                let [x, y] = [unit(rng), unit(rng)].map(|u| libm::pow(u, 1.0 / self.alpha));
                if x + y > 0.0 { x / (x + y) } else { 0.5 }
            }
            Law::RandomAlpha => {
                let alpha = (unit(rng) * self.alpha).max(1e-3);
                Beta::symmetric(alpha).map_or(lambda, |beta| beta.sample(rng))
            }
            _ => lambda,
        }
    }
}
