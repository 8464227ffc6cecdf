//! Evidence that is kept from one audit to the next.
//!
//! It holds the draws themselves: a trace that is read twice, or one made from the same seed, repeats draws, and repeated
//! draws add nothing. It ends with its own digest, so that one that is damaged is refused before anything is judged by it; and
//! what judging costs is bounded, so that one that was made to be slow is refused as well.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::judge::evidence::EARLIER;
use super::judge::order::once;
use super::judge::{Applied, Blended, Part, Place};
use super::phase::LONGEST;
use super::{AlphaDraws, Audit};
use crate::probe::hex;
use crate::reference::Patch;

/// What the format is called; another form has another number.
const FORMAT: &str = "cutmix-evidence/2";
/// The longest text that is read, in bytes: some million draws.
pub const STATE_MOST: u64 = 1 << 27;
/// Alphas that are kept at most, and sizes of images of each.
const ALPHAS_MOST: usize = 16;
const SIZES_MOST: usize = 16;
/// Pixels of the sides of all images together: what judging takes grows with the square of a side.
const SIDES_MOST: u64 = 1 << 14;
/// Alphas that may be asked for.
const ALPHAS: [f64; 2] = [1e-3, 1e6];
/// Characters of a name, and codes that are kept at most.
const NAME_MOST: usize = 4096;
/// Probabilities that a sample is its own partner, among which a pairing does not tell.
const OWN_MOST: usize = 16;
const CODES_MOST: usize = 256;
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
    /// The digest of the same text with nothing here.
    sha256: String,
}

impl State {
    /// The same with its digest.
    fn sealed(mut self) -> Self {
        self.sha256.clear();
        // Keys are texts and numbers finite.
        self.sha256 = hex(&Sha256::digest(serde_json::to_vec(&self).unwrap_or_default()));
        self
    }

    /// Reads a text, if it is one that was written and no more than an audit can have.
    fn read(text: &str) -> Result<Self, String> {
        if text.len() as u64 > STATE_MOST {
            return Err(format!("more bytes than {STATE_MOST}, expected {FORMAT}"));
        }
        let state: Self = serde_json::from_str(text).map_err(|error| format!("{error}, expected {FORMAT}"))?;
        if state.format != FORMAT {
            return Err(format!("format {:?}, expected {FORMAT}", state.format.chars().take(40).collect::<String>()));
        }
        let found = state.sha256.clone();
        let state = state.sealed();
        if state.sha256 != found {
            return Err("a digest of another text, expected evidence as an audit left it".into());
        }
        state.bounded().map(|()| state)
    }

    /// Whether no number of it is beyond what an audit can have.
    fn bounded(&self) -> Result<(), String> {
        let sizes = self.alphas.iter().flat_map(|alpha| alpha.parts.iter().map(|part| part.size));
        let sides: u64 = sizes.flatten().map(u64::from).sum();
        let parts = self.alphas.iter().map(|alpha| alpha.parts.len()).max().unwrap_or(0);
        let names =
            self.codes.iter().chain([&self.name, &self.version, &self.method]).map(String::len).max().unwrap_or(0);
        let bounds = [
            ("alphas", self.alphas.len() as u64, ALPHAS_MOST as u64),
            ("sizes", parts as u64, SIZES_MOST as u64),
            ("sides of all images", sides, SIDES_MOST),
            ("codes", self.codes.len() as u64, CODES_MOST as u64),
            ("the longest name", names as u64, NAME_MOST as u64),
        ];
        if let Some((what, found, most)) = bounds.iter().find(|(_, found, most)| found > most) {
            return Err(format!("{what}: {found}, expected {most} at most"));
        }
        let mut alphas = self.alphas.iter().filter_map(|kept| kept.alpha);
        if let Some(alpha) = alphas.find(|alpha| !(ALPHAS[0]..=ALPHAS[1]).contains(alpha)) {
            return Err(format!("alpha {alpha}, expected 0.001 to 1000000"));
        }
        for alpha in &self.alphas {
            alpha.parts.iter().try_for_each(KeptPart::check)?;
            if alpha.weights.iter().any(|weight| !(0.0..=1.0).contains(weight)) {
                return Err("weights: a number outside 0 to 1, expected weights of blends".into());
            }
        }
        Ok(())
    }
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
            sha256: String::new(),
        };
        let state = state.sealed();
        let mut text = serde_json::to_string(&state).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Whether a text is evidence of an earlier audit, of whatever implementation: sooner known than by [`recall`](Self::recall),
    /// before anything is read.
    ///
    /// # Errors
    /// What was found and what was expected, if it is not, or if judging it would take too long.
    pub fn check_state(text: &str) -> Result<(), String> {
        State::read(text).map(|_| ())
    }

    /// Adds the evidence of an earlier audit to what was read since. Says what was done with it, in one sentence.
    ///
    /// # Errors
    /// What was found and what was expected, if it is no such evidence.
    pub fn recall(&mut self, text: &str) -> Result<String, String> {
        let state = State::read(text)?;
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
                let part = kept.part(EARLIER + number as u32);
                let parts = &mut known.boxes.parts;
                match parts.iter_mut().find(|later| later.size == part.size) {
                    Some(later) => *later = part.followed_by(later),
                    None => parts.push(part),
                }
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

impl KeptPart {
    /// Whether it can be the draws of one size of images.
    fn check(&self) -> Result<(), String> {
        let [width, height] = self.size;
        if self.size.iter().any(|side| !(1..=LONGEST).contains(side)) {
            return Err(format!("size {width}x{height}, expected 1 to {LONGEST}"));
        }
        let inside = |b: &[u32; 4]| b[0] < b[2] && b[2] <= width && b[1] < b[3] && b[3] <= height;
        if let Some(patch) = self.boxes.iter().find(|patch| !inside(patch)) {
            return Err(format!("box {patch:?}, expected one inside {width}x{height}"));
        }
        for Applied { own, trials } in &self.applied {
            let rising = trials.windows(2).all(|pair| pair[0].0 <= pair[1].0 && pair[0].1 <= pair[1].1);
            let own = own.iter().all(|own| (0.0..=1.0).contains(own)) && !own.is_empty() && own.len() <= OWN_MOST;
            if !rising || !own {
                return Err("applied: numbers that fall, expected counts".into());
            }
        }
        Ok(())
    }

    /// As draws of a trace of this number.
    fn part(self, trace: u32) -> Part {
        let places =
            (0..self.boxes.len() as u32).map(|call| Place { trace, phase: u32::MAX, call, sample: 0 }).collect();
        let known = vec![None; self.boxes.len()];
        let boxes = self.boxes.into_iter().map(Patch::of).collect();
        Part { size: self.size, boxes, places, known, applied: self.applied }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Options;
    use crate::play::{draws_of, variant};

    /// Evidence of some draws of a right implementation.
    fn kept(change: impl FnOnce(&mut State)) -> String {
        let (boxes, trials) = draws_of(variant("official").unwrap(), 1.0, [40, 24], 60, 1).unwrap();
        let part = KeptPart {
            size: [40, 24],
            boxes: boxes.iter().map(Patch::edges).collect(),
            applied: vec![Applied::of(vec![0.0], trials)],
        };
        let mut state = State {
            format: FORMAT.into(),
            name: String::new(),
            version: String::new(),
            method: "cutmix".into(),
            codes: Vec::new(),
            alphas: vec![KeptAlpha { alpha: Some(1.0), parts: vec![part], weights: Vec::new() }],
            sha256: String::new(),
        };
        change(&mut state);
        serde_json::to_string(&state.sealed()).unwrap()
    }

    /// What an audit holds after it was given a text.
    fn held(text: &str) -> (u64, Result<String, String>) {
        let mut audit = Audit::new(Options { alphas: vec![1.0], ..Options::default() });
        let recalled = audit.recall(text);
        (audit.law_draws(Some(1.0)), recalled)
    }

    /// One byte is another, one is left out, or the rest is cut off: nothing of it is taken over, so nothing of it is judged.
    #[test]
    fn a_damaged_state_is_refused_and_leaves_nothing() {
        let whole = kept(|_| ());
        assert_eq!(held(&whole).0, 60);
        let mut refused = 0;
        for at in 0..whole.len() {
            let (before, after) = whole.split_at(at);
            let other = if after.starts_with('7') { "1" } else { "7" };
            for text in
                [format!("{before}{other}{}", &after[1..]), format!("{before}{}", &after[1..]), before.to_owned()]
            {
                let (draws, recalled) = held(&text);
                assert!(draws == 0 && recalled.is_err_and(|error| error.contains("expected")), "{text}");
                refused += 1;
            }
        }
        println!("{refused} damaged texts");
        assert_eq!(refused, 3 * whole.len());
    }

    /// Each has its right digest, and would take long to be judged.
    #[test]
    fn a_state_that_would_take_long_is_refused() {
        fn first(state: &mut State) -> &mut KeptPart {
            &mut state.alphas[0].parts[0]
        }
        fn again<T>(list: &mut Vec<T>, number: usize, make: impl Fn(usize) -> T) {
            list.clear();
            list.extend((0..number).map(make));
        }
        let part = |n: usize| KeptPart { size: [1000, n as u32 + 1], boxes: Vec::new(), applied: Vec::new() };
        let alpha = |n: usize| KeptAlpha { alpha: Some(n as f64 + 1.0), parts: vec![part(n)], weights: Vec::new() };
        let texts = [
            kept(|state| first(state).size = [1025, 24]),
            kept(|state| again(&mut state.alphas, 17, alpha)),
            kept(|state| again(&mut state.alphas[0].parts, 17, part)),
            kept(|state| {
                again(&mut state.alphas, 2, alpha);
                state.alphas.iter_mut().for_each(|alpha| again(&mut alpha.parts, 16, part));
            }),
            kept(|state| state.alphas[0].alpha = Some(1e300)),
            kept(|state| again(&mut state.codes, 257, |n| n.to_string())),
            kept(|state| state.name = "n".repeat(5000)),
            kept(|state| first(state).boxes[3] = [0, 0, 41, 1]),
            kept(|state| first(state).applied[0].own = vec![0.5; 100]),
            kept(|state| state.alphas[0].weights = vec![2.0]),
        ];
        for (number, text) in texts.iter().enumerate() {
            let (draws, recalled) = held(text);
            let error = recalled.expect_err("refused");
            assert!(draws == 0 && error.contains("expected"), "{number}: {error}");
            assert!(!error.contains("digest"), "{number}: {error}");
        }
        let long = format!("more bytes than 134217728, expected {FORMAT}");
        assert_eq!(held(&" ".repeat(STATE_MOST as usize + 1)), (0, Err(long)));
    }
}
