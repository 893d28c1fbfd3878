package dev.codexmcp;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.FileDescriptor;
import java.util.Timer;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Executors;

/** Which package may depend on which, and which may do the few dangerous things. */
@AnalyzeClasses(packages = "dev.codexmcp", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "dev.codexmcp";
    private static final String MCP = "dev.codexmcp.mcp..";
    private static final String TOOL = "dev.codexmcp.tool..";
    private static final String CONVERSATION = "dev.codexmcp.conversation..";
    private static final String PROMPTS = "dev.codexmcp.prompts..";
    private static final String JOB = "dev.codexmcp.job..";
    private static final String CODEX = "dev.codexmcp.codex..";
    private static final String GIT = "dev.codexmcp.git..";
    private static final String WORKER = "dev.codexmcp.worker..";
    private static final String JSON = "dev.codexmcp.json..";
    private static final String INSTALL = "dev.codexmcp.install..";
    private static final String CONTROL = "dev.codexmcp.control..";
    private static final String CLI = "dev.codexmcp.cli..";
    private static final String DASHBOARD = "dev.codexmcp.dashboard..";

    private static final String MAIN = "dev\\.codexmcp\\.Main(\\$.*)?";
    private static final String MAIN_OR_TERMINAL =
            MAIN + "|dev\\.codexmcp\\.install\\.os\\.Terminal|dev\\.codexmcp\\.cli\\.Console";
    private static final String RUNS_PROGRAMS =
            "dev\\.codexmcp\\.install\\.os\\.(Programs|LineProgram)|dev\\.codexmcp\\.dashboard\\.Browser";
    private static final String MAIN_OR_CONFIG = "dev\\.codexmcp\\.(Main|ServerConfig|LogSetup|Training)(\\$.*)?";

    private static final String GIT_COMMAND = "dev\\.codexmcp\\.git\\.GitCommand(\\$.*)?";

    @ArchTest
    static final ArchRule every_class_has_a_place_on_the_map = classes()
            .should()
            .resideInAnyPackage(
                    ROOT,
                    MCP,
                    TOOL,
                    CONVERSATION,
                    PROMPTS,
                    JOB,
                    CODEX,
                    GIT,
                    WORKER,
                    JSON,
                    INSTALL,
                    CONTROL,
                    CLI,
                    DASHBOARD);

    @ArchTest
    static final ArchRule packages_depend_on_those_below_them = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("root")
            .definedBy(ROOT)
            .layer("mcp")
            .definedBy(MCP)
            .layer("tool")
            .definedBy(TOOL)
            .layer("conversation")
            .definedBy(CONVERSATION)
            .layer("prompts")
            .definedBy(PROMPTS)
            .layer("job")
            .definedBy(JOB)
            .layer("codex")
            .definedBy(CODEX)
            .layer("git")
            .definedBy(GIT)
            .layer("worker")
            .definedBy(WORKER)
            .layer("json")
            .definedBy(JSON)
            .layer("install")
            .definedBy(INSTALL)
            .layer("control")
            .definedBy(CONTROL)
            .layer("cli")
            .definedBy(CLI)
            .optionalLayer("dashboard")
            .definedBy(DASHBOARD)
            .whereLayer("root")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("control")
            .mayOnlyAccessLayers("job", "codex", "git", "worker", "json")
            .whereLayer("cli")
            .mayOnlyAccessLayers("control", "dashboard", "json")
            .whereLayer("dashboard")
            .mayOnlyAccessLayers("cli", "json")
            .whereLayer("install")
            .mayOnlyBeAccessedByLayers("root")
            .whereLayer("install")
            .mayOnlyAccessLayers("codex", "git", "json")
            .whereLayer("mcp")
            .mayOnlyBeAccessedByLayers("root")
            .whereLayer("tool")
            .mayOnlyBeAccessedByLayers("root", "mcp")
            .whereLayer("conversation")
            .mayOnlyAccessLayers("job", "codex", "json")
            .whereLayer("prompts")
            .mayNotAccessAnyLayer()
            .whereLayer("job")
            .mayOnlyAccessLayers("codex", "git", "worker", "json")
            .whereLayer("codex")
            .mayOnlyAccessLayers("worker", "json")
            .whereLayer("git")
            .mayOnlyAccessLayers("worker", "json")
            .whereLayer("worker")
            .mayOnlyAccessLayers("json")
            .whereLayer("json")
            .mayNotAccessAnyLayer();

    @ArchTest
    static final ArchRule packages_are_free_of_cycles =
            slices().matching("dev.codexmcp.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule only_mcp_and_main_touch_the_protocol_streams = noClasses()
            .that()
            .resideOutsideOfPackage(MCP)
            .and()
            .haveNameNotMatching(MAIN_OR_TERMINAL)
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "in")
            .orShould()
            .accessField(FileDescriptor.class, "out")
            .orShould()
            .accessField(FileDescriptor.class, "in")
            .because("stdout is reserved for the protocol, and one stray line breaks the session");

    @ArchTest
    static final ArchRule all_other_classes_report_through_the_logger = noClasses()
            .that()
            .haveNameNotMatching(MAIN_OR_CONFIG + "|" + MAIN_OR_TERMINAL)
            .should()
            .accessField(System.class, "err")
            .orShould()
            .callMethodWhere(target(name("printStackTrace")).and(targetOwner(assignableTo(Throwable.class))));

    @ArchTest
    static final ArchRule only_worker_and_the_git_command_start_and_signal_processes = noClasses()
            .that()
            .resideOutsideOfPackage(WORKER)
            .and()
            .haveNameNotMatching(RUNS_PROGRAMS)
            .and()
            .haveNameNotMatching(GIT_COMMAND)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(ProcessBuilder.class)
            .orShould()
            .callMethodWhere(target(name("exec")).and(targetOwner(type(Runtime.class))))
            .orShould()
            .callMethodWhere(target(nameMatching("destroy(Forcibly)?"))
                    .and(targetOwner(assignableTo(Process.class).or(assignableTo(ProcessHandle.class)))));

    @ArchTest
    static final ArchRule threads_have_few_owners = noClasses()
            .that()
            .resideOutsideOfPackages(MCP, WORKER, JOB, CONTROL, CLI, DASHBOARD)
            .and()
            .haveNameNotMatching(MAIN_OR_CONFIG)
            .should()
            .callConstructorWhere(targetOwner(assignableTo(Thread.class)
                    .or(assignableTo(AbstractExecutorService.class))
                    .or(assignableTo(Timer.class))))
            .orShould()
            .callMethodWhere(targetOwner(type(Executors.class)))
            .because("docs/architecture.md names every thread's owner and how it ends");

    @ArchTest
    static final ArchRule only_mcp_knows_the_sdk = noClasses()
            .that()
            .resideOutsideOfPackage(MCP)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.modelcontextprotocol..", "reactor..", "org.reactivestreams..");

    @ArchTest
    static final ArchRule only_install_knows_toml_and_yaml = noClasses()
            .that()
            .resideOutsideOfPackage(INSTALL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.fasterxml.jackson.dataformat..", "org.snakeyaml..")
            .because("the server must not load it");

    @ArchTest
    static final ArchRule install_has_no_cycles =
            slices().matching("dev.codexmcp.install.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule only_main_starts_install_and_doctor = noClasses()
            .that()
            .resideOutsideOfPackage(INSTALL)
            .and()
            .haveNameNotMatching(MAIN)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(INSTALL);

    @ArchTest
    static final ArchRule only_main_starts_the_commands_for_people = noClasses()
            .that()
            .resideOutsideOfPackages(CLI, DASHBOARD)
            .and()
            .haveNameNotMatching(MAIN)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CLI, DASHBOARD)
            .because("a server must not load them");

    @ArchTest
    static final ArchRule only_the_commands_for_people_know_their_libraries = noClasses()
            .that()
            .resideOutsideOfPackages(CLI, DASHBOARD)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("picocli..", "org.jline..", "com.sun.net.httpserver..")
            .because("a server must not load them");

    @ArchTest
    static final ArchRule commands_read_no_server_but_through_its_socket = noClasses()
            .that()
            .resideInAnyPackage(CLI, DASHBOARD)
            .should()
            .dependOnClassesThat(com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage(CONTROL)
                    .and(com.tngtech.archunit.base.DescribedPredicate.not(
                            nameMatching(".*\\.(SocketFolder|Greeting)"))));

    @ArchTest
    static final ArchRule there_is_one_logger =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("java.util.logging..");
}
