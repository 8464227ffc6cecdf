//! Reports: one model, and the forms it is shown in. The same model gives the same bytes.
//!
//! ```
//! use cutmix_verify::audit::{Audit, Options};
//! use cutmix_verify::report::{Verdict, html, json, junit, markdown, text};
//!
//! // Of an audit that has read nothing.
//! let report = Audit::new(Options::default()).report();
//! assert_eq!((report.verdict, report.exit_code()), (Verdict::Inconclusive, 3));
//! for form in [text, markdown, json, junit, html] {
//!     assert!(form(&report).contains("INCONCLUSIVE"));
//! }
//! ```

mod html;
mod json;
mod junit;
mod law;
mod markdown;
mod model;
#[doc(hidden)]
mod model_law;
mod model_sample;
mod text;
mod verdict;
pub(crate) mod words;

pub use crate::profile::matching::Match;
pub use html::html;
pub use json::{SCHEMA, json};
pub use junit::junit;
pub use markdown::markdown;
pub use model::{Bitmap, Check, Convention, Coverage, Example, Finding, Input, Report, Shown, Status};
pub use model_law::LawRun;
pub(crate) use model_law::SURE;
pub use model_sample::Point;
pub(crate) use model_sample::{Contrast, Habit, Paired, Promise, Subject};
// Parts of a `LawRun`, for those who take one apart.
#[doc(hidden)]
pub use model_law::{
    Accepted, Against, Alike, AlphaInterval, Curve, Departure, Deviant, Deviation, Extents, Facts, Identified, LawTest,
    Reason, RightLaw, Sort, Tested, Wrong,
};
pub use text::{plain, text};
pub use verdict::Verdict;
