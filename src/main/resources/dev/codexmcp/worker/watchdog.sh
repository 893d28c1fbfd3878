# The watchdog of a server: sh -c SCRIPT codex-mcp-watchdog VARIABLE PREFIX
#
# Waits for the end of standard input, which is the server's end. A line until then says that there is something to guard, and
# replaces the one before: processes that are known to be ours though their parents may be dead by then, as
# "PID:START PID:START …", START as in /proc/PID/stat.
#
# Then it finds what is ours (those processes, all whose environment variable VARIABLE holds a word that begins with PREFIX,
# and what any of them has started) and stops each, until no more is found, so that nothing is started behind its back; then
# it kills them. Twice, since what is just being started can't be seen yet.
trap '' HUP INT QUIT TERM TSTP
known=
armed=
while read -r line; do
    known=$line
    armed=yes
done
[ "$armed" ] || exit 0

catch() {
    case "$caught" in *" $1 "*) return ;; esac
    kill -STOP "$1" 2>/dev/null || return
    caught="$caught$1 "
    more=yes
}

# Whether process $1 began at $2: its number may be another's by now.
began_at() {
    read -r stat 2>/dev/null <"/proc/$1/stat" || return
    wanted=$2
    # Behind the name, which may hold anything, the start is the 20th field.
    # shellcheck disable=SC2086 # split into fields
    set -- ${stat##*) }
    [ "${20}" = "$wanted" ]
}

for round in 1 2; do
    caught=' '
    more=yes
    for process in $known; do
        began_at "${process%:*}" "${process#*:}" && catch "${process%:*}"
    done
    while [ "$more" ]; do
        more=
        for file in $(grep -lzE "^$1=(.* )?$2" /proc/[0-9]*/environ 2>/dev/null); do
            pid=${file#/proc/}
            catch "${pid%/environ}"
        done
        while IFS='/: 	' read -r _ _ pid _ _ parent; do
            case "$caught" in *" $parent "*) catch "$pid" ;; esac
        done <<END
$(grep -s '^PPid:' /proc/[0-9]*/status)
END
    done
    for pid in $caught; do kill -KILL "$pid" 2>/dev/null; done
    [ "$round" = 2 ] || sleep 0.3
done
