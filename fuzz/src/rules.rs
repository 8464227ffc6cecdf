//! The box rules on any numbers: what is out of range is refused, and every other box holds exactly the pixels that the
//! reference puts inside. Small images pixel by pixel; large ones along the edges and corners of the box.

use arbitrary::Arbitrary;
use cutmix_core::{BoxRule, Centre, Error, PatchBox, Size};
use cutmix_verify::reference::{self, Rule};

use crate::Outcome;
use crate::numbers::{Real, is_fraction};

/// A coordinate.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Coordinate {
    Any(Real),
    /// So much of the side.
    Share(Real),
    /// A number of half pixels, moved by units in the last place: where edges fall on pixel centres.
    Halves(u16, i8),
}

impl Coordinate {
    fn value(self, length: u32) -> f64 {
        match self {
            Self::Any(real) => real.value(),
            Self::Share(real) => real.value() * f64::from(length),
            Self::Halves(halves, by) => {
                f64::from_bits((f64::from(halves) / 2.0).to_bits().wrapping_add_signed(i64::from(by)))
            }
        }
    }
}

/// A side of an image or of a fixed box.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Side {
    Small(u8),
    Any(u32),
}

impl Side {
    fn value(self) -> u32 {
        match self {
            Self::Small(side) => u32::from(side) % 40,
            Self::Any(side) => side,
        }
    }
}

#[derive(Arbitrary, Debug)]
struct Input {
    lambda: Real,
    centre: [Coordinate; 2],
    image: [Side; 2],
    fixed: [Side; 2],
}

/// Pixels along one side where a box could be wrong: all of a short one, else those beside the box's edges and the
/// centre.
fn probes(length: u32, edges: [u32; 2], centre: f64) -> Vec<u32> {
    if length <= 40 {
        return (0..length).collect();
    }
    let near = [0, edges[0], edges[1], centre as u32, length - 1];
    let mut probes: Vec<u32> =
        near.iter().flat_map(|&x| [x.saturating_sub(1), x, x.saturating_add(1)]).filter(|&x| x < length).collect();
    probes.sort_unstable();
    probes.dedup();
    probes
}

/// That a box holds exactly the pixels for which `inside` is true.
pub(crate) fn expect_pixels(
    patch: PatchBox,
    size: Size,
    centre: Centre,
    what: &dyn std::fmt::Debug,
    inside: impl Fn((u32, u32)) -> bool,
) {
    assert!(patch.fits(size), "{patch} reaches outside {size}: {what:?}");
    let columns = probes(size.width(), [patch.x0(), patch.x1()], centre.x);
    let rows = probes(size.height(), [patch.y0(), patch.y1()], centre.y);
    for (x, y) in rows.iter().flat_map(|&y| columns.iter().map(move |&x| (x, y))) {
        let expected = inside((x, y));
        assert_eq!(patch.contains(x, y), expected, "pixel ({x}, {y}) of box {patch} in {size}: {what:?}");
    }
}

pub(crate) fn check(data: &[u8]) -> Outcome {
    let Some(input) = crate::read::<Input>(data) else { return Outcome::Malformed };
    let [width, height] = input.image.map(Side::value);
    let size = match Size::new(width, height) {
        Ok(size) => size,
        Err(error) => {
            assert_eq!((error, width == 0 || height == 0), (Error::ZeroSide { width, height }, true));
            return Outcome::Refused;
        }
    };
    let lambda = input.lambda.value();
    let centre = Centre { x: input.centre[0].value(width), y: input.centre[1].value(height) };
    let within = |c: f64, length: u32| !c.is_nan() && c >= 0.0 && c < f64::from(length);
    let centred = within(centre.x, width) && within(centre.y, height);
    let fixed = input.fixed.map(Side::value);
    let place = (centre.x, centre.y);
    for (rule, naive) in BoxRule::ALL.into_iter().zip(Rule::ALL) {
        let what = (rule, lambda, centre);
        match rule.patch_box(lambda, centre, size) {
            Ok(patch) => {
                assert!(is_fraction(lambda) && centred, "a box for {what:?} in {size}");
                expect_pixels(patch, size, centre, &what, |pixel| {
                    reference::inside_law(naive, lambda, place, (width, height), pixel)
                });
            }
            Err(Error::Lambda { .. }) => assert!(!is_fraction(lambda), "{what:?} in {size} was refused"),
            Err(Error::Centre { .. }) => assert!(!centred, "{what:?} in {size} was refused"),
            Err(error) => panic!("{error} for {what:?} in {size}"),
        }
        let what = (rule, fixed, centre);
        match rule.fixed_box(fixed[0], fixed[1], centre, size) {
            Ok(patch) => {
                assert!(centred, "a box for {what:?} in {size}");
                expect_pixels(patch, size, centre, &what, |pixel| {
                    reference::inside_fixed(naive, (fixed[0], fixed[1]), place, pixel)
                });
            }
            Err(error) => assert!(!centred && matches!(error, Error::Centre { .. }), "{error} for {what:?} in {size}"),
        }
    }
    if centred && is_fraction(lambda) { Outcome::Verified } else { Outcome::Refused }
}
