package dev.codexmcp.tool;

import dev.codexmcp.codex.CodexCommand;
import dev.codexmcp.codex.Sandbox;
import dev.codexmcp.codex.WorkerOptions;
import dev.codexmcp.job.Continuation;
import dev.codexmcp.job.JobScheduler;
import dev.codexmcp.job.JobSpec;
import dev.codexmcp.job.Place;
import dev.codexmcp.job.Scheduling;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.Parameter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The arguments that describe a worker, shared by all tools that start one. */
final class WorkerParameters {
    /** The CLI's own limit on a prompt that it reads from standard input. */
    private static final int MAX_PROMPT = 1_048_576;

    static final Parameter<String> PROMPT = Parameter.argument(
                    "prompt",
                    "The whole task; the worker sees nothing else. Name files, limits and what its final message must hold.")
            .required();
    static final Parameter<String> MODEL = Parameter.argument("model", "Default: its Codex configuration's.");
    static final Parameter<String> REASONING_EFFORT =
            Parameter.argument("reasoningEffort", "Such as low, medium, high or xhigh.");
    static final Parameter<String> SANDBOX = Parameter.word(
            "sandbox",
            Sandbox.words(),
            "What its commands may touch. Default: the server's, as a rule workspace-write.");
    static final Parameter<Boolean> FULL_AUTO = Parameter.flag("fullAuto", "Old name for sandbox workspace-write.");
    static final Parameter<String> WORKING_DIRECTORY = Parameter.argument("workingDirectory", "Default: the server's.");
    static final Parameter<String> LABEL = Parameter.text("label", "Your name for the job, repeated in answers.");

    private WorkerParameters() {}

    /** The options, without prompt and label. */
    static final List<Parameter<?>> OPTIONS = List.of(MODEL, REASONING_EFFORT, SANDBOX, FULL_AUTO, WORKING_DIRECTORY);

    /** The options, for tools other than the one that describes them. */
    static final List<Parameter<?>> BARE_OPTIONS = Parameter.withoutDescriptions(OPTIONS);

    /** Everything that describes a worker, scheduling aside. */
    static final List<Parameter<?>> ALL =
            List.of(PROMPT, MODEL, REASONING_EFFORT, SANDBOX, FULL_AUTO, WORKING_DIRECTORY, LABEL);

    /** Everything that describes a job. */
    static final List<Parameter<?>> ALL_AND_SCHEDULING = Stream.of(
                    ALL, SchedulingParameters.ALL, PlaceParameters.ALL, ExtraParameters.ALL)
            .<Parameter<?>>flatMap(List::stream)
            .toList();

    /**
     * All options; {@code defaults} supplies what the arguments leave out.
     *
     * @param here whether the worker runs on this machine; if not, folders are checked where it runs
     */
    static WorkerOptions options(Arguments arguments, WorkerOptions defaults, boolean here)
            throws BadArgumentException {
        WorkerOptions options = options(arguments, here).or(defaults);
        return options.with(ExtraParameters.options(arguments, options).or(defaults.extra()));
    }

    /** The options that workers of conversations have too. */
    static WorkerOptions options(Arguments arguments, boolean here) throws BadArgumentException {
        return new WorkerOptions(
                arguments.optional(MODEL),
                arguments.optional(REASONING_EFFORT),
                arguments.optional(SANDBOX).flatMap(Sandbox::of),
                arguments.optional(FULL_AUTO),
                directory(arguments, here));
    }

    /**
     * The server's options for calls that leave them out.
     *
     * @param folderWanted whether the call leaves the folder out
     */
    static WorkerOptions defaults(JobScheduler scheduler, Caller caller, boolean folderWanted) {
        Optional<String> folder = folderWanted ? caller.folder().get() : Optional.empty();
        return new WorkerOptions(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), folder)
                .or(scheduler.defaultOptions());
    }

    /** Whether the arguments leave the folder to the server. */
    static boolean isFolderWanted(Arguments arguments) throws BadArgumentException {
        return arguments.optional(WORKING_DIRECTORY).isEmpty();
    }

    private static Optional<String> directory(Arguments arguments, boolean here) throws BadArgumentException {
        Optional<String> directory = arguments.optional(WORKING_DIRECTORY);
        if (here && directory.isPresent() && !isDirectory(directory.get())) {
            throw new BadArgumentException("\"" + arguments.path() + WORKING_DIRECTORY.name() + "\" is \""
                    + directory.get() + "\": it must be a folder that exists. Create it first, or leave it out for "
                    + Path.of("").toAbsolutePath() + ".");
        }
        return directory;
    }

    private static boolean isDirectory(String path) {
        try {
            return Files.isDirectory(Path.of(path));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** The job that these arguments ask for, what they leave out taken from {@code defaults}. */
    static JobSpec job(
            Arguments arguments,
            WorkerOptions defaults,
            Sandbox defaultSandbox,
            Scheduling scheduling,
            Place place,
            JobScheduler scheduler)
            throws BadArgumentException {
        String prompt = arguments.required(PROMPT);
        checkPrompt(arguments.path() + PROMPT.name(), prompt);
        Scheduling own = SchedulingParameters.scheduling(arguments, scheduling);
        WorkerOptions options = options(arguments, defaults, scheduler.runsHere(own.launcher()));
        return job(prompt, options, arguments.optional(LABEL), defaultSandbox, own)
                .at(PlaceParameters.place(arguments, options.workingDirectory(), place));
    }

    static JobSpec job(
            String prompt,
            WorkerOptions options,
            Optional<String> label,
            Sandbox defaultSandbox,
            Scheduling scheduling) {
        Sandbox sandbox = options.effectiveSandbox(defaultSandbox);
        return new JobSpec(CodexCommand.exec(prompt, options, sandbox), options, sandbox, label, Map.of())
                .with(scheduling);
    }

    /** A job that continues a thread. */
    static JobSpec job(
            String prompt,
            WorkerOptions options,
            Optional<String> label,
            Sandbox defaultSandbox,
            Scheduling scheduling,
            Continuation continuation) {
        Sandbox sandbox = options.effectiveSandbox(defaultSandbox);
        String thread = continuation.threadId();
        CodexCommand command = continuation.fork()
                ? CodexCommand.fork(thread, prompt, options, sandbox)
                : CodexCommand.resume(thread, prompt, options, sandbox);
        return new JobSpec(command, options, sandbox, label, Map.of())
                .with(scheduling)
                .with(continuation);
    }

    static void checkPrompt(String name, String prompt) throws BadArgumentException {
        if (prompt.isEmpty()) {
            throw new BadArgumentException("\"" + name + "\" is empty: it takes the task for the worker.");
        }
        if (prompt.codePointCount(0, prompt.length()) > MAX_PROMPT) {
            throw new BadArgumentException("\"" + name + "\" has " + prompt.codePointCount(0, prompt.length())
                    + " characters, but the Codex CLI takes " + MAX_PROMPT
                    + " at most. Put the rest in a file, and name "
                    + "the file in the prompt.");
        }
    }
}
