# Sourced by other scripts.

# Sets $java to a java of version 17 or newer. Otherwise sets $java_problem and $java_advice and returns 1.

find_java() {
    if [ -n "${JAVA_HOME-}" ]; then
        java=$JAVA_HOME/bin/java
        java_from="JAVA_HOME"
        [ -x "$java" ] || {
            java_problem="JAVA_HOME is $JAVA_HOME, but it has no bin/java"
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
        java_problem="$java failed: $java_version"
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

# Runs Java with these arguments. Java decodes file names by the locale, which must therefore be UTF-8.
run_java() {
    LC_ALL=C.UTF-8
    export LC_ALL
    exec "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dfile.encoding=UTF-8 "$@"
}
