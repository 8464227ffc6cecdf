//! Status codes: one for every mistake of a caller, each with one sentence.

use core::ffi::{CStr, c_char};

use cutmix_core::Error;

/// What a function answers: `CUTMIX_OK`, or which mistake was found. Unless a function says otherwise, nothing was
/// written then.
///
/// ```c
/// cutmix_config config;
/// cutmix_sample plan;
/// cutmix_status s = cutmix_sample_init(&plan, sizeof plan);
/// if (!s) s = cutmix_config_init(&config, sizeof config, 0, 24); // refused: no columns
/// if (!s) s = cutmix_plan_sample(7, 0, 41, &config, &plan);      // and so not called
/// assert(s == CUTMIX_ZERO_SIDE && plan.applied == 0);
/// ```
pub type Status = i32;

/// A mistake that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refusal(pub(crate) Status);

/// Done.
pub const CUTMIX_OK: Status = 0;
/// A pointer is null that must not be.
pub const CUTMIX_NULL: Status = 1;
/// A pointer is not aligned to what it points to: 4 bytes for `uint32_t` and `float`, 8 for samples and configurations, the element size for U16 and F32 images.
pub const CUTMIX_POINTER_ALIGNMENT: Status = 2;
/// A `struct_size` is smaller than the struct of this library, larger than 4096, or (in arrays) not a multiple of 8.
pub const CUTMIX_STRUCT_SIZE: Status = 3;
/// A struct is larger than that of this library and not zero beyond it: it asks for something newer.
pub const CUTMIX_STRUCT_NEWER: Status = 4;
/// A reserved field is not zero.
pub const CUTMIX_RESERVED: Status = 5;
/// A number is none of the constants of its enumeration.
pub const CUTMIX_ENUM: Status = 6;
/// The level is unknown, or this machine does not have it.
pub const CUTMIX_LEVEL_MISSING: Status = 7;
/// Two buffers share bytes, and at least one of them is written.
pub const CUTMIX_BUFFERS_OVERLAP: Status = 8;
/// Two images that belong together have different element types.
pub const CUTMIX_ELEMENT_MISMATCH: Status = 9;
/// An image side is zero.
pub const CUTMIX_ZERO_SIDE: Status = 10;
/// A box ends before it begins.
pub const CUTMIX_BOX_REVERSED: Status = 11;
/// A box reaches outside its image.
pub const CUTMIX_BOX_OUTSIDE: Status = 12;
/// Two images that must have the same width and height do not.
pub const CUTMIX_SIZE_MISMATCH: Status = 13;
/// A count does not fit: planes, bytes of a pixel, samples, values of a fill, classes; or it is zero and must not be.
pub const CUTMIX_COUNT_MISMATCH: Status = 14;
/// A buffer is shorter than what it has to hold.
pub const CUTMIX_TOO_SHORT: Status = 15;
/// A length or an offset is beyond what this machine can address, or negative.
pub const CUTMIX_TOO_LARGE: Status = 16;
/// A pitch, an origin or the size of a pixel is not a whole number of elements.
pub const CUTMIX_MISALIGNED: Status = 17;
/// A pitch is so short that rows, planes or samples share bytes.
pub const CUTMIX_SHORT_PITCH: Status = 18;
/// A lambda is not in [0, 1].
pub const CUTMIX_LAMBDA: Status = 19;
/// A centre is not inside the image.
pub const CUTMIX_CENTRE: Status = 20;
/// Beta is not offered for such parameters: equal ones lie in [1e-3, 1e6], unequal ones in [0.05, 50].
pub const CUTMIX_BETA_SHAPE: Status = 21;
/// The function draws uniform lambda only, and the configuration has another law.
pub const CUTMIX_NOT_UNIFORM: Status = 22;
/// A probability or a fraction is not in [0, 1].
pub const CUTMIX_FRACTION: Status = 23;
/// The least extent exceeds the greatest.
pub const CUTMIX_EXTENTS_REVERSED: Status = 24;
/// A ratio kept / total has kept > total or total = 0.
pub const CUTMIX_RATIO: Status = 25;
/// A Mixup weight is not on the grid of the elements: total is 2^15 for U8 and U16, 2^24 for F32.
pub const CUTMIX_WEIGHT_GRID: Status = 26;
/// A partner is not a sample of the batch.
pub const CUTMIX_PARTNER: Status = 27;
/// Values shared per pair need a pairing in which partners are mutual.
pub const CUTMIX_PAIR_NOT_MUTUAL: Status = 28;
/// One sample cannot be permuted without a fixed point.
pub const CUTMIX_NO_DERANGEMENT: Status = 29;
/// A sample asks for Mixup or noise, and elements of `CUTMIX_ELEMENT_BYTES` can only be copied.
pub const CUTMIX_COPY_ONLY: Status = 30;
/// The ratio of a sample is not that of its box in this image.
pub const CUTMIX_RATIO_NOT_OF_BOX: Status = 31;
/// A class id is not below the number of classes.
pub const CUTMIX_CLASS: Status = 32;
/// A grid step is zero.
pub const CUTMIX_ZERO_GRID: Status = 33;
/// A row lies outside its image.
pub const CUTMIX_ROW_OUTSIDE: Status = 34;
/// A mistake for which this version of the ABI has no code.
pub const CUTMIX_OTHER: Status = 35;

/// One sentence in English for a status, or for a number that is none: a static string that ends with a zero. Never
/// null; constant cost.
///
/// ```c
/// assert(strcmp(cutmix_status_message(CUTMIX_OK), "done") == 0);
/// assert(strcmp(cutmix_status_message(CUTMIX_BOX_OUTSIDE), "a box reaches outside its image") == 0);
/// assert(strcmp(cutmix_status_message(-1), "not a status of this library") == 0);
/// ```
#[unsafe(no_mangle)]
pub extern "C" fn cutmix_status_message(status: Status) -> *const c_char {
    let index = usize::try_from(status).unwrap_or(usize::MAX);
    MESSAGES.get(index).copied().unwrap_or(c"not a status of this library").as_ptr()
}

/// The messages by code.
const MESSAGES: [&CStr; 36] = [
    c"done",
    c"a pointer is null that must not be",
    c"a pointer is not aligned to the type it points to",
    c"a struct_size is not one that this library knows",
    c"a struct uses fields that this library does not know",
    c"a reserved field is not zero",
    c"a number is none of the constants that are allowed there",
    c"this machine does not have that level",
    c"two buffers share bytes and one of them is written",
    c"images that belong together have different element types",
    c"an image side is zero",
    c"a box ends before it begins",
    c"a box reaches outside its image",
    c"images that belong together have different sizes",
    c"a count does not fit: planes, bytes of a pixel, samples, fill values or classes",
    c"a buffer is shorter than what it has to hold",
    c"a length or an offset is beyond what this machine can address",
    c"a pitch, an origin or the size of a pixel is not a whole number of elements",
    c"a pitch is so short that rows, planes or samples share bytes",
    c"a lambda is not in [0, 1]",
    c"a centre is not inside the image",
    c"Beta parameters outside [0.001, 1e6] (equal) or [0.05, 50] (unequal)",
    c"the configuration's lambda is not uniform, and this function draws no other",
    c"a probability or a fraction is not in [0, 1]",
    c"the least extent exceeds the greatest",
    c"a ratio kept / total with kept above total, or total zero",
    c"a Mixup weight is not on the grid of the elements (2^15, or 2^24 for F32)",
    c"a partner is not a sample of the batch",
    c"values shared per pair need mutual partners",
    c"one sample cannot be paired without a fixed point",
    c"Mixup or noise asked of elements that can only be copied",
    c"the ratio of a sample is not that of its box in this image",
    c"a class id is not below the number of classes",
    c"a grid step is zero",
    c"a row lies outside its image",
    c"a mistake without a code of its own",
];

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self(match error {
            Error::ZeroSide { .. } => CUTMIX_ZERO_SIDE,
            Error::BoxReversed { .. } => CUTMIX_BOX_REVERSED,
            Error::BoxOutside { .. } => CUTMIX_BOX_OUTSIDE,
            Error::SizeMismatch { .. } => CUTMIX_SIZE_MISMATCH,
            Error::CountMismatch { .. } => CUTMIX_COUNT_MISMATCH,
            Error::TooShort { .. } => CUTMIX_TOO_SHORT,
            Error::TooLarge { .. } => CUTMIX_TOO_LARGE,
            Error::Misaligned { .. } => CUTMIX_MISALIGNED,
            Error::Overlap { .. } => CUTMIX_SHORT_PITCH,
            Error::Lambda { .. } => CUTMIX_LAMBDA,
            Error::Centre { .. } => CUTMIX_CENTRE,
            Error::BetaShape { .. } => CUTMIX_BETA_SHAPE,
            Error::NotUniform { .. } => CUTMIX_NOT_UNIFORM,
            Error::Fraction { .. } => CUTMIX_FRACTION,
            Error::ExtentsReversed { .. } => CUTMIX_EXTENTS_REVERSED,
            Error::Ratio { .. } => CUTMIX_RATIO,
            Error::WeightGrid { .. } => CUTMIX_WEIGHT_GRID,
            Error::Partner { .. } => CUTMIX_PARTNER,
            Error::PairNotMutual { .. } => CUTMIX_PAIR_NOT_MUTUAL,
            Error::NoDerangement => CUTMIX_NO_DERANGEMENT,
            Error::CopyOnly { .. } => CUTMIX_COPY_ONLY,
            Error::RatioNotOfBox { .. } => CUTMIX_RATIO_NOT_OF_BOX,
            Error::Class { .. } => CUTMIX_CLASS,
            Error::ZeroGrid => CUTMIX_ZERO_GRID,
            _ => CUTMIX_OTHER,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(status: Status) -> &'static CStr {
        // SAFETY: the messages are static and end with a zero.
        unsafe { CStr::from_ptr(cutmix_status_message(status)) }
    }

    #[test]
    fn codes_have_no_gap_and_messages_of_their_own() {
        for status in CUTMIX_OK..=CUTMIX_OTHER {
            assert!(message(status) != c"not a status of this library" && !message(status).is_empty());
            let others = (CUTMIX_OK..=CUTMIX_OTHER).filter(|&other| other != status);
            assert!(others.into_iter().all(|other| message(other) != message(status)), "{status}");
        }
        // The ends and some between: a message that moved would show.
        assert_eq!(message(CUTMIX_OK), c"done");
        assert_eq!(message(CUTMIX_SHORT_PITCH), c"a pitch is so short that rows, planes or samples share bytes");
        assert_eq!(message(CUTMIX_ROW_OUTSIDE), c"a row lies outside its image");
        for none in [-1, CUTMIX_OTHER + 1, Status::MIN, Status::MAX] {
            assert_eq!(message(none), c"not a status of this library");
        }
    }
}
