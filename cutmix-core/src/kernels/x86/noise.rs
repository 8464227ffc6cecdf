//! Noise with the registers of a level: `u8` and `u16` are one stream of bytes on a little-endian machine, `f32` one
//! word an element.

/// 2^-24: the upper 24 bits of a word become a number in `[0, 1)`.
pub(super) const UNIT: f32 = 1.0 / 16_777_216.0;

/// Where byte `at` of a row stands: its word, and its place in it. `first` is the number of the row's first element, an
/// element has `1 << shift` bytes.
#[inline]
pub(super) fn place(first: u64, at: usize, shift: u32) -> (u64, u32) {
    let at = at as u64;
    let element = first.wrapping_add(at >> shift);
    let in_element = at & ((1 << shift) - 1);
    (element >> (2 - shift), (((element << shift) | in_element) & 3) as u32)
}

/// What a word's upper number half adds between the two multiplications.
#[inline]
pub(super) fn between([_, k1]: [u32; 2], j: u64) -> u32 {
    k1.wrapping_add(((j >> 32) as u32).wrapping_mul(0x9e37_79b9))
}

/// How many of the words from `j` on have the same upper half and so can share a register's constants.
#[inline]
pub(super) fn same_half(j: u64) -> u64 {
    (1 << 32) - (j & 0xffff_ffff)
}

/// Makes `noise_bytes` and `noise_f32` of a level from its words, store and conversion.
macro_rules! kernels {
    (
        $feature:literal, $bytes:literal, $words:ident, $store:ident, $vector:ty, $splat:ident, $add:ident,
        $lanes:expr, |$word:ident, $lo:ident, $span:ident| $to_f32:expr
    ) => {
        /// Elements of `1 << shift` bytes, 1 or 2.
        #[target_feature(enable = $feature)]
        fn noise_bytes(raw: Raw<'_>, noise: Noise, shift: u32) {
            let [k0, _] = noise.words;
            let (k0, n) = ($splat(k0 as i32), raw.row_bytes);
            let mut y = 0;
            each_dst!(raw, dst, {
                let first = noise.row(y);
                y += 1;
                let mut at = 0;
                while at < n {
                    let (j, phase) = noise::place(first, at, shift);
                    if phase != 0 || noise::same_half(j) < $bytes / 4 {
                        // What is left of a word that began before the row, or a few words before the upper half of
                        // their number changes.
                        let word = (noise_word(noise.words, j) >> (8 * phase)).to_le_bytes();
                        let here = (4 - phase as usize).min(n - at);
                        // SAFETY: `at..at + here` lies in the row (`raw`), and `here <= 4`.
                        unsafe { dst.wrapping_add(at).copy_from_nonoverlapping(word.as_ptr(), here) };
                        at += here;
                        continue;
                    }
                    let between = $splat(noise::between(noise.words, j) as i32);
                    let mut low = $add($splat(j as i32), $lanes);
                    let whole = ((n - at) / $bytes).min((noise::same_half(j) / ($bytes / 4)) as usize);
                    for _ in 0..whole {
                        let value = $words(low, k0, between);
                        // SAFETY: `whole` registers fit from `at` to the end of the row (`raw`).
                        unsafe { $store(dst.wrapping_add(at), value) };
                        low = $add(low, $splat($bytes / 4));
                        at += $bytes;
                    }
                    if whole == 0 {
                        let mut last = [0_u8; $bytes];
                        let value = $words(low, k0, between);
                        // SAFETY: `last` has the bytes of one register.
                        unsafe { $store(last.as_mut_ptr(), value) };
                        // SAFETY: fewer bytes than a register has are left, or one would have fitted.
                        unsafe { dst.wrapping_add(at).copy_from_nonoverlapping(last.as_ptr(), n - at) };
                        at = n;
                    }
                }
            });
        }

        #[target_feature(enable = $feature)]
        fn noise_u8(dst: &mut RectMut<'_>, noise: Noise) {
            noise_bytes(Raw::new(dst), noise, 0);
        }

        #[target_feature(enable = $feature)]
        fn noise_u16(dst: &mut RectMut<'_>, noise: Noise) {
            noise_bytes(Raw::new(dst), noise, 1);
        }

        #[target_feature(enable = $feature)]
        fn noise_f32(dst: &mut RectMut<'_>, noise: Noise, [lo, span]: [f32; 2]) {
            let raw = Raw::new(dst);
            let [k0, _] = noise.words;
            let k0 = $splat(k0 as i32);
            let mut y = 0;
            each_dst!(raw, dst, {
                let first = noise.row(y);
                y += 1;
                // Whole elements only: a rectangle of `f32` has no other rows.
                let (n, mut at) = (raw.row_bytes / 4, 0);
                while at < n {
                    let j = first.wrapping_add(at as u64);
                    if noise::same_half(j) < $bytes / 4 {
                        let u = (noise_word(noise.words, j) >> 8) as f32 * noise::UNIT;
                        let to = dst.wrapping_add(4 * at).cast::<[u8; 4]>();
                        // SAFETY: element `at` lies in the row (`raw`); bytes need no alignment.
                        unsafe { to.write((lo + u * span).to_ne_bytes()) };
                        at += 1;
                        continue;
                    }
                    let convert = |$word: $vector| {
                        let ($lo, $span) = (lo, span);
                        $to_f32
                    };
                    let between = $splat(noise::between(noise.words, j) as i32);
                    let mut low = $add($splat(j as i32), $lanes);
                    let whole = ((n - at) / ($bytes / 4)).min((noise::same_half(j) / ($bytes / 4)) as usize);
                    for _ in 0..whole {
                        let value = convert($words(low, k0, between));
                        // SAFETY: `whole` registers fit from element `at` to the end of the row (`raw`).
                        unsafe { $store(dst.wrapping_add(4 * at), value) };
                        low = $add(low, $splat($bytes / 4));
                        at += $bytes / 4;
                    }
                    if whole == 0 {
                        let mut last = [0_u8; $bytes];
                        let value = convert($words(low, k0, between));
                        // SAFETY: `last` has the bytes of one register.
                        unsafe { $store(last.as_mut_ptr(), value) };
                        let (to, left) = (dst.wrapping_add(4 * at), 4 * (n - at));
                        // SAFETY: fewer elements than a register has are left, or one would have fitted.
                        unsafe { to.copy_from_nonoverlapping(last.as_ptr(), left) };
                        at = n;
                    }
                }
            });
        }
    };
}

pub(super) use kernels;
