# The watchdog of a server: sh -c SCRIPT codex-mcp-watchdog VARIABLE PREFIX
#
# Waits for the end of standard input, which is the server's end. A line until then says that there is something to guard:
# "PID START" is a process of ours, START as in /proc/PID/stat; "PID" alone has died.
#
# Then it finds what is ours (those processes, all whose environment variable VARIABLE holds a word that begins with PREFIX,
# and what any of them has started) and stops each, until no more is found, so that nothing is started behind its back; then
# it kills them. Twice, since what is just being started can't be seen yet. Those it knows are stopped first and without
# another program's help: a worker dies at its next write, and then its children are no longer its children.
trap '' HUP INT QUIT TERM TSTP
armed=
known= # process numbers; the variable start_PID is empty once the process has died
count=0
dead=0

forget_the_dead() {
    living=
    for process in $known; do
        eval "start=\$start_$process"
        if [ "$start" ]; then living="$living $process"; else unset "start_$process"; fi
    done
    known=$living
    count=$((count - dead))
    dead=0
}

while read -r process start; do
    armed=yes
    [ "$process" ] || continue
    eval "before=\${start_$process-none} start_$process=\$start"
    case $before in
        none) known="$known $process" count=$((count + 1)) ;;
        '') dead=$((dead - 1)) ;;
    esac
    [ "$start" ] || dead=$((dead + 1))
    [ "$dead" -le 100 ] || [ "$dead" -le "$((count / 2))" ] || forget_the_dead
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
    stat=
    while read -r line; do stat=$line; done 2>/dev/null <"/proc/$1/stat"
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
        eval "start=\$start_$process"
        [ "$start" ] && began_at "$process" "$start" && catch "$process"
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
