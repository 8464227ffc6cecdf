//! The page in a real browser: headless Chromium, at desktop and phone width, light and dark. Where there is none the test
//! is skipped by name; `CUTMIX_EXPECT_CHROMIUM=1` turns that into a failure.

#[path = "support/trace.rs"]
mod trace;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cutmix_verify::audit::Options;
use cutmix_verify::play::variant;
use cutmix_verify::probe::Spec;
use cutmix_verify::profile::shape::{SHAPES, Shape};
use cutmix_verify::report::{self, Report};
use trace::audited;

fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let usual = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].map(PathBuf::from);
    named.into_iter().chain(usual).find(|program| {
        let found = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        found.is_ok_and(|status| status.success())
    })
}

/// Runs the browser for a minute at most: what it wrote to stdout and stderr.
fn browse(program: &Path, folder: &Path, args: &[&str]) -> (String, String) {
    let (out, err) = (folder.join("out"), folder.join("err"));
    let mut child = Command::new(program)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr", "--v=0"])
        .arg(format!("--user-data-dir={}", folder.join("profile").display()))
        .args(args)
        .stdout(std::fs::File::create(&out).unwrap())
        .stderr(std::fs::File::create(&err).unwrap())
        .spawn()
        .unwrap();
    let until = Instant::now() + Duration::from_secs(60);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > until {
            let _ = child.kill();
            panic!("the browser is silent: {}", std::fs::read_to_string(&err).unwrap_or_default());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let text = |path| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    (text(out), text(err))
}

fn judge(name: &str) -> Report {
    let variant = variant(name).unwrap();
    // With enough draws for a verdict on their law.
    let spec = Spec::new(variant.spec().method, vec![variant.phase(), variant.law_phase(9000)]);
    audited(variant, &spec, 1.0, 1, Options { alphas: vec![1.0], ..Options::default() })
}

#[test]
fn the_page_is_shown_whole_at_every_width_in_light_and_dark() {
    let Some(program) = chromium() else {
        assert!(std::env::var_os("CUTMIX_EXPECT_CHROMIUM").is_none(), "no chromium");
        println!("skipped: no chromium");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut hostile = judge("mixup-label-swapped");
    hostile.name = format!("<script>document.title = 'PASS'</script>{}", "x".repeat(900));
    hostile.stderr = "\"><img src=x onerror=alert(1)>\n".repeat(40);
    for run in &mut hostile.laws {
        let long: &'static str = "x".repeat(400).leak();
        run.identified.shape = Some(Shape { name: long, what: long, ..SHAPES[0] });
    }
    let pages = ["label-raw", "official", "root-omitted"].map(|name| (name, judge(name)));
    let pages: Vec<(&str, Report)> = pages.into_iter().chain([("hostile", hostile)]).collect();
    for (name, report) in &pages {
        let page = folder.path().join(format!("{name}.html"));
        std::fs::write(&page, report::html(report)).unwrap();
        for width in [360, 1280] {
            // A browser's window is wider than a phone: the page is put into a frame, and measured from outside.
            let frame = folder.path().join("frame.html");
            let text = format!(
                "<!doctype html><body style='margin:0'><iframe src='{name}.html' style='width:{width}px;height:9000px;border:0'></iframe>
                 <script>onload = () => {{ const d = frames[0].document; document.body.dataset.seen = [d.documentElement.scrollWidth,
                 d.querySelector('h1').textContent, d.querySelectorAll('script').length, d.images.length,
                 [...d.images].every((image) => image.complete && image.naturalWidth > 0), d.title].join(';'); }};</script>"
            );
            std::fs::write(&frame, text).unwrap();
            let url = format!("file://{}", frame.display());
            let (dom, log) = browse(&program, folder.path(), &["--allow-file-access-from-files", "--dump-dom", &url]);
            let verdict = report.verdict.name();
            let beside = report.laws.iter().filter(|run| run.extents.is_some()).count();
            let coverage = if beside == 0 && report.coverage.is_some() { 2 } else { 6 * beside };
            let images = coverage + report.shown.as_ref().map_or(0, |s| 3 + usize::from(s.donor.is_some()));
            let expected = format!("data-seen=\"{width};{verdict};0;{images};true;{verdict}: ");
            assert!(dom.contains(&expected), "{name} at {width}: no {expected} in {}", &dom[..dom.len().min(600)]);
            for word in ["Content Security Policy", "Refused to", "Uncaught"] {
                assert!(!log.contains(word), "{name}: {log}");
            }
        }
        let mut brightness = Vec::new();
        for (scheme, width) in [(1, 1280), (0, 1280), (1, 520), (0, 520)] {
            let shot = folder.path().join("shot.png");
            let args = [
                format!("--blink-settings=preferredColorScheme={scheme}"),
                format!("--screenshot={}", shot.display()),
                format!("--window-size={width},1400"),
                format!("file://{}", page.display()),
            ];
            browse(&program, folder.path(), &args.each_ref().map(String::as_str));
            let picture = image::open(&shot).unwrap().to_rgb8();
            assert_eq!(picture.width(), width);
            let mut colors: Vec<[u8; 3]> = picture.pixels().map(|pixel| pixel.0).collect();
            brightness.push(colors.iter().map(|rgb| u64::from(rgb[1])).sum::<u64>() / colors.len() as u64);
            colors.sort_unstable();
            colors.dedup();
            assert!(colors.len() > 100, "{name}: {} colours", colors.len());
            std::fs::remove_file(shot).unwrap();
        }
        assert!(brightness[0] > 180 && brightness[1] < 80, "{name}: light and dark {brightness:?}");
        assert!(brightness[2] > 180 && brightness[3] < 80, "{name}: light and dark {brightness:?}");
    }
}
