# shellcheck shell=bash
# What the scripts beside this share; they source it after their arguments are read.
# A script ends with one line: `reached: WHAT` and 0, or `skipped: WHY` and 75. Anything else is a failure.
set -u -o pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
exec </dev/null
export CARGO_TERM_COLOR=never
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
mkdir -p "${CARGO_TARGET_DIR:-target}" || exit 1
# shellcheck disable=SC2034  # read by the scripts
target=$(cd "${CARGO_TARGET_DIR:-target}" && pwd) || exit 1
readonly SKIP=75
rows=() ran=0 failed=0 detail=

skip() { # of a whole script
    echo "skipped: $*"
    exit $SKIP
}

alone() { # run a command while no other script runs one so
    if command -v flock >/dev/null; then flock "$target" "$@"; else "$@"; fi
}

have() { # have COMMAND DEBIAN-PACKAGE...: installs the packages where that is allowed
    local command=$1
    shift
    command -v "$command" >/dev/null && return 0
    if command -v apt-get >/dev/null && [[ $(id -u) == 0 ]]; then
        apt-get install -y -qq -o DPkg::Lock::Timeout=300 "$@" >"$scratch/apt.log" 2>&1
    fi
    command -v "$command" >/dev/null || { detail="no $command (Debian: $*)"; return $SKIP; }
}

add() { # add TARGET...: of rustc
    local name
    command -v rustup >/dev/null && alone rustup target add "$@" >/dev/null 2>&1 && return 0
    for name in "$@"; do
        [[ -d $(rustc --print sysroot)/lib/rustlib/$name/lib ]] || { detail="$name is not installed"; return $SKIP; }
    done
}

nightly_miri() {
    cargo +nightly miri --version >/dev/null 2>&1 ||
        alone rustup component add miri rust-src --toolchain nightly >/dev/null 2>&1 || { detail='no nightly with Miri'; return $SKIP; }
}

numpy() { # the Python that has numpy, in $found; one of its own where none has
    for found in "${CUTMIX_PYTHON:-}" python3 /usr/bin/python3 "$target/numpy/bin/python"; do
        [[ -n $found ]] && "$found" -c 'import numpy' 2>/dev/null && return 0
    done
    python3 -m venv "$target/numpy" >/dev/null 2>&1 && "$found" -m pip install -q --disable-pip-version-check numpy >/dev/null 2>&1 ||
        { detail='no Python with numpy'; return $SKIP; }
}

part() { # part NAME FUNCTION [ARG...]: it may say more in $detail; with $SKIP, why
    local part=$1 part_start=$SECONDS state # names that no part has for itself
    shift
    detail=
    "$@" >"$scratch/log" 2>&1
    case $? in
        0) state=ran${detail:+: $detail} ran=$((ran + 1)) ;;
        "$SKIP") state="skipped ($detail)" ;;
        *) state=FAILED${detail:+: $detail} failed=1; tail -40 "$scratch/log" ;;
    esac
    rows+=("$(printf '%-30s %5s s  %s' "$part" "$((SECONDS - part_start))" "$state")")
    echo "$part: $state"
}

finish() { # finish PARTS: the table, and the last line
    printf '\n'
    printf '%s\n' "${rows[@]}"
    ((failed)) && exit 1
    ((ran)) || skip 'no part could run'
    echo "reached: $ran of ${#rows[@]} $1"
    exit 0
}
