//! `cutout`: a box that is filled.

use super::{Expect, any_box, case, dense, inputs, named, padded, painted, tolerant};
use crate::reference::Stream;
use crate::subject::{Dtype, ImageShape, Layout, Patch};
use crate::vectors::model::{Case, File};
use crate::vectors::question::{Base, Filling, GivenNoise, OneClass, Question};
use crate::vectors::value::{Hex, Real32};

fn image(of: &ImageShape, random: &mut Stream) -> (Base, Patch) {
    let pixels_a = painted(of, random);
    (Base { pixels_a }, any_box((of.width, of.height), random))
}

fn filled(shape: ImageShape, random: &mut Stream, fill: Hex) -> Question {
    let (base, patch) = image(&shape, random);
    Question::Cutout { shape, patch, base, fill: Filling { fill } }
}

fn noisy(shape: ImageShape, random: &mut Stream, (lo, hi): (f32, f32)) -> Question {
    let (k0, k1) = (random.u32(), random.u32());
    let (base, patch) = image(&shape, random);
    Question::CutoutNoise { shape, patch, base, noise: GivenNoise { k0, k1, lo: Real32(lo), hi: Real32(hi) } }
}

pub(in crate::vectors) fn file() -> File {
    let mut random = inputs(8);
    let (mut fills, mut noises, mut labels): (Vec<Case>, Vec<Case>, Vec<Case>) = Default::default();
    for dtype in Dtype::MIXED {
        for layout in [Layout::Nhwc, Layout::Nchw] {
            for channels in [1, 3, 4] {
                let of = dense(dtype, layout, (6, 5), channels);
                let one = ImageShape { width: 1, height: 1, row_pitch: channels as usize * dtype.bytes(), ..of };
                let one = ImageShape { layout: Layout::Nhwc, ..one };
                let fill = if channels == 4 { Hex(vec![0; one.bytes()]) } else { painted(&one, &mut random) };
                let flags = [named(layout), "FillChannels"];
                let result = if dtype == Dtype::U16 { Expect::Acceptable } else { Expect::Valid };
                let comment = if channels == 4 { "filled with zeros" } else { "each channel with a value of its own" };
                fills.push(case(result, &flags, comment, &filled(of, &mut random, fill)));
                let (flags, question) = ([flags[0], "NoiseContract"], noisy(of, &mut random, (-1.5, 2.7)));
                noises.push(case(Expect::Acceptable, &flags, "noise of a key", &question));
            }
        }
    }
    for layout in [Layout::Nhwc, Layout::Nchw] {
        let of = dense(Dtype::U8, layout, (6, 5), 3);
        let of = padded(of, 2);
        let flags = [named(layout), "FillChannels", "PaddedRows"];
        let question = filled(of, &mut random, Hex(vec![10, 20, 30]));
        fills.push(case(Expect::Acceptable, &flags, "rows with padding", &question));
        let flags = [flags[0], "NoiseContract", "PaddedRows"];
        let question = noisy(of, &mut random, (0.0, 1.0));
        noises.push(case(Expect::Acceptable, &flags, "rows with padding", &question));
    }
    for i in 0..8_u32 {
        let size = (8 + i, 6);
        let patch = any_box(size, &mut random);
        let of = OneClass { width: size.0, height: size.1, a: i % 4, classes: 4 };
        let test = case(Expect::Valid, &["LabelStays"], "one class", &Question::CutoutLabel { patch, of });
        labels.push(tolerant(test, super::labels::TOLERANCE));
    }
    File::new(
        "cutout",
        "A box that is filled: with one value a channel (`fill` is one pixel, channel by channel), or with the noise of the stream contract. The label stays.",
        vec![fills, noises, labels],
    )
}
