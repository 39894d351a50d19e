/** The names that more than one run has. */
export function sharedNames(runs: readonly { readonly name: string }[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { name } of runs) (seen.has(name) ? shared : seen).add(name);
  return shared;
}

/**
 * When a run started: the time of day for today, else day and time.
 *
 * @param created milliseconds since 1970
 * @param now milliseconds since 1970
 */
export function startTime(created: number, now: number, language: string): string {
  const start = new Date(created);
  const isToday = start.toDateString() === new Date(now).toDateString();
  const time: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', second: '2-digit' };
  return isToday
    ? start.toLocaleTimeString(language, time)
    : start.toLocaleString(language, { month: 'short', day: 'numeric', ...time });
}
