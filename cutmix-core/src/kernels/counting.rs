//! For tests: the portable kernels with a record of every byte that they write and read.

#![allow(unsafe_code)]

extern crate std;
use std::cell::RefCell;
use std::vec::Vec;

use super::{Kernels, portable};
use crate::view::{Rect, RectMut};

/// Addresses written, and addresses read from another rectangle, row by row.
#[derive(Default)]
pub(crate) struct Record {
    pub(crate) written: Vec<core::ops::Range<usize>>,
    pub(crate) read: Vec<core::ops::Range<usize>>,
}

std::thread_local! {
    static RECORD: RefCell<Record> = RefCell::default();
}

/// What was recorded on this thread since the last call.
pub(crate) fn take() -> Record {
    RECORD.with_borrow_mut(core::mem::take)
}

fn range(row: &[u8]) -> core::ops::Range<usize> {
    let start = row.as_ptr().addr();
    start..start + row.len()
}

fn written(dst: &mut RectMut<'_>) {
    RECORD.with_borrow_mut(|record| (0..dst.rows()).for_each(|y| record.written.push(range(dst.row_mut(y)))));
}

fn read(src: &Rect<'_>) {
    RECORD.with_borrow_mut(|record| (0..src.rows()).for_each(|y| record.read.push(range(src.row(y)))));
}

macro_rules! recorded {
    ($table:ident, |$dst:ident, $src:ident $(, $other:ident)?|) => {
        |$dst, $src $(, $other)?| {
            written($dst);
            read($src);
            // SAFETY: portable functions run everywhere.
            unsafe { (portable::TABLE.$table)($dst, $src $(, $other)?) };
        }
    };
}

macro_rules! filled {
    ($table:ident, |$dst:ident $(, $other:ident)*|) => {
        |$dst $(, $other)*| {
            written($dst);
            // SAFETY: portable functions run everywhere.
            unsafe { (portable::TABLE.$table)($dst $(, $other)*) };
        }
    };
}

pub(super) static KERNELS: Kernels = Kernels {
    copy: recorded!(copy, |dst, src|),
    exchange: |a, b| {
        written(a);
        written(b);
        // SAFETY: portable functions run everywhere.
        unsafe { (portable::TABLE.exchange)(a, b) };
    },
    fill: filled!(fill, |dst, pattern|),
    blend_u8: recorded!(blend_u8, |dst, src, q|),
    blend_u16: recorded!(blend_u16, |dst, src, q|),
    blend_f32: recorded!(blend_f32, |dst, src, weights|),
    noise_u8: filled!(noise_u8, |dst, noise|),
    noise_u16: filled!(noise_u16, |dst, noise|),
    noise_f32: filled!(noise_f32, |dst, noise, range|),
    mix_rows: portable::TABLE.mix_rows,
};
