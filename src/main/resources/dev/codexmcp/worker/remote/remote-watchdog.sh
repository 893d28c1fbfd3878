# The watchdog of a server's remote workers: sh -c SCRIPT codex-mcp-remote-watchdog
#
# Reads standard input until EOF, which means that the server is gone. "= N CODE" defines shell code that ends workers by name; "+ PID N"
# adds a launcher, whose worker the code N ends; "- PID" removes it, since nothing is left of its worker.
trap '' HUP INT QUIT TERM TSTP
cm_launchers=' '

# When process $1 started, in clock ticks since boot; empty if it is gone.
started() {
    cm_stat=
    while read -r cm_part; do cm_stat=$cm_part; done 2>/dev/null <"/proc/$1/stat"
    # The 20th field after the name, which may contain anything.
    # shellcheck disable=SC2086 # split into fields
    set -- ${cm_stat##*) }
    case ${1-Z} in Z | X) cm_start= ;; *) cm_start=${20} ;; esac
}

while IFS=' ' read -r cm_sign cm_number cm_rest; do
    case $cm_sign in
        '=') eval "cm_code_$cm_number=\$cm_rest" ;;
        '+')
            started "$cm_number"
            eval "cm_start_$cm_number=\$cm_start cm_reap_$cm_number=\$cm_rest"
            cm_launchers="$cm_launchers$cm_number "
            ;;
        '-')
            case $cm_launchers in
                *" $cm_number "*) cm_launchers="${cm_launchers%%" $cm_number "*} ${cm_launchers#*" $cm_number "}" ;;
            esac
            ;;
    esac
done
[ "$cm_launchers" != ' ' ] || exit 0

# Sets cm_alive to the launchers that still run; an ID that was reused does not count.
look() {
    cm_alive=
    for cm_pid in $cm_launchers; do
        eval "cm_then=\$cm_start_$cm_pid"
        started "$cm_pid"
        [ -z "$cm_start" ] || [ "$cm_start" != "$cm_then" ] || cm_alive="$cm_alive $cm_pid"
    done
}

# Waits until none runs, for $1 fifths of a second at most.
await() {
    cm_left=$1
    look
    while [ "$cm_alive" ] && [ "$cm_left" -gt 0 ]; do
        cm_left=$((cm_left - 1))
        sleep 0.2
        look
    done
}

signal() {
    for cm_pid in $cm_alive; do kill "-$1" "$cm_pid" 2>/dev/null; done
}

sleep 1.5 # the least that a worker may need to end once its lease has
await 8
signal TERM
await 5
cm_done=' '
for cm_pid in $cm_launchers; do
    eval "cm_number=\$cm_reap_$cm_pid"
    case $cm_done in *" $cm_number "*) continue ;; esac
    cm_done="$cm_done$cm_number "
    eval "(eval \"\$cm_code_$cm_number\") &"
done
await 50
signal KILL
wait
