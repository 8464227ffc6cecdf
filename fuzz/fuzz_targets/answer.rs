//! The reader of the live protocol.
#![cfg_attr(fuzzing, no_main)]

cutmix_fuzz::target!(answer);
