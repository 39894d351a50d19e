import { concatBytes } from '../bytes';
import type { OnElement } from '../elementScanner';
import { lineText } from '../lineText';
import type { CsvLayout } from '../rowIndex';
import { CsvScanner } from './csvScanner';
import { delimiterIn } from './csvLayout';

/**
 * Finds the records of a CSV file in a stream of bytes, by the rules of {@link CsvScanner}, and gives them as elements
 * with other text between them. The header is the text before the first one; line ends and blank lines are the text
 * between them.
 */
export class CsvElements {
  /** The text after the last record so far; the header, if there is none. */
  gap = '';
  /** The line of the file, from 1, in which the last complete record ends. */
  line = 1;
  private readonly scanner: CsvScanner;
  private recordStart = 0;
  private crlfLines = 0;
  /** The bytes up to the end of the header; null after the end of the header. */
  private head: Uint8Array[] | null = [];
  private ended = false;

  /** @param file names the file in errors */
  constructor(
    file: string,
    readonly layout: CsvLayout,
  ) {
    this.scanner = new CsvScanner(file, delimiterIn(layout));
  }

  /** Bytes pushed so far. */
  get position(): number {
    return this.scanner.position;
  }

  /** Bytes of the byte order mark: 3 or 0. */
  get bomLength(): number {
    return this.scanner.bomLength;
  }

  /** @throws MarginError as {@link CsvScanner.push} */
  push(chunk: Uint8Array, onElement: OnElement): void {
    const base = this.position;
    this.scanner.push(chunk, (end, line) => {
      const lineEnd = this.scanner.crlfLines > this.crlfLines ? '\r\n' : '\n';
      this.crlfLines = this.scanner.crlfLines;
      const start = Math.max(this.recordStart, this.bomLength);
      this.recordStart = end;
      const stop = end - lineEnd.length;
      if (this.head !== null) {
        if (stop > start) this.endHead(chunk.subarray(0, end - base));
      } else if (stop === start) this.gap += lineEnd;
      else {
        this.line = this.scanner.fileLine - 1;
        onElement(start, stop, this.gap, line);
        this.gap = lineEnd;
      }
    });
    this.head?.push(new Uint8Array(chunk));
  }

  /**
   * Call this after the last byte. A record without a line end may be left.
   *
   * @throws MarginError as {@link CsvScanner.finish}
   */
  end(onElement: OnElement): void {
    if (this.ended) return;
    this.ended = true;
    this.scanner.finish();
    if (this.head !== null) this.endHead(new Uint8Array(0));
    else if (this.scanner.unfinished) {
      this.line = this.scanner.fileLine;
      onElement(this.recordStart, this.position, this.gap, this.scanner.recordLine);
      this.gap = '';
    }
  }

  private endHead(rest: Uint8Array): void {
    const bytes = concatBytes([...(this.head ?? []), rest]);
    this.gap = lineText(bytes.subarray(this.bomLength));
    this.head = null;
  }
}
