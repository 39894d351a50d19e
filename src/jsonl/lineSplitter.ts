import { concatBytes } from './bytes';
import { LineScanner } from './lineScanner';
import { lineText, withoutLineEnd } from './lineText';

/** Cuts a stream of bytes into the texts of its lines, by the rules of {@link LineScanner}, without their line ends. */
export class LineSplitter {
  private readonly scanner: LineScanner;
  /** The start of a line whose end has not come yet. */
  private started: Uint8Array[] = [];
  private isFirst = true;

  /** @param file names the file in errors */
  constructor(file: string) {
    this.scanner = new LineScanner(file);
  }

  /**
   * The lines that end in this chunk. The caller may reuse the chunk afterwards.
   *
   * @throws MarginError as {@link LineScanner.push}
   */
  push(chunk: Uint8Array): string[] {
    const texts: string[] = [];
    const base = this.scanner.position;
    let start = 0;
    this.scanner.push(chunk, (end) => {
      const line = this.finish(chunk.subarray(start, end - base));
      texts.push(lineText(withoutLineEnd(line)));
      start = end - base;
    });
    if (start < chunk.length) this.started.push(new Uint8Array(chunk.subarray(start)));
    return texts;
  }

  /** The last line, if the file does not end with a line end. Call this after the last chunk. */
  end(): string[] {
    return this.scanner.unfinished ? [lineText(this.finish(new Uint8Array(0)))] : [];
  }

  private finish(rest: Uint8Array): Uint8Array {
    const line = this.started.length > 0 ? concatBytes([...this.started, rest]) : rest;
    this.started = [];
    if (!this.isFirst) return line;
    this.isFirst = false;
    return line.subarray(this.scanner.bomLength);
  }
}
