# Read by other scripts: sets $java to a JDK's java, 17 or newer, or says what is missing and returns 1.

find_java() {
    if [ -n "${JAVA_HOME-}" ]; then
        java=$JAVA_HOME/bin/java
        java_from="JAVA_HOME"
        [ -x "$java" ] || {
            java_problem="JAVA_HOME is $JAVA_HOME, but there is no bin/java in it"
            java_advice="point JAVA_HOME at a JDK, 17 or newer, or unset it"
            return 1
        }
    else
        java_from="PATH"
        java=$(command -v java) || {
            java_problem="there is no java on PATH, and JAVA_HOME is not set"
            java_advice="install a JDK, 17 or newer (Debian: apt install openjdk-17-jdk-headless; macOS: brew install openjdk), or set JAVA_HOME"
            return 1
        }
    fi
    java_version=$("$java" -version 2>&1) || {
        java_problem="$java does not run: $java_version"
        java_advice="install a JDK, 17 or newer, or point JAVA_HOME at one"
        return 1
    }
    java_version=${java_version#*version \"}
    java_version=${java_version%%\"*}
    java_major=${java_version%%[!0-9]*}
    [ "${java_major:-0}" -ge 17 ] || {
        java_problem="$java is Java $java_version"
        java_advice="the server needs Java 17 or newer: point JAVA_HOME at one"
        return 1
    }
}

# Runs Java with these arguments. It reads file names as the locale says, so it gets one that can.
run_java() {
    LC_ALL=C.UTF-8
    export LC_ALL
    exec "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dfile.encoding=UTF-8 "$@"
}
