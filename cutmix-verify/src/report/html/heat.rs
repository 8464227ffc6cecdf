//! How often each pixel was replaced, as pictures.

use minijinja::{Value, context};

use super::parts::png;
use crate::report::{Bitmap, Coverage, Extents};

/// Deviations from here on, in standard deviations, have the darkest colour.
const MOST: f64 = 5.0;

/// From 0 to 1.
fn ordered(t: f64) -> [u8; 3] {
    colorous::VIRIDIS.eval_continuous(t.clamp(0.0, 1.0)).into_array()
}

/// Blue is too seldom, red too often.
fn signed(z: f64) -> [u8; 3] {
    colorous::RED_BLUE.eval_continuous(0.5 - z.clamp(-MOST, MOST) / (2.0 * MOST)).into_array()
}

fn scale(title: &str, color: impl Fn(f64) -> [u8; 3]) -> Option<Value> {
    let rgb = (0..256).flat_map(|i| color(f64::from(i) / 255.0)).collect();
    png(title, &Bitmap { width: 256, height: 1, rgb })
}

fn share(value: f64) -> String {
    format!("{value:.4}")
}

/// How often each pixel was replaced, from the least to the most.
pub(super) fn heat(coverage: &Coverage) -> Option<Value> {
    let (least, most) = (*coverage.counts.iter().min()?, *coverage.counts.iter().max()?);
    let span = (most - least).max(1) as f64;
    let rgb = coverage.counts.iter().flat_map(|&count| ordered((count - least) as f64 / span)).collect();
    let map = Bitmap { width: coverage.width as u32, height: coverage.height as u32, rgb };
    let draws = coverage.draws.max(1) as f64;
    let sum: u64 = coverage.counts.iter().sum();
    Some(context! {
        map => png("How often each pixel was replaced", &map)?,
        scale => scale("From the least to the most", ordered)?,
        draws => coverage.draws,
        least => share(least as f64 / draws),
        most => share(most as f64 / draws),
        mean => share(sum as f64 / coverage.counts.len() as f64 / draws),
    })
}

/// By how many standard deviations a count is off.
fn off(count: f64, draws: f64, p: f64) -> f64 {
    let (distance, variance) = (count - draws * p, draws * p * (1.0 - p));
    if variance > 0.0 {
        distance / variance.sqrt()
    } else if distance.abs() < 0.5 {
        0.0
    } else {
        distance.signum() * f64::INFINITY
    }
}

/// Observed beside expected on one scale, and how far they are apart.
pub(super) fn three(extents: &Extents) -> Option<Value> {
    let draws = extents.draws.max(1) as f64;
    let seen: Vec<f64> = extents.counts.iter().map(|&count| count as f64 / draws).collect();
    let both = || seen.iter().chain(&extents.coverage).copied();
    let (least, most) = (both().fold(f64::MAX, f64::min), both().fold(f64::MIN, f64::max));
    if least > most {
        return None;
    }
    let span = (most - least).max(1e-9);
    let off: Vec<f64> =
        extents.counts.iter().zip(&extents.coverage).map(|(&count, &p)| off(count as f64, draws, p)).collect();
    let picture =
        |title: &str, rgb: Vec<u8>| png(title, &Bitmap { width: extents.size[0], height: extents.size[1], rgb });
    let ordered_map = |values: &[f64]| values.iter().flat_map(|value| ordered((value - least) / span)).collect();
    let largest = off.iter().copied().fold(0.0, |most: f64, z| if z.abs() > most.abs() { z } else { most });
    Some(context! {
        observed => picture("observed", ordered_map(&seen))?,
        expected => picture("expected", ordered_map(&extents.coverage))?,
        scale => scale("From the least to the most", ordered)?,
        least => share(least),
        most => share(most),
        apart => picture("distance in standard deviations", off.iter().flat_map(|&z| signed(z)).collect())?,
        signs => scale("From too seldom to too often", |t| signed(MOST * (2.0 * t - 1.0)))?,
        largest => if largest.is_finite() { format!("{largest:+.1}") } else { "impossible".into() },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_impossible_is_as_far_off_as_can_be() {
        assert_eq!(off(10.0, 100.0, 0.1), 0.0);
        assert!((off(13.0, 100.0, 0.1) - 1.0).abs() < 1e-12);
        assert_eq!((off(0.0, 100.0, 0.0), off(1.0, 100.0, 0.0)), (0.0, f64::INFINITY));
        assert_eq!(off(99.0, 100.0, 1.0), f64::NEG_INFINITY);
        // Red where it is too often, by however much.
        assert_eq!(signed(f64::INFINITY), signed(MOST));
        let [r, _, b] = signed(3.0);
        assert!(r > b && signed(-3.0)[2] > signed(-3.0)[0]);
    }
}
