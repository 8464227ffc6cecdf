//! Images of strangers through the tool's decoding and mixing. What is refused was refused by the decoder or does not
//! belong together; every other picture, decoded again, is pixel by pixel what the reference makes of the two; and
//! whatever the bytes claim, the memory taken stays within a bound.

use std::io::Cursor;

use arbitrary::{Arbitrary, Unstructured};
use cutmix_core::plan::Methods;
use cutmix_core::{BoxRule, KeptRatio, Level, Method, PlanConfig, SampleKey, SamplePlan, Size};
use cutmix_verify::cli::bytes::{self, Mixed, Options};
use cutmix_verify::reference::{self, Image};
use image::{ColorType, DynamicImage, ImageReader, Limits};

use crate::Outcome;
use crate::pixels::{level, spec};

/// What is asked for; ten bytes before the images.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub struct Knobs {
    /// The method.
    pub method: u8,
    /// The rule.
    pub rule: u8,
    /// What Cutout fills with.
    pub fill: u8,
    /// Lowest bit: scale the second image.
    pub flags: u8,
    /// The level.
    pub level: u8,
    /// The probability in 255ths, from above.
    pub probability: u8,
    /// The key.
    pub seed: u16,
    /// Bytes of the first image; with 0, one image is both.
    pub split: u16,
}

const FILLS: [&str; 6] = ["black", "noise", "7", "200,1", "1,2,3", "9,8,7,65535"];

impl Knobs {
    fn plan(self, size: Size) -> SamplePlan {
        let method = [Method::CutMix, Method::Mixup, Method::Cutout][usize::from(self.method) % 3];
        let config = PlanConfig::cutmix(size)
            .with_methods(Methods::Only(method))
            .and_then(|config| config.with_probability(1.0 - f64::from(self.probability) / 255.0))
            .expect("a method and a fraction")
            .with_rule(BoxRule::ALL[usize::from(self.rule) % 3]);
        SamplePlan::draw(SampleKey { seed: self.seed.into(), ..SampleKey::default() }, &config)
    }

    fn fill(self) -> &'static str {
        FILLS[usize::from(self.fill) % FILLS.len()]
    }

    fn resize(self) -> bool {
        self.flags & 1 == 1
    }
}

/// What the decoder of one image may take.
const MAX_ALLOC: u64 = 1 << 16;

/// What the tool may hold at any time: some images of four 16-bit or binary32 channels for every decoded byte, and what
/// decoders need before they have looked.
const MOST_BYTES: u64 = 96 * MAX_ALLOC + (4 << 20);

pub(crate) fn check(data: &[u8]) -> Outcome {
    let mut input = Unstructured::new(data);
    let Ok(knobs) = Knobs::arbitrary(&mut input) else { return Outcome::Malformed };
    let images = input.take_rest();
    let (a, b) = match usize::from(knobs.split) {
        0 => (images, images),
        split => images.split_at(split.min(images.len())),
    };
    let level: Level = level(knobs.level);
    let options = Options { level, resize: knobs.resize(), fill: knobs.fill(), max_alloc: MAX_ALLOC };
    let mut result = Err(String::new());
    let memory = allocation_counter::measure(|| {
        result = bytes::mix([a, b], options, |size| knobs.plan(size));
    });
    assert!(memory.bytes_max <= MOST_BYTES, "{} bytes were held: {knobs:?}", memory.bytes_max);
    let (Some(a), Some(b)) = (decode(a), decode(b)) else {
        assert!(result.is_err(), "a picture from what is no image: {knobs:?}");
        return Outcome::Refused;
    };
    let same_size = (a.width(), a.height()) == (b.width(), b.height());
    let color = richest(&a, &b);
    let channels = usize::from(color.channel_count());
    let fill = Fill::parse(knobs.fill(), channels, is_sixteen(color));
    match result {
        Ok(mixed) => {
            let fill = fill.filter(|_| same_size || knobs.resize());
            let fill = fill.unwrap_or_else(|| panic!("a picture of what does not belong together: {knobs:?}"));
            expect_picture(&a, same_size.then_some(&b), color, knobs, &fill, &mixed);
            Outcome::Verified
        }
        Err(error) => {
            let reason = (!same_size && !knobs.resize()) || fill.is_none() || a.width() == 0 || a.height() == 0;
            assert!(reason, "{error}: {color:?} {}x{} {knobs:?}", a.width(), a.height());
            Outcome::Refused
        }
    }
}

fn decode(bytes: &[u8]) -> Option<DynamicImage> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_ALLOC);
    reader.limits(limits);
    reader.decode().ok()
}

fn is_sixteen(color: ColorType) -> bool {
    color.bytes_per_pixel() / color.channel_count() == 2
}

/// The least format that holds both images.
fn richest(a: &DynamicImage, b: &DynamicImage) -> ColorType {
    let of = |f: fn(ColorType) -> bool| f(a.color()) || f(b.color());
    match (of(is_sixteen), of(ColorType::has_color), of(ColorType::has_alpha)) {
        (false, false, false) => ColorType::L8,
        (false, false, true) => ColorType::La8,
        (false, true, false) => ColorType::Rgb8,
        (false, true, true) => ColorType::Rgba8,
        (true, false, false) => ColorType::L16,
        (true, false, true) => ColorType::La16,
        (true, true, false) => ColorType::Rgb16,
        (true, true, true) => ColorType::Rgba16,
    }
}

/// The samples of an image in a format, 8-bit ones widened.
fn samples(image: &DynamicImage, color: ColorType) -> Image<u16> {
    let wide = |samples: Vec<u8>| samples.into_iter().map(u16::from).collect();
    let data: Vec<u16> = match color {
        ColorType::L8 => wide(image.to_luma8().into_raw()),
        ColorType::La8 => wide(image.to_luma_alpha8().into_raw()),
        ColorType::Rgb8 => wide(image.to_rgb8().into_raw()),
        ColorType::Rgba8 => wide(image.to_rgba8().into_raw()),
        ColorType::L16 => image.to_luma16().into_raw(),
        ColorType::La16 => image.to_luma_alpha16().into_raw(),
        ColorType::Rgb16 => image.to_rgb16().into_raw(),
        _ => image.to_rgba16().into_raw(),
    };
    let elements = color.channel_count().into();
    Image { planes: 1, width: image.width(), height: image.height(), elements, data }
}

/// What a Cutout fills with.
enum Fill {
    Black,
    Noise,
    Values(Vec<u16>),
}

impl Fill {
    fn parse(text: &str, channels: usize, sixteen: bool) -> Option<Self> {
        match text {
            "black" => Some(Self::Black),
            "noise" => Some(Self::Noise),
            _ => {
                let values: Option<Vec<u16>> = text.split(',').map(|value| value.parse().ok()).collect();
                let fits = |value: &u16| sixteen || *value < 256;
                values.filter(|values| values.len() == channels && values.iter().all(fits)).map(Self::Values)
            }
        }
    }
}

/// That the picture and its mask are the reference's. Of a donor that was scaled only the place is known.
fn expect_picture(
    a: &DynamicImage,
    b: Option<&DynamicImage>,
    color: ColorType,
    knobs: Knobs,
    fill: &Fill,
    mixed: &Mixed,
) {
    let picture = image::load_from_memory(&mixed.png).expect("a picture that can be read");
    let mask = image::load_from_memory(&mixed.mask).expect("a mask that can be read").into_luma8();
    assert_eq!((picture.color(), picture.width(), picture.height()), (color, a.width(), a.height()), "{knobs:?}");
    let plan = knobs.plan(Size::new(a.width(), a.height()).expect("a picture with pixels"));
    let patch = spec(plan.patch);
    assert_eq!(mask.dimensions(), (a.width(), a.height()));
    for (x, y, value) in mask.enumerate_pixels() {
        assert_eq!(value.0[0], if patch.contains(x, y) { 0 } else { 255 }, "pixel ({x}, {y}) of the mask, {knobs:?}");
    }
    let (base, got) = (samples(a, color), samples(&picture, color));
    let donor = b.map(|b| samples(b, color));
    let bytes = if is_sixteen(color) { 2 } else { 1 };
    let want = match (plan.method, donor) {
        _ if !plan.applied => base,
        (Method::CutMix, Some(donor)) => reference::cutmix(&base, &donor, patch),
        (Method::CutMix, None) => reference::cutmix(&base, &got, patch),
        (Method::Mixup, Some(donor)) => reference::mixup_integer(&base, &donor, plan.kept.kept()),
        (Method::Mixup, None) if plan.kept == KeptRatio::ONE => base,
        (Method::Mixup, None) => return,
        (Method::Cutout, _) => reference::cutout(&base, patch, |p, y, x, e| match fill {
            Fill::Black => 0,
            Fill::Noise => reference::noise_integer(plan.noise.words, base.index(p, y, x, e), bytes) as u16,
            Fill::Values(values) => values[e as usize],
        }),
    };
    assert!(got == want, "the picture is not the reference's: {plan:?} {knobs:?} {color:?}");
}
