import type { RunDetail } from '../../protocol/runPanel';
import { CurveStore } from '../../run/curves';
import { type FoundRun, readRun, rewardSteps } from '../../run/find';
import type { RunConfig, RunEvent } from '../../run/types';
import { RunWatch } from '../../run/watch';
import { PromptLookup } from './promptLookup';
import { RewardTable } from './rewardTable';

type Sample = RunDetail['samples'][number];

/** One run folder, followed for as long as a view shows it: state, points, samples, rewards. */
export class RunFollower {
  readonly curves = new CurveStore();
  private readonly watch: RunWatch;
  private readonly sampleOf = new Map<string, Sample>();
  private readonly lookup: PromptLookup;
  private table: { readonly step: number; readonly rewards: Promise<RewardTable> } | null = null;
  error: unknown = null;

  private constructor(
    private found: FoundRun,
    readonly config: RunConfig,
    private readonly changed: () => void,
  ) {
    this.lookup = new PromptLookup(config.config.train_file);
    this.watch = new RunWatch(found.folder, {
      events: (events) => this.take(events),
      run: (run) => this.update(run),
      error: (error) => {
        this.error = error;
        this.changed();
      },
    });
  }

  /** Reads what is there, then tells each change. Throws as {@link readRun}. */
  static async open(folder: string, changed: () => void): Promise<RunFollower> {
    const { config, ...found } = await readRun(folder);
    const follower = new RunFollower(found, config, changed);
    await follower.watch.read();
    return follower;
  }

  get run(): FoundRun {
    return this.found;
  }

  get folder(): string {
    return this.found.folder;
  }

  get samples(): readonly Sample[] {
    return [...this.sampleOf.values()];
  }

  rewardSteps(): Promise<number[]> {
    return rewardSteps(this.folder);
  }

  rewards(step: number): Promise<RewardTable> {
    if (this.table?.step !== step) this.table = { step, rewards: RewardTable.read(this.folder, step) };
    return this.table.rewards;
  }

  /** A dataset that is gone or unreadable costs the texts, not the rewards. */
  prompts(pairs: readonly { readonly row: number; readonly key: string }[]): Promise<readonly (string | null)[]> {
    return this.lookup.prompts(pairs).catch(() => pairs.map(() => null));
  }

  close(): void {
    this.watch.close();
    void this.lookup.close();
  }

  private take(events: readonly RunEvent[]): void {
    this.curves.add(events);
    for (const event of events) {
      if (event.kind === 'sample') this.sampleOf.set(event.prompt, { prompt: event.prompt, before: event.before, after: event.after });
      // A resumed run writes the rewards of a step anew.
      if (event.kind === 'rewards') this.table = null;
    }
    this.changed();
  }

  private update(run: FoundRun): void {
    this.error = null;
    this.found = run;
    this.changed();
  }
}
