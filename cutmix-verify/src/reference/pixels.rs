//! What the pixels become.

use super::BoxSpec;

/// Planes of pixels of `elements` values each, in the order plane, row, column, element.
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
#[must_use]
pub fn cutmix<T: Copy>(base: &Image<T>, donor: &Image<T>, patch: BoxSpec) -> Image<T> {
    base.map(|p, y, x, e| if patch.contains(x, y) { donor.at(p, y, x, e) } else { base.at(p, y, x, e) })
}

/// The box filled with what `value` gives for `(plane, y, x, element)`.
#[must_use]
pub fn cutout<T: Copy>(base: &Image<T>, patch: BoxSpec, value: impl Fn(u32, u32, u32, u32) -> T) -> Image<T> {
    base.map(|p, y, x, e| if patch.contains(x, y) { value(p, y, x, e) } else { base.at(p, y, x, e) })
}

/// The mean of two whole numbers with weight `q / 2^15` of the first, rounded half up, in exact arithmetic.
#[must_use]
pub fn mean_integer(a: u64, b: u64, q: u64) -> u64 {
    let doubled = 2 * (q * a + (32768 - q) * b) + 32768;
    doubled / 65536
}

/// The mean of two binary32 values with weight `w = q / 2^24` of the first: two products and one sum, each rounded to
/// nearest. The products and the sum are formed in binary64, where the product is exact and the sum of two binary32
/// numbers rounds harmlessly.
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

/// Mixup of whole numbers: [`mean_integer`] of every two values.
#[must_use]
pub fn mixup_integer<T: Copy + Into<u64> + TryFrom<u64>>(base: &Image<T>, donor: &Image<T>, q: u64) -> Image<T> {
    base.map(|p, y, x, e| {
        let mean = mean_integer(base.at(p, y, x, e).into(), donor.at(p, y, x, e).into(), q);
        T::try_from(mean).unwrap_or_else(|_| unreachable!("a mean lies between its two numbers"))
    })
}

/// Mixup of binary32 values: [`mean_f32`] of every two values.
#[must_use]
pub fn mixup_f32(base: &Image<f32>, donor: &Image<f32>, q: u32) -> Image<f32> {
    base.map(|p, y, x, e| mean_f32(base.at(p, y, x, e), donor.at(p, y, x, e), q))
}

/// The noise word `j` of a key, as the stream contract states it.
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
#[must_use]
pub fn noise_integer(key: [u32; 2], index: u64, bytes: u64) -> u32 {
    let per_word = 4 / bytes;
    let word = u64::from(noise_word(key, index / per_word));
    ((word >> (8 * bytes * (index % per_word))) % (1 << (8 * bytes))) as u32
}

/// The noise of a binary32 element at `index`: `lo + U (hi - lo)` with `U` a multiple of 2^-24.
#[must_use]
pub fn noise_f32(key: [u32; 2], index: u64, lo: f32, hi: f32) -> f32 {
    let u = f64::from(noise_word(key, index) / 256) / 16777216.0;
    let scaled = (u * f64::from(hi - lo)) as f32;
    (f64::from(lo) + f64::from(scaled)) as f32
}
