//! The Beta sampler on any shape and any words.
#![cfg_attr(fuzzing, no_main)]

cutmix_fuzz::target!(beta);
