package dev.codexmcp.cli;

/** Colors of a terminal; without colors, text stays as it is. */
enum Style {
    BOLD("1"),
    DIM("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33"),
    BLUE("34"),
    CYAN("36");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    String of(String text, boolean color) {
        return color ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    /** The style of a job's status. */
    static Style ofStatus(String status) {
        return switch (status) {
            case "running" -> BLUE;
            case "done" -> GREEN;
            case "failed" -> RED;
            case "canceled" -> YELLOW;
            default -> DIM;
        };
    }
}
