//! Frames of up to three planes with any cells, values and further grid: the common grid found by counting, each plane against
//! the reference over whole buffers, the same by windows and by lines; a box off the grid and every mistake is refused and
//! writes nothing.

use arbitrary::Arbitrary;
use bytemuck::Pod;
use cutmix_core::frame::{self, Format, FrameView, FrameViewMut};
use cutmix_core::ops::{Fill, LineMixer};
use cutmix_core::{Error, Grid, ImageView, ImageViewMut, KeptRatio, Layout, Level, Method, PatchBox, SamplePlan, Size};
use cutmix_verify::reference::{self, Image};

use crate::Outcome;
use crate::pixels::{Element, inside, level, painted, put, same_bits, same_numbers, spec, to_reference};

#[derive(Arbitrary, Clone, Copy, Debug)]
struct Plane {
    cell: [u8; 2],
    elements: u8,
    /// Values between rows and before the first, of the base and of the donor.
    pads: [u8; 2],
    origins: [u8; 2],
    bottom_up: [bool; 2],
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Mistake {
    /// The donor is a column or a row longer.
    Donor { higher: bool },
    /// So many values more or fewer than a colour has.
    Colour(i8),
    /// The box reaches outside by so much.
    Box { x: u8, y: u8 },
    /// The buffer of a plane is a value too short, or its rows overlap by one.
    Memory { plane: u8, pitch: bool },
}

#[derive(Arbitrary, Debug)]
struct Input {
    element: u8,
    level: u8,
    count: u8,
    planes: [Plane; 3],
    further: [u8; 2],
    copied_only: bool,
    size: [u8; 2],
    corners: [u8; 4],
    window: [u8; 4],
    weight: u32,
    seed: u64,
    mistake: Option<Mistake>,
}

pub(crate) fn check(data: &[u8]) -> Outcome {
    let Some(input) = crate::read::<Input>(data) else { return Outcome::Malformed };
    match (input.element % 3, input.count % 3) {
        (0, 0) => planes::<u8, 1>(&input),
        (0, 1) => planes::<u8, 2>(&input),
        (0, _) => planes::<u8, 3>(&input),
        (1, 0) => planes::<u16, 1>(&input),
        (1, 1) => planes::<u16, 2>(&input),
        (1, _) => planes::<u16, 3>(&input),
        (_, 0) => planes::<f32, 1>(&input),
        (_, 1) => planes::<f32, 2>(&input),
        _ => planes::<f32, 3>(&input),
    }
}

/// The smallest step on which all others end; each of the four is at most 5.
fn common(steps: &[u32]) -> u32 {
    (1..=5_u32.pow(4)).find(|all| steps.iter().all(|&step| all.is_multiple_of(step))).expect("at most their product")
}

fn planes<T: Element, const N: usize>(input: &Input) -> Outcome {
    let own: [Plane; N] = core::array::from_fn(|i| input.planes[i]);
    let steps = |cell: [u8; 2]| cell.map(|step| 1 + u32::from(step) % 5);
    let (cells, further) = (own.map(|plane| steps(plane.cell)), steps(input.further));
    let grid = |[x, y]: [u32; 2]| Grid::new(x, y).expect("steps of at least 1");
    let elements = own.map(|plane| u32::from(plane.elements) % 6);
    let format = match Format::new(cells.map(grid), elements).and_then(|format| format.with_grid(grid(further))) {
        Ok(format) => format,
        Err(error) => {
            let none = Error::CountMismatch { what: "elements of a sample", given: 0, expected: 1 };
            assert!(error == none && elements.contains(&0), "{error}: {input:?}");
            return Outcome::Refused;
        }
    };
    let all = [0, 1].map(|axis| {
        let steps: Vec<u32> = cells.iter().chain([&further]).map(|cell| cell[axis]).collect();
        common(&steps)
    });
    assert_eq!([format.grid().x(), format.grid().y()], all, "{input:?}");
    let format = if input.copied_only { format.copied_only() } else { format };
    assert_eq!(format.blends(), !input.copied_only);
    Case::<T, N>::new(input, format).check()
}

/// Three frames: the base's and the output's memory are alike, the donor's has pitches of its own.
struct Case<'i, T, const N: usize> {
    input: &'i Input,
    format: Format<N>,
    size: Size,
    level: Level,
    layouts: [[Layout; N]; 3],
    data: [[Vec<T>; N]; 3],
    images: [[Image<T>; N]; 2],
}

fn layouts<T: Element, const N: usize>(input: &Input, format: &Format<N>, size: Size, which: usize) -> [Layout; N] {
    core::array::from_fn(|i| {
        let plane = input.planes[i];
        let place = (u32::from(plane.origins[which]) % 9, u32::from(plane.pads[which]) % 7, plane.bottom_up[which]);
        plane_layout(size, format.cells()[i], format.elements()[i], size_of::<T>() as u32, place)
    })
}

// What the property tests of cutmix-verify share with this oracle.
include!("../../cutmix-verify/tests/support/frames.rs");

impl<'i, T: Element, const N: usize> Case<'i, T, N> {
    fn new(input: &'i Input, format: Format<N>) -> Self {
        let [width, height] = input.size.map(|side| 1 + u32::from(side) % 23);
        let size = Size::new(width, height).expect("sides of at least 1");
        let layouts = [0, 1, 0].map(|which| layouts::<T, N>(input, &format, size, which));
        let mut seed = input.seed;
        let data = layouts.each_ref().map(|frame| {
            frame.each_ref().map(|plane| {
                seed = seed.wrapping_add(1);
                painted::<T>(plane.buffer_bytes(), seed)
            })
        });
        let images = [0, 1].map(|which| core::array::from_fn(|i| to_reference(&data[which][i], &layouts[which][i])));
        Self { input, format, size, level: level(input.level), layouts, data, images }
    }

    fn view(&self, which: usize) -> FrameView<'_, T, N> {
        reading(self.format, self.size, &self.data[which], &self.layouts[which])
    }

    /// Runs an operation on a copy of a frame's memory.
    fn written<R>(&self, which: usize, run: impl FnOnce(&mut FrameViewMut<'_, T, N>) -> R) -> ([Vec<T>; N], R) {
        let mut data = self.data[which].clone();
        let result = run(&mut writing(self.format, self.size, &mut data, &self.layouts[which]));
        (data, result)
    }

    /// The memory of a frame with other images in it.
    fn with(&self, which: usize, images: &[Image<T>; N]) -> [Vec<T>; N] {
        core::array::from_fn(|i| {
            let mut data = self.data[which][i].clone();
            put(&mut data, &self.layouts[which][i], &images[i]);
            data
        })
    }

    fn expect_bits(&self, what: &str, got: &[Vec<T>; N], want: &[Vec<T>; N]) {
        for (plane, (got, want)) in got.iter().zip(want).enumerate() {
            assert!(same_bits(got, want), "{what}: plane {plane} is not the reference: {:?}", self.input);
        }
    }

    /// An operation on the base that has to be refused with nothing written.
    fn expect_refused<R: PartialEq + core::fmt::Debug>(
        &self,
        error: Option<&Error>,
        run: impl FnOnce(&mut FrameViewMut<'_, T, N>) -> Result<R, Error>,
    ) {
        let (got, result) = self.written(0, run);
        match (result, error) {
            (Err(found), Some(error)) => assert_eq!(found, *error, "{:?}", self.input),
            (Err(_), None) => {}
            (Ok(_), _) => panic!("a mistake is taken: {:?}", self.input),
        }
        self.expect_bits("refused", &got, &self.data[0]);
    }

    fn mixed(&self, patch: PatchBox, size: Size, images: [&[Image<T>; N]; 2]) -> [Image<T>; N] {
        core::array::from_fn(|i| {
            let cell = self.format.cells()[i];
            let sides = (size.width(), size.height());
            reference::cutmix_plane(&images[0][i], &images[1][i], spec(patch), (cell.x(), cell.y()), sides)
        })
    }

    fn colour(&self, more: i8) -> Vec<T> {
        let values = self.format.elements().iter().sum::<u32>() as i32 + i32::from(more);
        let mut colour = painted::<T>(256 * size_of::<T>(), self.input.seed ^ 0x5555);
        colour.truncate(values.max(0) as usize);
        colour
    }

    fn check(self) -> Outcome {
        if let Some(mistake) = self.input.mistake {
            self.mistake(mistake);
            return Outcome::Refused;
        }
        let (size, grid) = (self.size, self.format.grid());
        let drawn = inside(size, self.input.corners);
        let patch = drawn.snap(grid, size).expect("a box within the frame");
        let sides = (size.width(), size.height());
        assert_eq!(spec(patch), reference::snap(spec(drawn), (grid.x(), grid.y()), sides), "{:?}", self.input);
        // Empty boxes too: they lie where they were drawn, on the grid or not.
        let ends = |edge: u32, step: u32, length: u32| edge.is_multiple_of(step) || edge == length;
        let on = [drawn.x0(), drawn.x1()].iter().all(|&x| ends(x, grid.x(), sides.0))
            && [drawn.y0(), drawn.y1()].iter().all(|&y| ends(y, grid.y(), sides.1));
        if !on {
            let off = Error::OffGrid { patch: drawn.into(), grid: grid.into(), size: size.into() };
            self.expect_refused(Some(&off), |base| frame::cutmix_in_place(self.level, base, &self.view(1), drawn));
            self.expect_refused(Some(&off), |base| frame::cutout(self.level, base, drawn, &self.colour(0)));
        }

        let mixed = self.mixed(patch, size, [&self.images[0], &self.images[1]]);
        let counted = reference::kept_pixels(spec(patch), sides);
        let (got, kept) = self.written(0, |base| frame::cutmix_in_place(self.level, base, &self.view(1), patch));
        self.expect_bits("in place", &got, &self.with(0, &mixed));
        let (got, into) =
            self.written(2, |out| frame::cutmix_into(self.level, out, &self.view(0), &self.view(1), patch));
        self.expect_bits("into another frame", &got, &self.with(2, &mixed));
        for kept in [kept, into] {
            assert_eq!(kept.map(|kept| (kept.kept(), kept.total())), Ok((counted, size.total())), "{:?}", self.input);
        }
        self.cutout(patch);
        self.mixup();
        self.window();
        self.lines(patch, &mixed);
        Outcome::Verified
    }

    fn cutout(&self, patch: PatchBox) {
        let colour = self.colour(0);
        let mut first = 0;
        let donors: [Image<T>; N] = core::array::from_fn(|i| {
            let image = &self.images[0][i];
            let values = &colour[first..first + image.elements as usize];
            first += values.len();
            Image::from_fn(1, (image.width, image.height), image.elements, |_, _, _, e| values[e as usize])
        });
        let filled = self.mixed(patch, self.size, [&self.images[0], &donors]);
        let (got, result) = self.written(0, |base| frame::cutout(self.level, base, patch, &colour));
        assert!(result.is_ok(), "{result:?}: {:?}", self.input);
        self.expect_bits("Cutout", &got, &self.with(0, &filled));
    }

    fn mixup(&self) {
        let denominator = T::GRID.denominator();
        let q = u64::from(self.input.weight) % (u64::from(denominator) + 1);
        let weight = KeptRatio::new(q, denominator.into()).expect("a weight on the grid");
        if !self.format.blends() {
            let error = Error::CopyOnly { sample: 0 };
            self.expect_refused(Some(&error), |base| frame::mixup_in_place(self.level, base, &self.view(1), weight));
            return;
        }
        let blended = core::array::from_fn(|i| T::mixup(&self.images[0][i], &self.images[1][i], q));
        let (got, result) = self.written(0, |base| frame::mixup_in_place(self.level, base, &self.view(1), weight));
        assert_eq!(result, Ok(()), "{:?}", self.input);
        let exact = q == 0 || q == u64::from(denominator);
        for (got, want) in got.iter().zip(&self.with(0, &blended)) {
            let same = if exact { same_bits(got, want) } else { same_numbers(got, want) };
            assert!(same, "Mixup with weight {weight} is not the reference: {:?}", self.input);
        }
    }

    /// A box in a window is the same box in the frame.
    fn window(&self) {
        let (grid, size) = (self.format.grid(), self.size);
        let window = inside(size, self.input.window).snap(grid, size).expect("a box within the frame");
        if window.is_empty() {
            assert!(self.view(0).crop(window).is_err(), "an empty window: {:?}", self.input);
            return;
        }
        let within = Size::new(window.width(), window.height()).expect("not empty");
        let patch = inside(within, self.input.corners).snap(grid, within).expect("a box within the window");
        let donor = self.view(1).crop(window).expect("a window on the grid");
        let (got, result) = self.written(0, |base| {
            let mut base = base.crop(window)?;
            frame::cutmix_in_place(self.level, &mut base, &donor, patch)
        });
        assert_eq!(result, KeptRatio::of(patch, within), "{:?}", self.input);
        let (x, y) = (window.x0(), window.y0());
        let moved = PatchBox::new(patch.x0() + x, patch.y0() + y, patch.x1() + x, patch.y1() + y).expect("in order");
        let mixed = self.mixed(if patch.is_empty() { patch } else { moved }, size, [&self.images[0], &self.images[1]]);
        self.expect_bits("a window", &got, &self.with(0, &mixed));
    }

    fn lines(&self, patch: PatchBox, mixed: &[Image<T>; N]) {
        let kept = KeptRatio::of(patch, self.size).expect("a box within the frame");
        let plan = SamplePlan { applied: true, method: Method::CutMix, patch, kept, ..SamplePlan::NOTHING };
        for (i, (want, cell)) in mixed.iter().zip(self.format.cells()).enumerate() {
            let own = plan.subsample(*cell, self.size).expect("a box on the grid of the plane");
            let (shape, elements) = (cell.subsample(self.size), self.format.elements()[i]);
            let mixer =
                LineMixer::<T>::new(self.level, own, shape, 1, elements, Fill::Zero).expect("a plan of the plane");
            let row = |image: &Image<T>, y: u32| -> Vec<T> {
                let values = (0..image.width).flat_map(|x| (0..image.elements).map(move |e| (x, e)));
                values.map(|(x, e)| image.at(0, y, x, e)).collect()
            };
            for y in 0..shape.height() {
                let (mut line, donor) = (row(&self.images[0][i], y), row(&self.images[1][i], y));
                let changed = !same_bits(&line, &row(want, y));
                assert!(mixer.needs_donor(y) || !changed, "row {y} of plane {i} needs its donor: {:?}", self.input);
                mixer.paste(0, y, &mut line, &donor).expect("rows of the plane");
                assert!(same_bits(&line, &row(want, y)), "row {y} of plane {i}: {:?}", self.input);
            }
        }
    }

    fn mistake(&self, mistake: Mistake) {
        let patch = PatchBox::full(self.size);
        match mistake {
            Mistake::Donor { higher } => {
                let (w, h) = (self.size.width(), self.size.height());
                let other = if higher { Size::new(w, h + 1) } else { Size::new(w + 1, h) }.expect("longer by one");
                let layouts = layouts::<T, N>(self.input, &self.format, other, 1);
                let mut data = layouts.each_ref().map(|plane| painted::<T>(plane.buffer_bytes(), self.input.seed));
                let donor = writing(self.format, other, &mut data, &layouts);
                let donor = donor.as_view();
                let weight = KeptRatio::new(1, T::GRID.denominator().into()).expect("a weight on the grid");
                self.expect_refused(None, |base| frame::cutmix_in_place(self.level, base, &donor, patch));
                self.expect_refused(None, |base| frame::mixup_in_place(self.level, base, &donor, weight));
                self.expect_refused(None, |base| frame::cutmix_into(self.level, base, &self.view(1), &donor, patch));
                self.expect_refused(None, |base| frame::cutmix_into(self.level, base, &donor, &self.view(1), patch));
            }
            Mistake::Colour(more) => {
                let colour = self.colour(if more == 0 { 1 } else { more });
                self.expect_refused(None, |base| frame::cutout(self.level, base, patch, &colour));
            }
            Mistake::Box { x, y } => {
                let (x, y) = (u32::from(x), u32::from(y) + u32::from(x == 0));
                let patch = PatchBox::new(0, 0, self.size.width() + x, self.size.height() + y).expect("in order");
                self.expect_refused(None, |base| frame::cutmix_in_place(self.level, base, &self.view(1), patch));
                self.expect_refused(None, |base| frame::cutout(self.level, base, patch, &self.colour(0)));
            }
            Mistake::Memory { plane, pitch } => {
                let broken = usize::from(plane) % N;
                let planes = core::array::from_fn(|i| {
                    let layout =
                        self.format.layout(i, self.size, size_of::<T>() as u32).expect("a plane of the format");
                    let (values, row) = (layout.buffer_bytes() / size_of::<T>(), layout.row_bytes() as isize);
                    // A single row overlaps nothing, whatever the pitch; then it is the buffer that is short.
                    let by_pitch = pitch && layout.size().height() > 1;
                    let short = usize::from(i == broken && !by_pitch);
                    let overlap = if i == broken && by_pitch { size_of::<T>() as isize } else { 0 };
                    (&self.data[0][i][..values - short], row - overlap)
                });
                let taken = FrameView::of_planes(self.format, self.size, planes);
                assert!(taken.is_err(), "plane {broken} has too little memory: {:?}", self.input);
            }
        }
    }
}
