package dev.codexmcp.codex;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.codexmcp.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The package manager that installed the CLI. The native program uses it to advise how to update. */
enum PackageManager {
    NPM,
    BUN,
    PNPM,
    VITE_PLUS;

    private static final Pattern BUN_AGENT = Pattern.compile("\\bbun/");
    private static final String CODEX = "@openai/codex";

    /** The variable that names the package manager to the native program. */
    String variable() {
        return "CODEX_MANAGED_BY_" + name();
    }

    /** The variables of all package managers. */
    static Set<String> variables() {
        return Arrays.stream(values()).map(PackageManager::variable).collect(Collectors.toSet());
    }

    /**
     * Decides as npm's script does.
     *
     * @param packageRoot the script's package, without symbolic links
     * @param entrypoint the script's path as it was called: absolute, symbolic links left as they are
     */
    static PackageManager of(Path packageRoot, Path entrypoint, NodeEnvironment node) {
        for (Path start : List.of(packageRoot, entrypoint.resolveSibling(""))) {
            for (Path folder = start; folder != null; folder = folder.getParent()) {
                if (folder.getParent() != null && isVitePlus(folder, packageRoot)) {
                    return VITE_PLUS;
                }
                if (isPnpm(folder.resolve("node_modules"), packageRoot)) {
                    return PNPM;
                }
            }
        }
        boolean bun = BUN_AGENT.matcher(node.userAgent()).find()
                || node.packageManager().contains("bun")
                || packageRoot.resolve("bin").toString().contains(".bun/install/global");
        return bun ? BUN : NPM;
    }

    private static boolean isPnpm(Path nodeModules, Path packageRoot) {
        return Files.exists(nodeModules.resolve(".modules.yaml")) && isSame(nodeModules.resolve(CODEX), packageRoot);
    }

    private static boolean isVitePlus(Path packages, Path packageRoot) {
        if (!packages.endsWith("packages")) {
            return false;
        }
        String id = vitePlusInstall(packages.resolve(CODEX + ".json"));
        if (id == null) {
            return false;
        }
        try {
            Path install = packages.resolve(CODEX + (id.startsWith("#") ? id : "/" + id))
                    .normalize();
            return isSame(install.resolve("lib/node_modules").resolve(CODEX), packageRoot)
                    || isSame(install.resolve("node_modules").resolve(CODEX), packageRoot);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /**
     * The {@code installId} in Vite+'s metadata file for the CLI, empty if unset; null if the file is missing or
     * invalid.
     */
    private static @Nullable String vitePlusInstall(Path note) {
        if (!Files.exists(note)) {
            return null;
        }
        String name = "";
        String id = "";
        try (JsonParser parser = Json.FACTORY.createParser(Files.readString(note))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                boolean text = value == JsonToken.VALUE_STRING;
                if (field.equals("name")) {
                    name = text ? parser.getText() : "";
                } else if (field.equals("installId")) {
                    id = text ? parser.getText() : value == JsonToken.VALUE_NULL ? "" : null;
                }
                parser.skipChildren();
            }
            return name.equals(CODEX) ? id : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static boolean isSame(Path candidate, Path packageRoot) {
        try {
            return candidate.toRealPath().equals(packageRoot);
        } catch (IOException e) {
            return false;
        }
    }
}
