//! What is found: the codes' meaning, and the ledger in which findings are counted.

mod catalogue;
mod catalogue_batches;
mod catalogue_laws;
mod causes;
mod checks;
mod entry;
mod ledger;

pub use checks::{CHECKS, all_entries, entry};
pub use entry::Entry;
pub(super) use ledger::{Ledger, group};
