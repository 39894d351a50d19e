import { at } from '../base/pure/must';
import { JsonSyntaxError, scanJson } from '../pairs/scanJson';

/** A problem at a position in a config's text. */
export class FieldProblem extends Error {
  constructor(
    message: string,
    /** The position, in UTF-16 units from the start of the text. */
    readonly offset: number,
  ) {
    super(message);
    this.name = 'FieldProblem';
  }
}

export interface ConfigField {
  readonly name: string;
  readonly value: unknown;
  readonly nameOffset: number;
  readonly valueOffset: number;
}

/**
 * The fields of a JSON object with the positions of their names and values, which `JSON.parse` does not report. Throws
 * {@link FieldProblem} if the text is not a JSON object or has a name twice.
 */
export function configFields(text: string): ConfigField[] {
  const skipped = text.startsWith('\ufeff') ? 1 : 0;
  const json = text.slice(skipped);
  const root = scan(json, skipped);
  if (root.kind !== 'object') throw new FieldProblem('a config must be an object: { … }', skipped + root.start);
  const names = new Set<string>();
  return root.entries.map(({ key, keyStart, value }) => {
    if (names.has(key))
      throw new FieldProblem(`${key} is given a second time; keep one of the two`, skipped + keyStart);
    names.add(key);
    const parsed: unknown = JSON.parse(json.slice(value.start, value.end));
    return { name: key, value: parsed, nameOffset: skipped + keyStart, valueOffset: skipped + value.start };
  });
}

/**
 * The line and column of an offset, both from 1. Columns count UTF-16 units without a byte order mark, as in VS Code.
 */
export function position(text: string, offset: number): { line: number; column: number } {
  const before = text
    .slice(0, offset)
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/);
  return { line: before.length, column: at(before, before.length - 1).length + 1 };
}

function scan(json: string, skipped: number): ReturnType<typeof scanJson> {
  try {
    return scanJson(json);
  } catch (error) {
    if (error instanceof JsonSyntaxError)
      throw new FieldProblem(
        `not valid JSON: ${error.message.replace('the line ends', 'the file ends')}`,
        skipped + error.column - 1,
      );
    throw error;
  }
}
