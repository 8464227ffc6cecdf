//! A whole plan on rows that come one at a time, with two of them in memory: the base's and the donor's.

use bytemuck::Pod;

use super::cutout::{Fill, cutout_copied, expect_values};
use super::mixup::Blend;
use super::row::{cutmix_row, cutout_row, mixup_row, row_box, row_size};
use crate::error::Error;
use crate::geometry::Size;
use crate::kernels::Level;
use crate::plan::{Method, SamplePlan};
use crate::view::{ImageViewMut, Layout, Rect, RectMut};

/// Mixes an image that no memory ever holds: give it each row of the base with the same row of the donor, in any order,
/// and what it leaves in the base's row is that row of the whole image mixed by the plan, bit for bit, noise included.
///
/// Rows are `width` pixels of one plane, without padding. The chroma of a frame has a mixer of its own, made from
/// [`SamplePlan::subsample`]. Costs what the operation costs on one row; rows outside the box cost a comparison.
///
/// A sample that is its own donor stays as it is ([`SamplePlan::leaves_base`]); the mixer does not know whose rows it
/// gets, so leave such a sample out.
///
/// ```
/// use cutmix_core::{ops, Level, PlanConfig, SampleKey, SamplePlan, Size};
///
/// let size = Size::new(8, 6)?;
/// let plan = SamplePlan::draw(SampleKey::default(), &PlanConfig::cutmix(size));
/// let mixer = ops::LineMixer::<u8>::new(Level::detect(), plan, size, 1, 3, ops::Fill::Zero)?;
/// let (mut row, mut donor, mut replaced) = ([0_u8; 24], [0_u8; 24], 0);
/// for y in 0..size.height() {
///     row.fill(1); // the sensor writes the base's row
///     if mixer.needs_donor(y) {
///         donor.fill(2); // the donor's row is read from storage only where it is needed
///     }
///     mixer.mix(0, y, &mut row, &donor)?;
///     replaced += row.iter().filter(|&&value| value == 2).count(); // the row goes on to its sink
/// }
/// assert_eq!(replaced as u64, 3 * plan.patch.area());
/// # Ok::<(), cutmix_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct LineMixer<'a, T> {
    level: Level,
    plan: SamplePlan,
    size: Size,
    planes: u32,
    elements: u32,
    fill: Fill<'a, T>,
    /// Values of a row, and those of them that are the box's: known once, so that a row costs no division.
    values: usize,
    span: (usize, usize),
}

impl<'a, T: Pod> LineMixer<'a, T> {
    /// A mixer for images of `size` with `planes` planes of `elements` values a pixel: 1 and 3 for interleaved RGB, 3
    /// and 1 for planar. `fill` is what a Cutout fills with, as for the whole image.
    ///
    /// # Errors
    /// [`Error::BoxOutside`] or [`Error::RatioNotOfBox`] if the plan is not for images of this size;
    /// [`Error::CountMismatch`] if there are no planes or no elements, or a Cutout's constant does not have one value
    /// for every element over all planes; [`Error::TooLarge`] if a row of each plane cannot be addressed.
    ///
    /// ```
    /// # use cutmix_core::ops::{Fill, LineMixer};
    /// # use cutmix_core::{Error, KeptRatio, Level, PatchBox, SamplePlan, Size};
    /// let (size, patch) = (Size::new(4, 3)?, PatchBox::new(1, 1, 3, 2)?);
    /// let plan = SamplePlan { applied: true, patch, kept: KeptRatio::of(patch, size)?, ..SamplePlan::NOTHING };
    /// assert!(LineMixer::<u8>::new(Level::detect(), plan, size, 3, 1, Fill::Zero).is_ok()); // planar RGB
    /// // In a higher image the box is another share of the pixels: the label would be wrong.
    /// let refused = LineMixer::<u8>::new(Level::detect(), plan, Size::new(4, 6)?, 3, 1, Fill::Zero);
    /// assert_eq!(refused.unwrap_err(), Error::RatioNotOfBox { sample: 0 });
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn new(
        level: Level,
        plan: SamplePlan,
        size: Size,
        planes: u32,
        elements: u32,
        fill: Fill<'a, T>,
    ) -> Result<Self, Error> {
        plan.check(size, 0)?;
        let pixel_bytes = elements.checked_mul(size_of::<T>() as u32);
        let pixel_bytes = pixel_bytes.ok_or(Error::TooLarge { what: "the size of a pixel in memory" })?;
        let line = Layout::nchw(Size::new(size.width(), 1)?, planes, pixel_bytes)?;
        if let (Method::Cutout, Fill::Constant(values)) = (plan.method, fill) {
            expect_values(&line, values)?;
        }
        // A row of each plane can be addressed, so its values can be counted; the box is within the row.
        let values = |pixels: u32| (pixels as usize).wrapping_mul(elements as usize);
        let span = (values(plan.patch.x0()), values(plan.patch.x1()));
        Ok(Self { level, plan, size, planes, elements, fill, values: values(size.width()), span })
    }

    /// Whether row `y` of any plane changes; others may go from source to sink as they are.
    ///
    /// ```
    /// # use cutmix_core::ops::{Fill, LineMixer};
    /// # use cutmix_core::{KeptRatio, Level, PatchBox, SamplePlan, Size};
    /// let (size, patch) = (Size::new(4, 3)?, PatchBox::new(1, 1, 3, 2)?);
    /// let plan = SamplePlan { applied: true, patch, kept: KeptRatio::of(patch, size)?, ..SamplePlan::NOTHING };
    /// let mixer = LineMixer::<u8>::new(Level::detect(), plan, size, 1, 3, Fill::Zero)?;
    /// assert_eq!([0, 1, 2].map(|y| mixer.changes(y)), [false, true, false]);
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn changes(&self, y: u32) -> bool {
        self.plan.applied
            && match self.plan.method {
                Method::CutMix | Method::Cutout => self.plan.patch.row_span(y).is_some(),
                Method::Mixup => self.plan.kept.kept() != self.plan.kept.total(),
            }
    }

    /// Whether the donor's row `y` is looked at; where not, any slice will do, the empty one too.
    ///
    /// ```
    /// # use cutmix_core::ops::{Fill, LineMixer};
    /// # use cutmix_core::plan::Method;
    /// # use cutmix_core::{KeptRatio, Level, PatchBox, SamplePlan, Size};
    /// let (size, patch) = (Size::new(4, 3)?, PatchBox::new(1, 1, 3, 2)?);
    /// let cutmix = SamplePlan { applied: true, patch, kept: KeptRatio::of(patch, size)?, ..SamplePlan::NOTHING };
    /// for (plan, needed) in [(cutmix, true), (SamplePlan { method: Method::Cutout, ..cutmix }, false)] {
    ///     let mixer = LineMixer::<u8>::new(Level::detect(), plan, size, 1, 3, Fill::Zero)?;
    ///     assert!(mixer.changes(1) && mixer.needs_donor(1) == needed);
    /// }
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    #[must_use]
    pub const fn needs_donor(&self, y: u32) -> bool {
        self.changes(y) && !matches!(self.plan.method, Method::Cutout)
    }

    /// Mixes row `y` of `plane`: `row` holds the base's values and receives the result.
    ///
    /// # Errors
    /// [`Error::CountMismatch`] if plane or row are beyond the image or `row` does not have `width x elements` values;
    /// [`Error::SizeMismatch`] or [`Error::CountMismatch`] if the donor's row is needed and is not as long;
    /// [`Error::WeightGrid`] if a Mixup's weight is not on the grid of `T`. Nothing is written then.
    ///
    /// ```
    /// # use cutmix_core::ops::{Fill, LineMixer};
    /// # use cutmix_core::{KeptRatio, Level, PatchBox, SamplePlan, Size};
    /// let (size, patch) = (Size::new(4, 3)?, PatchBox::new(1, 1, 3, 2)?);
    /// let plan = SamplePlan { applied: true, patch, kept: KeptRatio::of(patch, size)?, ..SamplePlan::NOTHING };
    /// let mixer = LineMixer::new(Level::detect(), plan, size, 3, 1, Fill::Zero)?;
    /// let mut row = [0_u8; 4];
    /// mixer.mix(2, 0, &mut row, &[])?; // row 0 of the third plane is outside the box: no donor is needed
    /// mixer.mix(2, 1, &mut row, &[7; 4])?;
    /// assert_eq!(row, [0, 7, 7, 0]);
    /// assert!(mixer.mix(3, 1, &mut row, &[7; 4]).is_err()); // there is no fourth plane
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn mix(&self, plane: u32, y: u32, row: &mut [T], donor: &[T]) -> Result<(), Error>
    where
        T: Blend,
    {
        self.check(plane, y, row.len())?;
        if !self.changes(y) {
            return Ok(());
        }
        let Self { level, plan, elements, .. } = *self;
        match plan.method {
            Method::CutMix => self.cutmix(row, donor, y),
            Method::Mixup => mixup_row(level, row, donor, plan.kept),
            Method::Cutout => {
                let place = (plane, y, self.size.height());
                cutout_row(level, row, elements, plan.patch, place, self.fill_of(plane), plan.noise)
            }
        }
    }

    /// As [`LineMixer::mix`] for elements that can only be copied, such as packed pixels: `CutMix` and constant Cutouts.
    ///
    /// # Errors
    /// As [`LineMixer::mix`], and [`Error::CopyOnly`] if the row is to be blended or filled with noise.
    ///
    /// ```
    /// # use cutmix_core::ops::{Fill, LineMixer};
    /// # use cutmix_core::plan::Method;
    /// # use cutmix_core::{Error, KeptRatio, Level, PatchBox, SamplePlan, Size, WeightGrid};
    /// // Pixels of three bytes as one element.
    /// let (size, patch) = (Size::new(3, 1)?, PatchBox::new(1, 0, 2, 1)?);
    /// let plan = SamplePlan { applied: true, patch, kept: KeptRatio::of(patch, size)?, ..SamplePlan::NOTHING };
    /// let mut row = [[1_u8, 2, 3]; 3];
    /// LineMixer::new(Level::detect(), plan, size, 1, 1, Fill::Zero)?.paste(0, 0, &mut row, &[[7, 8, 9]; 3])?;
    /// assert_eq!(row, [[1, 2, 3], [7, 8, 9], [1, 2, 3]]);
    /// // They have no mean.
    /// let (patch, kept) = (PatchBox::EMPTY, WeightGrid::Q15.weight(0.5)?);
    /// let plan = SamplePlan { method: Method::Mixup, patch, kept, ..plan };
    /// let mixer = LineMixer::new(Level::detect(), plan, size, 1, 1, Fill::Zero)?;
    /// assert_eq!(mixer.paste(0, 0, &mut row, &[[7, 8, 9]; 3]), Err(Error::CopyOnly { sample: 0 }));
    /// # Ok::<(), cutmix_core::Error>(())
    /// ```
    pub fn paste(&self, plane: u32, y: u32, row: &mut [T], donor: &[T]) -> Result<(), Error> {
        self.check(plane, y, row.len())?;
        if !self.changes(y) {
            return Ok(());
        }
        let Self { level, plan, elements, .. } = *self;
        match plan.method {
            Method::CutMix => self.cutmix(row, donor, y),
            Method::Mixup => Err(Error::CopyOnly { sample: 0 }),
            Method::Cutout => {
                let mut image = ImageViewMut::nhwc(row, Size::new(self.size.width(), 1)?, elements)?;
                cutout_copied(level, &mut image, row_box(plan.patch, y), self.fill_of(plane), 0)?;
                Ok(())
            }
        }
    }

    /// `CutMix` of row `y`, which is one of the image and of the box.
    fn cutmix(&self, row: &mut [T], donor: &[T], y: u32) -> Result<(), Error> {
        let (start, end) = self.span;
        if let (true, Some(to), Some(from)) =
            (donor.len() == self.values, row.get_mut(start..end), donor.get(start..end))
        {
            let (to, from): (&mut [u8], &[u8]) = (bytemuck::cast_slice_mut(to), bytemuck::cast_slice(from));
            let bytes = to.len();
            self.level.copy(&mut RectMut::dense(to, bytes), &Rect::dense(from, bytes));
            return Ok(());
        }
        // Says what is wrong with the donor's row.
        cutmix_row(self.level, row, donor, self.elements, self.plan.patch, y)
    }

    /// That the row is one of the image.
    #[inline]
    fn check(&self, plane: u32, y: u32, len: usize) -> Result<(), Error> {
        let beyond = |what, index: u32, count: u32| Error::CountMismatch {
            what,
            given: u64::from(index) + 1,
            expected: count.into(),
        };
        if plane >= self.planes {
            return Err(beyond("planes of the image", plane, self.planes));
        }
        if y >= self.size.height() {
            return Err(beyond("rows of the image", y, self.size.height()));
        }
        if len == self.values {
            return Ok(());
        }
        let given = row_size(len, self.elements)?.width();
        let expected = self.size.width();
        Err(Error::CountMismatch { what: "pixels of a row", given: given.into(), expected: expected.into() })
    }

    /// The fill of one plane, which is all of its row.
    fn fill_of(&self, plane: u32) -> Fill<'a, T> {
        match self.fill {
            Fill::Constant(values) => {
                // Never 0, which the compiler cannot know; chunks of nothing would panic.
                let mut planes = values.chunks_exact((self.elements as usize).max(1));
                // There are as many as planes: `new` has counted them.
                Fill::Constant(planes.nth(plane as usize).unwrap_or(&[]))
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::NoiseKey;
    use crate::geometry::{KeptRatio, PatchBox, WeightGrid};
    use crate::ops::{Frame, NoiseRange, cutmix_in_place, cutout, mixup_in_place};
    use crate::view::ImageView;

    const PLANES: u32 = 2;
    const ELEMENTS: u32 = 3;
    const ROW: usize = 15;

    fn size() -> Size {
        Size::new(5, 4).unwrap()
    }

    fn plan(method: Method, kept: Option<KeptRatio>) -> SamplePlan {
        let patch = match method {
            Method::Mixup => PatchBox::EMPTY,
            Method::CutMix | Method::Cutout => PatchBox::new(1, 1, 4, 3).unwrap(),
        };
        let kept = kept.unwrap_or_else(|| KeptRatio::of(patch, size()).unwrap());
        SamplePlan { method, applied: true, patch, kept, noise: NoiseKey { words: [5, 6] }, ..SamplePlan::NOTHING }
    }

    fn mixer<T: Pod>(plan: SamplePlan, fill: Fill<'_, T>) -> LineMixer<'_, T> {
        LineMixer::new(Level::PORTABLE, plan, size(), PLANES, ELEMENTS, fill).unwrap()
    }

    /// Base and donor of two planes of 5 x 4 pixels of three values.
    fn images() -> [[u8; 120]; 2] {
        [core::array::from_fn(|i| i as u8), core::array::from_fn(|i| (200 - i) as u8)]
    }

    fn whole(plan: SamplePlan, fill: Fill<'_, u8>) -> [u8; 120] {
        let [mut base, donor] = images();
        let layout = Layout::nchw(size(), PLANES, ELEMENTS).unwrap();
        let mut view = ImageViewMut::new(&mut base, layout).unwrap();
        let donor = ImageView::new(&donor, layout).unwrap();
        let level = Level::PORTABLE;
        match plan.method {
            Method::CutMix => cutmix_in_place(level, &mut view, &donor, plan.patch).map(|_| ()),
            Method::Mixup => mixup_in_place(level, &mut view, &donor, plan.kept),
            Method::Cutout => cutout(level, &mut view, plan.patch, fill, plan.noise, Frame::whole(size())).map(|_| ()),
        }
        .unwrap();
        base
    }

    #[test]
    fn rows_are_those_of_the_whole_image_and_the_donor_is_read_only_where_needed() {
        let colours = [1, 2, 3, 4, 5, 6];
        let weight = WeightGrid::Q15.weight(0.3).unwrap();
        let none = WeightGrid::Q15.weight(1.0).unwrap();
        let noise = Fill::Noise(NoiseRange::default());
        for (plan, fill, needed) in [
            (plan(Method::CutMix, None), Fill::Zero, [false, true, true, false]),
            (plan(Method::Mixup, Some(weight)), Fill::Zero, [true; 4]),
            (plan(Method::Mixup, Some(none)), Fill::Zero, [false; 4]),
            (plan(Method::Cutout, None), Fill::Zero, [false; 4]),
            (plan(Method::Cutout, None), Fill::Constant(&colours), [false; 4]),
            (plan(Method::Cutout, None), noise, [false; 4]),
        ] {
            let expected = whole(plan, fill);
            let mixer = mixer(plan, fill);
            assert_eq!([0, 1, 2, 3].map(|y| mixer.needs_donor(y)), needed, "{plan:?}");
            let changes = [0, 1, 2, 3].map(|y| mixer.changes(y));
            let [mut mixed, donor] = images();
            let (mut pasted, mut refused) = (mixed, 0);
            for (i, (row, from)) in mixed.chunks_exact_mut(ROW).zip(donor.chunks_exact(ROW)).enumerate() {
                let (plane, y) = (i as u32 / 4, i as u32 % 4);
                let from = if mixer.needs_donor(y) { from } else { &[] };
                mixer.mix(plane, y, row, from).unwrap();
                let row = &mut pasted[i * ROW..(i + 1) * ROW];
                refused += u32::from(mixer.paste(plane, y, row, from) == Err(Error::CopyOnly { sample: 0 }));
            }
            assert_eq!(mixed, expected, "{plan:?} {fill:?}");
            // Whoever can only copy does the same, or says that it cannot.
            let blends = matches!(fill, Fill::Noise(_)) || plan.kept.total() == 1 << 15;
            let changed = 2 * changes.iter().filter(|&&changes| changes).count() as u32;
            assert_eq!(refused, if blends { changed } else { 0 }, "{plan:?} {fill:?}");
            assert_eq!(pasted, if blends { images()[0] } else { expected }, "{plan:?} {fill:?}");
        }
        let changes = |plan| [0, 1, 2, 3].map(|y| mixer::<u8>(plan, Fill::Zero).changes(y));
        assert_eq!(changes(plan(Method::Cutout, None)), [false, true, true, false]);
        assert_eq!(changes(SamplePlan { method: Method::Mixup, ..SamplePlan::NOTHING }), [false; 4]);
    }

    #[test]
    fn a_plan_that_is_not_applied_changes_nothing() {
        for method in [Method::CutMix, Method::Mixup, Method::Cutout] {
            let plan = SamplePlan { method, ..SamplePlan::NOTHING };
            let mixer = mixer::<u8>(plan, Fill::Noise(NoiseRange::default()));
            let mut row = [9; ROW];
            assert_eq!(mixer.mix(0, 1, &mut row, &[]), Ok(()));
            assert_eq!(mixer.paste(1, 2, &mut row, &[]), Ok(()));
            assert!(row == [9; ROW] && !mixer.changes(1) && !mixer.needs_donor(1));
        }
    }

    #[test]
    fn what_is_no_row_of_the_image_is_refused_and_nothing_written() {
        let mixer = mixer::<u8>(plan(Method::CutMix, None), Fill::Zero);
        let mut long = [9; 18];
        let count = |what, given, expected| Err(Error::CountMismatch { what, given, expected });
        for (plane, y, len, refused) in [
            (2, 1, ROW, count("planes of the image", 3, 2)),
            (u32::MAX, 1, ROW, count("planes of the image", 1 << 32, 2)),
            (1, 4, ROW, count("rows of the image", 5, 4)),
            (1, 1, 12, count("pixels of a row", 4, 5)),
            (1, 1, 18, count("pixels of a row", 6, 5)),
            (1, 1, 16, count("elements of a row (whole pixels)", 16, 3)),
        ] {
            assert_eq!(mixer.mix(plane, y, &mut long[..len], &[7; ROW]), refused);
            assert_eq!(mixer.paste(plane, y, &mut long[..len], &[7; ROW]), refused);
        }
        assert!(matches!(mixer.mix(0, 1, &mut long[..ROW], &[7; 12]), Err(Error::SizeMismatch { .. })));
        assert_eq!(long, [9; 18]);
        let mixup = plan(Method::Mixup, Some(WeightGrid::Q24.weight(0.5).unwrap()));
        let wrong = self::mixer::<u8>(mixup, Fill::Zero).mix(0, 0, &mut long[..ROW], &[7; ROW]);
        assert!(matches!(wrong, Err(Error::WeightGrid { .. })));
        assert_eq!(long, [9; 18]);
    }

    #[test]
    fn mixers_are_for_plans_of_their_size() {
        let new = |plan, planes, elements, fill: Fill<'_, u16>| {
            LineMixer::new(Level::PORTABLE, plan, size(), planes, elements, fill).map(|_| ())
        };
        let count = |what, given, expected| Err(Error::CountMismatch { what, given, expected });
        let (cutmix, cutout) = (plan(Method::CutMix, None), plan(Method::Cutout, None));
        assert_eq!(new(cutmix, 0, 3, Fill::Zero), count("planes", 0, 1));
        assert_eq!(new(cutmix, 1, 0, Fill::Zero), count("bytes of a pixel", 0, 1));
        assert_eq!(new(cutout, 2, 3, Fill::Constant(&[1; 5])), count("fill values", 5, 6));
        assert_eq!(new(cutout, 2, 3, Fill::Constant(&[1; 6])), Ok(()));
        assert_eq!(new(cutmix, 2, 3, Fill::Constant(&[1; 5])), Ok(()), "nothing is filled");
        assert!(matches!(new(cutmix, 1, u32::MAX, Fill::Zero), Err(Error::TooLarge { .. })));
        let lying = SamplePlan { kept: KeptRatio::ONE, ..cutmix };
        assert_eq!(new(lying, 1, 3, Fill::Zero), Err(Error::RatioNotOfBox { sample: 0 }));
    }
}
