//! Where there is no operating system and no std, somebody has to say what a panic does. Nothing here panics on what a
//! caller passes, so this is never reached; it must exist for the library to link.

use core::panic::PanicInfo;

/// Stops. A debugger finds the processor here, and a watchdog ends it.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}
