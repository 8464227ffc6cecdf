//! Rectangles as addresses: what the kernels with intrinsics walk over.
//!
//! Making one is safe and does nothing. Its fields hold what `view::rect` has checked: every row of `row_bytes` bytes,
//! `rows` of them from the start at the pitch, lies in memory that the borrow `'a` covers. The kernels' unsafe blocks
//! rest on that and on their own offsets, which stay within `0..row_bytes`.

use core::marker::PhantomData;

use crate::view::{Rect, RectMut};

/// One rectangle to write.
#[derive(Clone, Copy)]
pub(super) struct Raw<'a> {
    pub(super) dst: *mut u8,
    pub(super) pitch: isize,
    pub(super) rows: usize,
    pub(super) row_bytes: usize,
    borrow: PhantomData<&'a mut [u8]>,
}

/// A rectangle to write (and perhaps read) and one to read, of equal shape and without a common byte.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) dst: *mut u8,
    pub(super) src: *const u8,
    pub(super) dst_pitch: isize,
    pub(super) src_pitch: isize,
    pub(super) rows: usize,
    pub(super) row_bytes: usize,
    borrow: PhantomData<&'a mut [u8]>,
}

/// Two rectangles to write, of equal shape and without a common byte.
#[derive(Clone, Copy)]
pub(super) struct Both<'a> {
    pub(super) a: *mut u8,
    pub(super) b: *mut u8,
    pub(super) a_pitch: isize,
    pub(super) b_pitch: isize,
    pub(super) rows: usize,
    pub(super) row_bytes: usize,
    borrow: PhantomData<&'a mut [u8]>,
}

/// Rows that follow each other without a gap are one row. Their product is the length of a slice.
fn joined(rows: usize, row_bytes: usize, pitches: [isize; 2]) -> (usize, usize) {
    if rows > 1 && pitches == [row_bytes as isize; 2] { (1, rows * row_bytes) } else { (rows, row_bytes) }
}

impl<'a> Raw<'a> {
    #[inline]
    pub(super) fn new(dst: &'a mut RectMut<'_>) -> Self {
        let (rows, row_bytes) = (dst.rows(), dst.row_bytes());
        let (dst, pitch) = dst.start_mut();
        Self { dst, pitch, rows, row_bytes, borrow: PhantomData }
    }

    /// The columns from byte `at` of the rows on.
    #[inline]
    pub(super) fn columns_from(self, at: usize) -> Self {
        let at = at.min(self.row_bytes);
        Self { dst: self.dst.wrapping_add(at), row_bytes: self.row_bytes - at, ..self }
    }

    /// The same with adjacent rows joined to one.
    #[inline]
    pub(super) fn joined(self) -> Self {
        let (rows, row_bytes) = joined(self.rows, self.row_bytes, [self.pitch; 2]);
        Self { rows, row_bytes, ..self }
    }
}

impl<'a> Pair<'a> {
    #[inline]
    pub(super) fn new(dst: &'a mut RectMut<'_>, src: &'a Rect<'_>) -> Self {
        // Equal by contract; the smaller of the two is what both have.
        let (rows, row_bytes) = (dst.rows().min(src.rows()), dst.row_bytes().min(src.row_bytes()));
        let ((dst, dst_pitch), (src, src_pitch)) = (dst.start_mut(), src.start());
        let (rows, row_bytes) = joined(rows, row_bytes, [dst_pitch, src_pitch]);
        Self { dst, src, dst_pitch, src_pitch, rows, row_bytes, borrow: PhantomData }
    }

    /// Rows that are all copies of one: `line` has at least `row_bytes` bytes, or the rows become as short as it.
    #[inline]
    pub(super) fn from_line(dst: Raw<'a>, line: &'a [u8]) -> Self {
        Self {
            dst: dst.dst,
            src: line.as_ptr(),
            dst_pitch: dst.pitch,
            src_pitch: 0,
            rows: dst.rows,
            row_bytes: dst.row_bytes.min(line.len()),
            borrow: PhantomData,
        }
    }
}

impl<'a> Both<'a> {
    #[inline]
    pub(super) fn new(a: &'a mut RectMut<'_>, b: &'a mut RectMut<'_>) -> Self {
        let (rows, row_bytes) = (a.rows().min(b.rows()), a.row_bytes().min(b.row_bytes()));
        let ((a, a_pitch), (b, b_pitch)) = (a.start_mut(), b.start_mut());
        let (rows, row_bytes) = joined(rows, row_bytes, [a_pitch, b_pitch]);
        Self { a, b, a_pitch, b_pitch, rows, row_bytes, borrow: PhantomData }
    }
}

/// Runs a body for each row of a [`Pair`], with the addresses of the row. A macro, since a function that takes a closure
/// would have to be inlined for the closure to keep the target features of its surroundings.
macro_rules! each_row {
    ($pair:expr, $dst:ident, $src:ident, $body:block) => {{
        let pair = $pair;
        let (mut dst, mut src) = (pair.dst, pair.src);
        for _ in 0..pair.rows {
            let ($dst, $src) = (dst, src);
            $body
            dst = dst.wrapping_offset(pair.dst_pitch);
            src = src.wrapping_offset(pair.src_pitch);
        }
    }};
}

/// The same for the two rows of a [`Both`].
macro_rules! each_both {
    ($both:expr, $a:ident, $b:ident, $body:block) => {{
        let both = $both;
        let (mut a, mut b) = (both.a, both.b);
        for _ in 0..both.rows {
            let ($a, $b) = (a, b);
            $body
            a = a.wrapping_offset(both.a_pitch);
            b = b.wrapping_offset(both.b_pitch);
        }
    }};
}

/// The same for the rows of a [`Raw`].
macro_rules! each_dst {
    ($raw:expr, $dst:ident, $body:block) => {{
        let raw = $raw;
        let mut dst = raw.dst;
        for _ in 0..raw.rows {
            let $dst = dst;
            $body
            dst = dst.wrapping_offset(raw.pitch);
        }
    }};
}

pub(super) use {each_both, each_dst, each_row};

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn rows_are_joined_only_where_nothing_lies_between() {
        assert_eq!(joined(3, 5, [5, 5]), (1, 15));
        assert_eq!([joined(3, 5, [6, 5]), joined(3, 5, [5, -5])], [(3, 5); 2]);
        assert_eq!([joined(1, 5, [5, 5]), joined(0, 5, [5, 5])], [(1, 5), (0, 5)], "no rows stay none");
    }
}
