package dev.codexmcp.codex;

import java.util.Optional;

/**
 * What is to be reviewed: at most one of a base branch to compare with, a commit, or, where neither is named, what is not
 * committed yet.
 *
 * @param uncommitted whether the caller asked for what is not committed in so many words
 * @param prompt what the review is to look at, in the caller's words
 */
public record ReviewTarget(
        Optional<String> prompt,
        boolean uncommitted,
        Optional<String> base,
        Optional<String> commit,
        Optional<String> title) {

    /** How many targets the caller has named. */
    public int named() {
        return (uncommitted ? 1 : 0) + (base.isPresent() ? 1 : 0) + (commit.isPresent() ? 1 : 0);
    }

    /** The prompt with the target in words, for the CLI takes no flag beside a prompt, and the focus must not be lost. */
    String inWords() {
        StringBuilder words = new StringBuilder();
        if (uncommitted) {
            words.append("Review the uncommitted changes in this repository (staged, unstaged and untracked).\n");
        }
        base.ifPresent(branch -> words.append("Review the changes of the current branch against the base branch ")
                .append(branch)
                .append(".\n"));
        commit.ifPresent(sha ->
                words.append("Review the changes that the commit ").append(sha).append(" introduces.\n"));
        title.ifPresent(
                text -> words.append("Title of the change: ").append(text).append('\n'));
        return words.append(prompt.orElse("")).toString();
    }
}
