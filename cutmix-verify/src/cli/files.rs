//! Files: read with an error that names them, written whole or not at all.

use std::fs::File;
use std::io::{self, BufRead, Seek, Write};
use std::path::{Path, PathBuf};

use image::codecs::png::PngEncoder;
use image::{DynamicImage, ExtendedColorType, ImageEncoder, ImageReader, ImageResult, Limits};

use super::CliError;

/// Decodes a PNG, JPEG or PNM file, judged by its content.
pub(super) fn load(path: &Path) -> Result<DynamicImage, CliError> {
    let fail = |error: &dyn std::fmt::Display| {
        CliError::new(format!("{}: {error}; a PNG, JPEG or PNM image is expected", path.display()))
    };
    let reader = ImageReader::open(path).map_err(|error| fail(&error))?;
    decode(reader, 1 << 30).map_err(|error| fail(&error))
}

/// Decodes an image, judged by its content. A decoder that would take more than `max_alloc` bytes is stopped.
pub(super) fn decode(reader: ImageReader<impl BufRead + Seek>, max_alloc: u64) -> ImageResult<DynamicImage> {
    let mut reader = reader.with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(max_alloc);
    reader.limits(limits);
    reader.decode()
}

/// Encodes a PNG; `bytes` hold native-endian samples.
pub(super) fn encode_png(
    bytes: &[u8],
    (width, height): (u32, u32),
    color: ExtendedColorType,
) -> Result<Vec<u8>, CliError> {
    let mut png = Vec::new();
    PngEncoder::new(&mut png)
        .write_image(bytes, width, height, color)
        .map_err(|error| CliError::new(format!("cannot encode a PNG of {width}x{height}: {error}")))?;
    Ok(png)
}

/// Writes a file through a temporary one beside it, so that it is complete or absent.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    write_with(path, |file| file.write_all(bytes))
}

/// The same for what is not held in memory at once.
pub(super) fn write_with(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> Result<(), CliError> {
    let mut file = beside(path)?;
    fill(file.as_file_mut()).map_err(|error| cannot(path, &error))?;
    file.persist(path).map_err(|error| cannot(path, &error.error))?;
    Ok(())
}

/// Several files: all of them are written before the first takes its place.
pub(super) fn write_all(files: &[(PathBuf, &[u8])]) -> Result<(), CliError> {
    let mut written = Vec::new();
    for (path, bytes) in files {
        if path.is_dir() {
            return Err(cannot(path, &"a folder has that name, expected a place for a file"));
        }
        let mut file = beside(path)?;
        file.write_all(bytes).map_err(|error| cannot(path, &error))?;
        written.push((path, file));
    }
    for (path, file) in written {
        file.persist(path).map_err(|error| cannot(path, &error.error))?;
    }
    Ok(())
}

fn cannot(path: &Path, error: &dyn std::fmt::Display) -> CliError {
    CliError::new(format!("{}: cannot be written: {error}", path.display()))
}

/// A temporary file in the folder of `path`, gone again if it does not take its place.
fn beside(path: &Path) -> Result<tempfile::NamedTempFile, CliError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        // As any new file: the umask decides. (Temporary files are private otherwise.)
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.prefix(".cutmix-").tempfile_in(folder).map_err(|error| cannot(path, &error))
}

/// The name of a file without folder and ending, for captions; control characters removed.
pub(super) fn stem(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    stem.chars().filter(|c| !c.is_control()).take(24).collect()
}
