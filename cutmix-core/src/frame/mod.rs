//! Camera and video frames: planes of different resolution, packed pixels and colour mosaics, cut with one box.
//!
//! A [`Format`] says how a frame is stored: each plane holds one sample for each cell of a [`Grid`](crate::Grid), and the whole may be
//! cut only where a cell of every plane ends.
//!
//! | format | planes | a sample | grid of the box |
//! |---|---|---|---|
//! | [`Format::NV12`] | Y; Cb and Cr interleaved | Y: 1 value; Cb, Cr: 2 values for 2 x 2 pixels | 2 x 2 |
//! | [`Format::P010`], of `u16` | as NV12 | as NV12 | 2 x 2 |
//! | [`Format::NV16`] | Y; Cb and Cr interleaved | Cb, Cr: 2 values for 2 x 1 pixels | 2 x 1 |
//! | [`Format::I420`] | Y; Cb; Cr | Cb, Cr: 1 value for 2 x 2 pixels | 2 x 2 |
//! | [`Format::I422`] | Y; Cb; Cr | Cb, Cr: 1 value for 2 x 1 pixels | 2 x 1 |
//! | [`Format::YUYV`] | 1 | Y Cb Y Cr: 4 values for 2 x 1 pixels | 2 x 1 |
//! | [`Format::RGB565`], of `u16` | 1 | a pixel | 1 x 1 |
//! | [`Format::BAYER`], of `u8` or `u16` | 1 | a pixel | 2 x 2 |
//! | [`Format::QUAD_BAYER`] | 1 | a pixel | 4 x 4 |
//! | [`Format::RAW10`] | 1 | 5 bytes for 4 x 1 pixels | 4 x 2 |
//! | [`Format::RAW12`] | 1 | 3 bytes for 2 x 1 pixels | 2 x 2 |
//! | [`Format::RAW14`] | 1 | 7 bytes for 4 x 1 pixels | 4 x 2 |
//!
//! NV21 and YVYU are NV12 and YUYV: which of the two chroma values comes first does not matter to a copy. The same holds
//! for the order of colours in a mosaic. [`Format::new`] describes others.
//!
//! # The box and the label
//!
//! A box that cuts through a chroma sample would give the donor's colour to the base's pixels. So boxes are moved to
//! the grid first, by [`SamplePlan::snap`](crate::SamplePlan::snap), which also takes the kept ratio anew: **the label
//! follows the snapped box**, never the drawn one. The operations here refuse a box that is off the grid
//! ([`Error::OffGrid`](crate::Error::OffGrid)) instead of moving it quietly, since a label may have been made from it. Each edge moves by at
//! most half a cell, so that on the 2 x 2 grid the area of a box of `w x h` pixels changes by at most `w + h + 1`.
//!
//! Where a side is no multiple of the cell, the last cell is shorter: the chroma of a 7 x 5 frame has 4 x 3 samples, and
//! its last column belongs to luma column 6 alone. The frame's own far borders are on every grid.
//!
//! ```
//! use cutmix_core::frame::{self, Format, FrameView, FrameViewMut};
//! use cutmix_core::{Grid, Level, PatchBox, PlanConfig, SampleKey, SamplePlan, Size};
//!
//! let size = Size::new(7, 5)?;
//! // Y rows 8 bytes apart, chroma rows 16 bytes apart.
//! let (mut luma, mut chroma) = ([0_u8; 5 * 8], [0_u8; 3 * 16]);
//! let mut base = FrameViewMut::of_planes(Format::NV12, size, [(&mut luma[..], 8), (&mut chroma[..], 16)])?;
//! let donor = FrameView::of_planes(Format::NV12, size, [(&[1_u8; 35][..], 7), (&[2_u8; 24][..], 8)])?;
//!
//! let key = SampleKey { seed: 0, epoch: 0, index: 3 };
//! let plan = SamplePlan::draw(key, &PlanConfig::cutmix(size)).snap(Format::NV12.grid(), size)?;
//! let kept = frame::cutmix_in_place(Level::detect(), &mut base, &donor, plan.patch)?;
//! assert_eq!(kept, plan.kept);
//! let chroma_box = plan.patch.subsample(Grid::YUV420);
//! assert_eq!(luma.iter().filter(|&&y| y == 1).count() as u64, plan.patch.area());
//! assert_eq!(chroma.iter().filter(|&&c| c == 2).count() as u64, 2 * chroma_box.area());
//! # Ok::<(), cutmix_core::Error>(())
//! ```
//!
//! # Elsewhere
//!
//! Padded rows, crops of a larger buffer and bottom-up frames are pitches of a [`Layout`](crate::Layout), and
//! [`FrameView::crop`] cuts all planes alike. Lines that come one at a time: [`LineMixer`](crate::ops::LineMixer), with
//! a mixer for each plane from [`SamplePlan::subsample`](crate::SamplePlan::subsample); batches of frames likewise, one
//! batch for each plane.
//!
//! Imports `geometry`, `view` and `ops`; nobody imports it.

mod format;
mod mix;
#[cfg(test)]
mod tests;
mod views;

pub use format::Format;
pub use mix::{cutmix_in_place, cutmix_into, cutout, mixup_in_place};
pub use views::{FrameView, FrameViewMut};
