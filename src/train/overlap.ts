import { shortKey } from '../base/node/shortKey';
import type { Message } from '../pairs/pair';
import { LineTally } from '../reward/lineTally';
import type { LoadOptions } from '../reward/rowCollector';

type OnRow = NonNullable<LoadOptions['onRow']>;

/** Rows of `eval_file` that are in `train_file` too. */
export interface Shared {
  /** All rows of `eval_file`. */
  readonly rows: number;
  /** Rows that are trained on with the same answers. */
  readonly same: LineTally;
  /** Rows whose prompt is trained on with other answers. */
  readonly prompts: LineTally;
}

/**
 * Compares `eval_file` with `train_file` by content. Its memory holds two short keys for each row of `eval_file`, and
 * does not grow with `train_file`.
 */
export class Overlap {
  private readonly rows: { readonly line: number; readonly key: string; readonly prompt: string }[] = [];
  /** For each content and each prompt of `eval_file`: whether `train_file` has it too. */
  private readonly keys = new Map<string, boolean>();
  private readonly prompts = new Map<string, boolean>();

  /** Call it for all rows of `eval_file` first. */
  readonly onEvalRow: OnRow = ({ line, key, prompt }) => {
    const name = promptKey(prompt);
    this.rows.push({ line, key, prompt: name });
    this.keys.set(key, false);
    this.prompts.set(name, false);
  };

  /** Then call it for all rows of `train_file`. */
  readonly onTrainRow: OnRow = ({ key, prompt }) => {
    if (this.keys.has(key)) this.keys.set(key, true);
    const name = promptKey(prompt);
    if (this.prompts.has(name)) this.prompts.set(name, true);
  };

  shared(): Shared {
    const [same, prompts] = [new LineTally(), new LineTally()];
    for (const { line, key, prompt } of this.rows) {
      if (this.keys.get(key)) same.add(line);
      else if (this.prompts.get(prompt)) prompts.add(line);
    }
    return { rows: this.rows.length, same, prompts };
  }
}

/** A short hash of a prompt's messages. It does not depend on the format of the row. */
function promptKey(prompt: readonly Message[]): string {
  const text = JSON.stringify(prompt.map(({ role, content }) => [role, content.trim()]));
  return shortKey([text], 16);
}
