//! What a page shows of the law: extents, areas and coverage beside what is expected, and how evidence grew.

use super::alarm::{ALARM, log10, mean};
use super::case::{Judge, Null};
use crate::law::features::Features;
use crate::profile::{Code, Hypothesis, Lambda};
use crate::report::{Against, Curve, Extents, Identified};

/// Steps of the curve of areas: more than a chart has pixels to show.
const STEPS: usize = 200;
/// Rivals whose curves are shown; a seventh colour is for all that is accepted.
const RIVALS: usize = 6;

impl Judge<'_> {
    /// What was seen beside what the accepted rule that fits best would show, on the size with the most draws.
    pub(super) fn extents(&self, nulls: &[Null<'_>]) -> Option<Extents> {
        let null = nulls.iter().max_by(|a, b| a.last().total_cmp(&b.last()))?;
        let law = self.fits.laws.get(null.law).filter(|_| self.asked());
        let law = law.map_or(Lambda::beta(null.fit.best.1), |law| law.lambda.clone());
        let part = self.evidence.parts.iter().max_by_key(|part| part.boxes.len())?;
        let features = Features::new(&null.fit.shape, part.size);
        let moments = law.moments(features.grid());
        let [width, height] = part.size;
        let extent = |(lo, hi): (u32, u32)| (hi - lo) as usize;
        let sides = [0, 1].map(|axis| features.along(&moments, axis, part.size[axis] as usize + 1, &extent));
        let mut seen = [vec![0_u64; width as usize + 1], vec![0; height as usize + 1]];
        let mut areas = vec![0_u64; (width * height) as usize + 1];
        let mut counts = vec![0_u64; (width * height) as usize];
        for patch in &part.boxes {
            let [w, h] = [patch.width(), patch.height()];
            seen[0][w as usize] += 1;
            seen[1][h as usize] += 1;
            areas[(w * h) as usize] += 1;
            for y in patch.y0..patch.y1 {
                let row = (y * width) as usize;
                counts[row..][patch.columns()].iter_mut().for_each(|n| *n += 1);
            }
        }
        let draws = part.boxes.len() as f64;
        let (mut below, mut expected_below) = (0, 0.0);
        let expected_areas = features.areas(&moments);
        let mut area = Vec::new();
        let step = areas.len().div_ceil(STEPS);
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
            // Dvoretzky, Kiefer and Wolfowitz, with Massart's constant: P(distance > e) <= 2 exp(-2 n e^2), once in a million.
            band: libm::sqrt(libm::log(2.0 * ALARM) / (2.0 * draws.max(1.0))),
            counts,
            coverage: features.coverage(&moments),
        })
    }

    pub(super) fn curves(&self, nulls: &[Null<'_>], mixture: &[f64], identified: &Identified) -> Vec<Curve> {
        let checkpoints = &self.fits.checkpoints;
        if !self.asked() {
            return Vec::new();
        }
        let ours: Vec<f64> =
            (0..checkpoints.len()).map(|i| mean(nulls.iter().map(|null| null.likelihood[i]))).collect();
        let curve = |against: Against, of: &dyn Fn(usize) -> f64| Curve {
            against,
            points: (0..checkpoints.len()).map(|i| (checkpoints[i] as u64, log10(of(i)))).collect(),
        };
        let best = |i: usize| nulls.iter().map(|null| null.likelihood[i]).fold(f64::MIN, f64::max);
        let mut curves = vec![curve(Against::Accepted, &|i| mixture[i] - best(i))];
        let mut rivals: Vec<(f64, Against, &Vec<f64>)> = Vec::new();
        for fit in &self.fits.shapes {
            for (i, (law, curve)) in self.fits.laws.iter().zip(&fit.curves).enumerate() {
                // Off in one way: a law under what is accepted, or a rule with the law that was asked for.
                let single = if self.accepts(&fit.shape) { i >= self.fits.right } else { i == 0 };
                // At one line a rule that was identified or not accepted; how often something is done is another matter.
                let wanted = i == 0 || Some(fit.shape) == identified.shape;
                if single && wanted && law.code() != Some(Code::ApplyRate) {
                    let law: Option<Hypothesis> = (i > 0).then(|| law.clone());
                    rivals.push((curve.last().copied().unwrap_or(0.0), Against::Rival(fit.shape, law), curve));
                }
            }
        }
        // Those that hold out longest; equals in the order of their names.
        rivals.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.to_string().cmp(&b.1.to_string())));
        for (_, against, theirs) in rivals.into_iter().take(RIVALS) {
            curves.push(curve(against, &|i| ours[i] - theirs[i]));
        }
        curves
    }
}
