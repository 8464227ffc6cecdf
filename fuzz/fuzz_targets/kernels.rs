//! Every level against the portable one, on guarded buffers.
#![cfg_attr(fuzzing, no_main)]

cutmix_fuzz::target!(kernels);
