package dev.codexmcp.git;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Puts errors of files into words: those of Java are often just a path. */
public final class FileErrors {
    private FileErrors() {}

    /** What went wrong, as a sentence with its full stop. */
    public static String sentence(Throwable failure) {
        String words = words(failure).strip();
        return words.endsWith(".") ? words : words + ".";
    }

    private static String words(Throwable failure) {
        if (failure instanceof AccessDeniedException denied) {
            return denied.getFile() + ": permission denied";
        }
        if (failure instanceof NoSuchFileException missing) {
            return missing.getFile() + ": no such file or folder, and it can't be created";
        }
        String message = failure.getMessage();
        return failure instanceof IOException && message != null ? message : String.valueOf(failure);
    }
}
