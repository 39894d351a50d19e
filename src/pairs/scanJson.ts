import { maxDepth } from './depth';
import { commaMistake, extraMistake, keyMistake, valueMistake } from './jsonMistakes';

/** A value of a JSON text and its span in UTF-16 units: its text is `text.slice(start, end)`. */
export type JsonNode =
  | { readonly kind: 'object'; readonly start: number; readonly end: number; readonly entries: readonly JsonEntry[] }
  | { readonly kind: 'array'; readonly start: number; readonly end: number; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string' | 'number' | 'literal'; readonly start: number; readonly end: number };

/** A key of an object with its value. `keyStart` is the offset of the key's opening quote. */
export interface JsonEntry {
  readonly key: string;
  readonly keyStart: number;
  readonly value: JsonNode;
}

/** Why a text is not JSON, and where. `column` counts UTF-16 units from 1, like VS Code's columns. */
export class JsonSyntaxError extends Error {
  constructor(
    message: string,
    readonly column: number,
  ) {
    super(message);
    this.name = 'JsonSyntaxError';
  }
}

/**
 * Scans a text that is one JSON value (RFC 8259).
 *
 * @returns the value with the spans of everything in it; keys that occur twice are both there
 * @throws JsonSyntaxError with a sentence that says how to correct the text; also for more than 1,000 levels
 */
export function scanJson(text: string): JsonNode {
  const scanner = new Scanner(text);
  const node = scanner.value(0);
  scanner.space();
  if (scanner.at < text.length) scanner.fail(extraMistake(scanner.rest(), text.slice(0, scanner.at)));
  return node;
}

const quote = 0x22;
const backslash = 0x5c;
const spacing = /[ \t\r\n]*/y;
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const numberToken = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const literalToken = /true|false|null/y;

class Scanner {
  at = 0;

  constructor(private readonly text: string) {}

  value(depth: number): JsonNode {
    this.space();
    if (depth > maxDepth) this.fail(`values nested more than ${maxDepth} deep`);
    const start = this.at;
    switch (this.text[start]) {
      case '{':
        return this.object(depth);
      case '[':
        return this.array(depth);
      case '"':
        this.string();
        return { kind: 'string', start, end: this.at };
      case undefined:
        return this.fail('the line ends where a value is expected');
    }
    if (this.take(literalToken)) return { kind: 'literal', start, end: this.at };
    if (this.take(numberToken)) return { kind: 'number', start, end: this.at };
    return this.fail(valueMistake(this.rest()) ?? `${JSON.stringify(this.text[start])} where a value is expected`);
  }

  /** The next 20 units, which are enough to recognise a mistake. */
  rest(): string {
    return this.text.slice(this.at, this.at + 20);
  }

  space(): void {
    this.take(spacing);
  }

  fail(reason: string): never {
    throw new JsonSyntaxError(reason, this.at + 1);
  }

  private object(depth: number): JsonNode {
    const start = this.at++;
    const entries: JsonEntry[] = [];
    while (!this.closes('}', entries.length)) {
      this.space();
      const keyStart = this.at;
      if (this.text[keyStart] !== '"') this.fail(keyMistake(this.rest()));
      const key: unknown = JSON.parse(this.string());
      this.space();
      if (this.text[this.at] !== ':') this.fail('expected ":" after a key');
      this.at++;
      entries.push({ key: String(key), keyStart, value: this.value(depth + 1) });
    }
    return { kind: 'object', start, end: this.at, entries };
  }

  private array(depth: number): JsonNode {
    const start = this.at++;
    const items: JsonNode[] = [];
    while (!this.closes(']', items.length)) items.push(this.value(depth + 1));
    return { kind: 'array', start, end: this.at, items };
  }

  /** Reads the closing bracket (true) or the comma before the next value (false), after `count` values. */
  private closes(bracket: string, count: number): boolean {
    this.space();
    const next = this.text[this.at];
    if (next === bracket) {
      this.at++;
      return true;
    }
    if (count === 0) return false;
    if (next !== ',')
      this.fail(
        next === undefined
          ? `the line ends before "${bracket}"`
          : commaMistake(this.rest(), bracket, this.text.charAt(this.at - 1)),
      );
    this.at++;
    this.space();
    if (this.text[this.at] === bracket) this.fail(`a comma before "${bracket}": delete it`);
    return false;
  }

  private string(): string {
    const start = this.at++;
    for (;;) {
      this.plainText();
      const stop = this.text[this.at];
      if (stop === '"') break;
      if (stop === undefined) this.fail('the line ends inside a string');
      if (stop !== '\\') this.fail('a control character inside a string: write it as an escape');
      if (!this.take(escape)) this.fail('not an escape of JSON');
    }
    this.at++;
    return this.text.slice(start, this.at);
  }

  /** Moves to the next quote, backslash or control character. */
  private plainText(): void {
    for (; this.at < this.text.length; this.at++) {
      const code = this.text.charCodeAt(this.at);
      if (code === quote || code === backslash || code < 0x20) return;
    }
  }

  private take(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    if (!pattern.test(this.text)) return false;
    this.at = pattern.lastIndex;
    return true;
  }
}
