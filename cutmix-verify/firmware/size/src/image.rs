//! What every image does: run its operation, and leave what was measured where the emulator's monitor can read it. No
//! output and no semihosting, so that an image holds start-up code, this, and the operation.

use core::hint::black_box;
use core::panic::PanicInfo;
use core::sync::atomic::{AtomicU32, Ordering};

use cortex_m::peripheral::SYST;
use cortex_m::peripheral::syst::SystClkSource;

use cutmix_core::plan::PlanSlot;

use crate::{CALLS, Memory, Operation};

/// `[done, calls that failed, digest, ticks of a million instructions, ticks of the operation]`, read from outside.
pub static REPORT: [AtomicU32; 5] = [const { AtomicU32::new(0) }; 5];

const DONE: u32 = 0x6d69_7865;

/// Runs the operation for every key, then waits for ever.
pub fn run(operation: Operation, memory: &mut Memory, slots: &mut [PlanSlot; 4]) -> ! {
    memory.paint();
    if let Some(mut peripherals) = cortex_m::Peripherals::take() {
        peripherals.SYST.set_clock_source(SystClkSource::Core);
        peripherals.SYST.set_reload(0x00ff_ffff);
        peripherals.SYST.clear_current();
        peripherals.SYST.enable_counter();
    }
    let start = SYST::get_current();
    // Half a million turns of a loop of two instructions.
    cortex_m::asm::delay(499_999);
    let million = since(start);
    let (mut failed, mut ticks) = (0, 0);
    let operation = black_box(operation);
    for index in 0..CALLS {
        let start = SYST::get_current();
        let result = operation(memory, slots, index);
        ticks += since(start);
        failed += u32::from(result.is_err());
    }
    let report = black_box(&REPORT);
    let [done, rest @ ..] = report;
    for (place, value) in rest.iter().zip([failed, memory.digest(), million, ticks]) {
        place.store(value, Ordering::SeqCst);
    }
    done.store(DONE, Ordering::SeqCst); // Last: whoever sees it sees the others.
    loop {
        cortex_m::asm::wfi();
    }
}

/// Ticks since the counter, which counts down from 2^24, was read.
fn since(start: u32) -> u32 {
    start.wrapping_sub(SYST::get_current()) & 0x00ff_ffff
}

#[panic_handler]
fn panic(_info: &PanicInfo<'_>) -> ! {
    loop {
        cortex_m::asm::nop();
    }
}
