//! What single samples show beside what they should, and conventions.

use crate::decode::{Blend, NEAR, Paste, Picture};
use crate::probe::Method;
use crate::profile::{Label, Sharing, Throw};
use crate::reference::Patch;
use crate::report::model_fact::Statistic;
use crate::report::model_law::Wrong;
use crate::report::model_sample::{Contrast, Habit, Paired, Promise, Subject};
use crate::report::{Convention, Point};

/// What a picture that is none of this should be.
const ONE_BOX: &str = "one box of one partner, the same place, all planes";
const PARTNER: &str = "pixels of a partner";
/// Planes that an example lists, so that a report stays readable.
const PLANES_SHOWN: usize = 8;
const CLASSES_SHOWN: usize = 6;

impl Contrast<'_> {
    /// What should be there, and what is.
    pub(in crate::report) fn words(self) -> [String; 2] {
        let (expected, actual): (&str, String) = match self {
            Self::Shape(misshapen) => return [format!("{:?}", misshapen.expected), misshapen.to_string()],
            Self::ImageType(found, given) => (given.name(), found.name().into()),
            Self::MaskType(scalar) => ("u1", scalar.name()),
            Self::LabelType(scalar) => ("a float type", scalar.name()),
            Self::Picture(picture, i, method) => return of_picture(picture, i, method),
            Self::Near(n, worst, first) => {
                ("equal bits", format!("{n} values differ, by {worst:.4} of a level at most; first at {first}"))
            }
            Self::Special(fault) => {
                let (special, place) = (fault.special.value(), fault.place);
                return match fault.found {
                    None => ["a number".into(), format!("{special} at {place}")],
                    Some(value) => [special.to_string(), format!("{value} at {place}")],
                };
            }
            Self::Digits(turn, n, (y, x)) => {
                let digit = match turn {
                    1 => "row",
                    2 => "column",
                    _ => "high bits of row and column",
                };
                let expected = format!("the {digit} of every value's own place");
                return [expected, format!("{n} values of others; first at row {y}, column {x}")];
            }
            Self::Dark(levels) => ("rounding to nearest", format!("{levels:.3} levels too dark on average")),
            Self::InputBytes(n) => ("the input as it was", format!("{n} bytes of the input differ after the call")),
            Self::LabelsPassedIn => ("the label as it was", "another label after the call".into()),
            Self::Refused(said) => ("a result in the form of the calls before", said.into()),
            Self::Unrepeated => ("the same pixels from the same seed", "others".into()),
            Self::Mask(paste, picture) => {
                let name = |Paste { donor, patch, .. }| match donor {
                    None => format!("{patch} of nobody"),
                    Some(donor) => format!("{patch} of image {donor}"),
                };
                let actual = match (picture.paste(), picture) {
                    (Some(cut), _) => return [name(paste), name(cut)],
                    (_, Picture::Blended(blend)) => format!("a blend with weight {:.4}", blend.weight),
                    _ => "values of no mask".into(),
                };
                ("class numbers of two masks", actual)
            }
            Self::Outside(edges, [width, height]) => return [format!("within {width} x {height}"), reported(edges)],
            Self::Misreported(edges, patch) => return [patch.to_string(), reported(edges)],
            Self::Partner(reported, donor) => return [donor.to_string(), reported.to_string()],
            Self::Lambda(lambda, patch) => {
                let actual = format!("lambda {lambda}, a box of {} x {}", patch.width(), patch.height());
                ("sides W sqrt(1 - lambda) and H sqrt(1 - lambda), but for clipping", actual)
            }
            Self::Label(row, promise) => return [promise.words(), label(row)],
            Self::Fraction(class) => ("a class", format!("class {class}")),
            // Adding zero takes the sign of a zero away.
            Self::Sum(sum) => ("a sum of 1", (sum + 0.0).to_string()),
            Self::Untouched(weight) => ("weight 1", (weight + 0.0).to_string()),
            // Adding zero takes the sign of a zero away.
            Self::Weight(weight, kept) => return [format!("weight {kept}"), (weight + 0.0).to_string()],
            Self::NeverChanged(i) => ("changed as often as the others", format!("image {i} of the batch never is")),
            Self::SameAsRound => {
                let actual = "the same of every sample in the first calls";
                ("other boxes or partners than a round before", actual.into())
            }
            Self::SameAsCall => ("other boxes or partners than in call 0", "the same of every sample".into()),
            Self::NeverApplied(samples) => ("some samples changed", format!("none of {samples}")),
            Self::AppliedAtZero(touched) => ("no sample changed at probability 0", format!("{touched} changed")),
            Self::Aspect(patch, [width, height]) => {
                let expected = format!("sides in the ratio {width} : {height}, but for rounding and clipping");
                return [expected, format!("{} x {}", patch.width(), patch.height())];
            }
            Self::Side(side, patch) => {
                let expected = format!("a square of {side} pixels a side, but for clipping");
                return [expected, format!("{} x {}", patch.width(), patch.height())];
            }
            Self::EdgesNever(never, boxes) => {
                let names = ["left", "right", "upper", "lower"].into_iter().zip(never);
                let edges: Vec<&str> = names.filter_map(|(name, never)| never.then_some(name)).collect();
                return [format!("some of {boxes} boxes at the {} edge", edges.join(" and the ")), "none".into()];
            }
            Self::Changes(before, [then, now]) => {
                return [format!("as in phase {before}: {}", said(then)), said(now)];
            }
            Self::Shared(promised, now) => return [shared(Some(promised)).into(), said(now)],
            Self::Paired(promised, now) => return [promised.name().into(), said(now)],
            Self::Thrown(promised, now) => (throw(promised), throw(now).into()),
            Self::Law(alpha, wrong, statistic) => return of_law(alpha, wrong, statistic),
        };
        [expected.into(), actual]
    }
}

/// What the draws of an alpha should be, and what they are.
fn of_law(alpha: Option<f64>, wrong: &Wrong, statistic: Option<&Statistic>) -> [String; 2] {
    let alpha = alpha.map_or("any alpha".into(), |alpha| format!("alpha {alpha}"));
    let expected = match (wrong, statistic) {
        (Wrong::Impossible(.., shape), _) => format!("boxes that {} makes at {alpha}", shape.name),
        (Wrong::Rate(..), _) => "changed as often as promised".into(),
        (Wrong::Repeated(_), _) => "draws that were not made before".into(),
        (Wrong::Partners(_), _) => "every partner equally often".into(),
        (_, None) => format!("an accepted rule and {alpha}"),
        (_, Some(statistic)) => {
            let [expected, actual] = statistic.contrast(&alpha);
            return [expected, format!("{actual}: {wrong}")];
        }
    };
    [expected, wrong.to_string()]
}

/// What should have been done to sample `i`, and what was.
fn of_picture(picture: &Picture, i: usize, method: Method) -> [String; 2] {
    let (expected, actual): (&str, String) = match picture {
        Picture::Pasted { .. } if method == Method::Mixup => ("a blend", String::new()),
        Picture::Pasted { .. } => ("a fill", String::new()),
        Picture::Ragged { pixels, bounds, hole, .. } => {
            ("a filled rectangle", format!("{pixels} of {} pixels of the rectangle; not {hole}", bounds.area()))
        }
        Picture::Several { donors, .. } => {
            let list: Vec<String> = donors.iter().map(|(i, n)| format!("{n} pixels of image {i}")).collect();
            return [format!("pixels of image {i} and one other"), list.join(", ")];
        }
        Picture::Aliased { donor, first, .. } => {
            let actual = format!("what image {donor} had become; first at {first}");
            return [format!("image {donor} as it was given"), actual];
        }
        Picture::Planes { planes } => {
            let plane = |(plane, (donor, patch)): (usize, &(Option<usize>, _))| match donor {
                Some(donor) => format!("plane {plane}: {patch} of image {donor}"),
                None => format!("plane {plane}: nothing"),
            };
            let list: Vec<String> = planes.iter().enumerate().take(PLANES_SHOWN).map(plane).collect();
            (ONE_BOX, list.join("; "))
        }
        Picture::Stale { ago, donor, .. } => ("an image of this call", format!("image {donor} of {ago} calls ago")),
        Picture::Displaced { donor, patch, transform, from: (y, x), .. } => {
            let expected = format!("from row {}, column {} of image {donor}", patch.y0, patch.x0);
            return [expected, format!("from row {y}, column {x}, {transform:?}")];
        }
        Picture::Filled { values, .. } => (PARTNER, format!("{values:?} in every pixel")),
        Picture::Noise { range: [least, most], .. } => (PARTNER, format!("values from {least} to {most} of no image")),
        Picture::Blended(Blend { donor, weight, .. }) => {
            let actual = format!("{weight:.4} of image {i} and {:.4} of image {donor}", 1.0 - weight);
            ("pixels of one of both", actual)
        }
        Picture::Feathered { range: [least, most], .. } => {
            ("one weight", format!("weights of the base from {least:.3} to {most:.3}"))
        }
        // Its values inside and outside of the box are told one by one.
        Picture::Near { inside, outside, worst, first, .. } => {
            return Contrast::Near(inside + outside, *worst, *first).words();
        }
        Picture::Hidden { patch } => (ONE_BOX, format!("{patch} that the probe does not show")),
        Picture::Unexplained { pixels, first, .. } => {
            (ONE_BOX, format!("{pixels} pixels that nothing explains; first at {first}"))
        }
    };
    [expected.into(), actual]
}

fn reported([x0, y0, x1, y1]: [f64; 4]) -> String {
    format!("x {x0} to {x1}, y {y0} to {y1}")
}

impl Promise<'_> {
    fn words(self) -> String {
        match self {
            Self::Numbers => "numbers".into(),
            Self::Alone(class) => format!("class {class} alone"),
            Self::Rows(base, other) => format!("classes and weights of {base:?} and {other:?}"),
            Self::Classes((i, base), (donor, other)) => {
                let partner = donor.map_or(String::new(), |donor| format!(" and of image {donor}"));
                let mut classes: Vec<u32> = base.iter().chain(other).map(|&(class, _)| class).collect();
                classes.sort_unstable();
                classes.dedup();
                let classes: Vec<String> = classes.iter().map(u32::to_string).collect();
                format!("classes of image {i}{partner}: {}", classes.join(", "))
            }
        }
    }
}

/// A label as it came out.
fn label(row: &[(f64, f64)]) -> String {
    let list: Vec<String> =
        row.iter().take(CLASSES_SHOWN).map(|(class, weight)| format!("class {class}: {}", weight + 0.0)).collect();
    match row.len() {
        0 => "no weight at all".into(),
        all if all > CLASSES_SHOWN => format!("{}, and {} more", list.join(", "), all - CLASSES_SHOWN),
        _ => list.join(", "),
    }
}

impl From<Habit> for Convention {
    fn from(habit: Habit) -> Self {
        let (name, value) = match habit {
            Habit::LabelRule(Label::Raw) => ("label rule", "the drawn lambda, as the adapter declares".into()),
            Habit::LabelRule(_) => ("label rule", "the kept fraction".into()),
            Habit::PassedIn(true) => ("images passed in", "changed, as declared".into()),
            Habit::PassedIn(false) => ("images passed in", "unchanged, though declared in_place".into()),
            Habit::Sharing(sharing) => ("sharing", shared(sharing).into()),
            Habit::Weights(sharing) => ("sharing", weights(sharing).into()),
            Habit::Dependent(common) => ("sharing", dependent(common)),
            Habit::Pairing(paired) => ("pairing", paired.words()),
            Habit::Throw(thrown) => ("probability thrown", throw(thrown).into()),
            Habit::OddExtents(odd) => ("odd extents away from borders", if odd { "yes" } else { "never" }.into()),
        };
        Self { name, value, phase: None }
    }
}

/// What was seen of a convention.
fn said(habit: Habit) -> String {
    Convention::from(habit).value
}

const fn throw(throw: Throw) -> &'static str {
    match throw {
        Throw::Batch => "once for all images of a batch",
        Throw::Sample => "for each image alone",
    }
}

const fn shared(sharing: Option<Sharing>) -> &'static str {
    match sharing {
        None => "not seen: never two changed samples in a call",
        Some(Sharing::Batch) => "one box a batch",
        Some(Sharing::Pair) => "one box a pair (i and B-1-i)",
        Some(Sharing::Partners) => "one box a pair (images that give to each other)",
        Some(Sharing::Sample) => "one box a sample",
        Some(Sharing::Lambda) => "one lambda a batch, a centre for each sample: a call counts as one draw",
        Some(Sharing::Centre) => "one centre a batch, a lambda for each sample: a call counts as one draw",
    }
}

const fn weights(sharing: Option<Sharing>) -> &'static str {
    match sharing {
        Some(Sharing::Batch | Sharing::Lambda) => "one weight a batch",
        Some(Sharing::Pair) => "one weight a pair (i and B-1-i)",
        Some(Sharing::Partners) => "one weight a pair (images that give to each other)",
        Some(Sharing::Sample | Sharing::Centre) => "one weight a sample",
        None => shared(None),
    }
}

/// That draws of one call depend on each other, and what their boxes have in common: a first corner, or a place.
pub(crate) fn dependent(common: [Option<bool>; 2]) -> String {
    let what = match common {
        [Some(true), _] => ": all boxes of a call have one first corner",
        [_, Some(true)] => ": all boxes of a call have one place relative to the room that they leave",
        _ => "",
    };
    format!(
        "a box a sample, but the draws of one call are not independent{what}; the law is judged by one of each call"
    )
}

impl Paired {
    fn words(self) -> String {
        let words = match self {
            Self::Nobody => "none: batches of one image",
            Self::Two => "each with the other; two images show no more",
            Self::Flip => "flip (i with B-1-i)",
            Self::Roll(places) => return format!("roll by {places} (B is image i-{places})"),
            Self::Fixed => "one fixed map",
            Self::Replacement => "with replacement",
            Self::Permutation(None) => "permutation; whether images stay their own partners is not seen",
            Self::Permutation(Some(true)) => "permutation, with fixed points",
            Self::Permutation(Some(false)) => "permutation without fixed points",
        };
        words.into()
    }
}

/// That a pipeline scales the values of a phase.
pub(crate) fn scaled(phase: &str) -> String {
    format!(
        "phase {phase}: values are scaled by the pipeline, so pixels are compared to {NEAR} of a level instead of bit by bit"
    )
}

/// That some samples of a phase cannot be judged by its probe.
pub(crate) fn hidden(phase: &str, samples: u64) -> String {
    format!(
        "phase {phase}: the probe does not show what was done to {samples} samples; one of kind scr with more values does"
    )
}

/// Which sample is shown, and why; of a large image only a part is.
pub(crate) fn caption(subject: Subject, phase: &str, call: u32, i: usize, part: Option<Patch>) -> String {
    let subject = match subject {
        Subject::Found(code) => code.to_string(),
        Subject::Ordinary => "an ordinary sample".into(),
        Subject::Label(Point { kept, weight }) => format!("label weight {weight:.6}, kept fraction {kept:.6}"),
    };
    let part = part.map_or(String::new(), |part| format!(", {part} of it"));
    format!("{subject}: phase {phase}, call {call}, sample {i}{part}")
}

/// Where pixels are from: base, partner, another image, and what is strange in this picture.
pub(crate) fn legend(i: usize, donor: Option<usize>, picture: &Picture) -> [String; 4] {
    let strange = match picture {
        Picture::Blended(_) | Picture::Feathered { .. } => "a blend of both",
        Picture::Filled { .. } | Picture::Noise { .. } => "filled",
        _ => "no image of the call",
    };
    let partner = donor.map_or(String::new(), |donor| format!("image {donor}, the partner"));
    [format!("image {i}, the base"), partner, "another image of the call".into(), strange.into()]
}
