//! The operations on one pair against the reference: any layouts, boxes, weights and fills, `u8`, `u16` and `f32`.
//! Whole buffers are compared, so padding is held to the byte; what cannot be done is refused and writes nothing.

use arbitrary::Arbitrary;
use cutmix_core::ops::{self, Fill, Frame, NoiseRange};
use cutmix_core::{
    Error, ImageView, ImageViewMut, KeptRatio, Layout, Level, NoiseKey, PatchBox, SamplePlan, Size, WeightGrid,
};
use cutmix_verify::reference::{self, Image};

use crate::Outcome;
use crate::pixels::{
    Element, Format, Memory, Shape, cutout, inside, layout, level, painted, put, same_bits, same_numbers, spec,
    to_reference,
};

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Operation {
    CutMix,
    Exchange,
    Mixup {
        q: u32,
    },
    Cutout {
        words: [u32; 2],
        range: [f32; 2],
        window: [u8; 4],
    },
    Rows {
        q: u32,
        words: [u32; 2],
    },
    /// The donor has another shape, or the box reaches outside: both are mistakes.
    Mistake {
        donor: Shape,
        format: Format,
        corners: [u8; 4],
        denominator: u32,
    },
}

#[derive(Arbitrary, Debug)]
struct Input {
    operation: Operation,
    element: u8,
    level: u8,
    shape: Shape,
    format: Format,
    memory: [Memory; 3],
    corners: [u8; 4],
    seed: u64,
}

pub(crate) fn check(data: &[u8]) -> Outcome {
    let Some(input) = crate::read::<Input>(data) else { return Outcome::Malformed };
    match input.element % 3 {
        0 => Case::<u8>::new(&input).check(),
        1 => Case::<u16>::new(&input).check(),
        _ => Case::<f32>::new(&input).check(),
    }
}

/// Two images and an output, with what the reference needs of them.
struct Case<'i, T> {
    input: &'i Input,
    level: Level,
    size: Size,
    patch: PatchBox,
    layouts: [Layout; 3],
    data: [Vec<T>; 3],
    images: [Image<T>; 2],
}

impl<'i, T: Element> Case<'i, T> {
    fn new(input: &'i Input) -> Self {
        let layouts = input.memory.map(|memory| layout(input.shape, input.format, memory, size_of::<T>()));
        let mut seed = input.seed;
        let data = layouts.map(|layout| {
            seed = seed.wrapping_add(1);
            painted::<T>(layout.buffer_bytes(), seed)
        });
        let images = [to_reference(&data[0], &layouts[0]), to_reference(&data[1], &layouts[1])];
        let size = input.shape.size();
        let patch = inside(size, input.corners);
        Self { input, level: level(input.level), size, patch, layouts, data, images }
    }

    fn check(self) -> Outcome {
        match self.input.operation {
            Operation::CutMix => self.cutmix(),
            Operation::Exchange => self.exchange(),
            Operation::Mixup { q } => self.mixup(u64::from(q) % (u64::from(T::GRID.denominator()) + 1)),
            Operation::Cutout { words, range: [lo, hi], window } => {
                self.cutout(NoiseKey { words }, NoiseRange { lo, hi }, window);
            }
            Operation::Rows { q, words } => self.rows(q % (T::GRID.denominator() + 1), NoiseKey { words }),
            Operation::Mistake { donor, format, corners, denominator } => {
                return self.mistake(donor, format, corners, denominator);
            }
        }
        Outcome::Verified
    }

    /// Buffer `i` with an image put into its rows.
    fn with(&self, i: usize, image: &Image<T>) -> Vec<T> {
        let mut data = self.data[i].clone();
        put(&mut data, &self.layouts[i], image);
        data
    }

    fn view(&self, i: usize) -> ImageView<'_, T> {
        ImageView::new(&self.data[i], self.layouts[i]).expect("a buffer of the layout's length")
    }

    /// Runs an operation on a copy of buffer `i`.
    fn written<R>(&self, i: usize, run: impl FnOnce(&mut ImageViewMut<'_, T>) -> R) -> (Vec<T>, R) {
        let mut data = self.data[i].clone();
        let mut view = ImageViewMut::new(&mut data, self.layouts[i]).expect("a buffer of the layout's length");
        let result = run(&mut view);
        (data, result)
    }

    fn expect_bits(&self, what: &str, got: &[T], want: &[T]) {
        assert!(same_bits(got, want), "{what} is not the reference: box {}, {:?}", self.patch, self.input);
    }

    /// The ratio that counts the pixels of the box.
    fn expect_ratio(&self, ratio: Result<KeptRatio, Error>) {
        let kept = reference::kept_pixels(spec(self.patch), (self.size.width(), self.size.height()));
        assert_eq!(ratio.map(|r| (r.kept(), r.total())), Ok((kept, self.size.total())), "{:?}", self.input);
    }

    fn cutmix(&self) {
        let mixed = reference::cutmix(&self.images[0], &self.images[1], spec(self.patch));
        let (got, ratio) = self.written(0, |base| ops::cutmix_in_place(self.level, base, &self.view(1), self.patch));
        self.expect_bits("CutMix in place", &got, &self.with(0, &mixed));
        self.expect_ratio(ratio);
        let (got, ratio) =
            self.written(2, |out| ops::cutmix_into(self.level, out, &self.view(0), &self.view(1), self.patch));
        self.expect_bits("CutMix into a third image", &got, &self.with(2, &mixed));
        self.expect_ratio(ratio);
    }

    fn exchange(&self) {
        let mixed = reference::cutmix(&self.images[0], &self.images[1], spec(self.patch));
        let other = reference::cutmix(&self.images[1], &self.images[0], spec(self.patch));
        let (first, (second, ratio)) =
            self.written(0, |a| self.written(1, |b| ops::cutmix_exchange(self.level, a, b, self.patch)));
        self.expect_bits("the first of an exchange", &first, &self.with(0, &mixed));
        self.expect_bits("the second of an exchange", &second, &self.with(1, &other));
        self.expect_ratio(ratio);
    }

    fn mixup(&self, q: u64) {
        let weight = KeptRatio::new(q, T::GRID.denominator().into()).expect("a weight on the grid");
        let mixed = T::mixup(&self.images[0], &self.images[1], q);
        let (got, result) = self.written(0, |base| ops::mixup_in_place(self.level, base, &self.view(1), weight));
        let (other, into) =
            self.written(2, |out| ops::mixup_into(self.level, out, &self.view(0), &self.view(1), weight));
        assert_eq!((result, into), (Ok(()), Ok(())), "{:?}", self.input);
        for (what, got, i) in [("in place", got, 0), ("into a third image", other, 2)] {
            let want = self.with(i, &mixed);
            // At both ends of the grid nothing is computed, so NaNs too keep their bits.
            let same = if q == 0 || weight.kept() == weight.total() {
                same_bits(&got, &want)
            } else {
                same_numbers(&got, &want)
            };
            assert!(same, "Mixup {what} with weight {weight} is not the reference: {:?}", self.input);
        }
    }

    fn cutout(&self, key: NoiseKey, range: NoiseRange, window: [u8; 4]) {
        let image = &self.images[0];
        let constants: Vec<T> = painted(64 * size_of::<T>(), self.input.seed ^ 1);
        let constants = &constants[..(image.planes * image.elements) as usize];
        for fill in [Fill::Zero, Fill::Constant(constants), Fill::Noise(range)] {
            let want = self.with(0, &cutout(image, self.patch, fill, key));
            let frame = Frame::whole(self.size);
            let (got, ratio) = self.written(0, |view| ops::cutout(self.level, view, self.patch, fill, key, frame));
            assert!(same_numbers(&got, &want), "Cutout with {fill:?}: box {}, {:?}", self.patch, self.input);
            self.expect_ratio(ratio);
            // The same through two windows that share no row: tiles get the noise of the whole.
            let cut = inside(self.size, window).y0();
            let plan = SamplePlan { patch: self.patch, ..SamplePlan::NOTHING };
            let (got, ()) = self.written(0, |view| {
                for (from, to) in [(0, cut), (cut, self.size.height())] {
                    let tile = PatchBox::new(0, from, self.size.width(), to).expect("rows in order");
                    let Ok(view) = view.reborrow().crop(tile) else { continue };
                    let patch = plan.window(self.size, tile).expect("a window within the image").patch;
                    let frame = Frame { whole: self.size, x: 0, y: from };
                    ops::cutout(self.level, &mut { view }, patch, fill, key, frame).expect("a part of the box");
                }
            });
            assert!(same_numbers(&got, &want), "Cutout in two windows with {fill:?}, cut at {cut}: {:?}", self.input);
        }
    }

    /// Row by row, in dense interleaved memory.
    fn rows(&self, q: u32, key: NoiseKey) {
        let channels = self.input.shape.channels();
        let dense = Layout::nhwc(self.size, channels, size_of::<T>() as u32).expect("a small image");
        let [base, donor] = [1, 2].map(|by| painted::<T>(dense.buffer_bytes(), self.input.seed.wrapping_add(by)));
        let images = [to_reference(&base, &dense), to_reference(&donor, &dense)];
        let weight = KeptRatio::new(q.into(), T::GRID.denominator().into()).expect("a weight on the grid");
        let fill = Fill::Noise(NoiseRange { lo: -1.5, hi: 2.25 });
        let mut got = [base.clone(), base.clone(), base.clone()];
        let row = (self.size.width() * channels) as usize;
        for y in (0..self.size.height()).rev() {
            let span = y as usize * row..(y as usize + 1) * row;
            let from = &donor[span.clone()];
            let results = [
                ops::cutmix_row(self.level, &mut got[0][span.clone()], from, channels, self.patch, y),
                ops::mixup_row(self.level, &mut got[1][span.clone()], from, weight),
                ops::cutout_row(
                    self.level,
                    &mut got[2][span],
                    channels,
                    self.patch,
                    (0, y, self.size.height()),
                    fill,
                    key,
                ),
            ];
            assert_eq!(results, [Ok(()); 3], "{:?}", self.input);
        }
        let want = [
            reference::cutmix(&images[0], &images[1], spec(self.patch)),
            T::mixup(&images[0], &images[1], q.into()),
            cutout(&images[0], self.patch, fill, key),
        ];
        for (what, (got, want)) in ["CutMix", "Mixup", "Cutout"].into_iter().zip(got.iter().zip(&want)) {
            let mut data = base.clone();
            put(&mut data, &dense, want);
            assert!(same_numbers(got, &data), "{what} by rows: box {}, {:?}", self.patch, self.input);
        }
    }

    /// What does not belong together is refused before anything is written; what does is done.
    fn mistake(&self, donor: Shape, format: Format, corners: [u8; 4], denominator: u32) -> Outcome {
        let other = layout(donor, format, self.input.memory[1], size_of::<T>());
        let data = painted::<T>(other.buffer_bytes(), self.input.seed);
        let view = ImageView::new(&data, other).expect("a buffer of the layout's length");
        let mine = &self.layouts[0];
        let fits =
            (other.size(), other.planes(), other.pixel_bytes()) == (mine.size(), mine.planes(), mine.pixel_bytes());
        let [x0, y0, x1, y1] = corners.map(u32::from);
        let ordered = x0 <= x1 && y0 <= y1;
        let patch = PatchBox::new(x0, y0, x1, y1);
        assert_eq!(patch.is_ok(), ordered, "{corners:?}");
        let Ok(patch) = patch else { return Outcome::Refused };
        let empty = x0 == x1 || y0 == y1;
        let within = empty || (x1 <= self.size.width() && y1 <= self.size.height());
        let (got, result) = self.written(0, |base| ops::cutmix_in_place(self.level, base, &view, patch));
        assert_eq!(result.is_ok(), fits && within, "{result:?} for {:?}", self.input);
        assert!(result.is_ok() || same_bits(&got, &self.data[0]), "a refused CutMix wrote: {:?}", self.input);
        let weight = KeptRatio::new(u64::from(denominator / 2), denominator.into());
        assert_eq!(weight.is_ok(), denominator > 0);
        if let Ok(weight) = weight {
            let on_grid = [WeightGrid::Q15, WeightGrid::Q24]
                .iter()
                .any(|grid| *grid == T::GRID && grid.denominator() == denominator);
            let (got, result) = self.written(0, |base| ops::mixup_in_place(self.level, base, &view, weight));
            assert_eq!(result.is_ok(), fits && on_grid, "{result:?} for {:?}", self.input);
            assert!(result.is_ok() || same_bits(&got, &self.data[0]), "a refused Mixup wrote: {:?}", self.input);
        }
        if fits && within { Outcome::Verified } else { Outcome::Refused }
    }
}
