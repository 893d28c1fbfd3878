#!/bin/sh
# Packs an MCPB bundle for every image in target/release, and writes the server.json that names them.
set -eu
packaging=$(dirname "$0")
. "$packaging/common.sh"

work=$out/mcpb
step "MCPB bundles"
rm -f "$out"/*.mcpb
for image in "$out/$name-$version"-*-*.tar.gz; do
    [ -f "$image" ] || fail "there is no image in $out: run src/packaging/image.sh"
    base=${image##*/}
    base=${base%.tar.gz}
    rm -rf "$work"
    mkdir -p "$work"
    "$gnu_tar" -xzf "$image" -C "$work" --strip-components=1
    # Unpacking a bundle changes the times that a class archive depends on, so the first start creates one.
    rm -f "$work"/lib/*.aot
    node -e 'const [file, system] = process.argv.slice(1);
        const manifest = JSON.parse(require("fs").readFileSync(file, "utf8"));
        manifest.compatibility.platforms = [system];
        console.log(JSON.stringify(manifest, null, 2));' \
        "$packaging/mcpb/manifest.json" "$(echo "${base#"$name-$version-"}" | cut -d- -f1)" >"$work/manifest.json"
    npx -y @anthropic-ai/mcpb@2.1.2 validate "$work/manifest.json"
    pack_zip "$work" "$out/$base.mcpb"
done
rm -rf "$work"
node "$packaging/server-json.mjs" "$root/server.json" "$out"/*.mcpb >"$out/server.json"
ls -l "$out"/*.mcpb
