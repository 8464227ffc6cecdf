//! A drawn plan against the reference: its values, its box pixel by pixel, its ratio; masks and labels count its pixels.
//! For the targets that draw: samples in `plan`, batches in `batches`.

use cutmix_core::plan::{Extent, Methods};
use cutmix_core::{BoxRule, Centre, KeptRatio, Method, PlanConfig, SampleKey, SamplePlan, Size, geometry};
use cutmix_verify::reference::{self, Configuration, Rule, Stream, noise_key};

use crate::rules::expect_pixels;

const fn method(method: Method) -> reference::Method {
    match method {
        Method::CutMix => reference::Method::Cutmix,
        Method::Mixup => reference::Method::Mixup,
        Method::Cutout => reference::Method::Cutout,
    }
}

/// The configuration in the reference's words.
fn configuration(config: &PlanConfig) -> Configuration {
    let rule = BoxRule::ALL.iter().position(|&rule| rule == config.rule()).expect("one of all");
    Configuration {
        size: [config.size().width(), config.size().height()],
        methods: match config.methods() {
            Methods::Only(only) => reference::Methods::Only(method(only)),
            Methods::Switch { cutmix } => reference::Methods::Switch(cutmix),
        },
        alphas: [config.cutmix_alpha(), config.mixup_alpha()].map(|beta| beta.shape().0),
        rule: Rule::ALL[rule],
        extent: match config.extent() {
            Extent::Law => reference::Extent::Law,
            Extent::Fixed { width, height } => reference::Extent::Fixed([width, height]),
            Extent::MinMax { min, max } => reference::Extent::MinMax(min, max),
        },
        probability: config.probability(),
        partners: config.partners(),
        grid: config.grid().denominator(),
    }
}

/// That `plan` is what the contract draws from `stream` for the sample `key`; `partner` is given where a batch's pairing
/// decides it.
pub(crate) fn expect_drawn(
    plan: &SamplePlan,
    stream: &mut Stream,
    config: &PlanConfig,
    key: SampleKey,
    partner: Option<u64>,
) {
    let (size, configuration) = (config.size(), configuration(config));
    let drawn = configuration.draw(stream);
    assert_eq!(
        (method(plan.method), plan.applied, plan.partner, plan.lambda.to_bits()),
        (drawn.method, drawn.applied, partner.unwrap_or(drawn.partner), drawn.lambda.to_bits()),
        "{plan:?} is not what the contract draws"
    );
    let noise = if plan.method == Method::Cutout { noise_key(key.seed, key.epoch, key.index) } else { [0, 0] };
    assert_eq!(plan.noise.words, noise);
    let [x0, y0, x1, y1] = [plan.patch.x0(), plan.patch.y0(), plan.patch.x1(), plan.patch.y1()];
    let [x, y] = [drawn.place[0] * f64::from(size.width()), drawn.place[1] * f64::from(size.height())];
    expect_pixels(plan.patch, size, Centre { x, y }, plan, |pixel| configuration.covers(&drawn, pixel));
    let kept = configuration.kept(&drawn, reference::Patch { x0, y0, x1, y1 });
    assert_eq!([plan.kept.kept(), plan.kept.total()], kept, "the ratio of {plan:?}");
    expect_label(plan, size);
}

/// That the plan is honest, its label weights sum to one, and its masks hold what its ratio counts.
fn expect_label(plan: &SamplePlan, size: Size) {
    assert_eq!(plan.check(size, 0), Ok(()), "{plan:?}");
    let ratio = plan.label_ratio();
    assert!(plan.method != Method::Cutout || ratio == KeptRatio::ONE);
    let (w_a, w_b) = ratio.weights();
    assert_eq!(w_a, (ratio.kept() as f64 / ratio.total() as f64) as f32);
    assert!(w_a + w_b == 1.0 && (0.0..=1.0).contains(&w_a), "weights {w_a} and {w_b} of {plan:?}");
    if size.total() > 4096 {
        return;
    }
    let mut bytes = vec![7; size.total() as usize];
    let row_bytes = geometry::mask_bits_row_bytes(size) as usize;
    let mut bits = vec![0x5a; row_bytes * size.height() as usize];
    assert_eq!(geometry::mask_bytes(plan.patch, size, &mut bytes), Ok(()));
    assert_eq!(geometry::mask_bits(plan.patch, size, &mut bits), Ok(()));
    assert!(bytes.iter().all(|&byte| byte < 2), "a mask of zeros and ones");
    let ones = bytes.iter().map(|&byte| u64::from(byte)).sum::<u64>();
    assert_eq!(bits.iter().map(|byte| u64::from(byte.count_ones())).sum::<u64>(), ones, "bits are bytes");
    assert!(plan.method == Method::Mixup || ones == plan.kept.kept(), "the mask of {plan:?} keeps {ones}");
}
