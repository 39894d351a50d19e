/** A problem at a place of a JSON text. */
export class JsonProblem extends Error {
  constructor(
    message: string,
    /** UTF-16 units from the start of the text. */
    readonly offset: number,
  ) {
    super(message);
    this.name = 'JsonProblem';
  }
}

export interface JsonField {
  readonly name: string;
  readonly value: unknown;
  readonly nameOffset: number;
  readonly valueOffset: number;
}

const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /true|false|null/y;
const blank = /[ \t\n\r]*/y;

/**
 * The fields of a JSON object with the places of their names and values, which `JSON.parse` does not tell (nor, in
 * Node 20, where it stumbled). Strict RFC 8259; a name given twice is a problem. Throws {@link JsonProblem}.
 */
export function parseFields(text: string): JsonField[] {
  const reader = new Reader(text);
  const fields = reader.object();
  reader.end();
  return fields;
}

/** Line and column, both from 1; columns count UTF-16 units, as VS Code's do. */
export function position(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split(/\r\n|\n|\r/);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

class Reader {
  private at: number;

  constructor(private readonly text: string) {
    this.at = text.startsWith('\ufeff') ? 1 : 0;
  }

  object(): JsonField[] {
    const fields = new Map<string, JsonField>();
    this.blank();
    this.take('{', 'a config is an object: { … }');
    this.blank();
    while (!this.peek('}')) {
      if (fields.size > 0) this.take(',', 'expected "," or "}"');
      this.blank();
      const nameOffset = this.at;
      const name = this.string('expected a name in double quotes');
      if (fields.has(name)) throw new JsonProblem(`${name} stands here a second time; keep one of the two`, nameOffset);
      this.blank();
      this.take(':', `expected ":" after "${name}"`);
      this.blank();
      const valueOffset = this.at;
      fields.set(name, { name, value: this.value(), nameOffset, valueOffset });
      this.blank();
    }
    this.at++;
    return [...fields.values()];
  }

  end(): void {
    this.blank();
    if (this.at < this.text.length) throw new JsonProblem('expected nothing more after the closing "}"', this.at);
  }

  private value(): unknown {
    if (this.peek('{')) return Object.fromEntries(this.object().map(({ name, value }) => [name, value]));
    if (this.peek('[')) return this.array();
    if (this.peek('"')) return this.string('expected a string');
    const literal = this.match(word) ?? this.match(number);
    if (literal === null) throw new JsonProblem('expected a value', this.at);
    return JSON.parse(literal);
  }

  private array(): unknown[] {
    const items: unknown[] = [];
    this.at++;
    this.blank();
    while (!this.peek(']')) {
      if (items.length > 0) this.take(',', 'expected "," or "]"');
      this.blank();
      items.push(this.value());
      this.blank();
    }
    this.at++;
    return items;
  }

  private string(otherwise: string): string {
    const literal = this.match(string);
    if (literal === null) throw new JsonProblem(this.peek('"') ? 'this string has no end, or a character that must be escaped' : otherwise, this.at);
    const value: unknown = JSON.parse(literal);
    return String(value);
  }

  private peek(character: string): boolean {
    return this.text[this.at] === character;
  }

  private take(character: string, otherwise: string): void {
    if (!this.peek(character)) throw new JsonProblem(otherwise, this.at);
    this.at++;
  }

  private blank(): void {
    this.match(blank);
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) return null;
    this.at += found.length;
    return found;
  }
}
