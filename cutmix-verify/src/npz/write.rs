//! Writing `.npz` files: whole or not at all, and the same bytes for the same content.

use std::io::{self, Seek, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The lowest level that finds repetitions 23 KiB apart, which is what the images of a law phase are.
const LEVEL: i64 = 4;

/// Writes arrays one after the other; [`Writer::finish`] completes the file.
#[derive(Debug)]
pub struct Writer<W: Write + Seek> {
    zip: ZipWriter<W>,
    options: SimpleFileOptions,
}

impl<W: Write + Seek> Writer<W> {
    /// A file of deflated arrays, or stored ones.
    pub fn new(inner: W, deflate: bool) -> Self {
        let method = if deflate { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        // `large_file` spares a second pass over the sizes.
        let level = deflate.then_some(LEVEL);
        let options = SimpleFileOptions::default().compression_method(method).compression_level(level).large_file(true);
        Self { zip: ZipWriter::new(inner), options }
    }

    /// Begins an array; `descr` as `numpy` writes it (`|u1`, `<f4`). Its bytes follow through [`Write`], in
    /// C order; that there are as many as the shape has is not checked here, [`Archive::array`](super::Archive::array) does.
    pub fn array(&mut self, key: &str, descr: &str, shape: &[u64]) -> io::Result<()> {
        self.zip.start_file(format!("{key}.npy"), self.options).map_err(io::Error::other)?;
        let list: Vec<String> = shape.iter().map(u64::to_string).collect();
        let shape = if let [one] = &list[..] { format!("({one},)") } else { format!("({})", list.join(", ")) };
        let dict = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}");
        // Magic, version and length are 10 bytes; the data begins at a multiple of 64.
        let padding = 63 - (10 + dict.len()) % 64;
        let header = format!("{dict}{}\n", " ".repeat(padding));
        let length = u16::try_from(header.len()).map_err(io::Error::other)?;
        self.zip.write_all(b"\x93NUMPY\x01\x00")?;
        self.zip.write_all(&length.to_le_bytes())?;
        self.zip.write_all(header.as_bytes())
    }

    /// Completes the file.
    pub fn finish(self) -> io::Result<W> {
        self.zip.finish().map_err(io::Error::other)
    }
}

impl<W: Write + Seek> Write for Writer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.zip.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.zip.flush()
    }
}
