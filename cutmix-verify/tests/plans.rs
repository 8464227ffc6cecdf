//! The same key gives the same plan: in one process, in three, in ten shards cut on batch borders, in any order. And the
//! Kaggle kernel's configuration, with both label forms.

use std::process::Command;

use cutmix_core::plan::{BatchConfig, BatchPlan, Methods, Pairing, PlanSlot, Samples, Scope};
use cutmix_core::view::{BatchLayout, BatchView, BatchViewMut};
use cutmix_core::{BatchKey, Layout, Level, PlanConfig, SampleKey, SamplePlan, Size, label, ops};

const BATCHES: u64 = 200;
const LEN: u32 = 10;

fn config() -> BatchConfig<'static> {
    let plan = PlanConfig::cutmix(Size::new(40, 24).unwrap()).with_alpha(0.3).unwrap().with_probability(0.9).unwrap();
    let plan = plan.with_methods(Methods::Switch { cutmix: 0.6 }).unwrap();
    BatchConfig { plan, scope: Scope::Sample, pairing: Pairing::Permutation }
}

/// The plans of one batch.
fn batch(batch: u64) -> Vec<SamplePlan> {
    let mut memory = vec![PlanSlot::EMPTY; LEN as usize];
    let samples = Samples::Range { first: batch * u64::from(LEN), len: LEN };
    let key = BatchKey { seed: 77, epoch: 3, batch };
    BatchPlan::draw(key, &config(), samples, &mut memory).unwrap().iter().copied().collect()
}

/// All plans of an epoch as text: every bit of every value.
fn epoch() -> String {
    (0..BATCHES)
        .flat_map(batch)
        .map(|plan| format!("{plan:?} {:x}", plan.lambda.to_bits()))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn three_processes_plan_the_same_epoch() {
    const CHILD: &str = "CUTMIX_PLAN_FILE";
    if let Some(path) = std::env::var_os(CHILD) {
        std::fs::write(path, epoch()).unwrap();
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mine = epoch();
    assert_eq!(mine.lines().count() as u64, BATCHES * u64::from(LEN));
    for process in 0..3 {
        let path = folder.path().join(process.to_string());
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "three_processes_plan_the_same_epoch"])
            .env(CHILD, &path)
            .output()
            .unwrap()
            .status;
        assert!(status.success());
        assert!(std::fs::read_to_string(path).unwrap() == mine, "process {process} planned another epoch");
    }
}

#[test]
fn shards_in_any_order_plan_the_same_epoch() {
    let whole: Vec<_> = (0..BATCHES).map(batch).collect();
    // Ten workers take every tenth batch, the last one first, each from its end.
    for shard in (0..10).rev() {
        for b in (0..BATCHES).rev().filter(|b| b % 10 == shard) {
            assert_eq!(batch(b), whole[b as usize], "batch {b} in shard {shard}");
        }
    }
}

#[test]
fn partners_over_the_data_set_survive_any_sharding() {
    let config = PlanConfig::cutmix(Size::new(40, 24).unwrap()).with_partners(50_000);
    let draw = |index| SamplePlan::draw(SampleKey { seed: 1, epoch: 2, index }, &config);
    let straight: Vec<_> = (0..3000).map(draw).collect();
    for index in (0..3000).rev().step_by(7) {
        assert_eq!(draw(index), straight[index as usize]);
    }
    assert!(straight.iter().all(|plan| plan.partner < 50_000));
    let distinct: std::collections::HashSet<_> = straight.iter().map(|plan| plan.partner).collect();
    // 3000 of 50,000 with replacement: 2912 distinct expected, standard deviation below 10.
    assert!((2860..2965).contains(&distinct.len()), "{} distinct partners", distinct.len());
}

#[test]
fn the_kaggle_kernel_with_the_corrected_label() {
    let (dim, classes, len) = (32_u32, 7_usize, 16_usize);
    let size = Size::new(dim, dim).unwrap();
    let config = BatchConfig::kaggle(size, 0.8).unwrap();
    let layout = BatchLayout::dense(Layout::nhwc(size, 3, 1).unwrap(), len).unwrap();
    let pixel = |sample: usize| sample as u8 * 10 + 1;
    let input: Vec<u8> = (0..layout.buffer_bytes()).map(|i| pixel(i / layout.sample_pitch())).collect();
    let ids: Vec<u32> = (0..len as u32).map(|i| i * 5 % classes as u32).collect();
    let one_hot: Vec<f32> = ids.iter().flat_map(|&id| (0..classes).map(move |k| f32::from(k == id as usize))).collect();
    let (mut applied, mut own, mut clipped) = (0, 0, 0);
    for batch in 0..60 {
        let mut memory = vec![PlanSlot::EMPTY; len];
        let samples = Samples::Range { first: batch * len as u64, len: len as u32 };
        let key = BatchKey { seed: 4, epoch: 0, batch };
        let plan = BatchPlan::draw(key, &config, samples, &mut memory).unwrap();
        let mut output = vec![0; input.len()];
        let (mut out, from) =
            (BatchViewMut::new(&mut output, layout).unwrap(), BatchView::new(&input, layout).unwrap());
        ops::batch::mix_into(Level::detect(), &mut out, &from, &plan, ops::Fill::Zero).unwrap();
        let mut rows = vec![0.0; len * classes];
        label::mix_batch_ids(&mut rows, &ids, classes, label::Smoothing::NONE, &plan).unwrap();
        let mut soft = vec![0.0; len * classes];
        label::mix_batch_rows(Level::detect(), &mut soft, &one_hot, classes, &plan).unwrap();
        assert_eq!(rows, soft, "class ids and one-hot rows give the same soft rows");
        for (i, (sample, row)) in plan.iter().zip(rows.chunks_exact(classes)).enumerate() {
            let partner = sample.partner as usize;
            applied += u32::from(sample.applied);
            own += u32::from(partner == i);
            // The kernel: WIDTH = trunc(DIM sqrt(1 - b)) if applied, columns [x - WIDTH // 2, x + WIDTH // 2), clipped.
            let width = (f64::from(dim) * (1.0 - sample.lambda).sqrt()) as u32 / 2 * 2 * u32::from(sample.applied);
            let patch = sample.patch;
            for (lo, hi) in [(patch.x0(), patch.x1()), (patch.y0(), patch.y1())] {
                let inside = lo > 0 && hi < dim;
                assert!(hi - lo <= width && (!inside || hi - lo == width), "{patch} of width {width}");
                clipped += u32::from(sample.applied && hi - lo < width);
            }
            // What the pixels show is what the label says.
            let pixels = &output[i * layout.sample_pitch()..(i + 1) * layout.sample_pitch()];
            let pasted = pixels.iter().filter(|&&p| p == pixel(partner) && partner != i).count() / 3;
            let mut expected = vec![0.0_f64; classes];
            let w_b = if partner == i { 0.0 } else { pasted as f64 / f64::from(dim * dim) };
            expected[ids[i] as usize] += 1.0 - w_b;
            expected[ids[partner] as usize] += w_b;
            for (got, want) in row.iter().zip(&expected) {
                assert!((f64::from(*got) - want).abs() < 1e-7, "sample {i}: {row:?} is not {expected:?}");
            }
        }
    }
    println!("applied {applied} of 960, own partner {own}, clipped sides {clipped}");
    // Binomial: 768 of 960 applied (sd 12), 60 own partners (sd 7.5).
    assert!((700..836).contains(&applied) && (20..100).contains(&own) && clipped > 300);
}
