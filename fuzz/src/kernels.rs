//! Every level of this machine against the portable one: the same rectangles, at the same addresses modulo 64, between
//! red zones. Whatever the two leave behind differs nowhere, red zones and padding included.

use arbitrary::Arbitrary;
use cutmix_core::Level;
use cutmix_verify::guard::{Guarded, Rect, Shape, difference_at};
use cutmix_verify::suite::{self, Dtype, Source, Subject, Target};

use crate::Outcome;
use crate::pixels::paint;

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Operation {
    Copy,
    Exchange,
    Zeros,
    Constant { pixel: u8 },
    Blend { q: u32 },
    Noise { words: [u32; 2], x: u16, y: u32, range: [f32; 2] },
    MixRows { kept: u16, total: u16 },
}

/// How one of two rectangles lies in memory.
#[derive(Arbitrary, Clone, Copy, Debug)]
struct Place {
    align: u8,
    row_padding: u8,
    plane_padding: u8,
    bottom_up: bool,
    planes_back: bool,
}

#[derive(Arbitrary, Debug)]
struct Input {
    operation: Operation,
    element: u8,
    length: u16,
    rows: u8,
    planes: u8,
    places: [Place; 2],
    seed: u64,
    /// The first bytes of both buffers' rows, before the painted ones.
    bytes: Vec<u8>,
}

/// Bytes of a row: past four of the longest registers and a tail.
const LONGEST: usize = 320;

impl Input {
    fn element(&self) -> Dtype {
        [Dtype::U8, Dtype::U16, Dtype::F32][usize::from(self.element) % 3]
    }

    /// The bytes that everything is a multiple of.
    fn unit(&self) -> usize {
        match self.operation {
            Operation::Constant { pixel } => 1 + usize::from(pixel) % 9,
            Operation::Blend { .. } | Operation::Noise { .. } => self.element().bytes(),
            Operation::MixRows { .. } => 4,
            _ => 1,
        }
    }

    fn shape(&self, place: Place) -> Shape {
        // A pixel of a constant is several bytes, but lies at any address.
        let unit = if matches!(self.operation, Operation::Constant { .. }) { 1 } else { self.unit() };
        let row_bytes = usize::from(self.length) % (LONGEST + 1) / self.unit() * self.unit();
        // A row without pixels is the empty box of an image of one pixel, which only these leave alone.
        let least = match self.operation {
            Operation::Constant { .. } | Operation::Blend { .. } => self.unit(),
            _ => 0,
        };
        let row_bytes = row_bytes.max(least);
        let (rows, planes) = (1 + usize::from(self.rows) % 4, 1 + usize::from(self.planes) % 3);
        let row_pitch = row_bytes + usize::from(place.row_padding) % 70 * unit;
        let plane_pitch = row_pitch * rows + usize::from(place.plane_padding) % 5 * unit;
        let signed = |pitch: usize, back: bool| if back { -(pitch as isize) } else { pitch as isize };
        let line = Shape::line(usize::from(place.align) % 64 / unit * unit, row_bytes);
        line.with_rows(rows, signed(row_pitch, place.bottom_up))
            .with_planes(planes, signed(plane_pitch, place.planes_back))
    }

    /// The two buffers before the operation, bit for bit the same each time.
    fn buffers(&self) -> [Guarded; 2] {
        let mut first = 0;
        self.places.map(|place| {
            let mut buffer = Guarded::new(self.shape(place));
            paint(buffer.bytes_mut(), self.seed.wrapping_add(first));
            first += 1;
            let rect = buffer.rect();
            let mut given = self.bytes.iter();
            for (_, _, row) in rect.rows() {
                for (byte, given) in buffer.bytes_mut()[row].iter_mut().zip(&mut given) {
                    *byte = given.wrapping_mul(first as u8);
                }
            }
            buffer
        })
    }

    /// What a level leaves in the two buffers.
    fn run(&self, level: Level) -> [Guarded; 2] {
        let [mut a, mut b] = self.buffers();
        let rects = [a.rect(), b.rect()];
        let result = match self.operation {
            Operation::Copy => level.copy(target(&mut a, rects[0]), source(&b, rects[1])),
            Operation::Exchange => level.exchange(target(&mut a, rects[0]), target(&mut b, rects[1])),
            Operation::Zeros => level.fill(target(&mut a, rects[0]), None),
            Operation::Constant { .. } => {
                let values: Vec<u8> = self.bytes.iter().copied().chain(std::iter::repeat(7)).take(27).collect();
                level.fill(target(&mut a, rects[0]), Some(&values[..self.unit() * rects[0].shape.planes]))
            }
            Operation::Blend { q } => {
                let q = q % (self.element().grid() + 1);
                level.blend(self.element(), target(&mut a, rects[0]), source(&b, rects[1]), q)
            }
            Operation::Noise { words, x, y, range } => {
                let noise = suite::Noise { words, whole: (u32::from(x) + 4096, u32::MAX), x: x.into(), y, range };
                level.noise(self.element(), target(&mut a, rects[0]), noise)
            }
            Operation::MixRows { kept, total } => mix_rows(level, &mut a, &b, kept, total),
        };
        assert_eq!(result, Ok(()), "{} refuses {self:?}", level.name());
        [a, b]
    }

    /// Whether NaNs may differ in their bits: where arithmetic was done.
    fn any_nan(&self) -> bool {
        match self.operation {
            Operation::Blend { .. } | Operation::Noise { .. } => self.element() == Dtype::F32,
            Operation::MixRows { .. } => true,
            _ => false,
        }
    }
}

fn target(buffer: &mut Guarded, rect: Rect) -> Target<'_> {
    Target { bytes: buffer.bytes_mut(), rect }
}

fn source(buffer: &Guarded, rect: Rect) -> Source<'_> {
    Source { bytes: buffer.bytes(), rect }
}

/// Label rows: the first row of both buffers as base and donor, the first buffer's second as output.
fn mix_rows(level: Level, out: &mut Guarded, donor: &Guarded, kept: u16, total: u16) -> suite::Outcome {
    let total = u64::from(total.max(1));
    let kept = u64::from(kept) % (total + 1);
    let base: Vec<f32> = bytemuck::cast_slice(&out.bytes()[out.rect().row(0, 0)]).to_vec();
    let last = out.rect().shape.rows - 1;
    let row = out.rect().row(0, last);
    let donor = &donor.bytes()[donor.rect().row(0, 0)];
    level.mix_rows(
        bytemuck::cast_slice_mut(&mut out.bytes_mut()[row]),
        &base,
        bytemuck::cast_slice(donor),
        (kept, total),
    )
}

/// Bytes that differ, but for binary32 numbers that are NaN in both.
fn wrong(got: &[u8], want: &[u8], rect: &Rect, any_nan: bool) -> Vec<bool> {
    let mut wrong: Vec<bool> = got.iter().zip(want).map(|(got, want)| got != want).collect();
    if any_nan {
        let is_nan = |bytes: &[u8]| bytemuck::pod_read_unaligned::<f32>(bytes).is_nan();
        for at in rect.rows().flat_map(|(_, _, row)| row.step_by(4)) {
            if is_nan(&got[at..at + 4]) && is_nan(&want[at..at + 4]) {
                wrong[at..at + 4].fill(false);
            }
        }
    }
    wrong
}

pub(crate) fn check(data: &[u8]) -> Outcome {
    let Some(input) = crate::read::<Input>(data) else { return Outcome::Malformed };
    let portable = input.run(Level::PORTABLE);
    let before = input.buffers();
    if !matches!(input.operation, Operation::Exchange) {
        assert!(portable[1].bytes() == before[1].bytes(), "portable wrote to its source: {input:?}");
    }
    for &level in &Level::available()[1..] {
        let results = input.run(level);
        for (name, got, want) in [("first", &results[0], &portable[0]), ("second", &results[1], &portable[1])] {
            if got.bytes() == want.bytes() {
                continue;
            }
            let rect = got.rect();
            if let Some(found) = difference_at(&rect, &wrong(got.bytes(), want.bytes(), &rect, input.any_nan())) {
                panic!(
                    "{} is not portable in the {name} buffer, {}:\n{}{input:?}",
                    level.name(),
                    rect.locate(found.first),
                    found.matrix
                );
            }
        }
    }
    Outcome::Verified
}
