//! Operations on one pair against the reference.
#![cfg_attr(fuzzing, no_main)]

cutmix_fuzz::target!(ops);
