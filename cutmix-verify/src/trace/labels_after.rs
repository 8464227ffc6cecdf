//! What became of the labels that were passed in.

use super::beside::Beside;
use crate::npz::NpzError;
use crate::probe::{Phase, label_of};

/// The labels that were passed in, as they are after the call.
pub(super) struct LabelsAfter {
    array: Beside,
    phase: Phase,
}

impl LabelsAfter {
    pub(super) fn new(array: Beside, phase: &Phase) -> Self {
        Self { array, phase: phase.clone() }
    }

    /// Which are others than those that were given to call `call`.
    pub(super) fn changed(&mut self, call: u32) -> Result<Vec<usize>, NpzError> {
        let (found, given) = (self.array.values()?, label_of(&self.phase, call));
        let each = found.len() / given.ids.len().max(1);
        let own = |i: usize, label: &[f64]| {
            // More than one value are a row: there are always some classes.
            if let [id] = label {
                return *id == f64::from(given.ids[i]);
            }
            let mut row = vec![0.0; each];
            given.row(i).iter().for_each(|&(class, weight)| row[class as usize] = f64::from(weight));
            label == row
        };
        Ok(found.chunks(each.max(1)).enumerate().filter(|(i, label)| !own(*i, label)).map(|(i, _)| i).collect())
    }
}
