import { LineScanner } from './lineScanner';
import { lineText, withoutLineEnd } from './lineText';

/** Cuts a stream of bytes into the texts of its lines, by the rules of {@link LineScanner}. */
export class LineSplitter {
  private readonly scanner: LineScanner;
  private held: Uint8Array[] = [];
  private first = true;

  constructor(file: string) {
    this.scanner = new LineScanner(file);
  }

  /** The lines that end in this chunk. The chunk may be reused afterwards. */
  push(chunk: Uint8Array): string[] {
    const texts: string[] = [];
    const base = this.scanner.position;
    let from = 0;
    this.scanner.push(chunk, (end) => {
      const line = this.finish(chunk.subarray(from, end - base));
      texts.push(lineText(withoutLineEnd(line)));
      from = end - base;
    });
    if (from < chunk.length) this.held.push(new Uint8Array(chunk.subarray(from)));
    return texts;
  }

  /** The last line, where the file does not end in a line end. */
  end(): string[] {
    return this.scanner.unfinished ? [lineText(this.finish(new Uint8Array(0)))] : [];
  }

  private finish(tail: Uint8Array): Uint8Array {
    const line = this.held.length > 0 ? Buffer.concat([...this.held, tail]) : tail;
    this.held = [];
    if (!this.first) return line;
    this.first = false;
    return line.subarray(this.scanner.bomLength);
  }
}
