//! Mistakes at every byte: short, misaligned and overlapping memory, structs of every size, with a look
//! at the bytes around: a refusal writes nothing, and success nothing outside the image.
#![allow(unsafe_code)] // The functions under test take raw pointers.

mod common;

use common::{image, painted, sample};
use cutmix::*;
use cutmix_core::{Layout, Size};

#[test]
fn lengths_alignments_and_overlaps_are_found_at_the_very_byte() {
    let layout = Layout::nhwc(Size::new(5, 4).unwrap(), 2, 2).unwrap();
    let (length, patch) = (layout.buffer_bytes(), [1_u32, 1, 4, 3]);
    let (mut accepted, mut refused) = (0, [0; 4]);
    for donor_at in (0..3 * length).chain([usize::MAX / 2]) {
        for given in [length - 1, length, length + 1] {
            let mut memory = painted(4 * length, CUTMIX_ELEMENT_U16, 1);
            let before = memory.bytes().to_vec();
            let whole = image(&mut memory, CUTMIX_ELEMENT_U16, &layout);
            let at = |offset: usize| whole.data.cast::<u8>().wrapping_add(offset).cast();
            let base = &Image { data: at(length), data_bytes: length, ..whole };
            let donor = Image { data: at(donor_at.min(3 * length)), data_bytes: given, ..whole };
            let donor = &if donor_at > 3 * length { Image { data_bytes: donor_at * 2, ..donor } } else { donor };
            let none = std::ptr::null_mut();
            // SAFETY: whatever is accepted lies in `memory`; its last image may claim a byte more, which is not read.
            let status = unsafe { cutmix_paste_in_place(0, base, donor, patch.as_ptr(), none, none) };
            let want = match donor_at {
                at if at > 3 * length => CUTMIX_TOO_LARGE,
                _ if given < length => CUTMIX_TOO_SHORT,
                at if at % 2 == 1 => CUTMIX_POINTER_ALIGNMENT,
                at if at < 2 * length && at > 0 => CUTMIX_BUFFERS_OVERLAP,
                _ => CUTMIX_OK,
            };
            assert_eq!(status, want, "donor at {donor_at}, {given} bytes");
            if status == CUTMIX_OK {
                accepted += 1;
                let outside =
                    before.iter().zip(memory.bytes()).enumerate().filter(|(i, _)| !(length..2 * length).contains(i));
                assert!(outside.into_iter().all(|(_, (a, b))| a == b));
                assert_ne!(before, memory.bytes());
            } else {
                assert_eq!(before, memory.bytes());
                let kinds = [CUTMIX_TOO_LARGE, CUTMIX_TOO_SHORT, CUTMIX_POINTER_ALIGNMENT, CUTMIX_BUFFERS_OVERLAP];
                refused[kinds.iter().position(|&kind| kind == status).unwrap()] += 1;
            }
        }
    }
    assert!(accepted > 40 && refused.iter().all(|&count| count >= 3), "{accepted} {refused:?}");
}

#[test]
fn a_struct_of_every_size_is_taken_or_refused_by_its_size_and_its_end() {
    let known = size_of::<Sample>();
    for size in (0..known + 40).chain([4095, 4096, 4097, u32::MAX as usize]) {
        for tail in [0_u8, 1] {
            let mut memory = vec![0_u64; 4096 / 8 + 1];
            let plan = memory.as_mut_ptr().cast::<Sample>();
            // SAFETY: the memory is larger than a sample.
            unsafe { plan.write(Sample { struct_size: size as u32, ..sample() }) };
            if tail == 1 && size > known && size <= 4096 {
                // SAFETY: the last byte of the struct as it says it is.
                unsafe { plan.cast::<u8>().wrapping_add(size - 1).write(1) };
            }
            // SAFETY: valid for as many bytes as a size that is not refused.
            let status = unsafe { cutmix_sample_check(plan, 3, 3) };
            let want = match size {
                _ if size < known || size > 4096 => CUTMIX_STRUCT_SIZE,
                _ if tail == 1 && size > known => CUTMIX_STRUCT_NEWER,
                _ => CUTMIX_OK,
            };
            assert_eq!(status, want, "{size} {tail}");
        }
    }
}

#[test]
fn a_sample_that_claims_more_than_its_array_has_is_not_followed() {
    for claimed in [size_of::<Sample>() + 8, 4096] {
        let mut plans = [sample(); 2];
        plans[1].struct_size = claimed as u32;
        let mut rows = [9.0_f32; 2];
        // SAFETY: two samples as far apart as the first one says, two ids, two rows of one class.
        let status = unsafe { cutmix_batch_label_ids(plans.as_ptr(), 2, rows.as_mut_ptr(), 1, [0, 0].as_ptr(), 0.0) };
        assert_eq!((status, rows), (CUTMIX_STRUCT_SIZE, [9.0; 2]));
    }
}
