//! Labels of a probe: classes that are neither the image's index nor the same in the next call, so that `one_hot(k)` in
//! place of `one_hot(label[k])`, or the labels of an earlier batch, cannot pass.

use super::key::splitmix64;
use super::spec::Phase;

/// The labels of a call.
///
/// ```
/// use cutmix_verify::probe::CallLabels;
///
/// let hard = CallLabels { ids: vec![7, 3, 7], second: None };
/// assert_eq!(hard.row(1), [(3, 1.0)]);
/// let soft = CallLabels { ids: vec![7, 3], second: Some(vec![1, 2]) };
/// assert_eq!(soft.row(1), [(3, 0.75), (2, 0.25)]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallLabels {
    /// The class of each image.
    pub ids: Vec<u32>,
    /// The second class of soft rows, with a quarter of the weight.
    pub second: Option<Vec<u32>>,
}

/// Weight of an image's own class in a soft row; exact in every type.
const OWN: f32 = 0.75;

impl CallLabels {
    /// The row of image `i`: class and weight of what is not 0. Two images of one class add up.
    #[must_use]
    pub fn row(&self, i: usize) -> Vec<(u32, f32)> {
        let id = self.ids[i];
        match self.second.as_ref().map(|second| second[i]) {
            Some(other) => vec![(id, OWN), (other, 1.0 - OWN)],
            None => vec![(id, 1.0)],
        }
    }

    /// The rows of all images.
    pub(super) fn rows(&self) -> Vec<Vec<(u32, f32)>> {
        (0..self.ids.len()).map(|i| self.row(i)).collect()
    }
}

/// The labels of call `call`: a keyed choice of different classes. Every eighth call has two images of one class, and
/// two of eight have soft rows.
///
/// ```
/// use cutmix_verify::probe::{Phase, label_of};
///
/// let phase = Phase::structure();
/// assert_ne!(label_of(&phase, 0).ids, label_of(&phase, 1).ids);
/// assert!(label_of(&phase, 3).second.is_some(), "soft rows");
/// ```
#[must_use]
pub fn label_of(phase: &Phase, call: u32) -> CallLabels {
    let (batch, classes) = (phase.batch as usize, u64::from(phase.classes));
    let key = splitmix64(phase.key ^ 0x0c1a_55e5 << 24 ^ u64::from(call));
    let mut drawn = 0;
    let mut taken = Vec::with_capacity(2 * batch);
    let mut draw = |index: usize, taken: &mut Vec<u32>| {
        // There are more classes than twice the images, so this ends.
        loop {
            drawn += 1;
            let class = (splitmix64(key.wrapping_add(drawn)) % classes) as u32;
            if class as usize != index && !taken.contains(&class) {
                taken.push(class);
                return class;
            }
        }
    };
    let mut ids: Vec<u32> = (0..batch).map(|i| draw(i, &mut taken)).collect();
    let second = (call % 8 == 3 || call % 8 == 6).then(|| (0..batch).map(|i| draw(i, &mut taken)).collect());
    if call % 8 == 5 && batch > 1 {
        let (a, b) = (call as usize / 8 % batch, (call as usize / 8 + 1) % batch);
        ids[a] = ids[b];
    }
    CallLabels { ids, second }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_not_indices_differ_between_calls_and_come_in_every_form() {
        let phase = Phase::structure();
        let calls: Vec<CallLabels> = (0..phase.calls).map(|call| label_of(&phase, call)).collect();
        assert_eq!(calls.iter().filter(|call| call.second.is_some()).count(), 16);
        let shared = |call: &CallLabels| call.ids.iter().enumerate().any(|(i, id)| call.ids[..i].contains(id));
        assert_eq!(calls.iter().filter(|call| shared(call)).count(), 8);
        for (t, call) in calls.iter().enumerate() {
            let same = call.ids.iter().enumerate().filter(|&(i, &id)| i as u32 == id).count();
            assert!(same <= usize::from(shared(call)), "call {t}: {:?}", call.ids);
            assert!(call.ids.iter().all(|&id| id < phase.classes));
            assert!(t == 0 || call.ids != calls[t - 1].ids);
            for i in 0..8 {
                assert_eq!(call.row(i).iter().map(|&(_, w)| w).sum::<f32>(), 1.0);
            }
        }
        let all = calls.iter().flat_map(|call| &call.ids);
        assert!({ all }.any(|&id| id % 2 == 1 && id > 2048));
        let least = Phase { classes: 17, ..phase };
        assert_eq!(label_of(&least, 3).ids.len(), 8, "the fewest classes allowed are enough");
    }
}
