//! The kernels of every level of this machine against the reference, and the suite that does it against defects that it
//! must find.

use cutmix_core::plan::BatchPlan;
use cutmix_core::{Level, Method};
use cutmix_verify::guard::{Rect, Shape};
use cutmix_verify::reference::{mean_f32, mix_row, noise_integer};
use cutmix_verify::suite::{
    Dtype, Effort, Failure, Noise, Operation, Outcome, Source, Subject, Target, expect_level, expect_level_named, run,
};

/// `CUTMIX_SUITE_EFFORT` asks for more than the quick run.
fn effort() -> Effort {
    match std::env::var("CUTMIX_SUITE_EFFORT") {
        Ok(name) => Effort::from_name(&name).unwrap_or_else(|| panic!("CUTMIX_SUITE_EFFORT={name}: no such effort")),
        Err(_) => Effort::Quick,
    }
}

#[test]
fn every_level_computes_what_the_reference_says() {
    let mut reports = Vec::new();
    for &level in Level::available() {
        let (mut last, mut total) = (None, 0);
        let report = run(&level, &Operation::ALL, effort(), &mut |done, of| {
            assert!(last.is_none_or(|last| done == last + 1));
            (last, total) = (Some(done), of);
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
        println!("{}: {} cases", level.name(), report.cases());
        assert_eq!((last, report.operations.len()), (Some(total), Operation::ALL.len()));
        assert!(report.operations.iter().all(|&(_, cases)| cases > 100), "{report:?}");
        reports.push(report);
    }
    assert!(reports.iter().all(|report| *report == reports[0]), "every level is given the same cases");
}

#[test]
fn this_machine_has_the_level_that_the_environment_promises() {
    expect_level().unwrap();
}

#[test]
fn an_absent_or_unknown_level_is_an_error() {
    assert_eq!(expect_level_named("portable"), Ok(()));
    let unknown = expect_level_named("avx1024").unwrap_err();
    assert!(unknown.contains("\"avx1024\" is not the name of a level") && unknown.contains("portable"), "{unknown}");
    // No machine has both of these.
    let missing: Vec<_> =
        ["neon", "sse2", "simd128"].iter().filter_map(|name| expect_level_named(name).err()).collect();
    assert!(missing.len() >= 2 && missing.iter().all(|text| text.contains("is not available here")), "{missing:?}");
}

/// A defect of one operation; everything else is the core's.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Defect {
    None,
    LastByteSkipped,
    OneByteTooMany,
    FirstRowSkipped,
    /// The last of two overlapping halves is written one byte too early, at one length.
    OverlapAt33,
    /// The last byte is forgotten, at one alignment of the destination.
    DestinationModulo64Is1,
    OnePixelToTheLeft,
    PitchOfOtherSign,
    PlanePitchIgnored,
    HalfAnExchange,
    FarIntoThePadding,
    Refused,
    /// Every row gets the pattern one byte later.
    PatternPhase,
    FirstPlaneInAll,
    RoundingConstant16383,
    Fused,
    TailBlendedTwice,
    SubnormalsFlushed,
    SecondOperandsSign,
    WordPhase,
    UpperHalfOfWordNumberLost,
    RowStepForgotten,
    InBinary32,
    NextPartner,
}

fn put(to: &mut Target<'_>, row: std::ops::Range<usize>, bytes: &[u8]) {
    to.bytes[row].copy_from_slice(bytes);
}

/// Copies row by row, wrongly.
fn copy_badly(defect: Defect, to: &mut Target<'_>, from: Source<'_>) {
    let address = to.bytes.as_ptr().addr();
    let flipped = Rect { shape: Shape { row_pitch: -from.rect.shape.row_pitch, ..from.rect.shape }, ..from.rect };
    for (plane, y, row) in to.rect.rows() {
        let n = row.len();
        let source = match defect {
            // Where the flipped rectangle would leave the buffer, a kernel would read something; so does this.
            Defect::PitchOfOtherSign if flipped.shape.planes == 1 && y > 0 => {
                let start = from.rect.start as isize - y as isize * from.rect.shape.row_pitch;
                let start = start.clamp(0, (from.bytes.len() - n) as isize) as usize;
                start..start + n
            }
            Defect::PlanePitchIgnored => from.rect.row(0, y),
            _ => from.rect.row(plane, y),
        };
        let (bytes, old) = (from.bytes[source.clone()].to_vec(), to.bytes[row.end - 1]);
        put(to, row.clone(), &bytes);
        if n == 0 {
            continue;
        }
        match defect {
            Defect::LastByteSkipped => to.bytes[row.end - 1] = old,
            Defect::OneByteTooMany => to.bytes[row.end] = from.bytes[source.end],
            Defect::OverlapAt33 if n == 33 => to.bytes[row.end - 17..row.end - 1].copy_from_slice(&bytes[17..33]),
            Defect::DestinationModulo64Is1 if (address + row.start) % 64 == 1 => to.bytes[row.end - 1] = old,
            Defect::OnePixelToTheLeft => {
                to.bytes[row].copy_from_slice(&from.bytes[source.start - 1..source.end - 1]);
            }
            Defect::FarIntoThePadding if n == 257 => to.bytes[row.end + 63] ^= 0xff,
            _ => {}
        }
    }
}

impl Subject for Defect {
    fn level(&self) -> Level {
        Level::PORTABLE
    }

    fn copy(&self, mut to: Target<'_>, from: Source<'_>) -> Outcome {
        match *self {
            Defect::None => Level::PORTABLE.copy(to, from),
            Defect::Refused => Err("the core refuses: today".into()),
            Defect::FirstRowSkipped => {
                let row = to.rect.row(0, 0);
                let old = to.bytes[row.clone()].to_vec();
                let some = to.rect.shape.rows > 0;
                copy_badly(*self, &mut to, from);
                if some {
                    put(&mut to, row, &old);
                }
                Ok(())
            }
            _ => {
                copy_badly(*self, &mut to, from);
                Ok(())
            }
        }
    }

    fn exchange(&self, mut a: Target<'_>, b: Target<'_>) -> Outcome {
        if *self != Defect::HalfAnExchange {
            return Level::PORTABLE.exchange(a, b);
        }
        // Half of it: the second image keeps its bytes.
        copy_badly(Defect::None, &mut a, Source { bytes: &*b.bytes, rect: b.rect });
        Ok(())
    }

    fn fill(&self, mut to: Target<'_>, constant: Option<&[u8]>) -> Outcome {
        let Some(values) = constant else { return Level::PORTABLE.fill(to, constant) };
        let pixel = values.len() / to.rect.shape.planes;
        for (plane, _, row) in to.rect.rows() {
            let plane = if *self == Defect::FirstPlaneInAll { 0 } else { plane };
            let shift = usize::from(*self == Defect::PatternPhase && pixel > 1);
            for (i, at) in row.clone().enumerate() {
                to.bytes[at] = values[plane * pixel + (i + shift) % pixel];
            }
            if *self == Defect::OneByteTooMany && row.len() >= pixel {
                put(&mut to, row.end..row.end + 1, &values[..1]);
            }
        }
        Ok(())
    }

    fn blend(&self, element: Dtype, a: Target<'_>, b: Source<'_>, q: u32) -> Outcome {
        let size = element.bytes();
        for ((_, _, row), (_, _, from)) in a.rect.rows().zip(b.rect.rows()) {
            let row_bytes = row.len();
            let cells = a.bytes[row].chunks_exact_mut(size).zip(b.bytes[from].chunks_exact(size));
            for (i, (a, b)) in cells.enumerate() {
                // The last whole register of a row that is no multiple of it, blended again.
                let twice = *self == Defect::TailBlendedTwice
                    && row_bytes > 32
                    && i * size >= row_bytes - 32
                    && i * size < row_bytes / 32 * 32;
                for _ in 0..if twice { 2 } else { 1 } {
                    blend_badly(*self, element, a, b, q);
                }
            }
        }
        Ok(())
    }

    fn noise(&self, element: Dtype, to: Target<'_>, mut noise: Noise) -> Outcome {
        if element != Dtype::U8 {
            return Level::PORTABLE.noise(element, to, noise);
        }
        if *self == Defect::RowStepForgotten {
            noise.whole.0 = to.rect.shape.row_bytes as u32;
        }
        for (plane, y, row) in to.rect.rows() {
            let line = plane as u64 * u64::from(noise.whole.1) + u64::from(noise.y) + y as u64;
            let first = line * u64::from(noise.whole.0) + u64::from(noise.x);
            for (index, at) in (first..).zip(row) {
                let index = match *self {
                    Defect::WordPhase => index / 4 * 4 + (index + 1) % 4,
                    Defect::UpperHalfOfWordNumberLost => index % (1 << 34),
                    _ => index,
                };
                to.bytes[at] = noise_integer(noise.words, index, 1) as u8;
            }
        }
        Ok(())
    }

    fn mix_rows(&self, out: &mut [f32], a: &[f32], b: &[f32], (kept, total): (u64, u64)) -> Outcome {
        let w = (kept as f64 / total as f64) as f32;
        let wide = |row: &[f32]| row.iter().map(|&y| y.into()).collect::<Vec<_>>();
        let exact = mix_row(&wide(a), &wide(b), kept, total);
        for ((out, exact), (a, b)) in out.iter_mut().zip(exact).zip(a.iter().zip(b)) {
            *out = if *self == Defect::InBinary32 { w * a + (1.0 - w) * b } else { exact as f32 };
        }
        Ok(())
    }

    fn mix_batch_rows(&self, out: &mut [f32], rows: &[f32], classes: usize, plan: &BatchPlan<'_>) -> Outcome {
        for (i, sample) in plan.iter().enumerate() {
            let next = u64::from(*self == Defect::NextPartner && sample.method == Method::Mixup);
            let partner = (sample.partner + next) as usize % plan.len();
            let (a, b) = (&rows[i * classes..][..classes], &rows[partner * classes..][..classes]);
            let ratio = sample.label_ratio();
            self.mix_rows(&mut out[i * classes..][..classes], a, b, (ratio.kept(), ratio.total()))?;
        }
        Ok(())
    }
}

fn blend_badly(defect: Defect, element: Dtype, a: &mut [u8], b: &[u8], q: u32) {
    let half = if defect == Defect::RoundingConstant16383 { 16383 } else { 16384 };
    let whole = |a: u64, b: u64| (u64::from(q) * a + u64::from(32768 - q) * b + half) >> 15;
    match element {
        Dtype::U8 => a[0] = whole(a[0].into(), b[0].into()) as u8,
        Dtype::U16 => {
            let (x, y) = (u16::from_ne_bytes([a[0], a[1]]), u16::from_ne_bytes([b[0], b[1]]));
            // As a multiplication of signed halves would read them.
            let y = if defect == Defect::SecondOperandsSign && y == 0x8000 { 0x7fff } else { y };
            a.copy_from_slice(&(whole(x.into(), y.into()) as u16).to_ne_bytes());
        }
        _ => {
            let number = |bytes: &[u8]| f32::from_ne_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
            let (x, y) = (number(a), number(b));
            let mut mean = mean_f32(x, y, q);
            let inside = q != 0 && q != 1 << 24;
            if defect == Defect::Fused && inside {
                let w = q as f32 / 16777216.0;
                mean = w.mul_add(x, (1.0 - w) * y);
            }
            if defect == Defect::SubnormalsFlushed && inside && mean.is_subnormal() {
                mean = 0.0;
            }
            a.copy_from_slice(&mean.to_ne_bytes());
        }
    }
}

fn verdict(defect: Defect, operation: Operation) -> Result<u64, Failure> {
    run(&defect, &[operation], Effort::Quick, &mut |_, _| {}).map(|report| report.cases())
}

#[test]
fn the_naive_operations_without_a_defect_pass() {
    for operation in Operation::ALL {
        assert!(verdict(Defect::None, operation).unwrap_or_else(|failure| panic!("{failure}")) > 100);
    }
}

#[test]
fn every_planted_defect_is_found_and_named() {
    use Operation::{BlendF32, BlendU8, BlendU16, Copy, Exchange, Fill, MixBatchRows, MixRows, NoiseU8};
    // What the message must say, besides the operation.
    let expected: &[(Defect, Operation, &[&str])] = &[
        (Defect::LastByteSkipped, Copy, &["the first, row 0, byte 0, was not written", "|x|"]),
        (
            Defect::OneByteTooMany,
            Copy,
            &["1 byte after the end of row 0, holds the source's", "its own byte is expected", "|x"],
        ),
        (
            Defect::FirstRowSkipped,
            Copy,
            &["the first, row 0, byte 0, was not written", "the source's row 0, byte 0 is expected"],
        ),
        (
            Defect::OverlapAt33,
            Copy,
            &[
                "16 wrong bytes in the destination",
                "row 0, byte 16, holds the source's row 0, byte 17, but the source's row 0, byte 16 is expected",
                "1 x 33 bytes",
                "........|................xxxxxxxxxxxxxxxx.|........",
            ],
        ),
        (Defect::DestinationModulo64Is1, Copy, &["destination: 1 x 1 bytes, pitch 0, address % 64 = 1;"]),
        (Defect::OnePixelToTheLeft, Copy, &["row 0, byte 0, holds the source's 1 byte before row 0"]),
        (Defect::PitchOfOtherSign, Copy, &["the first, row 1, byte 0, holds the source's"]),
        (Defect::PlanePitchIgnored, Copy, &["plane 1, row 0, byte 0, holds the source's plane 0, row 0, byte 0"]),
        (
            Defect::FarIntoThePadding,
            Copy,
            &["64 bytes after the end of row 0", "holds what no byte of either held", "not shown: 1 byte more"],
        ),
        (Defect::Refused, Copy, &["the core refuses: today"]),
        (
            Defect::HalfAnExchange,
            Exchange,
            &["in the second; the first", "was not written, but the first's row 0, byte 0 is expected"],
        ),
        (Defect::PatternPhase, Fill, &["row 0, byte 0, is 0x26, but 0x01", "2 different bytes a pixel"]),
        (Defect::FirstPlaneInAll, Fill, &["plane 1, row 0, byte 0, is 0x"]),
        (Defect::OneByteTooMany, Fill, &["1 byte after the end of row 0, is 0x"]),
        (Defect::RoundingConstant16383, BlendU8, &["q = 16384 of 32768"]),
        (Defect::TailBlendedTwice, BlendU8, &["1 x 33 bytes", "row 0, byte 1, is 0x", "q = "]),
        (Defect::SecondOperandsSign, BlendU16, &["is 0x", "q = "]),
        (Defect::Fused, BlendF32, &["is 0x", "is expected", "of 16777216"]),
        (Defect::SubnormalsFlushed, BlendF32, &["is 0x00000000, but 0x00000001 is expected"]),
        (Defect::WordPhase, NoiseU8, &["row 0, byte 0, is 0x", "key 0x", "(element "]),
        (Defect::UpperHalfOfWordNumberLost, NoiseU8, &["(element 17179869"]),
        (Defect::RowStepForgotten, NoiseU8, &["at column", "row 1 of"]),
        (Defect::InBinary32, MixRows, &["ratio 1/3", "classes", "row 0, byte"]),
        (Defect::NextPartner, MixBatchRows, &["7 rows of 1 classes", "row 0, byte 8, is 0x"]),
    ];
    for &(defect, operation, parts) in expected {
        let failure = verdict(defect, operation).expect_err(&format!("{defect:?} of {operation:?} is not found"));
        let text = failure.to_string();
        println!("{defect:?}: {text}");
        let start = format!("{} at level portable: ", operation.name());
        assert!(
            text.starts_with(&start) && text.contains("\ncase: ") && text.contains("; seed 0x"),
            "{defect:?}: {text}"
        );
        assert_eq!(defect == Defect::Refused, failure.matrix.is_empty(), "{defect:?}: {text}");
        for part in parts {
            assert!(text.contains(part), "{defect:?}: {part:?} is not in\n{text}");
        }
    }
}

#[test]
fn a_failure_is_the_same_when_it_is_run_again() {
    let failures = [0, 1].map(|_| verdict(Defect::OverlapAt33, Operation::Copy).unwrap_err());
    assert_eq!(failures[0], failures[1]);
}
