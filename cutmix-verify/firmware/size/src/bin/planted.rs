#![no_std]
#![no_main]
#![forbid(unsafe_code)]
//! What the measurement has to find: an operation with a panic, 1.5 KiB on the stack and 20 KiB of tables.

use core::hint::black_box;

use cutmix_core::Error;
use cutmix_core::plan::PlanSlot;
use cutmix_size::Memory;

static TABLE: [u8; 20 << 10] = [7; 20 << 10];

#[inline(never)]
fn planted(memory: &mut Memory, _: &mut [PlanSlot; 4], index: u64) -> Result<(), Error> {
    let mut large = [index as u8; 1536];
    black_box(&mut large);
    black_box(memory);
    black_box(TABLE[index as usize * 300 % black_box(TABLE.len())]);
    Ok(())
}

#[cortex_m_rt::entry]
fn main() -> ! {
    static mut MEMORY: Memory = Memory::new();
    static mut SLOTS: [PlanSlot; 4] = [PlanSlot::EMPTY; 4];
    cutmix_size::run(planted, MEMORY, SLOTS)
}
