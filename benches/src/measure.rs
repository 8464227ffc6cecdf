//! Ratios on a machine whose mood changes: the rows of a group take turns in random order, each round gives one ratio to
//! the yardstick of that round, and the median over the rounds is reported.

use std::time::Instant;

use rand::rngs::SmallRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};

use crate::Group;

/// Seed of the order of rows, so that two runs take the same turns.
const ORDER_SEED: u64 = 20_190_513;

/// What the rounds of one row gave.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Median of the ratio to the yardstick.
    pub ratio: f64,
    /// Median time of one run in seconds.
    pub seconds: f64,
}

/// Measures all rows of a group in `rounds` rounds, in each of which a row runs for about `slice` seconds after one run
/// that is not counted.
pub fn measure(group: &mut Group<'_>, rounds: usize, slice: f64) -> Vec<Measured> {
    let runs: Vec<u32> = group
        .rows
        .iter_mut()
        .map(|row| {
            (row.run)();
            let once = time(1, &mut row.run).max(1e-9);
            (slice / once).clamp(1.0, 1e6) as u32
        })
        .collect();
    let mut rng = SmallRng::seed_from_u64(ORDER_SEED);
    let mut order: Vec<usize> = (0..group.rows.len()).collect();
    let mut seconds = vec![Vec::with_capacity(rounds); group.rows.len()];
    for _ in 0..rounds {
        order.shuffle(&mut rng);
        // So that no row always follows the same one at the same distance.
        let turn = rng.random_range(0..order.len());
        order.rotate_left(turn);
        for &k in &order {
            (group.rows[k].run)();
            seconds[k].push(time(runs[k], &mut group.rows[k].run));
        }
    }
    let yardstick = seconds[0].clone();
    seconds
        .into_iter()
        .map(|mut times| {
            let mut ratios: Vec<f64> = times.iter().zip(&yardstick).map(|(time, yard)| time / yard).collect();
            Measured { ratio: median(&mut ratios), seconds: median(&mut times) }
        })
        .collect()
}

/// Seconds of one run, averaged over `runs`.
fn time(runs: u32, run: &mut dyn FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..runs {
        run();
    }
    start.elapsed().as_secs_f64() / f64::from(runs)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
