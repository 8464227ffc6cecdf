#!/usr/bin/env bash
# Makes the committed corpus of a target anew: of its corpus and the given folders the inputs that add most coverage.
#   bash fuzz/minimise.sh TARGET [DIR...]
# `cargo fuzz cmin` keeps every input that adds anything, some hundreds; a repository wants fewer. So libFuzzer says what
# each input covers, and the best 50 are taken one after the other.
set -u -o pipefail

(($# > 0)) || { echo 'usage: bash fuzz/minimise.sh TARGET [DIR...]' >&2; exit 2; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 1
target=$1
shift
[[ -f $here/fuzz_targets/$target.rs ]] || { echo "no target $target in fuzz/fuzz_targets" >&2; exit 2; }
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/all" "$scratch/out" || exit 1
for folder in "$here/corpus/$target" "$@"; do
    [[ -d $folder ]] || continue
    # Inputs beyond 2 KiB are mostly repetition; the seeds stay beside the corpus as they are.
    find "$folder" -maxdepth 1 -type f -size -5 -exec cp -- {} "$scratch/all" \; || exit 1
done
cd "$here/.." || exit 1
# Edges, whatever their counts.
options=(-set_cover_merge=1 -use_counters=0 "-merge_control_file=$scratch/control")
cargo "+${FUZZ_TOOLCHAIN:-nightly}" fuzz run --codegen-units 16 "$target" "$scratch/out" "$scratch/all" -- "${options[@]}" || exit 1

# First the names of the cover that libFuzzer chose. Then its control file: the number of files, how many of them are old,
# their paths, and for each a line `FT NUMBER FEATURE...`.
awk -v most=50 '
    NR == FNR { cover[$0]; next }
    FNR == 1 { files = $1 }
    FNR > 2 && FNR <= files + 2 { name[FNR - 3] = $0 }
    $1 == "FT" {
        base = name[$2]
        sub(/.*\//, "", base)
        if (base in cover) { for (i = 3; i <= NF; i++) feature[$2, i] = $i; count[$2] = NF }
    }
    END {
        for (taken = 0; taken < most; taken++) {
            best = -1; gain = 0
            for (f in count) {
                new = 0
                for (i = 3; i <= count[f]; i++) new += !(feature[f, i] in seen)
                if (new > gain) { gain = new; best = f }
            }
            if (best < 0) break
            print name[best]
            for (i = 3; i <= count[best]; i++) seen[feature[best, i]]
            delete count[best]
        }
    }' <(ls "$scratch/out") "$scratch/control" >"$scratch/chosen" || exit 1
[[ -s $scratch/chosen ]] || { echo "$target: nothing was chosen" >&2; exit 1; }
rm -rf "$here/corpus/$target"
mkdir -p "$here/corpus/$target" || exit 1
while IFS= read -r file; do cp -- "$file" "$here/corpus/$target" || exit 1; done <"$scratch/chosen"
echo "$target: $(wc -l <"$scratch/chosen" | tr -d ' ') of $(find "$scratch/all" -type f | wc -l | tr -d ' ') inputs," \
    "$(cat "$here/corpus/$target"/* | wc -c | tr -d ' ') bytes"
