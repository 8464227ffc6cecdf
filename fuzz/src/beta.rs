//! The Beta sampler: shapes of any bit pattern are refused exactly outside the documented ranges; draws lie in `[0, 1]`,
//! are never NaN, end after few words, and depend on nothing but the words. The three shapes without transcendental
//! functions are held against their formulas.

use std::convert::Infallible;

use arbitrary::Arbitrary;
use cutmix_core::draw::uniform::unit;
use cutmix_core::{Beta, Error, SampleKey};
use rand_core::Rng;

use crate::Outcome;
use crate::numbers::Real;

#[derive(Arbitrary, Debug)]
struct Input {
    a: Real,
    b: Real,
    /// Most shapes are symmetric.
    symmetric: bool,
    key: [u64; 3],
    /// What the generator says before the key's stream goes on: words that a generator seldom says.
    words: Vec<u64>,
}

/// Draws of one input.
const DRAWS: usize = 4;

/// No draw takes more words. The worst acceptance probability is above a half and a round takes six words at most, so
/// an honest stream comes near this with a probability below 2^-100.
const MOST_WORDS: usize = 1000;

/// Says the given words, then those of a key's stream, and counts them.
#[derive(Clone)]
struct Words<'a, R> {
    given: &'a [u64],
    stream: R,
    said: usize,
}

impl<R: Rng> rand_core::TryRng for Words<'_, R> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|word| word as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.said += 1;
        assert!(self.said <= DRAWS * MOST_WORDS, "the sampler does not end");
        Ok(match self.given.split_first() {
            Some((first, rest)) => {
                self.given = rest;
                *first
            }
            None => self.stream.next_u64(),
        })
    }

    fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Infallible> {
        unreachable!("samplers draw words")
    }
}

/// What the formulas of the shapes without transcendental functions give; `None` for other shapes.
fn formula(shape: (f64, f64), rng: &mut impl Rng) -> Option<f64> {
    match shape {
        (1.0, 1.0) => Some(unit(rng)),
        (0.5, 0.5) => loop {
            let (u, v) = (unit(rng), unit(rng));
            let s = u * u + v * v;
            if 0.0 < s && s <= 1.0 {
                return Some(u * u / s);
            }
        },
        (2.0, 2.0) => {
            let mut three = [unit(rng), unit(rng), unit(rng)];
            three.sort_by(f64::total_cmp);
            Some(three[1])
        }
        _ => None,
    }
}

pub(crate) fn check(data: &[u8]) -> Outcome {
    let Some(input) = crate::read::<Input>(data) else { return Outcome::Malformed };
    let a = input.a.value();
    let b = if input.symmetric { a } else { input.b.value() };
    let between = |x: f64, least: f64, most: f64| !x.is_nan() && x >= least && x <= most;
    let offered = if a == b { between(a, 1e-3, 1e6) } else { between(a, 0.05, 50.0) && between(b, 0.05, 50.0) };
    let beta = match Beta::new(a, b) {
        Ok(beta) => beta,
        Err(error) => {
            assert!(!offered && matches!(error, Error::BetaShape { .. }), "Beta({a:e}, {b:e}): {error}");
            return Outcome::Refused;
        }
    };
    assert!(offered, "Beta({a:e}, {b:e}) is outside the documented ranges");
    assert_eq!(beta.shape(), (a, b));
    assert!(a != b || Beta::symmetric(a) == Ok(beta), "two constructors for Beta({a:e}, {a:e})");

    let [seed, epoch, index] = input.key;
    let words = Words { given: &input.words, stream: SampleKey { seed, epoch, index }.rng(), said: 0 };
    let (mut first, mut again, mut by_hand) = (words.clone(), words.clone(), words);
    for draw in 0..DRAWS {
        let lambda = beta.sample(&mut first);
        assert!(between(lambda, 0.0, 1.0), "draw {draw} of Beta({a:e}, {b:e}) is {lambda}: {input:?}");
        assert_eq!(beta.sample(&mut again).to_bits(), lambda.to_bits(), "a second draw of Beta({a:e}, {b:e})");
        assert_eq!(first.said, again.said);
        if let Some(expected) = formula((a, b), &mut by_hand) {
            assert_eq!(lambda.to_bits(), expected.to_bits(), "draw {draw} of Beta({a:e}, {b:e}): {input:?}");
        }
    }
    Outcome::Verified
}
