//! Reports: one model, and the forms it is shown in. The same model gives the same bytes.

mod model;
mod text;

pub use model::{Check, Coverage, Example, Fact, Finding, Input, Picture, Point, Report, Shown, Status, Verdict};
pub use text::{plain, text};
