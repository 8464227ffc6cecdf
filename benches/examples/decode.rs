//! How long the auditor reads a trace, against `cat` on the same file, both from the page cache: 8 calls of 128 images of
//! 3x224x224 in f32, as `numpy.savez` stores them. Prints the ratio of the medians; takes 1.6 GB of disk.
//!
//! cargo run --release -p cutmix-bench --example decode [-- RUNS]

use std::fs::File;
use std::io::{BufWriter, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use cutmix_verify::audit::{Audit, Options};
use cutmix_verify::decode::Decoder;
use cutmix_verify::play::{simulate_with, variant};
use cutmix_verify::probe::{Phase, Spec, digest};
use cutmix_verify::report::Verdict;
use cutmix_verify::trace::{Call, Trace};

fn trace(path: &Path) -> std::io::Result<()> {
    let torchvision = variant("torchvision").ok_or(std::io::ErrorKind::NotFound)?;
    let mut phase = Phase { calls: 8, batch: 128, width: 224, height: 224, ..Phase::structure() };
    phase.sha256 = digest(&phase);
    let spec = Spec::new(torchvision.spec().method, vec![phase]);
    simulate_with(&spec, torchvision, 1.0, 1, false, BufWriter::new(File::create(path)?))?;
    Ok(())
}

fn seconds<T>(mut run: impl FnMut() -> T) -> f64 {
    let start = Instant::now();
    std::hint::black_box(run());
    start.elapsed().as_secs_f64()
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn main() -> std::io::Result<()> {
    let runs: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(11).max(1);
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("trace.npz");
    trace(&path)?;
    let bytes = std::fs::metadata(&path)?.len() as f64;
    let cat = || Command::new("cat").arg(&path).stdout(Stdio::null()).status();
    // What a reader of one thread can do at best: into one small buffer, nothing looked at.
    let read = || -> std::io::Result<()> {
        let (mut file, mut buffer) = (File::open(&path)?, vec![0; 1 << 17]);
        while file.read(&mut buffer)? > 0 {}
        Ok(())
    };
    let scan = || -> std::io::Result<()> {
        let trace = Trace::open(&path).map_err(std::io::Error::other)?;
        let mut calls =
            trace.phase(&trace.spec.phases[0]).map_err(std::io::Error::other)?.ok_or(std::io::ErrorKind::NotFound)?;
        let mut call = Call::default();
        while calls.read(&mut call).map_err(std::io::Error::other)? {}
        Ok(())
    };
    let decode = || -> std::io::Result<()> {
        let trace = Trace::open(&path).map_err(std::io::Error::other)?;
        let phase = &trace.spec.phases[0];
        let mut calls = trace.phase(phase).map_err(std::io::Error::other)?.ok_or(std::io::ErrorKind::NotFound)?;
        let decoder = Decoder::new(phase, calls.dtype, trace.spec.method);
        let mut call = Call::default();
        let look = |number, i, image: &[u8]| decoder.at_once(number, i, image);
        while let Some(plain) = calls.read_with(&mut call, look).map_err(std::io::Error::other)? {
            std::hint::black_box(decoder.rest(call.number, &call.images, plain));
        }
        Ok(())
    };
    let check = || {
        let mut audit = Audit::new(Options::default());
        audit.read(&path, |_, _| {}).map_err(std::io::Error::other)?;
        let report = audit.report();
        assert_eq!((report.verdict, report.samples), (Verdict::Inconclusive, 1024), "{:?}", report.findings);
        Ok::<_, std::io::Error>(())
    };
    cat()?;
    check()?;
    let mut times = [const { Vec::new() }; 5];
    // In turn, so that whatever else the machine does meets all of them.
    for _ in 0..runs {
        times[0].push(seconds(cat));
        times[1].push(seconds(read));
        times[2].push(seconds(scan));
        times[3].push(seconds(decode));
        times[4].push(seconds(check));
    }
    let [cat, read, scan, decode, check] = times.map(median);
    println!("{:.0} MB, median of {runs} runs", bytes / 1e6);
    for (name, time) in [
        ("cat", cat),
        ("read, 128 KiB at a time", read),
        ("arrays, with checksums", scan),
        ("and decoded", decode),
        ("and judged, with sha256", check),
    ] {
        println!("{name:<28}{:7.1} ms {:6.2} GB/s {:6.2} of cat", time * 1e3, bytes / 1e9 / time, time / cat);
    }
    Ok(())
}
