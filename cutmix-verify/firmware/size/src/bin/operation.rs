#![no_std]
#![no_main]
#![forbid(unsafe_code)]
//! The image of one operation: [`cutmix_size::CHOSEN`].

use cutmix_core::plan::PlanSlot;
use cutmix_size::Memory;

#[cortex_m_rt::entry]
fn main() -> ! {
    // `entry` makes these statics that are borrowed once.
    static mut MEMORY: Memory = Memory::new();
    static mut SLOTS: [PlanSlot; 4] = [PlanSlot::EMPTY; 4];
    cutmix_size::run(cutmix_size::CHOSEN, MEMORY, SLOTS)
}
