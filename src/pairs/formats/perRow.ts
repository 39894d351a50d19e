import { must } from '../../base/pure/must';
import type { JsonObject } from '../json';
import type { Message } from '../pair';
import type { Problem } from '../problem';
import { columns } from './columns';
import { type Format, inOrderOf } from './format';
import type { Part } from './parts';
import { type Better, positionOf, tieProblem } from './verdict';

/** How one row is read, for formats whose keys a person chose: which keys hold the answers, and what the verdict is. */
export interface Layout {
  readonly prompt: readonly [Part, ...Part[]];
  readonly answers: readonly [Part, Part];
  readonly better: Exclude<Better, null>;
  /** Why the row is a tie; the start of a sentence. */
  readonly tie: string;
  /** The row with the opposite verdict. */
  flip(): JsonObject;
  readonly notes: readonly Problem[];
}

/** A format whose layout is found for each row. */
export interface PerRow extends Pick<Format, 'id' | 'label' | 'tool' | 'link' | 'keys' | 'keysIn' | 'about'> {
  /**
   * The layout of a row; null if the row has another format. A problem if the row has this format and is not a pair.
   */
  layoutOf(value: JsonObject): Layout | Problem | null;
  /** An empty row, for a file without a row to take the names from. */
  readonly blank: JsonObject;
}

/** The format of such rows. */
export function perRow({ layoutOf, blank, ...facts }: PerRow): Format {
  const of = (value: JsonObject): Layout => {
    const layout = layoutOf(value);
    return must(layout !== null && 'answers' in layout ? layout : null, 'the layout of a row that was detected');
  };
  const rows = ({ prompt, answers: [first, second], better }: Layout): Format =>
    columns({
      ...facts,
      prompt,
      chosen: better === 1 ? second : first,
      rejected: better === 1 ? first : second,
    });
  return {
    ...facts,
    detect: (value) => layoutOf(value) !== null,
    refuse: (value) => {
      const layout = layoutOf(value);
      if (layout === null || 'severity' in layout) return layout;
      return layout.better === 'tie' ? tieProblem(layout.tie) : null;
    },
    read: (value) => rows(of(value)).read(value),
    write: (value, pair) => rows(of(value)).write(value, pair),
    notes: (value) => of(value).notes,
    position: (value) => positionOf(of(value).better),
    swap: (value) => of(value).flip(),
    blank: (neighbour) => {
      const layout = layoutOf(neighbour);
      return layout !== null && 'answers' in layout && layout.better !== 'tie'
        ? withoutTexts(rows(layout), neighbour)
        : inOrderOf(neighbour, blank);
    },
  };
}

/** A row with the names and the verdict of another one, and with empty texts. */
function withoutTexts(format: Format, neighbour: JsonObject): JsonObject {
  const { about = [] } = format;
  const row = Object.fromEntries(Object.entries(neighbour).filter(([key]) => !about.includes(key)));
  const empty = (turns: readonly Message[]): Message[] => turns.map((turn) => ({ ...turn, content: '' }));
  const { prompt, chosen, rejected, ...rest } = format.read(row);
  return format.write(row, { ...rest, prompt: empty(prompt), chosen: empty(chosen), rejected: empty(rejected) });
}

/** The verdict of most voters. Null without votes. */
export function majority(votes: readonly (0 | 1 | 'tie')[]): Better {
  const [first, second] = [0, 1].map((side) => votes.filter((vote) => vote === side).length);
  if (first === undefined || second === undefined || votes.length === 0) return null;
  return first === second ? 'tie' : first > second ? 0 : 1;
}
