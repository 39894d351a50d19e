import { createHash } from 'node:crypto';
import { must } from '../../../base/pure/must';
import { checkedRow } from '../../../pairs/checkedRow';
import type { Links } from '../../../pairs/duplicates/links';
import type { Message } from '../../../pairs/pair';
import type { Reading } from '../../../pairs/reading';
import type { PairResult } from '../../../pairs/readPair';
import { type DuplicateProgress, findDuplicates, type FoundDuplicates } from '../duplicates/findDuplicates';

export interface GroupSearch {
  readonly files: readonly string[];
  readonly reading: Reading;
  /** The least similarity of near duplicates, over 0 to 1. */
  readonly near: number;
  /** The bundle of `printThread.ts`. */
  readonly script: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DuplicateProgress) => void;
}

/** Groups of rows that must be on one side of a split. */
export interface RowGroups {
  /** Rows that are linked are in one group. */
  readonly links: Links;
  /** Where rows are, and how many each file has. */
  readonly found: FoundDuplicates;
}

/**
 * Groups the rows of files: those with the same prompt or with nearly the same one, and those that are nearly the same
 * as a whole. The groups do not depend on the order of the rows.
 *
 * @throws MarginError as {@link findDuplicates}
 */
export async function groupRows(search: GroupSearch): Promise<RowGroups> {
  const { near, ...rest } = search;
  const prompts = await findDuplicates({ ...rest, threshold: near, order: 'content', part: 'prompt' });
  const pairs = await findDuplicates({ ...rest, threshold: near, order: 'content', part: 'pair' });
  for (let i = 0; i < pairs.links.count; i++) {
    const { earlier, later } = pairs.links.at(i);
    prompts.links.connect(earlier, later);
  }
  return { links: prompts.links, found: pairs };
}

/**
 * The turns that decide to which group a row belongs: its prompt, and also its answers if the prompt has no text. Null
 * for a row without answers.
 */
export function splitTurns(result: PairResult): readonly Message[] | null {
  if (!('format' in result)) return null;
  const { prompt, answers } = checkedRow(result);
  const hasText = prompt.some(({ content }) => content.trim() !== '');
  return hasText ? prompt : [...prompt, ...answers.flatMap(({ turns }) => turns)];
}

/** Computes the hash of each group; see `SplitSide.groups`. */
export class GroupHashes {
  /** Of each group, the hashes of its prompts, the smallest first. */
  private readonly prompts = new Map<number, string[]>();

  /**
   * @param group the number of its first row
   * @returns whether the prompt is, so far, the one that represents the group. The choice does not depend on the order
   *   of the rows
   */
  add(group: number, turns: readonly Message[]): boolean {
    const text = JSON.stringify(turns.map(({ role, content }) => [role, content]));
    const hash = createHash('sha256').update(text).digest('hex');
    const known = this.prompts.get(group);
    const [smallest] = known ?? [];
    if (known && smallest !== undefined && hash >= smallest) {
      known.push(hash);
      return false;
    }
    if (known) known.unshift(hash);
    else this.prompts.set(group, [hash]);
    return true;
  }

  /** The hash of a group, to which rows were added. */
  of(group: number): string {
    const hashes = new Set(must(this.prompts.get(group), 'the group'));
    const hash = createHash('sha256');
    for (const prompt of [...hashes].sort()) hash.update(`${prompt}\n`);
    return hash.digest('hex').slice(0, 16);
  }
}
