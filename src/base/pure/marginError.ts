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

/**
 * The `code` of an error: that of a MarginError, or Node's (`ENOENT`, `ERR_…`). Errors of another realm (`node:vm`) have
 * theirs too, which `instanceof Error` does not see.
 *
 * @returns undefined for an error without a code, and for what is no error
 */
export function errorCode(error: unknown): string | undefined {
  const isObject = typeof error === 'object' && error !== null;
  return isObject && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The message of an error, or whatever else was thrown, as text. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
