//! The C ABI against the safe core.
#![cfg_attr(fuzzing, no_main)]

cutmix_fuzz::target!(capi);
