//! Frames of any planes, cells and grids against the reference, by windows and by lines.
#![cfg_attr(fuzzing, no_main)]

cutmix_fuzz::target!(frame);
