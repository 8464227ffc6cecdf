//! The probes that show what a variant does, and its boxes without any pixels.

use std::io;

#[cfg(test)]
use super::arithmetic::Boxes;
use super::arithmetic::boxed;
use super::draws::{Lambdas, drawn};
#[cfg(test)]
use super::labels::LabelSource;
use crate::probe::{Dtype, Kind, Method, Phase, Spec, digest};
use crate::profile::{LambdaLaw, Pairing, Pixels, Profile, Reports, Sharing, Variant};
use crate::reference::Patch;

impl Profile {
    /// Whether one image of a call is all that is drawn for itself: one lambda or box for all is one draw.
    fn one_draw_a_call(&self) -> bool {
        matches!(self.sharing, Sharing::Batch | Sharing::Lambda | Sharing::Centre)
            || self.lambda == LambdaLaw::RandomAlphaByCall
    }
}

impl Variant {
    /// The structure phase of a probe that shows what the variant does.
    #[must_use]
    pub fn phase(&self) -> Phase {
        let faults = &self.profile.faults;
        let mut phase = Phase::structure();
        match faults.pixels {
            // Only what says its place shows a change of size.
            Pixels::Scaled => phase.kind = Kind::Tri,
            Pixels::MaskMultiply | Pixels::NanToNumber => phase.kind = Kind::Nan,
            Pixels::Truncated | Pixels::Overflow => phase.dtype = Dtype::U8,
            _ => {}
        }
        phase.masks = matches!(faults.reports, Reports::MaskOtherBox | Reports::MaskBlended | Reports::MaskFloat);
        phase.sha256 = digest(&phase);
        phase
    }

    /// A phase in which it makes about so many independent draws of a box.
    #[must_use]
    pub fn law_phase(&self, draws: u64) -> Phase {
        let Profile { method, sharing, pairing, .. } = self.profile;
        // Of two images a permutation leaves both in their places half of the time.
        let drawn =
            matches!(pairing, Pairing::Permutation | Pairing::ClassWise | Pairing::Replacement | Pairing::Short);
        let paired = matches!(sharing, Sharing::Pair | Sharing::Partners);
        let batch = if drawn || paired || pairing == Pairing::SomeAlone { 8 } else { 2 };
        let each = match sharing {
            _ if self.profile.one_draw_a_call() => 1,
            Sharing::Pair | Sharing::Partners => 4,
            _ if pairing == Pairing::SomeAlone => 6,
            _ if drawn => 7,
            _ => batch,
        };
        let law = Phase::law();
        // One of eight is its own partner.
        let draws = if drawn && each == 1 { draws + draws / 6 } else { draws };
        let calls = draws.div_ceil(each.into()).clamp(1, 1 << 22) as u32;
        // A value that is the fill's by chance is one of 256: three planes leave one of 2^24.
        let channels = if method == Method::Cutout { 3 } else { law.channels };
        let mut phase = Phase { calls, batch, channels, classes: 17, dtype: self.phase().dtype, ..law };
        phase.sha256 = digest(&phase);
        phase
    }

    /// A probe of the structure phase.
    #[must_use]
    pub fn spec(&self) -> Spec {
        Spec::new(self.profile.method, vec![self.phase()])
    }
}

/// Boxes, and of every sample how many were drawn before it and whether it got one.
pub type DrawnBoxes = (Vec<Patch>, Vec<(u32, bool)>);

/// The boxes that an implementation draws on images of this size, without any pixels: for audits by the thousand. Those that
/// are empty are left out; as many others are given as were asked for. No image is its own partner. Same seed, same boxes.
/// The error is an alpha outside 0.001 to 1000000.
pub fn draws_of(variant: &Variant, alpha: f64, size: [u32; 2], number: usize, seed: u64) -> io::Result<DrawnBoxes> {
    let profile = &variant.profile;
    let lambdas = Lambdas::new(profile, alpha)?;
    let phase = Phase { width: size[0], height: size[1], ..Phase::law() };
    let mut boxes = Vec::with_capacity(number);
    let mut applied = Vec::new();
    let mut call = 0;
    while boxes.len() < number {
        let period = u64::from(profile.faults.period);
        let index = if period > 0 { call % period } else { call };
        let drawn = drawn(profile, &phase, &lambdas, [seed, 1, index]);
        let independent = if profile.one_draw_a_call() { 1 } else { drawn.samples.len() };
        for draw in &drawn.samples[..independent] {
            let (patch, _) = boxed(profile, size, draw, 0);
            applied.push((boxes.len() as u32, !patch.is_empty()));
            if !patch.is_empty() {
                boxes.push(patch);
            }
        }
        call += 1;
        // Some implementations never draw a box: then there is none to give.
        if call > 64 * number as u64 + 1000 {
            break;
        }
    }
    boxes.truncate(number);
    Ok((boxes, applied))
}

/// The boxes of so many draws that are not empty, each with the base's weight in its label.
#[cfg(test)]
pub(crate) fn labelled_boxes(
    profile: &Profile,
    alpha: f64,
    size: [u32; 2],
    number: usize,
    seed: u64,
) -> Vec<(Patch, f64)> {
    let lambdas = Lambdas::new(profile, alpha).unwrap();
    let phase = Phase { width: size[0], height: size[1], ..Phase::law() };
    let of = |call: u64| {
        let boxes = Boxes::new(profile, &phase, drawn(profile, &phase, &lambdas, [seed, 1, call]), 0);
        let kept = boxes.kept(&phase);
        let weight =
            |i: usize| LabelSource { phase: &phase, boxes: &boxes, i, base: i, kept: &kept }.weights(profile).base;
        (0..kept.len()).map(|i| (boxes.patches[i], weight(i))).collect::<Vec<_>>()
    };
    (0..).flat_map(of).filter(|(patch, _)| !patch.is_empty()).take(number).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::law::boxes::Table;
    use crate::profile::shape::{SHAPES, Shape};
    use crate::profile::{OFFICIAL, Side};

    /// What is drawn by a rule has the probabilities that are integrated of it: of every rule of the table, and of one that
    /// is in none.
    #[test]
    fn boxes_are_as_frequent_as_their_law_says() {
        // A corner across, inside down.
        const NEW: Shape = Shape { name: "new", sides: [Side::Corner, Side::InsideShort], ..*OFFICIAL.shape };
        let (size, number) = ([7, 5], 20_000);
        for shape in SHAPES.iter().chain([&NEW]) {
            let variant = Variant { name: "", about: "", profile: Profile { shape, ..OFFICIAL } };
            let (boxes, _) = draws_of(&variant, 1.0, size, number, 5).unwrap();
            let mut counts = BTreeMap::<Patch, u32>::new();
            for patch in boxes {
                *counts.entry(patch).or_default() += 1;
            }
            let patches: Vec<Patch> = counts.keys().copied().collect();
            let table = Table::new(shape, size, &patches);
            let law = variant.profile.lambda.at(1.0).unwrap();
            let mut probable = Vec::new();
            table.given_filled(&law.moments(table.grid()), &mut probable);
            for ((patch, count), p) in counts.iter().zip(&probable) {
                let expected = p * number as f64;
                // Six standard deviations, and what rare boxes need.
                let slack = 6.0 * expected.sqrt() + 6.0;
                assert!(*p > 0.0, "{}: {patch}", shape.name);
                assert!((f64::from(*count) - expected).abs() < slack, "{}: {patch} {count} {expected}", shape.name);
            }
            assert!(probable.iter().sum::<f64>() > 0.97, "{}", shape.name);
        }
    }
}
