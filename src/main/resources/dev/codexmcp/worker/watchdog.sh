# The watchdog of a server: sh -c SCRIPT codex-mcp-watchdog VARIABLE PREFIX
#
# Reads standard input until EOF, which means the server is gone. Any line arms the watchdog: "PID START" adds a
# process, with START as in /proc/PID/stat; "PID" alone removes a process that has died; an empty line does nothing
# else.
#
# At EOF it collects the server's processes: those added, those whose environment variable VARIABLE contains a word that
# starts with PREFIX, and all their descendants. It stops each one as it finds it, so that none can start another, and
# kills them when it finds no more. It does so twice, since a process that is just being started is not visible yet. The
# added ones are stopped first and without running any program: a worker dies at its next write, and its children lose
# their parent.
trap '' HUP INT QUIT TERM TSTP
armed=
known= # process IDs; the variable start_PID is empty once the process has died
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

# Whether process $1 started at $2: its ID may have been reused.
began_at() {
    stat=
    while read -r line; do stat=$line; done 2>/dev/null <"/proc/$1/stat"
    wanted=$2
    # The start time is the 20th field after the name, which may contain anything.
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
