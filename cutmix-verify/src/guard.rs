//! Guarded buffers: a rectangle of bytes at a chosen alignment of its *address*, with red zones on all four sides.
//!
//! A kernel that moves bytes never looks at them, so the bytes may say where they came from: [`Guarded::paint`] writes
//! 8 bits of every byte's position a pass, and two passes (three beyond 64 KiB) together name the origin of every byte
//! that an operation leaves behind. One run then proves one geometry for all pictures. Imports nothing of the core.

use std::fmt::{self, Write as _};
use std::ops::Range;
use std::sync::OnceLock;

/// Addresses are told apart modulo this, the longest register and the line of most caches.
pub const ALIGNMENTS: usize = 64;

/// The least number of painted bytes before the first and after the last row: two of the longest registers.
pub const RED_ZONE: usize = 128;

/// How the rows of a rectangle lie in memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Address of row 0 of plane 0, modulo [`ALIGNMENTS`].
    pub align: usize,
    /// Bytes of a row.
    pub row_bytes: usize,
    /// Rows of a plane.
    pub rows: usize,
    /// Bytes from one row to the next.
    pub row_pitch: isize,
    /// Planes.
    pub planes: usize,
    /// Bytes from one plane to the next.
    pub plane_pitch: isize,
}

impl Shape {
    /// One row.
    #[must_use]
    pub const fn line(align: usize, row_bytes: usize) -> Self {
        Self { align, row_bytes, rows: 1, row_pitch: 0, planes: 1, plane_pitch: 0 }
    }

    /// The same with `rows` rows, `row_pitch` bytes apart.
    #[must_use]
    pub const fn with_rows(self, rows: usize, row_pitch: isize) -> Self {
        Self { rows, row_pitch, ..self }
    }

    /// The same with `planes` planes, `plane_pitch` bytes apart.
    #[must_use]
    pub const fn with_planes(self, planes: usize, plane_pitch: isize) -> Self {
        Self { planes, plane_pitch, ..self }
    }

    /// The first and the last offset (half-open) of any row, from row 0 of plane 0 on.
    fn extent(&self) -> (isize, isize) {
        let last_row = self.rows.saturating_sub(1) as isize * self.row_pitch;
        let last_plane = self.planes.saturating_sub(1) as isize * self.plane_pitch;
        (last_row.min(0) + last_plane.min(0), last_row.max(0) + last_plane.max(0) + self.row_bytes as isize)
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { align, row_bytes, rows, row_pitch, planes, plane_pitch } = self;
        write!(f, "{rows} x {row_bytes} bytes, pitch {row_pitch}, address % {ALIGNMENTS} = {align}")?;
        if *planes == 1 { Ok(()) } else { write!(f, ", {planes} planes, pitch {plane_pitch}") }
    }
}

/// A [`Shape`] at its place in a buffer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    /// Offset in the buffer of row 0 of plane 0.
    pub start: usize,
    /// The rows from there.
    pub shape: Shape,
}

impl Rect {
    /// The bytes of a row, as offsets in the buffer.
    #[must_use]
    pub fn row(&self, plane: usize, y: usize) -> Range<usize> {
        let shape = &self.shape;
        let offset = plane as isize * shape.plane_pitch + y as isize * shape.row_pitch;
        let start = moved(self.start, offset);
        start..start + shape.row_bytes
    }

    /// All rows as `(plane, y, bytes)`, plane by plane.
    pub fn rows(&self) -> impl Iterator<Item = (usize, usize, Range<usize>)> + use<> {
        let rect = *self;
        (0..rect.shape.planes).flat_map(move |plane| (0..rect.shape.rows).map(move |y| (plane, y, rect.row(plane, y))))
    }

    /// Where a byte of the buffer is, in words.
    #[must_use]
    pub fn locate(&self, offset: usize) -> String {
        let distance = |row: &Range<usize>| {
            if offset < row.start { row.start - offset } else { (offset + 1).saturating_sub(row.end) }
        };
        let Some((plane, y, row)) = self.rows().min_by_key(|(_, _, row)| distance(row)) else {
            return "a red zone around no rows at all".into();
        };
        let name = if self.shape.planes == 1 { format!("row {y}") } else { format!("plane {plane}, row {y}") };
        if row.contains(&offset) {
            format!("{name}, byte {}", offset - row.start)
        } else if offset < row.start {
            format!("{} before {name}", bytes(row.start - offset))
        } else {
            format!("{} after the end of {name}", bytes(offset - row.end + 1))
        }
    }
}

fn bytes(count: usize) -> String {
    format!("{count} byte{}", if count == 1 { "" } else { "s" })
}

/// A place that many bytes further on, which is known to be in the buffer.
fn moved(start: usize, by: isize) -> usize {
    start.checked_add_signed(by).expect("every row lies in its buffer")
}

/// A buffer that holds a rectangle between red zones. The memory is kept from one shape to the next.
#[derive(Debug, Default)]
pub struct Guarded {
    storage: Vec<u8>,
    /// Offset in `storage` of the first byte in use, whose address is a multiple of [`ALIGNMENTS`].
    base: usize,
    len: usize,
    rect: Rect,
}

impl Guarded {
    /// A buffer for `shape`.
    #[must_use]
    pub fn new(shape: Shape) -> Self {
        let mut guarded = Self::default();
        guarded.lay_out(shape);
        guarded
    }

    /// Makes room for another shape. What the buffer holds then is unspecified: paint it.
    pub fn lay_out(&mut self, shape: Shape) {
        let (low, high) = shape.extent();
        let before = (RED_ZONE + low.unsigned_abs()).next_multiple_of(ALIGNMENTS);
        let start = before + shape.align % ALIGNMENTS;
        // Whole numbers of the longest element, so that the buffer can be viewed as any.
        self.len = (moved(start, high) + RED_ZONE).next_multiple_of(8);
        if self.storage.len() < self.len + ALIGNMENTS {
            self.storage.resize(self.len + ALIGNMENTS, 0);
        }
        self.base = self.storage.as_ptr().addr().wrapping_neg() % ALIGNMENTS;
        self.rect = Rect { start, shape };
    }

    /// Where the rows are in [`Self::bytes`].
    #[must_use]
    pub fn rect(&self) -> Rect {
        self.rect
    }

    /// The whole buffer, red zones included. Its address is a multiple of [`ALIGNMENTS`].
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.storage[self.base..self.base + self.len]
    }

    /// The whole buffer to write.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.storage[self.base..self.base + self.len]
    }

    /// Writes into every byte the bits `8 pass..8 pass + 8` of its position, counted from `first` on.
    pub fn paint(&mut self, first: usize, pass: u32) {
        paint(self.bytes_mut(), first, pass);
    }
}

/// The passes of [`Guarded::paint`] that tell `positions` positions apart: at least two.
#[must_use]
pub fn passes(positions: usize) -> u32 {
    (usize::BITS - positions.leading_zeros()).div_ceil(8).max(2)
}

/// The tag of a position in a pass.
#[must_use]
const fn tag(position: usize, pass: u32) -> u8 {
    (position >> (8 * pass)) as u8
}

/// Writes the tags of the positions from `first` on.
pub(crate) fn paint(bytes: &mut [u8], first: usize, pass: u32) {
    // Most buffers are short, and there are millions of them.
    static SHORT: OnceLock<[Vec<u8>; 2]> = OnceLock::new();
    let short = SHORT.get_or_init(|| [0, 1].map(|pass| (0..1 << 16).map(|position| tag(position, pass)).collect()));
    match short.get(pass as usize).and_then(|tags| tags.get(first..first + bytes.len())) {
        Some(tags) => bytes.copy_from_slice(tags),
        None => {
            for (i, byte) in bytes.iter_mut().enumerate() {
                *byte = tag(first + i, pass);
            }
        }
    }
}

/// Where two buffers of the same rectangle differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Offset of the first byte that differs; one inside the rows, where there is such a byte.
    pub first: usize,
    /// How many bytes differ.
    pub count: usize,
    /// Every row with up to eight bytes of padding on both sides, `x` for a byte that differs and `.` for one that does
    /// not; bytes elsewhere are counted below.
    pub matrix: String,
}

/// Compares what an operation left behind with what was expected, over the whole buffer: `None` where nothing differs.
///
/// # Panics
/// If they differ and the shorter of the two does not hold the rows and eight bytes around them.
#[must_use]
pub fn difference(rect: &Rect, got: &[u8], want: &[u8]) -> Option<Difference> {
    // One comparison of memory where all is well, as it nearly always is.
    if got == want {
        return None;
    }
    let wrong: Vec<bool> = got.iter().zip(want).map(|(got, want)| got != want).collect();
    difference_at(rect, &wrong)
}

/// The same of bytes that have been compared: `wrong` has one flag for each byte of the buffer.
#[must_use]
pub fn difference_at(rect: &Rect, wrong: &[bool]) -> Option<Difference> {
    let anywhere = wrong.iter().position(|&wrong| wrong)?;
    let inside = rect.rows().find_map(|(_, _, row)| row.into_iter().find(|&i| wrong[i]));
    let count = wrong.iter().filter(|&&wrong| wrong).count();
    Some(Difference { first: inside.unwrap_or(anywhere), count, matrix: matrix(rect, wrong) })
}

/// Padding shown at both ends of a row.
const EDGE: usize = 8;
/// Columns shown of a row that is too long for a line.
const COLUMNS: usize = 96;
/// Rows shown.
const LINES: usize = 24;

fn matrix(rect: &Rect, wrong: &[bool]) -> String {
    let mut text = String::new();
    let mut shown = vec![false; wrong.len()];
    let mut payload = vec![false; wrong.len()];
    for (_, _, row) in rect.rows() {
        payload[row].fill(true);
    }
    let is_wrong = |row: &Range<usize>| wrong[row.start - EDGE..row.end + EDGE].contains(&true);
    let (all, bad) = (rect.shape.planes * rect.shape.rows, rect.rows().filter(|(_, _, row)| is_wrong(row)).count());
    for (plane, y, row) in rect.rows().filter(|(_, _, row)| all <= LINES || is_wrong(row)).take(LINES) {
        let line = row.start - EDGE..row.end + EDGE;
        // Of a long row the part around its first wrong byte.
        let from = match line.clone().find(|&i| wrong[i]) {
            Some(first) if line.len() > COLUMNS => {
                (first.max(line.start + COLUMNS / 2) - COLUMNS / 2).min(line.end - COLUMNS)
            }
            _ => line.start,
        };
        let window = from..line.end.min(from + COLUMNS);
        let name = if rect.shape.planes == 1 { format!("row {y}") } else { format!("plane {plane} row {y}") };
        let _ = write!(text, "{name:>16} from byte {:>5}: ", from as isize - row.start as isize);
        for i in window {
            if i == row.start || i == row.end {
                text.push('|');
            }
            // Where the padding is narrow, the next row is drawn in its own line alone.
            let foreign = payload[i] && !row.contains(&i);
            shown[i] |= !foreign;
            text.push(match wrong[i] {
                _ if foreign => ' ',
                true => 'x',
                false => '.',
            });
        }
        text.push('\n');
    }
    if all > LINES {
        let _ = writeln!(text, "{bad} of {all} rows differ; at most {LINES} of those are shown");
    }
    let hidden: Vec<usize> = (0..wrong.len()).filter(|&i| wrong[i] && !shown[i]).collect();
    if let Some(&first) = hidden.first() {
        let _ = writeln!(text, "not shown: {} more, the first {}", bytes(hidden.len()), rect.locate(first));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alignment_is_that_of_the_address() {
        let mut guarded = Guarded::default();
        for align in 0..ALIGNMENTS {
            for shape in [Shape::line(align, 0), Shape::line(align, 33), Shape::line(align, 5).with_rows(4, -70)] {
                guarded.lay_out(shape);
                let rect = guarded.rect();
                assert_eq!(guarded.bytes()[rect.start..].as_ptr().addr() % ALIGNMENTS, align);
                for (_, _, row) in rect.rows() {
                    assert!(row.start >= RED_ZONE && row.end + RED_ZONE <= guarded.bytes().len(), "{shape}");
                }
            }
        }
    }

    #[test]
    fn tags_of_all_passes_name_every_position() {
        for (len, expected) in [(200, 2), (60_000, 2), (70_000, 3)] {
            let first = 300;
            let mut positions = vec![0_usize; len];
            assert_eq!(passes(first + len), expected);
            for pass in 0..passes(first + len) {
                let mut bytes = vec![0; len];
                paint(&mut bytes, first, pass);
                for (position, byte) in positions.iter_mut().zip(bytes) {
                    *position |= usize::from(byte) << (8 * pass);
                }
            }
            assert!(positions.iter().enumerate().all(|(i, &position)| position == first + i));
        }
    }

    #[test]
    fn a_difference_is_found_wherever_it_is_and_drawn() {
        let shape = Shape::line(3, 5).with_rows(2, 40).with_planes(2, -200);
        let mut guarded = Guarded::new(shape);
        guarded.paint(0, 0);
        let (rect, want) = (guarded.rect(), guarded.bytes().to_vec());
        assert_eq!(difference(&rect, guarded.bytes(), &want), None);
        for i in 0..want.len() {
            guarded.bytes_mut()[i] ^= 1;
            let found = difference(&rect, guarded.bytes(), &want).unwrap();
            assert_eq!((found.first, found.count), (i, 1));
            assert_eq!(
                found.matrix.matches('x').count() + found.matrix.matches("not shown: 1 byte more").count(),
                1,
                "{i}"
            );
            guarded.bytes_mut()[i] ^= 1;
        }
        let row = rect.row(1, 1);
        guarded.bytes_mut()[row.end] ^= 0xff;
        guarded.bytes_mut()[row.start + 1] ^= 0xff;
        let found = difference(&rect, guarded.bytes(), &want).unwrap();
        assert_eq!((rect.locate(found.first).as_str(), found.count), ("plane 1, row 1, byte 1", 2));
        assert!(found.matrix.contains("plane 1 row 1 from byte    -8: ........|.x...|x......."), "{}", found.matrix);
        assert_eq!(rect.locate(row.end), "1 byte after the end of plane 1, row 1");
        assert_eq!(rect.locate(row.start - 2), "2 bytes before plane 1, row 1");
    }

    #[test]
    fn a_byte_in_a_row_is_named_before_one_beside_it() {
        let rect = Rect { start: 8, shape: Shape::line(0, 4) };
        let (want, mut got) = ([0; 20], [0; 20]);
        (got[5], got[9]) = (1, 1);
        let found = difference(&rect, &got, &want).unwrap();
        assert_eq!((found.first, found.count), (9, 2));
        assert!(found.matrix.contains(".....x..|.x..|........"));
        let shape = Shape::line(3, 5).with_rows(2, 8).with_planes(3, -16);
        assert_eq!(shape.to_string(), "2 x 5 bytes, pitch 8, address % 64 = 3, 3 planes, pitch -16");
    }

    #[test]
    fn long_rows_are_cut_to_the_part_that_differs() {
        let mut guarded = Guarded::new(Shape::line(0, 5000));
        guarded.paint(0, 1);
        let (rect, want) = (guarded.rect(), guarded.bytes().to_vec());
        guarded.bytes_mut()[rect.start + 4000] ^= 1;
        guarded.bytes_mut()[rect.start + 10] ^= 1;
        let found = difference(&rect, guarded.bytes(), &want).unwrap();
        assert!(found.matrix.lines().all(|line| line.len() <= 136));
        assert_eq!(found.matrix.matches('x').count(), 1);
        assert!(found.matrix.contains("1 byte more, the first row 0, byte 4000"), "{}", found.matrix);
    }
}
