/**
 * After this silence a process counts as dead if its pid cannot be checked, because it runs on another machine or in
 * another container. A trainer renews its heartbeat sixty times in this time; only a suspended computer is silent for
 * longer. Milliseconds.
 */
export const silentMs = 120_000;
