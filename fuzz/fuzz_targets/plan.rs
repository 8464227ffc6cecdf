//! Configurations, sample plans and batch plans.
#![cfg_attr(fuzzing, no_main)]

cutmix_fuzz::target!(plan);
