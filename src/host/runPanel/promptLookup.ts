import { stat } from 'node:fs/promises';
import { LineFile } from '../../jsonl/lineFile';
import { pairKey } from '../../jsonl/pairKey';
import type { Pair } from '../../pairs/pair';
import { readPair } from '../../pairs/readPair';
import { Slices } from '../pairEditor/slices';

/** Characters of a prompt that a row of the table can show. */
const shownCharacters = 200;
/** Rows searched around the expected one when lines were inserted or deleted since the run. */
const nearby = 64;

interface Open {
  readonly file: LineFile;
  readonly stamp: string;
}

/** Finds the prompts of scored pairs in their dataset as it is now, page by page, by key. */
export class PromptLookup {
  private open: Promise<Open> | null = null;

  constructor(private readonly path: string) {}

  /** In the order asked; null where the dataset has no such pair near its row any more: edited or deleted since. */
  async prompts(pairs: readonly { readonly row: number; readonly key: string }[]): Promise<(string | null)[]> {
    const { file } = await this.current();
    const slices = new Slices();
    const prompts: (string | null)[] = [];
    let shift = 0;
    for (const { row, key } of pairs) {
      await slices.breathe();
      const found = (await pairAt(file, row, key)) ?? (shift === 0 ? null : await pairAt(file, row + shift, key));
      if (found) {
        prompts.push(promptOf(found));
        continue;
      }
      const moved = await findNear(file, row, key, slices);
      shift = moved?.shift ?? shift;
      prompts.push(moved ? promptOf(moved.pair) : null);
    }
    return prompts;
  }

  async close(): Promise<void> {
    const { open } = this;
    this.open = null;
    // What could not be opened has nothing to close.
    await open?.then(({ file }) => file.close()).catch(() => undefined);
  }

  /** The file as it is on the disk now; a save puts another one in its place. */
  private async current(): Promise<Open> {
    const stamp = await stampOf(this.path);
    const known = await this.open?.catch(() => null);
    if (known?.stamp === stamp) return known;
    await this.close();
    this.open ??= openFile(this.path, stamp);
    return this.open;
  }
}

async function openFile(path: string, stamp: string): Promise<Open> {
  const file = await LineFile.open(path);
  try {
    await file.readIndex();
    return { file, stamp };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function stampOf(path: string): Promise<string> {
  const { size, mtimeMs, ino } = await stat(path);
  return `${size} ${mtimeMs} ${ino}`;
}

async function pairAt(file: LineFile, row: number, key: string): Promise<Pair | null> {
  if (row < 0) return null;
  const [line] = await file.lines(row, 1);
  return line === undefined ? null : matching(line, key);
}

async function findNear(
  file: LineFile,
  row: number,
  key: string,
  slices: Slices,
): Promise<{ pair: Pair; shift: number } | null> {
  const from = Math.max(0, row - nearby);
  for (const [i, line] of (await file.lines(from, 2 * nearby + 1)).entries()) {
    await slices.breathe();
    const pair = matching(line, key);
    if (pair) return { pair, shift: from + i - row };
  }
  return null;
}

function matching(line: string, key: string): Pair | null {
  const result = readPair(line);
  return result.kind === 'pair' && pairKey(result.pair) === key ? result.pair : null;
}

function promptOf({ prompt }: Pair): string {
  const text = prompt.findLast(({ role }) => role === 'user')?.content ?? prompt.at(-1)?.content ?? '';
  return text.slice(0, shownCharacters).replaceAll(/\s+/g, ' ').trim();
}
