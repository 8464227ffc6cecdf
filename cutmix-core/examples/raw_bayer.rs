//! Raw sensor frames: packed RAW10 lines and 16-bit Bayer mosaics, cut where a group and a colour quad end.
//!
//!     cargo run -p cutmix-core --example raw_bayer

use std::error::Error as StdError;

use cutmix_core::frame::{self, Format, FrameView, FrameViewMut};
use cutmix_core::{Error, Level, PlanConfig, SampleKey, SamplePlan, Size, WeightGrid};

/// The four pixels of a RAW10 group: high bits in four bytes, low bits in the fifth, the first pixel's lowest.
fn pack(pixels: [u16; 4]) -> [u8; 5] {
    let low = pixels.iter().enumerate().fold(0, |low, (i, pixel)| low | (pixel & 3) << (2 * i));
    let [a, b, c, d] = pixels.map(|pixel| (pixel >> 2) as u8);
    [a, b, c, d, low as u8]
}

fn unpack(group: &[u8], i: usize) -> u16 {
    u16::from(group[i]) << 2 | u16::from(group[4] >> (2 * i) & 3)
}

fn main() -> Result<(), Box<dyn StdError>> {
    let size = Size::new(64, 48)?;
    let (width, level) = (size.width() as usize, Level::detect());
    // The value says whose pixel it is, and where; 10 bits.
    let pixel = |whose: u16, x: usize, y: usize| whose << 9 | ((x * 7 + y * 13) % 512) as u16;
    let drawn = SamplePlan::draw(SampleKey { seed: 3, epoch: 0, index: 8 }, &PlanConfig::cutmix(size));

    // Packed: 80 bytes a line, padded to 96 by the receiver.
    let pitch = 96;
    let lines = |whose: u16| -> Vec<u8> {
        let mut lines = vec![0xee; pitch * size.height() as usize];
        for (y, line) in lines.chunks_exact_mut(pitch).enumerate() {
            for (g, group) in line[..width / 4 * 5].chunks_exact_mut(5).enumerate() {
                group.copy_from_slice(&pack([0, 1, 2, 3].map(|i| pixel(whose, 4 * g + i, y))));
            }
        }
        lines
    };
    let (mut base, donor) = (lines(0), lines(1));
    let plan = drawn.snap(Format::RAW10.grid(), size)?;
    let from = FrameView::of_planes(Format::RAW10, size, [(&donor[..], pitch as isize)])?;
    let mut to = FrameViewMut::of_planes(Format::RAW10, size, [(&mut base[..], pitch as isize)])?;
    let kept = frame::cutmix_in_place(level, &mut to, &from, plan.patch)?;
    let weight = WeightGrid::Q15.weight(0.5)?;
    let refused = frame::mixup_in_place(level, &mut to, &from, weight);
    assert_eq!(refused, Err(Error::CopyOnly { sample: 0 }), "bytes of packed pixels have no mean");
    for (y, line) in base.chunks_exact(pitch).enumerate() {
        for x in 0..width {
            let whose = u16::from(plan.patch.contains(x as u32, y as u32));
            assert_eq!(unpack(&line[x / 4 * 5..x / 4 * 5 + 5], x % 4), pixel(whose, x, y), "({x}, {y})");
        }
        assert!(line[width / 4 * 5..].iter().all(|&byte| byte == 0xee), "padding of line {y}");
    }
    println!(
        "RAW10   drawn {} keeps {}; on groups of {}: {} keeps {kept}",
        drawn.patch,
        drawn.kept,
        Format::RAW10.grid(),
        plan.patch
    );

    // Ten bits in 16, one word a pixel: the same box law on the finer grid of the mosaic, and blending too.
    let mosaic = |whose: u16| -> Vec<u16> {
        (0..width * size.height() as usize).map(|i| pixel(whose, i % width, i / width)).collect()
    };
    let (mut base, donor) = (mosaic(0), mosaic(1));
    let plan = drawn.snap(Format::BAYER.grid(), size)?;
    let pitch = 2 * width as isize;
    let from = FrameView::of_planes(Format::BAYER, size, [(&donor[..], pitch)])?;
    let mut to = FrameViewMut::of_planes(Format::BAYER, size, [(&mut base[..], pitch)])?;
    let kept = frame::cutmix_in_place(level, &mut to, &from, plan.patch)?;
    for (i, &value) in base.iter().enumerate() {
        let (x, y) = (i % width, i / width);
        // The quad as a whole is of one image, so a demosaic away from the edges never sees two.
        let whose = u16::from(plan.patch.contains((x & !1) as u32, (y & !1) as u32));
        assert_eq!(value, pixel(whose, x, y), "({x}, {y})");
    }
    println!("Bayer   on quads of {}: {} keeps {kept}", Format::BAYER.grid(), plan.patch);

    let mut base = mosaic(0);
    let mut to = FrameViewMut::of_planes(Format::BAYER, size, [(&mut base[..], pitch)])?;
    frame::mixup_in_place(level, &mut to, &from, weight)?;
    for (i, &value) in base.iter().enumerate() {
        let (a, b) = (pixel(0, i % width, i / width), pixel(1, i % width, i / width));
        assert!(value == (a + b).div_ceil(2) && value < 1 << 10, "a mean of 10-bit values has 10 bits");
    }
    println!("Mixup   {weight} of 16-bit words: every value is the rounded mean, none above 10 bits");
    Ok(())
}
