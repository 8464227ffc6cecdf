//! The rows of the breadth phase: in what each differs from the images that the audit shows anyway.

use crate::adapter::About;
use crate::probe::{Declares, Dtype, Kind, Method, Phase, Spec, Values, View};
use crate::report::words::tried::{BITS, EVEN_BATCH, OTHER_METHOD, sized as sized_words};

/// What can be said of a row's draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// Images large enough for a box to be seen.
    Plain,
    /// Images of a few pixels, at a small alpha: most boxes are nothing or everything, and places coincide.
    Small,
    /// Short batches, which another process may take if this one has seen others.
    Three,
    /// A short batch after full ones.
    Short,
}

/// What is asked for in a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Asked {
    Phases(Vec<Phase>),
    /// The rounds of the audit are of this form.
    ByTheAudit,
    /// Nothing, and why.
    Nothing(String),
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    /// As the report names it.
    pub(super) what: String,
    pub(super) sort: Sort,
    pub(super) asked: Asked,
}

/// The name of a row's phase, its title, its sort, and what it changes.
type Change = (&'static str, &'static str, Sort, fn(&mut Phase));

/// Images of a short batch.
const SHORT: u32 = 3;
/// Sides of square images whose special values lie in other places in every plane.
const SQUARE_NAN: u32 = 35;

fn sized(phase: &mut Phase, width: u32, height: u32) {
    (phase.width, phase.height) = (width, height);
}

const ROWS: &[Change] = &[
    ("type_u8", "type u8", Sort::Plain, |phase| phase.dtype = Dtype::U8),
    ("type_u16", "type u16", Sort::Plain, |phase| phase.dtype = Dtype::U16),
    ("type_i16", "type i16", Sort::Plain, |phase| phase.dtype = Dtype::I16),
    ("type_f16", "type f16", Sort::Plain, |phase| phase.dtype = Dtype::F16),
    ("type_bf16", "type bf16", Sort::Plain, |phase| phase.dtype = Dtype::Bf16),
    ("type_f32", "type f32", Sort::Plain, |phase| phase.dtype = Dtype::F32),
    ("type_f64", "type f64", Sort::Plain, |phase| phase.dtype = Dtype::F64),
    ("channels_1", "1 channel", Sort::Plain, |phase| phase.channels = 1),
    ("channels_3", "3 channels", Sort::Plain, |phase| phase.channels = 3),
    ("channels_4", "4 channels", Sort::Plain, |phase| phase.channels = 4),
    ("sides_odd", "odd sides", Sort::Plain, |phase| sized(phase, 39, 23)),
    ("sides_1x1", "few pixels", Sort::Small, |phase| sized(phase, 1, 1)),
    ("sides_3x2", "few pixels", Sort::Small, |phase| sized(phase, 3, 2)),
    ("sides_5x4", "few pixels", Sort::Small, |phase| sized(phase, 5, 4)),
    ("side_300", "a side above 256", Sort::Plain, |phase| sized(phase, 300, 20)),
    ("area_68640", "an area above 65536", Sort::Plain, |phase| sized(phase, 264, 260)),
    ("values_far", "values from -1000 to 3000", Sort::Plain, |phase| {
        phase.values = Values::Far;
        if phase.dtype != Dtype::F64 {
            phase.dtype = Dtype::F32;
        }
    }),
    ("values_nan", "NaN, infinity and negative zero", Sort::Plain, |phase| {
        phase.kind = Kind::Nan;
        phase.key = Phase::structure().key;
        phase.channels = 3;
        sized(phase, 40, 24);
        if !phase.dtype.is_float() {
            phase.dtype = Dtype::F32;
        }
    }),
    ("memory_strided", "memory with steps between the columns", Sort::Plain, |phase| phase.view = Some(View::Strided)),
    ("memory_fortran", "memory in Fortran order", Sort::Plain, |phase| phase.view = Some(View::Fortran)),
    ("memory_moved", "memory of the other layout", Sort::Plain, |phase| phase.view = Some(View::ChannelsMoved)),
    ("memory_read_only", "read-only memory", Sort::Plain, |phase| phase.view = Some(View::ReadOnly)),
    ("batch_1", "batches of 1", Sort::Plain, |phase| phase.batch = 1),
    ("batch_2", "batches of 2", Sort::Plain, |phase| phase.batch = 2),
    ("batch_3", "batches of 3", Sort::Three, |phase| phase.batch = SHORT),
    ("batch_7", "batches of 7", Sort::Plain, |phase| phase.batch = 7),
    ("full", "a short last batch after full ones", Sort::Short, |_| {}),
];

/// Keys are below this.
const KEYS: u64 = 1 << 52;
/// Calls of a row; of large images half as many.
const CALLS: u32 = 4;
pub(super) const LARGE: usize = 1 << 16;
/// Values of a call above which the rows are of smaller images than the audit: each has a form of its own to show.
const HEAVY: usize = 1 << 20;

/// Every row that differs from `base`, an audit's own structure phase.
pub(super) fn rows(base: &Phase, method: Method, about: &About) -> Vec<Row> {
    let row = |(number, &(name, what, sort, change)): (usize, &Change)| {
        let asked = asked(base, method, about, (number as u64, name, sort, change));
        // Of another size, it is named.
        let what = match &asked {
            Asked::Phases(phases) if [phases[0].width, phases[0].height] != [base.width, base.height] => {
                sized_words(what, phases[0].width, phases[0].height)
            }
            _ => what.into(),
        };
        Row { what, sort, asked }
    };
    ROWS.iter().enumerate().map(row).collect()
}

fn asked(
    base: &Phase,
    method: Method,
    about: &About,
    (number, name, sort, change): (u64, &'static str, Sort, fn(&mut Phase)),
) -> Asked {
    let mut plain = Phase { kind: Kind::Scr, calls: CALLS, labels_after: true, ..base.clone() };
    if plain.image_len() * plain.batch as usize > HEAVY {
        let Phase { width, height, batch, frames, .. } = Phase::structure();
        plain = Phase { width, height, batch, frames: plain.frames.map(|_| 2).or(frames), ..plain };
    }
    let mut phase = plain.clone();
    change(&mut phase);
    let declares = |limit| about.declares.contains(&limit);
    if declares(Declares::SquareOnly) {
        let side = if phase.kind == Kind::Nan { SQUARE_NAN } else { phase.width.max(phase.height) };
        sized(&mut phase, side, side);
    }
    if phase == plain && sort != Sort::Short {
        return Asked::ByTheAudit;
    }
    let reasons = [
        (declares(Declares::EvenBatch) && (phase.batch % 2 == 1 || sort == Sort::Short), EVEN_BATCH),
        (phase.dtype == Dtype::Bf16 && base.dtype != Dtype::Bf16 && method != Method::Cutmix, BITS),
        (phase.kind == Kind::Nan && method != Method::Cutmix, OTHER_METHOD),
        (phase.values == Values::Far && method == Method::Mixup, OTHER_METHOD),
    ];
    if let Some((_, reason)) = reasons.into_iter().find(|(holds, _)| *holds) {
        return Asked::Nothing(reason.into());
    }
    if phase.area() >= LARGE {
        phase.calls /= 2;
    }
    // Images of its own, so that those of another row are none of this.
    if phase.kind != Kind::Nan {
        phase.key = (phase.key ^ (number + 1) << 24) % KEYS;
    }
    name.clone_into(&mut phase.name);
    let mut phases = vec![phase];
    if sort == Sort::Short {
        let short = Phase { name: "short".into(), calls: 1, batch: SHORT, ..phases[0].clone() };
        phases[0].calls /= 2;
        phases.push(short);
    }
    match Spec::new(method, phases.clone()).check() {
        Ok(()) => Asked::Phases(phases),
        Err(error) => Asked::Nothing(error.to_string()),
    }
}
