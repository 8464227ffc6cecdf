#!/usr/bin/env bash
# Builds the library and installs it: header, static and shared library, pkg-config and CMake files.
#   bash cutmix-core/capi/install.sh PREFIX
# For Linux; elsewhere, build with cargo and copy libcutmix.a and cutmix.h. Needs cargo. Exits 2 on a mistake of the caller,
# 1 if something fails. DESTDIR is put before PREFIX where files go, but not into them.
set -u -o pipefail

(($# == 1)) && [[ $1 != -* ]] || { echo 'usage: bash cutmix-core/capi/install.sh PREFIX' >&2; exit 2; }
[[ $(uname -s) == Linux ]] || { echo 'install.sh: only Linux is known here; copy libcutmix.a and cutmix.h' >&2; exit 2; }
[[ $1 == /* ]] || { echo "install.sh: $1 is not an absolute path" >&2; exit 2; }
prefix=${1%/}
to=${DESTDIR:-}$prefix
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 1
cd "$here/../.." || exit 1
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

manifest=$here/Cargo.toml
built() { # built FORMAT [RUSTC-OPTION...]: prints the file that cargo made
    local format=$1
    shift
    cargo rustc --locked --release --manifest-path "$manifest" --lib --crate-type "$format" \
        --message-format json-render-diagnostics -- "$@" 2>"$log" |
        sed -nE 's/.*"target":\{[^}]*"name":"cutmix"[^}]*\}.*"filenames":\["([^"]*)".*/\1/p' | tail -1
}
abi=$(sed -nE 's/^#define CUTMIX_ABI_VERSION ([0-9]+)$/\1/p' "$here/include/cutmix.h")
version=$(cargo pkgid --locked --manifest-path "$manifest" | sed 's/.*[#@]//')
static=$(built staticlib --print native-static-libs)
# Cargo does not print the note again where nothing is to be compiled: then ask for a compilation.
if ! grep -q native-static-libs "$log"; then
    touch "$here/src/lib.rs"
    static=$(built staticlib --print native-static-libs)
fi
private=$(sed -nE 's/.*native-static-libs: (.*)/\1/p' "$log" | tail -1)
# Copied at once: the next build replaces it.
[[ -n $static && -n $private && -n $abi && -n $version ]] || { tail -20 "$log" >&2; echo 'install.sh: the static library was not built' >&2; exit 1; }
mkdir -p "$to/include" "$to/lib/pkgconfig" "$to/lib/cmake/cutmix" || exit 1
install -m 644 "$static" "$to/lib/libcutmix.a" || exit 1
shared=$(built cdylib -C "link-arg=-Wl,-soname,libcutmix.so.$abi")
[[ -n $shared ]] || { tail -20 "$log" >&2; echo 'install.sh: the shared library was not built' >&2; exit 1; }
install -m 755 "$shared" "$to/lib/libcutmix.so.$abi" || exit 1
ln -sf "libcutmix.so.$abi" "$to/lib/libcutmix.so" || exit 1
install -m 644 "$here/include/cutmix.h" "$to/include/cutmix.h" || exit 1

fill() { # fill TEMPLATE FILE
    sed -e "s|@PREFIX@|$prefix|g; s|@VERSION@|$version|g; s|@ABI@|$abi|g; s|@LIBS_PRIVATE@|$private|g" "$here/install/$1" >"$2"
}
fill cutmix.pc.in "$to/lib/pkgconfig/cutmix.pc" &&
    fill cutmix-config.cmake.in "$to/lib/cmake/cutmix/cutmix-config.cmake" &&
    fill cutmix-config-version.cmake.in "$to/lib/cmake/cutmix/cutmix-config-version.cmake" || exit 1
echo "cutmix $version (ABI $abi) in $to"
