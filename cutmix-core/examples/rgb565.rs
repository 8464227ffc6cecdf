//! Packed RGB565 pixels of a display: cut and pasted bit for bit, filled, never blended.
//!
//!     cargo run -p cutmix-core --example rgb565

use std::error::Error as StdError;

use cutmix_core::frame::{self, Format, FrameView, FrameViewMut};
use cutmix_core::{Error, Level, PatchBox, PlanConfig, SampleKey, SamplePlan, Size, WeightGrid};

/// Five bits of red, six of green, five of blue.
fn rgb565(r: u16, g: u16, b: u16) -> u16 {
    r << 11 | g << 5 | b
}

fn main() -> Result<(), Box<dyn StdError>> {
    let (width, height) = (240, 135);
    let size = Size::new(width, height)?;
    // The controller wants rows of 256 pixels.
    let (stride, level) = (256, Level::detect());
    let screen = |colour: fn(u16, u16) -> u16| -> Vec<u16> {
        (0..stride * height).map(|i| colour((i % stride) as u16, (i / stride) as u16)).collect()
    };
    let mut base = screen(|x, y| rgb565(x >> 3, y >> 2, 31 - (x >> 3)));
    let donor = screen(|x, y| if (x ^ y) & 8 == 0 { rgb565(31, 40, 0) } else { rgb565(4, 10, 20) });
    let before = base.clone();
    let pitch = 2 * stride as isize;

    let plan = SamplePlan::draw(SampleKey { seed: 2, epoch: 0, index: 11 }, &PlanConfig::cutmix(size));
    let from = FrameView::of_planes(Format::RGB565, size, [(&donor[..], pitch)])?;
    let mut to = FrameViewMut::of_planes(Format::RGB565, size, [(&mut base[..], pitch)])?;
    let kept = frame::cutmix_in_place(level, &mut to, &from, plan.patch)?;

    // A mean of packed words would carry from one colour into the next, so it is refused.
    let refused = frame::mixup_in_place(level, &mut to, &from, WeightGrid::Q15.weight(0.5)?);
    assert_eq!(refused, Err(Error::CopyOnly { sample: 0 }));
    let (red, green) = (rgb565(31, 0, 0), rgb565(0, 63, 0));
    let carried = (u32::from(red) + u32::from(green)).div_ceil(2) as u16;
    assert_ne!(carried, rgb565(16, 32, 0), "what the mean of the words would be is no colour between");

    // Cutout: one packed colour.
    let badge = PatchBox::new(0, 0, 16, 8)?;
    frame::cutout(level, &mut to, badge, &[rgb565(31, 63, 31)])?;
    for (i, &got) in base.iter().enumerate() {
        let (x, y) = (i as u32 % stride, i as u32 / stride);
        let expected = if badge.contains(x, y) {
            0xffff
        } else if plan.patch.contains(x, y) {
            donor[i]
        } else {
            before[i]
        };
        assert_eq!(got, expected, "({x}, {y})");
    }
    println!("screen  {size} RGB565, {pitch} bytes from row to row");
    println!("box     {}: label keeps {kept}", plan.patch);
    println!("Mixup   {}", Error::CopyOnly { sample: 0 });
    println!(
        "        the mean of red {red:#06x} and green {green:#06x} as words: {carried:#06x}; of their colours: {:#06x}",
        rgb565(16, 32, 0)
    );
    Ok(())
}
