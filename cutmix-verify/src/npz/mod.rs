//! `.npz` files: zip archives of `.npy` arrays, read call by call with bounded memory, trusting nothing.
//!
//! The container is the crate `zip`'s, inflation and checksum are `flate2`'s. The array header is read here: the crates that do so allocate
//! what a header claims, or overflow on a shape, before one can object. Every error names file and key, and all arrays
//! come as little-endian bytes in C order.

mod file;
mod header;
mod read;
mod write;

pub use header::Scalar;
pub use read::{Archive, Array, NpzError};
pub use write::Writer;

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use super::*;

    #[test]
    fn what_was_written_is_read_back() {
        let made = |deflate| {
            let mut npz = Writer::new(Cursor::new(Vec::new()), deflate);
            npz.array("ids", "|u1", &[2, 3]).unwrap();
            npz.write_all(&[1, 2, 3, 4, 5, 6]).unwrap();
            npz.array("lambda", "<f4", &[2]).unwrap();
            npz.write_all([0.25_f32, 0.75].map(f32::to_le_bytes).as_flattened()).unwrap();
            npz.finish().unwrap().into_inner()
        };
        assert_eq!(made(true), made(true), "a file holds no time and no name of a machine");
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = Archive::open(file.path()).unwrap_err();
        assert_eq!((error.file.as_path(), error.key.as_str()), (file.path(), ""));
        assert!(error.to_string().ends_with("expected an .npz file"));
        std::fs::write(file.path(), made(false)).unwrap();
        let archive = Archive::open(file.path()).unwrap();
        assert_eq!(archive.keys().collect::<Vec<_>>(), ["ids", "lambda"]);
        // The header of an array, then its bytes.
        assert_eq!((archive.contents()[0].0.as_str(), archive.contents()[0].1), ("ids", 128 + 6));
        assert_eq!(archive.array("labels").unwrap_err().expected, "an array");
        let mut ids = archive.array("ids").unwrap();
        assert_eq!((ids.scalar(), ids.shape()), (Scalar::Uint(1), &[2, 3][..]));
        let mut row = [0; 3];
        ids.read(&mut row).unwrap();
        ids.read(&mut row).unwrap();
        assert_eq!(row, [4, 5, 6]);
        let mut bytes = [0; 8];
        let mut lambda = archive.array("lambda").unwrap();
        lambda.read(&mut bytes).unwrap();
        assert_eq!(lambda.scalar().values(&bytes), [0.25, 0.75]);
    }
}
