# The far end of a launched worker. A shell reads one line from standard input and evaluates it: it sets the worker's environment,
# its program and arguments ($@) and these variables, then runs this script:
#
#   cm_mode       run, or reap: end all processes that cm_marked matches, and nothing else; guard: see there
#   cm_script     this script
#   cm_key        begins every report; only the server and this script know it
#   cm_mark       the cookie of the worker's processes; cm_marked matches it in an environment
#   cm_directory  where to start; cm_folder, if not empty, must be a directory as seen from there
#   cm_bytes      how many bytes of prompt follow on standard input; empty: the worker reads the null device
#   cm_lease      for how many seconds a sign of life is good
#
# Standard input is the lease. After the prompt come empty lines, the signs of life. End of file, too long a time without a sign of
# life, and SIGTERM mean: end the worker, which is asked first and killed a second later. The line "kill" means: kill it at once.
#
# In a job of Slurm, "exit" is answered by end of file: without an answer the script cancels the job, since nobody else would.
#
# Reports go to standard error, a line each: "start HOST JOB", then "exit CODE", with "stopped" after it if a SIGTERM came; or "fail REASON" if the worker cannot be
# started. A worker cannot imitate a report, since it does not know the key. The names begin with cm_ because a name that is
# in the environment already would reach the worker.

# Handlers rather than '': the worker must not inherit ignored signals.
trap : HUP PIPE INT QUIT
trap 'cm_stop=${cm_stop:-ask} cm_answered=yes cm_stopped=" stopped"' TERM
trap 'cm_stop=${cm_stop:-ask} cm_answered=yes' USR1
trap 'cm_stop=${cm_stop:-ask} cm_expired=yes' ALRM
trap 'cm_stop=kill' USR2
cm_host=${SLURMD_NODENAME:-$(uname -n)}
cm_stop=
cm_answered=
cm_expired=
cm_stopped=
unset cm_line

report() {
    printf '\036%s %s\n' "$cm_key" "$*" >&2
}

fail() {
    report fail "$*"
    exit 72
}

# Finds the processes of the worker: those in $1, those with its cookie, and all their descendants. Sends each signal $2 as it is
# found: STOP, so that none can start another.
family() {
    cm_found=$1
    cm_more=yes
    cm_rounds=20
    while [ "$cm_more" ] && [ "$cm_rounds" -gt 0 ]; do
        cm_more=
        cm_rounds=$((cm_rounds - 1))
        for cm_file in $(grep -lzE "^CODEX_MCP_JOB=(.* )?$cm_marked" /proc/[0-9]*/environ 2>/dev/null); do
            cm_file=${cm_file#/proc/}
            add "${cm_file%/environ}" "$2"
        done
        [ "$cm_found" ] || return # as a rule: there is nobody whose children to look for
        while IFS='/: 	' read -r _ _ cm_process _ _ cm_parent; do
            case " $cm_found " in *" $cm_parent "*) add "$cm_process" "$2" ;; esac
        done <<END
$(grep -s '^PPid:' /proc/[0-9]*/status)
END
    done
}

add() {
    case " $cm_found " in *" $1 "*) return ;; esac
    kill "-$2" "$1" 2>/dev/null || return
    cm_found="$cm_found $1"
    cm_more=yes
}

sweep() {
    family "$1" STOP
    for cm_process in $cm_found; do
        kill -KILL "$cm_process" 2>/dev/null
    done
}

if [ "$cm_mode" = guard ]; then
    # Reads what the script that started it says: "done", or the ids of processes to kill as well. If that script is killed, whatever
    # did it may have missed processes that have left its session and their parents. So has this one: it lives where they do.
    trap '' HUP INT QUIT TERM
    cm_helpers=
    while read -r cm_word; do
        [ "$cm_word" != done ] || exit 0
        cm_helpers=$cm_word
    done
    # shellcheck disable=SC2086 # a list
    [ -z "$cm_helpers" ] || kill -KILL $cm_helpers
    cm_mode=reap
fi
if [ "$cm_mode" = reap ]; then
    sweep ''
    sleep 0.3 # what was just being started can be seen by now
    sweep ''
    exit 0
fi

cd -- "$cm_directory" 2>/dev/null || fail "no directory $cm_directory on $cm_host"
[ -z "$cm_folder" ] || [ -d "$cm_folder" ] || fail "no directory $cm_folder in $cm_directory on $cm_host"
[ -z "${CODEX_HOME-}" ] || [ -d "$CODEX_HOME" ] || fail "no directory $CODEX_HOME, which is CODEX_HOME, on $cm_host"
cm_program=$1
shift
if ! command -v -- "$cm_program" >/dev/null 2>&1; then
    # A host that does not share the server's file system may have a program of its own.
    cm_own=$(command -v -- "${cm_program##*/}") ||
        fail "no program $cm_program on $cm_host, and no ${cm_program##*/} on its PATH, $PATH"
    cm_program=$cm_own
fi

# A background job of a shell ignores these two signals.
cm_env='env --default-signal=INT,QUIT'
case $cm_program in *=*) cm_env= ;; esac
$cm_env true 2>/dev/null || cm_env=

exec 3<&0 </dev/null
cm_file=
if [ "$cm_bytes" ]; then
    # In a file without a name: the worker gets the whole prompt or is not started, and nothing is left behind.
    cm_file=$(umask 077 && mktemp "${TMPDIR:-/tmp}/codex-mcp.XXXXXX" 2>/dev/null) ||
        fail "cannot write to ${TMPDIR:-/tmp} on $cm_host"
    exec 4>"$cm_file" 5<"$cm_file" 6<"$cm_file"
    rm -f "$cm_file"
    head -c "$cm_bytes" <&3 >&4 2>/dev/null
    [ "$(wc -c <&6)" -eq "$cm_bytes" ] || fail "the prompt did not arrive whole on $cm_host, or ${TMPDIR:-/tmp} is full there"
    exec 4>&- 6<&-
else
    exec 5</dev/null
fi
[ -z "$cm_stop" ] || fail "stopped before its start on $cm_host"

cm_pipe=${cm_file:-$(mktemp -u "${TMPDIR:-/tmp}/codex-mcp.XXXXXX" 2>/dev/null)} # that file has lost its name
if command -v setsid >/dev/null && mkfifo -m 600 "$cm_pipe" 2>/dev/null; then
    (cm_mode=guard cm_marked=$cm_marked setsid sh -c "$cm_script" codex-mcp-guard <"$cm_pipe" >/dev/null 2>&1 3<&- 5<&- &)
    exec 7>"$cm_pipe"
    rm -f "$cm_pipe"
else
    exec 7>/dev/null
fi

report start "$cm_host" "${SLURM_JOB_ID-}"
CODEX_MCP_JOB=$cm_mark $cm_env "$cm_program" "$@" <&5 5<&- 3<&- 7>&- & # not exported: what this script starts is no part of the worker
cm_worker=$!
exec 5<&-

tell() {
    while kill "-$1" $$; do # again and again: a signal that comes right before the wait goes unnoticed
        sleep 0.2
    done
}

(
    # Counts the seconds that are left. A sign of life, SIGUSR1, starts anew.
    trap '' HUP INT QUIT USR2
    trap 'cm_left=$cm_lease' USR1
    trap 'kill "$cm_nap"; exit' TERM
    cm_left=$cm_lease
    # A subshell may miss a SIGTERM that comes while it starts, so it also looks whether the script is still there.
    while [ "$cm_left" -gt 0 ] && kill -0 $$; do
        cm_left=$((cm_left - 3))
        sleep 3 &
        cm_nap=$!
        while kill -0 "$cm_nap"; do wait "$cm_nap"; done
    done
    tell ALRM
) 3<&- 7>&- >/dev/null 2>&1 &
cm_clock=$!

(
    # Reads the lease.
    trap '' HUP INT QUIT
    while IFS= read -r cm_word <&3; do
        if [ "$cm_word" = kill ]; then tell USR2; fi
        kill -USR1 "$cm_clock"
    done
    tell USR1
) 7>&- >/dev/null 2>&1 &
cm_watch=$!
exec 3<&-
echo "$cm_clock $cm_watch" >&7

# Waits until the worker has ended, or cm_stop is no longer $1. Shells sometimes notice the end of a process on their own, and keep its
# exit code for the next wait; a wait that a signal has ended returns that signal's code.
await() {
    while [ -z "$cm_code" ] && [ "$cm_stop" = "$1" ]; do
        wait "$cm_worker" 2>/dev/null # without "Killed"
        cm_first=$?
        if ! kill -0 "$cm_worker" 2>/dev/null; then
            wait "$cm_worker" 2>/dev/null
            cm_code=$?
            [ "$cm_code" != 127 ] || cm_code=$cm_first # the first has taken it
        fi
    done
}

cm_known=
cm_code=
await ''
if kill -0 "$cm_worker" 2>/dev/null; then
    family "$cm_worker" 0 # now: once it is gone, those without its cookie can no longer be found
    cm_known=${cm_found#"$cm_worker"}
    if [ "$cm_stop" = ask ]; then
        kill -TERM "$cm_worker" 2>/dev/null
        (
            trap '' HUP INT QUIT
            sleep 1
            kill -USR2 $$
        ) >/dev/null 2>&1 &
        await ask
    fi
    kill -KILL "$cm_worker" 2>/dev/null
    await kill
fi
if [ -z "$cm_code" ]; then
    wait "$cm_worker" 2>/dev/null
    cm_code=$?
fi
kill -TERM "$cm_clock" 2>/dev/null
sweep "$cm_known"
report exit "$cm_code$cm_stopped"
if [ "${SLURM_JOB_ID-}" ]; then
    cm_left=50
    while [ -z "$cm_answered$cm_expired" ] && [ "$cm_left" -gt 0 ]; do
        cm_left=$((cm_left - 1))
        sleep 0.2 &
        wait $! 2>/dev/null
    done
    # srun holds the allocation. It is dead if it does not answer.
    [ "$cm_answered" ] || scancel -Q "$SLURM_JOB_ID" 2>/dev/null
fi
kill -KILL "$cm_watch" 2>/dev/null
echo done >&7
exit "$cm_code"
