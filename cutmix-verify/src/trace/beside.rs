//! An array of a trace, read call by call.

use crate::npz::{Array, NpzError};

/// An optional array beside the images.
pub(super) struct Beside {
    pub(super) array: Array,
    /// Values of a call.
    pub(super) each: usize,
}

impl Beside {
    /// Reads a call into memory that may have been used before.
    pub(super) fn fill(&mut self, bytes: &mut Vec<u8>) -> Result<(), NpzError> {
        bytes.resize(self.each * self.array.scalar().bytes(), 0);
        self.array.read(bytes)
    }

    /// Reads a call image by image, in memory that stays in the cache: `look` is given each and its number.
    pub(super) fn each_image(&mut self, batch: u32, mut look: impl FnMut(usize, &[u8])) -> Result<(), NpzError> {
        let mut image = vec![0; self.each / batch.max(1) as usize * self.array.scalar().bytes()];
        (0..batch as usize).try_for_each(|i| {
            self.array.read(&mut image)?;
            look(i, &image);
            Ok(())
        })
    }

    pub(super) fn values(&mut self) -> Result<Vec<f64>, NpzError> {
        let scalar = self.array.scalar();
        let mut bytes = Vec::new();
        self.fill(&mut bytes)?;
        Ok(scalar.values(&bytes))
    }
}
