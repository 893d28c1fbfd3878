# Sourced by scripts/fuzz, scripts/soak and scripts/real-workers: compiles a program from the test package load and runs
# it against the built server.

. "$here/lib/java.sh"

# Runs the class $1 with the arguments that follow it.
load() {
    find_java || fail "$java_problem: $java_advice"
    javac=${java%/java}/javac
    [ -x "$javac" ] || javac=$(command -v javac) || fail "no javac next to $java or on PATH: install a JDK, 17 or newer"

    # In a fresh clone, the launcher builds the server.
    "$here/codex-mcp-server" --version >/dev/null || exit 1
    jar=${here%/*}/target/codex-mcp-server.jar
    tests=${here%/*}/src/test/java
    classes=${here%/*}/target/load-classes
    "$javac" --release 17 -nowarn -encoding UTF-8 -cp "$jar" -sourcepath "$tests" -d "$classes" \
        "$tests/dev/codexmcp/load/$1.java" || fail "cannot compile $1 against $jar: rebuild it with ./mvnw -q package"
    class=dev.codexmcp.load.$1
    shift
    run_java -cp "$classes:$jar" "$class" "$here/codex-mcp-server" "$@"
}
