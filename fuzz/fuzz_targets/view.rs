//! Layouts, views and their parts against arithmetic in 128 bits.
#![cfg_attr(fuzzing, no_main)]

cutmix_fuzz::target!(view);
