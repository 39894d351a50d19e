import { shortKey } from '../base/node/shortKey';
import type { Message } from '../pairs/pair';
import { LineTally } from '../reward/lineTally';
import type { LoadOptions } from '../reward/rowCollector';

type OnRow = NonNullable<LoadOptions['onRow']>;

/** Rows of `eval_file` that `train_file` holds too. */
export interface Shared {
  /** Rows of `eval_file`. */
  readonly rows: number;
  /** Those whose whole content is trained on. */
  readonly same: LineTally;
  /** Those of which the prompt alone is trained on. */
  readonly prompts: LineTally;
}

/**
 * Compares `eval_file` with `train_file` by content; holds 2 short keys for each row of `eval_file`, whatever
 * `train_file`'s size.
 */
export class Overlap {
  private readonly rows: { readonly line: number; readonly key: string; readonly prompt: string }[] = [];
  /** Contents and prompts of `eval_file`, with whether `train_file` has them. */
  private readonly keys = new Map<string, boolean>();
  private readonly prompts = new Map<string, boolean>();

  /** To be told of all rows of `eval_file` first. */
  readonly onEvalRow: OnRow = ({ line, key, prompt }) => {
    const name = promptKey(prompt);
    this.rows.push({ line, key, prompt: name });
    this.keys.set(key, false);
    this.prompts.set(name, false);
  };

  /** To be told of all rows of `train_file` then. */
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

/** A prompt's text, whatever the shape of its row. An empty prompt is none that rows could share. */
function promptKey(prompt: readonly Message[]): string {
  const text = JSON.stringify(prompt.map(({ role, content }) => [role, content.trim()]));
  return shortKey([text], 16);
}
