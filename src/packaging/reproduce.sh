#!/bin/sh
# Builds the packages in target/release again, from a copy of this folder in another place, at another time, with another
# umask, locale and time zone, and compares every byte.
set -eu
packaging=$(dirname "$0")
. "$packaging/common.sh"

step "the same packages again, elsewhere"
platform=$(platform)
image=$name-$version-$platform
[ -f "$out/$image.classes" ] || fail "there is no $image.classes in $out: build the image first"
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
copy="$place/another folder"
umask 077
mkdir "$copy"
tar -C "$root" --exclude=./target --exclude=./.git -cf - . | tar -C "$copy" --no-same-permissions -xmf -
(
    cd "$copy"
    export TZ=Asia/Tokyo LC_ALL=C.UTF-8 JAVA_TOOL_OPTIONS="-Duser.language=tr -Duser.country=TR -Duser.timezone=Asia/Tokyo"
    ./mvnw -q ${MAVEN_OFFLINE:+-o} -P '!checks' -Dmaven.test.skip=true package
    src/packaging/image.sh "$out/$image.classes"
    src/packaging/npm.sh
    src/packaging/mcpb.sh
) >"$out/reproduce.log" 2>&1 || fail "the second build failed: see $out/reproduce.log"
rm -f "$out/reproduce.log"

for file in "$copy/target/release/$image.tar.gz" "$copy"/target/release/*.tgz "$copy"/target/release/*.mcpb "$copy/target/$name.jar"; do
    case $file in
        *.jar) first=$jar ;;
        *) first=$out/${file##*/} ;;
    esac
    [ -f "$first" ] || continue
    cmp "$first" "$file" || fail "${file##*/} is not reproducible"
    echo "the same: ${file##*/}"
done
