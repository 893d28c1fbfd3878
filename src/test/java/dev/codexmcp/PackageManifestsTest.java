package dev.codexmcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.TestJson;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests of all packages agree with pom.xml and with each other. */
class PackageManifestsTest {
    private static final String NPM_PACKAGE = "@codexmcp/codex-mcp-server";
    private static final String REPOSITORY = "https://github.com/codexmcp/codex-mcp-server";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server.json",
                "jbang-catalog.json",
                "gemini-extension.json",
                ".claude-plugin/plugin.json",
                ".claude-plugin/marketplace.json",
                ".codex-plugin/plugin.json",
                ".codex-plugin/mcp.json",
                "src/packaging/npm/package.json",
                "src/packaging/mcpb/manifest.json"
            })
    void namesTheVersionOfThePom(String manifest) throws IOException {
        String version = firstInPom("<version>([^<]+)</version>");
        List<String> versions = new ArrayList<>();
        collectVersions(json(manifest), versions);

        assertThat(versions).isNotEmpty().containsOnly(version);
    }

    @Test
    void theServerHasOneNameInTheRegistryAndInTheNpmPackage() throws IOException {
        JsonNode server = json("server.json");
        JsonNode npm = json("src/packaging/npm/package.json");

        assertThat(npm.path("mcpName")).isEqualTo(server.path("name"));
        assertThat(npm.path("name").asText()).isEqualTo(NPM_PACKAGE);
        assertThat(server.path("packages").path(0).path("identifier").asText()).isEqualTo(NPM_PACKAGE);
        assertThat(server.path("name").asText()).matches("[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+");
        assertThat(server.path("description").asText()).hasSizeBetween(1, 100);
        npm.path("optionalDependencies")
                .fieldNames()
                .forEachRemaining(name -> assertThat(name).startsWith(NPM_PACKAGE + "-"));
    }

    /** The rules of the registry's schema 2025-12-11 for what this file contains. */
    @Test
    void serverJsonFollowsItsSchema() throws IOException {
        JsonNode server = json("server.json");
        assertThat(server.path("$schema").asText()).endsWith("/schemas/2025-12-11/server.schema.json");
        assertThat(server.path("title").asText()).hasSizeBetween(1, 100);
        assertThat(server.path("repository").path("source").asText()).isEqualTo("github");
        assertThat(server.path("packages")).isNotEmpty().allSatisfy(entry -> {
            assertThat(entry.path("registryType").asText()).isIn("npm", "oci", "mcpb");
            assertThat(entry.path("identifier").asText()).isNotBlank();
            assertThat(entry.path("transport").path("type").asText()).isEqualTo("stdio");
            assertThat(entry.path("environmentVariables")).allSatisfy(variable -> {
                assertThat(variable.path("name").asText()).matches("[A-Z_]+");
                assertThat(variable.path("format").asText("string")).isIn("string", "number", "boolean", "filepath");
                assertThat(variable.path("default").isMissingNode()
                                || variable.path("default").isTextual())
                        .isTrue();
            });
        });
    }

    @Test
    void pluginsStartTheNpmPackage() throws IOException {
        for (String manifest :
                List.of("gemini-extension.json", ".claude-plugin/plugin.json", ".codex-plugin/mcp.json")) {
            JsonNode entry = json(manifest).path("mcpServers").path("codex-mcp-server");
            assertThat(entry.path("command").asText()).isEqualTo("npx");
            assertThat(entry.path("args").path(1).asText()).startsWith(NPM_PACKAGE + "@");
        }
    }

    @Test
    void theInstallLinksOfTheReadmeStartTheNpmPackage() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        Matcher cursor = Pattern.compile("cursor://[^)]*&config=([^)]+)").matcher(readme);
        Matcher code = Pattern.compile("vscode:mcp/install\\?([^)]+)").matcher(readme);
        assertThat(cursor.find() && code.find()).isTrue();
        String entry = new String(Base64.getDecoder().decode(cursor.group(1)), UTF_8);

        for (String json : List.of(entry, URLDecoder.decode(code.group(1), UTF_8))) {
            assertThat(TestJson.parse(json).path("command").asText()).isEqualTo("npx");
            assertThat(TestJson.parse(json).path("args"))
                    .isEqualTo(TestJson.parse("[\"-y\", \"" + NPM_PACKAGE + "\"]"));
        }
    }

    /** What Maven Central refuses a POM without. */
    @ParameterizedTest
    @ValueSource(strings = {"name", "description", "url", "licenses", "developers", "scm"})
    void thePomIsFitForMavenCentral(String element) throws IOException {
        assertThat(firstInPom("\n  <" + element + ">(\\s*\\S[^\\v]*)")).isNotBlank();
    }

    @Test
    void allNameTheSameRepository() throws IOException {
        assertThat(firstInPom("<url>(https://github[^<]+)</url>")).isEqualTo(REPOSITORY);
        assertThat(json("server.json").path("repository").path("url").asText()).isEqualTo(REPOSITORY);
        assertThat(json("src/packaging/npm/package.json").path("homepage").asText())
                .isEqualTo(REPOSITORY);
        assertThat(json(".claude-plugin/plugin.json").path("repository").asText())
                .isEqualTo(REPOSITORY);
        assertThat(json(".codex-plugin/plugin.json").path("repository").asText())
                .isEqualTo(REPOSITORY);
        assertThat(json("src/packaging/mcpb/manifest.json")
                        .path("repository")
                        .path("url")
                        .asText())
                .isEqualTo(REPOSITORY);
    }

    /** Adds all versions below a node: of the manifest, of npm packages, and at the end of Maven coordinates. */
    private static void collectVersions(JsonNode node, List<String> versions) {
        node.properties().forEach(field -> {
            if (field.getKey().equals("version") || field.getKey().startsWith(NPM_PACKAGE)) {
                versions.add(field.getValue().asText());
            }
        });
        node.forEach(child -> collectVersions(child, versions));
        if (node.isTextual() && node.asText().matches("@codexmcp/.+@.+|dev\\.codexmcp:.+:.+")) {
            versions.add(node.asText().replaceFirst(".*[:@]", ""));
        }
    }

    private static JsonNode json(String file) throws IOException {
        return TestJson.parse(Files.readString(Path.of(file)));
    }

    private static String firstInPom(String pattern) throws IOException {
        Matcher found = Pattern.compile(pattern).matcher(Files.readString(Path.of("pom.xml")));
        assertThat(found.find()).as(pattern).isTrue();
        return found.group(1);
    }
}
