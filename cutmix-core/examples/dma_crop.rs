//! A region of interest inside a larger capture buffer, mixed where it lies: an aligned pitch, a bottom-up donor, and not
//! one byte written outside of the box.
//!
//!     cargo run -p cutmix-core --example dma_crop

use std::error::Error as StdError;

use cutmix_core::{
    Error, ImageView, ImageViewMut, Layout, Level, PatchBox, PlanConfig, SampleKey, SamplePlan, Size, ops,
};

/// Bytes that the driver keeps before the frame, and from row to row.
const HEADER: usize = 64;
const PITCH: usize = 1024;

fn main() -> Result<(), Box<dyn StdError>> {
    // A capture of 320 x 240 BGR pixels; the network sees the window of 224 x 192 at (48, 24).
    let (capture, window) = (Size::new(320, 240)?, PatchBox::new(48, 24, 272, 216)?);
    let whole = Layout::nhwc(capture, 3, 1)?.with_row_pitch(PITCH as isize)?.with_origin(HEADER)?;
    let mut buffer: Vec<u8> = (0..HEADER + PITCH * 240).map(|i| (i * 7 / 3) as u8).collect();
    let before = buffer.clone();

    // The donor is a bitmap of the window's size, its last row first, rows padded to multiples of four bytes.
    let size = Size::new(window.width(), window.height())?;
    let donor_layout = Layout::nhwc(size, 3, 1)?.with_row_pitch(224 * 3 + 4)?.bottom_up();
    let donor: Vec<u8> = (0..donor_layout.buffer_bytes()).map(|i| (i * 5 / 2 + 99) as u8).collect();

    let plan = SamplePlan::draw(SampleKey { seed: 1, epoch: 0, index: 4 }, &PlanConfig::cutmix(size));
    let from = ImageView::new(&donor, donor_layout)?;
    let mut region = ImageViewMut::new(&mut buffer, whole.crop(window)?)?;
    let kept = ops::cutmix_in_place(Level::detect(), &mut region, &from, plan.patch)?;
    assert_eq!(kept, plan.kept);

    let mut written = 0;
    for (i, &got) in buffer.iter().enumerate() {
        let place = i.checked_sub(HEADER).map(|i| ((i % PITCH / 3) as u32, (i / PITCH) as u32, i % 3));
        // Pixels of the capture in the window's own coordinates.
        let inside = place.and_then(|(x, y, _)| {
            let (x, y) = (x.checked_sub(window.x0())?, y.checked_sub(window.y0())?);
            plan.patch.contains(x, y).then_some((x as usize, y as usize))
        });
        let expected = match inside {
            Some((x, y)) => {
                written += 1;
                // Row y of a bottom-up bitmap of 192 rows.
                donor[(191 - y) * (224 * 3 + 4) + x * 3 + (i - HEADER) % PITCH % 3]
            }
            None => before[i],
        };
        assert_eq!(got, expected, "byte {i}");
    }
    assert_eq!(written, 3 * plan.patch.area());

    // A buffer that is a byte too short is an error, not a write beyond its end.
    let needed = whole.buffer_bytes();
    let refused = ImageViewMut::new(&mut buffer[..needed - 1], whole).map(|_| ());
    assert!(matches!(refused, Err(Error::TooShort { .. })));

    println!("buffer  {} bytes, {PITCH} from row to row; capture {capture}, window {window}", buffer.len());
    println!("box     {} of the window, label keeps {kept}", plan.patch);
    println!(
        "written {written} bytes, all of them in the box; the other {} as they were",
        buffer.len() as u64 - written
    );
    if let Err(error) = refused {
        println!("refused {error}");
    }
    Ok(())
}
