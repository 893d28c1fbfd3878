# Sourced by codex-mcp-server for what a normal start does not need: building the jar in a clone, and creating the class
# archive. Uses its functions and variables.

# Waits until the jar has been built. A client may time out and kill this process, so the build runs in another process,
# in its own session if the system has setsid. The next start finds it running or finished.
await_build() {
    say "building $cms_jar, only this once. This takes a minute, or longer if there is much to download."
    mkdir -p "$cms_root/target" && [ -w "$cms_root/target" ] || fail "cannot write to $cms_root/target"
    cms_detach=$(command -v setsid) || cms_detach=
    cms_waited=0
    until [ -f "$cms_jar" ]; do
        cms_built=0
        $cms_detach sh "$cms_self" --build </dev/null >&2 || cms_built=$?
        case $cms_built in
            0) [ -f "$cms_jar" ] || fail "the build succeeded, but did not create $cms_jar" ;;
            75) # Another process is building it.
                [ "$cms_waited" -lt 600 ] || fail "waited $cms_waited s for another build: if none is running, remove $cms_root/target/build.lock"
                sleep 1
                cms_waited=$((cms_waited + 1))
                ;;
            *) fail "the build failed (exit code $cms_built): run ./mvnw package in $cms_root to see why" ;;
        esac
    done
}

# Builds the jar and exits, with 75 if another process is already building it.
build() {
    lock "$cms_root/target/build.lock" || { [ $? -ne 1 ] && fail "cannot write to $cms_root/target"; } || exit 75
    trap 'unlock; exit 1' HUP INT TERM
    cms_built=0
    # Another process may have finished its build just before this one took the lock. The locale is UTF-8 because Java
    # cannot enter a folder whose name the locale cannot encode.
    [ -f "$cms_jar" ] || (cd "$cms_root" && exec env LC_ALL=C.UTF-8 ./mvnw -q -P '!checks' -Dmaven.test.skip=true package) || cms_built=$?
    unlock
    exit "$cms_built"
}

# A lock is a symbolic link, because creating a link is atomic. Its target names the owner, HOST:BOOT:PID:START. A lock
# outlives an owner that is killed, and the system may reuse its process ID, so the start time identifies the owner too.
#
# The lock of a dead owner is not removed: of two processes that find it, the slower one might remove the lock that the
# faster one has just taken. Instead, LOCK.OWNER is the lock that follows it, and only one process can create that link.

# Takes the lock $1. Returns 1 if another process holds it, and 2 if the link cannot be created.
lock() {
    cms_host=$(uname -n)
    identify "$$" || :
    cms_me=$cms_host:$cms_boot:$$:$cms_start
    cms_lock=$1
    cms_link=$1
    cms_first=
    cms_vanished=0
    until ln -s "$cms_me" "$cms_link" 2>/dev/null; do
        if cms_owner=$(readlink "$cms_link"); then
            ! is_alive "$cms_owner" || return 1
            cms_first=${cms_first:-$cms_owner}
            cms_link=$1.$cms_owner
        else # It has just been removed, or cannot be created.
            [ "$((cms_vanished += 1))" -lt 10 ] || return 2
            cms_link=$1
            cms_first=
        fi
    done
    # An owner that unlocks removes the first link first. If that is gone, the link just created follows nothing.
    if [ "$cms_first" ] && [ "$(readlink "$1")" != "$cms_first" ]; then
        rm -f "$cms_link"
        return 1
    fi
}

# Releases the lock that this process holds, with the links of the dead owners before it.
unlock() {
    cms_link=$cms_lock
    while cms_owner=$(readlink "$cms_link"); do
        rm -f "$cms_link" || : # it may belong to another user
        [ "$cms_owner" != "$cms_me" ] || break
        cms_link=$cms_lock.$cms_owner
    done
}

# Whether the owner $1 of $cms_link is still working. A process on another computer that shares the folder is assumed to
# be, and any process that takes an hour is assumed to hang.
is_alive() {
    [ -z "$(find "$cms_link" -mmin +60 2>/dev/null)" ] || return 1
    case $1 in
        "$cms_host":*:*:*)
            cms_pid=${1#*:*:}
            cms_pid=${cms_pid%%:*}
            identify "$cms_pid" && [ "$1" = "$cms_host:$cms_boot:$cms_pid:$cms_start" ]
            ;;
        *:*:*:*) ;;
        *) return 1 ;;
    esac
}

# Sets $cms_boot and $cms_start, which together with the process ID $1 identify a process uniquely. Fails if the process
# has ended, even if its parent has not reaped it yet.
identify() {
    cms_boot=
    cms_start=
    # shellcheck disable=SC2046,SC2086 # fields are split on purpose
    if [ -e /proc/self/stat ]; then
        { read -r cms_boot </proc/sys/kernel/random/boot_id || :; } 2>/dev/null
        { read -r cms_stat <"/proc/$1/stat"; } 2>/dev/null || return 1
        # After the name, which may contain anything, come the state and, 19 fields later, the start time.
        set -- ${cms_stat##*) }
        cms_start=${20}
    else
        set -- $(LC_ALL=C TZ=UTC ps -o stat= -o lstart= -p "$1" 2>/dev/null)
        [ $# -gt 1 ] || return 1
        cms_start="$2 $3 $4 $5 $6"
    fi
    case $1 in
        Z* | X*) return 1 ;;
    esac
}

# Creates the archive, unless another process is doing that. A failure leaves no files, except that NAME.failed, with
# the modification time of the jar, records when this Java failed for no external reason such as a full disk or a
# signal.
train() {
    mkdir -p "${cms_archive%/*}" || return 0
    lock "$cms_archive.training" || return 0
    cms_new=$cms_archive.new.$$
    trap 'clean_up; unlock; exit 1' HUP INT TERM
    clean_up
    if [ "$cms_task" != --train-if-needed ] || { ! archive_is_usable && ! has_failed_today; }; then
        # Without disk space a training run is pointless. The next start tries again.
        touch -r "$cms_jar" "$cms_new.stamp" && has_room && keep_archive || :
    fi
    clean_up
    unlock
}

keep_archive() {
    cms_trained=0
    make_archive || cms_trained=$?
    if ! is_for_jar "$cms_new.stamp"; then
        : # the jar has been replaced meanwhile
    elif [ "$cms_trained" -eq 0 ]; then
        # Its time says that it is whole, so its contents must reach the disk first.
        chmod a+r "$cms_new" && { sync "$cms_new" || :; } && touch -r "$cms_new.stamp" "$cms_new" && mv -f "$cms_new" "$cms_archive" &&
            rm -f "$cms_archive.failed" "$cms_archive.size" # 0.1.0 kept the size
    elif [ "$cms_trained" -le 128 ] && has_room; then
        date +%s >"$cms_new.failed" && touch -r "$cms_new.stamp" "$cms_new.failed" &&
            mv -f "$cms_new.failed" "$cms_archive.failed"
    fi
}

# Creates the archive as $cms_new and checks that the JVM can use it: a JVM may succeed and leave half a file. Threads
# race, so no two runs need exactly the same classes: releases, which must be reproducible, keep the list in NAME.classes.
make_archive() {
    cms_linking=
    [ "$cms_java_major" -lt 25 ] || cms_linking=-XX:+AOTClassLinking
    cms_classes=$cms_new.classes
    [ "$cms_task" != --train-for-release ] || cms_classes=$cms_archive.classes
    [ -f "$cms_classes" ] || run_server -XX:DumpLoadedClassList="$cms_classes" --train || return
    run_java $cms_linking -Xshare:dump -XX:SharedClassListFile="$cms_classes" -XX:SharedArchiveFile="$cms_new" \
        "-Xbootclasspath/a:$cms_jar" -cp "$cms_jar" || return
    if [ "$cms_java_major" -ge 25 ]; then
        cms_newer="$cms_newer -XX:AOTMode=on -XX:+VerifySharedSpaces"
        run_server -XX:AOTCache="$cms_new" --version
    else
        cms_newer="-Xshare:on -XX:+VerifySharedSpaces"
        run_server -XX:SharedArchiveFile="$cms_new" --version
    fi
}

# Whether there is disk space for any archive. Only writing a file takes limits and quotas into account.
has_room() {
    cms_full=0
    dd if=/dev/zero of="$cms_new.room" bs=1048576 count=64 || cms_full=$?
    rm -f "$cms_new.room"
    return "$cms_full"
}

has_failed_today() {
    is_for_jar "$cms_archive.failed" && read -r cms_then <"$cms_archive.failed" &&
        [ "$(date +%s)" -ge "$cms_then" ] && [ "$(date +%s)" -lt $((cms_then + 86400)) ]
}

# Removes the unfinished files of this training run and of any that were killed.
clean_up() {
    set +f
    rm -f "$cms_archive".new.* || :
    set -f
}
