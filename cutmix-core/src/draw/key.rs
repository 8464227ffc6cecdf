//! Keys: which sample or batch of which epoch of which run. A key is hashed into the state and the increment of one
//! [`Pcg32`]; raw stream numbers are never used as streams, since neighbouring PCG increments correlate.

use rand_core::Rng;
use rand_pcg::Pcg32;

/// Names what is drawn for one sample: all values that depend on the sample alone.
///
/// All 192 bits matter. The same key gives the same values in whatever process, worker, board or re-run.
///
/// ```
/// # use cutmix_core::{draw::uniform, SampleKey};
/// let key = SampleKey { seed: 7, epoch: 0, index: 41 };
/// assert_eq!(uniform::unit(&mut key.rng()), uniform::unit(&mut key.rng()));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SampleKey {
    /// The user's seed of the run.
    pub seed: u64,
    /// The pass over the data.
    pub epoch: u64,
    /// The sample's index in the data set, not in the batch.
    pub index: u64,
}

/// Names what is drawn for one batch: its pairing, and the values its samples share.
///
/// ```
/// # use cutmix_core::{draw::uniform, BatchKey};
/// let key = BatchKey { seed: 7, epoch: 0, batch: 3 };
/// assert_ne!(uniform::unit(&mut key.rng()), uniform::unit(&mut key.pairing_rng()));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct BatchKey {
    /// The user's seed of the run.
    pub seed: u64,
    /// The pass over the data.
    pub epoch: u64,
    /// The batch's number in the epoch.
    pub batch: u64,
}

/// The two words that select the noise of one sample. Drawn from the sample's key in a domain of their own, so noise
/// and geometry are independent. The noise itself is a hash of these words and the element's index in the whole image.
///
/// ```
/// # use cutmix_core::SampleKey;
/// let key = SampleKey { seed: 7, epoch: 0, index: 41 };
/// assert_eq!(key.noise(), key.noise());
/// assert_ne!(key.noise(), SampleKey { index: 42, ..key }.noise());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct NoiseKey {
    /// The words, in the order drawn.
    pub words: [u32; 2],
}

// The domain words hold the contract's version, so that version 2 shares no stream with version 1.
const SAMPLE: u64 = u64::from_be_bytes(*b"CM1.smpl");
const NOISE: u64 = u64::from_be_bytes(*b"CM1.nois");
const PAIRING: u64 = u64::from_be_bytes(*b"CM1.pair");
const BATCH: u64 = u64::from_be_bytes(*b"CM1.btch");
const GROUP: u64 = u64::from_be_bytes(*b"CM1.grup");

impl SampleKey {
    /// The stream of the sample's values.
    ///
    /// Costs ten 64-bit hash steps.
    ///
    /// ```
    /// # use cutmix_core::{draw::uniform, SampleKey};
    /// let key = SampleKey { seed: 7, epoch: 0, index: 41 };
    /// let first = uniform::unit(&mut key.rng());
    /// assert_eq!(uniform::unit(&mut key.rng()), first); // each call starts afresh
    /// assert_ne!(uniform::unit(&mut SampleKey { epoch: 1, ..key }.rng()), first);
    /// ```
    #[must_use]
    pub fn rng(self) -> Pcg32 {
        stream(SAMPLE, [self.seed, self.epoch, self.index, 0])
    }

    /// The words that select the sample's noise.
    ///
    /// Costs as much as [`SampleKey::rng`].
    ///
    /// ```
    /// # use cutmix_core::{PlanConfig, SampleKey, SamplePlan, Size};
    /// // A plan carries the words: whoever has the plan alone fills with the same noise.
    /// let key = SampleKey { seed: 7, epoch: 0, index: 41 };
    /// let plan = SamplePlan::draw(key, &PlanConfig::cutout(Size::new(32, 32)?));
    /// assert_eq!(plan.noise, key.noise());
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub fn noise(self) -> NoiseKey {
        let mut rng = stream(NOISE, [self.seed, self.epoch, self.index, 0]);
        NoiseKey { words: [rng.next_u32(), rng.next_u32()] }
    }
}

impl BatchKey {
    /// The stream of the pairing.
    ///
    /// Costs as much as [`SampleKey::rng`].
    ///
    /// ```
    /// # use cutmix_core::plan::{BatchConfig, BatchPlan, PlanSlot, Samples};
    /// # use cutmix_core::{draw::uniform, BatchKey, Size};
    /// let (key, samples) = (BatchKey { seed: 7, epoch: 0, batch: 3 }, Samples::Range { first: 24, len: 8 });
    /// let (config, mut memory) = (BatchConfig::kaggle(Size::new(32, 32)?, 1.0)?, [PlanSlot::EMPTY; 8]);
    /// let plan = BatchPlan::draw(key, &config, samples, &mut memory)?;
    /// // With replacement the stream is one integer for each sample.
    /// let mut rng = key.pairing_rng();
    /// assert!(plan.iter().all(|sample| sample.partner == uniform::below(&mut rng, 8)));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub fn pairing_rng(self) -> Pcg32 {
        stream(PAIRING, [self.seed, self.epoch, self.batch, 0])
    }

    /// The stream of the values that the whole batch shares.
    ///
    /// Costs as much as [`SampleKey::rng`].
    ///
    /// ```
    /// # use cutmix_core::plan::{BatchConfig, BatchPlan, Pairing, PlanSlot, Samples, Scope};
    /// # use cutmix_core::{draw::uniform, BatchKey, PlanConfig, Size};
    /// let key = BatchKey { seed: 7, epoch: 0, batch: 3 };
    /// let plan = PlanConfig::cutmix(Size::new(32, 32)?).with_probability(0.5)?;
    /// let config = BatchConfig { plan, scope: Scope::Batch, pairing: Pairing::Roll };
    /// let mut memory = [PlanSlot::EMPTY; 8];
    /// let plan = BatchPlan::draw(key, &config, Samples::Range { first: 24, len: 8 }, &mut memory)?;
    /// // Its first number decides for the batch whether it is mixed at all.
    /// let applied = uniform::unit(&mut key.rng()) < 0.5;
    /// assert!(plan.iter().all(|sample| sample.applied == applied));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub fn rng(self) -> Pcg32 {
        stream(BATCH, [self.seed, self.epoch, self.batch, 0])
    }

    /// The stream of the values that one pair shares; `pair` is the smaller of its two positions in the batch.
    ///
    /// ```
    /// # use cutmix_core::{draw::uniform, BatchKey};
    /// let key = BatchKey { seed: 7, epoch: 0, batch: 3 };
    /// assert_ne!(uniform::unit(&mut key.pair_rng(0)), uniform::unit(&mut key.pair_rng(1)));
    /// ```
    #[must_use]
    pub fn pair_rng(self, pair: u64) -> Pcg32 {
        stream(GROUP, [self.seed, self.epoch, self.batch, pair])
    }
}

/// Two independent 64-bit hashes of a domain and of words: the first becomes the initial state, the second the stream.
#[derive(Clone, Copy)]
struct Hashes {
    state: u64,
    increment: u64,
}

impl Hashes {
    fn new(domain: u64) -> Self {
        // The fractions of sqrt(2) and sqrt(3) keep the two lanes apart.
        Self { state: mix(domain ^ 0x6a09_e667_f3bc_c908), increment: mix(domain ^ 0xbb67_ae85_84ca_a73b) }
    }

    fn absorb(self, words: [u64; 2]) -> Self {
        words.iter().fold(self, |hashes, &word| Self {
            state: absorb(hashes.state, word),
            increment: absorb(hashes.increment, word),
        })
    }

    fn rng(self) -> Pcg32 {
        Pcg32::new(self.state, self.increment)
    }
}

fn stream(domain: u64, [first, second, third, fourth]: [u64; 4]) -> Pcg32 {
    Hashes::new(domain).absorb([first, second]).absorb([third, fourth]).rng()
}

/// The keys of one epoch's samples: what they share is hashed once.
#[derive(Clone, Copy)]
pub(crate) struct EpochKeys(Hashes);

impl EpochKeys {
    pub(crate) fn new(seed: u64, epoch: u64) -> Self {
        Self(Hashes::new(SAMPLE).absorb([seed, epoch]))
    }

    /// [`SampleKey::rng`] of that index.
    pub(crate) fn rng(self, index: u64) -> Pcg32 {
        self.0.absorb([index, 0]).rng()
    }
}

fn absorb(hash: u64, word: u64) -> u64 {
    mix((hash ^ word).wrapping_add(0x9e37_79b9_7f4a_7c15))
}

/// The finaliser of `SplitMix64` (Stafford's variant 13 of the `MurmurHash3` finaliser).
fn mix(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pcg_gives_the_published_values() {
        // pcg32-demo of the PCG C library by Melissa O'Neill: seed 42, stream 54.
        let mut rng = Pcg32::new(42, 54);
        let published = [0xa15c_02b7, 0x7b47_f409, 0xba1d_3330, 0x83d2_f293, 0xbfa4_784b, 0xcbed_606e];
        assert_eq!(published.map(|_| rng.next_u32()), published);
        let mut rng = Pcg32::new(42, 54);
        assert_eq!(rng.next_u64(), 0x7b47_f409_a15c_02b7, "64 bits are two words, the low one first");
    }

    #[test]
    fn every_bit_of_a_key_matters() {
        let base = SampleKey { seed: 3, epoch: 5, index: 7 };
        let first = base.rng().next_u64();
        for bit in 0..64 {
            for key in [
                SampleKey { seed: 3 ^ (1 << bit), ..base },
                SampleKey { epoch: 5 ^ (1 << bit), ..base },
                SampleKey { index: 7 ^ (1 << bit), ..base },
            ] {
                assert_ne!(key.rng().next_u64(), first, "{key:?}");
                assert_ne!(key.noise(), base.noise(), "{key:?}");
            }
        }
        let swapped = SampleKey { seed: 5, epoch: 3, index: 7 };
        assert_ne!(swapped.rng().next_u64(), first, "the order of the words matters");
    }

    #[test]
    fn the_keys_of_an_epoch_are_those_of_its_samples() {
        let epoch = EpochKeys::new(3, 5);
        for index in [0, 1, 7, u64::MAX] {
            assert_eq!(epoch.rng(index), SampleKey { seed: 3, epoch: 5, index }.rng());
        }
    }

    #[test]
    fn domains_share_no_stream() {
        let sample = SampleKey { seed: 1, epoch: 2, index: 3 };
        let batch = BatchKey { seed: 1, epoch: 2, batch: 3 };
        let firsts = [
            sample.rng().next_u64(),
            batch.rng().next_u64(),
            batch.pairing_rng().next_u64(),
            batch.pair_rng(0).next_u64(),
            u64::from(sample.noise().words[1]) << 32 | u64::from(sample.noise().words[0]),
        ];
        for (i, a) in firsts.iter().enumerate() {
            assert!(firsts.iter().skip(i + 1).all(|b| a != b), "{firsts:x?}");
        }
    }
}
