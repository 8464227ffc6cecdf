//! One round of an adapter: its probe is written, and its trace is waited for.

use std::io::{self, BufWriter};

use crate::adapter::{AdapterError, Round, Session};
use crate::probe::{Method, Phase, Spec, digest, write};

/// Asks for a round of these phases.
pub(super) fn ask(
    session: &mut Session,
    method: Method,
    alpha: Option<f64>,
    mut phases: Vec<Phase>,
) -> Result<(Spec, Round), AdapterError> {
    for phase in &mut phases {
        phase.sha256 = digest(phase);
    }
    let spec = Spec::new(method, phases);
    let round = session.round(alpha, |path| {
        let file = std::fs::File::create_new(path)?;
        // Read at once and deleted: not worth deflating.
        write(&spec, BufWriter::new(file), false, |_, _| {})?.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok(())
    })?;
    Ok((spec, round))
}
