/** A view that does not answer, because it was hidden, must not block the review for longer. */
const mostMs = 3000;

/**
 * Between the key that opens a text field of the review and the field, letters are meant for the text: `n` and then
 * `bad` must not say *both bad*. VS Code sends them as commands until the field has the focus.
 */
export class FieldGate {
  /** When it opens by itself, in ms of `now`. */
  private until = -Infinity;

  constructor(private readonly now: () => number = Date.now) {}

  /** A field was asked for. */
  close(): void {
    this.until = this.now() + mostMs;
  }

  /** The view has opened the field, or has none. */
  open(): void {
    this.until = -Infinity;
  }

  get isClosed(): boolean {
    return this.now() < this.until;
  }
}
