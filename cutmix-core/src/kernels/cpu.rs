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
#[cfg(not(any(miri, target_os = "none", target_os = "uefi", target_env = "sgx")))]
pub(super) fn best() -> Kind {
    use core::sync::atomic::{AtomicU8, Ordering::Relaxed};

    /// 0 while nobody has looked, else 1 + the level.
    static BEST: AtomicU8 = AtomicU8::new(0);

    match BEST.load(Relaxed) {
        1 => Kind::Sse2,
        2 => Kind::Avx2,
        3 => Kind::Avx512,
        _ => {
            let best = probe();
            let code = match best {
                Kind::Avx512 => 3,
                Kind::Avx2 => 2,
                _ => 1,
            };
            BEST.store(code, Relaxed);
            best
        }
    }
}

#[cfg(any(miri, target_os = "none", target_os = "uefi", target_env = "sgx"))]
pub(super) const fn best() -> Kind {
    FLOOR
}

#[cfg(not(any(miri, target_os = "none", target_os = "uefi", target_env = "sgx")))]
#[cold]
fn probe() -> Kind {
    let found = features();
    if FLOOR == Kind::Avx512 || found.avx512 {
        Kind::Avx512
    } else if FLOOR == Kind::Avx2 || found.avx2 {
        Kind::Avx2
    } else {
        Kind::Sse2
    }
}

#[cfg(not(any(miri, target_os = "none", target_os = "uefi", target_env = "sgx")))]
struct Features {
    avx2: bool,
    avx512: bool,
}

#[cfg(not(any(miri, target_os = "none", target_os = "uefi", target_env = "sgx")))]
#[allow(unsafe_code, unused_unsafe)] // The cpuid intrinsics were unsafe up to some release after our oldest compiler.
fn features() -> Features {
    #[cfg(target_arch = "x86")]
    use core::arch::x86::{__cpuid, __cpuid_count, _xgetbv};
    #[cfg(target_arch = "x86_64")]
    use core::arch::x86_64::{__cpuid, __cpuid_count, _xgetbv};

    const OSXSAVE: u32 = 1 << 27;
    const AVX: u32 = 1 << 28;
    const NOTHING: Features = Features { avx2: false, avx512: false };

    #[target_feature(enable = "xsave")]
    fn xcr0() -> u64 {
        // SAFETY: register 0 exists wherever xgetbv may be executed, which the caller has found.
        unsafe { _xgetbv(0) }
    }

    // SAFETY: this module is compiled for targets with SSE2 only; every processor with SSE2 has cpuid.
    let max_leaf = unsafe { __cpuid(0) }.eax;
    // Beyond the last leaf some processors answer with the data of another.
    if max_leaf < 7 {
        return NOTHING;
    }
    // SAFETY: as above.
    let leaf1 = unsafe { __cpuid(1) };
    if leaf1.ecx & (OSXSAVE | AVX) != OSXSAVE | AVX {
        return NOTHING;
    }
    // SAFETY: OSXSAVE says that the operating system has enabled xgetbv.
    let saved = unsafe { xcr0() };
    // The processor's word is not enough: the operating system must save the wide registers too.
    let (ymm, zmm) = (saved & 0b110 == 0b110, saved & 0b1110_0110 == 0b1110_0110);
    // SAFETY: as above; leaf 7 exists.
    let leaf7 = unsafe { __cpuid_count(7, 0) }.ebx;
    let has = |bits: u32| leaf7 & bits == bits;
    let avx2 = ymm && has(1 << 5);
    // F, BW and VL.
    Features { avx2, avx512: avx2 && zmm && has(1 << 16 | 1 << 30 | 1 << 31) }
}

#[cfg(all(test, not(miri)))]
mod tests {
    extern crate std;
    use super::*;

    #[test]
    fn agrees_with_the_standard_library() {
        let found = features();
        assert_eq!(found.avx2, std::is_x86_feature_detected!("avx2"));
        let avx512 = std::is_x86_feature_detected!("avx512bw") && std::is_x86_feature_detected!("avx512vl");
        assert_eq!(found.avx512, avx512);
        assert_eq!((best(), best()), (probe(), probe()));
    }
}
