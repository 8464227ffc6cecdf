//! Plans of strangers through the tool's reader: taken exactly where every field is what it claims, checked here in other
//! words; and a plan that was taken is written back with the same meaning, once and for all.
//!
//! Input that begins with a zero byte is no text, but what a text is made of: flipped bits seldom give honest plans.

use arbitrary::Arbitrary;
use cutmix_verify::cli::bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Outcome;
use crate::numbers::{Real, is_fraction};

/// The fields of a plan, all and no others.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    format: String,
    seed: u64,
    epoch: u64,
    index: u64,
    width: u32,
    height: u32,
    method: String,
    applied: bool,
    lambda: f64,
    lambda_bits: String,
    #[serde(rename = "box")]
    patch: [u32; 4],
    kept: u64,
    total: u64,
    noise: [u32; 2],
    fill: String,
}

impl Fields {
    /// The bits of lambda, if they are 16 digits.
    fn bits(&self) -> Option<u64> {
        let digits = self.lambda_bits.as_bytes();
        let digit = |byte: &u8| char::from(*byte).to_digit(16).map(u64::from);
        (digits.len() == 16).then(|| digits.iter().try_fold(0, |bits, byte| Some(bits << 4 | digit(byte)?)))?
    }

    fn is_empty(&self) -> bool {
        let [x0, y0, x1, y1] = self.patch;
        x0 == x1 || y0 == y1
    }

    /// Whether the plan is one that the core could have drawn or that was made with the same care.
    fn is_honest(&self) -> bool {
        let [x0, y0, x1, y1] = self.patch;
        let lambda = self.bits().map(f64::from_bits).filter(|&lambda| lambda == self.lambda);
        let lambda = lambda.is_some_and(is_fraction);
        let inside = x0 <= x1 && y0 <= y1 && (self.is_empty() || (x1 <= self.width && y1 <= self.height));
        let total = u128::from(self.width) * u128::from(self.height);
        let ratio = self.total > 0 && self.kept <= self.total;
        if self.format != "cutmix-plan/1" || !lambda || total == 0 || !inside || !ratio {
            return false;
        }
        let area = if self.is_empty() { 0 } else { u128::from(x1 - x0) * u128::from(y1 - y0) };
        let of_box = u128::from(self.kept) * total == u128::from(self.total) * (total - area);
        match self.method.as_str() {
            "cutmix" | "cutout" if self.applied => of_box,
            "mixup" if self.applied => self.is_empty(),
            "cutmix" | "cutout" | "mixup" => self.is_empty() && self.kept == self.total,
            _ => false,
        }
    }

    /// What is written back: the same, but one way to say that a box is empty and to write bits.
    fn written(&self) -> Value {
        let bits = self.bits().unwrap_or_default();
        json!({
            "format": self.format, "seed": self.seed, "epoch": self.epoch, "index": self.index,
            "width": self.width, "height": self.height, "method": self.method, "applied": self.applied,
            "lambda": f64::from_bits(bits), "lambda_bits": format!("{bits:016x}"),
            "box": if self.is_empty() { [0; 4] } else { self.patch },
            "kept": self.kept, "total": self.total, "noise": self.noise, "fill": self.fill,
        })
    }
}

/// How the bits of lambda are written.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Digits {
    Lower,
    Upper,
    Signed,
    Trimmed,
    Others(u64),
}

/// A plan that is honest, or nearly so.
#[derive(Arbitrary, Debug)]
struct Forged<'a> {
    key: [u64; 3],
    sides: [u8; 2],
    method: u8,
    applied: bool,
    lambda: Real,
    digits: Digits,
    corners: [u8; 4],
    /// The ratio in multiples of what the box has, and by how much it is wrong.
    multiple: u8,
    wrong: i8,
    noise: [u32; 2],
    fill: &'a str,
}

impl Forged<'_> {
    fn text(&self) -> String {
        let [width, height] = self.sides.map(|side| u32::from(side) % 9);
        let [x0, y0, x1, y1] = self.corners.map(|edge| u32::from(edge) % 10);
        let area = u64::from(x1.saturating_sub(x0)) * u64::from(y1.saturating_sub(y0));
        let (total, times) = (u64::from(width * height), u64::from(self.multiple) + 1);
        let kept = total.saturating_sub(area).saturating_mul(times).saturating_add_signed(i64::from(self.wrong / 64));
        let lambda = self.lambda.value();
        let bits = lambda.to_bits();
        let digits = match self.digits {
            Digits::Lower => format!("{bits:016x}"),
            Digits::Upper => format!("{bits:016X}"),
            Digits::Signed => format!("+{bits:015x}"),
            Digits::Trimmed => format!("{bits:x}"),
            Digits::Others(bits) => format!("{bits:016x}"),
        };
        let [seed, epoch, index] = self.key;
        let method = ["cutmix", "mixup", "cutout", "CutMix"][usize::from(self.method) % 4];
        let record = json!({
            "format": "cutmix-plan/1", "seed": seed, "epoch": epoch, "index": index,
            "width": width, "height": height, "method": method, "applied": self.applied,
            "lambda": lambda, "lambda_bits": digits, "box": [x0, y0, x1, y1],
            "kept": kept, "total": total * times, "noise": self.noise, "fill": self.fill,
        });
        record.to_string()
    }
}

pub(crate) fn check(data: &[u8]) -> Outcome {
    if let Some((0, forged)) = data.split_first() {
        let Some(forged) = crate::read::<Forged<'_>>(forged) else { return Outcome::Malformed };
        return check_text(&forged.text());
    }
    std::str::from_utf8(data).map_or(Outcome::Malformed, check_text)
}

fn check_text(text: &str) -> Outcome {
    let result = bytes::rewrite_plan(text);
    let fields = serde_json::from_str::<Fields>(text).ok().filter(Fields::is_honest);
    match (result, fields) {
        (Ok(written), Some(fields)) => {
            assert_eq!(serde_json::from_str::<Value>(&written).ok(), Some(fields.written()), "{fields:?}");
            assert_eq!(bytes::rewrite_plan(&written), Ok(written), "written a second time");
            Outcome::Verified
        }
        (Err(_), None) => Outcome::Refused,
        (Ok(written), None) => panic!("a plan that lies was taken: {text:?} as {written}"),
        (Err(error), Some(fields)) => panic!("an honest plan was refused: {error}: {fields:?}"),
    }
}
