//! Batches in place against the reference.
#![cfg_attr(fuzzing, no_main)]

cutmix_fuzz::target!(in_place);
