#![forbid(unsafe_code)]
//! What the page asks of the core: two photographs of one size in, the mixed one, its mask and its label out.
//!
//! Pictures come from and go to a canvas as RGBA; the core sees RGB, as `cutmix-verify mix` does, since the noise of a
//! Cutout counts the elements of a pixel. Nothing is computed here that the core computes.

use cutmix_core::ops::{self, Fill, Frame, NoiseRange};
use cutmix_core::plan::Methods;
use cutmix_core::{BoxRule, Error, ImageView, ImageViewMut, KeptRatio, Level, Method, PlanConfig};
use cutmix_core::{SampleKey, SamplePlan, Size, geometry};
use wasm_bindgen::prelude::*;

/// Base and donor, RGB, of one size.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Photographs {
    size: Size,
    base: Vec<u8>,
    donor: Vec<u8>,
}

/// A mixed photograph with its plan.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Mixed {
    size: Size,
    plan: SamplePlan,
    pixels: Vec<u8>,
}

/// What is drawn and done. Names are those of the command line.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// `cutmix`, `mixup` or `cutout`.
    pub method: &'a str,
    /// `paper`, `official` or `full-extent`.
    pub rule: &'a str,
    /// What Cutout fills with: `black`, `noise`, or three numbers such as `124,116,104`.
    pub fill: &'a str,
    /// Lambda is drawn from Beta(alpha, alpha).
    pub alpha: f64,
    /// Which sample of which epoch of which run.
    pub key: SampleKey,
}

#[wasm_bindgen]
impl Photographs {
    /// Takes two pictures of `width` columns, RGBA; their opacity is left out.
    ///
    /// # Errors
    /// A sentence, if the two are not pictures of that width and of one size.
    #[wasm_bindgen(constructor)]
    pub fn new(width: u32, base: &[u8], donor: &[u8]) -> Result<Self, JsError> {
        Self::of(width, base, donor).map_err(|message| JsError::new(&message))
    }

    /// Mixes them.
    ///
    /// # Errors
    /// A sentence that says what was given and what was expected.
    #[expect(clippy::too_many_arguments)] // The page's controls, one each.
    pub fn mix(
        &self,
        method: &str,
        rule: &str,
        fill: &str,
        alpha: f64,
        seed: u64,
        epoch: u64,
        index: u64,
    ) -> Result<Mixed, JsError> {
        let wanted = Wanted { method, rule, fill, alpha, key: SampleKey { seed, epoch, index } };
        self.mixed(wanted).map_err(|message| JsError::new(&message))
    }
}

impl Photographs {
    /// As [`Photographs::new`], outside a browser too.
    ///
    /// # Errors
    /// As there.
    pub fn of(width: u32, base: &[u8], donor: &[u8]) -> Result<Self, String> {
        let pixels = base.len() / 4;
        let height = u32::try_from(pixels).ok().and_then(|pixels| pixels.checked_div(width)).unwrap_or(0);
        let size = Size::new(width, height).map_err(|error| error.to_string())?;
        if size.total().checked_mul(4) != Some(base.len() as u64) || base.len() != donor.len() {
            return Err(format!(
                "{} and {} bytes were given, but two pictures of {width} columns are expected",
                base.len(),
                donor.len()
            ));
        }
        let rgb = |rgba: &[u8]| rgba.chunks_exact(4).flat_map(|pixel| &pixel[..3]).copied().collect();
        Ok(Self { size, base: rgb(base), donor: rgb(donor) })
    }

    /// As [`Photographs::mix`], outside a browser too.
    ///
    /// # Errors
    /// As there.
    pub fn mixed(&self, wanted: Wanted<'_>) -> Result<Mixed, String> {
        let methods = [Method::CutMix, Method::Mixup, Method::Cutout];
        let method = methods.into_iter().find(|method| method.name() == wanted.method);
        let method = method.ok_or_else(|| format!("there is no method {:?}", wanted.method))?;
        let rule = BoxRule::ALL.into_iter().find(|rule| rule.name() == wanted.rule);
        let rule = rule.ok_or_else(|| format!("there is no rule {:?}", wanted.rule))?;
        let constant = match wanted.fill {
            "black" | "noise" => None,
            values => Some(rgb(values).ok_or_else(|| format!("{values:?} is neither black, noise nor three numbers"))?),
        };
        let fill = match &constant {
            Some(values) => Fill::Constant(values),
            None if wanted.fill == "noise" => Fill::Noise(NoiseRange::default()),
            None => Fill::Zero,
        };
        self.apply(method, rule, wanted, fill).map_err(|error| error.to_string())
    }

    fn apply(&self, method: Method, rule: BoxRule, wanted: Wanted<'_>, fill: Fill<'_, u8>) -> Result<Mixed, Error> {
        let (size, level) = (self.size, Level::detect());
        let config =
            PlanConfig::cutmix(size).with_methods(Methods::Only(method))?.with_alpha(wanted.alpha)?.with_rule(rule);
        let plan = SamplePlan::draw(wanted.key, &config);
        let mut pixels = self.base.clone();
        let mut base = ImageViewMut::nhwc(&mut pixels, size, 3)?;
        let donor = ImageView::nhwc(&self.donor, size, 3)?;
        match method {
            Method::CutMix => {
                ops::cutmix_in_place(level, &mut base, &donor, plan.patch)?;
            }
            Method::Mixup => ops::mixup_in_place(level, &mut base, &donor, plan.kept)?,
            Method::Cutout => {
                ops::cutout(level, &mut base, plan.patch, fill, plan.noise, Frame::whole(size))?;
            }
        }
        Ok(Mixed { size, plan, pixels })
    }
}

fn rgb(values: &str) -> Option<[u8; 3]> {
    let mut values = values.split(',').map(str::parse);
    let rgb = [values.next()?.ok()?, values.next()?.ok()?, values.next()?.ok()?];
    values.next().is_none().then_some(rgb)
}

#[wasm_bindgen]
impl Mixed {
    /// The mixed picture as RGBA.
    #[must_use]
    pub fn picture(&self) -> Vec<u8> {
        self.pixels.chunks_exact(3).flat_map(|rgb| rgb.iter().copied().chain([255])).collect()
    }

    /// The share of the base in every pixel as RGBA: white where it is kept, black where it is replaced, and grey all
    /// over for Mixup.
    ///
    /// # Errors
    /// None that can happen: the box lies within the picture.
    pub fn mask(&self) -> Result<Vec<u8>, JsError> {
        let mut mask = vec![0; self.pixels.len() / 3];
        geometry::mask_bytes(self.plan.patch, self.size, &mut mask)?;
        let white = match self.plan.method {
            // 255 w to nearest, from w = q / 2^15.
            Method::Mixup => ((self.plan.kept.kept() * 255 + 16384) >> 15) as u8,
            Method::CutMix | Method::Cutout => 255,
        };
        Ok(mask.into_iter().flat_map(|kept| [kept * white, kept * white, kept * white, 255]).collect())
    }

    /// The drawn lambda.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn lambda(&self) -> f64 {
        self.plan.lambda
    }

    /// The box `[x0, y0, x1, y1]`.
    #[wasm_bindgen(getter, js_name = patch)]
    #[must_use]
    pub fn patch(&self) -> Vec<u32> {
        let patch = self.plan.patch;
        vec![patch.x0(), patch.y0(), patch.x1(), patch.y1()]
    }

    /// What of the base is kept, and of how much: pixels, or the grid of Mixup weights.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn kept(&self) -> Vec<u64> {
        ratio(self.plan.kept)
    }

    /// The exact weight of the base's label: as [`Mixed::kept`], but 1 for Cutout.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn label(&self) -> Vec<u64> {
        ratio(self.plan.label_ratio())
    }

    /// The weights of the two labels, as training code gets them.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn weights(&self) -> Vec<f32> {
        let (base, donor) = self.plan.label_ratio().weights();
        vec![base, donor]
    }
}

fn ratio(ratio: KeptRatio) -> Vec<u64> {
    vec![ratio.kept(), ratio.total()]
}

/// The instructions that the core uses here.
#[wasm_bindgen]
#[must_use]
pub fn level() -> String {
    Level::detect().name().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WANTED: Wanted<'_> = Wanted {
        method: "cutmix",
        rule: "paper",
        fill: "black",
        alpha: 1.0,
        key: SampleKey { seed: 7, epoch: 0, index: 41 },
    };

    #[test]
    fn pictures_must_be_two_of_one_size() {
        for (width, base, donor) in [(2, 16, 12), (3, 16, 16), (0, 16, 16), (2, 18, 18), (2, 0, 0)] {
            assert!(Photographs::of(width, &vec![0; base], &vec![0; donor]).is_err(), "{width} {base} {donor}");
        }
        assert_eq!(Photographs::of(2, &[9; 24], &[8; 24]).unwrap().size, Size::new(2, 3).unwrap());
    }

    #[test]
    fn what_is_mixed_is_the_core_s() {
        let photographs = Photographs::of(40, &[10; 40 * 24 * 4], &[200; 40 * 24 * 4]).unwrap();
        let mixed = photographs.mixed(WANTED).unwrap();
        let plan = SamplePlan::draw(WANTED.key, &PlanConfig::cutmix(Size::new(40, 24).unwrap()));
        assert_eq!(mixed.plan, plan);
        assert!(!plan.patch.is_empty());
        let picture = mixed.picture();
        for (i, pixel) in picture.chunks_exact(4).enumerate() {
            let inside = plan.patch.contains(i as u32 % 40, i as u32 / 40);
            let value = if inside { 200 } else { 10 };
            assert_eq!(pixel, [value, value, value, 255], "pixel {i}");
        }
        let [kept, total] = mixed.label()[..] else { panic!("a ratio is two numbers") };
        assert_eq!(mixed.weights()[0].to_bits(), ((kept as f64 / total as f64) as f32).to_bits());
    }

    #[test]
    fn names_and_values_that_do_not_exist_are_refused() {
        let photographs = Photographs::of(1, &[0; 4], &[0; 4]).unwrap();
        let refused = |wanted| photographs.mixed(wanted).unwrap_err();
        assert!(refused(Wanted { method: "cutmux", ..WANTED }).contains("cutmux"));
        assert!(refused(Wanted { rule: "", ..WANTED }).contains("rule"));
        assert!(refused(Wanted { alpha: 0.0, ..WANTED }).contains('0'));
        for fill in ["", "red", "1,2", "1,2,3,4", "1,2,256"] {
            assert!(refused(Wanted { fill, ..WANTED }).contains("three numbers"), "{fill}");
        }
        assert!(photographs.mixed(Wanted { fill: "1,2,255", ..WANTED }).is_ok());
    }
}
