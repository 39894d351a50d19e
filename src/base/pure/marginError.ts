/**
 * An error that a person can act on. Low-level code throws it, and one place near the user interface shows it.
 *
 * `code` is a stable identifier (`disk-full`), `message` a sentence for a person that says what to do next, and
 * `details` are values for programs (`path`, `line`).
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
 * The `code` of an error: that of a MarginError, or Node's (`ENOENT`, `ERR_…`). It also works for errors of
 * another realm (`node:vm`), which are not `instanceof Error`.
 *
 * @returns undefined for an error without a code, and for any other value
 */
export function errorCode(error: unknown): string | undefined {
  const isObject = typeof error === 'object' && error !== null;
  return isObject && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The message of an error; any other thrown value as text. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
