//! Boxes on one axis, all of them up to some length: the core's spans against the reference's pixels, and the suite
//! against spans that are wrong. `selftest --exhaustive` goes up to 512 pixels.

use std::ops::Range;

use cutmix_core::{BoxRule, Error};
use cutmix_verify::suite::{Span, axis, axis_of};

#[test]
fn every_box_on_one_axis() {
    let cases = axis(1..=64, 2, &mut |_, _| {}).unwrap_or_else(|failure| panic!("{failure}"));
    println!("{cases} boxes");
    assert!(cases > 50_000_000, "{cases} boxes only");
}

#[test]
fn wrong_spans_are_found() {
    type Wrong = fn(BoxRule, f64, f64, u32) -> Result<Range<u32>, Error>;
    let defects: [(&str, Wrong); 7] = [
        ("the far clip is ignored", |rule, lambda, centre, length| {
            let half = f64::from(length) * (1.0 - lambda).sqrt() / 2.0;
            let span = rule.span(lambda, centre, length)?;
            let end = ((centre + half) - 0.5).ceil() as u32;
            Ok(if rule == BoxRule::Paper { span.start..end.max(span.start) } else { span })
        }),
        ("the near clip moves the far edge", |rule, lambda, centre, length| {
            let span = rule.span(lambda, centre, length)?;
            let side = (f64::from(length) * (1.0 - lambda).sqrt()) as u32;
            Ok(if span.start == 0 { 0..side.min(length) } else { span })
        }),
        ("one pixel too many", |rule, lambda, centre, length| {
            let span = rule.span(lambda, centre, length)?;
            Ok(span.start..(span.end + u32::from(!span.is_empty())).min(length))
        }),
        ("one pixel to the right", |rule, lambda, centre, length| {
            let span = rule.span(lambda, centre, length)?;
            Ok((span.start + 1).min(length)..(span.end + 1).min(length))
        }),
        ("r = 1 - lambda", |rule, lambda, centre, length| rule.span(1.0 - (1.0 - lambda).powi(2), centre, length)),
        ("the centre is rounded", |rule, lambda, centre, length| rule.span(lambda, centre.floor() + 0.5, length)),
        ("lambda in binary32", |rule, lambda, centre, length| rule.span(f64::from(lambda as f32), centre, length)),
    ];
    for (name, wrong) in defects {
        let failure = axis_of(&wrong as &Span, 1..=16, 1, &mut |_, _| {}).expect_err(name);
        println!("{name}: {failure}");
        assert!(failure.to_string().contains("by the reference"), "{name}: {failure}");
    }
    let refuses: Wrong = |_, lambda, _, _| Err(Error::Lambda { lambda });
    let failure = axis_of(&refuses as &Span, 1..=1, 0, &mut |_, _| {}).unwrap_err();
    assert!(failure.to_string().contains("refused: "), "{failure}");
}

#[test]
fn progress_counts_the_lengths() {
    let mut heard = Vec::new();
    axis(3..=5, 0, &mut |done, total| heard.push((done, total))).unwrap();
    assert_eq!(heard, [(0, 3), (1, 3), (2, 3), (3, 3)]);
}
