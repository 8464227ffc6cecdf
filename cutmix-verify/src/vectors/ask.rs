//! A case put to a Rust implementation: its input read, the method called, the answer written as the protocol has it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Value, json};

use super::subject::{
    Answer, CutMixUnderTest, Dtype, LabelCase, Layout, Patch, Picture, PlanCase, PlanDrawn, Refusal, Rule, Shape,
};
use super::value::{Fields, Malformed, as_word, float, hex, number, word};

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

/// A rule by its name in the vectors.
#[must_use]
pub(super) fn rule_named(name: &str) -> Option<Rule> {
    [Rule::Paper, Rule::Official, Rule::FullExtent].into_iter().find(|&rule| rule_name(rule) == name)
}

/// The name of a rule in the vectors.
#[must_use]
pub(crate) const fn rule_name(rule: Rule) -> &'static str {
    match rule {
        Rule::Paper => "paper",
        Rule::Official => "official",
        Rule::FullExtent => "full-extent",
    }
}

enum Stop {
    Malformed(Malformed),
    Refusal(Refusal),
}

impl From<Malformed> for Stop {
    fn from(error: Malformed) -> Self {
        Self::Malformed(error)
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

fn rule(fields: Fields<'_>) -> Result<Rule, Malformed> {
    rule_named(fields.text("rule")?).ok_or_else(|| "field rule: paper, official or full-extent is expected".into())
}

fn dtype(fields: Fields<'_>) -> Result<Dtype, Malformed> {
    let name = fields.text("dtype")?;
    Dtype::ALL.into_iter().find(|dtype| dtype.name() == name).ok_or_else(|| "field dtype: u8, u16 or f32".into())
}

fn size(fields: Fields<'_>) -> Result<(u32, u32), Malformed> {
    Ok((fields.u32("width")?, fields.u32("height")?))
}

fn patch(fields: Fields<'_>) -> Result<Patch, Malformed> {
    let [x0, y0, x1, y1] = fields.edges()?;
    Ok(Patch { x0, y0, x1, y1 })
}

fn shape(fields: Fields<'_>) -> Result<Shape, Malformed> {
    let layout = match fields.text("layout")? {
        "nhwc" => Layout::Nhwc,
        "nchw" => Layout::Nchw,
        _ => return Err("field layout: nhwc or nchw is expected".into()),
    };
    let ((width, height), channels) = (size(fields)?, fields.u32("channels")?);
    Ok(Shape { dtype: dtype(fields)?, layout, width, height, channels, row_pitch: fields.u32("row_pitch")? as usize })
}

fn picture(fields: Fields<'_>, name: &str) -> Result<Picture, Malformed> {
    Ok(Picture { shape: shape(fields)?, bytes: fields.bytes(name)? })
}

fn key(fields: Fields<'_>) -> Result<[u64; 3], Malformed> {
    Ok([fields.word("seed")?, fields.word("epoch")?, fields.word("index")?])
}

fn edges(patch: Patch) -> Value {
    json!({ "x0": patch.x0, "y0": patch.y0, "x1": patch.x1, "y1": patch.y1 })
}

fn row(row: &[f64]) -> Value {
    json!({ "row": row.iter().map(|&y| float(y)).collect::<Vec<_>>() })
}

fn row32(fields: Fields<'_>, name: &str) -> Result<Vec<f32>, Malformed> {
    fields.list(name, |value| number(value).map(|y| y as f32))
}

fn pixels(picture: &Picture) -> Value {
    json!({ "pixels": hex(&picture.bytes) })
}

/// How often each area, or each value up to a limit, was drawn.
fn counts(drawn: &[Patch], total: u64) -> Value {
    let mut counts = vec![0_u64; total as usize + 1];
    for patch in drawn {
        let area = u64::from(patch.x1.saturating_sub(patch.x0)) * u64::from(patch.y1.saturating_sub(patch.y0));
        counts[area.min(total) as usize] += 1;
    }
    json!({ "counts": counts })
}

fn plan_case(f: Fields<'_>) -> Result<PlanCase, Malformed> {
    let extent = f.text("extent")?;
    Ok(PlanCase {
        key: key(f)?,
        size: size(f)?,
        method: f.text("method")?.into(),
        switch: f.f64("switch")?,
        rule: rule(f)?,
        alpha: f.f64("alpha")?,
        probability: f.f64("probability")?,
        partners: f.word("partners")?,
        fixed: if extent == "fixed" { Some((f.u32("side_x")?, f.u32("side_y")?)) } else { None },
        min_max: if extent == "min-max" { Some((f.f64("least")?, f.f64("most")?)) } else { None },
        grid: f.u64("grid")?,
    })
}

fn drawn(plan: &PlanDrawn) -> Value {
    let mut out = edges(plan.patch);
    let more = json!({
        "method": plan.method, "applied": plan.applied, "partner": word(plan.partner), "lambda": float(plan.lambda),
        "kept": plan.kept.0, "total": plan.kept.1, "k0": plan.noise[0], "k1": plan.noise[1],
    });
    super::value::join(&mut out, more);
    out
}

#[allow(clippy::too_many_lines)] // One arm for each operation, in the order of the trait.
fn answer(subject: &dyn CutMixUnderTest, op: &str, input: &Value) -> Result<Value, Stop> {
    let f = Fields(input);
    let centre = || Ok::<_, Malformed>((f.f64("cx")?, f.f64("cy")?));
    let list = |values: Vec<u64>| json!({ "partners": values });
    Ok(match op {
        "box" => edges(subject.patch_box(rule(f)?, f.f64("lambda")?, centre()?, size(f)?)?),
        "fixed_box" => edges(subject.fixed_box(rule(f)?, (f.u32("side_x")?, f.u32("side_y")?), centre()?, size(f)?)?),
        "label" => row(&subject.label(&LabelCase {
            size: size(f)?,
            rule: rule(f)?,
            lambda: f.f64("lambda")?,
            centre: centre()?,
            patch: patch(f)?,
            classes: [f.u32("a")?, f.u32("b")?],
            number: f.u32("classes")?,
            smoothing: f.f64("smoothing")?,
        })?),
        "label_rows" => {
            row(&subject.label_rows(&row32(f, "row_a")?, &row32(f, "row_b")?, f.u64("kept")?, f.u64("total")?)?)
        }
        "cutmix" | "mixup" | "mixup_exact" => {
            let (mut base, donor) = (picture(f, "pixels_a")?, picture(f, "pixels_b")?);
            match op {
                "cutmix" => subject.cutmix(&mut base, &donor, patch(f)?)?,
                "mixup" => subject.mixup(&mut base, &donor, f.f64("lambda")?)?,
                _ => subject.mixup_exact(&mut base, &donor, f.u64("q")?)?,
            }
            pixels(&base)
        }
        "cutmix_batch" => {
            let shape = shape(f)?;
            let all = f.bytes("images")?;
            let count = f.u32("count")? as usize;
            let each = all.len() / count.max(1);
            let mut images: Vec<Picture> =
                all.chunks(each.max(1)).map(|bytes| Picture { shape, bytes: bytes.to_vec() }).collect();
            let partners = f.list("partners", |value| value.as_u64()?.try_into().ok())?;
            let boxes = f.list("boxes", |value| {
                let edges: Vec<u32> =
                    value.as_array()?.iter().map(|edge| edge.as_u64()?.try_into().ok()).collect::<Option<_>>()?;
                let [x0, y0, x1, y1] = edges.try_into().ok()?;
                Some(Patch { x0, y0, x1, y1 })
            })?;
            subject.cutmix_batch(&mut images, &partners, &boxes)?;
            json!({ "images": images.iter().map(|image| hex(&image.bytes)).collect::<String>() })
        }
        "pairing" => list(subject.pairing(f.text("pairing")?, f.u32("count")?)?),
        "mixup_weight" => json!({ "q": subject.mixup_weight(dtype(f)?, f.f64("lambda")?)? }),
        "cutout" | "cutout_noise" => {
            let mut image = picture(f, "pixels_a")?;
            if op == "cutout" {
                subject.cutout(&mut image, patch(f)?, &f.bytes("fill")?)?;
            } else {
                let range = [f.f64("lo")? as f32, f.f64("hi")? as f32];
                subject.cutout_noise(&mut image, patch(f)?, [f.u32("k0")?, f.u32("k1")?], range)?;
            }
            pixels(&image)
        }
        "cutout_label" => row(&subject.cutout_label(size(f)?, patch(f)?, f.u32("a")?, f.u32("classes")?)?),
        "draw_boxes" => {
            let (w, h) = size(f)?;
            let drawn = subject.draw_boxes(rule(f)?, (w, h), f.f64("alpha")?, f.u32("draws")?)?;
            counts(&drawn, u64::from(w) * u64::from(h))
        }
        "draw_beta" => {
            let drawn = subject.draw_beta(f.f64("a")?, f.f64("b")?, f.u32("draws")?)?;
            let at = f.list("at", number)?;
            json!({ "counts": at.iter().map(|&x| drawn.iter().filter(|&&y| y <= x).count()).collect::<Vec<_>>() })
        }
        "stream_words" => {
            let words: [u64; 4] =
                f.list("words", as_word)?.try_into().map_err(|_| "field words: four of them".to_owned())?;
            json!({ "outputs": subject.stream_words(f.text("domain")?, words, f.u32("count")? as usize)? })
        }
        "stream_below" => {
            let values = subject.stream_below(key(f)?, f.word("bound")?, f.u32("count")? as usize)?;
            json!({ "outputs": values.into_iter().map(word).collect::<Vec<_>>() })
        }
        "stream_beta" => json!({ "lambda": float(subject.stream_beta(key(f)?, f.f64("a")?, f.f64("b")?)?) }),
        "stream_plan" => drawn(&subject.stream_plan(&plan_case(f)?)?),
        "stream_pairing" => list(subject.stream_pairing(key(f)?, f.text("pairing")?, f.u32("count")?)?),
        "stream_noise" => {
            let ([k0, k1], word) = subject.stream_noise(key(f)?, f.word("j")?)?;
            json!({ "k0": k0, "k1": k1, "word": word })
        }
        _ => return Err(Refusal::Unsupported.into()),
    })
}

/// Puts a case to an implementation. A panic is a reply like any other, and a wrong one.
pub(super) fn ask(subject: &dyn CutMixUnderTest, op: &str, input: &Value) -> Reply {
    match catch_unwind(AssertUnwindSafe(|| answer(subject, op, input))) {
        Ok(Ok(output)) => Reply::Output(output),
        Ok(Err(Stop::Refusal(Refusal::Refused(reason)))) => Reply::Refused(reason),
        Ok(Err(Stop::Refusal(Refusal::Unsupported))) => Reply::Unsupported,
        Ok(Err(Stop::Malformed(error))) => Reply::Broken(error),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            Reply::Broken(format!("panicked: {}", text.unwrap_or("without words")))
        }
    }
}

/// Unused answers are a mistake of the caller.
pub(super) fn output(subject: &dyn CutMixUnderTest, op: &str, input: &Value) -> Answer<Value> {
    match ask(subject, op, input) {
        Reply::Output(output) => Ok(output),
        Reply::Refused(reason) => Err(Refusal::Refused(reason)),
        Reply::Unsupported => Err(Refusal::Unsupported),
        Reply::Broken(error) => unreachable!("{op} {input}: {error}"),
    }
}
