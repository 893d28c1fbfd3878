# Read by scripts/fuzz, scripts/soak and scripts/real-workers: compiles a program of the tests' package load and runs it against the built server.

. "$here/lib/java.sh"

# Runs the class $1 with the arguments that follow it.
load() {
    find_java || fail "$java_problem: $java_advice"
    javac=${java%/java}/javac
    [ -x "$javac" ] || javac=$(command -v javac) || fail "$java is no JDK, there is no javac beside it"

    # The launcher builds the server, where a fresh clone has none.
    "$here/codex-mcp-server" --version >/dev/null || exit 1
    jar=${here%/*}/target/codex-mcp-server.jar
    tests=${here%/*}/src/test/java
    classes=${here%/*}/target/load-classes
    "$javac" --release 17 -nowarn -encoding UTF-8 -cp "$jar" -sourcepath "$tests" -d "$classes" \
        "$tests/dev/codexmcp/load/$1.java" || fail "could not be compiled against $jar: build it anew, ./mvnw -q package"
    class=dev.codexmcp.load.$1
    shift
    run_java -cp "$classes:$jar" "$class" "$here/codex-mcp-server" "$@"
}
