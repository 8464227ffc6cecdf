//! Label weights without binary64, for microcontrollers that have no instructions for it: the division and the conversion of
//! the compiler's library would be a kilobyte and a half of flash.

/// `f32(f64(kept) / f64(total))`, bit for bit, for `kept <= total` and `total > 0`. Costs some 60 steps of a few integer
/// operations.
pub(super) const fn quotient(kept: u64, total: u64) -> f32 {
    if kept == 0 {
        return 0.0;
    }
    // Both as binary64 has them.
    let ((mut rest, above), (divisor, below)) = (round(kept, 53), round(total, 53));
    // Until the quotient lies in [1, 2). Nothing is lost: both are at most 2^53.
    let mut halved = below - above;
    while rest < divisor {
        rest <<= 1;
        halved += 1;
    }
    // 54 bits of it: one more than binary64 keeps. Whether anything is left matters where they end in half a place.
    let (mut bits, mut digits) = (0, 0);
    while bits < 54 {
        let fits = rest >= divisor;
        digits = (digits << 1) + fits as u64;
        rest = (rest - if fits { divisor } else { 0 }) << 1;
        bits += 1;
    }
    let (digits, first) = round((digits << 1) + (rest != 0) as u64, 53);
    let (digits, second) = round(digits, 24);
    // Exact: at most 2^24, times a power of two from 2^-87 to 2^-23.
    digits as u32 as f32 * f32::from_bits((127 + first + second - 54 - halved) << 23)
}

/// `x` to `places` binary places that count, to nearest, ties to even, and how many places were dropped.
const fn round(x: u64, places: u32) -> (u64, u32) {
    let dropped = (64 - x.leading_zeros()).saturating_sub(places);
    if dropped == 0 {
        return (x, 0);
    }
    let (kept, rest, half) = (x >> dropped, x & ((1 << dropped) - 1), 1 << (dropped - 1));
    (kept + (rest > half || rest == half && kept & 1 == 1) as u64, dropped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_core::Rng;

    fn expect(kept: u64, total: u64) {
        let expected = (kept as f64 / total as f64) as f32;
        assert_eq!(quotient(kept, total).to_bits(), expected.to_bits(), "{kept} / {total}");
    }

    #[test]
    fn every_ratio_of_small_images_is_that_of_binary64() {
        for total in 1..if cfg!(miri) { 20 } else { 2500 } {
            for kept in 0..=total {
                expect(kept, total);
            }
        }
    }

    #[test]
    fn random_ratios_of_every_length_are_those_of_binary64() {
        let mut rng = crate::SampleKey { seed: 8, epoch: 1, index: 2 }.rng();
        for i in 0..if cfg!(miri) { 500 } else { 400_000 } {
            let total = (rng.next_u64() >> (i % 64)).max(1);
            let kept = rng.next_u64() >> (i / 64 % 64);
            expect(kept.min(total), total);
            expect(total - kept.min(total - 1), total);
        }
        for total in [1, 1 << 24, (1 << 24) + 1, (1 << 53) - 1, 1 << 53, (1 << 53) + 1, 1 << 63, u64::MAX - 1, u64::MAX]
        {
            for kept in [1, 2, 3, total / 2, total / 3, total - 1, total] {
                expect(kept.min(total), total);
            }
        }
    }

    #[test]
    fn quotients_beside_the_middle_of_two_binary32_are_rounded_twice_as_those_of_binary64() {
        // m / 2^25 with odd m lies between two of them; a divisor near a power of two comes close from both sides.
        for m in [1_u64 << 24 | 1, (1 << 25) - 1, 0x155_5555, 0x1aa_aaab] {
            for shift in 0..28 {
                for off in -3_i64..=3 {
                    let total = 1_u64 << (25 + shift);
                    let kept = (m << shift).wrapping_add_signed(off);
                    expect(kept.min(total), total);
                    expect(kept.min(total), total + 1);
                    expect(kept.min(total - 1), total - 1);
                }
            }
        }
    }
}
