//! `cutout`: a box that is filled.

use serde_json::{Value, json};

use super::{Verdict, any_box, case, dense, edges, inputs, painted, shape, tolerant, with};
use crate::reference::Stream;
use crate::vectors::model::{File, Group, Test};
use crate::vectors::subject::{Dtype, Layout, Shape};
use crate::vectors::value::{float32, hex};

fn image(of: &Shape, random: &mut Stream) -> Value {
    let pixels = painted(of, random);
    let patch = any_box((of.width, of.height), random);
    with(with(shape(of), edges(patch)), json!({ "pixels_a": hex(&pixels) }))
}

pub(in crate::vectors) fn file() -> File {
    let mut random = inputs(8);
    let (mut fills, mut noises, mut labels): (Vec<Test>, Vec<Test>, Vec<Test>) = Default::default();
    for dtype in Dtype::ALL {
        for layout in [Layout::Nhwc, Layout::Nchw] {
            for channels in [1, 3, 4] {
                let of = dense(dtype, layout, (6, 5), channels);
                let one = Shape { width: 1, height: 1, row_pitch: channels as usize * dtype.bytes(), ..of };
                let one = Shape { layout: Layout::Nhwc, ..one };
                let fill = if channels == 4 { vec![0; one.bytes()] } else { painted(&one, &mut random) };
                let mut flags = vec![if layout == Layout::Nhwc { "Nhwc" } else { "Nchw" }];
                flags.push("FillChannels");
                let result = if dtype == Dtype::U16 { Verdict::Acceptable } else { Verdict::Valid };
                let comment = if channels == 4 { "filled with zeros" } else { "each channel with a value of its own" };
                let input = with(image(&of, &mut random), json!({ "fill": hex(&fill) }));
                fills.push(case("cutout", result, &flags, comment, input));
                let (lo, hi) = (-1.5_f32, 2.7_f32);
                let key = json!({ "k0": random.u32(), "k1": random.u32(), "lo": float32(lo), "hi": float32(hi) });
                let input = with(image(&of, &mut random), key);
                let flags = [flags[0], "NoiseContract"];
                noises.push(case("cutout_noise", Verdict::Acceptable, &flags, "noise of a key", input));
            }
        }
    }
    for layout in [Layout::Nhwc, Layout::Nchw] {
        let of = dense(Dtype::U8, layout, (6, 5), 3);
        let of = Shape { row_pitch: of.row_pitch + 2, ..of };
        let flags = [if layout == Layout::Nhwc { "Nhwc" } else { "Nchw" }, "FillChannels", "PaddedRows"];
        let input = with(image(&of, &mut random), json!({ "fill": "0a141e" }));
        fills.push(case("cutout", Verdict::Acceptable, &flags, "rows with padding", input));
        let key = json!({ "k0": random.u32(), "k1": random.u32(), "lo": float32(0.0), "hi": float32(1.0) });
        let (flags, input) = ([flags[0], "NoiseContract", "PaddedRows"], with(image(&of, &mut random), key));
        noises.push(case("cutout_noise", Verdict::Acceptable, &flags, "rows with padding", input));
    }
    for i in 0..8_u32 {
        let size = (8 + i, 6);
        let patch = any_box(size, &mut random);
        let given = json!({ "width": size.0, "height": size.1, "a": i % 4, "classes": 4 });
        let test = case("cutout_label", Verdict::Valid, &["LabelStays"], "one class", with(given, edges(patch)));
        labels.push(tolerant(test, super::labels::TOLERANCE));
    }
    File {
        kind: "cutout",
        header: "A box that is filled: with one value a channel (`fill` is one pixel, channel by channel), or with the noise of the stream contract. The label stays.",
        groups: vec![
            Group::new("cutout", fills),
            Group::new("cutout_noise", noises),
            Group::new("cutout_label", labels),
        ],
    }
}
