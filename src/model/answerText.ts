/** A character may take several tokens. Before its last token it decodes to replacement characters. */
const unfinished = /\ufffd+$/;

/**
 * Turns generated tokens into text that can be shown at once and never changes later. It holds back incomplete
 * characters, and text that may be the start of a stop string.
 *
 * @example
 *   const answer = new AnswerText(tokenizer, ['\nUser:']);
 *   answer.push(idOf('Hello'));   // 'Hello'
 *   answer.push(idOf('\n'));      // '': may be the start of the stop string
 *   answer.push(idOf('there'));   // '\nthere'
 *   answer.end();                 // ''
 */
export class AnswerText {
  private readonly ids: number[] = [];
  private shown = 0;
  private whole = '';
  private stop: string | null = null;

  /** @param stopStrings the answer ends before the first of these that occurs in it */
  constructor(
    private readonly tokenizer: { decode(ids: readonly number[]): string },
    private readonly stopStrings: readonly string[],
  ) {}

  /** The text shown so far; after {@link end}, the whole answer. */
  get text(): string {
    return this.whole;
  }

  /** How many tokens were pushed. */
  get tokens(): number {
    return this.ids.length;
  }

  /** The stop string that ended the answer; null: none so far. */
  get stoppedBy(): string | null {
    return this.stop;
  }

  /** Adds the next token. Returns the text that can be shown now, which may be empty. */
  push(id: number): string {
    this.ids.push(id);
    const text = this.tokenizer.decode(this.ids).replace(unfinished, '');
    return this.endAtStop(text) ?? this.show(text.slice(0, text.length - this.undecided(text)));
  }

  /** Ends the answer. Returns the text that was held back. */
  end(): string {
    if (this.stop !== null) return '';
    const text = this.tokenizer.decode(this.ids);
    return this.endAtStop(text) ?? this.show(text);
  }

  /** If the text has a stop string, shows the text before it. Text that was shown cannot be part of a stop string. */
  private endAtStop(text: string): string | null {
    const found = this.stopStrings
      .map((stop) => ({ stop, at: text.indexOf(stop, this.shown) }))
      .filter(({ at }) => at >= 0);
    const [first] = found.sort((a, b) => a.at - b.at);
    if (!first) return null;
    this.stop = first.stop;
    return this.show(text.slice(0, first.at));
  }

  /** How many characters at the end of the text may be the start of a stop string. */
  private undecided(text: string): number {
    const beginning = (stop: string): number => {
      for (let length = stop.length - 1; length > 0; length--) if (text.endsWith(stop.slice(0, length))) return length;
      return 0;
    };
    return Math.max(0, ...this.stopStrings.map(beginning));
  }

  private show(text: string): string {
    const fresh = text.slice(this.shown);
    this.shown = Math.max(this.shown, text.length);
    this.whole = text;
    return fresh;
  }
}
