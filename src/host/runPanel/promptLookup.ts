import type { LineFile } from '../../jsonl/node/lineFile';
import { pairKeys } from '../../jsonl/node/pairKey';
import { pairOfJudged } from '../../pairs/judged';
import type { Pair } from '../../pairs/pair';
import { pairsIn } from '../../pairs/pairsIn';
import type { Reading } from '../../pairs/reading';
import { readPair } from '../../pairs/readPair';
import { Slices } from '../../editor/slices';
import { datasetStamp, openDataset } from './datasetFile';

/** Most characters of a prompt that a row of the table shows. */
const shownCharacters = 200;
/** Rows searched on either side of the expected one, because lines may have been inserted or deleted since the run. */
const nearby = 64;

interface Open {
  readonly file: LineFile;
  readonly stamp: string;
}

/** Finds the prompts of scored pairs in the current dataset, by the key of the pair. */
export class PromptLookup {
  private open: Promise<Open> | null = null;

  constructor(
    private readonly path: string,
    private readonly reading: Reading,
  ) {}

  /** Prompts in the order of `pairs`; null if the pair is no longer near its row, because it was edited or deleted. */
  async prompts(pairs: readonly { readonly row: number; readonly key: string }[]): Promise<(string | null)[]> {
    const { file } = await this.current();
    const slices = new Slices();
    const prompts: (string | null)[] = [];
    let shift = 0;
    for (const { row, key } of pairs) {
      await slices.breathe();
      const found =
        (await this.pairAt(file, row, key)) ?? (shift === 0 ? null : await this.pairAt(file, row + shift, key));
      if (found) {
        prompts.push(promptOf(found));
        continue;
      }
      const moved = await this.findNear(file, row, key, slices);
      shift = moved?.shift ?? shift;
      prompts.push(moved ? promptOf(moved.pair) : null);
    }
    return prompts;
  }

  /** The row of a pair and its line as JSON; null if the pair is no longer near its row. */
  async find(row: number, key: string): Promise<{ readonly row: number; readonly text: string } | null> {
    const { file } = await this.current();
    const slices = new Slices();
    const moved = (await this.pairAt(file, row, key)) ? { shift: 0 } : await this.findNear(file, row, key, slices);
    if (!moved) return null;
    const [text = ''] = await file.lines(row + moved.shift, 1);
    return { row: row + moved.shift, text };
  }

  async close(): Promise<void> {
    const { open } = this;
    this.open = null;
    // A file that could not be opened needs no closing.
    await open?.then(({ file }) => file.close()).catch(() => undefined);
  }

  /** The open file, opened again if the one on the disk is another: a save replaces it. */
  private async current(): Promise<Open> {
    const stamp = await datasetStamp(this.path);
    // A file that could not be opened is tried again: it may be back.
    const known = await this.open?.catch(() => null);
    if (known?.stamp === stamp) return known;
    await this.close();
    this.open ??= openDataset(this.path).then((file) => ({ file, stamp }));
    return this.open;
  }

  private async pairAt(file: LineFile, row: number, key: string): Promise<Pair | null> {
    if (row < 0) return null;
    const [line] = await file.lines(row, 1);
    return line === undefined ? null : this.matching(line, key);
  }

  private async findNear(
    file: LineFile,
    row: number,
    key: string,
    slices: Slices,
  ): Promise<{ pair: Pair; shift: number } | null> {
    const from = Math.max(0, row - nearby);
    for (const [i, line] of (await file.lines(from, 2 * nearby + 1)).entries()) {
      await slices.breathe();
      const pair = this.matching(line, key);
      if (pair) return { pair, shift: from + i - row };
    }
    return null;
  }

  /** The pair with a key. Marks may have exchanged its answers when it was scored. */
  private matching(line: string, key: string): Pair | null {
    const result = readPair(line, this.reading);
    const pairs = result.kind === 'judged' ? [pairOfJudged(result.answer)] : pairsIn(result);
    const isIt = (pair: Pair): boolean => Object.values(pairKeys(pair)).includes(key);
    return pairs.find(isIt) ?? null;
  }
}

function promptOf({ prompt }: Pair): string {
  const turn = prompt.findLast(({ role }) => role === 'user') ?? prompt.at(-1);
  // A pair without a prompt shows an empty cell.
  if (turn === undefined) return '';
  return turn.content.slice(0, shownCharacters).replaceAll(/\s+/g, ' ').trim();
}
