//! Does one operation a given number of times, for a counter of instructions: `count OPERATION LEVEL TIMES`.
//! `callgrind.sh` runs it twice and takes the difference, so that start-up does not count.

use std::hint::black_box;
use std::process::ExitCode;

use cutmix_core::draw::Beta;
use cutmix_core::ops::{self, Fill};
use cutmix_core::plan::{BatchConfig, Pairing, PlanSlot, Samples, Scope};
use cutmix_core::view::{BatchLayout, BatchViewMut};
use cutmix_core::{
    BatchKey, BatchPlan, ImageViewMut, Layout, Level, PatchBox, PlanConfig, SampleKey, SamplePlan, Size, WeightGrid,
};

const OPERATIONS: &str = "copy-4x4 copy-16x16 copy-112x112 exchange-16x16 mixup-u8-32x32 cutout-16x16 \
                          plan-alpha-1 beta-0.2 beta-8 batch-32x32x3x64";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [operation, level, times] = args.as_slice() else {
        eprintln!("count OPERATION LEVEL TIMES, with OPERATION one of: {OPERATIONS}");
        return ExitCode::from(2);
    };
    let (Some(level), Ok(times)) = (Level::from_name(level), times.parse::<u64>()) else {
        eprintln!("count: level {level} is not available here, or {times} is not a number");
        return ExitCode::from(2);
    };
    if run(operation, level, times) {
        ExitCode::SUCCESS
    } else {
        eprintln!("count: no operation {operation}; there are: {OPERATIONS}");
        ExitCode::from(2)
    }
}

fn run(operation: &str, level: Level, times: u64) -> bool {
    let side = if operation == "copy-112x112" { 224 } else { 32 };
    let size = Size::new(side, side).expect("positive sides");
    let layout = Layout::nhwc(size, 3, 1).expect("a small image");
    let (mut a, mut b) = (vec![1_u8; layout.buffer_bytes()], vec![2_u8; layout.buffer_bytes()]);
    let mut base = ImageViewMut::new(&mut a, layout).expect("the buffer is as long as the layout");
    let mut donor = ImageViewMut::new(&mut b, layout).expect("the buffer is as long as the layout");
    let square = |side: u32| PatchBox::new(3, 5, 3 + side, 5 + side).expect("in order");
    let mut copy = |side: u32| {
        for _ in 0..times {
            ops::cutmix_in_place(level, &mut base, &donor.as_view(), black_box(square(side))).expect("fits");
        }
    };
    match operation {
        "copy-4x4" => copy(4),
        "copy-16x16" => copy(16),
        "copy-112x112" => copy(112),
        "exchange-16x16" => {
            for _ in 0..times {
                ops::cutmix_exchange(level, &mut base, &mut donor, black_box(square(16))).expect("fits");
            }
        }
        "mixup-u8-32x32" => {
            let weight = WeightGrid::Q15.weight(0.3).expect("in the unit interval");
            for _ in 0..times {
                ops::mixup_in_place(level, &mut base, &donor.as_view(), black_box(weight)).expect("same shape");
            }
        }
        "cutout-16x16" => {
            let (key, frame) = (cutmix_core::NoiseKey::default(), ops::Frame::whole(size));
            for _ in 0..times {
                ops::cutout(level, &mut base, black_box(square(16)), Fill::Zero, key, frame).expect("fits");
            }
        }
        "plan-alpha-1" => {
            let config = PlanConfig::cutmix(size);
            for index in 0..times {
                black_box(SamplePlan::draw(SampleKey { seed: 1, epoch: 0, index }, &config));
            }
        }
        "beta-0.2" | "beta-8" => {
            let beta = Beta::symmetric(if operation == "beta-8" { 8.0 } else { 0.2 }).expect("offered");
            let mut rng = SampleKey::default().rng();
            for _ in 0..times {
                black_box(beta.sample(&mut rng));
            }
        }
        "batch-32x32x3x64" => batch(level, layout, times),
        _ => return false,
    }
    true
}

fn batch(level: Level, layout: Layout, times: u64) {
    let batch = BatchLayout::dense(layout, 64).expect("a small batch");
    let mut data = vec![3_u8; batch.buffer_bytes()];
    let plan = PlanConfig::cutmix(layout.size());
    let config = BatchConfig { plan, scope: Scope::Sample, pairing: Pairing::Permutation };
    let mut memory = [PlanSlot::EMPTY; 64];
    let samples = Samples::Range { first: 0, len: 64 };
    let plan = BatchPlan::draw(BatchKey::default(), &config, samples, &mut memory).expect("as many slots as samples");
    for _ in 0..times {
        let mut view = BatchViewMut::new(&mut data, batch).expect("the buffer is as long as the layout");
        ops::batch::mix_in_place(level, &mut view, &plan, Fill::Zero).expect("fits");
    }
}
