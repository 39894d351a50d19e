import { JsonSyntaxError, scanJson } from '../pairs/scanJson';

/** A problem at a place of a config's text. */
export class FieldProblem extends Error {
  constructor(
    message: string,
    /** UTF-16 units from the start of the text. */
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
 * The fields of a JSON object with the places of their names and values, which `JSON.parse` does not tell. A name given
 * twice is a problem. Throws {@link FieldProblem}.
 */
export function configFields(text: string): ConfigField[] {
  const skipped = text.startsWith('\ufeff') ? 1 : 0;
  const json = text.slice(skipped);
  const root = scan(json, skipped);
  if (root.kind !== 'object') throw new FieldProblem('a config is an object: { … }', skipped + root.start);
  const names = new Set<string>();
  return root.entries.map(({ key, keyStart, value }) => {
    if (names.has(key))
      throw new FieldProblem(`${key} stands here a second time; keep one of the two`, skipped + keyStart);
    names.add(key);
    const parsed: unknown = JSON.parse(json.slice(value.start, value.end));
    return { name: key, value: parsed, nameOffset: skipped + keyStart, valueOffset: skipped + value.start };
  });
}

/** Line and column, both from 1; columns count UTF-16 units without a byte order mark, as VS Code's do. */
export function position(text: string, offset: number): { line: number; column: number } {
  const before = text
    .slice(0, offset)
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
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
