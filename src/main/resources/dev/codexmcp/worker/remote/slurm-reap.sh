# sh -c SCRIPT codex-mcp-reap SECONDS wait|fail NAME…: ends every Slurm job of this user whose name begins with one of these: running, pending or
# just being submitted. Succeeds once the controller knows of none; fails if that takes longer than SECONDS, and with "fail" also as
# soon as the controller does not answer.
cm_end=$(($(date +%s) + $1))
cm_silence=$2
shift 2
cm_none=0
cm_round=0

# Prints the ids of the server's jobs that are pending ($1 empty) or in another state ($1 not empty).
ours() {
    echo "$cm_jobs" | while read -r cm_id cm_state cm_name; do
        case $cm_state:$1 in PENDING: | [!P]*:?*) ;; *) continue ;; esac
        for cm_prefix in $cm_names; do
            case $cm_name in "$cm_prefix"*) echo "$cm_id" ;; esac
        done
    done
}

cm_names=$*
while :; do
    if cm_jobs=$(squeue -h -u "$(id -un)" -t PENDING,CONFIGURING,RUNNING,SUSPENDED,COMPLETING -o '%A %T %j' 2>&1); then
        cm_pending=$(ours '')
        cm_running=$(ours running)
        # shellcheck disable=SC2086 # lists, here and below
        [ -z "$cm_pending" ] || scancel -Q $cm_pending 2>/dev/null
        if [ "$cm_running" ]; then
            # SIGTERM lets the runner end the worker and all that it has started, of which Slurm may not know. What is left a
            # moment later is killed: the step at once, where scancel alone would wait for Slurm's KillWait.
            # shellcheck disable=SC2086
            case $cm_round in
                0) scancel -Q -s TERM $(printf '%s.0 ' $cm_running) 2>/dev/null ;;
                [1-7]) ;;
                8 | *0)
                    scancel -Q -s KILL $(printf '%s.0 ' $cm_running) 2>/dev/null
                    scancel -Q $cm_running 2>/dev/null
                    ;;
                *) ;; # a job that is being completed may take a minute, if the controller was down: it holds nothing of ours
            esac
            cm_round=$((cm_round + 1))
        fi
        if [ -z "$cm_pending$cm_running" ]; then
            cm_none=$((cm_none + 1))
            [ "$cm_none" -lt 2 ] || exit 0 # twice: one may have been on its way
        else
            cm_none=0
        fi
    else
        cm_none=0
        [ "$cm_silence" = wait ] || break
        sleep 2
    fi
    [ "$(date +%s)" -lt "$cm_end" ] || break
    sleep 0.3
done
echo "$cm_jobs" >&2
exit 1
