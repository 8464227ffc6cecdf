//! Layouts and views of any lengths and pitches, decided a second time in 128 bits: what is taken has every row inside
//! its buffer and no byte in two rows, row by row; what is refused has a reason. Crops, flips, splits and batches of what
//! is taken address exactly the bytes that they should, which is seen by writing to them.

use arbitrary::Arbitrary;
use bytemuck::Pod;
use cutmix_core::ops::{self, Blend, Fill, Frame};
use cutmix_core::view::{BatchLayout, BatchView, BatchViewMut};
use cutmix_core::{Error, ImageView, ImageViewMut, Layout, Level, NoiseKey, PatchBox, Size};

use crate::Outcome;
use crate::spans::Rows;

/// A number that is mostly small.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Number {
    Small(u8),
    Medium(i16),
    Any(i64),
    /// So much beside what a dense layout would have.
    Dense(i8),
}

impl Number {
    fn around(self, dense: i128) -> i64 {
        match self {
            Self::Small(n) => n.into(),
            Self::Medium(n) => n.into(),
            Self::Any(n) => n,
            Self::Dense(by) => (dense + i128::from(by / 8)).clamp(i64::MIN.into(), i64::MAX.into()) as i64,
        }
    }

    fn count(self) -> u32 {
        match self {
            Self::Small(n) => u32::from(n) % 12,
            Self::Medium(n) => n.unsigned_abs().into(),
            Self::Any(n) => n as u32,
            Self::Dense(n) => 1 + u32::from(n.unsigned_abs()) % 4,
        }
    }
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Dense {
    Nhwc,
    Nchw,
    Nc4hw4,
}

#[derive(Arbitrary, Debug)]
struct Input {
    element: u8,
    width: Number,
    height: Number,
    planes: Number,
    pixel_bytes: Number,
    row_pitch: Number,
    plane_pitch: Number,
    /// The sign of both pitches.
    back: [bool; 2],
    origin: Number,
    /// Elements that the buffer has beside those needed.
    slack: i8,
    dense: Dense,
    window: [u8; 4],
    cut: u8,
    batch: u8,
    sample_pitch: Number,
}

/// No longer buffer is made; longer layouts are only decided.
const LONGEST: usize = 1 << 14;
/// Rows that are walked one by one.
const MOST_ROWS: u64 = 256;

pub(crate) fn check(data: &[u8]) -> Outcome {
    let Some(input) = crate::read::<Input>(data) else { return Outcome::Malformed };
    let (width, height) = (input.width.count(), input.height.count());
    let Ok(size) = Size::new(width, height) else {
        assert!(width == 0 || height == 0);
        return Outcome::Refused;
    };
    check_dense(&input, size);
    let (planes, pixel) = (input.planes.count(), input.pixel_bytes.count());
    let row = i128::from(width) * i128::from(pixel);
    let signed = |pitch: i64, back: bool| if back { pitch.wrapping_neg() } else { pitch };
    let row_pitch = signed(input.row_pitch.around(row), input.back[0]);
    let plane_dense = i128::from(row_pitch) * i128::from(height);
    let plane_pitch = signed(input.plane_pitch.around(plane_dense), input.back[1]);
    let mut rows = Rows { size, planes, pixel, row_pitch, plane_pitch, origin: 0 };
    // Most layouts with negative pitches need room before their first row.
    rows.origin = match input.origin {
        Number::Any(n) => i128::from(n as u64),
        other => i128::from(other.count() % 64) - rows.first().clamp(-(1 << 62), 0),
    };
    let Ok(origin) = usize::try_from(rows.origin) else { return Outcome::Malformed };
    let result = Layout::new(size, planes, pixel, row_pitch as isize, plane_pitch as isize, origin);
    let layout = match result {
        Ok(layout) => layout,
        Err(error) => {
            let because = match error {
                Error::CountMismatch { .. } => planes == 0 || pixel == 0,
                Error::Overlap { .. } => !rows.nest(),
                Error::TooLarge { .. } => rows.first() < 0 || rows.end() > i128::from(i64::MAX),
                _ => false,
            };
            assert!(because, "{error} for {rows:?}");
            return Outcome::Refused;
        }
    };
    assert!(planes > 0 && pixel > 0 && rows.nest(), "rows share bytes: {rows:?}");
    assert!(rows.first() >= 0 && rows.end() <= i128::from(i64::MAX), "bytes beyond the address space: {rows:?}");
    assert_eq!(layout.buffer_bytes() as i128, rows.end(), "the length of {rows:?}");
    match input.element % 5 {
        0 => views::<u8>(&input, &rows, layout),
        1 => views::<u16>(&input, &rows, layout),
        2 => views::<f32>(&input, &rows, layout),
        // Elements that can only be copied are decided alike, but not written.
        3 => views_of::<[u8; 3]>(&input, &rows, layout),
        _ => views_of::<()>(&input, &rows, layout),
    }
}

/// The constructors without pitches: what they give is what the general one gives.
fn check_dense(input: &Input, size: Size) {
    let (channels, bytes) = (input.planes.count(), input.pixel_bytes.count());
    let (dense, planes, pixel) = match input.dense {
        Dense::Nhwc => (Layout::nhwc(size, channels, bytes), 1, u64::from(channels) * u64::from(bytes)),
        Dense::Nchw => (Layout::nchw(size, channels, bytes), channels, bytes.into()),
        Dense::Nc4hw4 => (Layout::nc4hw4(size, channels, bytes), channels.div_ceil(4), 4 * u64::from(bytes)),
    };
    let all = u128::from(size.total()) * u128::from(planes);
    let fits = u32::try_from(pixel).is_ok() && all.checked_mul(pixel.into()).is_some_and(|n| n <= i64::MAX as u128);
    match dense {
        Ok(layout) => {
            assert!(channels > 0 && bytes > 0 && fits, "{:?} of {size}, {channels} and {bytes}", input.dense);
            let row = u64::from(size.width()) * pixel;
            let (row_pitch, plane_pitch) = (row as isize, (row * u64::from(size.height())) as isize);
            assert_eq!(Layout::new(size, planes, pixel as u32, row_pitch, plane_pitch, 0), Ok(layout));
        }
        Err(error) => assert!(channels == 0 || bytes == 0 || !fits, "{error}: {size}, {channels} and {bytes}"),
    }
}

/// Whether a view of elements of `T` can be made, over a buffer of the length that `slack` gives; and the buffer.
fn buffer<T: Pod>(needed: usize, slack: i8) -> Vec<T> {
    let element = size_of::<T>().max(1);
    vec![T::zeroed(); needed.div_ceil(element).saturating_add_signed(isize::from(slack) / 4)]
}

fn views_of<T: Pod>(input: &Input, rows: &Rows, layout: Layout) -> Outcome {
    if layout.buffer_bytes() > LONGEST {
        return Outcome::Verified;
    }
    let data = buffer::<T>(layout.buffer_bytes(), input.slack);
    let possible = rows.whole(size_of::<T>()) && rows.end() <= size_of_val(&data[..]) as i128;
    let view = match ImageView::new(&data, layout) {
        Ok(view) => view,
        Err(error) => {
            assert!(!possible, "{error} for {rows:?} of {} bytes each", size_of::<T>());
            return Outcome::Refused;
        }
    };
    assert!(possible, "a view of {} elements of {} bytes: {rows:?}", data.len(), size_of::<T>());
    expect_rows(&view, rows, data.as_ptr().addr());
    if let Some(window) = window(input, rows.size) {
        let part = view.crop(window).expect("a window within the image");
        expect_rows(&part, &rows.window(window), data.as_ptr().addr());
    }
    Outcome::Verified
}

/// A part of the image, unless it is empty.
fn window(input: &Input, size: Size) -> Option<PatchBox> {
    let [a, b, c, d] = input.window.map(u32::from);
    let (x, y) = ([a, b].map(|x| x % (size.width() + 1)), [c, d].map(|y| y % (size.height() + 1)));
    let window = PatchBox::new(x[0].min(x[1]), y[0].min(y[1]), x[0].max(x[1]), y[0].max(y[1]));
    window.ok().filter(|window| !window.is_empty())
}

/// That every row of a view is the bytes that it should be, from `base` on, and that there are no others.
fn expect_rows<T: Pod>(view: &ImageView<'_, T>, rows: &Rows, base: usize) {
    let (planes, height) = (rows.planes, rows.size.height());
    assert!(view.row(planes, 0).is_none() && view.row(0, height).is_none(), "rows beyond the last: {rows:?}");
    for (plane, y) in rows.indices(MOST_ROWS) {
        let row = view.row(plane, y).unwrap_or_else(|| panic!("no row ({plane}, {y}): {rows:?}"));
        let span = rows.span(plane, y);
        let start = row.as_ptr().addr() as i128 - base as i128;
        assert_eq!((start, start + size_of_val(row) as i128), (span.start, span.end), "row ({plane}, {y}): {rows:?}");
    }
}

/// Reads and, where there are few rows, writes through every way to make a smaller view.
fn views<T: Blend + PartialEq>(input: &Input, rows: &Rows, layout: Layout) -> Outcome {
    let outcome = views_of::<T>(input, rows, layout);
    if outcome != Outcome::Verified || layout.buffer_bytes() > LONGEST || rows.count() > MOST_ROWS {
        return outcome;
    }
    let mut data = buffer::<T>(layout.buffer_bytes(), input.slack);
    let base = data.as_ptr().addr();
    expect_rows(&ImageView::new(&data, layout.bottom_up()).expect("as before"), &rows.flipped(), base);
    let whole = PatchBox::full(rows.size);
    let part = window(input, rows.size).unwrap_or(whole);
    let mut view = ImageViewMut::new(&mut data, layout).expect("as before");
    fill(&mut view.reborrow().crop(part).expect("a window within the image"), 1);
    expect_tags(&data, &[(rows.window(part), 1)]);

    let cut = u32::from(input.cut) % (rows.size.height() + 2);
    let parts = (0 < cut && cut < rows.size.height()).then(|| rows.split_rows(cut));
    let view = ImageViewMut::new(&mut data, layout).expect("as before");
    split(view.split_rows(cut), parts, &format!("{rows:?} split at row {cut}"));
    let cut = u32::from(input.cut) % (rows.planes + 2);
    let parts = (0 < cut && cut < rows.planes).then(|| rows.split_planes(cut));
    let view = ImageViewMut::new(&mut data, layout).expect("as before");
    split(view.split_planes(cut), parts, &format!("{rows:?} split at plane {cut}"));
    batch::<T>(input, rows, layout)
}

/// One of the values that every type has and that differ in every byte order and width.
fn value<T: Blend>(tag: u8) -> T {
    bytemuck::pod_read_unaligned(&[tag; 4][..size_of::<T>()])
}

fn fill<T: Blend>(view: &mut ImageViewMut<'_, T>, tag: u8) {
    let elements = view.layout().planes() as usize * view.layout().pixel_bytes() as usize / size_of::<T>();
    let (whole, values) = (PatchBox::full(view.size()), vec![value::<T>(tag); elements]);
    let (fill, frame) = (Fill::Constant(&values[..]), Frame::whole(view.size()));
    let result = ops::cutout(Level::detect(), view, whole, fill, NoiseKey::default(), frame);
    assert!(result.is_ok(), "{result:?}");
}

/// That a buffer holds the tags of the given rows, later ones over earlier ones, and zeros elsewhere.
fn expect_tags<T: Pod>(data: &[T], tagged: &[(Rows, u8)]) {
    let mut want = vec![0; size_of_val(data)];
    for (rows, tag) in tagged {
        for (plane, y) in rows.indices(u64::MAX) {
            let span = rows.span(plane, y);
            want[span.start as usize..span.end as usize].fill(*tag);
        }
    }
    assert!(bytemuck::cast_slice::<T, u8>(data) == want, "written elsewhere: {tagged:?}");
}

type Parts<'a, T> = Result<(ImageViewMut<'a, T>, ImageViewMut<'a, T>), ImageViewMut<'a, T>>;

/// That a split happens exactly where both parts exist and their bytes do not interleave, and gives those parts.
fn split<T: Blend>(result: Parts<'_, T>, parts: Option<[Rows; 2]>, what: &str) {
    let apart = |[one, two]: &[Rows; 2]| one.end() <= two.first() || two.end() <= one.first();
    let possible = parts.filter(apart);
    assert_eq!(result.is_ok(), possible.is_some(), "{what}");
    let (Ok((mut one, mut two)), Some(parts)) = (result, &possible) else { return };
    fill(&mut one, 2);
    fill(&mut two, 3);
    for (part, rows, tag) in [(&one, &parts[0], 2), (&two, &parts[1], 3)] {
        assert_eq!((part.size(), part.layout().planes()), (rows.size, rows.planes), "{what}");
        for (plane, y) in rows.indices(MOST_ROWS) {
            let row = part.as_view().row(plane, y).unwrap_or_else(|| panic!("no row ({plane}, {y}): {what}"));
            assert!(bytemuck::cast_slice::<T, u8>(row).iter().all(|&byte| byte == tag), "{what}");
            assert_eq!(size_of_val(row) as i128, rows.row_bytes(), "{what}");
        }
    }
}

/// Batches of the layout: refused exactly where samples would share bytes or leave the buffer, else each sample has its
/// own bytes.
fn batch<T: Blend>(input: &Input, rows: &Rows, layout: Layout) -> Outcome {
    let len = usize::from(input.batch) % 5;
    let Ok(pitch) = usize::try_from(input.sample_pitch.around(rows.end())) else { return Outcome::Verified };
    let end = len.saturating_sub(1) as i128 * pitch as i128 + rows.end();
    let possible = (len < 2 || pitch as i128 >= rows.end()) && end <= i128::from(i64::MAX);
    let batch = match BatchLayout::new(layout, pitch, len) {
        Ok(batch) => batch,
        Err(error) => {
            assert!(!possible, "{error}: {len} samples at {pitch} of {rows:?}");
            return Outcome::Verified;
        }
    };
    assert!(possible, "{len} samples at {pitch} of {rows:?}");
    assert_eq!(batch.buffer_bytes() as i128, if len == 0 { 0 } else { end });
    if batch.buffer_bytes() > LONGEST {
        return Outcome::Verified;
    }
    let mut data = buffer::<T>(batch.buffer_bytes(), input.slack);
    let possible = rows.whole(size_of::<T>())
        && (len < 2 || pitch.is_multiple_of(size_of::<T>()))
        && size_of_val(&data[..]) >= batch.buffer_bytes();
    assert_eq!(BatchView::new(&data, batch).is_ok(), possible, "a batch of {len} at {pitch}: {rows:?}");
    let base = data.as_ptr().addr();
    let Ok(mut view) = BatchViewMut::new(&mut data, batch) else {
        assert!(!possible, "a batch of {len} at {pitch} to write: {rows:?}");
        return Outcome::Verified;
    };
    assert!(view.get_mut(len).is_none() && view.get_two_mut(0, 0).is_none() && view.get_two_mut(0, len).is_none());
    assert_eq!(view.iter_mut().len(), len);
    let sample = |i: usize| Rows { origin: rows.origin + (i * pitch) as i128, ..*rows };
    for (i, mut image) in view.iter_mut().enumerate() {
        expect_rows(&image.as_view(), &sample(i), base);
        fill(&mut image, 1 + i as u8);
    }
    if len > 1 {
        let (mut one, mut two) = view.get_two_mut(len - 1, 0).expect("two samples");
        fill(&mut one, 11);
        fill(&mut two, 12);
    }
    let tag = |i: usize| match i {
        _ if len == 1 => 1,
        0 => 12,
        _ if i + 1 == len => 11,
        _ => 1 + i as u8,
    };
    expect_tags(&data, &(0..len).map(|i| (sample(i), tag(i))).collect::<Vec<_>>());
    Outcome::Verified
}
