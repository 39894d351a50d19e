import { at, must } from '../../base/pure/must';
import type { DuelCell } from '../../protocol/modelComparison';
import type {
  ChangedRow,
  MarginQuery,
  MarginRow,
  MarginSide,
  MarginSummary,
  PairChanges,
} from '../../protocol/runComparison';
import type { ComparedRun } from '../../run/compared/comparedRun';
import { heldOutDiff } from '../../run/compared/heldOutDiff';
import { marginDiff } from '../../run/compared/marginDiff';
import { type ChangedPair, type PairDiff, pairDiff, type RunPairs, runPairs } from '../../run/compared/pairDiff';
import { rewardsOfRun } from '../../run/compared/rewardsOfRun';
import type { PairChange } from '../../run/compared/types';
import { readingOf } from '../../run/reading';
import type { TrainConfig } from '../../run/types';
import { Slices } from '../../editor/slices';
import { PromptLookup } from '../runPanel/promptLookup';
import { ComparedMargins } from './comparedMargins';

/** Most rows of a page. */
const mostRows = 200;
/** Most pairs that are looked for in a file: a filter that names more would be too long. */
const mostPlaces = 2000;

interface Compared {
  readonly pairs: readonly [RunPairs, RunPairs];
  readonly diff: PairDiff;
  /** Null if they have no pair in common. */
  readonly margins: ComparedMargins | null;
}

export interface PlacesNow {
  /** From 0. */
  readonly rows: readonly number[];
  readonly gone: number;
  readonly more: number;
}

/** The file of a run's pairs. Without an eval_file the held-out ones are a part of train_file. */
export const fileOf = (
  { train_file: file, eval_file: held }: Pick<TrainConfig, 'train_file' | 'eval_file'>,
  of: MarginSide,
): string => (of === 'held-out' ? (held ?? file) : file);

/** Two runs held against each other pair by pair, with their rewards at their last scored steps. */
export class TwoComparedRuns {
  private readonly compared: Promise<Compared | string>;
  private readonly lookups: readonly [PromptLookup | null, PromptLookup | null];
  private readonly heldLookup: PromptLookup | null;
  private held: Promise<ComparedMargins | string> | null = null;

  constructor(private readonly runs: readonly [ComparedRun, ComparedRun]) {
    const lookup = ({ config }: ComparedRun, of: MarginSide): PromptLookup | null =>
      config && new PromptLookup(fileOf(config.config, of), readingOf(config.config));
    this.lookups = [lookup(runs[0], 'trained'), lookup(runs[1], 'trained')];
    this.heldLookup = lookup(runs[1], 'held-out');
    this.compared = this.compare();
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

  /** @param of null: held-out pairs if both runs have their rewards, else those that both trained on */
  async margins(of: MarginSide | null): Promise<MarginSummary> {
    const side = of ?? (typeof (await this.heldOut()) === 'string' ? 'trained' : 'held-out');
    const found = await this.side(side);
    if (typeof found !== 'string') return { of: side, reason: null, ...found.summary };
    return { of: side, reason: found, pairs: 0, leftOut: 0, scores: [], duel: null };
  }

  async marginRows(of: MarginSide, query: MarginQuery): Promise<readonly MarginRow[]> {
    const found = await this.side(of);
    return typeof found === 'string' ? [] : found.rows(query);
  }

  /** Where the pairs of a cell are in their file now. */
  async placesIn(of: MarginSide, cell: DuelCell): Promise<PlacesNow> {
    const found = await this.side(of);
    if (typeof found === 'string') return { rows: [], gone: 0, more: 0 };
    const { pairs, more } = await found.pairsIn(cell, mostPlaces);
    const lookup = of === 'held-out' ? this.heldLookup : this.lookups[1];
    const rows: number[] = [];
    for (const { row, key } of pairs) {
      const place = await lookup?.find(row, key);
      if (place) rows.push(place.row);
    }
    return { rows, gone: pairs.length - rows.length, more };
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
    for (const lookup of [...this.lookups, this.heldLookup]) await lookup?.close();
  }

  private async side(of: MarginSide): Promise<ComparedMargins | string> {
    if (of === 'held-out') return this.heldOut();
    const compared = await this.compared;
    if (typeof compared === 'string') return compared;
    return compared.margins ?? 'The two runs have no pair in common.';
  }

  /** Read when it is first asked for. */
  private heldOut(): Promise<ComparedMargins | string> {
    return (this.held ??= this.compareHeldOut());
  }

  private async compareHeldOut(): Promise<ComparedMargins | string> {
    const names = this.names();
    const diff = await heldOutDiff(this.runs, names, new Slices());
    return typeof diff === 'string' ? diff : new ComparedMargins({ names, ...diff, lookup: this.heldLookup });
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
    const source = { names: this.names(), rewards: [first, second] as const, lookup: this.lookups[1] };
    return {
      pairs,
      diff: await pairDiff(...pairs, slices),
      margins: margins && new ComparedMargins({ ...source, margins }),
    };
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
