import { at } from '../../base/pure/must';
import { duelText } from '../../pairs/comparison/duelText';
import type { DuelCell } from '../../protocol/modelComparison';
import type { MarginQuery, MarginRow, MarginSummary, PlacedPair } from '../../protocol/runComparison';
import { type MarginDiff, orderedPlaces } from '../../run/compared/marginDiff';
import type { RunRewards } from '../../run/compared/rewardsOfRun';
import { inDuelCell } from '../modelComparison/duelCells';
import { Slices } from '../../editor/slices';
import type { PromptLookup } from '../runPanel/promptLookup';

/** Most rows of a page. */
const mostRows = 200;

/** Two runs on the pairs that both scored. */
export interface MarginSource {
  readonly names: readonly [string, string];
  readonly rewards: readonly [RunRewards, RunRewards];
  readonly margins: MarginDiff;
  /** Finds the prompts of the second run's pairs; null: its file is not known. */
  readonly lookup: PromptLookup | null;
}

/** The margins of two runs as figures, and their pairs as pages of a list. */
export class ComparedMargins {
  private order: { readonly of: string; readonly places: Promise<Int32Array> } | null = null;

  constructor(private readonly source: MarginSource) {}

  get summary(): Omit<MarginSummary, 'of' | 'reason'> {
    const { names, rewards, margins } = this.source;
    const scores = names.map((name, i) => {
      const { share: accuracy, low, high } = at(margins.accuracies, i);
      return { name, step: at(rewards, i).step, accuracy, low, high, meanMargin: at(margins.means, i) };
    });
    const text = duelText({ ...margins, first: 0, second: 1 }, names);
    const count = (cell: DuelCell): number => this.inCell(cell).length;
    const duel = {
      models: names,
      p: margins.p,
      text,
      both_right: count('both_right'),
      both_wrong: count('both_wrong'),
      only_first: margins.onlyFirst,
      only_second: margins.onlySecond,
    };
    return { pairs: margins.places.length, leftOut: margins.leftOut, scores, duel };
  }

  async rows({ cell, sort, descending, from, count }: MarginQuery): Promise<readonly MarginRow[]> {
    const { margins, rewards } = this.source;
    const lines = await rewards[1].columns.column('line');
    const of = JSON.stringify([cell, sort, descending]);
    if (this.order?.of !== of) {
      const wanted = { ...margins, places: this.inCell(cell) };
      this.order = { of, places: orderedPlaces(wanted, lines, sort, descending, new Slices()) };
    }
    const places = (await this.order.places).subarray(from, from + Math.min(count, mostRows));
    const pairs = await this.pairsAt(places);
    const none = pairs.map(() => null);
    // If the file is missing or cannot be read, the pairs are shown without prompts.
    const prompts = (await this.source.lookup?.prompts(pairs).catch(() => none)) ?? none;
    return pairs.map((pair, i) => {
      const place = at(places, i);
      const values = { first: at(margins.first, place), second: at(margins.second, place) };
      return { ...pair, line: at(lines, place), ...values, prompt: at(prompts, i) };
    });
  }

  /** The pairs of a cell in the order of the file, at most so many, and how many more there are. */
  async pairsIn(
    cell: DuelCell,
    most: number,
  ): Promise<{ readonly pairs: readonly PlacedPair[]; readonly more: number }> {
    const places = this.inCell(cell);
    return { pairs: await this.pairsAt(places.subarray(0, most)), more: Math.max(0, places.length - most) };
  }

  private inCell(cell: DuelCell | null): Int32Array {
    const { places, first, second } = this.source.margins;
    if (cell === null) return places;
    return places.filter((place) => inDuelCell(cell, at(first, place) > 0, at(second, place) > 0));
  }

  private async pairsAt(places: Int32Array): Promise<readonly PlacedPair[]> {
    const { columns } = this.source.rewards[1];
    const [rows, keys] = [await columns.column('row'), await columns.keys()];
    return Array.from(places, (place) => ({ row: at(rows, place), key: keys.textAt(place) }));
  }
}
