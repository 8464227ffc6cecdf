//! A plan written down as JSON: enough to replay it to the same bytes.

use std::path::Path;

use cutmix_core::{KeptRatio, Method, NoiseKey, PatchBox, SampleKey, SamplePlan, Size};
use serde::{Deserialize, Serialize};

use super::{CliError, fail};

const FORMAT: &str = "cutmix-plan/1";

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    format: String,
    seed: u64,
    epoch: u64,
    index: u64,
    width: u32,
    height: u32,
    method: String,
    applied: bool,
    /// For people; `lambda_bits` is what counts.
    lambda: f64,
    lambda_bits: String,
    /// Columns `x0..x1`, rows `y0..y1`: `[x0, y0, x1, y1]`.
    #[serde(rename = "box")]
    patch: [u32; 4],
    kept: u64,
    total: u64,
    noise: [u32; 2],
    fill: String,
}

/// A plan with what it was drawn for.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) key: SampleKey,
    pub(super) size: Size,
    pub(super) sample: SamplePlan,
    pub(super) fill: String,
}

impl Plan {
    pub(super) fn to_json(&self) -> String {
        let Self { key, size, sample, fill } = self;
        let patch = sample.patch;
        let record = Record {
            format: FORMAT.into(),
            seed: key.seed,
            epoch: key.epoch,
            index: key.index,
            width: size.width(),
            height: size.height(),
            method: sample.method.name().into(),
            applied: sample.applied,
            lambda: sample.lambda,
            lambda_bits: format!("{:016x}", sample.lambda.to_bits()),
            patch: [patch.x0(), patch.y0(), patch.x1(), patch.y1()],
            kept: sample.kept.kept(),
            total: sample.kept.total(),
            noise: sample.noise.words,
            fill: fill.clone(),
        };
        // A struct of numbers and strings always serialises.
        serde_json::to_string_pretty(&record).unwrap_or_default() + "\n"
    }

    pub(super) fn read(path: &Path) -> Result<Self, CliError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text).or_else(|error| fail(format!("{}: {}", path.display(), error.0))),
            Err(error) => fail(format!("{}: cannot be read: {error}", path.display())),
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, CliError> {
        let record: Record = serde_json::from_str(text).or_else(|error| fail(format!("not a plan: {error}")))?;
        if record.format != FORMAT {
            return fail(format!("format is {:?}, but {FORMAT:?} is expected", record.format));
        }
        let methods = [Method::CutMix, Method::Mixup, Method::Cutout];
        let Some(method) = methods.into_iter().find(|method| method.name() == record.method) else {
            return fail(format!("method is {:?}, but cutmix, mixup or cutout is expected", record.method));
        };
        // The standard library would take a sign and fewer digits too.
        let digits = Some(record.lambda_bits.as_str())
            .filter(|digits| digits.len() == 16 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let lambda = digits.and_then(|digits| u64::from_str_radix(digits, 16).ok()).map(f64::from_bits);
        let Some(lambda) = lambda.filter(|lambda| *lambda == record.lambda && (0.0..=1.0).contains(lambda)) else {
            return fail(format!(
                "lambda_bits is {:?}, but the 16 hexadecimal digits of lambda, a number in [0, 1], are expected",
                record.lambda_bits
            ));
        };
        let size = Size::new(record.width, record.height)?;
        let [x0, y0, x1, y1] = record.patch;
        let sample = SamplePlan {
            method,
            applied: record.applied,
            partner: 0,
            patch: PatchBox::new(x0, y0, x1, y1)?,
            lambda,
            kept: KeptRatio::new(record.kept, record.total)?,
            noise: NoiseKey { words: record.noise },
        };
        sample.check(size, 0)?;
        let key = SampleKey { seed: record.seed, epoch: record.epoch, index: record.index };
        Ok(Self { key, size, sample, fill: record.fill })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cutmix_core::PlanConfig;

    #[test]
    fn a_plan_survives_the_file() {
        let size = Size::new(40, 24).unwrap();
        for index in 0..50 {
            let key = SampleKey { seed: u64::MAX, epoch: 1 << 60, index };
            let sample = SamplePlan::draw(key, &PlanConfig::cutout(size).with_alpha(0.2).unwrap());
            let plan = Plan { key, size, sample, fill: "noise".into() };
            let back = Plan::parse(&plan.to_json()).unwrap();
            assert_eq!((back.sample, back.key, back.size, back.fill.as_str()), (sample, key, size, "noise"));
        }
    }

    #[test]
    fn lying_plans_are_refused() {
        let size = Size::new(40, 24).unwrap();
        let sample = SamplePlan::draw(SampleKey::default(), &PlanConfig::cutmix(size));
        let good = Plan { key: SampleKey::default(), size, sample, fill: "black".into() }.to_json();
        let kept = format!("\"kept\": {}", sample.kept.kept());
        let swaps = [
            ("cutmix-plan/1", "cutmix-plan/2"),
            ("\"cutmix\"", "\"cut\""),
            ("\"width\": 40", "\"width\": 4"),
            ("\"width\": 40", "\"width\": 0"),
            ("\"total\": 960", "\"total\": 0"),
            (kept.as_str(), "\"kept\": 1"),
            ("\"lambda_bits\": \"3", "\"lambda_bits\": \"7"),
            ("\"seed\"", "\"seeds\""),
        ];
        for (from, to) in swaps {
            assert!(good.contains(from), "{from}");
            assert!(Plan::parse(&good.replace(from, to)).is_err(), "{from} -> {to}");
        }
    }
}
