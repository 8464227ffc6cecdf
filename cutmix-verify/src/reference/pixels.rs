//! What the pixels become.

use super::Patch;

/// Planes of pixels of `elements` values each, in the order plane, row, column, element.
///
/// ```
/// use cutmix_verify::reference::Image;
///
/// let image = Image::from_fn(2, (4, 3), 1, |plane, y, x, _| 100 * plane + 10 * y + x);
/// assert_eq!(image.index(1, 2, 3, 0), 23); // The last of 24 values.
/// assert_eq!((image.at(1, 2, 3, 0), image.data[23]), (123, 123));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Image<T> {
    /// Number of planes.
    pub planes: u32,
    /// Number of columns.
    pub width: u32,
    /// Number of rows.
    pub height: u32,
    /// Values of one pixel in one plane.
    pub elements: u32,
    /// The values.
    pub data: Vec<T>,
}

impl<T: Copy> Image<T> {
    /// Makes an image from a function of `(plane, y, x, element)`.
    pub fn from_fn(planes: u32, size: (u32, u32), elements: u32, mut f: impl FnMut(u32, u32, u32, u32) -> T) -> Self {
        let mut data = Vec::new();
        for plane in 0..planes {
            for y in 0..size.1 {
                for x in 0..size.0 {
                    for e in 0..elements {
                        data.push(f(plane, y, x, e));
                    }
                }
            }
        }
        Self { planes, width: size.0, height: size.1, elements, data }
    }

    /// Index of a value in the whole image, in the image's own order.
    #[must_use]
    pub fn index(&self, plane: u32, y: u32, x: u32, e: u32) -> u64 {
        let row = u64::from(plane) * u64::from(self.height) + u64::from(y);
        (row * u64::from(self.width) + u64::from(x)) * u64::from(self.elements) + u64::from(e)
    }

    /// The value at a place inside the image.
    ///
    /// # Panics
    /// Outside the image.
    #[must_use]
    pub fn at(&self, plane: u32, y: u32, x: u32, e: u32) -> T {
        self.data[usize::try_from(self.index(plane, y, x, e)).expect("an index in memory")]
    }

    fn map(&self, f: impl Fn(u32, u32, u32, u32) -> T) -> Self {
        Self::from_fn(self.planes, (self.width, self.height), self.elements, f)
    }
}

/// `x~ = M x_A + (1 - M) x_B`, the mask M being 0 inside the box.
///
/// # Panics
/// If the donor has no pixel there.
///
/// ```
/// use cutmix_verify::reference::{Patch, Image, cutmix};
///
/// let image = |value| Image::from_fn(1, (3, 2), 1, |_, _, _, _| value);
/// let patch = Patch { x0: 0, y0: 1, x1: 2, y1: 2 };
/// assert_eq!(cutmix(&image(0), &image(9), patch).data, [0, 0, 0, 9, 9, 0]);
/// ```
#[must_use]
pub fn cutmix<T: Copy>(base: &Image<T>, donor: &Image<T>, patch: Patch) -> Image<T> {
    base.map(|p, y, x, e| if patch.contains(x, y) { donor.at(p, y, x, e) } else { base.at(p, y, x, e) })
}

/// The box filled with what `value` gives for `(plane, y, x, element)`.
///
/// ```
/// use cutmix_verify::reference::{Patch, Image, cutout};
///
/// let image = Image::from_fn(1, (3, 1), 2, |_, _, _, _| 0);
/// let patch = Patch { x0: 1, y0: 0, x1: 2, y1: 1 };
/// // Each element of a pixel with a value of its own.
/// assert_eq!(cutout(&image, patch, |_, _, _, element| 10 + element).data, [0, 0, 10, 11, 0, 0]);
/// ```
#[must_use]
pub fn cutout<T: Copy>(base: &Image<T>, patch: Patch, value: impl Fn(u32, u32, u32, u32) -> T) -> Image<T> {
    base.map(|p, y, x, e| if patch.contains(x, y) { value(p, y, x, e) } else { base.at(p, y, x, e) })
}

/// The mean of two whole numbers with weight `q / 2^15` of the first, rounded half up, in exact arithmetic.
///
/// ```
/// use cutmix_verify::reference::mean_integer;
///
/// assert_eq!(mean_integer(0, 255, 1 << 14), 128); // Half of 255, rounded up.
/// assert_eq!(mean_integer(7, 255, 1 << 15), 7);
/// ```
#[must_use]
pub fn mean_integer(a: u64, b: u64, q: u64) -> u64 {
    let doubled = 2 * (q * a + (32768 - q) * b) + 32768;
    doubled / 65536
}

/// The mean of two binary32 values with weight `w = q / 2^24` of the first: two products and one sum, each rounded to
/// nearest. The products and the sum are formed in binary64, where the product is exact and the sum of two binary32
/// numbers rounds harmlessly.
///
/// ```
/// use cutmix_verify::reference::mean_f32;
///
/// assert_eq!(mean_f32(1.0, 3.0, 3 << 22), 1.5); // Three quarters of the first.
/// assert_eq!(mean_f32(-0.0, f32::NAN, 1 << 24).to_bits(), (-0.0_f32).to_bits()); // Weight 1 copies.
/// ```
#[must_use]
pub fn mean_f32(a: f32, b: f32, q: u32) -> f32 {
    let (w, v) = (f64::from(q) / 16777216.0, f64::from(16777216 - q) / 16777216.0);
    if q == 16777216 {
        a
    } else if q == 0 {
        b
    } else {
        let (a, b) = ((w * f64::from(a)) as f32, (v * f64::from(b)) as f32);
        (f64::from(a) + f64::from(b)) as f32
    }
}

/// Mixup of whole numbers: [`mean_integer`] of every two values, with weight `q / 2^15` of the base.
///
/// # Panics
/// If the donor is smaller than the base, or `q` above 2^15.
///
/// ```
/// use cutmix_verify::reference::{Image, mixup_integer};
///
/// let image = |value: u8| Image::from_fn(1, (2, 1), 1, |_, _, _, _| value);
/// assert_eq!(mixup_integer(&image(0), &image(255), 1 << 14).data, [128, 128]);
/// ```
#[must_use]
pub fn mixup_integer<T: Copy + Into<u64> + TryFrom<u64>>(base: &Image<T>, donor: &Image<T>, q: u64) -> Image<T> {
    base.map(|p, y, x, e| {
        let mean = mean_integer(base.at(p, y, x, e).into(), donor.at(p, y, x, e).into(), q);
        T::try_from(mean).unwrap_or_else(|_| unreachable!("a mean lies between its two numbers"))
    })
}

/// Mixup of binary32 values: [`mean_f32`] of every two values, with weight `q / 2^24` of the base.
///
/// # Panics
/// If the donor is smaller than the base, or `q` above 2^24 where that is checked.
///
/// ```
/// use cutmix_verify::reference::{Image, mixup_f32};
///
/// let image = |value: f32| Image::from_fn(1, (2, 1), 1, |_, _, _, _| value);
/// assert_eq!(mixup_f32(&image(1.0), &image(3.0), 3 << 22).data, [1.5, 1.5]);
/// ```
#[must_use]
pub fn mixup_f32(base: &Image<f32>, donor: &Image<f32>, q: u32) -> Image<f32> {
    base.map(|p, y, x, e| mean_f32(base.at(p, y, x, e), donor.at(p, y, x, e), q))
}

/// The noise word `j` of a key, as the stream contract states it.
///
/// ```
/// use cutmix_verify::reference::{noise_key, noise_word};
///
/// assert_eq!(noise_word(noise_key(0, 0, 0), 0), 199109056); // As in vectors/stream.json.
/// ```
#[must_use]
pub fn noise_word(key: [u32; 2], j: u64) -> u32 {
    const M: u64 = 0xffff_ffff;
    let (low, high) = (j & M, j >> 32);
    let mut x = low ^ u64::from(key[0]);
    x ^= x >> 16;
    x = (x * 0x7feb_352d) & M;
    x ^= x >> 15;
    x = (x + u64::from(key[1]) + high * 0x9e37_79b9) & M;
    x = (x * 0x846c_a68b) & M;
    x ^= x >> 16;
    x as u32
}

/// The noise of a whole-number element of `bytes` (1 or 2) bytes at `index` in the whole image.
///
/// ```
/// use cutmix_verify::reference::{noise_integer, noise_key, noise_word};
///
/// let key = noise_key(7, 0, 41);
/// let [first, second, ..] = noise_word(key, 0).to_le_bytes().map(u32::from);
/// assert_eq!([noise_integer(key, 0, 1), noise_integer(key, 1, 1)], [first, second]);
/// assert_eq!(noise_integer(key, 3, 2), noise_word(key, 1) >> 16); // Two of 16 bits a word.
/// ```
#[must_use]
pub fn noise_integer(key: [u32; 2], index: u64, bytes: u64) -> u32 {
    let per_word = 4 / bytes;
    let word = u64::from(noise_word(key, index / per_word));
    ((word >> (8 * bytes * (index % per_word))) % (1 << (8 * bytes))) as u32
}

/// The noise of a binary32 element at `index`: `lo + U (hi - lo)` with `U` a multiple of 2^-24.
///
/// ```
/// use cutmix_verify::reference::{noise_f32, noise_key, noise_word};
///
/// let key = noise_key(7, 0, 41);
/// let u = (noise_word(key, 5) >> 8) as f32 / 16777216.0;
/// assert_eq!(noise_f32(key, 5, 0.0, 1.0), u);
/// assert_eq!(noise_f32(key, 5, -2.0, 2.0), -2.0 + u * 4.0);
/// ```
#[must_use]
pub fn noise_f32(key: [u32; 2], index: u64, lo: f32, hi: f32) -> f32 {
    let u = f64::from(noise_word(key, index) / 256) / 16777216.0;
    let scaled = (u * f64::from(hi - lo)) as f32;
    (f64::from(lo) + f64::from(scaled)) as f32
}
