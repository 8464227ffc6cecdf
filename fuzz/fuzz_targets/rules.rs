//! The box rules on any numbers against the reference.
#![cfg_attr(fuzzing, no_main)]

cutmix_fuzz::target!(rules);
