//! What the tests of the ABI share: buffers, images, samples.
#![allow(dead_code)] // Each test takes a part.

use cutmix::*;
use cutmix_core::Layout;

/// Element codes and their sizes in bytes.
pub(crate) const ELEMENTS: [(u32, u32); 4] =
    [(CUTMIX_ELEMENT_BYTES, 1), (CUTMIX_ELEMENT_U8, 1), (CUTMIX_ELEMENT_U16, 2), (CUTMIX_ELEMENT_F32, 4)];

/// Memory aligned for every element.
pub(crate) struct Buffer(Vec<u64>, usize);

impl Buffer {
    pub(crate) fn bytes(&self) -> &[u8] {
        &bytemuck::cast_slice(&self.0)[..self.1]
    }
    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        &mut bytemuck::cast_slice_mut(&mut self.0)[..self.1]
    }
}

/// Bytes that differ by place and `seed`; of floats, finite numbers.
pub(crate) fn painted(len: usize, element: u32, seed: u64) -> Buffer {
    let mut buffer = Buffer(vec![0; len.div_ceil(8)], len);
    for (i, byte) in buffer.bytes_mut().iter_mut().enumerate() {
        let word = (i as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15 ^ seed.wrapping_mul(0xd134_2543_de82_ef95));
        *byte = (word >> 56) as u8;
        // The exponent's upper bits of each float: numbers between 2^-32 and 2^32.
        if element == CUTMIX_ELEMENT_F32 && i % 4 == 3 {
            *byte = 0x38 + *byte % 8;
        }
    }
    buffer
}

pub(crate) fn image(buffer: &mut Buffer, element: u32, layout: &Layout) -> Image {
    let data_bytes = buffer.1;
    Image {
        struct_size: size_of::<Image>() as u32,
        element,
        width: layout.size().width(),
        height: layout.size().height(),
        planes: layout.planes(),
        pixel_bytes: layout.pixel_bytes(),
        data: buffer.bytes_mut().as_mut_ptr().cast(),
        data_bytes,
        origin: layout.origin(),
        row_pitch: layout.row_pitch(),
        plane_pitch: layout.plane_pitch(),
    }
}

pub(crate) fn sample() -> Sample {
    // SAFETY: zero is a value of every field.
    let mut sample: Sample = unsafe { std::mem::zeroed() };
    // SAFETY: a struct of this size.
    ok(unsafe { cutmix_sample_init(&raw mut sample, size_of::<Sample>()) });
    sample
}

#[track_caller]
pub(crate) fn ok(status: Status) {
    // SAFETY: messages are static strings.
    let message = unsafe { std::ffi::CStr::from_ptr(cutmix_status_message(status)) };
    assert_eq!(status, CUTMIX_OK, "{message:?}");
}
