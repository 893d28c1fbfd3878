package dev.codexmcp.codex;

import dev.codexmcp.testkit.RealCodex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * An installation of the CLI in a package manager's layout: npm's own script, and a shell script in place of the native
 * program, which prints how it was started.
 *
 * @param program the file on PATH
 * @param script npm's script
 * @param binary the native program
 */
record NpmLayout(Path program, Path script, Path binary) {
    private static final String PLATFORM =
            System.getProperty("os.arch").equals("aarch64") ? "@openai/codex-linux-arm64" : "@openai/codex-linux-x64";
    private static final String VENDOR = PLATFORM.endsWith("arm64") ? "aarch64" : "x86_64";

    /** {@code npm install -g}: the native program's package is inside the script's. */
    static NpmLayout npmGlobal(Path root) throws IOException {
        Path modules = root.resolve("lib/node_modules");
        return of(root.resolve("bin/codex"), modules, modules.resolve("@openai/codex/node_modules"));
    }

    /** {@code npm install} in a project: the two packages are siblings. */
    static NpmLayout npmLocal(Path root) throws IOException {
        Path modules = root.resolve("node_modules");
        return of(modules.resolve(".bin/codex"), modules, modules);
    }

    /** Bun's folder for global packages. */
    static NpmLayout bunGlobal(Path root) throws IOException {
        Path modules = root.resolve(".bun/install/global/node_modules");
        return of(root.resolve(".bun/bin/codex"), modules, modules);
    }

    /** pnpm: packages are links into a store next to them, with pnpm's metadata. */
    static NpmLayout pnpm(Path root) throws IOException {
        Path modules = root.resolve("global/5/node_modules");
        Path store = modules.resolve(".pnpm/@openai+codex@0.169.0/node_modules");
        Path platform = modules.resolve(".pnpm/@openai+codex@0.169.0-linux/node_modules");
        NpmLayout made = of(root.resolve("bin/codex"), store, platform);
        link(modules.resolve("@openai/codex"), store.resolve("@openai/codex"));
        link(store.resolve(PLATFORM), platform.resolve(PLATFORM));
        Files.writeString(modules.resolve(".modules.yaml"), "layoutVersion: 5\n");
        return made;
    }

    /** Vite+, with its metadata file for an installation. */
    static NpmLayout vitePlus(Path root, String folder, String note) throws IOException {
        Path modules = root.resolve("packages").resolve(folder).resolve("lib/node_modules");
        NpmLayout made = of(root.resolve("bin/codex"), modules, modules);
        Files.writeString(
                Files.createDirectories(root.resolve("packages/@openai")).resolve("codex.json"), note);
        return made;
    }

    private static NpmLayout of(Path program, Path modules, Path platformModules) throws IOException {
        Path script = modules.resolve("@openai/codex/bin/codex.js");
        Path binary = platformModules.resolve(PLATFORM).resolve("vendor/" + VENDOR + "-unknown-linux-musl/bin/codex");
        Path real = RealCodex.find().script().toRealPath();
        Files.createDirectories(script.getParent());
        Files.copy(real, script);
        Files.copy(
                real.resolve("../../package.json").normalize(),
                script.resolve("../../package.json").normalize());
        link(program, script);
        Files.createDirectories(binary.getParent());
        Files.writeString(platformModules.resolve(PLATFORM).resolve("package.json"), "{\"name\":\"@openai/codex\"}");
        Files.writeString(binary, """
                #!/bin/sh
                tr '\\0' '\\n' < /proc/$$/cmdline
                tr '\\0' '\\n' < /proc/$$/environ | LC_ALL=C sort
                """);
        Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new NpmLayout(program, script, binary);
    }

    private static void link(Path link, Path target) throws IOException {
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, target);
    }
}
