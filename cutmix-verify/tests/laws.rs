//! The samplers and the boxes against their exact laws. Fixed seeds; every statistic is printed (`--nocapture`). The
//! thresholds lie at a false alarm of about 1e-6 each, and the seeds are as they were first chosen.

use cutmix_core::{Beta, BoxRule, Centre, KeptRatio, PatchBox, PlanConfig, SampleKey, SamplePlan, Size};
use cutmix_verify::{law, reference::Rule};
use serde_json::Value;
use statrs::function::beta::beta_reg;

const DRAWS: u64 = 200_000;
/// Two-sided normal quantile at about 1e-6 over the comparisons of one test.
const Z: f64 = 5.5;

fn data() -> Value {
    serde_json::from_str(include_str!("data/reference.json")).unwrap()
}

fn number(value: &Value, key: &str) -> f64 {
    value[key].as_f64().unwrap_or_else(|| panic!("{key} in {value}"))
}

#[test]
fn the_incomplete_beta_function_is_good_enough() {
    let mut worst: f64 = 0.0;
    for kat in data()["betainc"].as_array().unwrap() {
        let (a, b, x, known) = (number(kat, "a"), number(kat, "b"), number(kat, "x"), number(kat, "I"));
        worst = worst.max((beta_reg(a, b, x) - known).abs());
    }
    println!("largest error of statrs's beta_reg over the known answers: {worst:e}");
    assert!(worst < 1e-9, "{worst:e}");
}

/// The distribution function of Beta(a, b). From a = b = 1e5 on `beta_reg` loses digits around 1/2, where the normal law
/// of the same variance is within 1e-6 of it.
fn cdf_of(a: f64, b: f64, x: f64) -> f64 {
    if a == b && a >= 1e5 {
        0.5 * (1.0 + statrs::function::erf::erf((x - 0.5) * (2.0 * (2.0 * a + 1.0)).sqrt()))
    } else {
        beta_reg(a, b, x)
    }
}

fn sorted_draws(beta: &Beta) -> Vec<f64> {
    let draw = |index| beta.sample(&mut SampleKey { seed: 101, epoch: 0, index }.rng());
    let mut draws: Vec<f64> = (0..DRAWS).map(draw).collect();
    draws.sort_by(f64::total_cmp);
    draws
}

#[test]
fn beta_draws_follow_their_law() {
    let symmetric = [0.001, 0.05, 0.2, 0.5, 0.7, 1.0, 2.0, 8.0, 100.0, 1e6].map(|alpha| (alpha, alpha));
    for (a, b) in symmetric.into_iter().chain([(2.0, 1.0), (0.3, 1.3), (5.0, 2.0), (0.05, 50.0)]) {
        let beta = Beta::new(a, b).unwrap();
        let draws = sorted_draws(&beta);
        let n = DRAWS as f64;
        // Kolmogorov and Smirnov's statistic over the distinct values; those within rounding of an end are atoms there.
        let (mut distance, mut i) = (0.0_f64, 0);
        while i < draws.len() {
            let x = draws[i];
            let upper = draws[i..].partition_point(|&y| y <= x) + i;
            if x > 1e-300 && x < 1.0 - 1e-13 {
                let cdf = cdf_of(a, b, x);
                distance = distance.max((cdf - i as f64 / n).abs()).max((upper as f64 / n - cdf).abs());
            }
            i = upper;
        }
        let ks = distance * n.sqrt();
        // 64 cells of equal width, pooled where fewer than 20 draws are expected.
        let (spread, mean) = ((a * b / ((a + b).powi(2) * (a + b + 1.0))).sqrt(), a / (a + b));
        let (low, high) = ((mean - 4.0 * spread).max(0.0), (mean + 4.0 * spread).min(1.0));
        let (mut chi2, mut cells, mut from, mut before) = (0.0, 0_u32, 0_usize, 0.0);
        for cell in 1..=64 {
            let edge = low + (high - low) * f64::from(cell) / 64.0;
            let (to, cdf) = if cell == 64 {
                (draws.len(), 1.0)
            } else {
                (draws.partition_point(|&x| x <= edge), cdf_of(a, b, edge))
            };
            let expected = n * (cdf - before);
            if expected >= 20.0 || cell == 64 {
                if expected >= 20.0 {
                    chi2 += ((to - from) as f64 - expected).powi(2) / expected;
                    cells += 1;
                }
                (from, before) = (to, cdf);
            }
        }
        let freedom = f64::from(cells.max(2) - 1);
        // Wilson and Hilferty's cube root turns chi-square into a normal deviate.
        let z = ((chi2 / freedom).cbrt() - (1.0 - 2.0 / (9.0 * freedom))) / (2.0 / (9.0 * freedom)).sqrt();
        println!("Beta({a}, {b}): sqrt(n) D = {ks:.3}, chi2 = {chi2:.1} in {cells} cells (z = {z:.2})");
        assert!(ks < 2.7, "Beta({a}, {b}): sqrt(n) D = {ks}");
        assert!(z < Z, "Beta({a}, {b}): chi2 = {chi2} in {cells} cells");
    }
}

#[test]
fn a_shifted_parameter_would_be_seen() {
    // The same draws against the law of an alpha five per cent off: the test above has the power to tell.
    let beta = Beta::symmetric(0.2).unwrap();
    let draws = sorted_draws(&beta);
    let n = DRAWS as f64;
    let distance = draws
        .iter()
        .enumerate()
        .filter(|(_, x)| (1e-300..1.0 - 1e-13).contains(*x))
        .map(|(i, &x)| (beta_reg(0.21, 0.21, x) - i as f64 / n).abs())
        .fold(0.0, f64::max);
    println!("against alpha 0.21: sqrt(n) D = {:.2}", distance * n.sqrt());
    assert!(distance * n.sqrt() > 2.7);
}

#[test]
fn boxes_follow_their_law() {
    let data = data();
    for case in data["laws"].as_array().unwrap() {
        let (w, h, alpha) = (number(case, "W") as u32, number(case, "H") as u32, number(case, "alpha"));
        let size = Size::new(w, h).unwrap();
        for (rule, name) in BoxRule::ALL.into_iter().zip(["paper", "official", "full_extent"]) {
            let config = PlanConfig::cutmix(size).with_alpha(alpha).unwrap().with_rule(rule);
            let (mut empty, mut sum, mut squares, mut covered) = (0_u64, 0.0, 0.0, [0_u64; 5]);
            let places = [(0, 0), (w - 1, h - 1), (w - 1, 0), (0, h - 1), (w / 2, h / 2)];
            for index in 0..DRAWS {
                let patch = SamplePlan::draw(SampleKey { seed: 202, epoch: 0, index }, &config).patch;
                let share = patch.area() as f64 / size.total() as f64;
                empty += u64::from(patch.is_empty());
                sum += share;
                squares += share * share;
                for (count, (x, y)) in covered.iter_mut().zip(places) {
                    *count += u64::from(patch.contains(x, y));
                }
            }
            let n = DRAWS as f64;
            let rate = |count: u64, p: f64| (count as f64 - n * p) / (n * p * (1.0 - p) + 1.0).sqrt();
            let z_empty = rate(empty, number(&case[name], "p_empty"));
            let mean = sum / n;
            let z_area = (mean - number(&case[name], "E_area_frac")) / ((squares / n - mean * mean) / n).sqrt();
            println!("{w}x{h} alpha {alpha} {name}: z of P(empty) {z_empty:.2}, of E[area] {z_area:.2}");
            assert!(z_empty.abs() < Z && z_area.abs() < Z, "{w}x{h} alpha {alpha} {name}: {z_empty} {z_area}");
            let naive = [Rule::Paper, Rule::Official, Rule::FullExtent][rule as usize];
            let map = law::coverage(naive, alpha, w, h);
            for ((count, (x, y)), key) in
                covered.into_iter().zip(places).zip(["first", "last", "right", "left", "centre"])
            {
                let p = map[(y * w + x) as usize];
                if rule == BoxRule::Official {
                    assert!((p - number(&case["coverage"], key)).abs() < 1e-9, "{w}x{h} alpha {alpha} {key}: {p}");
                }
                let z = rate(count, p);
                assert!(z.abs() < Z, "{w}x{h} alpha {alpha} {name}: z of the coverage at {key} is {z}");
            }
        }
    }
}

#[test]
fn box_vectors() {
    let data = data();
    let vectors = data["box_vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 216);
    for vector in vectors {
        let size = Size::new(number(vector, "W") as u32, number(vector, "H") as u32).unwrap();
        let centre = Centre { x: number(vector, "cx"), y: number(vector, "cy") };
        let lambda = f64::from_bits(u64::from_str_radix(vector["lambda_bits"].as_str().unwrap(), 16).unwrap());
        for (rule, name) in [(BoxRule::Official, "official"), (BoxRule::FullExtent, "full_extent")] {
            let corners: Vec<u32> =
                vector[name].as_array().unwrap().iter().map(|v| v.as_u64().unwrap() as u32).collect();
            let expected = PatchBox::new(corners[0], corners[1], corners[2], corners[3]).unwrap();
            let patch = rule.patch_box(lambda, centre, size).unwrap();
            assert_eq!(patch, expected, "{name}, {vector}");
            if rule == BoxRule::Official {
                assert_eq!(patch.area(), number(vector, "area") as u64, "{vector}");
                assert_eq!(KeptRatio::of(patch, size).unwrap().kept(), size.total() - patch.area());
            }
        }
    }
}

#[test]
fn neighbouring_keys_do_not_correlate() {
    type Keys = fn(u64) -> [(u64, u64, u64); 2];
    let first = |seed, epoch, index| {
        let mut rng = SampleKey { seed, epoch, index }.rng();
        cutmix_core::draw::uniform::unit(&mut rng)
    };
    let pairs: [(&str, Keys); 4] = [
        ("index", |i| [(1, 1, i), (1, 1, i + 1)]),
        ("epoch", |i| [(1, i, 1), (1, i + 1, 1)]),
        ("seed", |i| [(i, 1, 1), (i + 1, 1, 1)]),
        ("swapped words", |i| [(i, 7, 1), (7, i, 1)]),
    ];
    for (name, keys) in pairs {
        let (mut sum, mut cells) = (0.0, [0_u32; 256]);
        for i in 1000..1000 + DRAWS {
            let [a, b] = keys(i).map(|(seed, epoch, index)| first(seed, epoch, index));
            sum += (a - 0.5) * (b - 0.5) * 12.0;
            cells[(a * 16.0) as usize * 16 + (b * 16.0) as usize] += 1;
        }
        let n = DRAWS as f64;
        let (r, expected) = (sum / n.sqrt(), n / 256.0);
        let chi2: f64 = cells.iter().map(|&count| (f64::from(count) - expected).powi(2) / expected).sum();
        println!("{name}: r sqrt(n) = {r:.2}, chi2 = {chi2:.1} at 255 degrees of freedom");
        // 379.3 is the 1 - 1e-6 quantile.
        assert!(r.abs() < Z && chi2 < 379.3, "{name}: {r} {chi2}");
    }
}
