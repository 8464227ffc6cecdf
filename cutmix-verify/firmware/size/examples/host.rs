#![forbid(unsafe_code)]
//! The same operations natively: `host OPERATION` runs one as often as its image does and prints the digest that the image has to
//! leave; under callgrind its instructions are counted. Without arguments it prints the operations and their digests.

use cutmix_core::plan::PlanSlot;
use cutmix_size::{CALLS, Memory, OPERATIONS};

fn main() {
    let wanted = std::env::args().nth(1);
    for (name, operation, _) in OPERATIONS {
        if wanted.as_deref().is_some_and(|wanted| wanted != name) {
            continue;
        }
        let mut memory = Box::new(Memory::new());
        let mut slots = [PlanSlot::EMPTY; 4];
        memory.paint();
        let failed = (0..CALLS).filter(|&index| operation(&mut memory, &mut slots, index).is_err()).count();
        println!("{name} {failed} {:08x} {}", memory.digest(), cutmix_core::Level::detect().name());
    }
}
