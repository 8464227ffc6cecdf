//! The caller's memory: the one place where this crate believes its caller, and the only one that makes references of
//! pointers.
//!
//! | type | what it stands for |
//! |---|---|
//! | [`Call`] | all memory of one call: shared to read it, exclusive to write it |
//! | [`In`], [`Out`] | a pointer with the caller's promise, made by [`given!`] alone |
//! | [`Source`], [`Target`] | the bytes behind one, found neither null, misaligned nor too many; or none |
//!
//! References come from [`Source::look`], [`Target::alone`] and [`Call::lend`] and borrow the call. So the compiler sees that
//! nothing is read while it may be written, and `lend` has only to check what it hands out together.

use core::ffi::c_void;
use core::marker::PhantomData;

use bytemuck::{NoUninit, Pod};

use crate::status::{
    CUTMIX_BUFFERS_OVERLAP, CUTMIX_NULL, CUTMIX_OK, CUTMIX_POINTER_ALIGNMENT, CUTMIX_STRUCT_SIZE, CUTMIX_TOO_LARGE,
    CUTMIX_TOO_SHORT, Refusal, Status,
};
use crate::values::{Kind, Struct, parse, unparse, values};

/// Neither longer nor shorter than itself: what was given in one call cannot be used in another.
type Of<'call> = PhantomData<fn(&'call ()) -> &'call ()>;

/// The memory of one call.
#[derive(Debug)]
pub(crate) struct Call<'call>(Of<'call>);

/// Runs the body of a function.
pub(crate) fn answer(run: impl for<'call> FnOnce(&mut Call<'call>) -> Result<(), Refusal>) -> Status {
    match run(&mut Call(PhantomData)) {
        Ok(()) => CUTMIX_OK,
        Err(Refusal(status)) => status,
    }
}

/// A pointer of the caller's to `len` values. A pointer to a [`Struct`] is one to as many bytes as the first one's
/// `struct_size` says, `len` times.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given<'call, P> {
    pointer: P,
    len: usize,
    call: Of<'call>,
}

/// Given to read.
pub(crate) type In<'call, T> = Given<'call, *const T>;
/// Given to read and to write.
pub(crate) type Out<'call, T> = Given<'call, *mut T>;

impl<'call, P> Given<'call, P> {
    /// # Safety
    /// If neither null nor misaligned, the pointer is valid during the call for reading what [`Given`] says, and for
    /// writing where it is not `const`. Meanwhile nobody but this call writes there, or reads what this call writes.
    pub(crate) const unsafe fn new(pointer: P, len: usize, _: &Call<'call>) -> Self {
        Self { pointer, len, call: PhantomData }
    }
}

/// `given!(call, pointer, array[len])`: takes the caller's promise for pointers, which go on under the same names.
/// It stands around two things only: parameters of an exported function, and fields of a struct read through one.
macro_rules! given {
    ($call:ident, $($name:ident $([$len:expr])?),+) => {$(
        // SAFETY: the pointer comes from the caller, as the rule above says, and `len` is the length given with it, 1
        // where there is none. What `Given::new` asks is then what the crate's documentation asks of every caller.
        let $name = unsafe { $crate::memory::Given::new($name, given!(@len $($len)?), $call) };
    )+};
    (@len) => { 1 };
    (@len $len:expr) => { $len };
}
pub(crate) use given;

/// Bytes that exist: `start` is not null, there are at most `isize::MAX`, and the end of memory is not before theirs.
/// Where there are none, `start` dangles.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bytes<'call, P> {
    start: P,
    len: usize,
    call: Of<'call>,
}

/// Bytes to read.
pub(crate) type Source<'call> = Bytes<'call, *const u8>;
/// Bytes to read and to write.
pub(crate) type Target<'call> = Bytes<'call, *mut u8>;

/// That an address is neither null nor misaligned.
fn usable(address: usize, align: usize) -> Result<(), Refusal> {
    if address == 0 {
        Err(Refusal(CUTMIX_NULL))
    } else if address & align.wrapping_sub(1) == 0 {
        Ok(())
    } else {
        Err(Refusal(CUTMIX_POINTER_ALIGNMENT))
    }
}

/// `len` values; what [`Bytes`] says of them is checked.
fn bytes<'call>(start: *const u8, len: usize, kind: Kind) -> Result<Source<'call>, Refusal> {
    let len = len
        .checked_mul(kind.size)
        .filter(|&len| isize::try_from(len).is_ok() && start.addr().checked_add(len).is_some())
        .ok_or(Refusal(CUTMIX_TOO_LARGE))?;
    if len == 0 {
        return Ok(Bytes { start: core::ptr::dangling(), len, call: PhantomData });
    }
    usable(start.addr(), kind.align)?;
    Ok(Bytes { start, len, call: PhantomData })
}

/// One struct of `size` bytes.
fn sized<'call>(start: *const u8, size: usize, kind: Kind) -> Result<Source<'call>, Refusal> {
    usable(start.addr(), kind.align)?;
    bytes(start, kind.known_size(size)?, Kind { size: 1, ..kind })
}

/// One struct of as many bytes as it says itself.
fn one<'call>(call: &Call<'call>, start: *const u8, kind: Kind) -> Result<Source<'call>, Refusal> {
    usable(start.addr(), kind.align)?;
    let first = bytes(start, size_of::<u32>(), Kind { size: 1, ..kind })?;
    sized(start, kind.own_size(first.look(call))?, kind)
}

/// An array of structs, and the distance of one to the next.
fn array<'call>(
    call: &Call<'call>,
    start: *const u8,
    len: usize,
    kind: Kind,
) -> Result<(Source<'call>, usize), Refusal> {
    let stride = if len == 0 { 0 } else { one(call, start, kind)?.len };
    if stride & kind.align.wrapping_sub(1) != 0 {
        return Err(Refusal(CUTMIX_STRUCT_SIZE));
    }
    Ok((bytes(start, len, Kind { size: stride, ..kind })?, stride))
}

impl<'call, T> In<'call, T> {
    pub(crate) const fn is_null(self) -> bool {
        self.pointer.is_null()
    }

    /// The values. Of structs, see [`In::array`].
    pub(crate) fn source(self) -> Result<Source<'call>, Refusal> {
        bytes(self.pointer.cast(), self.len, Kind::of::<T>())
    }
}

impl<'call> In<'call, c_void> {
    /// The values, each of `size` bytes and aligned to them: the elements of the image for which the caller counted them.
    pub(crate) fn source_of(self, size: usize) -> Result<Source<'call>, Refusal> {
        bytes(self.pointer.cast(), self.len, Kind { size, align: size })
    }

    pub(crate) const fn len(self) -> usize {
        self.len
    }
}

impl<'call, T: Struct> In<'call, T> {
    /// The array of structs, and the distance of one to the next.
    pub(crate) fn array(self, call: &Call<'call>) -> Result<(Source<'call>, usize), Refusal> {
        array(call, self.pointer.cast(), self.len, Kind::of::<T>())
    }
}

impl<'call, T> Out<'call, T> {
    /// The same, to read.
    pub(crate) const fn to_read(self) -> In<'call, T> {
        Given { pointer: self.pointer.cast_const(), len: self.len, call: PhantomData }
    }

    /// The values.
    pub(crate) fn target(self) -> Result<Target<'call>, Refusal> {
        Ok(to_write(self.to_read().source()?))
    }

    /// The one value.
    pub(crate) fn place(self) -> Result<Target<'call>, Refusal> {
        usable(self.pointer.addr(), align_of::<T>())?;
        self.target()
    }

    /// The one value, or nothing where the caller does not want it.
    pub(crate) fn place_or_none(self) -> Result<Target<'call>, Refusal> {
        if self.pointer.is_null() { Self { len: 0, ..self }.target() } else { self.place() }
    }
}

/// The same bytes, to write: of an [`Out`] alone.
const fn to_write(source: Source<'_>) -> Target<'_> {
    Bytes { start: source.start.cast_mut(), len: source.len, call: PhantomData }
}

impl<'call> Out<'call, c_void> {
    /// The first `len` bytes, rounded down to whole elements of `size` bytes, to which they are aligned.
    pub(crate) fn first(self, len: usize, size: usize) -> Result<Target<'call>, Refusal> {
        if len > self.len {
            return Err(Refusal(CUTMIX_TOO_SHORT));
        }
        let whole = len & !size.wrapping_sub(1);
        Ok(to_write(bytes(self.pointer.cast(), whole, Kind { size: 1, align: size })?))
    }
}

impl<'call, T: Struct> Out<'call, T> {
    /// The one struct, by its own `struct_size`.
    pub(crate) fn one(self, call: &Call<'call>) -> Result<Target<'call>, Refusal> {
        Ok(to_write(one(call, self.pointer.cast(), Kind::of::<T>())?))
    }

    /// As [`In::array`].
    pub(crate) fn array(self, call: &Call<'call>) -> Result<(Target<'call>, usize), Refusal> {
        let (source, stride) = self.to_read().array(call)?;
        Ok((to_write(source), stride))
    }

    /// One struct that is to be initialised, of `size` bytes.
    pub(crate) fn sized(self, size: usize) -> Result<Target<'call>, Refusal> {
        Ok(to_write(sized(self.pointer.cast(), size, Kind::of::<T>())?))
    }
}

impl<'call> Source<'call> {
    /// The bytes.
    pub(crate) fn look<'a>(self, _: &'a Call<'call>) -> &'a [u8] {
        // SAFETY: `Bytes` says that the slice may exist, `Given::new` that it is readable during the call and that nobody
        // outside writes it. Inside, only `alone` and `lend` hand out what can be written, not while the call is borrowed.
        unsafe { core::slice::from_raw_parts(self.start, self.len) }
    }

    fn shares(self, other: Self) -> bool {
        let (start, begin) = (self.start.addr(), other.start.addr());
        start < begin.wrapping_add(other.len) && begin < start.wrapping_add(self.len)
    }
}

impl<'call> Target<'call> {
    /// The bytes, to write, and nothing else meanwhile.
    pub(crate) fn alone<'a>(self, _: &'a mut Call<'call>) -> &'a mut [u8] {
        // SAFETY: as in `look`, for writing; no other reference to these bytes is in use, since the call is exclusively
        // borrowed.
        unsafe { core::slice::from_raw_parts_mut(self.start, self.len) }
    }

    /// The same bytes, to read.
    pub(crate) const fn source(self) -> Source<'call> {
        Bytes { start: self.start.cast_const(), len: self.len, call: PhantomData }
    }

    /// That none of these bytes, which are written, is one of the others.
    pub(crate) fn apart_from(self, others: &[Source<'call>]) -> Result<(), Refusal> {
        let overlap = others.iter().any(|&other| self.source().shares(other));
        if overlap { Err(Refusal(CUTMIX_BUFFERS_OVERLAP)) } else { Ok(()) }
    }

    /// Of a struct that is to be written, its `struct_size`.
    pub(crate) const fn struct_size(self) -> u32 {
        self.len as u32
    }
}

/// That none of the bytes that are written is another one of these.
fn apart<'call>(mut written: &[Target<'call>], read: &[Source<'call>]) -> Result<(), Refusal> {
    while let [target, others @ ..] = written {
        target.apart_from(read)?;
        for other in others {
            target.apart_from(&[other.source()])?;
        }
        written = others;
    }
    Ok(())
}

/// Bytes to write, and bytes to read.
type Lent<'a, const W: usize, const R: usize> = ([&'a mut [u8]; W], [&'a [u8]; R]);

impl<'call> Call<'call> {
    /// Bytes to write, which share none with each other, nor with those to read.
    pub(crate) fn lend<const W: usize, const R: usize>(
        &mut self,
        written: [Target<'call>; W],
        read: [Source<'call>; R],
    ) -> Result<Lent<'_, W, R>, Refusal> {
        apart(&written, &read)?;
        // SAFETY: as in `look`, for writing; no other reference to these bytes is in use, since the call is exclusively
        // borrowed and those that are handed out with this one lie apart from it, as has just been checked.
        let lent = |target: Target<'call>| unsafe { core::slice::from_raw_parts_mut(target.start, target.len) };
        Ok((written.map(lent), read.map(|source| source.look(self))))
    }

    /// `len` numbers to read.
    pub(crate) fn values<T: Pod>(&self, given: In<'call, T>) -> Result<&[T], Refusal> {
        values(given.source()?.look(self))
    }

    /// A copy of a struct, if its size is known and what is beyond it zero.
    pub(crate) fn read<T: Struct>(&self, given: In<'call, T>) -> Result<T, Refusal> {
        parse(one(self, given.pointer.cast(), Kind::of::<T>())?.look(self))
    }

    /// Writes one value, where there is room.
    pub(crate) fn put<T: NoUninit>(&mut self, target: Target<'call>, value: T) {
        for (place, &byte) in target.alone(self).iter_mut().zip(bytemuck::bytes_of(&value)) {
            *place = byte;
        }
    }

    /// Writes one struct, whose `struct_size` is the target's.
    pub(crate) fn write<T: Struct>(&mut self, target: Target<'call>, value: T) -> Result<(), Refusal> {
        unparse(target.alone(self), value)
    }
}
