/** One condition of a filter; a word is looked for in the line's texts, in small letters. */
export type Condition =
  | { readonly kind: 'margin'; readonly below: boolean; readonly bound: number }
  | { readonly kind: 'problem' }
  | { readonly kind: 'edited' }
  | { readonly kind: 'line'; readonly line: number }
  | { readonly kind: 'word'; readonly word: string };

const margin = /^margin:([<>])([+-]?\d*\.?\d+)$/;
const line = /^line:(\d+)$/;

/**
 * The conditions of a filter, all of which a row must meet: `margin:<0`, `problem`, `edited`, `line:12`, or words;
 * "quoted words" stay together.
 */
export function parseFilter(filter: string): Condition[] {
  return (filter.match(/"[^"]*"|\S+/g) ?? []).flatMap((term) => condition(term) ?? []);
}

function condition(term: string): Condition | null {
  const [, sign, bound] = margin.exec(term.replace('−', '-')) ?? [];
  if (sign !== undefined) return { kind: 'margin', below: sign === '<', bound: Number(bound) };
  const [, number] = line.exec(term) ?? [];
  if (number !== undefined) return { kind: 'line', line: Number(number) };
  if (term === 'problem' || term === 'edited') return { kind: term };
  const word = term.replaceAll('"', '').toLowerCase();
  return word === '' ? null : { kind: 'word', word };
}

/** What a condition may ask of a row. */
export interface RowAsked {
  readonly row: number;
  readonly margin: number | null;
  readonly problems: number;
  readonly edited: boolean;
  /** Texts in small letters; empty where no condition has a word. */
  readonly text: string;
}

export function meets(asked: RowAsked, condition: Condition): boolean {
  switch (condition.kind) {
    case 'margin':
      return (
        asked.margin !== null && (condition.below ? asked.margin < condition.bound : asked.margin > condition.bound)
      );
    case 'problem':
      return asked.problems > 0;
    case 'edited':
      return asked.edited;
    case 'line':
      return asked.row + 1 === condition.line;
    case 'word':
      return asked.text.includes(condition.word);
  }
}
