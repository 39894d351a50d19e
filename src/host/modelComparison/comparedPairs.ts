import { at } from '../../base/pure/must';
import { sortRows } from '../../base/pure/sortRows';
import { csvLines } from '../../pairs/csvLines';
import type { ComparedQuery, ComparedRow } from '../../protocol/modelComparison';
import { Slices } from '../../editor/slices';
import { inDuelCell } from './duelCells';

/** A pair that all models scored, as a line of `margin compare --json` has it. */
export interface ComparedPair {
  readonly row: number;
  readonly line: number;
  readonly key: string;
  readonly slice?: string;
  /** By the name of the model. */
  readonly margins: Readonly<Record<string, number>>;
}

type Found = Omit<ComparedRow, 'prompt'>;

/** The pairs of a comparison as lists of numbers: there may be a million. */
export class ComparedPairs {
  private readonly rows: number[] = [];
  private readonly lines: number[] = [];
  private readonly keys: string[] = [];
  private readonly slices: (string | null)[] = [];
  /** [models][pairs] */
  private readonly margins: readonly number[][];
  private last: { readonly query: string; readonly found: Int32Array } | null = null;

  constructor(private readonly names: readonly string[]) {
    this.margins = names.map(() => []);
  }

  get count(): number {
    return this.rows.length;
  }

  add({ row, line, key, slice, margins }: ComparedPair): void {
    this.rows.push(row);
    this.lines.push(line);
    this.keys.push(key);
    this.slices.push(slice ?? null);
    for (const [i, name] of this.names.entries()) at(this.margins, i).push(Number(margins[name]));
  }

  /** The pairs of a query, in its order. */
  async page(query: ComparedQuery, from: number, count: number): Promise<{ total: number; rows: readonly Found[] }> {
    const found = await this.find(query);
    const rows = Array.from(found.subarray(from, from + count), (pair) => this.found(query, pair));
    return { total: found.length, rows };
  }

  /** The rows of the pairs of a query, from 0, in its order. The pairs of a list have the same row. */
  async rowsOf(query: ComparedQuery): Promise<readonly number[]> {
    return Array.from(await this.find(query), (pair) => at(this.rows, pair));
  }

  /** The pairs of a query as CSV. */
  async csv(query: ComparedQuery): Promise<string> {
    const found = await this.find(query);
    const names = [at(this.names, query.first), at(this.names, query.second)];
    const cellsOf = (pair: number): (string | number)[] => {
      const { line, key, first, second } = this.found(query, pair);
      return [line, key, first, second];
    };
    return csvLines([['line', 'key', ...names], ...Array.from(found, cellsOf)]);
  }

  private found({ first, second }: ComparedQuery, pair: number): Found {
    return {
      row: at(this.rows, pair),
      line: at(this.lines, pair),
      key: at(this.keys, pair),
      first: at(at(this.margins, first), pair),
      second: at(at(this.margins, second), pair),
    };
  }

  private async find(query: ComparedQuery): Promise<Int32Array> {
    const text = JSON.stringify(query);
    if (this.last?.query === text) return this.last.found;
    const { cell, slice, sort, descending } = query;
    const [first, second] = [at(this.margins, query.first), at(this.margins, query.second)];
    const breathing = new Slices();
    const inCell: number[] = [];
    for (let pair = 0; pair < this.count; pair++) {
      if (pair % 4096 === 0) await breathing.breathe();
      if (slice !== null && this.slices[pair] !== slice) continue;
      if (inDuelCell(cell, at(first, pair) > 0, at(second, pair) > 0)) inCell.push(pair);
    }
    const sign = descending ? -1 : 1;
    const values = {
      line: (pair: number) => at(this.lines, pair),
      first: (pair: number) => at(first, pair),
      second: (pair: number) => at(second, pair),
      difference: (pair: number) => Math.abs(at(second, pair) - at(first, pair)),
    };
    const found = await sortRows(Int32Array.from(inCell), (pair) => sign * values[sort](pair), breathing);
    this.last = { query: text, found };
    return found;
  }
}
