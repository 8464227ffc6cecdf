//! Questions: the operations with what each is given, as the files and the protocol have it and as types. The answer to one is
//! what the method of a Rust implementation gives.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::{Value, json};

use super::value::{Hex, Malformed, Real, Real32, Word64, join, read, reals};
use crate::reference::{Extent, Method, Methods};
use crate::subject::{
    Answer, Configuration, CutMixUnderTest, Dtype, ImageShape, LabelCase, Patch, Picture, Refusal, Rule,
};

/// What came back for a case.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reply {
    /// An answer.
    Output(Value),
    /// The input was refused, with a reason. Untrusted text.
    Refused(String),
    /// There is no such function.
    Unsupported,
    /// No answer: a panic, a crash, a line that cannot be read. Untrusted text.
    Broken(String),
}

/// Fields that belong together: an input is made of several of these.
macro_rules! parts {
    ($($name:ident { $($(#[$meta:meta])* $field:ident: $type:ty),* $(,)? })*) => {$(
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub(crate) struct $name {
            $($(#[$meta])* pub(crate) $field: $type),*
        }
    )*};
}

parts! {
    Placed { rule: Rule, cx: Real, cy: Real, width: u32, height: u32 }
    GivenLambda { lambda: Real }
    Sides { side_x: u32, side_y: u32 }
    Fractions { least: Real, most: Real }
    TwoClasses { a: u32, b: u32, classes: u32, smoothing: Real }
    Rows { row_a: Vec<Real32>, row_b: Vec<Real32>, kept: u64, total: u64 }
    Base { pixels_a: Hex }
    BothImages { pixels_a: Hex, pixels_b: Hex }
    GivenBatch { count: u32, partners: Vec<u32>, boxes: Vec<[u32; 4]>, images: Hex }
    Paired { pairing: String, count: u32 }
    ExactWeight { q: u64 }
    Typed { #[serde(deserialize_with = "crate::subject::mixed")] dtype: Dtype }
    Filling { fill: Hex }
    GivenNoise { k0: u32, k1: u32, lo: Real32, hi: Real32 }
    OneClass { width: u32, height: u32, a: u32, classes: u32 }
    BoxDraws { width: u32, height: u32, rule: Rule, alpha: Real, draws: u32 }
    BetaDraws { a: Real, b: Real, draws: u32, at: Vec<Real> }
    Outputs { domain: String, words: [Word64; 4], count: usize }
    Key { seed: Word64, epoch: Word64, index: Word64 }
    Below { bound: Word64, count: usize }
    Beta { a: Real, b: Real }
    At { j: Word64 }
    Config {
        width: u32, height: u32, method: Choice, switch: Real, rule: Rule, alpha: Real, probability: Real, partners: Word64,
        grid: u32,
    }
}

/// The method of a plan, or which of two by a draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Choice {
    Cutmix,
    Mixup,
    Cutout,
    Switch,
}

/// The sides of a plan's box.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "extent", rename_all = "kebab-case")]
pub(crate) enum BoxExtents {
    Law,
    Fixed(Sides),
    MinMax(Fractions),
}

impl<'de> Deserialize<'de> for BoxExtents {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let input = Value::deserialize(from)?;
        let extents = match input.get("extent").and_then(Value::as_str) {
            Some("fixed") => read(&input).map(Self::Fixed),
            Some("min-max") => read(&input).map(Self::MinMax),
            Some(_) => Ok(Self::Law),
            None => Err(Malformed("no field extent".into())),
        };
        extents.map_err(de::Error::custom)
    }
}

macro_rules! questions {
    ($($op:literal $name:ident { $($part:ident: $type:ty),* })*) => {
        /// An operation and its input, which is written as the files have it.
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[serde(untagged)]
        pub(crate) enum Question {
            $($name { $(#[serde(flatten)] $part: $type),* },)*
        }

        /// All operations.
        pub const OPS: [&str; 21] = [$($op),*];

        impl Question {
            /// The question of an operation's input, or nothing where there is no such operation.
            pub(super) fn read(op: &str, input: &Value) -> Result<Option<Self>, Malformed> {
                Ok(match op {
                    $($op => Some(Self::$name { $($part: read(input)?),* }),)*
                    _ => None,
                })
            }

            /// The name of the operation.
            pub(crate) const fn op(&self) -> &'static str {
                match self {
                    $(Self::$name { .. } => $op,)*
                }
            }
        }
    };
}

questions! {
    "box" Box { of: Placed, lambda: GivenLambda }
    "fixed_box" FixedBox { of: Placed, sides: Sides }
    "label" Label { of: Placed, lambda: GivenLambda, patch: Patch, classes: TwoClasses }
    "label_rows" LabelRows { rows: Rows }
    "cutmix" Cutmix { shape: ImageShape, patch: Patch, pair: BothImages }
    "cutmix_batch" CutmixBatch { shape: ImageShape, batch: GivenBatch }
    "pairing" Pairing { of: Paired }
    "mixup" Mixup { shape: ImageShape, pair: BothImages, lambda: GivenLambda }
    "mixup_exact" MixupExact { shape: ImageShape, pair: BothImages, weight: ExactWeight }
    "mixup_weight" MixupWeight { of: Typed, lambda: GivenLambda }
    "cutout" Cutout { shape: ImageShape, patch: Patch, base: Base, fill: Filling }
    "cutout_noise" CutoutNoise { shape: ImageShape, patch: Patch, base: Base, noise: GivenNoise }
    "cutout_label" CutoutLabel { patch: Patch, of: OneClass }
    "draw_boxes" DrawBoxes { of: BoxDraws }
    "draw_beta" DrawBeta { of: BetaDraws }
    "stream_words" StreamWords { of: Outputs }
    "stream_below" StreamBelow { key: Key, of: Below }
    "stream_beta" StreamBeta { key: Key, of: Beta }
    "stream_plan" StreamPlan { key: Key, of: Config, extents: BoxExtents }
    "stream_pairing" StreamPairing { key: Key, of: Paired }
    "stream_noise" StreamNoise { key: Key, at: At }
}

impl Key {
    const fn words(&self) -> [u64; 3] {
        [self.seed.0, self.epoch.0, self.index.0]
    }
}

impl Config {
    fn configuration(&self, extents: &BoxExtents) -> Configuration {
        Configuration {
            size: [self.width, self.height],
            methods: match self.method {
                Choice::Cutmix => Methods::Only(Method::Cutmix),
                Choice::Mixup => Methods::Only(Method::Mixup),
                Choice::Cutout => Methods::Only(Method::Cutout),
                Choice::Switch => Methods::Switch(self.switch.0),
            },
            alphas: [self.alpha.0; 2],
            rule: self.rule,
            extent: match extents {
                BoxExtents::Law => Extent::Law,
                BoxExtents::Fixed(sides) => Extent::Fixed([sides.side_x, sides.side_y]),
                BoxExtents::MinMax(of) => Extent::MinMax(of.least.0, of.most.0),
            },
            probability: self.probability.0,
            partners: self.partners.0,
            grid: self.grid,
        }
    }
}

/// How often each area was drawn.
fn areas(drawn: &[Patch], total: u64) -> Vec<u64> {
    let mut counts = vec![0; total as usize + 1];
    for patch in drawn {
        counts[patch.area().min(total) as usize] += 1;
    }
    counts
}

/// The images of a batch, one after the other.
fn images(shape: ImageShape, batch: &GivenBatch) -> Vec<Picture> {
    let each = batch.images.0.len() / (batch.count as usize).max(1);
    batch.images.0.chunks(each.max(1)).map(|bytes| Picture { shape, bytes: bytes.to_vec() }).collect()
}

fn row(row: &[f64]) -> Value {
    json!({ "row": reals(row) })
}

/// Changes a copy of the base.
fn changed(shape: ImageShape, bytes: &Hex, change: impl FnOnce(&mut Picture) -> Answer<()>) -> Answer<Value> {
    let mut image = Picture { shape, bytes: bytes.0.clone() };
    change(&mut image)?;
    Ok(json!({ "pixels": Hex(image.bytes) }))
}

/// The answer of an implementation.
#[allow(clippy::too_many_lines)] // One arm for each operation, in the order of the trait.
pub(super) fn answer(subject: &dyn CutMixUnderTest, question: &Question) -> Answer<Value> {
    let centre = |of: &Placed| (of.cx.0, of.cy.0);
    let donor = |shape: ImageShape, pair: &BothImages| Picture { shape, bytes: pair.pixels_b.0.clone() };
    Ok(match question {
        Question::Box { of, lambda } => {
            json!(subject.patch_box(of.rule, lambda.lambda.0, centre(of), (of.width, of.height))?)
        }
        Question::FixedBox { of, sides } => {
            json!(subject.fixed_box(of.rule, (sides.side_x, sides.side_y), centre(of), (of.width, of.height))?)
        }
        Question::Label { of, lambda, patch, classes } => row(&subject.label(&LabelCase {
            size: (of.width, of.height),
            rule: of.rule,
            lambda: lambda.lambda.0,
            centre: centre(of),
            patch: *patch,
            classes: [classes.a, classes.b],
            number: classes.classes,
            smoothing: classes.smoothing.0,
        })?),
        Question::LabelRows { rows } => {
            let [a, b] = [&rows.row_a, &rows.row_b].map(|row| row.iter().map(|y| y.0).collect::<Vec<_>>());
            row(&subject.label_rows(&a, &b, rows.kept, rows.total)?)
        }
        Question::Cutmix { shape, patch, pair } => {
            changed(*shape, &pair.pixels_a, |base| subject.cutmix(base, &donor(*shape, pair), *patch))?
        }
        Question::CutmixBatch { shape, batch } => {
            let mut images = images(*shape, batch);
            let boxes: Vec<Patch> = batch.boxes.iter().copied().map(Patch::of).collect();
            subject.cutmix_batch(&mut images, &batch.partners, &boxes)?;
            json!({ "images": Hex(images.into_iter().flat_map(|image| image.bytes).collect()) })
        }
        Question::Pairing { of } => json!({ "partners": subject.pairing(&of.pairing, of.count)? }),
        Question::Mixup { shape, pair, lambda } => {
            changed(*shape, &pair.pixels_a, |base| subject.mixup(base, &donor(*shape, pair), lambda.lambda.0))?
        }
        Question::MixupExact { shape, pair, weight } => {
            changed(*shape, &pair.pixels_a, |base| subject.mixup_exact(base, &donor(*shape, pair), weight.q))?
        }
        Question::MixupWeight { of, lambda } => json!({ "q": subject.mixup_weight(of.dtype, lambda.lambda.0)? }),
        Question::Cutout { shape, patch, base, fill } => {
            changed(*shape, &base.pixels_a, |image| subject.cutout(image, *patch, &fill.fill.0))?
        }
        Question::CutoutNoise { shape, patch, base, noise } => changed(*shape, &base.pixels_a, |image| {
            subject.cutout_noise(image, *patch, [noise.k0, noise.k1], [noise.lo.0, noise.hi.0])
        })?,
        Question::CutoutLabel { patch, of } => {
            row(&subject.cutout_label((of.width, of.height), *patch, of.a, of.classes)?)
        }
        Question::DrawBoxes { of } => {
            let drawn = subject.draw_boxes(of.rule, (of.width, of.height), of.alpha.0, of.draws)?;
            json!({ "counts": areas(&drawn, u64::from(of.width) * u64::from(of.height)) })
        }
        Question::DrawBeta { of } => {
            let drawn = subject.draw_beta(of.a.0, of.b.0, of.draws)?;
            let up_to = |x: &Real| drawn.iter().filter(|&&y| y <= x.0).count();
            json!({ "counts": of.at.iter().map(up_to).collect::<Vec<_>>() })
        }
        Question::StreamWords { of } => {
            json!({ "outputs": subject.stream_words(&of.domain, of.words.map(|word| word.0), of.count)? })
        }
        Question::StreamBelow { key, of } => {
            let drawn = subject.stream_below(key.words(), of.bound.0, of.count)?;
            json!({ "outputs": drawn.into_iter().map(Word64).collect::<Vec<_>>() })
        }
        Question::StreamBeta { key, of } => {
            json!({ "lambda": Real(subject.stream_beta(key.words(), of.a.0, of.b.0)?) })
        }
        Question::StreamPlan { key, of, extents } => {
            let plan = subject.stream_plan(key.words(), &of.configuration(extents))?;
            let mut out = json!(plan.patch);
            let more = json!({
                "method": plan.method, "applied": plan.applied, "partner": Word64(plan.partner), "lambda": Real(plan.lambda),
                "kept": plan.kept[0], "total": plan.kept[1], "k0": plan.noise[0], "k1": plan.noise[1],
            });
            join(&mut out, more);
            out
        }
        Question::StreamPairing { key, of } => {
            json!({ "partners": subject.stream_pairing(key.words(), &of.pairing, of.count)? })
        }
        Question::StreamNoise { key, at } => {
            let ([k0, k1], word) = subject.stream_noise(key.words(), at.j.0)?;
            json!({ "k0": k0, "k1": k1, "word": word })
        }
    })
}

/// Puts a case to an implementation. A panic is a reply like any other, and a wrong one.
pub(super) fn ask(subject: &dyn CutMixUnderTest, op: &str, input: &Value) -> Reply {
    let question = match Question::read(op, input) {
        Ok(Some(question)) => question,
        Ok(None) => return Reply::Unsupported,
        Err(Malformed(error)) => return Reply::Broken(error),
    };
    match catch_unwind(AssertUnwindSafe(|| answer(subject, &question))) {
        Ok(Ok(output)) => Reply::Output(output),
        Ok(Err(Refusal::Refused(reason))) => Reply::Refused(reason),
        Ok(Err(Refusal::Unsupported)) => Reply::Unsupported,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            Reply::Broken(format!("panicked: {}", text.unwrap_or("without words")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_malformed_is_named_with_what_is_expected() {
        let pair =
            r#""layout": "nhwc", "width": 1, "height": 1, "channels": 1, "row_pitch": 1, "pixels_a": "00", "pixels_b""#;
        let plan = r#""seed": "0x0", "epoch": "0x0", "index": "0x0", "width": 1, "height": 1, "method": "cutmix",
            "switch": 0, "rule": "paper", "alpha": 1, "probability": 1, "partners": "0x1", "grid": 32768, "extent": "fixed""#;
        for (op, input, expected) in [
            ("box", "7".to_owned(), "no field rule"),
            ("box", r#"{"rule": "other"}"#.into(), "field rule: unknown variant `other`, expected one of `paper`"),
            ("mixup_weight", r#"{"dtype": "f16"}"#.into(), "field dtype: u8, u16 or f32"),
            (
                "mixup_weight",
                r#"{"dtype": "u8", "lambda": "x"}"#.into(),
                "field lambda: a number, or {\"bits\": \"0x...\"}",
            ),
            ("stream_noise", r#"{"seed": 1}"#.into(), "field seed: 0x and hexadecimal digits is expected"),
            ("cutmix", format!("{{\"dtype\": \"u8\", {pair}: \"0\"}}"), "no field x0"),
            (
                "mixup",
                format!("{{\"dtype\": \"u8\", {pair}: \"0\"}}"),
                "field pixels_b: hexadecimal digits is expected",
            ),
            ("stream_plan", format!("{{{plan}}}"), "no field side_x"),
            (
                "stream_plan",
                format!("{{{plan}, \"side_x\": \"1\"}}"),
                "field side_x: invalid type: string \"1\", expected u32",
            ),
        ] {
            let input = serde_json::from_str(&input).unwrap();
            let error = Question::read(op, &input).unwrap_err().0;
            assert!(error.starts_with(expected), "{op}: {error}");
        }
        assert_eq!(Question::read("warp", &Value::Null), Ok(None));
    }
}
