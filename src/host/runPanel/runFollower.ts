import { MarginError } from '../../base/pure/marginError';
import type { RunDetail, Sample } from '../../protocol/runPanel';
import { CurveStore } from '../../run/curves';
import { type FoundRun, lastRewardStep, readRun, rewardSteps } from '../../run/find';
import { readingOf } from '../../run/reading';
import { startsAsReference } from '../../run/scoring';
import { answerLengths } from '../../run/symptoms/answerLengths';
import type { CurveRemark } from '../../run/symptoms/symptom';
import { remarksOn } from '../../run/symptoms/table';
import type { RunConfig, RunEvent } from '../../run/types';
import { RunWatch } from '../../run/watch';
import type { KnownSuspects } from '../suspects/knownSuspects';
import type { PairPlace } from '../tokenRewards/tokenSource';
import { PromptLookup } from './promptLookup';
import { RunRewards } from './rewards/runRewards';

/** Number of buckets of the curves that remarks are made from. */
const remarkWidth = 1000;

/** Follows one run folder while a view shows it: state, points, samples, rewards. */
export class RunFollower {
  readonly curves = new CurveStore();
  private readonly watch: RunWatch;
  /** Samples by step, then by prompt. */
  private readonly sampled = new Map<number, Map<string, Sample>>();
  /** The step of the last sample; this is the best step if the run ended on that. */
  sampleStep: number | null = null;
  private readonly lookup: PromptLookup;
  private scored: RunRewards | null = null;
  error: unknown = null;

  private constructor(
    private found: FoundRun,
    readonly config: RunConfig,
    private readonly changed: () => void,
    private readonly suspects: Pick<KnownSuspects, 'of'>,
  ) {
    this.lookup = new PromptLookup(config.config.train_file, readingOf(config.config));
    this.watch = new RunWatch(found.folder, {
      events: (events) => this.take(events),
      run: (run) => this.update(run),
      error: (error) => this.fail(error),
    });
  }

  /** Reads the run, then calls `changed` at each change. Errors as {@link readRun}. */
  static async open(folder: string, changed: () => void, suspects: Pick<KnownSuspects, 'of'>): Promise<RunFollower> {
    const { config, ...found } = await readRun(folder);
    const follower = new RunFollower(found, config, changed, suspects);
    await follower.watch.read();
    return follower;
  }

  get run(): FoundRun {
    return this.found;
  }

  get folder(): string {
    return this.found.folder;
  }

  get sampleSteps(): readonly number[] {
    return [...this.sampled.keys()].sort((a, b) => a - b);
  }

  samples(step: number): readonly Sample[] {
    const samples = this.sampled.get(step);
    return samples === undefined ? [] : [...samples.values()];
  }

  /**
   * What the curves show that a person should know.
   *
   * @param areScored whether there are rewards, so that a remark can lead to its pairs
   */
  remarks(areScored: boolean): readonly CurveRemark[] {
    const { config } = this.config;
    const curves = this.curves.thin(remarkWidth);
    const steps = this.found.state?.steps ?? null;
    const remarks = remarksOn({ curves, config, steps, answers: answerLengths(this.newestSamples()) });
    return areScored ? remarks : remarks.map((remark) => ({ ...remark, pairs: null }));
  }

  private newestSamples(): readonly Sample[] {
    return this.sampleStep === null ? [] : this.samples(this.sampleStep);
  }

  async rewardSteps(): Promise<Pick<RunDetail, 'rewardSteps' | 'rewardStep' | 'startsAsReference'>> {
    const steps = await rewardSteps(this.folder);
    // Runs of an older Margin have a file of zeros for step 0.
    const isReference = startsAsReference(this.config.config) && !steps.includes(0);
    return {
      rewardSteps: steps,
      rewardStep: lastRewardStep(steps, { ...this.found, config: this.config }) ?? null,
      startsAsReference: isReference,
    };
  }

  /** The rewards of the run's scored steps. They are read again when a step is scored. */
  get rewards(): RunRewards {
    this.scored ??= new RunRewards(this.folder, startsAsReference(this.config.config), async () => {
      // The dataset's editor reports a damaged search. Rewards are shown without it.
      const found = await this.suspects.of(this.config.config.train_file).catch(() => null);
      return found && found.book;
    });
    return this.scored;
  }

  /** Prompts of scored pairs. If the dataset is missing or unreadable, the rewards are shown without them. */
  prompts(pairs: readonly { readonly row: number; readonly key: string }[]): Promise<readonly (string | null)[]> {
    return this.lookup.prompts(pairs).catch(() => pairs.map(() => null));
  }

  /** Where a scored pair is in the dataset now. @throws MarginError `pair-changed`, and those of reading the dataset */
  async place(row: number, key: string): Promise<PairPlace> {
    const dataset = this.config.config.train_file;
    const found = await this.lookup.find(row, key);
    if (found) return { dataset, ...found, pair: key };
    const message = `${dataset} no longer holds the pair near line ${row + 1}: it was edited or moved since it was scored.`;
    throw new MarginError('pair-changed', message, { dataset, row });
  }

  close(): void {
    this.watch.close();
    this.lookup.close().catch((error: unknown) => this.fail(error));
  }

  private take(events: readonly RunEvent[]): void {
    this.curves.add(events);
    for (const event of events) {
      if (event.kind === 'sample') this.takeSample(event.step, { ...event, rewards: event.rewards ?? null });
      // A resumed run may write the rewards of a step again.
      if (event.kind === 'rewards') this.scored = null;
    }
    this.changed();
  }

  private takeSample(step: number, { prompt, before, after, rewards }: Sample): void {
    const samples = this.sampled.get(step) ?? new Map<string, Sample>();
    this.sampled.set(step, samples.set(prompt, { prompt, before, after, rewards }));
    this.sampleStep = step;
  }

  private fail(error: unknown): void {
    this.error = error;
    this.changed();
  }

  private update(run: FoundRun): void {
    this.error = null;
    this.found = run;
    this.changed();
  }
}
