//! What a signal that asks for an end does: nothing half-written is left, and what was started is ended.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use super::files;

/// Becomes true at the first signal, where there is something to be ended first.
static STOP: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// Looks out for signals, for as long as the tool runs.
pub(super) fn handle() {
    // Where no handler can be set, a child still ends with its stdin.
    let _ = ctrlc::set_handler(|| {
        // Twice: at once.
        if STOP.get().is_none_or(|stop| stop.swap(true, Ordering::Relaxed)) {
            files::abandon();
            eprintln!("cutmix-verify: interrupted");
            std::process::exit(2);
        }
    });
}

/// Becomes true when the user or the system wants an end: what was started must be ended with it.
pub(super) fn interrupts() -> Arc<AtomicBool> {
    Arc::clone(STOP.get_or_init(Arc::default))
}
