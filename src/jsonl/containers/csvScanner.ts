import { MarginError } from '../../base/pure/marginError';
import { maxLineBytes } from '../lineScanner';
import type { Delimiter } from './container';

const lf = 10;
const cr = 13;
const quote = 34;
const bom = [0xef, 0xbb, 0xbf];

/**
 * Where the scanner is: at the start of a cell, in a cell without quotes, in a cell with quotes, or after a quote in
 * such a cell. That quote ends the cell unless a second one follows.
 */
type State = 'start' | 'plain' | 'quoted' | 'after-quote';

/**
 * Finds the ends of the records in a stream of CSV in UTF-8 (RFC 4180). A record ends with LF outside quotes; a CR
 * before it belongs to the line end. A cell is quoted if its first byte is a quote. A byte order mark belongs to no
 * record.
 */
export class CsvScanner {
  /** Bytes pushed so far. */
  position = 0;
  /** Complete records so far, including blank lines. */
  lines = 0;
  /** How many of these end with CR LF. */
  crlfLines = 0;
  /** Bytes of the byte order mark: 3 or 0. */
  bomLength = 0;
  /** The line of the file, from 1, at which the current record begins. */
  recordLine = 1;
  private state: State = 'start';
  private recordStart = 0;
  /** The line of the file, from 1, of the next byte. */
  fileLine = 1;
  /** The line of the last quote that opened a cell. */
  private quoteLine = 1;
  private lastByte = -1;
  private readonly delimiter: number;

  constructor(
    private readonly file: string,
    delimiter: Delimiter,
    private readonly limit = maxLineBytes,
  ) {
    this.delimiter = delimiter.charCodeAt(0);
  }

  /** Whether bytes follow the last record. At the end of the file they are a last record without line end. */
  get unfinished(): boolean {
    return this.position > Math.max(this.recordStart, this.bomLength);
  }

  /**
   * Scans the next bytes.
   *
   * @param onRecord called for each record that ends in `chunk`, with the offset in the file after its line end and the
   *   line at which the record begins
   * @throws MarginError `row-too-long`
   */
  push(chunk: Uint8Array, onRecord: (end: number, line: number) => void): void {
    const base = this.position;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i];
      if (base + i < bom.length && this.isMark(base + i, byte)) continue;
      if (byte === lf) {
        this.fileLine++;
        if (this.state !== 'quoted') {
          this.endRecord(base + i, (i > 0 ? chunk[i - 1] : this.lastByte) === cr, onRecord);
          continue;
        }
      }
      if (byte === quote && this.state === 'start') this.quoteLine = this.fileLine;
      this.state = nextState(this.state, byte, this.delimiter);
    }
    this.lastByte = chunk.at(-1) ?? this.lastByte;
    this.position = base + chunk.length;
    this.checkLength(this.position);
  }

  /** Call this after the last byte. @throws MarginError `csv-open-quote` if the file ends inside a quoted cell */
  finish(): void {
    if (this.state !== 'quoted') return;
    const { file, quoteLine: line } = this;
    const message = `${file}, line ${line}: a cell begins with a quote (") and never ends. Close it with a quote, and double the quotes inside a quoted cell ("").`;
    throw new MarginError('csv-open-quote', message, { file, line });
  }

  private isMark(offset: number, byte: number | undefined): boolean {
    if (byte !== bom[offset] || this.bomLength !== offset) return false;
    this.bomLength++;
    return true;
  }

  private endRecord(offset: number, crlf: boolean, onRecord: (end: number, line: number) => void): void {
    this.checkLength(offset);
    if (crlf) this.crlfLines++;
    this.lines++;
    this.state = 'start';
    this.recordStart = offset + 1;
    const line = this.recordLine;
    this.recordLine = this.fileLine;
    onRecord(this.recordStart, line);
  }

  private checkLength(end: number): void {
    if (end - this.recordStart <= this.limit) return;
    const { file, recordLine: line } = this;
    const megabytes = Math.floor(this.limit / (1024 * 1024));
    const message = `${file}, line ${line}: the row is longer than ${megabytes} MB. Does a quote (") that opens a cell lack its end?`;
    throw new MarginError('row-too-long', message, { file, line });
  }
}

function nextState(state: State, byte: number | undefined, delimiter: number): State {
  if (state === 'quoted') return byte === quote ? 'after-quote' : 'quoted';
  if (byte === delimiter) return 'start';
  return byte === quote && state !== 'plain' ? 'quoted' : 'plain';
}
