//! `batch`: who gives to whom, and in which order.

use super::{Expect, any_box, case, dense, inputs, padded, painted};
use crate::reference::Stream;
use crate::subject::{Dtype, ImageShape, Layout, Patch};
use crate::vectors::model::{Case, File};
use crate::vectors::question::{GivenBatch, Paired, Question};
use crate::vectors::value::Hex;

/// Partners, flags, comment.
type Map = (&'static [u32], &'static [&'static str], &'static str);

const MAPS: [Map; 16] = [
    (&[2, 0, 1], &["Cycle", "Aliasing", "PartnerInverse"], "a roll of three"),
    (&[1, 2, 0], &["Cycle", "Aliasing", "PartnerInverse"], "a roll of three, the other way"),
    (&[1, 0], &["Cycle", "Aliasing"], "a pair"),
    (&[3, 2, 1, 0], &["Cycle", "Aliasing"], "a flip of four"),
    (&[4, 3, 2, 1, 0], &["Cycle", "Aliasing", "SelfPartner"], "a flip of five: the middle stays"),
    (&[0, 1, 2], &["SelfPartner"], "everybody alone"),
    (&[0], &["SelfPartner"], "a batch of one"),
    (&[1, 2, 3, 4, 4], &["Aliasing", "SelfPartner", "PartnerInverse"], "a chain: each from the next"),
    (&[0, 0, 1, 2, 3], &["Aliasing", "SelfPartner", "PartnerInverse"], "a chain: each from the one before"),
    (&[2, 2, 2, 2], &["SharedDonor", "SelfPartner"], "one gives to all"),
    (&[1, 0, 0, 1], &["SharedDonor", "Cycle", "Aliasing", "PartnerInverse"], "a pair that gives to two more"),
    (&[1, 2, 0, 4, 3], &["Cycle", "Aliasing", "PartnerInverse"], "a cycle of three and one of two"),
    (&[3, 3, 0, 2, 1], &["SharedDonor", "Cycle", "Aliasing", "PartnerInverse"], "a cycle with a tail"),
    (&[5, 0, 1, 2, 3, 4], &["Cycle", "Aliasing", "PartnerInverse"], "a roll of six"),
    (&[2, 4, 1, 5, 0, 3], &["Cycle", "Aliasing", "PartnerInverse"], "a permutation of six"),
    (&[3, 3, 5, 5, 5, 0], &["SharedDonor", "Cycle", "Aliasing", "PartnerInverse"], "partners drawn with replacement"),
];

fn test(map: Map, of: ImageShape, all: bool, random: &mut Stream) -> Case {
    let (partners, flags, comment) = map;
    let size = (of.width, of.height);
    let a_box = |_: &u32| if all { Patch::full(size.0, size.1) } else { any_box(size, random) };
    let boxes: Vec<[u32; 4]> = partners.iter().map(a_box).map(|patch| patch.edges()).collect();
    let images = Hex(partners.iter().flat_map(|_| painted(&of, random).0).collect());
    let mut flags = flags.to_vec();
    flags.push(if all { "FullBox" } else { "MixedBoxes" });
    let gaps = of.row_pitch != of.row_bytes();
    flags.extend(gaps.then_some("PaddedRows"));
    let batch = GivenBatch { count: partners.len() as u32, partners: partners.to_vec(), boxes, images };
    let result = if gaps || of.dtype == Dtype::U16 { Expect::Acceptable } else { Expect::Valid };
    case(result, &flags, comment, &Question::CutmixBatch { shape: of, batch })
}

pub(in crate::vectors) fn file() -> File {
    let mut random = inputs(6);
    let mut tests = Vec::new();
    let rows = |dtype| dense(dtype, Layout::Nhwc, (5, 4), 3);
    let planes = |dtype| dense(dtype, Layout::Nchw, (5, 4), 2);
    for map in MAPS {
        tests.push(test(map, rows(Dtype::U8), false, &mut random));
        tests.push(test(map, planes(Dtype::U8), true, &mut random));
        tests.push(test(map, planes(Dtype::F32), false, &mut random));
    }
    for map in [MAPS[0], MAPS[10], MAPS[12]] {
        tests.push(test(map, rows(Dtype::U16), false, &mut random));
    }
    for (map, layout) in [(MAPS[0], Layout::Nhwc), (MAPS[2], Layout::Nchw), (MAPS[12], Layout::Nhwc)] {
        for dtype in [Dtype::U8, Dtype::F32] {
            tests.push(test(map, padded(dense(dtype, layout, (5, 4), 3), 3 * dtype.bytes()), false, &mut random));
        }
    }
    let pairing = |name: &str, count: u32| {
        let question = Question::Pairing { of: Paired { pairing: name.into(), count } };
        case(Expect::Acceptable, &["PairingConvention"], format!("{name} of {count}"), &question)
    };
    let pairings = ["roll", "flip"].into_iter().flat_map(|name| [1, 2, 3, 4, 7].map(|count| pairing(name, count)));
    File::new(
        "batch",
        "A batch mixed with itself: image i gets its box of image partners[i], as that was before the call, whatever the order of the work.",
        vec![tests, pairings.collect()],
    )
}
