package dev.codexmcp.install.host;

import dev.codexmcp.install.os.Environment;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Gemini CLI. It keeps from its servers every variable that looks like a secret or a certificate, unless the entry
 * refers to it.
 */
public final class GeminiHost extends SettingsHost {
    private static final Pattern WITHHELD_NAME =
            Pattern.compile("(?i)TOKEN|SECRET|PASSWORD|PASSWD|KEY|AUTH|CREDENTIAL|CREDS|PRIVATE|CERT");
    private static final Pattern WITHHELD_VALUE = Pattern.compile("(?i)(https?|ftp|smtp)://[^:\\s]+:[^@\\s]+@");

    public GeminiHost() {
        super("gemini", "Gemini CLI", ".gemini");
    }

    @Override
    Path folder(Environment environment) {
        return environment.path("GEMINI_CLI_HOME").orElseGet(environment::home).resolve(folderName());
    }

    @Override
    Map<String, String> env(ServerVariables variables) {
        Map<String, String> env = super.env(variables);
        variables.inherited().forEach((name, value) -> {
            if (isWithheld(name, value)) {
                env.put(name, "$" + name);
            }
        });
        return env;
    }

    private static boolean isWithheld(String name, String value) {
        return WITHHELD_NAME.matcher(name).find()
                || WITHHELD_VALUE.matcher(value).find();
    }

    @Override
    public String userRemark(ServerVariables variables) {
        return "; Gemini CLI starts it only in folders that you trust";
    }

    @Override
    public String projectRemark() {
        return userRemark(ServerVariables.NONE);
    }
}
