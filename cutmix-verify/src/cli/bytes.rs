//! What the tool reads from strangers, as functions of bytes: the same decoding, planning and writing as the commands,
//! without files. For the fuzzers; hidden from the documentation, and free to change.

use std::io::Cursor;

use cutmix_core::{Level, SampleKey, SamplePlan, Size};
use image::ImageReader;

use super::CliError;
use super::picture::Pair;
use super::plan_file::Plan;
use super::{files, mix};

/// What `mix` writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mixed {
    /// The result, a PNG.
    pub png: Vec<u8>,
    /// The mask M, a PNG.
    pub mask: Vec<u8>,
}

/// What `mix` is asked for, beside its two images.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The kernels.
    pub level: Level,
    /// Scale the second image to the size of the first.
    pub resize: bool,
    /// What Cutout fills with.
    pub fill: &'a str,
    /// Bytes that the decoder of one image may take.
    pub max_alloc: u64,
}

/// `mix` of two encoded images by the plan that `plan` gives for their size.
///
/// # Errors
/// The line that the tool would print.
pub fn mix([a, b]: [&[u8]; 2], options: Options<'_>, plan: impl FnOnce(Size) -> SamplePlan) -> Result<Mixed, String> {
    let run = || {
        let image = |bytes| files::decode(ImageReader::new(Cursor::new(bytes)), options.max_alloc);
        let pair = Pair::of((&"A", image(a)?), (&"B", image(b)?), options.resize)?;
        let sample = plan(pair.size);
        let plan = Plan { key: SampleKey::default(), size: pair.size, sample, fill: options.fill.into() };
        let png = mix::apply(options.level, &pair, &plan)?.to_png(pair.size, pair.color)?;
        Ok(Mixed { png, mask: mix::mask_png(&sample, pair.size)? })
    };
    run().map_err(|error: CliError| error.to_string())
}

/// Reads a plan as `--replay` does and writes it as `--json` does.
///
/// # Errors
/// The line that the tool would print.
pub fn rewrite_plan(text: &str) -> Result<String, String> {
    Plan::parse(text).map(|plan| plan.to_json()).map_err(|error| error.to_string())
}
