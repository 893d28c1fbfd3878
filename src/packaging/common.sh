# Sourced by the scripts in this folder and by scripts/release, which set $packaging to this folder.

root=$(CDPATH='' cd -P "$packaging/../.." && pwd)
out=$root/target/release
name=codex-mcp-server
jar=$root/target/$name.jar

fail() {
    echo "release: $*" >&2
    exit 1
}

step() { echo "== $*"; }

# The text of the element $1 that stands first in pom.xml, after the lines that match $2.
pom() { sed -n "/${2:-<project}/,\$ s:.*<$1>\([^<]*\)</$1>.*:\1:p" "$root/pom.xml" | head -n 1; }

version=$(pom version)

# Every file in every package has this time, so that the same sources give the same bytes.
time=$(pom project.build.outputTimestamp)
TZ=UTC
LC_ALL=C
export TZ LC_ALL
touch_time=$(echo "$time" | sed 's/[-:TZ]//g; s/..$/.&/')

# This platform, as npm calls it: linux-x64, darwin-arm64.
platform() {
    case $(uname -sm) in
        'Linux x86_64') echo linux-x64 ;;
        'Linux aarch64') echo linux-arm64 ;;
        'Darwin x86_64') echo darwin-x64 ;;
        'Darwin arm64') echo darwin-arm64 ;;
        *) fail "there is no package for $(uname -sm)" ;;
    esac
}

gnu_tar=$(command -v gtar || command -v tar)
"$gnu_tar" --version 2>/dev/null | grep -q GNU || fail "needs GNU tar (macOS: brew install gnu-tar)"

# Gives everything in folder $1 the same permissions, whatever the umask.
set_modes() { chmod -R u+w,go=u-w "$1"; }

# Writes folder $2 of folder $1 to the tar file $3: the same files give the same bytes.
pack_tar() {
    "$gnu_tar" -C "$1" --sort=name --format=gnu --owner=0 --group=0 --numeric-owner --mode=go=u-w --mtime="$time" -cf "$3" "$2"
}

# Writes folder $2 of folder $1 to the file $3, compressed.
pack_tgz() { pack_tar "$1" "$2" - | gzip -9n >"$3"; }

# Writes everything in folder $1 to the zip file $2.
pack_zip() (
    cd "$1" || exit
    set_modes .
    find . -exec touch -h -t "$touch_time" {} +
    rm -f "$2"
    find . ! -type d | sort | zip -qX9 "$2" -@
)
