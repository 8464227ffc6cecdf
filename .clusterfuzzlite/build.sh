#!/bin/bash -eu
# Builds the fuzz targets for ClusterFuzzLite: binaries and corpora into $OUT.
# Optimised, with the assertions and overflow checks that a local `cargo fuzz run` has too.
cargo fuzz build -O --debug-assertions --codegen-units 16

built=${CARGO_TARGET_DIR:-fuzz/target}/x86_64-unknown-linux-gnu/release
for file in fuzz/fuzz_targets/*.rs; do
    target=$(basename "$file" .rs)
    cp "$built/$target" "$OUT/"
    for folder in "fuzz/corpus/$target" "fuzz/seeds/$target"; do
        if [[ -d $folder ]]; then
            zip -q -j "$OUT/${target}_seed_corpus.zip" "$folder"/*
        fi
    done
    printf '[libfuzzer]\ntimeout = 10\n' >"$OUT/$target.options"
done
