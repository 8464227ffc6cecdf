//! A camera's line buffer: rows come one at a time, two of them are in memory, and each goes on as soon as it is mixed.
//!
//!     cargo run -p cutmix-core --example line_buffer

use std::error::Error as StdError;

use cutmix_core::ops::{Fill, Frame, LineMixer, NoiseRange, cutmix_in_place, cutout, mixup_in_place};
use cutmix_core::{ImageView, ImageViewMut, Level, Method, PlanConfig, SampleKey, SamplePlan, Size};

const WIDTH: usize = 160;
const HEIGHT: usize = 120;
/// Bytes of a row of interleaved RGB.
const ROW: usize = WIDTH * 3;

/// What the sensor gives for row `y`.
fn sensor(y: usize, row: &mut [u8]) {
    for (i, value) in row.iter_mut().enumerate() {
        *value = (i * 3 + y * 5) as u8;
    }
}

/// Row `y` of the donor, from slow storage.
fn storage(y: usize, row: &mut [u8]) {
    for (i, value) in row.iter_mut().enumerate() {
        *value = (255 - i / 2 + y * 11) as u8;
    }
}

fn main() -> Result<(), Box<dyn StdError>> {
    let size = Size::new(WIDTH as u32, HEIGHT as u32)?;
    let (level, key) = (Level::detect(), SampleKey { seed: 5, epoch: 2, index: 77 });
    let noise = Fill::Noise(NoiseRange::default());
    for (config, fill) in [
        (PlanConfig::cutmix(size), Fill::Zero),
        (PlanConfig::mixup(size), Fill::Zero),
        (PlanConfig::cutout(size), Fill::Constant(&[124, 116, 104])),
        (PlanConfig::cutout(size), noise),
    ] {
        let plan = SamplePlan::draw(key, &config);

        // The pipeline: two rows of memory, whatever the height.
        let mixer = LineMixer::new(level, plan, size, 1, 3, fill)?;
        let (mut row, mut donor, mut fetched, mut sink) = ([0; ROW], [0; ROW], 0, Vec::new());
        for y in 0..HEIGHT {
            sensor(y, &mut row);
            if mixer.needs_donor(y as u32) {
                storage(y, &mut donor);
                fetched += 1;
            }
            mixer.mix(0, y as u32, &mut row, &donor)?;
            sink.extend_from_slice(&row);
        }

        // The same plan on the whole image, for comparison.
        let (mut base, mut other) = (vec![0; ROW * HEIGHT], vec![0; ROW * HEIGHT]);
        base.chunks_exact_mut(ROW).enumerate().for_each(|(y, row)| sensor(y, row));
        other.chunks_exact_mut(ROW).enumerate().for_each(|(y, row)| storage(y, row));
        let from = ImageView::nhwc(&other, size, 3)?;
        let mut image = ImageViewMut::nhwc(&mut base, size, 3)?;
        match plan.method {
            Method::CutMix => {
                cutmix_in_place(level, &mut image, &from, plan.patch)?;
            }
            Method::Mixup => mixup_in_place(level, &mut image, &from, plan.kept)?,
            Method::Cutout => {
                cutout(level, &mut image, plan.patch, fill, plan.noise, Frame::whole(size))?;
            }
        }
        assert_eq!(sink, base, "{}", plan.method.name());
        let expected = match plan.method {
            Method::CutMix => plan.patch.height() as usize,
            Method::Mixup => HEIGHT,
            Method::Cutout => 0,
        };
        assert_eq!(fetched, expected);
        println!(
            "{:7} box {}: {} bytes of rows in memory, {fetched} of {HEIGHT} donor rows fetched; equal to the whole image, label keeps {}",
            plan.method.name(),
            plan.patch,
            2 * ROW,
            plan.label_ratio(),
        );
    }
    Ok(())
}
