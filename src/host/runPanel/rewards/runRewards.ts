import { nullIfMissing } from '../../../base/node/jsonFile';
import { at } from '../../../base/pure/must';
import { keyNumber } from '../../../pairs/keyNumber';
import type { Mover, PairsQuery, PairTrend } from '../../../protocol/runPanel';
import { rewardSteps } from '../../../run/find';
import { runPaths } from '../../../run/folder';
import { dynamicsOf, type PairTexts } from '../../../run/pairNumbers/pairTexts';
import { type ComparedWith, StepNumbers } from '../../../run/pairNumbers/stepNumbers';
import { readColumns } from '../../../run/rewardColumns/readColumns';
import type { RewardColumns } from '../../../run/rewardColumns/rewardColumns';
import { Slices } from '../../pairEditor/slices';
import { type Prompts, RewardTable } from './rewardTable';
import { RunVisits } from './runVisits';

/** The rewards of all scored steps of a run. */
export class RunRewards {
  private readonly steps = new Map<number, Promise<StepNumbers>>();
  private visits: Promise<RunVisits> | null = null;
  private table: { readonly of: string; readonly table: Promise<RewardTable> } | null = null;

  /** @param startsAsReference whether the margins before training are 0 and are not scored */
  constructor(
    private readonly folder: string,
    private readonly startsAsReference: boolean,
  ) {}

  /** The rewards of a step beside those of another step. Errors as {@link readColumns}. */
  tableOf({ step, before }: Pick<PairsQuery, 'step' | 'before'>): Promise<RewardTable> {
    const of = `${step} ${before}`;
    if (this.table?.of !== of) this.table = { of, table: this.read(step, before) };
    return this.table.table;
  }

  /** The rewards of a pair at all scored steps, and where training steps visited it. Errors as {@link readVisits}. */
  async trend(key: string): Promise<PairTrend> {
    this.visits ??= RunVisits.read(this.folder);
    return { ...(await this.scores(key)), visits: (await this.visits).ofPair(key) };
  }

  private async scores(key: string): Promise<Omit<PairTrend, 'visits'>> {
    const steps = await rewardSteps(this.folder);
    const trend = {
      steps,
      margins: new Float64Array(steps.length).fill(Number.NaN),
      chosen: new Float64Array(steps.length).fill(Number.NaN),
      rejected: new Float64Array(steps.length).fill(Number.NaN),
    };
    for (const [i, step] of steps.entries()) {
      const numbers = await this.stepOf(step);
      const place = (await numbers.index()).find(keyNumber(key));
      if (place === null) continue;
      trend.margins[i] = at(await numbers.numbers('margin'), place);
      trend.chosen[i] = at(await numbers.numbers('chosen'), place);
      trend.rejected[i] = at(await numbers.numbers('rejected'), place);
    }
    return trend;
  }

  async movers(query: PairsQuery, count: number, prompts: Prompts): Promise<Mover[]> {
    const rows = await (await this.tableOf(query)).movers(query, count, prompts);
    const movers: Mover[] = [];
    for (const row of rows) movers.push({ row, trend: { ...(await this.scores(row.key)), visits: [] } });
    return movers;
  }

  private async read(step: number, before: number | null): Promise<RewardTable> {
    const { shown } = await this.stepOf(step);
    return new RewardTable(
      new StepNumbers(
        shown,
        await this.comparedWith(before),
        () => new Slices(),
        () => this.dynamics(shown),
      ),
    );
  }

  private async dynamics(shown: RewardColumns): Promise<PairTexts | null> {
    const steps = (await rewardSteps(this.folder)).filter((step) => step > 0);
    const columns = steps.map((step) => async () => (await this.stepOf(step)).shown);
    return dynamicsOf(shown, columns, new Slices());
  }

  private async comparedWith(before: number | null): Promise<ComparedWith> {
    if (before !== null) return (await this.stepOf(before)).shown;
    const start = await nullIfMissing(this.columnsOf(0));
    return start ?? (this.startsAsReference ? 'zero' : null);
  }

  /** The numbers of a step that need no other step. */
  private stepOf(step: number): Promise<StepNumbers> {
    const known = this.steps.get(step);
    if (known) return known;
    const read = this.columnsOf(step).then((shown) => new StepNumbers(shown, null, () => new Slices()));
    this.steps.set(step, read);
    return read;
  }

  private columnsOf(step: number): Promise<RewardColumns> {
    return readColumns(runPaths.rewards(this.folder, step), new Slices());
  }
}
