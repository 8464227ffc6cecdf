//! Plans of strangers through the tool.
#![cfg_attr(fuzzing, no_main)]

cutmix_fuzz::target!(plan_json);
