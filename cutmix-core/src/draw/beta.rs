//! Samplers of the Beta law, which CutMix and Mixup draw lambda from.

use rand_core::Rng;

use super::uniform::{unit, unit_positive};
use crate::error::Error;
use crate::kernels::real::sqrt;

/// ln 2, rounded to nearest.
const LN_2: f64 = core::f64::consts::LN_2;

/// A sampler of Beta(a, b) on the closed interval `[0, 1]`; never NaN.
///
/// | parameters | algorithm | source |
/// |---|---|---|
/// | `a = b = 1` | one uniform | - |
/// | `a = b = 1/2` | `u^2 / (u^2 + v^2)` in the quarter disc | arcsine law |
/// | `a = b = 2` | median of three uniforms | order statistics |
/// | `a = b < 1/2` | Jöhnk's rejection, in logarithms | Jöhnk, Metrika 8 (1964); Devroye (1986), IX.3.5 |
/// | `a = b > 1/2`, others | polar method | Ulrich, "Computer generation of distributions on the m-sphere", Applied Statistics 33 (1984); Devroye, "Random variate generation in one line of code" (1996) |
/// | `a != b` | ratio of two gammas, in logarithms | Marsaglia and Tsang, ACM TOMS 26 (2000) |
///
/// The first three use no transcendental function; the others use `log` and `exp` of the `libm` crate, which are the
/// same on every target. A draw costs 5 to 150 ns on a desktop.
///
/// ```
/// # use cutmix_core::{Beta, SampleKey};
/// let beta = Beta::symmetric(0.2)?;
/// let lambda = beta.sample(&mut SampleKey { seed: 7, epoch: 0, index: 0 }.rng());
/// assert!((0.0..=1.0).contains(&lambda));
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beta {
    a: f64,
    b: f64,
    method: Method,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Method {
    Uniform,
    Arcsine,
    Median,
    /// Holds `1 / alpha`.
    Johnk(f64),
    /// Holds `2 / (2 alpha - 1)`.
    Ulrich(f64),
    GammaRatio,
}

impl Beta {
    /// Beta(1, 1), the uniform law, which the CutMix paper uses.
    ///
    /// ```
    /// # use cutmix_core::{Beta, PlanConfig, Size};
    /// // What a plan draws lambda from unless it is told otherwise.
    /// assert_eq!(PlanConfig::cutmix(Size::new(32, 32)?).cutmix_alpha(), Beta::UNIFORM);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub const UNIFORM: Self = Self { a: 1.0, b: 1.0, method: Method::Uniform };

    /// Beta(alpha, alpha) for `alpha` in `[1e-3, 1e6]`.
    ///
    /// # Errors
    /// [`Error::BetaShape`] outside that range, and for NaN.
    ///
    /// ```
    /// # use cutmix_core::Beta;
    /// assert_eq!(Beta::symmetric(0.2)?.shape(), (0.2, 0.2));
    /// assert_eq!(Beta::symmetric(1.0)?, Beta::UNIFORM);
    /// assert!(Beta::symmetric(0.0).is_err());
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn symmetric(alpha: f64) -> Result<Self, Error> {
        if !(1e-3..=1e6).contains(&alpha) {
            return Err(Error::BetaShape { a: alpha, b: alpha });
        }
        let method = if alpha == 1.0 {
            Method::Uniform
        } else if alpha == 0.5 {
            Method::Arcsine
        } else if alpha == 2.0 {
            Method::Median
        } else if alpha < 0.5 {
            Method::Johnk(1.0 / alpha)
        } else {
            Method::Ulrich(2.0 / (2.0 * alpha - 1.0))
        };
        Ok(Self { a: alpha, b: alpha, method })
    }

    /// Beta(a, b); equal parameters in `[1e-3, 1e6]`, unequal ones in `[0.05, 50]`.
    ///
    /// # Errors
    /// [`Error::BetaShape`] outside those ranges, and for NaN.
    ///
    /// ```
    /// # use cutmix_core::Beta;
    /// assert_eq!(Beta::new(2.0, 1.0)?.shape(), (2.0, 1.0));
    /// assert!(Beta::new(0.01, 1.0).is_err());
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn new(a: f64, b: f64) -> Result<Self, Error> {
        if a == b {
            return Self::symmetric(a);
        }
        if (0.05..=50.0).contains(&a) && (0.05..=50.0).contains(&b) {
            return Ok(Self { a, b, method: Method::GammaRatio });
        }
        Err(Error::BetaShape { a, b })
    }

    /// The parameters `(a, b)`.
    ///
    /// ```
    /// # use cutmix_core::Beta;
    /// let (a, b) = Beta::new(2.0, 0.5)?.shape(); // in the order given
    /// assert_eq!(a / (a + b), 0.8); // the mean of lambda
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn shape(&self) -> (f64, f64) {
        (self.a, self.b)
    }

    /// Whether this is the uniform law, without a look at the parameters.
    pub(crate) const fn is_uniform(&self) -> bool {
        matches!(self.method, Method::Uniform)
    }

    /// One draw. All but `alpha = 1` and `2` reject, so the number of words read varies.
    ///
    /// Costs 5 to 150 ns on a desktop. Ends with a probability of 1 for a generator that is uniform; one that gives the same
    /// refused words for ever would keep it waiting.
    ///
    /// ```
    /// # use cutmix_core::{Beta, SampleKey};
    /// let beta = Beta::symmetric(0.5)?;
    /// let lambda = beta.sample(&mut SampleKey { seed: 7, epoch: 0, index: 41 }.rng());
    /// assert_eq!(lambda.to_bits(), 0x3fc2_4172_bbec_6491); // the same everywhere
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        match self.method {
            Method::Uniform => unit(rng),
            Method::Arcsine => arcsine(rng),
            Method::Median => median(unit(rng), unit(rng), unit(rng)),
            Method::Johnk(inverse) => johnk(rng, inverse),
            Method::Ulrich(exponent) => ulrich(rng, exponent),
            Method::GammaRatio => {
                let (x, y) = (log_gamma_variate(rng, self.a), log_gamma_variate(rng, self.b));
                logistic(x, y)
            }
        }
    }
}

/// `e^x / (e^x + e^y)`; both arguments are finite, so an overflow gives 0 and an underflow 1, never NaN.
fn logistic(x: f64, y: f64) -> f64 {
    1.0 / (1.0 + libm::exp(y - x))
}

fn median(a: f64, b: f64, c: f64) -> f64 {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    if c < low {
        low
    } else if c > high {
        high
    } else {
        c
    }
}

/// The square of the cosine of a uniform angle.
fn arcsine<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    loop {
        let (u, v) = (unit(rng), unit(rng));
        let (u2, v2) = (u * u, v * v);
        let s = u2 + v2;
        if s <= 1.0 && s > 0.0 {
            return u2 / s;
        }
    }
}

/// `X / (X + Y)` given `X + Y <= 1` with `X = u^(1/alpha)` and `Y = v^(1/alpha)`, whose logarithms cannot underflow.
fn johnk<R: Rng + ?Sized>(rng: &mut R, inverse: f64) -> f64 {
    loop {
        let x = libm::log(unit_positive(rng)) * inverse;
        let y = libm::log(unit_positive(rng)) * inverse;
        let (low, high) = if x < y { (x, y) } else { (y, x) };
        // Both at most 1/2, or both above: no need of the exponentials.
        let accept = if high <= -LN_2 {
            true
        } else if low > -LN_2 {
            false
        } else {
            libm::exp(x) + libm::exp(y) <= 1.0
        };
        if accept {
            return logistic(x, y);
        }
    }
}

/// A uniform point of the disc stretched so that its first coordinate has density `(1 - t^2)^(alpha - 1)`.
fn ulrich<R: Rng + ?Sized>(rng: &mut R, exponent: f64) -> f64 {
    loop {
        let x = 2.0 * unit(rng) - 1.0;
        let y = 2.0 * unit(rng) - 1.0;
        let s = x * x + y * y;
        if s <= 1.0 && s > 0.0 {
            let t = 1.0 - libm::exp(exponent * libm::log(s));
            let lambda = 0.5 * (1.0 + x * sqrt(t / s));
            // |x| sqrt(t / s) may round to just above 1.
            return lambda.clamp(0.0, 1.0);
        }
    }
}

/// The logarithm of a Gamma(shape, 1) variate. Shapes below 1 are boosted by `u^(1/shape)`, added in logarithms.
fn log_gamma_variate<R: Rng + ?Sized>(rng: &mut R, shape: f64) -> f64 {
    let boosted = shape < 1.0;
    let d = if boosted { shape + 1.0 } else { shape } - 1.0 / 3.0;
    let c = 1.0 / sqrt(9.0 * d);
    let log = loop {
        let x = normal(rng);
        let t = 1.0 + c * x;
        if t > 0.0 {
            let v = t * t * t;
            let log_v = libm::log(v);
            if libm::log(unit_positive(rng)) < 0.5 * x * x + d - d * v + d * log_v {
                break libm::log(d) + log_v;
            }
        }
    };
    if boosted { log + libm::log(unit_positive(rng)) / shape } else { log }
}

/// A standard normal variate by Marsaglia's polar method (SIAM Review 6, 1964); its twin is not used, so that a draw
/// depends on nothing but the stream.
fn normal<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    loop {
        let x = 2.0 * unit(rng) - 1.0;
        let y = 2.0 * unit(rng) - 1.0;
        let s = x * x + y * y;
        if s < 1.0 && s > 0.0 {
            return x * sqrt(-2.0 * libm::log(s) / s);
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::draw::SampleKey;
    use crate::draw::uniform::tests::Words;

    #[test]
    fn refuses_what_it_cannot_draw() {
        for alpha in [0.0, 9.9e-4, 1.1e6, -1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(Beta::symmetric(alpha), Err(Error::BetaShape { .. })), "{alpha}");
        }
        for (a, b) in [(0.04, 1.0), (1.0, 51.0), (f64::NAN, 1.0), (1.0, f64::NAN)] {
            assert!(matches!(Beta::new(a, b), Err(Error::BetaShape { .. })), "{a} {b}");
        }
        assert_eq!(Beta::new(1.0, 1.0).unwrap(), Beta::UNIFORM);
        assert_eq!(Beta::new(0.3, 1.3).unwrap().shape(), (0.3, 1.3));
    }

    #[test]
    fn extreme_parameters_stay_in_the_closed_interval() {
        let just_above_half = 0.5 + f64::EPSILON;
        let below_half = 0.5 - f64::EPSILON;
        let symmetric = [1e-3, 0.01, 0.05, below_half, 0.5, just_above_half, 0.6, 1.0, 2.0, 100.0, 1e6];
        let pairs = symmetric.map(|alpha| (alpha, alpha)).into_iter().chain([(0.05, 50.0), (50.0, 0.05), (0.05, 0.06)]);
        for (a, b) in pairs {
            let beta = Beta::new(a, b).unwrap();
            let (mut least, mut greatest) = (f64::INFINITY, f64::NEG_INFINITY);
            for index in 0..if cfg!(miri) { 60 } else { 20_000 } {
                let lambda = beta.sample(&mut SampleKey { seed: 1, epoch: 0, index }.rng());
                assert!((0.0..=1.0).contains(&lambda), "Beta({a}, {b}) gave {lambda}");
                least = least.min(lambda);
                greatest = greatest.max(lambda);
            }
            assert!(least < greatest);
            if a <= 1e-3 {
                assert_eq!((least, greatest), (0.0, 1.0), "most of Beta(1e-3, 1e-3) is within rounding of the ends");
            }
        }
    }

    #[test]
    fn discs_refuse_their_centre_and_are_exact_about_their_border() {
        // As uniform reals: 0.5, 0.75, 1 - 2^-53 and 2^-26.
        let (half, most, last, tiny) = (1_u64 << 63, 3_u64 << 62, u64::MAX, 1_u64 << 38);
        let mut words = Words(&[0, 0, half, half]);
        assert_eq!((arcsine(&mut words), words.0), (0.5, &[][..]), "0/0 is refused");
        // 2^-52 and 1 - 2^-52 after rounding: a sum of 1 belongs to the disc.
        let mut words = Words(&[tiny, last, half, half]);
        assert_eq!((arcsine(&mut words), words.0), (f64::EPSILON, &[half, half][..]));
        // (0, 0), then (-1, 0).
        let mut words = Words(&[half, half, 0, half, most, half]);
        assert_eq!((ulrich(&mut words, 5.0), words.0), (0.5, &[most, half][..]));
        // (0, 0), (-1, 0), then (1/2, 0): the open disc, since the logarithm of 1 would give every direction 0.
        let mut words = Words(&[half, half, 0, half, most, half]);
        let z = normal(&mut words);
        assert!((z - (2.0 * 4.0_f64.ln()).sqrt()).abs() < 1e-15 && words.0.is_empty(), "{z}");
    }

    #[test]
    fn median_of_three() {
        for (a, b, c) in
            [(0.1, 0.2, 0.3), (0.3, 0.2, 0.1), (0.2, 0.1, 0.3), (0.1, 0.3, 0.2), (0.3, 0.1, 0.2), (0.2, 0.3, 0.1)]
        {
            assert_eq!(median(a, b, c), 0.2);
        }
        assert_eq!(median(0.5, 0.5, 0.1), 0.5);
    }
}
