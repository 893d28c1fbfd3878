package dev.codexmcp.install.host;

import dev.codexmcp.install.os.Environment;
import java.nio.file.Path;

/** Qwen Code. It passes on its whole environment; only its time limit needs a setting. */
public final class QwenHost extends SettingsHost {
    public QwenHost() {
        super("qwen", "Qwen Code", ".qwen");
    }

    @Override
    Path folder(Environment environment) {
        return environment.path("QWEN_HOME").orElseGet(() -> environment.home().resolve(folderName()));
    }

    @Override
    public String projectRemark() {
        return "; Qwen Code asks whether you approve it";
    }
}
