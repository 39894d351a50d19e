import { concatBytes } from './bytes';
import type { RowSplitter, RowText } from './containers/rowText';
import { ElementScanner } from './elementScanner';
import { lineText } from './lineText';
import { charactersBefore, lastLine } from './savedText';

/** Cuts a stream of bytes into the texts of its elements, by the rules of {@link ElementScanner}. */
export class ElementSplitter implements RowSplitter {
  private readonly scanner: ElementScanner;
  /** The bytes from the end of the last element on. */
  private started: Uint8Array[] = [];
  /** Offset of the first of these bytes. */
  private offset = 0;

  /** @param file names the file in errors */
  constructor(file: string) {
    this.scanner = new ElementScanner(file);
  }

  /**
   * The elements that end in this chunk. The caller may reuse the chunk afterwards.
   *
   * @throws MarginError as {@link ElementScanner.push}
   */
  push(chunk: Uint8Array): RowText[] {
    const texts: RowText[] = [];
    const base = this.scanner.position;
    this.scanner.push(chunk, (start, end, gap, line) => {
      const part = chunk.subarray(Math.max(0, start - base), end - base);
      const bytes = start < base ? concatBytes([...this.started, part]).subarray(start - this.offset) : part;
      // No other row comes before the first one.
      const before = this.scanner.elements === 1 ? lastLine(gap).length : charactersBefore(gap);
      texts.push({ text: lineText(bytes), line, before });
      this.started = [];
      this.offset = end;
    });
    this.started.push(new Uint8Array(chunk.subarray(Math.max(0, this.offset - base))));
    return texts;
  }

  /** Call this after the last chunk: no element is left. @throws MarginError as {@link ElementScanner.end} */
  end(): RowText[] {
    this.scanner.end();
    return [];
  }
}
