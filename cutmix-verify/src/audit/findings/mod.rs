//! What is found: the codes' meaning, and the ledger in which findings are counted.

mod catalogue;
mod catalogue_laws;
mod ledger;

pub use catalogue::{CHECKS, Entry, all_entries, entry};
pub(super) use ledger::Ledger;
