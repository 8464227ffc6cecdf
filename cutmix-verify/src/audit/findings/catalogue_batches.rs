//! What whole batches show: conventions that change, or are not those that were promised.

use super::entry::{Entry, entries};
use crate::profile::Code;

entries! { ENTRIES;
BatchingChanges "B01" "Who shares a draw, or is paired with whom, changes from phase to phase."
effect: "Batches of one length are mixed by another recipe than those of another length."
example: "a branch for the last, shorter batch; pairs where the length is even, a roll where it is odd"
hint: "Use one way to share and to pair for every batch."

SharingOther "B02" "Draws are shared by other images than promised."
effect: "A batch has more, or fewer, different boxes than the documentation says."
example: "lam = beta(alpha, alpha) outside of the loop over samples"
hint: "Draw for each batch, pair or sample as documented, or say --sharing as it is meant."

PairingOther "B02" "Images are paired in another way than promised."
effect: "An image meets other partners than the documentation says, or never meets some."
example: "images.roll(1) where a random permutation is documented"
hint: "Pair as documented, or say --pairing as it is meant."

ProbOther "B02" "The probability is thrown for each sample where it is promised for the batch, or the other way round."
effect: "Batches are mixed in part, or as a whole, where the documentation says otherwise."
example: "if random() < p inside the loop over samples"
hint: "Throw once where it is documented, or say --prob-by as it is meant."
}
