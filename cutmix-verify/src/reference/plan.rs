//! What a key draws: the plan of a sample and the partners of a batch, from cutmix-core/STREAM.md and not from the core.

use serde::{Deserialize, Serialize};

use super::boxes::{Rule, first_and_last, inside_axis, side_of};
use super::{Patch, Stream, noise_key};

/// What is done with a sample.
///
/// ```
/// use cutmix_verify::reference::Method;
///
/// assert_eq!([Method::Cutmix, Method::Mixup, Method::Cutout].map(Method::name), ["cutmix", "mixup", "cutout"]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// A box of the donor replaces that of the base.
    #[default]
    Cutmix,
    /// Base and donor are blended.
    Mixup,
    /// A box of the base is filled.
    Cutout,
}

impl Method {
    /// The name in files and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cutmix => "cutmix",
            Self::Mixup => "mixup",
            Self::Cutout => "cutout",
        }
    }
}

/// Which method a sample gets.
///
/// ```
/// use cutmix_verify::reference::{Configuration, Method, Methods};
///
/// let never = Configuration { methods: Methods::Switch(0.0), ..Configuration::paper([40, 24]) };
/// assert_eq!(never.plan([7, 0, 41]).method, Method::Mixup);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Methods {
    /// Always this one.
    Only(Method),
    /// `CutMix` with this probability, else Mixup.
    Switch(f64),
}

/// Where the sides of a box come from.
///
/// ```
/// use cutmix_verify::reference::{Configuration, Extent};
///
/// let halves = Configuration { extent: Extent::MinMax(0.5, 0.5), ..Configuration::paper([40, 24]) };
/// assert_eq!(halves.plan([7, 0, 41]).patch.sides(), [20, 12]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Extent {
    /// From lambda, by the paper's formula.
    Law,
    /// Columns and rows, fixed.
    Fixed([u32; 2]),
    /// A whole number of pixels between these fractions of the image's sides.
    MinMax(f64, f64),
}

/// What plans are drawn for. Numbers are in range: sides and alphas positive, probabilities and fractions in [0, 1].
///
/// ```
/// use cutmix_verify::reference::Configuration;
///
/// let plan = Configuration { partners: 50_000, ..Configuration::paper([40, 24]) }.plan([7, 0, 41]);
/// assert!(plan.applied && plan.partner < 50_000 && !plan.patch.is_empty());
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Configuration {
    /// Columns and rows of an image.
    pub size: [u32; 2],
    /// The method.
    pub methods: Methods,
    /// Both parameters of Beta: for boxes, and for Mixup.
    pub alphas: [f64; 2],
    /// The rule of the box.
    pub rule: Rule,
    /// The sides of the box.
    pub extent: Extent,
    /// Probability that anything is done.
    pub probability: f64,
    /// Samples to choose a partner from.
    pub partners: u64,
    /// Denominator of a Mixup weight.
    pub grid: u32,
}

/// The values of a plan, as they are drawn.
///
/// ```
/// use cutmix_verify::reference::{Configuration, Stream};
///
/// // The values that a batch shares.
/// let configuration = Configuration::paper([40, 24]);
/// let drawn = configuration.draw(&mut Stream::new(*b"CM1.btch", [7, 0, 3, 0]));
/// let patch = configuration.patch(&drawn);
/// assert!(configuration.covers(&drawn, (patch.x0, patch.y0)) && !configuration.covers(&drawn, (patch.x1, patch.y1)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlanValues {
    /// Whether the method is applied.
    pub applied: bool,
    /// The method.
    pub method: Method,
    /// Index of the donor.
    pub partner: u64,
    /// The centre of the box, as a share of columns and of rows.
    pub place: [f64; 2],
    /// Columns and rows of a box between two fractions.
    pub extents: [u32; 2],
    /// Lambda.
    pub lambda: f64,
}

/// A plan: what was drawn, and what it means.
///
/// ```
/// use cutmix_verify::reference::Configuration;
///
/// let plan = Configuration::paper([40, 24]).plan([7, 0, 41]);
/// assert_eq!(plan.kept, [40 * 24 - plan.patch.area(), 40 * 24]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DrawnPlan {
    /// The method.
    pub method: Method,
    /// Whether it is applied.
    pub applied: bool,
    /// Index of the donor.
    pub partner: u64,
    /// The box.
    pub patch: Patch,
    /// The drawn lambda.
    pub lambda: f64,
    /// Weight of the base: numerator and denominator.
    pub kept: [u64; 2],
    /// The two words of the noise: of a Cutout its key, else zeros.
    pub noise: [u32; 2],
}

impl Configuration {
    /// `CutMix` as in the paper: applied to every image of `size` = columns, rows, with lambda uniform on [0, 1].
    #[must_use]
    pub const fn paper(size: [u32; 2]) -> Self {
        let (methods, rule, extent) = (Methods::Only(Method::Cutmix), Rule::Paper, Extent::Law);
        Self { size, methods, alphas: [1.0; 2], rule, extent, probability: 1.0, partners: 1, grid: 1 << 15 }
    }

    /// Draws the values in the order of the contract, also those that do not matter.
    pub fn draw(&self, stream: &mut Stream) -> PlanValues {
        let applied = stream.unit() < self.probability;
        let switch = stream.unit();
        let partner = stream.below(self.partners.max(1));
        let place = [stream.unit(), stream.unit()];
        let extents = self.size.map(|length| {
            let part = |share: f64| (f64::from(length) * share).trunc() as u64;
            let (least, most) = match self.extent {
                Extent::MinMax(least, most) => (part(least), part(most)),
                Extent::Law | Extent::Fixed(_) => (0, 0),
            };
            (least + stream.below(most - least + 1)) as u32
        });
        let method = match self.methods {
            Methods::Only(method) => method,
            Methods::Switch(cutmix) if switch < cutmix => Method::Cutmix,
            Methods::Switch(_) => Method::Mixup,
        };
        let alpha = self.alphas[usize::from(method == Method::Mixup)];
        PlanValues { applied, method, partner, place, extents, lambda: stream.beta(alpha, alpha) }
    }

    /// Whether the box of these values covers column or row `i`, on axis 0 or 1.
    fn covers_axis(&self, drawn: &PlanValues, axis: usize, i: u32) -> bool {
        let (length, place) = (self.size[axis], drawn.place[axis]);
        let centre = place * f64::from(length);
        match self.extent {
            Extent::Law => inside_axis(self.rule, side_of(drawn.lambda, length), centre, i),
            Extent::Fixed(sides) => inside_axis(self.rule, f64::from(sides[axis]), centre, i),
            Extent::MinMax(..) => {
                let (extent, room) = (drawn.extents[axis], length - drawn.extents[axis]);
                let first = ((place * (f64::from(room) + 1.0)).trunc() as u32).min(room);
                (first..first + extent).contains(&i)
            }
        }
    }

    /// Whether these values replace a pixel.
    #[must_use]
    pub fn covers(&self, drawn: &PlanValues, pixel: (u32, u32)) -> bool {
        let boxed = drawn.applied && drawn.method != Method::Mixup;
        boxed && self.covers_axis(drawn, 0, pixel.0) && self.covers_axis(drawn, 1, pixel.1)
    }

    /// The box of these values, column by column and row by row.
    #[must_use]
    pub fn patch(&self, drawn: &PlanValues) -> Patch {
        if !drawn.applied || drawn.method == Method::Mixup {
            return Patch::EMPTY;
        }
        let span = |axis: usize| first_and_last(self.size[axis], |i| self.covers_axis(drawn, axis, i));
        Patch::spanning(span(0), span(1))
    }

    /// The base's weight, numerator and denominator: pixels beside the box and all of them, or a Mixup weight.
    #[must_use]
    pub fn kept(&self, drawn: &PlanValues, patch: Patch) -> [u64; 2] {
        if drawn.method == Method::Mixup {
            let weight = if drawn.applied { drawn.lambda } else { 1.0 };
            return [(weight * f64::from(self.grid) + 0.5).floor() as u64, self.grid.into()];
        }
        let total = u64::from(self.size[0]) * u64::from(self.size[1]);
        [total - patch.area(), total]
    }

    /// The plan of a sample: its seed, epoch and index.
    #[must_use]
    pub fn plan(&self, [seed, epoch, index]: [u64; 3]) -> DrawnPlan {
        let drawn = self.draw(&mut Stream::new(*b"CM1.smpl", [seed, epoch, index, 0]));
        let patch = self.patch(&drawn);
        DrawnPlan {
            method: drawn.method,
            applied: drawn.applied,
            partner: drawn.partner,
            patch,
            lambda: drawn.lambda,
            kept: self.kept(&drawn, patch),
            noise: if drawn.method == Method::Cutout { noise_key(seed, epoch, index) } else { [0, 0] },
        }
    }
}

/// Who gives to whom in a batch of `count` samples, by the name of the pairing; a drawn one is that of the batch with this
/// key: seed, epoch and number.
///
/// `roll`, `flip`, `replacement`, `permutation` and `derangement` are known. Nothing for another name, and for the
/// derangement of one sample, which there is not.
///
/// ```
/// use cutmix_verify::reference::partners;
///
/// assert_eq!(partners("roll", [0; 3], 3), Some(vec![2, 0, 1]));
/// assert_eq!(partners("derangement", [7, 0, 41], 2), Some(vec![1, 0]));
/// assert_eq!(partners("derangement", [7, 0, 41], 1), None);
/// ```
#[must_use]
pub fn partners(pairing: &str, [seed, epoch, batch]: [u64; 3], count: u32) -> Option<Vec<u64>> {
    let n = u64::from(count);
    let mut stream = Stream::new(*b"CM1.pair", [seed, epoch, batch, 0]);
    let mut shuffled = |derange| stream.shuffled(count as usize, derange).into_iter().map(|j| j as u64).collect();
    match pairing {
        "roll" => Some((0..n).map(|i| (i + n - 1) % n).collect()),
        "flip" => Some((0..n).map(|i| n - 1 - i).collect()),
        "permutation" => Some(shuffled(false)),
        "derangement" if count != 1 => Some(shuffled(true)),
        "replacement" => Some((0..n).map(|_| stream.below(n)).collect()),
        _ => None,
    }
}
