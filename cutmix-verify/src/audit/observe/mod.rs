//! What one call shows: draws of boxes and weights, and what is wrong with pixels, masks, reports and labels.

pub(in crate::audit) mod extents;
pub(in crate::audit) mod label_checks;
mod label_rules;
mod labels;
pub(in crate::audit) mod pixels;
pub(in crate::audit) mod sharing;
pub(in crate::audit) mod show;
