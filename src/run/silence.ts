/**
 * A process that renews its heartbeat each few seconds and was not heard of for longer than this is taken for dead,
 * where its process id cannot be asked: on another machine or in another container. Sixty heartbeats of a trainer; only
 * a suspended computer is silent for longer.
 */
export const silentMs = 120_000;
