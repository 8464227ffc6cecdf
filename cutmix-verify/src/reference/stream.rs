//! What is drawn: the stream contract (cutmix-core/STREAM.md) written down once more, from the page and not from the core.

/// 2^-53.
const STEP: f64 = 1.0 / 9007199254740992.0;
/// The multiplier of PCG32.
const MULTIPLIER: u64 = 6364136223846793005;

const LN2_HI: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
const LN2_LO: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);
const L: [f64; 7] = [
    f64::from_bits(0x3fe5_5555_5555_5593),
    f64::from_bits(0x3fd9_9999_9997_fa04),
    f64::from_bits(0x3fd2_4924_9422_9359),
    f64::from_bits(0x3fcc_71c5_1d8e_78af),
    f64::from_bits(0x3fc7_4664_96cb_03de),
    f64::from_bits(0x3fc3_9a09_d078_c69f),
    f64::from_bits(0x3fc2_f112_df3e_5244),
];
const P: [f64; 5] = [
    f64::from_bits(0x3fc5_5555_5555_553e),
    f64::from_bits(0xbf66_c16c_16be_bd93),
    f64::from_bits(0x3f11_566a_af25_de2c),
    f64::from_bits(0xbebb_bd41_c5d2_6bf1),
    f64::from_bits(0x3e66_3769_72be_a4d0),
];

/// The logarithm of a positive normal number, as the page writes it out.
fn log(x: f64) -> f64 {
    let bits = x.to_bits();
    if x == 1.0 {
        return 0.0;
    }
    let high = (bits >> 32) as u32 + (0x3ff0_0000 - 0x3fe6_a09e);
    let k = f64::from((high >> 20) as i32 - 0x3ff);
    let upper = (high & 0x000f_ffff) + 0x3fe6_a09e;
    let f = f64::from_bits(u64::from(upper) << 32 | bits & 0xffff_ffff) - 1.0;
    let q = 0.5 * f * f;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let a = w * (L[1] + w * (L[3] + w * L[5]));
    let b = z * (L[0] + w * (L[2] + w * (L[4] + w * L[6])));
    let r = b + a;
    s * (q + r) + k * LN2_LO - q + f + k * LN2_HI
}

/// The exponential, as the page writes it out.
fn exp(x: f64) -> f64 {
    if x > 709.782_712_893_384 {
        return f64::INFINITY;
    }
    if x < -745.133_219_101_941_1 {
        return 0.0;
    }
    let g = (x.abs().to_bits() >> 32) as u32;
    let (k, hi, lo) = if g <= 0x3e30_0000 {
        return 1.0 + x;
    } else if g <= 0x3fd6_2e42 {
        (0.0, x, 0.0)
    } else {
        let k = if g < 0x3ff0_a2b2 {
            1.0_f64.copysign(x)
        } else {
            (f64::from_bits(0x3ff7_1547_652b_82fe) * x + 0.5_f64.copysign(x)).trunc()
        };
        (k, x - k * LN2_HI, k * LN2_LO)
    };
    let x = hi - lo;
    let z = x * x;
    let c = x - z * (P[0] + z * (P[1] + z * (P[2] + z * (P[3] + z * P[4]))));
    let y = 1.0 + (x * c / (2.0 - c) - lo + hi);
    scaled(y, k as i32)
}

/// `y 2^k` for `y` near 1, rounded once if at all.
fn scaled(y: f64, k: i32) -> f64 {
    let power = |k: i32| f64::from_bits(((k + 1023) as u64) << 52);
    match k {
        ..-1000 => y * power(k + 200) * power(-200),
        1001.. => y * power(k - 1) * 2.0,
        _ => y * power(k),
    }
}

fn mixed(z: u64) -> u64 {
    let z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

/// A stream of the contract: PCG32 from a domain and four words.
///
/// ```
/// use cutmix_verify::reference::Stream;
///
/// let mut stream = Stream::new(*b"CM1.smpl", [0; 4]);
/// assert_eq!([stream.u32(), stream.u32()], [2394127195, 1640230996]); // As in vectors/stream.json.
/// assert!((0.0..1.0).contains(&stream.unit()) && stream.below(10) < 10);
/// assert!((0.0..=1.0).contains(&stream.beta(0.2, 0.2)));
/// assert_eq!(stream.shuffled(2, true), [1, 0]); // The only derangement of two.
/// ```
#[derive(Clone, Debug)]
pub struct Stream {
    state: u64,
    increment: u64,
}

impl Stream {
    /// The stream of a domain, such as `CM1.smpl`, and its words.
    #[must_use]
    pub fn new(domain: [u8; 8], words: [u64; 4]) -> Self {
        let lane = |constant: u64| {
            let start = mixed(u64::from_be_bytes(domain) ^ constant);
            words.iter().fold(start, |hash, word| mixed((hash ^ word).wrapping_add(0x9e37_79b9_7f4a_7c15)))
        };
        let (state, stream) = (lane(0x6a09_e667_f3bc_c908), lane(0xbb67_ae85_84ca_a73b));
        let increment = stream.wrapping_mul(2).wrapping_add(1);
        let state = state.wrapping_add(increment).wrapping_mul(MULTIPLIER).wrapping_add(increment);
        Self { state, increment }
    }

    /// The next 32 bits.
    pub fn u32(&mut self) -> u32 {
        let old = self.state;
        self.state = old.wrapping_mul(MULTIPLIER).wrapping_add(self.increment);
        (((old >> 18 ^ old) >> 27) as u32).rotate_right((old >> 59) as u32)
    }

    /// The next 64 bits: two outputs, the first one low.
    pub fn u64(&mut self) -> u64 {
        let low = u64::from(self.u32());
        u64::from(self.u32()) << 32 | low
    }

    /// Uniform on `[0, 1)`.
    pub fn unit(&mut self) -> f64 {
        (self.u64() >> 11) as f64 * STEP
    }

    /// Uniform on `(0, 1]`.
    pub fn positive(&mut self) -> f64 {
        ((self.u64() >> 11) + 1) as f64 * STEP
    }

    /// Uniform below `n`, which is at least 1.
    ///
    /// # Panics
    /// If it is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        let surplus = ((1_u128 << 64) % u128::from(n)) as u64;
        loop {
            let product = u128::from(self.u64()) * u128::from(n);
            if product as u64 >= surplus {
                return (product >> 64) as u64;
            }
        }
    }

    /// A draw of Beta(a, b), both positive and finite; others may never come to an end.
    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        if a != b {
            let x = self.log_gamma(a);
            let y = self.log_gamma(b);
            return logistic(x, y);
        }
        if a == 1.0 {
            return self.unit();
        }
        if a == 2.0 {
            let mut three = [self.unit(), self.unit(), self.unit()];
            three.sort_by(f64::total_cmp);
            return three[1];
        }
        loop {
            if a == 0.5 {
                let (u, v) = (self.unit(), self.unit());
                let s = u * u + v * v;
                if 0.0 < s && s <= 1.0 {
                    return u * u / s;
                }
            } else if a < 0.5 {
                let inverse = 1.0 / a;
                let x = log(self.positive()) * inverse;
                let y = log(self.positive()) * inverse;
                let half = -std::f64::consts::LN_2;
                if x.max(y) <= half || (x.min(y) <= half && exp(x) + exp(y) <= 1.0) {
                    return logistic(x, y);
                }
            } else {
                let x = 2.0 * self.unit() - 1.0;
                let y = 2.0 * self.unit() - 1.0;
                let s = x * x + y * y;
                if 0.0 < s && s <= 1.0 {
                    let t = 1.0 - exp(2.0 / (2.0 * a - 1.0) * log(s));
                    return (0.5 * (1.0 + x * (t / s).sqrt())).clamp(0.0, 1.0);
                }
            }
        }
    }

    /// The logarithm of a gamma variate.
    fn log_gamma(&mut self, k: f64) -> f64 {
        let d = if k < 1.0 { k + 1.0 } else { k } - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        let out = loop {
            let p = 2.0 * self.unit() - 1.0;
            let q = 2.0 * self.unit() - 1.0;
            let s = p * p + q * q;
            if !(0.0 < s && s < 1.0) {
                continue;
            }
            let n = p * (-2.0 * log(s) / s).sqrt();
            let t = 1.0 + c * n;
            if t <= 0.0 {
                continue;
            }
            let v = t * t * t;
            let w = log(v);
            if log(self.positive()) < 0.5 * n * n + d - d * v + d * w {
                break log(d) + w;
            }
        };
        if k < 1.0 { out + log(self.positive()) / k } else { out }
    }

    /// A uniform permutation of `n` positions; with `derange` one without fixed points, of which there is none for 1: that
    /// never comes to an end.
    pub fn shuffled(&mut self, n: usize, derange: bool) -> Vec<usize> {
        'again: loop {
            let mut order: Vec<usize> = (0..n).collect();
            for i in (0..n).rev() {
                if i > 0 {
                    let j = self.below(i as u64 + 1) as usize;
                    order.swap(i, j);
                }
                if derange && order[i] == i {
                    continue 'again;
                }
            }
            return order;
        }
    }
}

fn logistic(x: f64, y: f64) -> f64 {
    1.0 / (1.0 + exp(y - x))
}

/// The two words of a sample's noise: the key of [`noise_word`](super::noise_word).
///
/// ```
/// use cutmix_verify::reference::noise_key;
///
/// assert_eq!(noise_key(0, 0, 0), [1214641647, 1074859841]); // As in vectors/stream.json.
/// ```
#[must_use]
pub fn noise_key(seed: u64, epoch: u64, index: u64) -> [u32; 2] {
    let mut stream = Stream::new(*b"CM1.nois", [seed, epoch, index, 0]);
    [stream.u32(), stream.u32()]
}
