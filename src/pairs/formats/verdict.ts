import { formatKeys } from '../formatKeys';
import type { JsonObject } from '../json';
import { problem, type Problem } from '../problem';
import { type Format, howRead, inOrderOf } from './format';
import { columns } from './columns';
import type { Part } from './parts';

/** Which of two answers is better. `tie`: neither; null: the row has no verdict in this format. */
export type Better = 0 | 1 | 'tie' | null;

/** How strongly the better answer is preferred, as a weight of the pair. */
export interface Strength {
  /** The key with the number. */
  readonly key: string;
  /** The weight that the number stands for; null where the row says no strength. */
  weight(value: JsonObject): number | null;
  /** The rule in words, for the person. */
  readonly rule: string;
}

/** A format with two answers under neutral names, and a key that says which one is better. */
export interface Verdict extends Pick<Format, 'id' | 'label' | 'tool' | 'link' | 'about' | 'notes'> {
  readonly prompt: readonly [Part, ...Part[]];
  readonly answers: readonly [Part, Part];
  /** The keys of the verdict. */
  readonly verdict: readonly string[];
  better(value: JsonObject): Better;
  /** Why a row is a tie; "Both answers are judged equal" if left out. */
  tie?(value: JsonObject): string;
  /** `value` with the opposite verdict. */
  flip(value: JsonObject): JsonObject;
  readonly strength?: Strength;
  /** The verdict of an empty row, for the first answer. If its texts are inside objects, these too. */
  readonly blank: JsonObject;
}

/** The format of such rows. A swap flips the verdict and leaves the answers where they are. */
export function verdictFormat(parts: Verdict): Format {
  const { answers, verdict, better, tie, flip, strength, blank, notes, ...facts } = parts;
  const [first, second] = answers;
  const inOrder = columns({ ...facts, chosen: first, rejected: second });
  const turned = columns({ ...facts, chosen: second, rejected: first });
  const of = (value: JsonObject): Format => (better(value) === 1 ? turned : inOrder);
  return {
    ...facts,
    keys: [...new Set([...inOrder.keys, ...verdict])],
    keysIn: (value) => [...formatKeys({ format: inOrder, value }), ...verdict],
    detect: (value) => inOrder.detect(value) && better(value) !== null,
    refuse: (value) =>
      better(value) === 'tie' ? tieProblem(tie ? tie(value) : 'Both answers are judged equal') : null,
    read: (value) => ({ ...of(value).read(value), ...weightBy(strength, value) }),
    write: (value, pair) => of(value).write(value, pair),
    notes: (value) => [...strengthNote(strength, value), ...(notes ? notes(value) : [])],
    position: (value) => positionOf(better(value)),
    swap: flip,
    blank: (neighbour) => inOrderOf(neighbour, { ...inOrder.blank(neighbour), ...blank }),
  };
}

/** Which of the two answers is the better one; null for a tie. */
export function positionOf(better: Better): 'first' | 'second' | null {
  return better === 0 ? 'first' : better === 1 ? 'second' : null;
}

/** Why a row with two answers and no winner is left out. `why` is the start of a sentence. */
export function tieProblem(why: string): Problem {
  return problem('warning', 'tie', null, `${why}, so the row is not a pair. It is left out.`);
}

function weightBy(strength: Strength | undefined, value: JsonObject): { readonly weight?: number } {
  const weight = strength?.weight(value) ?? null;
  return weight === null ? {} : { weight };
}

function strengthNote(strength: Strength | undefined, value: JsonObject): Problem[] {
  if (!strength || typeof value['weight'] === 'number' || strength.weight(value) === null) return [];
  return [howRead(strength.key, `${strength.rule} A "weight" in the row takes precedence.`)];
}

/**
 * The strength as a weight: its size / `middle`. `middle` is the mean of the sizes on the scale, so if all sizes are
 * equally common, pairs weigh 1 on average. HelpSteer2-Preference (Wang et al. 2024, arXiv:2410.01257, scaled
 * Bradley–Terry) multiplies the loss by the size itself; the division keeps the learning rate's meaning.
 *
 * `bySize('preference_strength', 2)` gives a strength of −3 the weight 1.5.
 */
export function bySize(key: string, middle: number): Strength {
  return {
    key,
    weight: ({ [key]: strength }) => (typeof strength === 'number' ? Math.abs(strength) / middle : null),
    rule: `${key} sets the weight of a row: its size / ${middle} multiplies the row's loss.`,
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
