//! What a call of a known implementation comes to, with the draws that a probe recorded.

use super::arithmetic::Boxes;
use super::draws::recorded;
use super::labels::{LabelSource, Weights};
use crate::probe::{CallDraws, Phase};
use crate::profile::{Forms, Profile, Root, Takes};
use crate::reference::Patch;
use crate::trace::{Adapter, LabelsIn};

/// Whether classes are smoothed by what the adapter says.
pub(super) fn smooths(profile: &Profile) -> bool {
    profile.types.smoothing > 0.0
}

/// Whether images and labels of this kind are what the package takes: if not, what is found and what is expected.
pub(super) fn refuses(profile: &Profile, phase: &Phase, adapter: &Adapter) -> Option<(String, &'static str)> {
    let (Phase { width, height, batch, .. }, types) = (phase, &profile.types);
    if types.takes == Takes::Square && width != height {
        return Some((format!("images of {width}x{height}"), "square ones for this profile"));
    }
    if types.takes == Takes::EvenBatch && batch % 2 == 1 {
        return Some((format!("batches of {batch}"), "even ones for this profile"));
    }
    match adapter.labels_in {
        LabelsIn::None => Some(("labels_in \"none\"".into(), "\"ids\" or \"rows\"")),
        LabelsIn::Rows if smooths(profile) => {
            Some(("labels_in \"rows\"".into(), "\"ids\", which this profile smooths"))
        }
        LabelsIn::Rows if types.forms == Forms::Targets => {
            Some(("labels_in \"rows\"".into(), "\"ids\", which this profile gives back beside a weight"))
        }
        LabelsIn::Ids | LabelsIn::Rows => None,
    }
}

/// What an image of a call comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Expected {
    /// The box, clipped.
    pub(super) patch: Patch,
    /// Whose pixels are in it.
    pub(super) partner: usize,
    /// What the labels of the image and of its partner weigh.
    pub(super) weights: Weights,
    /// The image whose lambda was used, and that whose uniform numbers were.
    pub(super) drawn_by: [usize; 2],
}

impl Expected {
    /// Whether the image is changed.
    pub(super) fn changes(&self, i: usize) -> bool {
        self.partner != i && !self.patch.is_empty()
    }
}

/// Units in the last place by which a root may be off, the right one first.
const UNITS: [i32; 3] = [0, -1, 1];

/// All that a call may come to: one list of samples, or several where the package's root is not always the right one.
pub(super) fn expected(profile: &Profile, phase: &Phase, draws: &CallDraws) -> Vec<Vec<Expected>> {
    let (drawn, batch) = (recorded(profile, draws), phase.batch as usize);
    let mut all: Vec<Vec<Expected>> = Vec::new();
    for units in if profile.types.root == Root::NarrowNear { &UNITS[..] } else { &UNITS[..1] } {
        let boxes = Boxes::new(profile, phase, drawn.clone(), *units);
        let kept = boxes.kept(phase);
        let sample = |i: usize| Expected {
            patch: boxes.patches[i],
            partner: drawn.partners[i],
            weights: LabelSource { phase, boxes: &boxes, i, base: i, kept: &kept }.weights(profile),
            drawn_by: profile.sharing.drawn_by(i, &drawn.partners),
        };
        let samples: Vec<Expected> = (0..batch).map(sample).collect();
        if !all.contains(&samples) {
            all.push(samples);
        }
    }
    all
}
