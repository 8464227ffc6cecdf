//! `stream`: from keys to draws.

use serde_json::{Value, json};

use super::{RULES, Verdict, case, with};
use crate::vectors::ask::rule_name;
use crate::vectors::model::{File, Group, Test};
use crate::vectors::value::{float, word};

fn key([seed, epoch, index]: [u64; 3]) -> Value {
    json!({ "seed": word(seed), "epoch": word(epoch), "index": word(index) })
}

const KEYS: [[u64; 3]; 8] = [
    [0, 0, 0],
    [7, 0, 41],
    [7, 1, 41],
    [1 << 63, 0, 0],
    [0, 1 << 63, 0],
    [0, 0, 1 << 63],
    [u64::MAX, u64::MAX, u64::MAX],
    [0x0123_4567_89ab_cdef, 3, 1_281_166],
];

fn words() -> Vec<Test> {
    let mut out = Vec::new();
    for domain in ["CM1.smpl", "CM1.pair", "CM1.btch", "CM1.nois", "CM1.grup"] {
        for [a, b, c] in KEYS {
            let (last, count) = match domain {
                "CM1.grup" => (3, 4),
                "CM1.nois" => (0, 2),
                _ => (0, 4),
            };
            let words: Vec<Value> = [a, b, c, last].into_iter().map(word).collect();
            let input = json!({ "domain": domain, "words": words, "count": count });
            out.push(case("stream_words", Verdict::Acceptable, &["StreamKeys"], format!("stream {domain}"), input));
        }
    }
    out
}

fn below() -> Vec<Test> {
    let bounds = [1, 2, 3, 5, 50_000, 1 << 40, 3 << 62, (1 << 63) + 1, u64::MAX];
    let test = |(i, bound): (usize, u64)| {
        let input = with(key(KEYS[i % KEYS.len()]), json!({ "bound": word(bound), "count": 6 }));
        case("stream_below", Verdict::Acceptable, &["StreamIntegers"], format!("below {bound}"), input)
    };
    bounds.into_iter().enumerate().map(test).collect()
}

fn betas() -> Vec<Test> {
    let symmetric = [0.001, 0.05, 0.2, 0.3, 0.499, 0.5, 0.500_01, 0.7, 1.0, 1.5, 2.0, 8.0, 100.0, 1e6].map(|a| (a, a));
    let others = [(0.05, 50.0), (2.0, 1.0), (0.3, 1.3), (1.2, 0.2)];
    let mut out = Vec::new();
    for (a, b) in symmetric.into_iter().chain(others) {
        for index in 0..3 {
            let input = with(key([7, 1, index]), json!({ "a": float(a), "b": float(b) }));
            out.push(case("stream_beta", Verdict::Acceptable, &["StreamBeta"], format!("Beta({a}, {b})"), input));
        }
    }
    out
}

/// A configuration, and what differs in it.
fn config(change: &[(&str, Value)]) -> Value {
    let mut config = json!({
        "width": 40, "height": 24, "method": "cutmix", "switch": float(0.0), "rule": "paper", "alpha": float(1.0),
        "probability": float(1.0), "partners": word(50_000), "extent": "law", "grid": 32768,
    });
    for (name, value) in change {
        config[*name] = value.clone();
    }
    config
}

fn plans() -> Vec<Test> {
    let mut configs: Vec<(String, Value)> = vec![("the paper's configuration".into(), config(&[]))];
    for rule in RULES {
        let change = [("rule", rule_name(rule).into()), ("width", 7.into()), ("height", 5.into())];
        configs.push((format!("rule {}", rule_name(rule)), config(&change)));
    }
    for alpha in [0.2, 0.5, 0.7, 2.0] {
        configs.push((
            format!("alpha {alpha}"),
            config(&[("alpha", float(alpha)), ("width", 224.into()), ("height", 224.into())]),
        ));
    }
    configs.push(("applied to half".into(), config(&[("probability", float(0.5))])));
    configs.push(("never applied".into(), config(&[("probability", float(0.0))])));
    configs.push(("CutMix or Mixup".into(), config(&[("method", "switch".into()), ("switch", float(0.5))])));
    for grid in [1_u32 << 15, 1 << 24] {
        let change = [("method", "mixup".into()), ("grid", grid.into()), ("alpha", float(0.4))];
        configs.push((format!("Mixup, weights of 1/{grid}"), config(&change)));
    }
    configs.push(("Cutout".into(), config(&[("method", "cutout".into())])));
    let fixed = [("method", "cutout".into()), ("extent", "fixed".into()), ("side_x", 16.into()), ("side_y", 9.into())];
    configs.push(("Cutout of fixed sides".into(), config(&fixed)));
    let between = [("extent", "min-max".into()), ("least", float(0.2)), ("most", float(0.6))];
    configs.push(("sides between two fractions".into(), config(&between)));
    let mut out = Vec::new();
    for (comment, config) in configs {
        for of in [KEYS[1], KEYS[6], KEYS[7], [11, 2, 5]] {
            let input = with(key(of), config.clone());
            out.push(case("stream_plan", Verdict::Acceptable, &["DrawOrder"], comment.clone(), input));
        }
    }
    out
}

fn pairings() -> Vec<Test> {
    let mut out = Vec::new();
    for name in ["permutation", "derangement", "replacement"] {
        for (i, count) in [2_u32, 3, 5, 8, 33].into_iter().enumerate() {
            let of = KEYS[(i + 1) % KEYS.len()];
            let input = with(key(of), json!({ "pairing": name, "count": count }));
            let comment = format!("{name} of {count}");
            out.push(case("stream_pairing", Verdict::Acceptable, &["StreamPairing"], comment, input));
        }
    }
    out
}

fn noises() -> Vec<Test> {
    let mut out = Vec::new();
    for of in [KEYS[0], KEYS[1], KEYS[6]] {
        for j in [0_u64, 1, 77, (1 << 34) + 5] {
            let input = with(key(of), json!({ "j": word(j) }));
            out.push(case("stream_noise", Verdict::Acceptable, &["NoiseContract"], format!("word {j}"), input));
        }
    }
    out
}

pub(in crate::vectors) fn file() -> File {
    File {
        kind: "stream",
        header: "The stream contract, version 1 (cutmix-core/STREAM.md): from keys to draws, bit for bit. For ports of the core; another implementation has no need of it. 64-bit words are hexadecimal text; `index` is the batch's number for pairings.",
        groups: vec![
            Group::new("stream_words", words()),
            Group::new("stream_below", below()),
            Group::new("stream_beta", betas()),
            Group::new("stream_plan", plans()),
            Group::new("stream_pairing", pairings()),
            Group::new("stream_noise", noises()),
        ],
    }
}
