//! Files: read with an error that names them, written whole or not at all.

use std::fs::File;
use std::io::{self, BufRead, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use image::codecs::png::PngEncoder;
use image::{DynamicImage, ExtendedColorType, ImageEncoder, ImageReader, ImageResult, Limits};

use tempfile::NamedTempFile;

use super::{CliError, fail};

/// Decodes a PNG, JPEG or PNM file, judged by its content.
pub(super) fn load(path: &Path) -> Result<DynamicImage, CliError> {
    let image = ImageReader::open(path).map_err(Into::into).and_then(|reader| decode(reader, 1 << 30));
    image.or_else(|error| fail(format!("{}: {error}; a PNG, JPEG or PNM image is expected", path.display())))
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
    match PngEncoder::new(&mut png).write_image(bytes, width, height, color) {
        Ok(()) => Ok(png),
        Err(error) => fail(format!("cannot encode a PNG of {width}x{height}: {error}")),
    }
}

/// Writes a file through a temporary one beside it, so that it is complete or absent.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    write_with(path, |file| file.write_all(bytes))
}

/// The same for what is not held in memory at once.
pub(super) fn write_with(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> Result<(), CliError> {
    place(path, beside(path, fill)?)
}

/// Several files: all of them are written before the first takes its place.
pub(super) fn write_all(files: &[(PathBuf, &[u8])]) -> Result<(), CliError> {
    let mut written = Vec::new();
    for (path, bytes) in files {
        if path.is_dir() {
            return Err(cannot(path, &"a folder has that name, expected a place for a file"));
        }
        written.push((path, beside(path, |file| file.write_all(bytes))?));
    }
    written.into_iter().try_for_each(|(path, file)| place(path, file))
}

fn place(path: &Path, Draft(file): Draft) -> Result<(), CliError> {
    let draft = file.path().to_owned();
    let placed = file.persist(path).map(drop).map_err(|error| cannot(path, &error.error));
    drafts(|drafts| drafts.retain(|known| *known != draft));
    placed
}

/// A temporary file, gone again if it does not take its place, even when the tool is ended by a signal.
struct Draft(NamedTempFile);

/// The temporary files there are.
static DRAFTS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn drafts(change: impl FnOnce(&mut Vec<PathBuf>)) {
    change(&mut DRAFTS.lock().unwrap_or_else(PoisonError::into_inner));
}

/// Deletes what is half-written: for an end at once.
pub(super) fn abandon() {
    drafts(|drafts| {
        for draft in drafts.drain(..) {
            // What is gone already is as it should be.
            let _ = std::fs::remove_file(draft);
        }
    });
}

fn cannot(path: &Path, error: &dyn std::fmt::Display) -> CliError {
    CliError(format!("{}: cannot be written: {error}", path.display()))
}

/// A temporary file in the folder of `path`.
fn beside(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> Result<Draft, CliError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        // As any new file: the umask decides. (Temporary files are private otherwise.)
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let filled = builder.prefix(".cutmix-").tempfile_in(folder).and_then(|mut file| {
        drafts(|drafts| drafts.push(file.path().to_owned()));
        fill(file.as_file_mut())?;
        Ok(Draft(file))
    });
    filled.map_err(|error| cannot(path, &error))
}

/// The name of a file without folder and ending, for captions; control characters removed.
pub(super) fn stem(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    stem.chars().filter(|c| !c.is_control()).take(24).collect()
}
