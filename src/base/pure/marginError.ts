/**
 * Thrown low, shown once, high up. `code` is stable and English; `message` is a sentence for a person, with what to do
 * next.
 */
export class MarginError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'MarginError';
  }
}
