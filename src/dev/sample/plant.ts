import type { Draw } from './draw';
import type { Preference } from './preferences';

interface Copy {
  readonly line: number;
  readonly of: number;
}

/** The flaws of the training file. Lines count from 1. */
export interface Planted {
  /** Chosen and rejected are swapped. */
  readonly flipped: readonly number[];
  readonly duplicates: readonly Copy[];
  readonly nearDuplicates: readonly Copy[];
  readonly identical: readonly number[];
  /** The chosen answer ends in the middle of a word. */
  readonly truncated: readonly number[];
  /** The chosen answer is empty. */
  readonly empty: readonly number[];
}

type Flaw = keyof Planted;

interface Item {
  readonly pair: Preference;
  readonly flaw: Flaw | null;
  readonly of: Preference | null;
}

export interface Counts {
  readonly flipped: number;
  readonly exact: number;
  readonly near: number;
  readonly identical: number;
}

/**
 * Plants flaws in clean pairs: some pairs are changed, and copies of others are added at random lines. No pair has two
 * flaws.
 */
export function plant(
  draw: Draw,
  clean: readonly Preference[],
  counts: Counts,
): { readonly pairs: readonly Preference[]; readonly planted: Planted } {
  const order = draw.shuffled(clean);
  const take = (count: number): Preference[] => order.splice(0, count);
  const long = order.splice(
    order.findIndex((pair) => cuttable.test(chosenText(pair))),
    1,
  );
  const changed = (flaw: Flaw, pairs: readonly Preference[], change: (pair: Preference) => Preference): Item[] =>
    pairs.map((pair) => ({ pair: change(pair), flaw, of: null }));
  const copied = (flaw: Flaw, pairs: readonly Preference[], change: (pair: Preference) => Preference): Item[] =>
    pairs.flatMap((pair) => [
      { pair, flaw: null, of: null },
      { pair: change(pair), flaw, of: pair },
    ]);
  const items = [
    ...changed('flipped', take(counts.flipped), flip),
    ...changed('identical', take(counts.identical), (pair) => ({ ...pair, rejected: pair.chosen })),
    ...changed('empty', take(1), (pair) => withChosen(pair, () => '')),
    ...changed('truncated', long, (pair) => withChosen(pair, (text) => text.slice(0, -3))),
    ...copied('duplicates', take(counts.exact), (pair) => pair),
    ...copied('nearDuplicates', take(counts.near), nearly),
  ];
  const all = draw.shuffled([...items, ...order.map((pair): Item => ({ pair, flaw: null, of: null }))]);
  return { pairs: all.map(({ pair }) => pair), planted: linesOf(all) };
}

function linesOf(all: readonly Item[]): Planted {
  const lines = (flaw: Flaw): number[] => all.flatMap((item, i) => (item.flaw === flaw ? [i + 1] : []));
  const copies = (flaw: Flaw): Copy[] =>
    lines(flaw).map((line) => ({
      line,
      of: all.findIndex((item) => item.flaw === null && item.pair === all[line - 1]?.of) + 1,
    }));
  return {
    flipped: lines('flipped'),
    duplicates: copies('duplicates'),
    nearDuplicates: copies('nearDuplicates'),
    identical: lines('identical'),
    truncated: lines('truncated'),
    empty: lines('empty'),
  };
}

/** Answers whose last sentence ends in a long word, so that a truncation is visible. */
const cuttable = /[.!?] .*\b[a-z]{4,}\.$/;

const chosenText = ({ chosen }: Preference): string => chosen.map(({ content }) => content).join('');

const flip = ({ prompt, chosen, rejected }: Preference): Preference => ({ prompt, chosen: rejected, rejected: chosen });

function withChosen(pair: Preference, change: (text: string) => string): Preference {
  return { ...pair, chosen: pair.chosen.map((message) => ({ ...message, content: change(message.content) })) };
}

/** A near duplicate: the same question without its capital letter and final punctuation. */
function nearly(pair: Preference): Preference {
  const hasty = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1).replace(/[.?!]$/, '');
  return {
    ...pair,
    prompt: pair.prompt.map((message) =>
      message.role === 'user' ? { ...message, content: hasty(message.content) } : message,
    ),
  };
}
