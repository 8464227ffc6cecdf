//! The reader of other people's archives.
#![cfg_attr(fuzzing, no_main)]

cutmix_fuzz::target!(npz);
