package dev.codexmcp.codex;

import java.util.Optional;

/**
 * What to review: a base branch to compare with, a commit, or, if neither is named, the uncommitted changes.
 *
 * @param uncommitted whether the caller explicitly asked for the uncommitted changes
 * @param prompt the caller's instructions for the review
 */
public record ReviewTarget(
        Optional<String> prompt,
        boolean uncommitted,
        Optional<String> base,
        Optional<String> commit,
        Optional<String> title) {

    /** How many targets the caller named. */
    public int named() {
        return (uncommitted ? 1 : 0) + (base.isPresent() ? 1 : 0) + (commit.isPresent() ? 1 : 0);
    }

    /** The prompt with the target put into words, since the CLI accepts no target flag together with a prompt. */
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
