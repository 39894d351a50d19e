import type { PairTokens } from '../../pairs/tokenRewards/pairTokens';
import { checkpointSteps, readRun, lastRewardStep } from '../../run/find';
import type { RunConfig } from '../../run/types';
import { MarginError } from '../../base/pure/marginError';
import type { RewardNews } from '../../protocol/tokenRewards';
import type { PairScorer } from './pairScorer';
import type { PairPlace, TokenSource } from './tokenSource';

/** A pair that the model of a run scores when it is shown. */
export class RunSource implements TokenSource {
  private constructor(
    readonly folder: string,
    private readonly name: string,
    readonly config: RunConfig['config'],
    private readonly steps: readonly number[],
    private step: number,
    /** The step that was asked for, if it has no checkpoint. */
    private missing: number | null,
    readonly place: PairPlace,
    private readonly scorer: PairScorer,
  ) {}

  /**
   * @param step the step to score with; null, or one without a checkpoint: the run's last, or its best if it ended with
   *   that
   * @throws MarginError `no-checkpoint`, and those of reading the run
   */
  static async open(folder: string, step: number | null, place: PairPlace, scorer: PairScorer): Promise<RunSource> {
    const run = await readRun(folder);
    const steps = await checkpointSteps(folder);
    const last = lastRewardStep(steps, run);
    if (last === undefined)
      throw new MarginError('no-checkpoint', `${run.name} has no checkpoint, so no model can score the pair.`, {
        folder,
      });
    const has = step !== null && steps.includes(step);
    const missing = has ? null : step;
    return new RunSource(folder, run.name, run.config.config, steps, has ? step : last, missing, place, scorer);
  }

  get state(): TokenSource['state'] {
    const { name, steps, step, missing } = this;
    return { kind: 'run', name, steps, step, missing, pairs: null, pair: 0 };
  }

  /** The step that scores. */
  get chosen(): number {
    return this.step;
  }

  choose(step: number): void {
    this.step = step;
    this.missing = null;
  }

  pair(
    news: (news: RewardNews) => void,
    signal: AbortSignal,
  ): Promise<PairTokens & { readonly prompt: string | null }> {
    const { folder, step, place } = this;
    return this.scorer.score({ folder, step, ...place }, news, signal);
  }

  async close(): Promise<void> {
    // The model stays open for the next pair.
  }
}
