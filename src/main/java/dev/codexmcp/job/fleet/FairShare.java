package dev.codexmcp.job.fleet;

import java.util.Arrays;

/** Divides room among texts: short ones get all they need, and the others share the rest equally. */
public final class FairShare {
    private FairShare() {}

    /**
     * What each gets, in the order given.
     *
     * @param needs how much each could use, none of them negative
     * @param room the room to divide, negative counts as 0
     */
    public static int[] of(int[] needs, int room) {
        int[] ascending = needs.clone();
        Arrays.sort(ascending);
        int left = Math.max(0, room);
        int limit = Integer.MAX_VALUE;
        for (int i = 0; i < ascending.length; i++) {
            int share = left / (ascending.length - i);
            if (ascending[i] > share) {
                limit = share;
                break;
            }
            left -= ascending[i];
        }
        int[] shares = new int[needs.length];
        for (int i = 0; i < needs.length; i++) {
            shares[i] = Math.min(needs[i], limit);
        }
        return shares;
    }
}
