#!/usr/bin/env bash
# What the action does; also for other CI systems (cutmix-verify/docs/VECTORS.md has a recipe for GitLab).
#   bash audit.sh build      builds the tool, unless CUTMIX_VERIFY names one
#   bash audit.sh run        runs it as CUTMIX_EXEC, CUTMIX_ALPHA, CUTMIX_ACCEPT, CUTMIX_EXPECT, CUTMIX_VECTORS, CUTMIX_ONLY and
#                            CUTMIX_INCONCLUSIVE say; reports go to CUTMIX_REPORTS, by default in RUNNER_TEMP
# Exits 0 if all passed, 1 for FAIL, 3 for INCONCLUSIVE (0 with CUTMIX_INCONCLUSIVE=pass), 2 for a mistake in what was asked.
set -u -o pipefail

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd) || exit 2
temp=${RUNNER_TEMP:-${TMPDIR:-/tmp}}
tool=${CUTMIX_VERIFY:-$temp/cutmix-verify-target/release/cutmix-verify}

build() {
    [[ -n ${CUTMIX_VERIFY:-} ]] ||
        cargo build --locked --release --manifest-path "$repo/Cargo.toml" -p cutmix-verify --target-dir "$temp/cutmix-verify-target"
}

wrong() {
    printf 'audit: %s\n' "$1" >&2
    exit 2
}

# The worse of two exit codes: 2 before 1 before 3 before 0.
worse() {
    local code
    for code in 2 1 3; do
        [[ $1 != "$code" && $2 != "$code" ]] || { echo "$code"; return; }
    done
    # What is none of them, such as a signal, is a failure of the tool.
    [[ $1 == 0 && $2 == 0 ]] && echo 0 || echo 2
}

run() {
    local exec=${CUTMIX_EXEC:-} vectors=${CUTMIX_VECTORS:-} reports=${CUTMIX_REPORTS:-$temp/cutmix-reports} code=0 one verdict
    local -a arguments list
    [[ -n $exec || -n $vectors ]] || wrong 'neither exec nor vectors is given, expected a command'
    [[ ${CUTMIX_INCONCLUSIVE:=fail} == fail || $CUTMIX_INCONCLUSIVE == pass ]] || wrong 'inconclusive: fail or pass is expected'
    mkdir -p "$reports" || exit 2
    if [[ -n $exec ]]; then
        arguments=(check "--exec=$exec" "--accept=${CUTMIX_ACCEPT:-paper}" --junit "$reports/audit.xml" --markdown "$reports/audit.md")
        arguments+=(--html "$reports/audit.html" --json "$reports/audit.json")
        # `read` splits at spaces, and neither expands names of files nor runs anything.
        read -r -a list <<<"${CUTMIX_ALPHA:-1 0.2}"
        for one in "${list[@]}"; do arguments+=("--alpha=$one"); done
        read -r -a list <<<"${CUTMIX_EXPECT:-}"
        for one in ${list[@]+"${list[@]}"}; do arguments+=("--expect=$one"); done
        "$tool" "${arguments[@]}"
        code=$?
        if [[ -n ${GITHUB_STEP_SUMMARY:-} && -s $reports/audit.md ]]; then cat "$reports/audit.md" >>"$GITHUB_STEP_SUMMARY"; fi
    fi
    if [[ -n $vectors ]]; then
        arguments=(vectors verify "--exec=$vectors")
        [[ -z ${CUTMIX_ONLY:-} ]] || arguments+=("--only=$CUTMIX_ONLY")
        "$tool" "${arguments[@]}" | tee "$reports/vectors.txt"
        code=$(worse "$code" "$?")
        # The first line alone: the rest is a table, whose text is the program's own. Indented, so that it is no Markdown.
        if [[ -n ${GITHUB_STEP_SUMMARY:-} ]]; then
            printf '\nTest vectors:\n\n    %s\n' "$(head -n 1 "$reports/vectors.txt")" >>"$GITHUB_STEP_SUMMARY"
        fi
    fi
    case $code in
        0) verdict=PASS ;;
        1) verdict=FAIL ;;
        3) verdict=INCONCLUSIVE ;;
        *) verdict=ERROR ;;
    esac
    if [[ -n ${GITHUB_OUTPUT:-} ]]; then printf 'verdict=%s\nreports=%s\n' "$verdict" "$reports" >>"$GITHUB_OUTPUT"; fi
    [[ $code != 3 || $CUTMIX_INCONCLUSIVE != pass ]] || code=0
    exit "$code"
}

case ${1:-} in
    build) build ;;
    run) run ;;
    *) wrong 'build or run is expected' ;;
esac
