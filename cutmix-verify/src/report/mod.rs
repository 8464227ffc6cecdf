//! Reports: one model, and the forms it is shown in. The same model gives the same bytes.

mod chart;
mod html;
mod json;
mod junit;
mod markdown;
mod model;
mod text;

pub use html::html;
pub use json::{SCHEMA, json};
pub use junit::junit;
pub use markdown::markdown;
pub use model::{Check, Coverage, Example, Fact, Finding, Input, Picture, Point, Report, Shown, Status, Verdict};
pub use text::{plain, text};
