//! Hands the linker the memory map of the firmware beside this crate.

fn main() {
    println!("cargo:rustc-link-search={}/..", std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    println!("cargo:rerun-if-changed=../memory.x");
}
