#![no_std]
#![no_main]
#![forbid(unsafe_code)]
//! Calls every public function of the core with values that the compiler does not know: the image may hold no panic.
//! Formatting is left out, since `core::fmt` of floats panics by itself; `Level::assume` too, which is unsafe to call.

use core::hint::black_box as any;

use cutmix_core::draw::uniform;
use cutmix_core::frame::{self, Format, FrameView, FrameViewMut};
use cutmix_core::geometry::{self, Grid, WeightGrid};
use cutmix_core::label::{self, PairLabel, Smoothing};
use cutmix_core::ops::{self, Blend, Fill, Frame, NoiseRange, batch};
use cutmix_core::plan::{BatchConfig, Extent, Methods, Pairing, PlanSlot, Samples, Scope};
use cutmix_core::view::{BatchLayout, BatchView, BatchViewMut, Layout};
use cutmix_core::{
    BatchKey, BatchPlan, Beta, BoxRule, Centre, Error, ImageView, ImageViewMut, KeptRatio, Level, Method, PatchBox,
    PlanConfig, SampleKey, SamplePlan, Size,
};
use cutmix_size::Memory;

fn geometry_all() -> Result<(PatchBox, Size, KeptRatio), Error> {
    let size = Size::new(any(96), any(96))?;
    any((size.width(), size.height(), size.total()));
    let patch = PatchBox::new(any(1), any(2), any(30), any(40))?;
    any((
        patch.x0(),
        patch.y0(),
        patch.x1(),
        patch.y1(),
        patch.width(),
        patch.height(),
        patch.area(),
        patch.is_empty(),
    ));
    any((patch.contains(any(3), any(4)), patch.fits(size), patch.checked_in(size)?, patch.row_span(any(5))));
    any(patch.intersection(PatchBox::full(size)));
    let grid = Grid::new(any(2), any(2))?;
    any((patch.snap(grid, size)?, patch.subsample(grid), grid.subsample(size)));
    let kept = KeptRatio::of(patch, size)?;
    any((KeptRatio::new(any(1), any(2))?, kept.kept(), kept.total(), kept.to_f64(), kept.weights()));
    any(kept.same_value(any(KeptRatio::ONE)));
    let weights = any(WeightGrid::Q15);
    any((weights.denominator(), weights.weight(any(0.3))?));
    let mut mask = any([0; 4096]);
    geometry::mask_bytes(patch, size, &mut mask)?;
    any(geometry::mask_bits_row_bytes(size));
    geometry::mask_bits(patch, size, &mut mask)?;
    any(&mask);
    for rule in any(BoxRule::ALL) {
        let centre = Centre { x: any(4.5), y: any(5.5) };
        any((rule.name(), rule.patch_box(any(0.5), centre, size)?, rule.span(any(0.5), any(1.5), any(9))?));
        any(rule.fixed_box(any(3), any(4), centre, size)?);
    }
    Ok((patch, size, kept))
}

fn plans_all(size: Size, slots: &mut [PlanSlot; 4]) -> Result<(), Error> {
    let key = any(SampleKey::default());
    let batch = any(BatchKey::default());
    let mut rng = key.rng();
    any((uniform::unit(&mut rng), uniform::unit_positive(&mut rng), uniform::below(&mut rng, any(7)), key.noise()));
    for mut rng in [batch.rng(), batch.pairing_rng(), batch.pair_rng(any(1))] {
        any(Beta::new(any(0.3), any(1.4))?.sample(&mut rng));
        any((Beta::symmetric(any(0.2))?.sample(&mut rng), any(Beta::UNIFORM).shape()));
    }
    let config = PlanConfig::cutmix(size)
        .with_methods(any(Methods::Switch { cutmix: 0.5 }))?
        .with_alpha(any(0.2))?
        .with_betas(any(Beta::UNIFORM), any(Beta::UNIFORM))
        .with_rule(any(BoxRule::Official))
        .with_extent(any(Extent::MinMax { min: 0.1, max: 0.2 }))?
        .with_probability(any(0.5))?
        .with_grid(any(WeightGrid::Q24))
        .with_partners(any(9));
    for config in any([config, PlanConfig::mixup(size), PlanConfig::cutout(size), PlanConfig::kaggle(size, any(0.5))?])
    {
        any((config.size(), config.methods(), config.cutmix_alpha(), config.mixup_alpha(), config.rule()));
        any((config.extent(), config.probability(), config.grid(), config.partners()));
        let plan = SamplePlan::draw(key, &config);
        any((
            SamplePlan::draw_uniform(key, &config)?,
            plan.label_ratio(),
            plan.leaves_base(any(1)),
            plan.method.name(),
        ));
        any((plan.window(size, any(PatchBox::full(size)))?, plan.check(size, any(0))?));
        for samples in any([Samples::Range { first: 1, len: 4 }, Samples::Listed(&[1, 2, 3, 4])]) {
            any((samples.len(), samples.is_empty(), samples.index(any(1))));
            for pairing in
                any([Pairing::Roll, Pairing::Derangement, Pairing::WithReplacement, Pairing::Given(&[3, 2, 1, 0])])
            {
                let config = BatchConfig { plan: config, scope: any(Scope::Pair), pairing };
                any(BatchPlan::draw_slots(batch, &config, samples, slots)?.len());
                let plan = BatchPlan::draw(batch, &config, samples, slots)?;
                any((plan.len(), plan.is_empty(), plan.size(), plan.get(any(2)), plan.iter().count()));
            }
        }
    }
    any(BatchConfig::kaggle(size, any(0.5))?);
    for slot in slots {
        *slot = PlanSlot::new(*any(&*slot).plan());
    }
    Ok(())
}

fn layouts_all(size: Size) -> Result<Layout, Error> {
    let all = [
        Layout::new(size, any(3), any(1), any(96), any(9216), any(0))?,
        Layout::nhwc(size, any(3), any(1))?,
        Layout::nchw(size, any(3), any(1))?,
        Layout::nc4hw4(size, any(3), any(1))?,
    ];
    for layout in any(all) {
        let layout = layout.with_row_pitch(any(400))?.with_plane_pitch(any(40000))?.with_origin(any(8))?.bottom_up();
        let layout = layout.crop(any(PatchBox::full(size)))?;
        any((layout.size(), layout.planes(), layout.pixel_bytes(), layout.row_bytes(), layout.row_pitch()));
        any((layout.plane_pitch(), layout.origin(), layout.buffer_bytes()));
    }
    Layout::nhwc(size, any(3), any(1))
}

fn pixels_all<T: Blend>(a: &mut [T], b: &mut [T], patch: PatchBox, size: Size, value: T) -> Result<(), Error> {
    let level = Level::from_name(any("portable")).unwrap_or(Level::detect());
    any((level.name(), Level::available()));
    let values = any([value; 3]);
    let fills = [Fill::Zero, Fill::Constant(&values), Fill::Noise(NoiseRange { lo: any(0.0), hi: any(1.0) })];
    let key = any(SampleKey::default()).noise();
    let weight = T::GRID.weight(any(0.3))?;
    let spare = any([value; 48]);
    {
        let small = Size::new(any(4), any(4))?;
        let mut out = ImageViewMut::nhwc(&mut *a, small, 3)?;
        let (base, donor) = (ImageView::nhwc(&spare, small, 3)?, ImageView::nhwc(&spare, small, 3)?);
        any(ops::cutmix_into(level, &mut out, &base, &donor, patch)?);
        ops::mixup_into(level, &mut out, &base, &donor, weight)?;
    }
    let mut first = ImageViewMut::new(&mut *a, Layout::nhwc(size, 3, any(1))?)?;
    let mut second = ImageViewMut::nchw(&mut *b, size, 3)?;
    any(ops::cutmix_in_place(level, &mut first, &second.as_view(), patch)?);
    any(ops::cutmix_exchange(level, &mut first, &mut second, patch)?);
    ops::mixup_in_place(level, &mut first, &second.as_view(), weight)?;
    for fill in any(fills) {
        any(ops::cutout(level, &mut first, patch, fill, key, Frame::whole(size))?);
    }
    any(first.reborrow().crop(patch)?.layout());
    any((first.layout(), first.size(), first.as_view().crop(patch)?.row(any(0), any(1)).is_some()));
    any((first.as_view().layout(), first.as_view().size(), ImageView::nchw(&spare, any(size), 3)?.size()));
    any(ImageView::new(&spare, any(*first.layout()))?.size());
    if let Ok((top, bottom)) = first.split_rows(any(3)) {
        any((top.size(), bottom.size()));
    }
    if let Ok((some, others)) = second.split_planes(any(1)) {
        any((some.size(), others.size()));
    }
    let (row, donor) = (any(&mut *a), any(&*b));
    ops::cutmix_row(level, row, donor, any(3), patch, any(4))?;
    ops::mixup_row(level, row, donor, weight)?;
    for fill in any(fills) {
        ops::cutout_row(level, row, any(3), patch, (any(0), any(4), any(96)), fill, key)?;
    }
    Ok(())
}

fn batches_all<T: Blend>(a: &mut [T], b: &[T], slots: &mut [PlanSlot; 4], scratch: &mut [u8]) -> Result<(), Error> {
    let layout =
        BatchLayout::new(Layout::nhwc(Size::new(any(48), any(48))?, 3, size_of::<T>() as u32)?, any(6912), any(4))?;
    any((BatchLayout::dense(*layout.sample(), any(4))?, layout.sample_pitch(), layout.len(), layout.is_empty()));
    any(layout.buffer_bytes());
    let plan = BatchPlan::from_slots(layout.sample().size(), slots)?;
    let level = any(Level::PORTABLE);
    let input = BatchView::new(b, layout)?;
    let mut out = BatchViewMut::new(a, layout)?;
    any((input.layout(), input.get(any(1)).is_some(), out.layout()));
    any(out.get_mut(any(1)).is_some());
    any(out.get_two_mut(any(1), any(2)).is_some());
    for fill in any([Fill::Zero, Fill::Noise(NoiseRange::default())]) {
        batch::mix_into(level, &mut out, &input, &plan, fill)?;
        batch::paste_into(level, &mut out, &input, &plan, fill)?;
        batch::mix_in_place(level, &mut out, &plan, fill)?;
        batch::mix_in_place_with(level, &mut out, &plan, fill, scratch)?;
        batch::paste_in_place(level, &mut out, &plan, fill)?;
        batch::paste_in_place_with(level, &mut out, &plan, fill, scratch)?;
        let mut images = out.iter_mut();
        if let (Some(one), Some(two)) = (images.next(), images.next()) {
            batch::mix_images_in_place(level, &mut [one, two], &plan, fill, Frame::whole(plan.size()), scratch)?;
        }
    }
    Ok(())
}

fn frames_all(a: &mut [u8], b: &[u8], drawn: SamplePlan) -> Result<(), Error> {
    let (level, size) = (any(Level::PORTABLE), Size::new(any(8), any(6))?);
    let grid = any(Grid::YUV420).common(any(Grid::BAYER))?;
    any((grid.x(), grid.y()));
    let format = Format::new(any([Grid::PIXEL, Grid::YUV420]), any([1, 2]))?.with_grid(grid)?;
    any((format.grid(), format.cells(), format.elements(), format.blends(), format.copied_only()));
    any(format.layout(any(1), size, any(1))?);
    let plan = drawn.snap(grid, size)?;
    any((plan.subsample(grid, size)?, plan.patch.is_on(grid, size), plan.patch.checked_on(grid, size)?));
    let (donor_luma, donor_chroma) = b.split_at_checked(any(48)).unwrap_or_default();
    let (luma, chroma) = a.split_at_mut_checked(any(48)).unwrap_or_default();
    let donor = FrameView::of_planes(format, size, [(donor_luma, any(8)), (donor_chroma, any(8))])?;
    let donor = FrameView::new(*donor.format(), donor.size(), *donor.planes())?.crop(any(PatchBox::full(size)))?;
    let mut base = FrameViewMut::of_planes(format, size, [(luma, any(8)), (chroma, any(8))])?;
    any((*base.format(), base.size(), base.planes_mut().len(), base.as_view().size()));
    any(frame::cutmix_in_place(level, &mut base, &donor, plan.patch)?);
    any(frame::cutmix_into(level, &mut base, &donor, &donor, plan.patch)?);
    any(frame::cutout(level, &mut base, plan.patch, &any([16, 128, 128]))?);
    frame::mixup_in_place(level, &mut base, &donor, WeightGrid::Q15.weight(any(0.5))?)?;
    any(base.crop(any(PatchBox::full(size)))?.size());
    let mixer = ops::LineMixer::<u8>::new(level, drawn, size, any(1), any(1), any(Fill::Zero))?;
    let (mut row, donor) = (any([0; 8]), any([1; 8]));
    any((mixer.changes(any(2)), mixer.needs_donor(any(2))));
    mixer.mix(any(0), any(2), &mut row, &donor)?;
    mixer.paste(any(0), any(2), &mut row, &donor)?;
    any(&row);
    Ok(())
}

fn labels_all(slots: &mut [PlanSlot; 4], size: Size, kept: KeptRatio) -> Result<(), Error> {
    let (mut out, rows) = (any([0.0; 40]), any([0.1; 40]));
    let smoothing = Smoothing::new(any(0.1))?;
    any(PairLabel { y_a: any(1), y_b: any(2), ratio: kept }.weights());
    let (some, classes) = (out.get_mut(..any(10)).unwrap_or_default(), any(10));
    label::mix_rows(
        any(Level::PORTABLE),
        some,
        rows.get(..any(10)).unwrap_or_default(),
        rows.get(any(10)..).unwrap_or_default(),
        kept,
    )?;
    label::mix_ids(some, any(1), any(2), kept, smoothing)?;
    let plan = BatchPlan::from_slots(size, slots)?;
    label::mix_batch_rows(any(Level::PORTABLE), &mut out, &rows, classes, &plan)?;
    label::mix_batch_ids(&mut out, any(&[0, 1, 2, 3]), classes, smoothing, &plan)?;
    any(&out);
    Ok(())
}

#[inline(never)]
fn everything(_: &mut Memory, slots: &mut [PlanSlot; 4], _: u64) -> Result<(), Error> {
    let (patch, size, kept) = geometry_all()?;
    any(any(Method::CutMix).name());
    plans_all(size, slots)?;
    any(layouts_all(size)?);
    let mut scratch = any([0; 64]);
    let (a, b) = (&mut any([0_u8; 96])[..], &mut any([0_u8; 96])[..]);
    pixels_all(a, b, patch, size, any(1))?;
    batches_all(a, b, slots, &mut scratch)?;
    frames_all(a, b, any(SamplePlan::draw(SampleKey::default(), &PlanConfig::cutmix(size))))?;
    let (a, b) = (&mut any([0_u16; 96])[..], &mut any([0_u16; 96])[..]);
    pixels_all(a, b, patch, size, any(1))?;
    batches_all(a, b, slots, &mut scratch)?;
    let (a, b) = (&mut any([0_f32; 96])[..], &mut any([0_f32; 96])[..]);
    pixels_all(a, b, patch, size, any(1.0))?;
    batches_all(a, b, slots, &mut scratch)?;
    labels_all(slots, size, kept)
}

#[cortex_m_rt::entry]
fn main() -> ! {
    static mut MEMORY: Memory = Memory::new();
    static mut SLOTS: [PlanSlot; 4] = [PlanSlot::EMPTY; 4];
    cutmix_size::run(everything, MEMORY, SLOTS)
}
