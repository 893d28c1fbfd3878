#!/bin/sh
# Packs the npm packages in target/release: the server, and the Java runtime of every image that is there.
set -eu
packaging=$(dirname "$0")
. "$packaging/common.sh"

work=$out/npm
pack() { set_modes "$1" && (cd "$1" && npm pack --silent --ignore-scripts --pack-destination "$out" >/dev/null); }

step "npm packages"
rm -rf "$work" "$out"/*.tgz
mkdir -p "$work/main/bin" "$work/main/lib"
cp "$packaging/npm/package.json" "$packaging/npm/README.md" "$root/LICENSE" "$work/main/"
cp "$root/scripts/$name" "$work/main/bin/"
cp "$root/scripts/lib/prepare.sh" "$jar" "$work/main/lib/"
pack "$work/main"

for image in "$out/$name-$version"-*-*.tar.gz; do
    [ -f "$image" ] || fail "there is no image in $out: run src/packaging/image.sh"
    platform=${image##*/"$name-$version-"}
    platform=${platform%.tar.gz}
    mkdir -p "$work/$platform"
    "$gnu_tar" -xzf "$image" -C "$work/$platform" --strip-components=1 "$name-$version-$platform/runtime" "$name-$version-$platform/LICENSE"
    node "$packaging/npm/platform.mjs" "$packaging/npm/package.json" "$platform" >"$work/$platform/package.json"
    pack "$work/$platform"
done
rm -rf "$work"
ls -l "$out"/*.tgz
