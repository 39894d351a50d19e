import type { CheckedRow } from '../checkedRow';

/** A part of a row, the prompt or an answer, by its field; and what a check found in it. */
export type FoundInPart<Found> = readonly [field: string, found: Found];

/**
 * What a check finds in the texts of a row: the prompt, then the answers. It makes no objects for a row without finds,
 * as most rows are.
 *
 * @param find what is wrong with a text; null if nothing is
 */
export function foundIn<Found>(
  { prompt, answers }: CheckedRow,
  find: (text: string) => Found | null,
): readonly FoundInPart<Found>[] {
  let all: FoundInPart<Found>[] | null = null;
  for (let i = -1; i < answers.length; i++) {
    const answer = answers[i];
    for (const { content } of answer ? answer.turns : prompt) {
      const found = find(content);
      if (found !== null) (all ??= []).push([answer ? answer.field : 'prompt', found]);
    }
  }
  return all ?? none;
}

/** {@link foundIn}, but only the first find of each part. */
export function firstInParts<Found>(
  row: CheckedRow,
  find: (text: string) => Found | null,
): readonly FoundInPart<Found>[] {
  const all = foundIn(row, find);
  return all.length < 2 ? all : firstOfParts(all, (found) => found);
}

/** The first find of each part, in what {@link foundIn} found. */
export function firstOfParts<Seen, Found>(
  seen: readonly FoundInPart<Seen>[],
  find: (seen: Seen) => Found | null,
): readonly FoundInPart<Found>[] {
  let before: string | null = null;
  return seen.flatMap(([field, one]) => {
    const found = field === before ? null : find(one);
    if (found === null) return [];
    before = field;
    return [[field, found] as const];
  });
}

const none: readonly never[] = [];
