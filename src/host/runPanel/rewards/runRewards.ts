import { nullIfMissing } from '../../../base/node/jsonFile';
import { errorCode, MarginError } from '../../../base/pure/marginError';
import type { FileNumber } from '../../../pairs/fileNumber';
import type { FileColumn } from '../../../run/pairNumbers/fileColumn';
import { must } from '../../../base/pure/must';
import type { Mover, PairsQuery, PairTrend } from '../../../protocol/runPanel';
import type { SuspectBook } from '../../../pairs/suspects/suspectBook';
import { rewardSteps } from '../../../run/find';
import { runPaths } from '../../../run/folder';
import { groupsOfRun } from '../../../run/pairNumbers/keptGroups';
import type { PairTexts } from '../../../run/pairNumbers/pairTexts';
import { type ComparedWith, StepNumbers } from '../../../run/pairNumbers/stepNumbers';
import { readColumns } from '../../../run/rewardColumns/readColumns';
import type { RewardColumns } from '../../../run/rewardColumns/rewardColumns';
import { Slices } from '../../../editor/slices';
import type { CurrentNumbers } from './datasetNumbers';
import { type Prompts, RewardTable } from './rewardTable';
import { RunVisits } from './runVisits';
import { type Scores, scoresOf } from './scores';
import { type SlowReading, unseen } from './slowReading';

/** Most pairs that are drawn as small multiples. */
const mostMovers = 100;

/** Which rewards are shown beside which. */
type Measured = Pick<PairsQuery, 'step' | 'before' | 'beforeRun'>;

interface KeptTable {
  readonly of: string;
  readonly suspects: SuspectBook | null;
  readonly table: Promise<RewardTable>;
}

/** The rewards of all scored steps of a run. */
export class RunRewards {
  private readonly columns = new Map<number, Promise<RewardColumns>>();
  private dynamics: { readonly step: number; readonly groups: Promise<PairTexts | null> } | null = null;
  private visits: Promise<RunVisits> | null = null;
  private table: KeptTable | null = null;
  private readonly stop = new AbortController();

  /**
   * @param startsAsReference whether the margins before training are 0 and are not scored
   * @param suspects the last search for wrong labels in the dataset; null if there was none
   * @param slow shows that rewards without columns are read, and lets the person stop that
   * @param dataset the numbers in the columns of the dataset; null: nobody shows them
   */
  constructor(
    private readonly folder: string,
    private readonly startsAsReference: boolean,
    private readonly suspects: () => Promise<SuspectBook | null> = () => Promise.resolve(null),
    private readonly slow: SlowReading = unseen,
    private readonly dataset: Pick<CurrentNumbers, 'get' | 'stamp'> | null = null,
  ) {}

  /** Whether nobody shows the run any more. */
  get isClosed(): boolean {
    return this.stop.signal.aborted;
  }

  /** Ends the reading of files that have no columns yet, which may take a while: no view shows them any more. */
  close(): void {
    const message = `The rewards of ${this.folder} are not read to the end, because no view shows the run any more.`;
    this.stop.abort(new MarginError('interrupted', message, { folder: this.folder }));
  }

  /** The rewards of a step beside those of another step. @throws MarginError `interrupted`, as {@link readColumns} */
  async tableOf({ step, before, beforeRun }: Measured): Promise<RewardTable> {
    const suspects = await this.suspects();
    // After a save the columns of the dataset are other ones.
    const of = JSON.stringify([step, before, beforeRun, await this.dataset?.stamp()]);
    if (this.table?.of !== of || this.table.suspects !== suspects)
      this.table = { of, suspects, table: this.read({ step, before, beforeRun }, suspects) };
    return this.table.table;
  }

  /** The rewards of a pair at all scored steps, and where training steps visited it. Errors as {@link readVisits}. */
  async trend(key: string): Promise<PairTrend> {
    this.visits ??= RunVisits.read(this.folder);
    return { ...(await this.scores(key)), visits: (await this.visits).ofPair(key) };
  }

  private async scores(key: string): Promise<Scores> {
    const [scores] = await scoresOf([key], await this.columnsByStep());
    return must(scores, 'the rewards of the pair');
  }

  async movers(query: PairsQuery, count: number, prompts: Prompts): Promise<Mover[]> {
    const rows = await (await this.tableOf(query)).movers(query, Math.min(count, mostMovers), prompts);
    const keys = rows.map(({ key }) => key);
    const scores = await scoresOf(keys, await this.columnsByStep());
    return rows.map((row, i) => ({ row, trend: { ...must(scores[i], 'the rewards of a pair'), visits: [] } }));
  }

  private async columnsByStep(): Promise<Map<number, RewardColumns>> {
    const columns = new Map<number, RewardColumns>();
    for (const step of await rewardSteps(this.folder)) columns.set(step, await this.columnsOf(step));
    return columns;
  }

  private async read({ step, ...before }: Measured, suspects: SuspectBook | null): Promise<RewardTable> {
    const shown = await this.columnsOf(step);
    const compared = await this.comparedWith(before);
    return new RewardTable(
      new StepNumbers(
        shown,
        compared,
        () => new Slices(),
        () => this.dynamicsAt(step),
        suspects,
        (name) => this.fileColumn(shown, name),
      ),
    );
  }

  private async fileColumn(of: RewardColumns, name: FileNumber): Promise<FileColumn> {
    const dataset = await must(this.dataset, 'the dataset of the run').get();
    return dataset.of(of)(name);
  }

  /** The groups do not depend on what the rewards are compared with. */
  private dynamicsAt(step: number): Promise<PairTexts | null> {
    if (this.dynamics?.step !== step) this.dynamics = { step, groups: this.findDynamics(step) };
    return this.dynamics.groups;
  }

  private async findDynamics(shown: number): Promise<PairTexts | null> {
    return groupsOfRun(this.folder, await this.columnsOf(shown), (step) => this.columnsOf(step), new Slices());
  }

  private async comparedWith({ before, beforeRun }: Omit<Measured, 'step'>): Promise<ComparedWith> {
    if (before !== null && beforeRun !== null) return this.readStep(beforeRun, before);
    if (before !== null) return this.columnsOf(before);
    const start = await nullIfMissing(this.columnsOf(0));
    return start ?? (this.startsAsReference ? 'zero' : null);
  }

  private columnsOf(step: number): Promise<RewardColumns> {
    const known = this.columns.get(step);
    if (known) return known;
    const read = this.readStep(this.folder, step);
    this.columns.set(step, read);
    read.catch((error: unknown) => errorCode(error) === 'reading-stopped' && this.forget(step));
    return read;
  }

  private readStep(folder: string, step: number): Promise<RewardColumns> {
    return this.slow(folder, step, (told, signal) => {
      const slices = new Slices(AbortSignal.any([this.stop.signal, signal]));
      return readColumns(runPaths.rewards(folder, step), slices, told);
    });
  }

  /** What was stopped can be read again. */
  private forget(step: number): void {
    this.columns.delete(step);
    this.table = null;
    this.dynamics = null;
  }
}
