//! Bytes as what they are: structs of the ABI, numbers, working memory. The bytes are lent already; see `memory`.

use core::mem::MaybeUninit;

use bytemuck::Pod;

use crate::status::{CUTMIX_POINTER_ALIGNMENT, CUTMIX_STRUCT_NEWER, CUTMIX_STRUCT_SIZE, CUTMIX_TOO_SHORT, Refusal};

/// The largest `struct_size`: a number that was never set is refused, not followed.
const LARGEST_STRUCT: usize = 4096;

/// A struct of the ABI.
///
/// # Safety
/// It is `repr(C)` without padding, begins with `struct_size: u32`, and every bit pattern is a value of it.
pub(crate) unsafe trait Struct: Copy {}

/// What there is to know of a type. Passed as a value, so that the checks are compiled once.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) size: usize,
    pub(crate) align: usize,
}

impl Kind {
    pub(crate) const fn of<T>() -> Self {
        Self { size: size_of::<T>(), align: align_of::<T>() }
    }

    /// A `struct_size` for this struct, or for one that has more fields.
    pub(crate) fn known_size(self, size: usize) -> Result<usize, Refusal> {
        if (self.size..=LARGEST_STRUCT).contains(&size) { Ok(size) } else { Err(Refusal(CUTMIX_STRUCT_SIZE)) }
    }

    /// The `struct_size` that is written in the first bytes of a struct.
    pub(crate) fn own_size(self, bytes: &[u8]) -> Result<usize, Refusal> {
        self.known_size(bytes.first_chunk().map_or(0, |&size| u32::from_ne_bytes(size)) as usize)
    }
}

/// The bytes of the struct at the beginning of some bytes, if what is beyond it, up to the size that it says, is zero.
fn own_bytes(bytes: &[u8], kind: Kind) -> Result<&[u8], Refusal> {
    let whole = bytes.get(..kind.own_size(bytes)?).ok_or(Refusal(CUTMIX_STRUCT_SIZE))?;
    let (own, newer) = whole.split_at_checked(kind.size).ok_or(Refusal(CUTMIX_STRUCT_SIZE))?;
    if newer.iter().any(|&byte| byte != 0) { Err(Refusal(CUTMIX_STRUCT_NEWER)) } else { Ok(own) }
}

/// The struct at the beginning of some bytes, if nothing in them asks for a newer one.
pub(crate) fn parse<T: Struct>(bytes: &[u8]) -> Result<T, Refusal> {
    let own = own_bytes(bytes, Kind::of::<T>())?;
    // SAFETY: `own` has as many bytes as a T, of which every bit pattern is a value.
    Ok(unsafe { own.as_ptr().cast::<T>().read_unaligned() })
}

/// The first of some bytes, for a struct to be written there; those beyond it become zero.
fn cleared(bytes: &mut [u8], kind: Kind) -> Result<&mut [u8], Refusal> {
    let (own, newer) = bytes.split_at_mut_checked(kind.size).ok_or(Refusal(CUTMIX_STRUCT_SIZE))?;
    newer.fill(0);
    Ok(own)
}

/// Writes a struct, and zeros what is beyond it.
pub(crate) fn unparse<T: Struct>(bytes: &mut [u8], value: T) -> Result<(), Refusal> {
    let own = cleared(bytes, Kind::of::<T>())?;
    // SAFETY: `own` is borrowed exclusively, and has as many bytes as a T.
    unsafe { own.as_mut_ptr().cast::<T>().write_unaligned(value) };
    Ok(())
}

/// How many bytes whole values of T take of so many.
const fn whole<T>(bytes: usize) -> usize {
    bytes - bytes % size_of::<T>()
}

/// Bytes as the numbers that they are; what is left at the end is none.
pub(crate) fn values<T: Pod>(bytes: &[u8]) -> Result<&[T], Refusal> {
    match bytes.get(..whole::<T>(bytes.len())) {
        None | Some([]) => Ok(&[]),
        Some(bytes) => bytemuck::try_cast_slice(bytes).map_err(|_| Refusal(CUTMIX_POINTER_ALIGNMENT)),
    }
}

/// As [`values`], to write.
pub(crate) fn values_mut<T: Pod>(bytes: &mut [u8]) -> Result<&mut [T], Refusal> {
    match bytes.get_mut(..whole::<T>(bytes.len())) {
        None | Some([]) => Ok(&mut []),
        Some(bytes) => bytemuck::try_cast_slice_mut(bytes).map_err(|_| Refusal(CUTMIX_POINTER_ALIGNMENT)),
    }
}

/// The bytes of working memory that hold `len` values of T and `rest` bytes, wherever they begin.
pub(crate) fn carved_bytes<T>(len: usize, rest: usize) -> Option<usize> {
    len.checked_mul(size_of::<T>())?.checked_add(align_of::<T>() - 1)?.checked_add(rest)
}

/// Carves `len` values out of working memory, the first `value(0)`; what is left after them comes with it.
pub(crate) fn carve<T: Copy>(
    memory: &mut [u8],
    len: usize,
    mut value: impl FnMut(usize) -> Result<T, Refusal>,
) -> Result<(&mut [T], &mut [u8]), Refusal> {
    let short = Refusal(CUTMIX_TOO_SHORT);
    if len == 0 {
        // An empty batch needs no aligned memory, nor any.
        return Ok((&mut [], memory));
    }
    let skip = memory.as_ptr().align_offset(align_of::<T>());
    let needed = len.checked_mul(size_of::<T>()).ok_or(short)?;
    let (_, aligned) = memory.split_at_mut_checked(skip).ok_or(short)?;
    let (bytes, rest) = aligned.split_at_mut_checked(needed).ok_or(short)?;
    // SAFETY: bytes may become any value that need not be one yet, and are not used as bytes again.
    let (_, places, _) = unsafe { bytes.align_to_mut::<MaybeUninit<T>>() };
    let places = places.get_mut(..len).ok_or(short)?;
    for (i, place) in places.iter_mut().enumerate() {
        place.write(value(i)?);
    }
    // SAFETY: all of them have just been written, and a value has the layout of its place.
    let values = unsafe { &mut *(core::ptr::from_mut(places) as *mut [T]) };
    Ok((values, rest))
}
