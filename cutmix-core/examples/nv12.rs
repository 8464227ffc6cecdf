//! Two NV12 video frames of odd size and padded pitches mixed in place, with one box for luma and chroma.
//!
//!     cargo run -p cutmix-core --example nv12 -- target/nv12.ppm
//!
//! The argument is optional: a picture of the result, to look at the edges of the box.

use std::error::Error;

use cutmix_core::frame::{self, Format, FrameView, FrameViewMut};
use cutmix_core::{Grid, Level, PlanConfig, SampleKey, SamplePlan, Size};

const WIDTH: u32 = 321;
const HEIGHT: u32 = 181;
/// Bytes from row to row in both planes, as a video decoder aligns them.
const PITCH: usize = 384;
/// The bytes that pad rows: nobody may write them.
const PADDING: u8 = 0xee;

/// Y and interleaved Cb and Cr; chroma has a sample for every 2 x 2 pixels, the last ones for what is left.
struct Nv12 {
    luma: Vec<u8>,
    chroma: Vec<u8>,
}

impl Nv12 {
    fn new(luma: impl Fn(usize, usize) -> u8, chroma: impl Fn(usize, usize) -> [u8; 2]) -> Self {
        let mut frame = Self {
            luma: vec![PADDING; PITCH * HEIGHT as usize],
            chroma: vec![PADDING; PITCH * HEIGHT.div_ceil(2) as usize],
        };
        for (y, row) in frame.luma.chunks_exact_mut(PITCH).enumerate() {
            for (x, value) in row[..WIDTH as usize].iter_mut().enumerate() {
                *value = luma(x, y);
            }
        }
        for (y, row) in frame.chroma.chunks_exact_mut(PITCH).enumerate() {
            for (x, pair) in row.chunks_exact_mut(2).take(WIDTH.div_ceil(2) as usize).enumerate() {
                pair.copy_from_slice(&chroma(x, y));
            }
        }
        frame
    }

    fn planes(&self) -> [(&[u8], isize); 2] {
        [(&self.luma, PITCH as isize), (&self.chroma, PITCH as isize)]
    }

    fn planes_mut(&mut self) -> [(&mut [u8], isize); 2] {
        [(&mut self.luma, PITCH as isize), (&mut self.chroma, PITCH as isize)]
    }

    /// Binary PPM; BT.601 of limited range, rounded.
    fn ppm(&self) -> Vec<u8> {
        let mut out = format!("P6\n{WIDTH} {HEIGHT}\n255\n").into_bytes();
        for y in 0..HEIGHT as usize {
            for x in 0..WIDTH as usize {
                let pair = y / 2 * PITCH + x / 2 * 2;
                let luma = f32::from(self.luma[y * PITCH + x]) - 16.0;
                let (cb, cr) = (f32::from(self.chroma[pair]) - 128.0, f32::from(self.chroma[pair + 1]) - 128.0);
                let rgb = [1.596 * cr, -0.392 * cb - 0.813 * cr, 2.017 * cb];
                out.extend(rgb.map(|colour| (1.164 * luma + colour).round().clamp(0.0, 255.0) as u8));
            }
        }
        out
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let size = Size::new(WIDTH, HEIGHT)?;
    // A sky that grows lighter downwards, and orange stripes.
    let mut base = Nv12::new(|_, y| 60 + (y / 2) as u8, |_, _| [170, 100]);
    let donor = Nv12::new(|x, y| if (x + y) / 12 % 2 == 0 { 170 } else { 90 }, |_, _| [70, 190]);
    let before = Nv12 { luma: base.luma.clone(), chroma: base.chroma.clone() };

    let key = SampleKey { seed: 7, epoch: 0, index: 5 };
    let drawn = SamplePlan::draw(key, &PlanConfig::cutmix(size));
    let plan = drawn.snap(Format::NV12.grid(), size)?;

    let from = FrameView::of_planes(Format::NV12, size, donor.planes())?;
    let mut to = FrameViewMut::of_planes(Format::NV12, size, base.planes_mut())?;
    let kept = frame::cutmix_in_place(Level::detect(), &mut to, &from, plan.patch)?;

    // Every byte, padding included.
    let cells = plan.patch.subsample(Grid::YUV420);
    for (i, &got) in base.luma.iter().enumerate() {
        let inside = plan.patch.contains((i % PITCH) as u32, (i / PITCH) as u32);
        assert_eq!(got, if inside { donor.luma[i] } else { before.luma[i] }, "luma byte {i}");
    }
    for (i, &got) in base.chroma.iter().enumerate() {
        let inside = cells.contains((i % PITCH / 2) as u32, (i / PITCH) as u32);
        assert_eq!(got, if inside { donor.chroma[i] } else { before.chroma[i] }, "chroma byte {i}");
    }
    assert_eq!(kept, plan.kept);
    assert_ne!(plan.patch, drawn.patch, "this key draws a box that has to be moved");

    println!("frame   {size} NV12, {PITCH} bytes from row to row, chroma {}", Grid::YUV420.subsample(size));
    println!("drawn   {}: would keep {} of the label", drawn.patch, drawn.kept);
    println!("snapped {}: keeps {kept}, {:.6} of the label", plan.patch, kept.to_f64());
    println!("chroma  {cells}");
    if let Some(path) = std::env::args().nth(1) {
        std::fs::write(&path, base.ppm())?;
        println!("picture {path}");
    }
    Ok(())
}
