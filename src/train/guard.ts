import { packPairs } from '../engine/packPairs';
import type { MeasureSession, TokenizedPair } from '../engine/types';
import { MarginError } from '../base/pure/marginError';
import type { Checkpoint } from '../model/types';
import type { TextTokenizer } from '../model/tokenizer';
import { readGuardText } from '../run/guardFile';
import type { Metrics, TrainConfig } from '../run/types';
import { guardTokens } from './evaluationSizes';
import { maxRowTokens } from './loadRows';

/** The name of the metric, as transformers names the loss of one of several evaluation sets: `eval_NAME_loss`. */
const guardMetric = 'eval_guard_loss';

/** Tokens that the model sees together at most. */
const windowTokens = 512;

/** The metrics that a guard adds to an evaluation. */
export const guardMetricNames = ({ guard_file: file }: Pick<TrainConfig, 'guard_file'>): string[] =>
  file === null ? [] : [guardMetric];

/**
 * Measures whether a model still predicts plain text: the mean of −log π(token | tokens before it in its window) over
 * the start of a text, in nats per token. Its exponential is the perplexity. The windows do not overlap, so the first
 * token of each is not predicted.
 */
export class Guard {
  private constructor(
    private readonly windows: readonly TokenizedPair[],
    /** A sentence that says what is measured. */
    readonly note: string,
  ) {}

  /**
   * @param path of the text
   * @throws MarginError `config-file` if the text cannot be used
   */
  static async open(path: string, config: TrainConfig, model: Checkpoint, tokenizer: TextTokenizer): Promise<Guard> {
    const { text, isWhole } = await readGuardText(path);
    const all = tokenizer.encode(text, true);
    const ids = all.slice(0, guardTokens);
    const windows = windowsOf(ids, Math.min(windowTokens, maxRowTokens(config, model)));
    if (windows.length === 0)
      throw new MarginError('config-file', `guard_file: ${path} has a single token: name a longer text.`, {
        field: 'guard_file',
        path,
      });
    const part = isWhole && ids.length === all.length ? 'all' : 'the first';
    return new Guard(
      windows,
      `guard_file: evaluations measure the language model on ${part} ${ids.length} tokens of ${path}`,
    );
  }

  /** @param policy measures the model */
  async measure(policy: MeasureSession): Promise<Metrics> {
    let [sum, count] = [0, 0];
    // One by one: a batch of windows might need more memory than a step.
    for (const window of this.windows) {
      const { tokenLogps } = await policy.score(packPairs([window]));
      sum -= tokenLogps.reduce((total, logp) => total + logp, 0);
      count += tokenLogps.length;
    }
    return { [guardMetric]: sum / count };
  }
}

/** Windows of at most `size` tokens, as answers to their first token. A last one of a single token predicts nothing. */
function windowsOf(ids: readonly number[], size: number): TokenizedPair[] {
  const starts = Array.from({ length: Math.ceil(ids.length / size) }, (_, i) => i * size);
  return starts
    .map((start) => ({
      prompt: ids.slice(start, start + 1),
      chosen: ids.slice(start + 1, start + size),
      rejected: [],
    }))
    .filter(({ chosen }) => chosen.length > 0);
}
