//! Which instruction sets this machine has, without std: `cpuid`, and the operating system's consent from XCR0.
//!
//! Where there is no operating system that answers for the registers (bare metal, UEFI), where `cpuid` traps (SGX), and
//! under Miri, the level is what the compiler was told.

use super::Kind;

/// What the compiler was told: true of every machine that can run this code at all.
pub(super) const FLOOR: Kind = if cfg!(all(target_feature = "avx512bw", target_feature = "avx512vl")) {
    Kind::Avx512
} else if cfg!(target_feature = "avx2") {
    Kind::Avx2
} else {
    Kind::Sse2
};

/// The best level of this machine. Looks once, then costs a relaxed load; racing threads find the same.
pub(super) fn best() -> Kind {
    use core::sync::atomic::{AtomicU8, Ordering::Relaxed};

    /// [`NOT_YET`] while nobody has looked, else the code of the level.
    static BEST: AtomicU8 = AtomicU8::new(NOT_YET);

    if cfg!(any(miri, target_os = "none", target_os = "uefi", target_env = "sgx")) {
        return FLOOR;
    }
    decoded(BEST.load(Relaxed)).unwrap_or_else(|| {
        let best = better(FLOOR, Registers::read().kind());
        BEST.store(code(best), Relaxed);
        best
    })
}

const NOT_YET: u8 = 0;

/// A level as a number other than [`NOT_YET`].
const fn code(kind: Kind) -> u8 {
    match kind {
        Kind::Avx512 => 3,
        Kind::Avx2 => 2,
        _ => 1,
    }
}

const fn decoded(code: u8) -> Option<Kind> {
    match code {
        1 => Some(Kind::Sse2),
        2 => Some(Kind::Avx2),
        3 => Some(Kind::Avx512),
        _ => None,
    }
}

const fn better(a: Kind, b: Kind) -> Kind {
    match (a, b) {
        (Kind::Avx512, _) | (_, Kind::Avx512) => Kind::Avx512,
        (Kind::Avx2, _) | (_, Kind::Avx2) => Kind::Avx2,
        _ => Kind::Sse2,
    }
}

/// What the processor and the operating system say; 0 where there is no such register.
#[derive(Clone, Copy, Debug)]
struct Registers {
    leaf1_ecx: u32,
    leaf7_ebx: u32,
    xcr0: u64,
}

impl Registers {
    const OSXSAVE: u32 = 0x0800_0000;
    const AVX: u32 = 0x1000_0000;
    const AVX2: u32 = 0x0000_0020;
    /// F (16), BW (30) and VL (31).
    const AVX512: u32 = 0xc001_0000;
    /// The operating system saves the lower (1) and upper (2) halves of the 256-bit registers.
    const YMM: u64 = 0x06;
    /// And the mask registers (5), the upper halves of the first 16 (6) and all of the others (7) of 512 bits.
    const ZMM: u64 = 0xe6;

    #[cold]
    #[allow(unsafe_code, unused_unsafe)] // The cpuid intrinsics were unsafe up to some release after our oldest compiler.
    fn read() -> Self {
        #[cfg(target_arch = "x86")]
        use core::arch::x86::{__cpuid, __cpuid_count, _xgetbv};
        #[cfg(target_arch = "x86_64")]
        use core::arch::x86_64::{__cpuid, __cpuid_count, _xgetbv};

        #[target_feature(enable = "xsave")]
        fn xcr0() -> u64 {
            // SAFETY: register 0 exists wherever xgetbv may be executed, which the caller has found.
            unsafe { _xgetbv(0) }
        }

        // SAFETY: this module is compiled for targets with SSE2 only; every processor with SSE2 has cpuid and leaf 1.
        let (max_leaf, leaf1_ecx) = unsafe { (__cpuid(0).eax, __cpuid(1).ecx) };
        // Beyond the last leaf some processors answer with the data of another.
        let leaf7_ebx = if has_leaf7(max_leaf) {
            // SAFETY: as above; leaf 7 exists.
            unsafe { __cpuid_count(7, 0) }.ebx
        } else {
            0
        };
        let xcr0 = if has_xcr0(leaf1_ecx) {
            // SAFETY: OSXSAVE says that the operating system has enabled xgetbv.
            unsafe { xcr0() }
        } else {
            0
        };
        Self { leaf1_ecx, leaf7_ebx, xcr0 }
    }

    /// The processor's word is not enough: the operating system must save the wide registers too.
    const fn kind(self) -> Kind {
        let ymm = self.leaf1_ecx & Self::AVX == Self::AVX && self.xcr0 & Self::YMM == Self::YMM;
        if !ymm || self.leaf7_ebx & Self::AVX2 != Self::AVX2 {
            Kind::Sse2
        } else if self.xcr0 & Self::ZMM == Self::ZMM && self.leaf7_ebx & Self::AVX512 == Self::AVX512 {
            Kind::Avx512
        } else {
            Kind::Avx2
        }
    }
}

const fn has_leaf7(max_leaf: u32) -> bool {
    max_leaf >= 7
}

const fn has_xcr0(leaf1_ecx: u32) -> bool {
    leaf1_ecx & Registers::OSXSAVE != 0
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;

    #[test]
    #[cfg_attr(miri, ignore = "Miri has no cpuid")]
    fn agrees_with_the_standard_library() {
        let expected = if std::is_x86_feature_detected!("avx512bw") && std::is_x86_feature_detected!("avx512vl") {
            Kind::Avx512
        } else if std::is_x86_feature_detected!("avx2") {
            Kind::Avx2
        } else {
            Kind::Sse2
        };
        assert_eq!((best(), best()), (expected, expected));
    }

    #[test]
    fn every_bit_is_needed_and_no_other_counts() {
        let all =
            Registers { leaf1_ecx: 1 << 27 | 1 << 28, leaf7_ebx: 1 << 5 | 1 << 16 | 1 << 30 | 1 << 31, xcr0: 0xe6 };
        assert_eq!(all.kind(), Kind::Avx512);
        let noisy = Registers { leaf1_ecx: u32::MAX, leaf7_ebx: u32::MAX, xcr0: u64::MAX };
        assert_eq!(noisy.kind(), Kind::Avx512);
        for kept in 0..32 {
            let without = |bit: u32| !(1_u32 << bit);
            let expected = if kept == 28 { Kind::Sse2 } else { Kind::Avx512 };
            assert_eq!(Registers { leaf1_ecx: without(kept), ..noisy }.kind(), expected, "leaf 1, bit {kept}");
            let expected = match kept {
                5 => Kind::Sse2,
                16 | 30 | 31 => Kind::Avx2,
                _ => Kind::Avx512,
            };
            assert_eq!(Registers { leaf7_ebx: without(kept), ..noisy }.kind(), expected, "leaf 7, bit {kept}");
            let expected = match kept {
                1 | 2 => Kind::Sse2,
                5..=7 => Kind::Avx2,
                _ => Kind::Avx512,
            };
            assert_eq!(Registers { xcr0: u64::from(without(kept)), ..noisy }.kind(), expected, "XCR0, bit {kept}");
            assert_eq!(has_xcr0(1 << kept), kept == 27);
        }
        assert_eq!(Registers { leaf1_ecx: 0, leaf7_ebx: 0, xcr0: 0 }.kind(), Kind::Sse2);
        assert_eq!([6, 7, 8].map(has_leaf7), [false, true, true]);
    }

    #[test]
    fn levels_have_codes_and_the_better_one_wins() {
        let kinds = [Kind::Sse2, Kind::Avx2, Kind::Avx512];
        for (i, &a) in kinds.iter().enumerate() {
            assert_eq!(decoded(code(a)), Some(a));
            for (j, &b) in kinds.iter().enumerate() {
                assert_eq!(better(a, b), kinds[i.max(j)]);
            }
        }
        assert_eq!((decoded(NOT_YET), decoded(4)), (None, None));
    }
}
