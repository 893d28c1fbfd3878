# sh -c SCRIPT codex-mcp-reap SECONDS NAME…: ends every Slurm job of this user whose name begins with one of these: running, pending or
# just being submitted. Succeeds once the controller knows of none; fails if that takes longer, or if it does not answer.
cm_end=$(($(date +%s) + $1))
shift
cm_none=0
while :; do
    if cm_jobs=$(squeue -h -u "$(id -un)" -t PENDING,CONFIGURING,RUNNING,SUSPENDED,COMPLETING -o '%A %j' 2>&1); then
        cm_mine=$(
            echo "$cm_jobs" | while read -r cm_id cm_name; do
                for cm_prefix; do
                    case $cm_name in "$cm_prefix"*) echo "$cm_id" ;; esac
                done
            done
        )
        if [ -z "$cm_mine" ]; then
            cm_none=$((cm_none + 1))
            [ "$cm_none" -lt 2 ] || exit 0 # twice: one may have been on its way
        else
            cm_none=0
            # The step at once: without a signal, scancel asks first and kills only after Slurm's KillWait.
            # shellcheck disable=SC2086 # a list
            scancel -Q -s KILL $(printf '%s.0 ' $cm_mine) 2>/dev/null
            # shellcheck disable=SC2086 # a list
            scancel -Q $cm_mine 2>/dev/null
        fi
    else
        cm_none=0
    fi
    [ "$(date +%s)" -lt "$cm_end" ] || break
    sleep 0.3
done
echo "${cm_mine:+still running: }${cm_mine:-$cm_jobs}" >&2
exit 1
