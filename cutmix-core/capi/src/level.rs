//! Versions, and the instruction sets that the kernels may use.

use core::ffi::{CStr, c_char};

use cutmix_core::Level;

use crate::memory::{answer, given};
use crate::status::{CUTMIX_LEVEL_MISSING, CUTMIX_NULL, Refusal, Status};

/// The version of this ABI, as the header has it. Compare it with `cutmix_abi_version()` where the library is linked
/// dynamically. A larger one still has every function, struct and meaning of a smaller one; what breaks a promise gets
/// another library name.
pub const CUTMIX_ABI_VERSION: u32 = 1;

/// The version of the stream contract: the same version draws the same plans from the same keys, for ever.
pub const CUTMIX_STREAM_VERSION: u32 = 1;

/// The best level that this machine has.
pub const CUTMIX_LEVEL_BEST: u32 = 0;
/// Code without special instructions, on every machine.
pub const CUTMIX_LEVEL_PORTABLE: u32 = 1;
/// x86 with SSE2.
pub const CUTMIX_LEVEL_SSE2: u32 = 2;
/// x86 with AVX2.
pub const CUTMIX_LEVEL_AVX2: u32 = 3;
/// x86 with AVX-512 BW and VL.
pub const CUTMIX_LEVEL_AVX512: u32 = 4;
/// 64-bit Arm with NEON.
pub const CUTMIX_LEVEL_NEON: u32 = 5;
/// WebAssembly with simd128.
pub const CUTMIX_LEVEL_SIMD128: u32 = 6;

/// The names of the levels from `CUTMIX_LEVEL_PORTABLE` on; the core has them in the same order, as a test sees.
const NAMES: [&CStr; 6] = [c"portable", c"sse2", c"avx2", c"avx512", c"neon", c"simd128"];

fn name(level: u32) -> Option<&'static CStr> {
    NAMES.get((level as usize).checked_sub(1)?).copied()
}

/// The level of a code, if this machine has it.
pub(crate) fn level(code: u32) -> Result<Level, Refusal> {
    let level = match code {
        CUTMIX_LEVEL_BEST => Some(Level::detect()),
        CUTMIX_LEVEL_PORTABLE => Some(Level::PORTABLE),
        _ => (code as usize).checked_sub(1).and_then(|i| Level::NAMES.get(i)).and_then(|name| Level::from_name(name)),
    };
    level.ok_or(Refusal(CUTMIX_LEVEL_MISSING))
}

/// The version of the ABI that this library has; see `CUTMIX_ABI_VERSION`. Never fails; constant cost.
///
/// ```c
/// // The shared library that was found may be a newer one than the header, but not an older one.
/// assert(cutmix_abi_version() >= CUTMIX_ABI_VERSION);
/// ```
#[unsafe(no_mangle)]
pub extern "C" fn cutmix_abi_version() -> u32 {
    CUTMIX_ABI_VERSION
}

/// The version of the stream contract that this library draws by; see `CUTMIX_STREAM_VERSION`. Never fails; constant cost.
///
/// ```c
/// assert(cutmix_stream_version() == CUTMIX_STREAM_VERSION); // else stored keys would give other plans
/// ```
#[unsafe(no_mangle)]
pub extern "C" fn cutmix_stream_version() -> u32 {
    CUTMIX_STREAM_VERSION
}

/// The version of the library, such as "0.1.0": a static string that ends with a zero. For a log; what can be relied on is
/// `cutmix_abi_version`. Never fails; constant cost.
///
/// ```c
/// unsigned major, minor, patch;
/// int numbers = sscanf(cutmix_version(), "%u.%u.%u", &major, &minor, &patch);
/// assert(numbers == 3);
/// ```
#[unsafe(no_mangle)]
pub extern "C" fn cutmix_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}

/// The best level of this machine, one of `CUTMIX_LEVEL_*` and never `CUTMIX_LEVEL_BEST`. On x86 it asks the processor
/// once, then costs a relaxed load; elsewhere it is what the library was compiled for. All levels give the same bytes.
/// Never fails.
///
/// ```c
/// uint32_t best = cutmix_level_detect(), found;
/// cutmix_status s = cutmix_level_from_name(cutmix_level_name(best), &found);
/// assert(s == CUTMIX_OK && found == best && best != CUTMIX_LEVEL_BEST);
/// ```
#[unsafe(no_mangle)]
pub extern "C" fn cutmix_level_detect() -> u32 {
    let best = Level::detect().name();
    let index = Level::NAMES.iter().position(|&name| name == best);
    index.map_or(CUTMIX_LEVEL_PORTABLE, |index| index as u32 + 1)
}

/// The name of a level, such as "avx2", whether or not this machine has it; null for a number that is no level, and for
/// `CUTMIX_LEVEL_BEST`. A static string that ends with a zero. Constant cost.
///
/// ```c
/// assert(strcmp(cutmix_level_name(CUTMIX_LEVEL_AVX2), "avx2") == 0);
/// assert(cutmix_level_name(CUTMIX_LEVEL_BEST) == NULL && cutmix_level_name(99) == NULL);
/// ```
#[unsafe(no_mangle)]
pub extern "C" fn cutmix_level_name(level: u32) -> *const c_char {
    name(level).map_or(core::ptr::null(), CStr::as_ptr)
}

/// Writes the level of a name into `level`, for choosing a lower one by an option or a variable of the environment.
///
/// Errors: `CUTMIX_NULL`, `CUTMIX_POINTER_ALIGNMENT`; `CUTMIX_LEVEL_MISSING` if there is no level of that name, or this
/// machine does not have it. At most 16 bytes of `name` are read: constant cost.
///
/// ```c
/// uint32_t level = CUTMIX_LEVEL_BEST;
/// cutmix_status s = cutmix_level_from_name("avx1024", &level);
/// assert(s == CUTMIX_LEVEL_MISSING && level == CUTMIX_LEVEL_BEST);
/// s = cutmix_level_from_name("portable", &level);
/// assert(s == CUTMIX_OK && level == CUTMIX_LEVEL_PORTABLE);
/// ```
#[doc = safety!("`name` ends with a zero. ")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_level_from_name(name: *const c_char, level: *mut u32) -> Status {
    answer(|call| {
        if name.is_null() {
            return Err(Refusal(CUTMIX_NULL));
        }
        given!(call, level);
        let level = level.place()?;
        let mut text = [0; 16];
        for (offset, byte) in text.iter_mut().enumerate() {
            // SAFETY: not null; the bytes up to the first zero are readable by the caller's promise.
            *byte = unsafe { name.wrapping_add(offset).read() } as u8;
            if *byte == 0 {
                break;
            }
        }
        let missing = Refusal(CUTMIX_LEVEL_MISSING);
        let text = CStr::from_bytes_until_nul(&text).map_err(|_| missing)?;
        let index = NAMES.iter().position(|&name| name == text).ok_or(missing)?;
        let found = index as u32 + 1;
        self::level(found)?;
        call.put(level, found);
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_are_those_of_the_core() {
        assert!(NAMES.iter().map(|name| name.to_str().unwrap()).eq(Level::NAMES.iter().copied()));
        let best = cutmix_level_detect();
        assert_eq!(level(best), Ok(Level::detect()));
        assert_eq!(level(CUTMIX_LEVEL_BEST), Ok(Level::detect()));
        for code in 1..=6 {
            let expected = Level::from_name(name(code).unwrap().to_str().unwrap());
            assert_eq!(level(code).ok(), expected, "{code}");
        }
        for none in [7, u32::MAX] {
            assert_eq!(level(none), Err(Refusal(CUTMIX_LEVEL_MISSING)));
        }
    }
}
