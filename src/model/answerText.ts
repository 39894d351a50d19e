/** A character may take several tokens; until its last one it decodes to these. */
const unfinished = /\ufffd+$/;

/**
 * The text of an answer as its tokens come. What it shows is never taken back: a character that is not whole yet, and
 * what may become a stop string, wait.
 */
export class AnswerText {
  private readonly ids: number[] = [];
  private shown = 0;
  private whole = '';
  private stop: string | null = null;

  /** @param stopStrings the answer ends before the first of them */
  constructor(
    private readonly tokenizer: { decode(ids: readonly number[]): string },
    private readonly stopStrings: readonly string[],
  ) {}

  /** After {@link end}, the whole answer. */
  get text(): string {
    return this.whole;
  }

  get tokens(): number {
    return this.ids.length;
  }

  /** The stop string that ended it. */
  get stoppedBy(): string | null {
    return this.stop;
  }

  /** Takes the next token and returns what is to be shown now. */
  push(id: number): string {
    this.ids.push(id);
    const text = this.tokenizer.decode(this.ids).replace(unfinished, '');
    return this.endAtStop(text) ?? this.show(text.slice(0, text.length - this.undecided(text)));
  }

  /** No more tokens come; returns what waited. */
  end(): string {
    if (this.stop !== null) return '';
    const text = this.tokenizer.decode(this.ids);
    return this.endAtStop(text) ?? this.show(text);
  }

  /** Shows what stands before the first stop string, if there is one. What was shown already cannot be part of one. */
  private endAtStop(text: string): string | null {
    const found = this.stopStrings
      .map((stop) => ({ stop, at: text.indexOf(stop, this.shown) }))
      .filter(({ at }) => at >= 0);
    const [first] = found.sort((a, b) => a.at - b.at);
    if (!first) return null;
    this.stop = first.stop;
    return this.show(text.slice(0, first.at));
  }

  /** How many characters at the end of a text may be the beginning of a stop string. */
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
