//! Uniform reals of 53 bits and unbiased integers, generic over [`rand_core::Rng`].

use rand_core::Rng;

/// 2^-53, the spacing of the uniform reals.
const STEP: f64 = 1.0 / 9007199254740992.0;

/// A multiple of 2^-53 in `[0, 1)`: the upper 53 bits of the next 64.
///
/// ```
/// let mut rng = cutmix_core::SampleKey { seed: 1, epoch: 0, index: 0 }.rng();
/// let u = cutmix_core::draw::uniform::unit(&mut rng);
/// assert!((0.0..1.0).contains(&u));
/// ```
pub fn unit<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    (rng.next_u64() >> 11) as f64 * STEP
}

/// A multiple of 2^-53 in `(0, 1]`, safe to take the logarithm of.
///
/// ```
/// let mut rng = cutmix_core::SampleKey { seed: 1, epoch: 0, index: 0 }.rng();
/// let u = cutmix_core::draw::uniform::unit_positive(&mut rng);
/// assert!(0.0 < u && u <= 1.0);
/// ```
pub fn unit_positive<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    ((rng.next_u64() >> 11) + 1) as f64 * STEP
}

/// An integer in `0..bound`, every one equally likely; 0 if `bound` is 0. Takes 64 bits, and more with a probability
/// below `bound / 2^64`.
///
/// Source: Lemire, "Fast random integer generation in an interval", ACM TOMACS 29 (2019), algorithm 5.
///
/// ```
/// let mut rng = cutmix_core::SampleKey { seed: 1, epoch: 0, index: 0 }.rng();
/// assert!(cutmix_core::draw::uniform::below(&mut rng, 6) < 6);
/// ```
pub fn below<R: Rng + ?Sized>(rng: &mut R, bound: u64) -> u64 {
    let mut product = u128::from(rng.next_u64()) * u128::from(bound);
    // Only the low words below 2^64 mod bound would make some results likelier than others.
    if (product as u64) < bound {
        let threshold = surplus(bound);
        while (product as u64) < threshold {
            product = u128::from(rng.next_u64()) * u128::from(bound);
        }
    }
    (product >> 64) as u64
}

/// 2^64 mod `bound`, for a `bound` above 0, by doubling: hardly ever called, so that small images can do without the
/// 64-bit division, a kilobyte where there is no instruction for it.
#[cold]
fn surplus(bound: u64) -> u64 {
    let mut rest = u64::from(bound != 1);
    for _ in 0..64 {
        // Below 2 bound, but perhaps not below 2^64.
        let (twice, over) = rest.overflowing_add(rest);
        rest = if over || twice >= bound { twice.wrapping_sub(bound) } else { twice };
    }
    rest
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use core::convert::Infallible;

    /// Gives the listed words, then zeros.
    pub(crate) struct Words<'a>(pub(crate) &'a [u64]);

    impl rand_core::TryRng for Words<'_> {
        type Error = Infallible;
        fn try_next_u32(&mut self) -> Result<u32, Infallible> {
            self.try_next_u64().map(|word| word as u32)
        }
        fn try_next_u64(&mut self) -> Result<u64, Infallible> {
            let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
            self.0 = rest;
            Ok(*first)
        }
        fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Infallible> {
            dst.fill(0);
            Ok(())
        }
    }

    #[test]
    fn ends_of_the_unit_interval() {
        assert_eq!(unit(&mut Words(&[0])), 0.0);
        assert_eq!(unit(&mut Words(&[u64::MAX])), 1.0 - STEP);
        assert_eq!(unit_positive(&mut Words(&[0])), STEP);
        assert_eq!(unit_positive(&mut Words(&[u64::MAX])), 1.0);
    }

    #[test]
    fn the_surplus_is_the_remainder() {
        let mut rng = crate::SampleKey { seed: 1, epoch: 2, index: 3 }.rng();
        for shift in 0..64 {
            let random = rng.next_u64() >> shift;
            for bound in [1 << shift, u64::MAX >> shift, random, random | 1 << 63] {
                let bound = bound.max(1);
                assert_eq!(surplus(bound), bound.wrapping_neg() % bound, "{bound}");
            }
        }
    }

    #[test]
    fn rejects_exactly_the_surplus_words() {
        // 2^64 = 3 k + 1: the word whose product has low part 0 is one too many.
        let mut rng = Words(&[0, u64::MAX, 5]);
        assert_eq!(below(&mut rng, 3), 2);
        assert_eq!(rng.0, &[5], "the word 0 was refused, the next one taken");
        assert_eq!(below(&mut Words(&[0]), 4), 0, "powers of two refuse nothing");
        assert_eq!(below(&mut Words(&[u64::MAX]), u64::MAX), u64::MAX - 1);
        assert_eq!(below(&mut Words(&[7]), 0), 0);
        let mut one = Words(&[u64::MAX, 8]);
        assert_eq!(below(&mut one, 1), 0);
        assert_eq!(one.0, &[8], "a bound of 1 still takes its 64 bits");
    }
}
