import { BadQuery } from './queryError';

/** Reads a query from left to right. */
export class QueryReader {
  /** The next character. */
  at = 0;
  /** Open parentheses, so that a hostile query cannot exhaust the stack. */
  private depth = 0;

  constructor(readonly text: string) {}

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** The text from here on that fits a pattern with the flag `y`, which it passes; null if none does. */
  take(pattern: RegExp): string | null {
    const found = this.peek(pattern);
    if (found !== null) this.at += found.length;
    return found;
  }

  /** {@link take} without passing the text. */
  peek(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0] ?? null;
  }

  skipSpace(): void {
    this.take(/\s*/y);
  }

  /** Reads what is inside parentheses. */
  nested<T>(read: () => T): T {
    if (this.depth === maxDepth) this.fail(this.at, this.at + 1, `Terms are nested more than ${maxDepth} deep.`);
    this.depth++;
    try {
      return read();
    } finally {
      this.depth--;
    }
  }

  /** A text in quotation marks. `\"` is a quotation mark, `\\` a backslash; other backslashes stand for themselves. */
  quoted(): string {
    const start = this.at;
    const found = this.take(/"(?:\\["\\]|[^"])*"/y);
    if (found === null) this.fail(start, this.text.length, 'This quotation mark is not closed: add " at the end.');
    return found.slice(1, -1).replaceAll(/\\(["\\])/g, '$1');
  }

  /** A pattern `/…/flags`; null if there is none, as in the word `/usr/bin`. @throws BadQuery for a wrong one */
  pattern(): { readonly pattern: string; readonly flags: string } | null {
    const start = this.at;
    const found = this.take(/\/(?![/*\s])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[])+\/[dgimsuvy]*(?=[\s()|]|$)/y);
    if (found === null) return this.refuseOpenBracket();
    const end = found.lastIndexOf('/');
    const [pattern, flags] = [found.slice(1, end), found.slice(end + 1)];
    const wrong = /[^imsu]|(.).*\1/.exec(flags);
    if (wrong) {
      const message = `A pattern takes the flags i, m, s and u, each once, not ${flags}: write /…/i.`;
      this.fail(start + end + 1, this.at, message);
    }
    try {
      new RegExp(pattern, flags);
    } catch (error) {
      const reason = error instanceof Error ? error.message.replace(/^.*\/[a-z]*: /, '') : String(error);
      this.fail(start, this.at, `The pattern cannot be read: ${reason}. Put it in quotation marks to find it as text.`);
    }
    return { pattern, flags };
  }

  /** Without a ] the / at the end belongs to the brackets, so `/[abc/` has no end. It is not meant as a word. */
  private refuseOpenBracket(): null {
    const open = this.peek(/\/(?![/*\s])(?:\\.|[^/\\\s])+\/[imsu]*(?=[\s()|]|$)/y);
    if (open === null) return null;
    const message = 'The pattern cannot be read: [ is not closed. Put it in quotation marks to find it as text.';
    return this.fail(this.at, this.at + open.length, message);
  }

  /** @throws BadQuery */
  fail(start: number, end: number, message: string): never {
    throw new BadQuery({ start, end: Math.max(end, start), message });
  }
}

const maxDepth = 100;
