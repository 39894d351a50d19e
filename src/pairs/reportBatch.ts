import { at } from '../base/pure/must';
import type { RowHashes } from './contentHash';
import type { IgnoredRule } from './marks/ignore';
import type { ListReport } from './listTally';
import type { Problem } from './problem';
import type { RowReport } from './rowReport';

/** The reports of some rows as a few arrays, which a thread can hand over without copying an object for each row. */
export interface ReportBatch {
  /** Bits of each row: blank, has hashes, then two for the label and two for `hasPrompt`. */
  readonly flags: Uint8Array<ArrayBuffer>;
  /** Four numbers a row: high and low of its own hash, high and low of the opposite. */
  readonly hashes: Uint32Array<ArrayBuffer>;
  /** {@link RowReport.beside}, at most 255. */
  readonly beside: Uint8Array<ArrayBuffer>;
  /** Each problem once. */
  readonly problems: readonly Problem[];
  /** Index of a row and of its problem, in the order of the rows. */
  readonly found: Uint32Array<ArrayBuffer>;
  /** What the pair rule makes of each list, and the index of its row. */
  readonly lists: readonly (readonly [row: number, list: ListReport])[];
  /** The rules that are ignored in rows, and the index of each such row. */
  readonly ignored: readonly (readonly [row: number, rules: readonly IgnoredRule[]])[];
  /** The first unknown key that holds text, of the first row that has one. */
  readonly unknownText: string | null;
}

const blank = 1;
const hashed = 2;
/** The positions of two bits each: the lower one says whether there is a value, the other one holds it. */
const labelBit = 2;
const promptBit = 4;

/** Packs reports; {@link unpacked} is the inverse. */
export function packed(reports: readonly RowReport[]): ReportBatch {
  const packer = new ReportPacker(reports.length);
  for (const report of reports) packer.add(report);
  return packer.batch();
}

/** Packs the reports of rows one after the other. */
export class ReportPacker {
  private readonly flags: Uint8Array<ArrayBuffer>;
  private readonly hashes: Uint32Array<ArrayBuffer>;
  private readonly beside: Uint8Array<ArrayBuffer>;
  private readonly indexes = new Map<string, number>();
  private readonly problems: Problem[] = [];
  private readonly found: number[] = [];
  private readonly lists: [row: number, list: ListReport][] = [];
  private readonly ignored: [row: number, rules: readonly IgnoredRule[]][] = [];
  private unknownText: string | null = null;
  private count = 0;

  /** @param rows how many there are */
  constructor(rows: number) {
    this.flags = new Uint8Array(rows);
    this.hashes = new Uint32Array(4 * rows);
    this.beside = new Uint8Array(rows);
  }

  /** Adds the report of the next row. */
  add(report: RowReport): void {
    const row = this.count++;
    const answers = (bits(report.label) << labelBit) | (bits(report.hasPrompt) << promptBit);
    this.flags[row] = (report.isBlank ? blank : 0) | (report.hashes ? hashed : 0) | answers;
    this.beside[row] = Math.min(report.beside, 255);
    if (report.hashes) setHashes(this.hashes, 4 * row, report.hashes);
    for (const problem of report.problems) this.found.push(row, this.indexOf(problem));
    if (report.list) this.lists.push([row, report.list]);
    if (report.ignored.length > 0) this.ignored.push([row, report.ignored]);
    this.unknownText ??= report.unknownText;
  }

  /**
   * Adds a row without problems.
   *
   * @param label that of a judged answer; null for a pair
   * @param hashes four numbers, as a batch has them
   */
  addClean(label: boolean | null, hashes: Uint32Array): void {
    const row = this.count++;
    this.flags[row] = hashed | (bits(label) << labelBit);
    this.hashes.set(hashes, 4 * row);
  }

  /** Call this after the last row. */
  batch(): ReportBatch {
    const { flags, hashes, beside, problems, found, lists, ignored, unknownText } = this;
    return { flags, hashes, beside, problems, found: Uint32Array.from(found), lists, ignored, unknownText };
  }

  private indexOf(problem: Problem): number {
    const name = nameOf(problem);
    const known = this.indexes.get(name);
    if (known !== undefined) return known;
    this.indexes.set(name, this.problems.length);
    return this.problems.push(problem) - 1;
  }
}

/** The reports of a batch, in the order of the rows. `unknownText` is that of the first row that has one, in each. */
export function* unpacked(batch: ReportBatch): Generator<RowReport> {
  const reader = new BatchReader(batch);
  for (let row = 0; row < batch.flags.length; row++) yield reader.next();
}

/** How many rows of a batch are not blank. */
export function rowsIn({ flags }: ReportBatch): number {
  return flags.reduce((sum, bitsOfRow) => sum + ((bitsOfRow & blank) === 0 ? 1 : 0), 0);
}

/** The label of a row of a batch; null if it is no judged answer. */
export function labelIn({ flags }: ReportBatch, row: number): boolean | null {
  return answerOf(at(flags, row) >> labelBit);
}

/** Reads the reports of a batch in the order of the rows. */
export class BatchReader {
  private row = 0;
  /** The next problem. */
  private found = 0;
  private readonly lists: ReadonlyMap<number, ListReport>;
  private readonly ignored: ReadonlyMap<number, readonly IgnoredRule[]>;

  constructor(private readonly batch: ReportBatch) {
    this.lists = new Map(batch.lists);
    this.ignored = new Map(batch.ignored);
  }

  /**
   * Passes the next row if it is a pair or a judged answer without problems, and its prompt is not looked for. Most
   * rows are such, and this makes no object for them.
   */
  skipClean(): boolean {
    const { row, batch } = this;
    const answers = at(batch.flags, row);
    if ((answers & (blank | hashed)) !== hashed || answerOf(answers >> promptBit) !== null) return false;
    if (batch.found[this.found] === row || this.lists.has(row) || this.ignored.has(row)) return false;
    this.row++;
    return true;
  }

  next(): RowReport {
    const { batch, lists, ignored } = this;
    const row = this.row++;
    const bitsOfRow = at(batch.flags, row);
    const problems: Problem[] = [];
    for (; batch.found[this.found] === row; this.found += 2)
      problems.push(at(batch.problems, at(batch.found, this.found + 1)));
    return {
      isBlank: (bitsOfRow & blank) !== 0,
      problems,
      ignored: ignored.get(row) ?? [],
      beside: at(batch.beside, row),
      unknownText: batch.unknownText,
      label: answerOf(bitsOfRow >> labelBit),
      hasPrompt: answerOf(bitsOfRow >> promptBit),
      list: lists.get(row) ?? null,
      hashes: (bitsOfRow & hashed) === 0 ? null : hashesOf(batch.hashes, 4 * row),
    };
  }
}

function bits(answer: boolean | null): number {
  return answer === null ? 0 : answer ? 3 : 1;
}

function answerOf(two: number): boolean | null {
  return (two & 1) === 0 ? null : (two & 2) !== 0;
}

function setHashes(numbers: Uint32Array, from: number, { own, opposite }: RowHashes): void {
  numbers[from] = own.high;
  numbers[from + 1] = own.low;
  numbers[from + 2] = opposite.high;
  numbers[from + 3] = opposite.low;
}

/** The same for equal problems only. A key of a row may hold any text, so its length comes before it. */
function nameOf({ code, severity, field, column, message }: Problem): string {
  return `${code} ${severity} ${column} ${field?.length} ${field}${message}`;
}

function hashesOf(numbers: Uint32Array, from: number): RowHashes {
  return {
    own: { high: at(numbers, from), low: at(numbers, from + 1) },
    opposite: { high: at(numbers, from + 2), low: at(numbers, from + 3) },
  };
}
