//! The same cases under criterion: one row after the other, with criterion's statistics and history.

use std::time::Duration;

use criterion::{Criterion, Throughput};
use cutmix_bench::cases;
use cutmix_core::Level;

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(400))
        .configure_from_args();
    for case in cases::all() {
        let group = (case.make)(Level::available());
        // Criterion makes a folder of the name.
        let mut bench = criterion.benchmark_group(group.name.replace('/', " per "));
        if group.bytes > 0 {
            bench.throughput(Throughput::Bytes(group.bytes));
        }
        for mut row in group.rows {
            bench.bench_function(row.name, |bencher| bencher.iter(|| (row.run)()));
        }
        bench.finish();
    }
    criterion.final_summary();
}
