//! What in-place batches write and read, byte by byte: the promise of `in_place`, counted.

extern crate std;
use std::vec;
use std::vec::Vec;

use super::Fill;
use super::batch::mix_in_place_with;
use crate::draw::BatchKey;
use crate::geometry::Size;
use crate::kernels::Level;
use crate::kernels::counting;
use crate::plan::{BatchConfig, BatchPlan, Extent, Method, Methods, Pairing, PlanConfig, PlanSlot, Samples, Scope};
use crate::view::{BatchLayout, BatchViewMut, Layout};

/// How often each byte of the batch was written and read by the kernels, besides the scratch.
fn counts(record: &counting::Record, batch: core::ops::Range<usize>) -> (Vec<u32>, Vec<u32>) {
    let count = |ranges: &[core::ops::Range<usize>]| {
        let mut counts = vec![0; batch.len()];
        for range in ranges.iter().filter(|range| batch.contains(&range.start)) {
            counts[range.start - batch.start..range.end - batch.start].iter_mut().for_each(|n| *n += 1);
        }
        counts
    };
    (count(&record.written), count(&record.read))
}

#[test]
fn every_patch_byte_is_written_once_and_nothing_else_is_touched() {
    let size = Size::new(12, 9).unwrap();
    let n = 23;
    let (mut longest_read, mut saved_bytes) = (0, 0);
    for (round, layout) in [Layout::nchw(size, 2, 1).unwrap(), Layout::nhwc(size, 3, 1).unwrap()]
        .into_iter()
        .cycle()
        .take(if cfg!(miri) { 4 } else { 120 })
        .enumerate()
    {
        let batch = BatchLayout::new(layout, layout.buffer_bytes() + 5, n).unwrap();
        let pairings =
            [Pairing::Roll, Pairing::Flip, Pairing::Permutation, Pairing::WithReplacement, Pairing::Derangement];
        let scopes = [Scope::Batch, Scope::Sample, Scope::Sample];
        let mut plan = PlanConfig::cutmix(size).with_probability(0.8).unwrap();
        if round % 4 == 3 {
            plan = plan.with_methods(Methods::Switch { cutmix: 0.7 }).unwrap();
        } else if round % 7 == 0 {
            plan = PlanConfig::cutout(size).with_extent(Extent::Fixed { width: 5, height: 4 }).unwrap();
        }
        let config = BatchConfig { plan, scope: scopes[round % 3], pairing: pairings[round % 5] };
        let key = BatchKey { seed: 3, epoch: 0, batch: round as u64 };
        let mut memory = vec![PlanSlot::EMPTY; n];
        let plan = BatchPlan::draw(key, &config, Samples::Range { first: 0, len: n as u32 }, &mut memory).unwrap();
        let scratch = [1, 3, 40, 20_000][round % 4].max(layout.pixel_bytes() as usize);
        let mut data: Vec<u8> = (0..batch.buffer_bytes()).map(|i| i as u8).collect();
        let addresses = data.as_ptr().addr()..data.as_ptr().addr() + data.len();
        counting::take();
        let mut view = BatchViewMut::new(&mut data, batch).unwrap();
        mix_in_place_with(Level::COUNTING, &mut view, &plan, Fill::Zero, &mut vec![0; scratch]).unwrap();
        let (written, read) = counts(&counting::take(), addresses);
        let mut expected = vec![0; batch.buffer_bytes()];
        let mut readers = vec![0; batch.buffer_bytes()];
        for (i, sample) in plan.iter().enumerate().filter(|(i, sample)| !sample.leaves_base(*i as u64)) {
            for plane in 0..layout.planes() {
                let region = plan.region(i);
                for (y, x) in (region.y0()..region.y1()).flat_map(|y| (region.x0()..region.x1()).map(move |x| (y, x))) {
                    let inside = layout.offset(plane, x, y)..layout.offset(plane, x, y) + layout.pixel_bytes() as usize;
                    let at = |image: u64| image as usize * batch.sample_pitch();
                    expected[at(i as u64) + inside.start..at(i as u64) + inside.end].iter_mut().for_each(|n| *n += 1);
                    if sample.method != Method::Cutout {
                        let from = at(sample.partner);
                        readers[from + inside.start..from + inside.end].iter_mut().for_each(|n| *n += 1);
                    }
                }
            }
        }
        assert!(expected.iter().all(|&n| n <= 1));
        assert_eq!(written, expected, "round {round}: writes");
        // Each source byte is read as often as somebody takes it; exchanges read what they write and count as none.
        let too_often = read.iter().zip(&readers).filter(|(read, readers)| read > readers).count();
        assert_eq!(too_often, 0, "round {round}: reads");
        longest_read = longest_read.max(*read.iter().max().unwrap());
        saved_bytes += read.iter().zip(&readers).filter(|(read, readers)| read < readers).count();
    }
    assert!(longest_read > 1, "some donor has several readers");
    assert!(saved_bytes > 0, "some pairs are exchanged");
}
