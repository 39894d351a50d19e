import { LineSplitter } from '../lineSplitter';
import type { RowSplitter, RowText } from './rowText';

/** The rows of JSON Lines: each line is one. */
export class LineRows implements RowSplitter {
  private readonly splitter: LineSplitter;
  private line = 0;

  /** @param file names the file in errors */
  constructor(file: string) {
    this.splitter = new LineSplitter(file);
  }

  /** @throws MarginError as {@link LineSplitter.push} */
  push(chunk: Uint8Array): RowText[] {
    return this.numbered(this.splitter.push(chunk));
  }

  end(): RowText[] {
    return this.numbered(this.splitter.end());
  }

  private numbered(texts: readonly string[]): RowText[] {
    return texts.map((text) => ({ line: ++this.line, text }));
  }
}
