//! Draws that a probe hands to the audited code in place of its random source, so that its box, partner and weight can be
//! compared with a known implementation's bit for bit. Functions of a phase's meta, as its images are.
//!
//! A package is wrong, or another version, where lambda is next to a step of its rounding: a third of the calls has lambdas
//! that make a side a whole or half number of pixels, from above or below, in binary64 or binary32.

use super::key::splitmix64;
use super::spec::Phase;

/// What a call draws: one of each for every image.
#[derive(Clone, Debug, PartialEq)]
pub struct CallDraws {
    /// The drawn lambda, from 0 to 1, both included.
    pub lambda: Vec<f64>,
    /// A uniform real for the column: from 0 to less than 1, a multiple of 2^-23.
    pub x: Vec<f64>,
    /// The same for the row.
    pub y: Vec<f64>,
    /// The partner of each image: a permutation, some images staying where they are.
    pub partner: Vec<usize>,
}

/// 2^-23: in this step every value below 1 is a binary32 as well.
const STEP: f64 = 1.0 / 8_388_608.0;
/// The largest uniform real.
const LAST: f64 = 1.0 - STEP;

/// Lambdas of the first calls, one for all images: both ends, and what an addition to 1 keeps or loses in binary64 and
/// binary32.
const FORCED: [f64; 8] = [
    0.0,
    1.0,
    // 2^-60, 2^-24, 2^-30.
    8.673617379884035e-19,
    5.960464477539063e-8,
    9.313225746154785e-10,
    // 1 - 2^-53, 1 - 2^-24, 1 - 2^-23.
    0.9999999999999999,
    0.9999999403953552,
    0.9999998807907104,
];

/// The draws of call `call`: lambdas of [`FORCED`] in the first eight; then in turn a call of lambdas next to a step and
/// one of uniform lambdas. Uniform reals are 0 or the largest in some places.
pub(crate) fn draws_of(phase: &Phase, call: u32) -> CallDraws {
    let batch = phase.batch as usize;
    let key = splitmix64(phase.key ^ 0x0d5a_11a3 << 20 ^ u64::from(call));
    // A word of its own for every image and purpose.
    let word = |i: usize, purpose: u64| splitmix64(key.wrapping_add(8 * i as u64 + purpose));
    let uniform = |i: usize, purpose: u64, turn: usize| match turn {
        0 => 0.0,
        3 => LAST,
        _ => (word(i, purpose) >> 41) as f64 * STEP,
    };
    let lambda = |i: usize| match (FORCED.get(call as usize), call % 2) {
        (Some(&lambda), _) => lambda,
        (None, 0) => beside_step(phase, (call as usize - FORCED.len()) / 2 + 3 * i, word(i, 0)),
        (None, _) => (word(i, 0) >> 11) as f64 / 9_007_199_254_740_992.0,
    };
    CallDraws {
        lambda: (0..batch).map(lambda).collect(),
        x: (0..batch).map(|i| uniform(i, 1, (call as usize + i) % 8)).collect(),
        y: (0..batch).map(|i| uniform(i, 2, (call as usize + 2 * i) % 7)).collect(),
        partner: partners(batch, call as usize, |i| word(i, 3)),
    }
}

/// Fisher and Yates' permutation. In every third call one image stays where it is, another one each time.
fn partners(batch: usize, call: usize, word: impl Fn(usize) -> u64) -> Vec<usize> {
    let fixed = (call % 3 == 1).then_some(call / 3 % batch.max(1));
    let places: Vec<usize> = (0..batch).filter(|i| Some(*i) != fixed).collect();
    let mut moved = places.clone();
    for last in (1..moved.len()).rev() {
        moved.swap(last, (word(last) % (last as u64 + 1)) as usize);
    }
    let mut partners: Vec<usize> = (0..batch).collect();
    for (place, partner) in places.into_iter().zip(moved) {
        partners[place] = partner;
    }
    partners
}

/// A lambda with which `L sqrt(1 - lambda)`, computed step by step in one type, is just not below, or just below, a number
/// of pixels: even, odd, or half way between two. `turn` chooses which in an order that shows all of them soon.
fn beside_step(phase: &Phase, turn: usize, word: u64) -> f64 {
    let side = if turn / 3 % 2 == 1 { phase.height } else { phase.width };
    let length = u64::from(side);
    let pixels = match turn % 3 {
        0 if length > 1 => (2 * (word % (length / 2)) + 2) as f64,
        0 | 1 => (2 * (word % length.div_ceil(2)) + 1) as f64,
        _ => (word % length) as f64 + 0.5,
    };
    let below = turn / 2 % 2 == 1;
    if turn.is_multiple_of(2) {
        let reaches = |bits: u64| f64::from(side) * (1.0 - f64::from_bits(bits)).sqrt() >= pixels;
        let last = last_of(1.0_f64.to_bits(), reaches);
        f64::from_bits(last + u64::from(below))
    } else {
        let reaches = |bits: u64| side as f32 * (1.0 - f32::from_bits(bits as u32)).sqrt() >= pixels as f32;
        let last = last_of(1.0_f32.to_bits().into(), reaches);
        f64::from(f32::from_bits((last + u64::from(below)) as u32))
    }
}

/// The last number that `holds`: it does for 0, not for `end`, and does not come back.
fn last_of(end: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut yes, mut no) = (0, end);
    while no - yes > 1 {
        let middle = yes + (no - yes) / 2;
        if holds(middle) {
            yes = middle;
        } else {
            no = middle;
        }
    }
    yes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phase(width: u32, height: u32, batch: u32) -> Phase {
        Phase { width, height, batch, draws: true, ..Phase::structure() }
    }

    #[test]
    fn draws_are_what_is_documented() {
        for phase in [phase(40, 24, 8), phase(32, 32, 2), phase(7, 1, 5), phase(1, 1, 1)] {
            let calls: Vec<CallDraws> = (0..24).map(|call| draws_of(&phase, call)).collect();
            for (t, (draws, forced)) in calls.iter().zip(FORCED).enumerate() {
                assert!(draws.lambda.iter().all(|lambda| lambda.to_bits() == forced.to_bits()), "call {t}");
            }
            for (t, draws) in calls.iter().enumerate() {
                assert_eq!(draws.lambda.len(), phase.batch as usize);
                assert!(draws.lambda.iter().all(|lambda| (0.0..=1.0).contains(lambda)), "call {t}");
                for u in draws.x.iter().chain(&draws.y) {
                    assert!((0.0..1.0).contains(u) && (u / STEP).fract() == 0.0, "call {t}: {u}");
                    assert_eq!(f64::from(*u as f32), *u);
                }
                let mut sorted = draws.partner.clone();
                sorted.sort_unstable();
                assert!(sorted.into_iter().eq(0..phase.batch as usize), "call {t}: {:?}", draws.partner);
            }
            let all = |of: fn(&CallDraws) -> &[f64]| calls.iter().flat_map(of).copied().collect::<Vec<f64>>();
            for uniforms in [all(|draws| &draws.x), all(|draws| &draws.y)] {
                assert!(uniforms.contains(&0.0) && uniforms.contains(&LAST));
                assert!(uniforms.iter().filter(|u| **u > 0.0 && **u < LAST).count() > uniforms.len() / 2);
            }
            let stays = |draws: &CallDraws| draws.partner.iter().enumerate().any(|(i, &j)| i == j);
            assert!(calls.iter().any(stays));
            assert!(phase.batch == 1 || !calls.iter().all(stays), "{}", phase.batch);
        }
    }

    #[test]
    fn lambdas_are_on_both_sides_of_whole_and_half_pixels_in_both_types() {
        let phase = phase(40, 24, 8);
        // Of the first image alone, which serves a whole batch: within how many units of a step, by type and kind.
        let mut seen = std::collections::BTreeSet::new();
        for call in (8..24).step_by(2) {
            let draws = draws_of(&phase, call);
            for (i, lambda) in draws.lambda.iter().enumerate() {
                let turn = (call as usize - 8) / 2 + 3 * i;
                let length = if turn / 3 % 2 == 1 { 24.0 } else { 40.0 };
                let wide = turn.is_multiple_of(2);
                let side = if wide {
                    length * (1.0 - lambda).sqrt()
                } else {
                    f64::from(length as f32 * (1.0 - *lambda as f32).sqrt())
                };
                let step = (side * 2.0).round() / 2.0;
                let unit = if wide { f64::EPSILON } else { f64::from(f32::EPSILON) };
                // Where lambda is next to 1, its own steps are what is coarse.
                let next = unit * length * length / side.max(0.5);
                assert!((side - step).abs() <= 2.0 * next, "call {call}, image {i}: {side}");
                assert_eq!(side < step, turn / 2 % 2 == 1, "call {call}, image {i}: {side}");
                if i == 0 {
                    seen.insert([wide, side < step, step.fract() != 0.0, step % 2.0 == 1.0]);
                }
            }
        }
        assert!(seen.len() >= 6, "{seen:?}");
        for part in 0..4 {
            assert!(seen.iter().any(|s| s[part]) && !seen.iter().all(|s| s[part]), "{part}: {seen:?}");
        }
    }

    #[test]
    fn draws_never_change_in_silence() {
        use sha2::{Digest, Sha256};
        let mut hash = Sha256::new();
        for call in 0..40 {
            let draws = draws_of(&phase(40, 24, 8), call);
            for value in draws.lambda.iter().chain(&draws.x).chain(&draws.y) {
                hash.update(value.to_le_bytes());
            }
            draws.partner.iter().for_each(|&j| hash.update((j as u64).to_le_bytes()));
        }
        let digest = super::super::write::hex(&hash.finalize());
        assert_eq!(
            digest, "a66a4a9655350ae241038be01ad71075053a11ee84fbb021fa90813e252c897e",
            "traces that were made with the draws before can no longer be replayed"
        );
    }
}
