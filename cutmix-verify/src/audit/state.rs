//! Evidence that is kept from one audit to the next.
//!
//! It holds the draws themselves: a trace that is read twice, or one made from the same seed, repeats draws, and repeated
//! draws add nothing.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::judge::evidence::EARLIER;
use super::judge::order::once;
use super::judge::{Applied, Blended, Part, Place};
use super::{AlphaDraws, Audit};
use crate::reference::Patch;

/// What the format is called; another form has another number.
const FORMAT: &str = "cutmix-evidence/1";
/// The longest side of images whose draws can be kept, in pixels.
const LONGEST: u32 = 1 << 14;
/// Weights so few that they may be others' by chance.
const FEW: usize = 4;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    format: String,
    name: String,
    version: String,
    method: String,
    /// Codes that an earlier audit found.
    codes: Vec<String>,
    alphas: Vec<KeptAlpha>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptAlpha {
    alpha: Option<f64>,
    parts: Vec<KeptPart>,
    weights: Vec<f64>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptPart {
    size: [u32; 2],
    boxes: Vec<[u32; 4]>,
    applied: Vec<Applied>,
}

impl Audit {
    /// All draws so far, and the codes of what is wrong, as JSON.
    #[must_use]
    pub fn state(&self) -> String {
        let draws = |part: &Part| KeptPart {
            size: part.size,
            boxes: part.boxes.iter().map(Patch::edges).collect(),
            applied: part.applied.clone(),
        };
        let alphas = self.draws.iter().map(|AlphaDraws { boxes, blends }| KeptAlpha {
            alpha: boxes.alpha,
            parts: once(boxes).parts.iter().map(draws).collect(),
            weights: blends.weights.clone(),
        });
        let found = self.report().findings;
        let found = found.iter().map(|finding| finding.code.name().to_owned());
        let codes: BTreeSet<String> = found.chain(self.earlier.iter().cloned()).collect();
        let state = State {
            format: FORMAT.into(),
            name: self.adapter.name.clone(),
            version: self.adapter.version.clone(),
            method: self.method.name().into(),
            codes: codes.into_iter().collect(),
            alphas: alphas.collect(),
        };
        // Keys are texts and numbers finite.
        let mut text = serde_json::to_string(&state).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Adds the evidence of an earlier audit to what was read since. Says what was done with it, in one sentence.
    ///
    /// # Errors
    /// What was found and what was expected, if it is no such evidence.
    pub fn recall(&mut self, text: &str) -> Result<String, String> {
        let state: State = serde_json::from_str(text).map_err(|error| format!("{error}, expected {FORMAT}"))?;
        if state.format != FORMAT {
            return Err(format!("format {:?}, expected {FORMAT}", state.format));
        }
        let ours = (self.adapter.name.as_str(), self.adapter.version.as_str(), self.method.name());
        let theirs = (state.name.as_str(), state.version.as_str(), state.method.as_str());
        if ours != theirs {
            let note = format!("the evidence kept was of {} {} ({}): it begins anew", theirs.0, theirs.1, theirs.2);
            self.ledger.untested(note.clone());
            return Ok(note);
        }
        let mut draws = 0;
        for (number, alpha) in state.alphas.into_iter().enumerate() {
            let known = AlphaDraws::of(&mut self.draws, alpha.alpha);
            for kept in alpha.parts {
                draws += kept.boxes.len();
                let part = earlier(kept, EARLIER + number as u32)?;
                let parts = &mut known.boxes.parts;
                match parts.iter_mut().find(|later| later.size == part.size) {
                    Some(later) => *later = part.followed_by(later),
                    None => parts.push(part),
                }
            }
            if alpha.weights.iter().any(|weight| !(0.0..=1.0).contains(weight)) {
                return Err("weights: a number outside 0 to 1, expected weights of blends".into());
            }
            draws += alpha.weights.len();
            let earlier = Blended::earlier(alpha.weights, EARLIER + number as u32);
            let new = std::mem::replace(&mut known.blends, earlier);
            // A blend's weight repeats by chance hardly ever; a trace that was read before is left out.
            let repeated = known.blends.weights.windows(new.weights.len().max(1)).any(|run| run == new.weights);
            if new.weights.len() < FEW || !repeated {
                known.blends.extend(new);
            }
        }
        self.earlier.extend(state.codes);
        Ok(format!("{draws} draws of earlier audits"))
    }
}

/// A part that was kept, if it can be one.
fn earlier(kept: KeptPart, trace: u32) -> Result<Part, String> {
    let [width, height] = kept.size;
    let inside = |b: &[u32; 4]| b[0] < b[2] && b[2] <= width && b[1] < b[3] && b[3] <= height;
    if kept.size.iter().any(|side| !(1..=LONGEST).contains(side)) {
        return Err(format!("size {width}x{height}, expected 1 to 16384"));
    }
    if let Some(patch) = kept.boxes.iter().find(|patch| !inside(patch)) {
        return Err(format!("box {patch:?}, expected one inside {width}x{height}"));
    }
    for Applied { own, trials } in &kept.applied {
        let rising = trials.windows(2).all(|pair| pair[0].0 <= pair[1].0 && pair[0].1 <= pair[1].1);
        let own = own.iter().all(|own| (0.0..=1.0).contains(own)) && !own.is_empty();
        if !rising || !own {
            return Err("applied: numbers that fall, expected counts".into());
        }
    }
    let places = (0..kept.boxes.len() as u32).map(|call| Place { trace, phase: u32::MAX, call, sample: 0 }).collect();
    let known = vec![None; kept.boxes.len()];
    let boxes = kept.boxes.into_iter().map(Patch::of).collect();
    Ok(Part { size: kept.size, boxes, places, known, applied: kept.applied })
}
