//! Activations tiled by four channels (NC4HW4, as MNN and other mobile engines keep them), mixed without unpacking.
//!
//!     cargo run -p cutmix-core --example nc4hw4

use std::error::Error;

use cutmix_core::{ImageView, ImageViewMut, Layout, Level, PlanConfig, SampleKey, SamplePlan, Size, ops};

fn main() -> Result<(), Box<dyn Error>> {
    // Six channels are two tiles; the last two elements of the second are padding that travels along.
    let (size, channels) = (Size::new(28, 20)?, 6);
    let (width, height) = (28, 20);
    let layout = Layout::nc4hw4(size, channels, 4)?;
    let planar = Layout::nchw(size, channels, 4)?;
    let value = |whose: f32, c: usize, x: usize, y: usize| whose + (c * 1000 + y * width + x) as f32 / 8192.0;
    let tiled = |whose: f32| -> Vec<f32> {
        let mut data = vec![0.0; layout.buffer_bytes() / 4];
        for c in 0..channels as usize {
            for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
                data[((c / 4 * height + y) * width + x) * 4 + c % 4] = value(whose, c, x, y);
            }
        }
        data
    };
    let plan = SamplePlan::draw(SampleKey { seed: 9, epoch: 0, index: 2 }, &PlanConfig::cutmix(size));
    let (mut base, donor) = (tiled(0.0), tiled(1.0));
    let from = ImageView::new(&donor, layout)?;
    let kept = ops::cutmix_in_place(Level::detect(), &mut ImageViewMut::new(&mut base, layout)?, &from, plan.patch)?;

    // The same as unpacked planes.
    for c in 0..channels as usize {
        for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
            let whose = f32::from(u8::from(plan.patch.contains(x as u32, y as u32)));
            let got = base[((c / 4 * height + y) * width + x) * 4 + c % 4];
            assert_eq!(got, value(whose, c, x, y), "channel {c} of ({x}, {y})");
        }
    }
    assert_eq!(layout.planes(), 2);
    println!(
        "NC4HW4  {size} of {channels} f32 channels: {} tiles, {} bytes (planar {})",
        layout.planes(),
        layout.buffer_bytes(),
        planar.buffer_bytes()
    );
    println!("box     {}: {} bytes copied a row and tile, label keeps {kept}", plan.patch, plan.patch.width() * 16);
    Ok(())
}
