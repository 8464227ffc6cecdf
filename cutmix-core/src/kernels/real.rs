//! Square root and ceiling of boxes. Both are correctly rounded or exact, so it makes no difference to a box who computes
//! them: an instruction where the target always has one, `libm` or integers elsewhere.

/// The square root of `x`.
#[inline]
#[allow(unsafe_code)]
pub(crate) fn sqrt(x: f64) -> f64 {
    #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
    {
        use core::arch::x86_64::{_mm_cvtsd_f64, _mm_set_sd, _mm_sqrt_sd};
        #[target_feature(enable = "sse2")]
        fn root(x: f64) -> f64 {
            let x = _mm_set_sd(x);
            _mm_cvtsd_f64(_mm_sqrt_sd(x, x))
        }
        // SAFETY: the target has SSE2, see the condition above.
        unsafe { root(x) }
    }
    #[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
    {
        use core::arch::aarch64::{vdup_n_f64, vget_lane_f64, vsqrt_f64};
        #[target_feature(enable = "neon")]
        fn root(x: f64) -> f64 {
            vget_lane_f64::<0>(vsqrt_f64(vdup_n_f64(x)))
        }
        // SAFETY: the target has NEON, see the condition above.
        unsafe { root(x) }
    }
    #[cfg(not(any(
        all(target_arch = "x86_64", target_feature = "sse2"),
        all(target_arch = "aarch64", target_feature = "neon")
    )))]
    {
        libm::sqrt(x)
    }
}

/// `x` without its fraction, 0 where it is negative and `u32::MAX` where it is greater. A function of its own where flash is
/// short: the comparisons of a conversion are calls there.
#[cfg_attr(target_os = "none", inline(never))]
pub(crate) fn trunc(x: f64) -> u32 {
    x as u32
}

/// The least whole number that is not below `x`, 0 where that is negative and `u32::MAX` where it is greater. Less code
/// than a ceiling and a conversion, which small images notice.
#[inline]
pub(crate) fn ceil(x: f64) -> u32 {
    let whole = trunc(x);
    whole.saturating_add(u32::from(f64::from(whole) < x))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_core::Rng;

    #[test]
    fn roots_are_those_of_libm_bit_for_bit() {
        let mut rng = crate::SampleKey { seed: 3, epoch: 1, index: 4 }.rng();
        for x in [0.0, -0.0, 1.0, 0.25, f64::MIN_POSITIVE, f64::from_bits(1), f64::MAX, f64::INFINITY] {
            assert_eq!(sqrt(x).to_bits(), libm::sqrt(x).to_bits(), "{x}");
        }
        for _ in 0..if cfg!(miri) { 100 } else { 100_000 } {
            // All of [0, 1), where boxes draw from, and every positive number.
            let word = rng.next_u64() >> 1;
            for x in [(word >> 10) as f64 * f64::from_bits(0x3ca0_0000_0000_0000), f64::from_bits(word)] {
                if !x.is_nan() {
                    assert_eq!(sqrt(x).to_bits(), libm::sqrt(x).to_bits(), "{x}");
                }
            }
        }
    }

    #[test]
    fn ceilings_are_those_of_libm_between_both_ends() {
        let mut rng = crate::SampleKey { seed: 3, epoch: 1, index: 5 }.rng();
        let expect = |x: f64| assert_eq!(ceil(x), libm::ceil(x) as u32, "{x}");
        for whole in [0.0_f64, 1.0, 2.0, 255.0, 65536.0, 4294967294.0, 4294967295.0, 4294967296.0, 1e300] {
            for x in [whole, -whole, whole + 0.5, whole - 0.5, whole.next_up(), whole.next_down()] {
                expect(x);
                expect(-x);
            }
        }
        for _ in 0..if cfg!(miri) { 100 } else { 100_000 } {
            let word = rng.next_u64();
            expect((word >> 11) as f64 / f64::from(1_u32 << (word % 32)) - 1.0);
            expect(f64::from_bits(word));
        }
    }
}
