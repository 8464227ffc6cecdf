//! The digests at every level of this machine.

use cutmix_core::Level;
use cutmix_golden::{Length, Memory, digests};

#[test]
fn every_level_gives_the_committed_digests() {
    let mut memory = Box::new(Memory::new());
    // The full walk takes a second or two; under Miri and emulators the short one has to do.
    let lengths: &[Length] =
        if cfg!(all(target_arch = "x86_64", not(miri))) { &[Length::Short, Length::Full] } else { &[Length::Short] };
    for &length in lengths {
        for &level in Level::available() {
            let found = digests(length, level, &mut memory).unwrap();
            let expected = [length.expected_before_frames(), length.expected()];
            let found = found.each_ref().map(|hex| std::str::from_utf8(hex).unwrap());
            assert_eq!(found, expected, "{} at {}", length.name(), level.name());
        }
    }
}

#[test]
fn the_memory_fits_a_microcontroller() {
    assert!(size_of::<Memory>() <= 64 * 1024, "{} bytes", size_of::<Memory>());
}
