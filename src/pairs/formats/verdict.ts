import type { JsonObject } from '../json';
import { type Format, inOrderOf } from './format';
import { columns } from './columns';
import type { Part } from './parts';

/** Which of two answers is the better one; `tie`: neither; null: the row does not say it in this format's way. */
export type Better = 0 | 1 | 'tie' | null;

/** A format with two answers under neutral names, and a key that says which one is better. */
export interface Verdict extends Pick<Format, 'id' | 'label' | 'tool' | 'link'> {
  readonly prompt: readonly [Part, ...Part[]];
  readonly answers: readonly [Part, Part];
  /** The keys of the verdict. */
  readonly verdict: readonly string[];
  better(value: JsonObject): Better;
  /** `value` with the opposite verdict. */
  flip(value: JsonObject): JsonObject;
  /** The verdict of an empty row, for the first answer. */
  readonly blank: JsonObject;
}

/** The format of such rows. A swap flips the verdict and leaves the answers where they are. */
export function verdictFormat({ answers: [first, second], verdict, better, flip, blank, ...facts }: Verdict): Format {
  const inOrder = columns({ ...facts, chosen: first, rejected: second });
  const turned = columns({ ...facts, chosen: second, rejected: first });
  const of = (value: JsonObject): Format => (better(value) === 1 ? turned : inOrder);
  return {
    ...facts,
    keys: [...inOrder.keys, ...verdict],
    detect: (value) => inOrder.detect(value) && better(value) !== null,
    refuse: (value) =>
      better(value) === 'tie' ? 'Both answers are judged equal, so the row is no pair. It is left out.' : null,
    read: (value) => of(value).read(value),
    write: (value, pair) => of(value).write(value, pair),
    swap: flip,
    blank: (neighbour) => inOrderOf(neighbour, { ...inOrder.blank(neighbour), ...blank }),
  };
}

/** A verdict as a number below 0 for the first answer, above 0 for the second, 0 for a tie. */
export function bySign(key: string): Pick<Verdict, 'better' | 'flip'> {
  return {
    better: (value) => {
      const number = value[key];
      if (typeof number !== 'number' || Number.isNaN(number)) return null;
      return number === 0 ? 'tie' : number < 0 ? 0 : 1;
    },
    flip: (value) => ({ ...value, [key]: -Number(value[key]) }),
  };
}

/** A verdict as one of two values: the first answer's and the second's. */
export function byValue(
  key: string,
  [first, second]: readonly [unknown, unknown],
  ties: readonly unknown[] = [],
): Pick<Verdict, 'better' | 'flip'> {
  return {
    better: (value) => {
      if (value[key] === first) return 0;
      if (value[key] === second) return 1;
      return ties.includes(value[key]) ? 'tie' : null;
    },
    flip: (value) => ({ ...value, [key]: value[key] === first ? second : first }),
  };
}
