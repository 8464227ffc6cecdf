//! All reading and writing through a caller's pointers, and the checks before it. Nothing else in this crate makes a
//! reference of a pointer.

use core::mem::MaybeUninit;

use crate::status::{
    CUTMIX_BUFFERS_OVERLAP, CUTMIX_NULL, CUTMIX_POINTER_ALIGNMENT, CUTMIX_STRUCT_NEWER, CUTMIX_STRUCT_SIZE,
    CUTMIX_TOO_LARGE, CUTMIX_TOO_SHORT, Refusal,
};

/// The largest `struct_size`: a number that was never set is refused, not followed.
const LARGEST_STRUCT: usize = 4096;

/// A struct of the ABI.
///
/// # Safety
/// It is `repr(C)` without padding, begins with `struct_size: u32`, and every bit pattern is a value of it.
pub(crate) unsafe trait Struct: Copy {}

/// That a pointer is neither null nor misaligned.
pub(crate) fn usable<T>(pointer: *const T) -> Result<(), Refusal> {
    if pointer.is_null() {
        Err(Refusal(CUTMIX_NULL))
    } else if pointer.is_aligned() {
        Ok(())
    } else {
        Err(Refusal(CUTMIX_POINTER_ALIGNMENT))
    }
}

/// That an optional result can be written.
pub(crate) fn usable_or_null<T>(pointer: *const T) -> Result<(), Refusal> {
    if pointer.is_null() { Ok(()) } else { usable(pointer) }
}

fn known_size<T: Struct>(size: usize) -> Result<usize, Refusal> {
    if (size_of::<T>()..=LARGEST_STRUCT).contains(&size) { Ok(size) } else { Err(Refusal(CUTMIX_STRUCT_SIZE)) }
}

/// The `struct_size` that the caller has written into a struct, checked.
///
/// # Safety
/// If not null and aligned, `pointer` is valid for reading 4 bytes.
pub(crate) unsafe fn struct_size<T: Struct>(pointer: *const T) -> Result<usize, Refusal> {
    usable(pointer)?;
    // SAFETY: not null, aligned, and valid for 4 bytes by the caller's promise; a `Struct` begins with a u32.
    let size = unsafe { pointer.cast::<u32>().read() };
    known_size::<T>(size as usize)
}

/// A copy of a struct, if its size is known and what is beyond it zero.
///
/// # Safety
/// If not null and aligned, `pointer` is valid for reading `struct_size` bytes.
pub(crate) unsafe fn read<T: Struct>(pointer: *const T) -> Result<T, Refusal> {
    // SAFETY: the caller's promise.
    let size = unsafe { struct_size(pointer) }?;
    for offset in size_of::<T>()..size {
        // SAFETY: within the `struct_size` bytes of the caller's promise.
        if unsafe { pointer.cast::<u8>().wrapping_add(offset).read() } != 0 {
            return Err(Refusal(CUTMIX_STRUCT_NEWER));
        }
    }
    // SAFETY: not null, aligned, and `struct_size` is at least the size of T, of which every bit pattern is a value.
    Ok(unsafe { pointer.read() })
}

/// Writes a struct of the caller's `size`, which `value` has in its own `struct_size`, and zeros what is beyond it.
///
/// # Safety
/// `size` comes from [`struct_size`] or [`new_size`] of this pointer, which is valid for writing `size` bytes.
pub(crate) unsafe fn write<T: Struct>(pointer: *mut T, size: usize, value: T) {
    // SAFETY: `usable` has looked at the pointer, and `known_size` at the size, which is at least that of T.
    unsafe { pointer.write(value) };
    for offset in size_of::<T>()..size {
        // SAFETY: within the `size` bytes of the caller's promise.
        unsafe { pointer.cast::<u8>().wrapping_add(offset).write(0) };
    }
}

/// The size of a struct that is to be initialised, checked together with the pointer.
pub(crate) fn new_size<T: Struct>(pointer: *const T, size: usize) -> Result<usize, Refusal> {
    usable(pointer)?;
    known_size::<T>(size)
}

/// Writes a result unless the caller does not want it.
///
/// # Safety
/// The pointer has passed [`usable_or_null`], and is null or valid for writing.
pub(crate) unsafe fn put<T: Copy>(pointer: *mut T, value: T) {
    if !pointer.is_null() {
        // SAFETY: not null, aligned as `usable_or_null` found, valid by the caller's promise.
        unsafe { pointer.write(value) };
    }
}

/// Some bytes of the caller's by their addresses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    start: usize,
    end: usize,
}

impl Span {
    /// The bytes of `len` values; refused where they cannot exist.
    pub(crate) fn of<T>(pointer: *const T, len: usize) -> Result<Self, Refusal> {
        let start = pointer.addr();
        let end = len
            .checked_mul(size_of::<T>())
            .filter(|&bytes| isize::try_from(bytes).is_ok())
            .and_then(|bytes| start.checked_add(bytes))
            .ok_or(Refusal(CUTMIX_TOO_LARGE))?;
        if start == end {
            return Ok(Self { start: 0, end: 0 });
        }
        usable(pointer)?;
        Ok(Self { start, end })
    }

    /// That this one, which is written, shares no byte with the others.
    pub(crate) fn apart_from(self, others: &[Self]) -> Result<(), Refusal> {
        let shares = |other: &Self| self.start < other.end && other.start < self.end;
        if others.iter().any(shares) { Err(Refusal(CUTMIX_BUFFERS_OVERLAP)) } else { Ok(()) }
    }
}

/// `len` values to read.
///
/// # Safety
/// If not null and aligned, `pointer` is valid for reading `len` values for as long as `'a`, in which nobody writes them.
/// Every bit pattern is a value of T.
pub(crate) unsafe fn slice<'a, T: Copy>(pointer: *const T, len: usize) -> Result<&'a [T], Refusal> {
    if len == 0 {
        return Ok(&[]);
    }
    Span::of(pointer, len)?;
    // SAFETY: `Span::of` has found the pointer not null and aligned and the bytes not to exceed isize::MAX; the rest is
    // the caller's promise.
    Ok(unsafe { core::slice::from_raw_parts(pointer, len) })
}

/// `len` values to write.
///
/// # Safety
/// As [`slice`], and valid for writing; nobody else reads or writes them during `'a`, which callers inside this crate
/// have checked of each other with [`Span::apart_from`].
pub(crate) unsafe fn slice_mut<'a, T: Copy>(pointer: *mut T, len: usize) -> Result<&'a mut [T], Refusal> {
    if len == 0 {
        return Ok(&mut []);
    }
    Span::of(pointer, len)?;
    // SAFETY: as in `slice`; nobody else uses the bytes by the caller's promise.
    Ok(unsafe { core::slice::from_raw_parts_mut(pointer, len) })
}

/// The bytes of working memory that hold `len` values of T and `rest` bytes, wherever they begin.
pub(crate) fn carved_bytes<T>(len: usize, rest: usize) -> Option<usize> {
    len.checked_mul(size_of::<T>())?.checked_add(align_of::<T>() - 1)?.checked_add(rest)
}

/// Carves `len` values out of the caller's working memory, the first `value(0)`; what is left after them comes with it.
///
/// # Safety
/// As [`slice_mut`] for `bytes` bytes; `value` does not touch them.
pub(crate) unsafe fn carve<'a, T: Copy>(
    pointer: *mut u8,
    bytes: usize,
    len: usize,
    mut value: impl FnMut(usize) -> Result<T, Refusal>,
) -> Result<(&'a mut [T], &'a mut [u8]), Refusal> {
    let short = Refusal(CUTMIX_TOO_SHORT);
    // SAFETY: the caller's promise.
    let memory = unsafe { slice_mut(pointer.cast::<MaybeUninit<u8>>(), bytes) }?;
    // An empty batch needs no aligned memory, nor any.
    let skip = if len == 0 { 0 } else { memory.as_ptr().align_offset(align_of::<T>()) };
    let needed = len.checked_mul(size_of::<T>()).ok_or(short)?;
    let (_, aligned) = memory.split_at_mut_checked(skip).ok_or(short)?;
    let (values, rest) = aligned.split_at_mut_checked(needed).ok_or(short)?;
    // With `len` 0 this may dangle, but is aligned as nothing else would be.
    let values = if len == 0 { core::ptr::dangling_mut() } else { values.as_mut_ptr().cast::<T>() };
    for i in 0..len {
        let value = value(i)?;
        // SAFETY: the memory is exclusively borrowed, begins aligned for T, and holds `len` of them.
        unsafe { values.wrapping_add(i).write(value) };
    }
    let rest_len = rest.len();
    let rest = rest.as_mut_ptr().cast::<u8>();
    // SAFETY: all `len` values have just been written, in memory that is borrowed for 'a.
    let values = unsafe { core::slice::from_raw_parts_mut(values, len) };
    // SAFETY: the bytes after the values, borrowed for 'a. They are the caller's, from outside of this library, and so
    // have some value each.
    let rest = unsafe { core::slice::from_raw_parts_mut(rest, rest_len) };
    Ok((values, rest))
}
