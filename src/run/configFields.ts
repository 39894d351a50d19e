import { at } from '../base/pure/must';
import { type JsonNode, JsonSyntaxError, scanJson } from '../pairs/scanJson';

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
  /** The text of the value. */
  readonly json: string;
  readonly nameOffset: number;
  readonly valueOffset: number;
}

/**
 * The fields of a JSON object with the positions of their names and values, which `JSON.parse` does not report. Throws
 * {@link FieldProblem} if the text is not a JSON object or has a name twice.
 */
export function configFields(text: string): ConfigField[] {
  const names = new Set<string>();
  return scanConfig(text).entries.map(({ key, keyStart, value: { start, end } }) => {
    if (names.has(key)) throw new FieldProblem(`${key} is given a second time; keep one of the two`, keyStart);
    names.add(key);
    const json = text.slice(start, end);
    return { name: key, value: JSON.parse(json) as unknown, json, nameOffset: keyStart, valueOffset: start };
  });
}

/**
 * The object of a config with the spans of its keys and values, in UTF-16 units from the start of the text.
 *
 * @throws FieldProblem if the text is not a JSON object
 */
export function scanConfig(text: string): JsonNode & { readonly kind: 'object' } {
  // A byte order mark is no white space of JSON. A space in its place keeps all offsets.
  const root = scan(text.replace(/^\ufeff/, ' '));
  if (root.kind !== 'object') throw new FieldProblem('a config must be an object: { … }', root.start);
  return root;
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

function scan(json: string): JsonNode {
  try {
    return scanJson(json);
  } catch (error) {
    if (error instanceof JsonSyntaxError)
      throw new FieldProblem(
        `not valid JSON: ${error.message.replace('the line ends', 'the file ends')}`,
        error.column - 1,
      );
    throw error;
  }
}
