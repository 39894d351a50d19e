import { at } from '../../../base/pure/must';
import { ByteChecks } from '../../../jsonl/node/byteChecks';
import { CsvRecords } from '../../../jsonl/containers/csvRecords';
import { textsIn } from '../../../jsonl/node/columns/partTexts';
import { PartBytes } from '../../../jsonl/node/search/partBytes';
import type { SearchPart } from '../../../jsonl/node/search/searchPlan';
import type { CsvLayout } from '../../../jsonl/rowIndex';
import type { CheckedRows, RowsAsked } from '../../../editor/checkedRows';
import { CheckedPart } from './checkedPart';

/** Rows for a thread to check. */
export interface CheckQuestion {
  /** The open file, which all threads of the process share. */
  readonly fd: number;
  /** Names the file in errors. */
  readonly name: string;
  /** Whether each row is one line of the file. */
  readonly isOfLines: boolean;
  readonly csv: { readonly head: string; readonly layout: CsvLayout } | null;
  /** Parts without gaps. */
  readonly parts: readonly SearchPart[];
  /** The bytes of each part of the file, if they are in memory. */
  readonly kept: readonly (Uint8Array<ArrayBuffer> | null)[];
  readonly asked: RowsAsked;
}

/** `changed` if the bytes are not those of the index. */
export type CheckAnswer = CheckedRows | 'changed';

/** Answers questions one after the other. */
export class CheckProgram {
  private readonly bytes = new PartBytes();
  private readonly checks = new ByteChecks();

  answer({ fd, name, isOfLines, csv, parts, kept, asked }: CheckQuestion): CheckAnswer {
    const records = csv && new CsvRecords(csv.head, csv.layout, name);
    const found = new CheckedPart(rowsOf(parts), isOfLines, asked, this.checks);
    for (const [i, part] of parts.entries()) {
      if (part.kind === 'text') {
        found.text(part.text);
        continue;
      }
      const bytes = at(kept, i) ?? this.bytes.of(fd, name, part);
      if (bytes === null) return 'changed';
      if (records) for (const text of textsIn(part, bytes, records)) found.text(text);
      else found.bytes(part, bytes);
    }
    return found.rows;
  }
}

function rowsOf(parts: readonly SearchPart[]): number {
  return parts.reduce((sum, part) => sum + (part.kind === 'text' ? 1 : part.spans.starts.length), 0);
}
