#![no_std]
#![no_main]
#![forbid(unsafe_code)]
//! The short golden programme on a Cortex-M4: prints its digest through semihosting and exits with 0 where it is the
//! committed one, with 1 where it is not. No heap; the walk's memory is a static.

use core::panic::PanicInfo;

use cortex_m_rt::entry;
use cortex_m_semihosting::{debug, hprintln};
use cutmix_core::Level;
use cutmix_golden::{Length, Memory, digest};

#[entry]
fn main() -> ! {
    // `entry` makes this a static that is borrowed once.
    static mut MEMORY: Memory = Memory::new();
    let level = Level::detect();
    let same = match digest(Length::Short, level, MEMORY) {
        Ok(hex) => {
            let hex = core::str::from_utf8(&hex).unwrap_or("not text");
            hprintln!("short {} {}", level.name(), hex);
            hex == Length::Short.expected()
        }
        Err(error) => {
            hprintln!("short {} refused: {}", level.name(), error);
            false
        }
    };
    debug::exit(if same { debug::EXIT_SUCCESS } else { debug::EXIT_FAILURE });
    loop {
        cortex_m::asm::wfi();
    }
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    hprintln!("panic: {}", info);
    debug::exit(debug::EXIT_FAILURE);
    loop {
        cortex_m::asm::wfi();
    }
}
