//! An implementation of CutMix as data: what box, which law of lambda, what label, who shares, who is paired with whom.
//!
//! Plain data with names and codes, and no arithmetic: [`law`](crate::law) integrates it and [`play`](crate::play) draws from
//! it, each for itself. Every part is one row of one table. Imports `probe` for types and methods; nothing of the core.

mod area;
mod code;
mod faults;
mod hypothesis;
mod label;
mod lambda;
mod lambda_law;
pub mod matching;
mod mistakes;
mod packages;
mod part;
mod promise;
pub mod shape;
mod sharing;
mod side;
mod types;

pub use area::{Area, Bounds};
pub use code::Code;
pub use faults::{Faults, Pixels, Places, Reports, Ties};
pub use hypothesis::{Hypothesis, Rate};
pub use label::Label;
pub use lambda::{Lambda, Precision};
pub use lambda_law::LambdaLaw;
pub use mistakes::{LAWS, VARIANTS, Variant, pairs, variant, variants};
pub use packages::{PACKAGES, Package, ProfilePart, Replay, replays};
pub use promise::{Promised, Promises, Throw};
pub use sharing::{Pairing, Sharing};
pub use side::{Centres, Cut, Ends, Side};
pub use types::{Forms, LabelBlend, Root, Rounding, Takes, Types};

use crate::probe::Method;
use shape::{Shape, shape};

/// An implementation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Profile {
    /// What it is asked for.
    pub method: Method,
    pub shape: &'static Shape,
    pub lambda: LambdaLaw,
    pub label: Label,
    pub sharing: Sharing,
    pub pairing: Pairing,
    pub types: Types,
    pub faults: Faults,
}

/// The paper authors' code, with a box for each image.
pub const OFFICIAL: Profile = Profile {
    method: Method::Cutmix,
    shape: shape("official"),
    lambda: LambdaLaw::AsAsked,
    label: Label::Kept,
    sharing: Sharing::Sample,
    pairing: Pairing::Permutation,
    types: Types::WIDE,
    faults: Faults::NONE,
};
/// Mixup, a weight for each image.
pub const MIXUP: Profile = Profile { method: Method::Mixup, ..OFFICIAL };
/// Cutout by CutMix's boxes, filled with zeros.
pub const CUTOUT: Profile =
    Profile { method: Method::Cutout, faults: Faults { pixels: Pixels::Filled, ..Faults::NONE }, ..OFFICIAL };

impl Profile {
    /// The findings that its parts cause: of shape, law, label, pairing, then of the rest. None for a right one.
    pub(crate) fn codes(&self) -> Vec<Code> {
        let mut codes: Vec<Code> = self.shape.code.into_iter().collect();
        if !self.shape.without_lambda() {
            codes.extend(self.lambda.code());
        }
        codes.extend(match self.label {
            Label::Kept => &[],
            Label::Raw if self.types.declares_raw => &[],
            _ if self.method == Method::Cutout => &[Code::CutoutLabel][..],
            label => label.codes(),
        });
        codes.extend([self.sharing.codes(), self.pairing.codes()].concat());
        codes.extend(self.faults.codes(self.method));
        codes
    }
}
