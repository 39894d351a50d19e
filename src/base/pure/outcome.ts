/** What a call returned or threw, kept for later. */
export type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** Calls `work` and keeps what it returns or throws. */
export function outcomeOf<T>(work: () => T): Outcome<T> {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}

/** @throws what the call threw */
export function valueOf<T>(outcome: Outcome<T>): T {
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}
