//! Boxes of packages as their sources draw them, written down anew, beside those of their profiles: from the same numbers the same
//! pixels.

use super::arithmetic::boxed;
use super::draws::OneDraw;
use crate::profile::PACKAGES;
use crate::reference::{Patch, Stream};

/// What is drawn: lambda, two numbers for lengths, two for places.
#[derive(Clone, Copy)]
struct Numbers {
    lambda: f64,
    lengths: [f64; 2],
    place: [f64; 2],
}

/// A whole number below `n`, as `randint(n)` makes it of a uniform number.
fn below(u: f64, n: i64) -> i64 {
    (u * n as f64).floor() as i64
}

/// Edges, first and past the last, of columns and rows; those that do not ascend are no box.
fn patch([x0, x1]: [i64; 2], [y0, y1]: [i64; 2]) -> Patch {
    if x0 < x1 && y0 < y1 { Patch::of([x0, y0, x1, y1].map(|edge| edge as u32)) } else { Patch::EMPTY }
}

/// `rand_bbox`, without the names: `int` cuts off, `//` rounds down.
fn authors([w, h]: [i64; 2], of: Numbers) -> Patch {
    let cut_rat = (1.0 - of.lambda).sqrt();
    let axis = |length: i64, u: f64| {
        let (cut, centre) = ((length as f64 * cut_rat) as i64, below(u, length));
        [centre - cut / 2, centre + cut / 2].map(|edge| edge.clamp(0, length))
    };
    patch(axis(w, of.place[0]), axis(h, of.place[1]))
}

/// Both corners are clipped at the lengths that they are named for; then x slices rows, and y columns.
fn robustness([w, h]: [i64; 2], of: Numbers) -> Patch {
    let cut_ratio = (1.0 - of.lambda).sqrt();
    let corners = |length: i64, u: f64| {
        let (cut, centre) = ((length as f64 * cut_ratio) as i64, below(u, length));
        [centre - cut / 2, centre + cut / 2].map(|edge| edge.clamp(0, length))
    };
    let (x, y) = (corners(w, of.place[1]), corners(h, of.place[0]));
    patch(y.map(|edge| edge.min(w)), x.map(|edge| edge.min(h)))
}

/// All in binary32: real corners, clipped, then rounded to nearest, halves to even.
fn fastestimator([w, h]: [i64; 2], of: Numbers) -> Patch {
    let lambda = of.lambda as f32;
    let axis = |length: i64, u: f64| {
        let (cut, side) = (length as f32 * u as f32, length as f32 * (1.0 - lambda).sqrt());
        [(cut - side / 2.0).max(0.0), (cut + side / 2.0).min(length as f32)].map(|edge| libm::rintf(edge) as i64)
    };
    patch(axis(w, of.place[0]), axis(h, of.place[1]))
}

/// Whether a real edge is so near to a half that the last place of binary32 decides where it is rounded to.
fn on_a_half(size: [u32; 2], of: Numbers) -> bool {
    let half = (1.0 - of.lambda).sqrt() / 2.0;
    (0..2).any(|axis| {
        let edges = [of.place[axis] - half, of.place[axis] + half].map(|edge| f64::from(size[axis]) * edge);
        edges.into_iter().any(|edge| (edge - edge.floor() - 0.5).abs() < 1e-4)
    })
}

/// A target of no pixel gets one, after both ends were clipped.
fn keras_io([w, h]: [i64; 2], of: Numbers) -> Patch {
    let cut_rat = (1.0 - of.lambda as f32).sqrt();
    let axis = |length: i64, u: f64| {
        let (cut, centre) = ((length as f32 * cut_rat) as i64, below(u, length));
        let [from, to] = [centre - cut / 2, centre + cut / 2].map(|edge| edge.clamp(0, length));
        let target = to - from;
        [from, from + if target == 0 { target + 1 } else { target }]
    };
    patch(axis(w, of.place[0]), axis(h, of.place[1]))
}

/// Sides by 1 - lambda in binary32, centres from 0 to the length; ends and lengths are kept from the last pixel.
fn mindspore([w, h]: [i64; 2], of: Numbers) -> Patch {
    let cut_ratio = 1.0 - of.lambda as f32;
    let axis = |length: i64, u: f64| {
        let (cut, centre) = ((length as f32 * cut_ratio) as i64, below(u, length + 1));
        let [from, to] = [centre - cut / 2, centre + cut / 2].map(|edge| edge.clamp(0, length - 1));
        [from, from + (to - from).clamp(1, length - 1)]
    };
    patch(axis(w, of.place[0]), axis(h, of.place[1]))
}

/// The authors' box, root and sides in binary32.
fn nfnets([w, h]: [i64; 2], of: Numbers) -> Patch {
    let ratio = (1.0 - of.lambda as f32).sqrt();
    let axis = |length: i64, u: f64| {
        let (cut, centre) = ((ratio * length as f32) as i64, below(u, length));
        [centre - cut / 2, centre + cut / 2].map(|edge| edge.clamp(0, length))
    };
    patch(axis(w, of.place[0]), axis(h, of.place[1]))
}

/// `rand_int` has both ends; its bounds are products of binary32, cut off.
fn darknet([w, h]: [i64; 2], of: Numbers) -> Patch {
    let axis = |length: i64, share: f64, u: f64| {
        let [least, most] = [0.3_f32, 0.8].map(|share| (length as f32 * share) as i64);
        let cut = least + below(share, most - least + 1);
        let start = below(u, length - cut);
        [start, start + cut]
    };
    patch(axis(w, of.lengths[0], of.place[0]), axis(h, of.lengths[1], of.place[1]))
}

/// Packages whose source was read and not run, as their source draws a box.
type Source = fn([i64; 2], Numbers) -> Patch;
const READ: [(&str, &str, Source); 7] = [
    ("clovaai CutMix-PyTorch", "2d8eb68 (read)", authors),
    ("Adversarial Robustness Toolbox CutMix", "02999c8 (read)", robustness),
    ("fastestimator CutMixBatch", "69d3aed (read)", fastestimator),
    ("keras-io CutMix example", "version not recorded (read)", keras_io),
    ("MindSpore CutMixBatch", "before the 2022 rewrite (read)", mindspore),
    ("deepmind-research nfnets cutmix", "version not recorded (read)", nfnets),
    ("AlexeyAB darknet cutmix", "59596d7 (read)", darknet),
];

#[test]
fn profiles_that_were_read_draw_what_their_sources_draw() {
    let mut rng = Stream::new(*b"CM1.read", [1, 0, 0, 0]);
    let mut compared = 0;
    for (name, versions, source) in READ {
        for package in PACKAGES.iter().filter(|package| (package.name, package.versions) == (name, versions)) {
            for size in [[40, 24], [24, 40], [32, 32], [7, 5]] {
                for _ in 0..4000 {
                    // Numbers that binary32 has.
                    let mut unit = || f64::from(rng.unit() as f32).min(1.0 - 1.0 / 16_777_216.0);
                    let of = Numbers { lambda: unit(), lengths: [unit(), unit()], place: [unit(), unit()] };
                    let draw =
                        OneDraw { lambda: of.lambda, lengths: of.lengths, place: of.place, wrong: true, applied: true };
                    let (ours, _) = boxed(&package.profile, size, &draw, 0);
                    if name.starts_with("fastestimator") && on_a_half(size, of) {
                        continue;
                    }
                    let theirs = source(size.map(i64::from), of);
                    assert_eq!(ours, theirs, "{name} {size:?}, lambda {} at {:?}", of.lambda, of.place);
                    compared += 1;
                }
            }
        }
    }
    println!("{compared} boxes of {} packages", READ.len());
    assert!(compared >= 3990 * 4 * READ.len());
}

/// A source that was read is written down here, unless its arithmetic is replayed bit by bit.
#[test]
fn what_was_read_is_written_down() {
    let read = |text: &str| text.contains("read)") && !text.contains("run");
    for package in PACKAGES.iter().filter(|package| read(package.versions) && package.replay.is_empty()) {
        assert!(
            READ.iter().any(|(name, of, _)| (*name, *of) == (package.name, package.versions)),
            "{} {}",
            package.name,
            package.versions
        );
    }
}
