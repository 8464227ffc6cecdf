//! Images and fills as a caller describes them, and the core's views made of them.

use core::ffi::c_void;

use bytemuck::Pod;
use cutmix_core::ops::{Fill as CoreFill, NoiseRange};
use cutmix_core::{ImageView, ImageViewMut, Layout, Size};

use crate::config::coded;
use crate::memory::{Call, In, Out, Source, Target, answer, given};
use crate::status::{
    CUTMIX_ELEMENT_MISMATCH, CUTMIX_ENUM, CUTMIX_MISALIGNED, CUTMIX_TOO_LARGE, CUTMIX_TOO_SHORT, Refusal, Status,
};
use crate::values::{Struct, values, values_mut};

/// Elements of any kind and size, to be copied only (half floats, packed pixels, class-index masks): the image counts
/// in bytes, at any alignment.
pub const CUTMIX_ELEMENT_BYTES: u32 = 0;
/// `uint8_t`.
pub const CUTMIX_ELEMENT_U8: u32 = 1;
/// `uint16_t` in native byte order.
pub const CUTMIX_ELEMENT_U16: u32 = 2;
/// float (binary32).
pub const CUTMIX_ELEMENT_F32: u32 = 3;

/// All bytes zero: black.
pub const CUTMIX_FILL_ZERO: u32 = 0;
/// One value for every element of a pixel over all planes: `values`.
pub const CUTMIX_FILL_CONSTANT: u32 = 1;
/// Noise selected by the sample's `noise` words: U8 and U16 uniform over the type, F32 uniform in [`lo`, `hi`).
pub const CUTMIX_FILL_NOISE: u32 = 2;

/// An image in the caller's memory: `planes` x `height` rows of `width` pixels. Set it with `cutmix_image_nhwc`,
/// `cutmix_image_nchw` or `cutmix_image_nc4hw4`, then change pitches and origin where rows are padded.
///
/// Pixel x of row y of plane p begins at byte `origin + p * plane_pitch + y * row_pitch + x * pixel_bytes` of `data`.
/// Bytes between rows are never written. For a crop of a larger frame, `data` is where the crop begins and `row_pitch`
/// is the frame's. For a bottom-up image, `row_pitch` is negative and `origin` is where the last row in memory begins.
///
/// The bytes from `data` to the end of the last row in memory count as the image's: two images of one call must not
/// share any of them if one is written. A function that takes a `const cutmix_image *` as its donor, base or input does
/// not write through `data`, so a cast from `const` memory is fine there.
///
/// ```c
/// uint8_t frame[8 * 4];
/// uint32_t all[4] = {0, 0, 3, 2};
/// cutmix_image crop; // 3 x 2 pixels of a grey frame of 8 x 4, from column 2 of row 1 on
/// memset(frame, 7, sizeof frame);
/// cutmix_status s = cutmix_image_nhwc(&crop, sizeof crop, &frame[10], sizeof frame - 10, 3, 2, 1, CUTMIX_ELEMENT_U8);
/// crop.row_pitch = 8;
/// if (!s) s = cutmix_cutout(CUTMIX_LEVEL_BEST, &crop, all, NULL, NULL, NULL);
/// assert(s == CUTMIX_OK && frame[9] == 7 && frame[10] == 0 && frame[12] == 0 && frame[13] == 7 && frame[20] == 0);
/// ```
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Image {
    /// Size of this struct in bytes.
    pub struct_size: u32,
    /// One of `CUTMIX_ELEMENT_*`.
    pub element: u32,
    /// Columns, at least 1.
    pub width: u32,
    /// Rows, at least 1.
    pub height: u32,
    /// Planes, at least 1: 1 for interleaved images, the channels for planar ones.
    pub planes: u32,
    /// Bytes of one pixel in one plane, at least 1: channels times element size for interleaved images.
    pub pixel_bytes: u32,
    /// The buffer, aligned to an element.
    pub data: *mut c_void,
    /// Length of the buffer in bytes; it may be longer than the image.
    pub data_bytes: usize,
    /// Byte in the buffer of the first pixel of row 0 of plane 0.
    pub origin: usize,
    /// Bytes from one row to the next, possibly negative; 0 for rows without padding.
    pub row_pitch: isize,
    /// Bytes from one plane to the next, possibly negative; 0 for `height` times the length of `row_pitch`.
    pub plane_pitch: isize,
}

// SAFETY: repr(C), six u32 and then five fields of pointer size: no padding; integers and a raw pointer only.
unsafe impl Struct for Image {}

/// What a Cutout fills its box with. A null pointer to it means zeros.
///
/// ```c
/// uint8_t pixels[4 * 3] = {0}, red[3] = {255, 0, 0}; // 4 x 1, RGB
/// uint32_t middle[4] = {1, 0, 3, 1};
/// cutmix_image image;
/// cutmix_fill fill;
/// cutmix_status s = cutmix_image_nhwc(&image, sizeof image, pixels, sizeof pixels, 4, 1, 3, CUTMIX_ELEMENT_U8);
/// if (!s) s = cutmix_fill_init(&fill, sizeof fill);
/// fill.kind = CUTMIX_FILL_CONSTANT, fill.values = red, fill.values_len = 3;
/// if (!s) s = cutmix_cutout(CUTMIX_LEVEL_BEST, &image, middle, &fill, NULL, NULL);
/// assert(s == CUTMIX_OK && pixels[0] == 0 && pixels[3] == 255 && pixels[4] == 0 && pixels[6] == 255 && pixels[9] == 0);
/// ```
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Fill {
    /// Size of this struct in bytes.
    pub struct_size: u32,
    /// One of `CUTMIX_FILL_*`.
    pub kind: u32,
    /// With `CUTMIX_FILL_CONSTANT`: the values, plane by plane, of the image's element type (of `CUTMIX_ELEMENT_BYTES`
    /// images, their bytes). Neither looked at nor kept otherwise.
    pub values: *const c_void,
    /// Their number: `planes * pixel_bytes` divided by the size of an element.
    pub values_len: usize,
    /// With `CUTMIX_FILL_NOISE` in F32 images: the least value.
    pub lo: f32,
    /// With `CUTMIX_FILL_NOISE` in F32 images: the upper end.
    pub hi: f32,
}

// SAFETY: repr(C), two u32, two fields of pointer size, two floats: no padding; integers, floats and a raw pointer only.
unsafe impl Struct for Fill {}

/// What an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Element {
    Bytes,
    U8,
    U16,
    F32,
}

impl Element {
    pub(crate) const fn bytes(self) -> u32 {
        match self {
            Self::Bytes | Self::U8 => 1,
            Self::U16 => 2,
            Self::F32 => 4,
        }
    }
}

/// What the codes stand for, in their order.
const ELEMENTS: [Element; 4] = [Element::Bytes, Element::U8, Element::U16, Element::F32];

/// Runs a body with T as the element type of images that have arithmetic; others are refused.
macro_rules! blending {
    ($element:expr, $t:ident => $body:expr) => {
        match $element {
            $crate::image::Element::Bytes => Err(Refusal($crate::status::CUTMIX_COPY_ONLY)),
            $crate::image::Element::U8 => {
                type $t = u8;
                $body
            }
            $crate::image::Element::U16 => {
                type $t = u16;
                $body
            }
            $crate::image::Element::F32 => {
                type $t = f32;
                $body
            }
        }
    };
}
pub(crate) use blending;

/// An image whose layout is sound, counts in whole elements and fits the length that was given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checked<'call> {
    pub(crate) layout: Layout,
    pub(crate) element: Element,
    /// What counts as the image's. Functions write it in images that they document as written.
    pub(crate) bytes: Target<'call>,
    data: Out<'call, c_void>,
}

/// The image behind a pointer, checked.
pub(crate) fn read_image<'call>(call: &Call<'call>, image: In<'call, Image>) -> Result<Checked<'call>, Refusal> {
    let image = call.read(image)?;
    let element = coded(&ELEMENTS, image.element)?;
    let size = Size::new(image.width, image.height)?;
    let too_large = Refusal(CUTMIX_TOO_LARGE);
    let signed = |bytes: u64| isize::try_from(bytes).map_err(|_| too_large);
    let row_pitch = match image.row_pitch {
        0 => signed(u64::from(image.width) * u64::from(image.pixel_bytes))?,
        pitch => pitch,
    };
    let plane_pitch = match image.plane_pitch {
        0 if image.planes > 1 => {
            signed(u64::from(image.height).checked_mul(row_pitch.unsigned_abs() as u64).ok_or(too_large)?)?
        }
        pitch => pitch,
    };
    let layout = Layout::new(size, image.planes, image.pixel_bytes, row_pitch, plane_pitch, image.origin)?;
    let whole = |bytes: usize| bytes.is_multiple_of(element.bytes() as usize);
    let all = whole(layout.pixel_bytes() as usize)
        && whole(layout.row_pitch().unsigned_abs())
        && whole(layout.plane_pitch().unsigned_abs())
        && whole(layout.origin());
    if !all {
        return Err(Refusal(CUTMIX_MISALIGNED));
    }
    if image.data_bytes < layout.buffer_bytes() {
        return Err(Refusal(CUTMIX_TOO_SHORT));
    }
    let data = image.data;
    given!(call, data[image.data_bytes]);
    // A length that cannot be one, such as a negative number.
    data.first(image.data_bytes, 1)?;
    let bytes = data.first(layout.buffer_bytes(), element.bytes() as usize)?;
    Ok(Checked { layout, element, bytes, data })
}

impl<'call> Checked<'call> {
    /// The first `bytes` of the buffer.
    pub(crate) fn first(&self, bytes: usize) -> Result<Target<'call>, Refusal> {
        self.data.first(bytes, self.element.bytes() as usize)
    }

    /// What counts as the image's, to read.
    pub(crate) const fn source(&self) -> Source<'call> {
        self.bytes.source()
    }

    /// That another image has the same element type.
    pub(crate) fn expect_element(&self, other: &Self) -> Result<(), Refusal> {
        if self.element == other.element { Ok(()) } else { Err(Refusal(CUTMIX_ELEMENT_MISMATCH)) }
    }

    /// The pixels of an image of one row.
    pub(crate) fn row<'a, T: Pod>(&self, bytes: &'a [u8]) -> Result<&'a [T], Refusal> {
        values(bytes)?.get(self.layout.origin() / size_of::<T>()..).ok_or(Refusal(CUTMIX_TOO_SHORT))
    }

    /// As [`Checked::row`], to write.
    pub(crate) fn row_mut<'a, T: Pod>(&self, bytes: &'a mut [u8]) -> Result<&'a mut [T], Refusal> {
        values_mut(bytes)?.get_mut(self.layout.origin() / size_of::<T>()..).ok_or(Refusal(CUTMIX_TOO_SHORT))
    }

    /// The core's view. T is the image's element type, or u8 for what only copies.
    pub(crate) fn view<'a, T: Pod>(&self, bytes: &'a [u8]) -> Result<ImageView<'a, T>, Refusal> {
        Ok(ImageView::new(values(bytes)?, self.layout)?)
    }

    /// As [`Checked::view`], to write.
    pub(crate) fn view_mut<'a, T: Pod>(&self, bytes: &'a mut [u8]) -> Result<ImageViewMut<'a, T>, Refusal> {
        Ok(ImageViewMut::new(values_mut(bytes)?, self.layout)?)
    }
}

/// A fill whose kind is known, and with `CUTMIX_FILL_CONSTANT` its values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filling<'call> {
    pub(crate) kind: u32,
    pub(crate) values: In<'call, c_void>,
    noise: NoiseRange,
}

/// The fill behind a pointer, or zeros.
pub(crate) fn read_fill<'call>(call: &Call<'call>, fill: In<'call, Fill>) -> Result<Filling<'call>, Refusal> {
    let Fill { kind, values, values_len, lo, hi, .. } =
        if fill.is_null() { Fill::zeros(size_of::<Fill>() as u32) } else { call.read(fill)? };
    if kind > CUTMIX_FILL_NOISE {
        return Err(Refusal(CUTMIX_ENUM));
    }
    given!(call, values[if kind == CUTMIX_FILL_CONSTANT { values_len } else { 0 }]);
    Ok(Filling { kind, values, noise: NoiseRange { lo, hi } })
}

impl Fill {
    const fn zeros(struct_size: u32) -> Self {
        Self { struct_size, kind: CUTMIX_FILL_ZERO, values: core::ptr::null(), values_len: 0, lo: 0.0, hi: 1.0 }
    }
}

impl<'call> Filling<'call> {
    /// The bytes of the values.
    pub(crate) fn source(&self, element: Element) -> Result<Source<'call>, Refusal> {
        self.values.source_of(element.bytes() as usize)
    }

    /// The core's fill, of these bytes.
    pub(crate) fn core<'a, T: Pod>(&self, bytes: &'a [u8]) -> Result<CoreFill<'a, T>, Refusal> {
        match self.kind {
            CUTMIX_FILL_CONSTANT => Ok(CoreFill::Constant(values(bytes)?)),
            CUTMIX_FILL_NOISE => Ok(CoreFill::Noise(self.noise)),
            _ => Ok(CoreFill::Zero),
        }
    }
}

/// What the three constructors share: the layout must exist. Whether it fits `data_bytes` is checked when it is used.
fn init<'call>(
    call: &mut Call<'call>,
    (image, struct_size): (Out<'call, Image>, usize),
    (data, data_bytes): (*mut c_void, usize),
    (width, height): (u32, u32),
    (channels, code): (u32, u32),
    layout: fn(Size, u32, u32) -> Result<Layout, cutmix_core::Error>,
) -> Result<(), Refusal> {
    let image = image.sized(struct_size)?;
    let layout = layout(Size::new(width, height)?, channels, coded(&ELEMENTS, code)?.bytes())?;
    let value = Image {
        struct_size: image.struct_size(),
        element: code,
        width,
        height,
        planes: layout.planes(),
        pixel_bytes: layout.pixel_bytes(),
        data,
        data_bytes,
        origin: 0,
        row_pitch: 0,
        plane_pitch: 0,
    };
    call.write(image, value)
}

/// Sets an interleaved image (NHWC; grey with `channels` 1) of `width` x `height` pixels without padding. `data_bytes` is
/// the length of the buffer. Pass `sizeof(cutmix_image)` as `struct_size`. Whether the buffer is long enough is checked
/// when the image is used, so that pitches can be changed before. With `CUTMIX_ELEMENT_BYTES`, `channels` is the bytes of
/// a pixel. Constant cost: no pixel is looked at.
///
/// Errors: `CUTMIX_NULL`, `CUTMIX_POINTER_ALIGNMENT` and `CUTMIX_STRUCT_SIZE` of `image`, `CUTMIX_ZERO_SIDE`,
/// `CUTMIX_ENUM`, `CUTMIX_COUNT_MISMATCH` for no channels, `CUTMIX_TOO_LARGE`.
///
/// ```c
/// uint8_t pixels[40 * 24 * 3] = {0};
/// uint32_t patch[4] = {0, 0, 1, 1};
/// cutmix_image image; // of 25 rows, where the buffer has 24
/// cutmix_status s = cutmix_image_nhwc(&image, sizeof image, pixels, sizeof pixels, 40, 25, 3, CUTMIX_ELEMENT_U8);
/// assert(s == CUTMIX_OK && image.planes == 1 && image.pixel_bytes == 3);
/// s = cutmix_cutout(CUTMIX_LEVEL_BEST, &image, patch, NULL, NULL, NULL);
/// assert(s == CUTMIX_TOO_SHORT);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_image_nhwc(
    image: *mut Image,
    struct_size: usize,
    data: *mut c_void,
    data_bytes: usize,
    width: u32,
    height: u32,
    channels: u32,
    element: u32,
) -> Status {
    answer(|call| {
        given!(call, image);
        init(call, (image, struct_size), (data, data_bytes), (width, height), (channels, element), Layout::nhwc)
    })
}

/// As `cutmix_image_nhwc` for planar images (NCHW): one plane for each channel. Constant cost.
///
/// Errors: as `cutmix_image_nhwc`.
///
/// ```c
/// float pixels[3 * 24 * 40];
/// cutmix_image image;
/// cutmix_status s = cutmix_image_nchw(&image, sizeof image, pixels, sizeof pixels, 40, 24, 3, CUTMIX_ELEMENT_F32);
/// assert(s == CUTMIX_OK && image.planes == 3 && image.pixel_bytes == sizeof(float));
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_image_nchw(
    image: *mut Image,
    struct_size: usize,
    data: *mut c_void,
    data_bytes: usize,
    width: u32,
    height: u32,
    channels: u32,
    element: u32,
) -> Status {
    answer(|call| {
        given!(call, image);
        init(call, (image, struct_size), (data, data_bytes), (width, height), (channels, element), Layout::nchw)
    })
}

/// As `cutmix_image_nhwc` for images tiled by four channels (NC4HW4): `ceil(channels / 4)` planes of 4-element pixels.
/// Constant cost.
///
/// Errors: as `cutmix_image_nhwc`.
///
/// ```c
/// uint16_t pixels[2 * 24 * 40 * 4];
/// cutmix_image image; // six channels: two planes of four, of which two channels are padding
/// cutmix_status s = cutmix_image_nc4hw4(&image, sizeof image, pixels, sizeof pixels, 40, 24, 6, CUTMIX_ELEMENT_U16);
/// assert(s == CUTMIX_OK && image.planes == 2 && image.pixel_bytes == 4 * sizeof(uint16_t));
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_image_nc4hw4(
    image: *mut Image,
    struct_size: usize,
    data: *mut c_void,
    data_bytes: usize,
    width: u32,
    height: u32,
    channels: u32,
    element: u32,
) -> Status {
    answer(|call| {
        given!(call, image);
        init(call, (image, struct_size), (data, data_bytes), (width, height), (channels, element), Layout::nc4hw4)
    })
}

/// Sets a fill to zeros, and the range of noise to [0, 1). Pass `sizeof(cutmix_fill)` as `struct_size`, which is in bytes.
/// Constant cost.
///
/// Errors: `CUTMIX_NULL`, `CUTMIX_POINTER_ALIGNMENT`, `CUTMIX_STRUCT_SIZE`.
///
/// ```c
/// float grey[4] = {9, 9, 9, 9};
/// uint32_t left[4] = {0, 0, 2, 1};
/// cutmix_image image;
/// cutmix_fill fill;
/// cutmix_status s = cutmix_image_nhwc(&image, sizeof image, grey, sizeof grey, 4, 1, 1, CUTMIX_ELEMENT_F32);
/// if (!s) s = cutmix_fill_init(&fill, sizeof fill);
/// fill.kind = CUTMIX_FILL_NOISE, fill.lo = -1, fill.hi = 1;
/// if (!s) s = cutmix_cutout(CUTMIX_LEVEL_BEST, &image, left, &fill, NULL, NULL);
/// assert(s == CUTMIX_OK && grey[0] >= -1 && grey[0] < 1 && grey[1] != grey[0] && grey[2] == 9);
/// ```
#[doc = safety!()]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cutmix_fill_init(fill: *mut Fill, struct_size: usize) -> Status {
    answer(|call| {
        given!(call, fill);
        let fill = fill.sized(struct_size)?;
        call.write(fill, Fill::zeros(fill.struct_size()))
    })
}
