//! A deliberately naive CutMix of bytes and floats: what somebody else might have written. `tests/` puts it to the suites.

/// Columns and rows of a box, ends exclusive: `[x0, y0, x1, y1]`.
pub type Patch = [usize; 4];

/// The label's share of the base: what [`weight`] gives, or a mistake.
pub type Weight = fn(lambda: f64, patch: Patch, size: [usize; 2]) -> f64;

/// The box of a drawn lambda around a centre, clipped; without area all zeros. The paper's formula on pixel centres.
#[must_use]
pub fn patch(lambda: f64, centre: [f64; 2], size: [usize; 2]) -> Patch {
    let side = |axis: usize| {
        let half = size[axis] as f64 * (1.0 - lambda).sqrt() / 2.0;
        let edge = |at: f64| (at - 0.5).ceil().clamp(0.0, size[axis] as f64) as usize;
        [edge(centre[axis] - half), edge(centre[axis] + half)]
    };
    let ([x0, x1], [y0, y1]) = (side(0), side(1));
    if x0 < x1 && y0 < y1 { [x0, y0, x1, y1] } else { [0; 4] }
}

/// The share of pixels outside the box.
#[must_use]
pub fn weight(_lambda: f64, [x0, y0, x1, y1]: Patch, [width, height]: [usize; 2]) -> f64 {
    1.0 - ((x1 - x0) * (y1 - y0)) as f64 / (width * height) as f64
}

/// The mistake that is made most often: the drawn lambda, though the box was clipped.
#[must_use]
pub fn raw_weight(lambda: f64, _patch: Patch, _size: [usize; 2]) -> f64 {
    lambda
}

/// Pastes a box of one planar image into another. `value` is the number of bytes of a value.
pub fn paste(base: &mut [u8], donor: &[u8], [x0, y0, x1, y1]: Patch, [width, height]: [usize; 2], value: usize) {
    for plane in 0..base.len() / (width * height * value) {
        for y in y0..y1 {
            let row = (plane * height + y) * width;
            let span = (row + x0) * value..(row + x1) * value;
            base[span.clone()].copy_from_slice(&donor[span]);
        }
    }
}

/// Uniform numbers from a counter (`SplitMix64`).
#[derive(Clone, Debug)]
pub struct Random(pub u64);

impl Random {
    /// Uniform on `[0, 1)`.
    pub fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / 9007199254740992.0
    }

    /// A draw of Beta(alpha, alpha), by Johnk's rejection: slow for a large alpha, right for every one.
    pub fn beta(&mut self, alpha: f64) -> f64 {
        loop {
            let (x, y) = ((1.0 - self.unit()).powf(1.0 / alpha), (1.0 - self.unit()).powf(1.0 / alpha));
            if x + y > 0.0 && x + y <= 1.0 {
                return x / (x + y);
            }
        }
    }
}
