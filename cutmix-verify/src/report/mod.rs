//! Reports: one model, and the forms it is shown in. The same model gives the same bytes.

mod chart;
mod heat;
mod html;
mod html_law;
mod json;
mod junit;
mod law;
mod markdown;
mod model;
mod text;

pub use html::html;
pub use json::{SCHEMA, json};
pub use junit::junit;
pub use markdown::markdown;
pub use model::{
    Accepted, AlphaInterval, Check, Coverage, Curve, Deviation, Example, Extents, Fact, Finding, Identified, Input,
    LawRun, LawTest, Match, Picture, Point, Report, Shown, Status, Verdict,
};
pub use text::{plain, text};
