import { errorMessage, MarginError } from '../base/pure/marginError';

/** Why a row cannot be used. `field` names a part of the row; null means the whole row. */
export interface RowProblem {
  readonly code: string;
  readonly field: string | null;
  readonly message: string;
}

/** Codes of errors that belong to the model: every row would cause the same one. */
const ofModel: ReadonlySet<string> = new Set(['no-chat-template', 'no-eos-token']);

/** Adds the name of a row's field to an error. Errors of the whole model stay as they are. */
export function rowError(error: unknown, field: string): unknown {
  if (error instanceof MarginError && (ofModel.has(error.code) || 'field' in error.details)) return error;
  const { code, message } = problemOf(error);
  return new MarginError(code, message, { field });
}

/**
 * The problem of a row, from an error of its template, tokenizer or format.
 *
 * @throws MarginError `no-chat-template` | `no-eos-token`: rethrown, because they belong to the model and not to the
 *   row
 */
export function rowProblem(error: unknown): RowProblem {
  if (error instanceof MarginError && ofModel.has(error.code)) throw error;
  return problemOf(error);
}

function problemOf(error: unknown): RowProblem {
  if (error instanceof MarginError) {
    const { field, reason } = error.details;
    // The template's file is the same for each row, so the message has the reason only.
    const message =
      error.code === 'bad-template' && typeof reason === 'string'
        ? `The model's chat template fails: ${reason}`
        : error.message;
    return { code: error.code, field: typeof field === 'string' ? field : null, message };
  }
  const reason = errorMessage(error);
  return { code: 'row-fails', field: null, message: `The row cannot be turned into tokens: ${reason}.` };
}

/** `prompt: The prompt is empty.` Does not repeat the field if the message starts with it. */
export function sentenceOf({ field, message }: Pick<RowProblem, 'field' | 'message'>): string {
  return field === null || message.startsWith(field) ? message : `${field}: ${message}`;
}
