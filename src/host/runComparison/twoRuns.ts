import { at, must } from '../../base/pure/must';
import { duelText } from '../../pairs/comparison/duelText';
import type {
  ChangedRow,
  MarginRow,
  MarginSummary,
  PairChanges,
  RunComparisonHost,
  TwoRuns,
} from '../../protocol/runComparison';
import type { ComparedRun } from '../../run/compared/comparedRun';
import { type MarginDiff, marginDiff, orderedPlaces } from '../../run/compared/marginDiff';
import { type ChangedPair, type PairDiff, pairDiff, type RunPairs, runPairs } from '../../run/compared/pairDiff';
import { type RunRewards, rewardsOfRun } from '../../run/compared/rewardsOfRun';
import type { PairChange } from '../../run/compared/types';
import { readingOf } from '../../run/reading';
import { Slices } from '../../editor/slices';
import { PromptLookup } from '../runPanel/promptLookup';

/** Most rows of a page. */
const mostRows = 200;
/** Most pairs that are looked for in a file: a filter that names more would be too long. */
const mostPlaces = 2000;

interface Compared {
  readonly rewards: readonly [RunRewards, RunRewards];
  readonly pairs: readonly [RunPairs, RunPairs];
  readonly diff: PairDiff;
  readonly margins: MarginDiff | null;
}

export interface PlacesNow {
  /** From 0. */
  readonly rows: readonly number[];
  readonly gone: number;
  readonly more: number;
}

/** Two runs held against each other pair by pair, with their rewards at their last scored steps. */
export class TwoComparedRuns {
  private readonly compared: Promise<Compared | string>;
  private readonly lookups: readonly [PromptLookup | null, PromptLookup | null];
  private order: { readonly of: string; readonly places: Promise<Int32Array> } | null = null;

  constructor(private readonly runs: readonly [ComparedRun, ComparedRun]) {
    this.compared = this.compare();
    const lookup = ({ config }: ComparedRun): PromptLookup | null =>
      config && new PromptLookup(config.config.train_file, readingOf(config.config));
    this.lookups = [lookup(runs[0]), lookup(runs[1])];
  }

  async changes(): Promise<PairChanges> {
    const compared = await this.compared;
    if (typeof compared === 'string')
      return { reason: compared, same: 0, counts: { added: 0, removed: 0, changed: 0 } };
    const { same, changes } = compared.diff;
    const count = (kind: PairChange): number => changes.filter(({ change }) => change === kind).length;
    return {
      reason: null,
      same,
      counts: { added: count('added'), removed: count('removed'), changed: count('changed') },
    };
  }

  /** The changed pairs of a kind; null: of all kinds. */
  async changedRows(change: PairChange | null, from: number, count: number): Promise<readonly ChangedRow[]> {
    const compared = await this.compared;
    if (typeof compared === 'string') return [];
    const found = compared.diff.changes.filter((one) => change === null || one.change === change);
    const rows = found.slice(from, from + Math.min(count, mostRows)).map((one) => this.changedRow(compared, one));
    return Promise.all(
      rows.map(async ({ side, ...row }) => {
        const [prompt = null] = await this.prompts(side, [row]);
        return { ...row, prompt };
      }),
    );
  }

  async margins(): Promise<MarginSummary> {
    const compared = await this.compared;
    const none = { pairs: 0, leftOut: 0, scores: [], text: '' };
    if (typeof compared === 'string') return { reason: compared, ...none };
    const { margins, rewards } = compared;
    if (margins === null) return { reason: 'The two runs have no pair in common.', ...none };
    const names = this.names();
    const scores = names.map((name, i) => {
      const { share: accuracy, low, high } = at(margins.accuracies, i);
      return { name, step: at(rewards, i).step, accuracy, low, high, meanMargin: at(margins.means, i) };
    });
    const text = duelText({ ...margins, first: 0, second: 1 }, names);
    return { reason: null, pairs: margins.places.length, leftOut: margins.leftOut, scores, text };
  }

  async marginRows({
    sort,
    descending,
    from,
    count,
  }: Omit<RunComparisonHost['requests']['marginRows']['params'], keyof TwoRuns>): Promise<readonly MarginRow[]> {
    const compared = await this.compared;
    if (typeof compared === 'string' || compared.margins === null) return [];
    const { margins, rewards, pairs } = compared;
    const lines = await rewards[1].columns.column('line');
    const of = `${sort} ${descending}`;
    if (this.order?.of !== of)
      this.order = { of, places: orderedPlaces(margins, lines, sort, descending, new Slices()) };
    const places = (await this.order.places).subarray(from, from + Math.min(count, mostRows));
    const rows = Array.from(places, (place) => ({
      ...{ row: at(pairs[1].rows, place), line: at(lines, place), key: pairs[1].keys.textAt(place) },
      ...{ first: at(margins.first, place), second: at(margins.second, place) },
    }));
    const prompts = await this.prompts(1, rows);
    return rows.map((row, i) => ({ ...row, prompt: prompts[i] ?? null }));
  }

  /**
   * Where the changed pairs of a kind are in their file now.
   *
   * @returns `gone`: how many of those that were looked for the file no longer holds; `more`: how many were not
   */
  async placesNow(change: PairChange): Promise<PlacesNow> {
    const compared = await this.compared;
    if (typeof compared === 'string') return { rows: [], gone: 0, more: 0 };
    const all = compared.diff.changes.filter((one) => one.change === change);
    const found = all.slice(0, mostPlaces);
    const rows: number[] = [];
    for (const one of found) {
      const { side, row, key } = this.changedRow(compared, one);
      const place = await this.lookups[side]?.find(row, key);
      if (place) rows.push(place.row);
    }
    return { rows, gone: found.length - rows.length, more: all.length - found.length };
  }

  async close(): Promise<void> {
    for (const lookup of this.lookups) await lookup?.close();
  }

  private names(): readonly [string, string] {
    const [{ name: first }, { name: second }] = this.runs;
    return first === second ? [`${first} (A)`, `${second} (B)`] : [first, second];
  }

  /** A reason in a sentence if a run has no rewards. */
  private async compare(): Promise<Compared | string> {
    const foreign = this.runs.find(({ program }) => program !== null);
    if (foreign) return `${foreign.program} logged ${foreign.name}. Its files have no rewards of single pairs.`;
    const [first, second] = await Promise.all(this.runs.map(({ folder }) => rewardsOfRun(folder, new Slices())));
    const lacking = this.names().filter((_, i) => !(i === 0 ? first : second));
    if (!first || !second)
      return `${lacking.join(' and ')} ${lacking.length === 1 ? 'has' : 'have'} no rewards yet, and only they say which pairs a run trained on. Score its pairs first.`;
    const pairs = [await runPairs(first.columns), await runPairs(second.columns)] as const;
    const slices = new Slices();
    const margins = await marginDiff(first.columns, second.columns, slices);
    return { rewards: [first, second], pairs, diff: await pairDiff(...pairs, slices), margins };
  }

  private changedRow(
    { pairs }: Compared,
    { change, first, second }: ChangedPair,
  ): Omit<ChangedRow, 'prompt'> & { readonly side: 0 | 1 } {
    const [side, place] = second === null ? ([0, must(first, 'the pair before')] as const) : ([1, second] as const);
    const { keys, rows } = pairs[side];
    return { change, side, folder: this.runs[side].folder, row: at(rows, place), key: keys.textAt(place) };
  }

  /** If the file is missing or cannot be read, the pairs are shown without prompts. */
  private prompts(
    side: 0 | 1,
    pairs: readonly { readonly row: number; readonly key: string }[],
  ): Promise<readonly (string | null)[]> {
    const none = pairs.map(() => null);
    return this.lookups[side]?.prompts(pairs).catch(() => none) ?? Promise.resolve(none);
  }
}
