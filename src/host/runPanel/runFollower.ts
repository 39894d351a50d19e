import { errorMessage, MarginError } from '../../base/pure/marginError';
import type { SuspectBook } from '../../pairs/suspects/suspectBook';
import type { DatasetColumns, RunDetail, Sample } from '../../protocol/runPanel';
import { CurveStore } from '../../run/curves';
import { type FoundRun, lastRewardStep, readRun, rewardSteps } from '../../run/find';
import { readNotes } from '../../run/notes';
import type { StepPin } from '../../run/stepPin';
import { readingOf } from '../../run/reading';
import { startsAsReference } from '../../run/scoring';
import { answerLengths } from '../../run/symptoms/answerLengths';
import type { CurveRemark } from '../../run/symptoms/symptom';
import { remarksOn } from '../../run/symptoms/table';
import type { BlockedEvents } from '../../run/blockedEvents';
import { previewEvents } from '../../run/previewEvents';
import type { RunConfig } from '../../run/types';
import { EventWatch } from '../../run/watch';
import type { KnownSuspects } from '../suspects/knownSuspects';
import type { PairPlace } from '../tokenRewards/tokenSource';
import type { EventThread } from './parsing';
import { PromptLookup } from './promptLookup';
import { CurrentNumbers, DatasetNumbers, type NumbersServices } from './rewards/datasetNumbers';
import { RunRewards } from './rewards/runRewards';
import type { SlowReading } from './rewards/slowReading';

/** Number of buckets of the curves that remarks are made from. */
const remarkWidth = 1000;

export interface FollowerServices {
  readonly suspects: Pick<KnownSuspects, 'of'>;
  readonly events: Pick<EventThread, 'parse'>;
  readonly reading: SlowReading;
  readonly numbers: NumbersServices;
  readonly changed: () => void;
}

/** Follows one run folder while a view shows it: state, points, samples, rewards. */
export class RunFollower {
  /** All points; while a long run is read for the first time, those so far. */
  readonly curves = new CurveStore();
  private readonly watch: EventWatch<BlockedEvents>;
  /** Samples by step, then by prompt. */
  private readonly sampled = new Map<number, Map<string, Sample>>();
  /** The step of the last sample; this is the best step if the run ended on that. */
  sampleStep: number | null = null;
  private readonly lookup: PromptLookup;
  private readonly numbers: CurrentNumbers;
  private scored: RunRewards | null = null;
  private remarked: { readonly key: string; readonly remarks: readonly CurveRemark[] } | null = null;
  /** Increases with each change of the points. */
  private revision = 0;
  error: unknown = null;
  /** What the person wrote at steps, as of the last {@link readPins}. */
  pins: readonly StepPin[] = [];

  private constructor(
    private found: FoundRun,
    readonly config: RunConfig,
    /** A few points of a long run until all are read; then null. */
    private preview: CurveStore | null,
    private readonly services: FollowerServices,
  ) {
    const [dataset, how] = [config.config.train_file, readingOf(config.config)];
    this.lookup = new PromptLookup(dataset, how);
    this.numbers = new CurrentNumbers(dataset, (stamp) => new DatasetNumbers(dataset, stamp, how, services.numbers));
    const listener = {
      events: (events: BlockedEvents) => this.take(events),
      run: (run: FoundRun) => this.update(run),
      error: (error: unknown) => this.fail(error),
    };
    this.watch = new EventWatch(found.folder, listener, services.events.parse);
  }

  /**
   * Reads the run, then calls `changed` at each change. A long run has a preview first: the person sees it at once,
   * while a thread reads all points. Errors as {@link readRun}.
   */
  static async open(folder: string, services: FollowerServices): Promise<RunFollower> {
    const { config, ...found } = await readRun(folder);
    // The watch reports an unreadable file.
    const events = await previewEvents(folder).catch(() => null);
    const preview = events === null ? null : new CurveStore();
    if (events !== null) preview?.add(events);
    const follower = new RunFollower(found, config, preview, services);
    const read = follower.watch.read().then(() => follower.hasRead());
    if (preview === null) await read;
    else read.catch((error: unknown) => follower.fail(error));
    return follower;
  }

  /** What a view draws before it has all points. */
  get sketch(): CurveStore {
    return this.preview ?? this.curves;
  }

  /** Points that are read so far while a long run is read for the first time; else null. */
  get reading(): number | null {
    return this.preview === null ? null : this.curves.length;
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
    const key = `${this.revision} ${this.found.status} ${areScored}`;
    if (this.remarked?.key === key) return this.remarked.remarks;
    const { config } = this.config;
    const curves = this.sketch.thin(remarkWidth);
    const steps = this.found.state?.steps ?? null;
    const found = remarksOn({ curves, config, steps, answers: answerLengths(this.newestSamples()) });
    const remarks = areScored ? found : found.map((remark) => ({ ...remark, pairs: null }));
    this.remarked = { key, remarks };
    return remarks;
  }

  /** Reads the pins again. Damaged notes are an error of the run, and the pins that were read stay. */
  async readPins(): Promise<readonly StepPin[]> {
    try {
      this.pins = (await readNotes(this.folder)).pins;
    } catch (error) {
      this.error = error;
    }
    return this.pins;
  }

  /** Tells all panels that something about the run has changed. */
  touch(): void {
    this.services.changed();
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
    const suspects = async (): Promise<SuspectBook | null> => {
      // The dataset's editor reports a damaged search. Rewards are shown without it.
      const found = await this.services.suspects.of(this.config.config.train_file).catch(() => null);
      return found && found.book;
    };
    const isReference = startsAsReference(this.config.config);
    this.scored ??= new RunRewards(this.folder, isReference, suspects, this.services.reading, this.numbers);
    return this.scored;
  }

  /** Prompts of scored pairs. If the dataset is missing or unreadable, the rewards are shown without them. */
  prompts(pairs: readonly { readonly row: number; readonly key: string }[]): Promise<readonly (string | null)[]> {
    return this.lookup.prompts(pairs).catch(() => pairs.map(() => null));
  }

  /** The columns of the dataset with numbers. If it cannot be read, the rewards are shown without them. */
  datasetColumns(): Promise<DatasetColumns> {
    const found = this.numbers.get().then((numbers) => numbers.names());
    return found.then(
      (names) => ({ names, problem: null }),
      (error: unknown) => ({ names: [], problem: errorMessage(error) }),
    );
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
    this.scored?.close();
    this.numbers.close();
    this.lookup.close().catch((error: unknown) => this.fail(error));
  }

  private take({ points, others }: BlockedEvents): void {
    this.curves.addBlock(points);
    for (const event of others) {
      if (event.kind === 'sample') this.takeSample(event.step, { ...event, rewards: event.rewards ?? null });
      // A resumed run may write the rewards of a step again.
      if (event.kind === 'rewards') this.scored = null;
    }
    this.revision++;
    this.services.changed();
  }

  private hasRead(): void {
    if (this.preview === null) return;
    this.preview = null;
    this.revision++;
    this.services.changed();
  }

  private takeSample(step: number, { prompt, before, after, rewards }: Sample): void {
    const samples = this.sampled.get(step) ?? new Map<string, Sample>();
    this.sampled.set(step, samples.set(prompt, { prompt, before, after, rewards }));
    this.sampleStep = step;
  }

  private fail(error: unknown): void {
    this.error = error;
    this.services.changed();
  }

  private update(run: FoundRun): void {
    this.error = null;
    this.found = run;
    this.services.changed();
  }
}
