import { errorMessage, MarginError } from '../base/pure/marginError';

/** Why a row cannot be used. `field` is the part of the row that it is about, null for the row as a whole. */
export interface RowProblem {
  readonly code: string;
  readonly field: string | null;
  readonly message: string;
}

/** Errors of the whole model, which every row would meet again. */
const ofModel: ReadonlySet<string> = new Set(['no-chat-template', 'no-eos-token']);

/** An error over one part of a row, with the part's name. Errors of the whole model pass unchanged. */
export function rowError(error: unknown, field: string): unknown {
  if (error instanceof MarginError && (ofModel.has(error.code) || 'field' in error.details)) return error;
  const { code, message } = problemOf(error);
  return new MarginError(code, message, { field });
}

/**
 * What a template, tokenizer or format threw over a row, as a problem of that row.
 *
 * @throws MarginError `no-chat-template` | `no-eos-token`: errors of the whole model pass on
 */
export function rowProblem(error: unknown): RowProblem {
  if (error instanceof MarginError && ofModel.has(error.code)) throw error;
  return problemOf(error);
}

function problemOf(error: unknown): RowProblem {
  if (error instanceof MarginError) {
    const { field, reason } = error.details;
    // Of a template its reason alone is told: which file it is from is the same at every row.
    const message =
      error.code === 'bad-template' && typeof reason === 'string'
        ? `The model's chat template fails: ${reason}`
        : error.message;
    return { code: error.code, field: typeof field === 'string' ? field : null, message };
  }
  const reason = errorMessage(error);
  return { code: 'row-fails', field: null, message: `The row cannot be turned into tokens: ${reason}.` };
}

/** `prompt: The prompt is empty.`; a message that begins with its field is not given it twice. */
export function sentenceOf({ field, message }: Pick<RowProblem, 'field' | 'message'>): string {
  return field === null || message.startsWith(field) ? message : `${field}: ${message}`;
}
