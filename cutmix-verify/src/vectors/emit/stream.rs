//! `stream`: from keys to draws.

use super::case;
use crate::subject::Rule;
use crate::vectors::model::{Case, Expect, File};
use crate::vectors::question::{
    At, Below, Beta, BoxExtents, Choice, Config, Fractions, Key, Outputs, Paired, Question, Sides,
};
use crate::vectors::value::{Real, Word64};

const fn key([seed, epoch, index]: [u64; 3]) -> Key {
    Key { seed: Word64(seed), epoch: Word64(epoch), index: Word64(index) }
}

/// What only ports of the core have.
fn contract(flag: &'static str, comment: impl Into<String>, question: &Question) -> Case {
    case(Expect::Acceptable, &[flag], comment, question)
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

fn words() -> Vec<Case> {
    let mut out = Vec::new();
    for domain in ["CM1.smpl", "CM1.pair", "CM1.btch", "CM1.nois", "CM1.grup"] {
        for [a, b, c] in KEYS {
            let (last, count) = match domain {
                "CM1.grup" => (3, 4),
                "CM1.nois" => (0, 2),
                _ => (0, 4),
            };
            let of = Outputs { domain: domain.into(), words: [a, b, c, last].map(Word64), count };
            out.push(contract("StreamKeys", format!("stream {domain}"), &Question::StreamWords { of }));
        }
    }
    out
}

fn below() -> Vec<Case> {
    let bounds = [1, 2, 3, 5, 50_000, 1 << 40, 3 << 62, (1 << 63) + 1, u64::MAX];
    let test = |(i, bound): (usize, u64)| {
        let (key, of) = (key(KEYS[i % KEYS.len()]), Below { bound: Word64(bound), count: 6 });
        contract("StreamIntegers", format!("below {bound}"), &Question::StreamBelow { key, of })
    };
    bounds.into_iter().enumerate().map(test).collect()
}

fn betas() -> Vec<Case> {
    let symmetric = [0.001, 0.05, 0.2, 0.3, 0.499, 0.5, 0.500_01, 0.7, 1.0, 1.5, 2.0, 8.0, 100.0, 1e6].map(|a| (a, a));
    let others = [(0.05, 50.0), (2.0, 1.0), (0.3, 1.3), (1.2, 0.2)];
    let mut out = Vec::new();
    for (a, b) in symmetric.into_iter().chain(others) {
        for index in 0..3 {
            let (key, of) = (key([7, 1, index]), Beta { a: Real(a), b: Real(b) });
            out.push(contract("StreamBeta", format!("Beta({a}, {b})"), &Question::StreamBeta { key, of }));
        }
    }
    out
}

fn plans() -> Vec<Case> {
    let paper = Config {
        width: 40,
        height: 24,
        method: Choice::Cutmix,
        switch: Real(0.0),
        rule: Rule::Paper,
        alpha: Real(1.0),
        probability: Real(1.0),
        partners: Word64(50_000),
        grid: 1 << 15,
    };
    let paper = || paper.clone();
    let mut configs: Vec<(String, Config, BoxExtents)> = Vec::new();
    let mut add = |comment: &str, config, extents| configs.push((comment.into(), config, extents));
    add("the paper's configuration", paper(), BoxExtents::Law);
    for rule in Rule::ALL {
        let config = Config { rule, width: 7, height: 5, ..paper() };
        add(&format!("rule {}", rule.name()), config, BoxExtents::Law);
    }
    for alpha in [0.2, 0.5, 0.7, 2.0] {
        let config = Config { alpha: Real(alpha), width: 224, height: 224, ..paper() };
        add(&format!("alpha {alpha}"), config, BoxExtents::Law);
    }
    add("applied to half", Config { probability: Real(0.5), ..paper() }, BoxExtents::Law);
    add("never applied", Config { probability: Real(0.0), ..paper() }, BoxExtents::Law);
    add("CutMix or Mixup", Config { method: Choice::Switch, switch: Real(0.5), ..paper() }, BoxExtents::Law);
    for grid in [1_u32 << 15, 1 << 24] {
        let config = Config { method: Choice::Mixup, grid, alpha: Real(0.4), ..paper() };
        add(&format!("Mixup, weights of 1/{grid}"), config, BoxExtents::Law);
    }
    let cutout = || Config { method: Choice::Cutout, ..paper() };
    add("Cutout", cutout(), BoxExtents::Law);
    add("Cutout of fixed sides", cutout(), BoxExtents::Fixed(Sides { side_x: 16, side_y: 9 }));
    let fractions = Fractions { least: Real(0.2), most: Real(0.6) };
    add("sides between two fractions", paper(), BoxExtents::MinMax(fractions));
    let mut out = Vec::new();
    for (comment, config, extents) in configs {
        for of in [KEYS[1], KEYS[6], KEYS[7], [11, 2, 5]] {
            let question = Question::StreamPlan { key: key(of), of: config.clone(), extents: extents.clone() };
            out.push(contract("DrawOrder", comment.clone(), &question));
        }
    }
    out
}

fn pairings() -> Vec<Case> {
    let mut out = Vec::new();
    for name in ["permutation", "derangement", "replacement"] {
        for (i, count) in [2_u32, 3, 5, 8, 33].into_iter().enumerate() {
            let of = KEYS[(i + 1) % KEYS.len()];
            let question = Question::StreamPairing { key: key(of), of: Paired { pairing: name.into(), count } };
            out.push(contract("StreamPairing", format!("{name} of {count}"), &question));
        }
    }
    out
}

fn noises() -> Vec<Case> {
    let mut out = Vec::new();
    for of in [KEYS[0], KEYS[1], KEYS[6]] {
        for j in [0_u64, 1, 77, (1 << 34) + 5] {
            let question = Question::StreamNoise { key: key(of), at: At { j: Word64(j) } };
            out.push(contract("NoiseContract", format!("word {j}"), &question));
        }
    }
    out
}

pub(in crate::vectors) fn file() -> File {
    File::new(
        "stream",
        "The stream contract, version 1 (cutmix-core/STREAM.md): from keys to draws, bit for bit. For ports of the core; another implementation has no need of it. 64-bit words are hexadecimal text; `index` is the batch's number for pairings.",
        vec![words(), below(), betas(), plans(), pairings(), noises()],
    )
}
