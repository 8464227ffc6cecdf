//! Audits of traces in which anything was done.
#![cfg_attr(fuzzing, no_main)]

cutmix_fuzz::target!(trace);
