//! The arrays of a phase, read call by call.

use std::fmt;
use std::sync::OnceLock;

use super::beside::Beside;
use super::labels_after::LabelsAfter;
use super::{LabelsIn, Trace};
use crate::npz::{Array, NpzError, Scalar};
use crate::probe::{Codes, Dtype, Phase, Values};

/// Labels of a call as they came out.
///
/// ```
/// use cutmix_verify::trace::{Call, LabelsOut, Trace};
///
/// // Of code that gives two classes for each of four images, and one weight.
/// let trace = Trace::open("tests/traces/fastai-structure.npz".as_ref())?;
/// let mut call = Call::default();
/// trace.phase(&trace.spec.phases[0])?.expect("calls").read(&mut call)?;
/// let Some(LabelsOut::Targets { a, lam, .. }) = call.labels else { panic!("{:?}", call.labels) };
/// assert_eq!((a.len(), lam.len()), (4, 1));
/// # Ok::<(), cutmix_verify::npz::NpzError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum LabelsOut {
    /// `B` rows of `K` weights.
    Rows(Vec<f64>),
    /// `B` numbers: classes that were mixed as if they were quantities.
    Numbers(Vec<f64>),
    /// Two classes and the weight `lam` of each sample.
    Targets {
        /// Classes of the first.
        a: Vec<f64>,
        /// Classes of the second.
        b: Vec<f64>,
        /// The weight.
        lam: Vec<f64>,
    },
}

/// A call as it came out.
///
/// ```
/// use cutmix_verify::trace::{Call, Trace};
///
/// // Of code that mixes in the images that it is given.
/// let trace = Trace::open("tests/traces/timm-1.0.31-elem-structure.npz".as_ref())?;
/// let mut call = Call::default();
/// trace.phase(&trace.spec.phases[0])?.expect("calls").read(&mut call)?;
/// let changed = call.changed.as_deref().unwrap_or_default();
/// assert!(!changed.is_empty() && changed.iter().all(|(image, bytes)| *image < 4 && *bytes > 0));
/// assert_eq!(call.unrepeated.as_deref(), Some(&[][..]), "the same seed gave the same images");
/// # Ok::<(), cutmix_verify::npz::NpzError>(())
/// ```
#[derive(Debug, Default)]
pub struct Call {
    /// Its number.
    pub number: u32,
    /// Images as little-endian bytes in C order.
    pub images: Vec<u8>,
    /// Of the images that were passed in, those that are others after the call, and how many of their bytes.
    pub changed: Option<Vec<(usize, usize)>>,
    /// Of the labels that were passed in, those that are others after the call.
    pub labels_changed: Option<Vec<usize>>,
    /// The images of the same call made again that came out otherwise.
    pub unrepeated: Option<Vec<usize>>,
    /// Masks.
    pub masks: Option<Vec<u8>>,
    /// Labels.
    pub labels: Option<LabelsOut>,
    /// Reported boxes x1, y1, x2, y2: of each sample, or one.
    pub boxes: Option<Vec<f64>>,
    /// Reported partners.
    pub index: Option<Vec<f64>>,
    /// The drawn lambda: of each sample, or one.
    pub lambda: Option<Vec<f64>>,
}

/// Why an array of images is not what the probe asked for: a finding, not an unreadable file.
///
/// ```
/// use cutmix_verify::trace::Misshapen;
///
/// let last = Misshapen { key: "law_images_out".into(), found: vec![2, 24, 40, 1], expected: vec![2, 1, 24, 40] };
/// assert_eq!(last.to_string(), "law_images_out: [2, 24, 40, 1] a call, given [2, 1, 24, 40]");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misshapen {
    /// The key.
    pub key: String,
    /// The shape of a call.
    pub found: Vec<u64>,
    /// The shape of a call of the probe.
    pub expected: Vec<u64>,
}

impl fmt::Display for Misshapen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?} a call, given {:?}", self.key, self.found, self.expected)
    }
}

/// The calls of a phase, read one after the other.
///
/// ```
/// use cutmix_verify::trace::{Call, Trace};
///
/// let trace = Trace::open("tests/traces/torchvision-cutmix-structure.npz".as_ref())?;
/// let mut calls = trace.phase(&trace.spec.phases[0])?.expect("calls");
/// // Each image is looked at while the next is read.
/// let seen = calls.read_with(&mut Call::default(), |call, image, bytes| (call, image, bytes.len()))?;
/// assert_eq!(seen.expect("the first call")[3], (0, 3, trace.spec.phases[0].image_len() * calls.dtype.bytes()));
/// # Ok::<(), cutmix_verify::npz::NpzError>(())
/// ```
pub struct Calls {
    /// Number of calls that were made.
    pub calls: u32,
    /// Type of the images that came out.
    pub dtype: Dtype,
    /// Type of the label weights that came out.
    pub label_scalar: Option<Scalar>,
    /// Images of another shape; there is then nothing to read.
    pub misshapen: Option<Misshapen>,
    /// Number of classes of the rows that came out.
    pub classes: Option<u64>,
    /// How many calls were repeated.
    pub repeats: u32,
    next: u32,
    batch: u32,
    /// What was given, if the trace says what became of it.
    given: Vec<Codes>,
    images: Beside,
    /// The range of the images that were given.
    values: Values,
    after: Option<Beside>,
    labels_after: Option<LabelsAfter>,
    repeat: Option<Beside>,
    masks: Option<Beside>,
    rows: Option<Beside>,
    numbers: Option<Beside>,
    targets: Option<[Beside; 3]>,
    boxes: Option<Beside>,
    index: Option<Beside>,
    lambda: Option<Beside>,
}

impl fmt::Debug for Calls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Calls").field("calls", &self.calls).field("next", &self.next).finish_non_exhaustive()
    }
}

/// The type of images of a type in the file.
fn image_dtype(array: &Array, phase: &Phase) -> Result<Dtype, NpzError> {
    Ok(match array.scalar() {
        Scalar::Uint(1) => Dtype::U8,
        Scalar::Uint(2) if phase.dtype == Dtype::Bf16 => Dtype::Bf16,
        Scalar::Uint(2) => Dtype::U16,
        Scalar::Int(2) => Dtype::I16,
        Scalar::Raw2 => Dtype::Bf16,
        Scalar::Float(2) => Dtype::F16,
        Scalar::Float(4) => Dtype::F32,
        Scalar::Float(8) => Dtype::F64,
        other => {
            return Err(array.error(format!("images of type {}", other.name()), "u1, u2, i2, f2, f4, f8 or bfloat16"));
        }
    })
}

/// There are masks only where the probe has some.
fn asked_for(array: &Array, phase: &Phase) -> Result<(), NpzError> {
    if phase.masks { Ok(()) } else { Err(array.error("masks", "none: the probe has none")) }
}

/// The images that were passed in are of the probe's type.
fn of_the_probe(array: &Array, phase: &Phase) -> Result<(), NpzError> {
    if image_dtype(array, phase)? == phase.dtype {
        return Ok(());
    }
    let given = format!("{}, as the images that were given", phase.dtype.name());
    Err(array.error(format!("type {}", array.scalar().name()), given))
}

impl Calls {
    pub(super) fn open(trace: &Trace, phase: &Phase) -> Result<Self, NpzError> {
        let array = |name: &str| {
            let key = format!("{}_{name}", phase.name);
            trace.archive.has(&key).then(|| trace.archive.array(&key)).transpose()
        };
        let Some(images) = array("images_out")? else {
            return Err(trace.archive.error("", "no images", "PHASE_images_out"));
        };
        let dtype = image_dtype(&images, phase)?;
        let calls = match images.shape() {
            [calls, _, ..] if (1..=u64::from(phase.calls)).contains(calls) => *calls as u32,
            _ => return Err(images.shape_error(format!("1 to {} calls of several images first", phase.calls))),
        };
        let expected = phase.image_shape();
        let found = &images.shape()[1..];
        let misshapen = (found != expected).then(|| {
            let key = format!("{}_images_out", phase.name);
            Misshapen { key, found: found.to_vec(), expected: expected.clone() }
        });
        let (batch, calls_read) = (u64::from(phase.batch), u64::from(calls));
        // An array of as many calls, with one of the given shapes a call.
        let beside = |name: &str, shapes: &[&[u64]]| -> Result<Option<Beside>, NpzError> {
            let Some(array) = array(name)? else { return Ok(None) };
            match array.shape() {
                [t, rest @ ..] if *t == calls_read && shapes.contains(&rest) => {
                    let each = rest.iter().product::<u64>() as usize;
                    Ok(Some(Beside { array, each }))
                }
                _ => {
                    let shapes: Vec<String> = shapes.iter().map(|shape| format!("{shape:?}")).collect();
                    Err(array.shape_error(format!("{calls} calls of {}", shapes.join(" or "))))
                }
            }
        };
        let classes = match array("labels_out")? {
            Some(labels) => match *labels.shape() {
                [t, b, k @ 1..=65_536] if (t, b) == (calls_read, batch) => Some(k),
                [t, b] if (t, b) == (calls_read, batch) => None,
                _ => return Err(labels.shape_error(format!("[{calls}, {batch}, {}]", phase.classes))),
            },
            None => None,
        };
        let labels = beside("labels_out", &[&[batch, classes.unwrap_or(0)], &[batch]])?;
        let (rows, numbers) = if classes.is_some() { (labels, None) } else { (None, labels) };
        let a = beside("target_a", &[&[batch]])?;
        let b = beside("target_b", &[&[batch]])?;
        let lam = beside("lam", &[&[batch], &[]])?;
        let targets = match (a, b, lam) {
            (Some(a), Some(b), Some(lam)) => Some([a, b, lam]),
            (None, None, None) => None,
            _ => return Err(trace.archive.error(&phase.name, "only some of target_a, target_b and lam", "all three")),
        };
        if (rows.is_some() || numbers.is_some()) && targets.is_some() {
            let found = "labels_out beside target_a, target_b and lam";
            return Err(trace.archive.error(&phase.name, found, "one form of labels"));
        }
        let repeat = array("repeat_images_out")?;
        let repeats = match &repeat {
            None => 0,
            Some(array) => match array.shape() {
                [t, rest @ ..] if (1..=calls_read).contains(t) && rest == found => *t as u32,
                _ => return Err(array.shape_error(format!("1 to {calls} calls of {found:?}"))),
            },
        };
        if let Some(array) = repeat.as_ref().filter(|array| array.scalar() != images.scalar()) {
            return Err(array.error(format!("type {}", array.scalar().name()), images.scalar().name()));
        }
        let after = beside("images_after", &[&expected])?;
        after.as_ref().map_or(Ok(()), |after| of_the_probe(&after.array, phase))?;
        let labels_after = match (trace.adapter.labels_in, u64::from(phase.classes)) {
            (LabelsIn::Ids, _) => beside("labels_after", &[&[batch]])?,
            (LabelsIn::Rows, classes) => beside("labels_after", &[&[batch, classes]])?,
            (LabelsIn::None, _) => None,
        };
        let masks = beside("masks_out", &[&[batch, phase.height.into(), phase.width.into()]])?;
        masks.as_ref().map_or(Ok(()), |masks| asked_for(&masks.array, phase))?;
        let each = if misshapen.is_some() { 0 } else { expected.iter().product::<u64>() as usize };
        let label_scalar =
            rows.as_ref().or(targets.as_ref().map(|targets| &targets[2])).map(|labels| labels.array.scalar());
        Ok(Self {
            calls,
            dtype,
            label_scalar,
            misshapen,
            classes,
            repeats,
            next: 0,
            batch: phase.batch,
            given: after.iter().flat_map(|_| Codes::turns(phase)).collect(),
            boxes: beside("bbox", &[&[batch, 4], &[4]])?,
            index: beside("index", &[&[batch]])?,
            lambda: beside("lam_raw", &[&[batch], &[]])?,
            repeat: repeat.map(|array| Beside { array, each }),
            images: Beside { array: images, each },
            values: phase.values,
            after,
            labels_after: labels_after.map(|array| LabelsAfter::new(array, phase)),
            masks,
            rows,
            numbers,
            targets,
        })
    }

    /// The type of the masks that came out.
    #[must_use]
    pub fn mask_scalar(&self) -> Option<Scalar> {
        self.masks.as_ref().map(|masks| masks.array.scalar())
    }

    /// The types of both classes, where there are two classes and a weight in place of rows.
    #[must_use]
    pub fn class_scalars(&self) -> Option<[Scalar; 2]> {
        self.targets.as_ref().map(|[a, b, _]| [a, b].map(|classes| classes.array.scalar()))
    }

    /// Reads the next call into the memory of one before; false after the last.
    ///
    /// # Errors
    /// If the file is damaged.
    pub fn read(&mut self, call: &mut Call) -> Result<bool, NpzError> {
        Ok(self.read_with(call, |_, _, _| ())?.is_some())
    }

    /// The same, and as soon as an image is there `look` is given the call's number, the image's and its bytes; what it
    /// gives is given back in the order of the images. Another thread looks while this one reads on.
    ///
    /// # Errors
    /// If the file is damaged.
    pub fn read_with<T: Send + Sync>(
        &mut self,
        call: &mut Call,
        look: impl Fn(u32, usize, &[u8]) -> T + Sync,
    ) -> Result<Option<Vec<T>>, NpzError> {
        if self.next == self.calls || self.misshapen.is_some() {
            return Ok(None);
        }
        call.number = self.next;
        self.next += 1;
        let (number, batch) = (call.number, self.batch);
        let length = self.images.each / batch.max(1) as usize * self.images.array.scalar().bytes();
        let (images, given, look) = (&mut self.images, &self.given, &look);
        let (values, dtype) = (self.values, self.dtype);
        let seen: Vec<OnceLock<T>> = (0..batch).map(|_| OnceLock::new()).collect();
        let bytes = &mut call.images;
        bytes.resize(images.each * images.array.scalar().bytes(), 0);
        // Each array is a stream of its own.
        let (filled, changed) = rayon::join(
            || {
                rayon::scope(|scope| {
                    for ((i, image), seen) in bytes.chunks_exact_mut(length).enumerate().zip(&seen) {
                        images.array.read(image)?;
                        values.back(dtype, image);
                        let image = &*image;
                        scope.spawn(move |_| {
                            seen.get_or_init(|| look(number, i, image));
                        });
                    }
                    Ok(())
                })
            },
            || {
                self.after.as_mut().map_or(Ok(None), |after| {
                    let codes = &given[number as usize % given.len()];
                    let (mut changed, mut memory) = (Vec::new(), Default::default());
                    after.each_image(batch, |i, image| match codes.changed(i, image, &mut memory) {
                        0 => {}
                        bytes => changed.push((i, bytes)),
                    })?;
                    Ok(Some(changed))
                })
            },
        );
        filled?;
        call.changed = changed?;
        call.labels_changed = self.labels_after.as_mut().map(|after| after.changed(number)).transpose()?;
        call.unrepeated = match self.repeat.as_mut().filter(|_| number < self.repeats) {
            Some(repeat) => {
                let mut others = Vec::new();
                repeat.each_image(batch, |i, image| {
                    let mut usual = image.to_vec();
                    values.back(dtype, &mut usual);
                    let image = usual.as_slice();
                    if call.images.get(i * length..(i + 1) * length) != Some(image) {
                        others.push(i);
                    }
                })?;
                Some(others)
            }
            None => None,
        };
        match &mut self.masks {
            Some(masks) => masks.fill(call.masks.get_or_insert_default())?,
            None => call.masks = None,
        }
        call.labels = match (&mut self.rows, &mut self.numbers, &mut self.targets) {
            (Some(rows), ..) => Some(LabelsOut::Rows(rows.values()?)),
            (_, Some(numbers), _) => Some(LabelsOut::Numbers(numbers.values()?)),
            (.., Some([a, b, lam])) => Some(LabelsOut::Targets { a: a.values()?, b: b.values()?, lam: lam.values()? }),
            (None, None, None) => None,
        };
        call.boxes = self.boxes.as_mut().map(Beside::values).transpose()?;
        call.index = self.index.as_mut().map(Beside::values).transpose()?;
        call.lambda = self.lambda.as_mut().map(Beside::values).transpose()?;
        Ok(Some(seen.into_iter().filter_map(OnceLock::into_inner).collect()))
    }
}
