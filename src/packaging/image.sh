#!/bin/sh
# Builds the self-contained image for this platform in target/release: launcher, jar, Java runtime and class archive.
#
#   CODEX_MCP_RELEASE_JDK   the JDK that the runtime comes from; by default 25 if it is installed, else JAVA_HOME
#   $1                      the list of classes in the archive, to build an earlier image again, byte for byte. Without it,
#                           a training run records the list, which is written beside the image
set -eu
packaging=$(dirname "$0")
. "$packaging/common.sh"

find_jdk() {
    for jdk in "${CODEX_MCP_RELEASE_JDK:-}" /usr/lib/jvm/*25* /Library/Java/JavaVirtualMachines/*25*/Contents/Home "${JAVA_HOME:-}"; do
        [ -z "$jdk" ] || [ ! -x "$jdk/bin/jlink" ] || return 0
    done
    jdk=$(command -v jlink) || fail "needs a JDK with jlink: set CODEX_MCP_RELEASE_JDK"
    jdk=$(readlink -f "$jdk")
    jdk=${jdk%/bin/jlink}
}

# The modules that the server's own code and the terminal need. Other libraries use more only for what the server does not do.
modules() {
    rm -rf "$out/classes"
    mkdir -p "$out/classes"
    (cd "$out/classes" && unzip -q "$jar" 'dev/*' 'org/jline/*' 'picocli/*')
    "$jdk/bin/jdeps" --ignore-missing-deps --print-module-deps "$out/classes"
    rm -rf "$out/classes"
}

# Builds the image in the folder $1.
build() {
    mkdir -p "$1/bin" "$1/lib"
    cp "$root/scripts/$name" "$1/bin/"
    cp "$root/scripts/lib/prepare.sh" "$jar" "$1/lib/"
    cp "$root/LICENSE" "$1/"
    "$jdk/bin/jlink" --add-modules "$(modules)" --strip-debug --no-header-files --no-man-pages --output "$1/runtime"
    # The launcher names class archives after the build, which jlink does not copy.
    echo "JAVA_RUNTIME_VERSION=\"$build\"" >>"$1/runtime/release"
    set_modes "$1"
    find "$1" -exec touch -h -t "$touch_time" {} +
}

# Creates the class archive of the image in the folder $1. Older Javas accept an archive only in the folder that it was
# created in, so there the image creates its own at its first start.
train() {
    archive=$1/lib/$name-$build.aot
    [ -z "$classes" ] || cp "$classes" "$archive.classes"
    for copy in 1 2; do
        "$1/bin/$name" --train-for-release
        [ -f "$archive" ] || fail "the class archive could not be created"
        mv "$archive" "$out/$image.archive.$copy"
    done
    node "$packaging/clear-times.mjs" "$out/$image.archive.1" "$out/$image.archive.2" >"$archive"
    mv "$archive.classes" "$out/$image.classes"
    find "$1" -exec touch -h -t "$touch_time" {} +
}

classes=${1-}
find_jdk
build=$(sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"$/\1/p' "$jdk/release")
[ -n "$build" ] || fail "$jdk/release does not state JAVA_RUNTIME_VERSION"
[ -f "$jar" ] || fail "$jar is missing: run ./mvnw package -DskipTests"
image=$name-$version-$(platform)
step "image $image, with $jdk"
mkdir -p "$out"
rm -rf "${out:?}/$image" "$out/$image.tar.gz"

# An archive contains the path of the jar that it was created for, so this folder is always the same.
work=/tmp/$image
mkdir "$work" || fail "$work exists: remove it if no other release is running"
trap 'rm -rf "$work" "$out/$image".archive.*' EXIT
build "$work"
case $build in
    1* | 2[0-4]*) ;;
    *) train "$work" ;;
esac
cp -a "$work" "$out/$image"
pack_tgz "$out" "$image" "$out/$image.tar.gz"
du -sm "$out/$image" "$out/$image.tar.gz"
