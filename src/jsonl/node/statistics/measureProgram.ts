import { at } from '../../../base/pure/must';
import { readRow } from '../../../pairs/readRow';
import type { Reading } from '../../../pairs/reading';
import { buffersOf, type MeasuredPage, PageMeasures } from '../../../pairs/statistics/measuredPage';
import { joinPages } from '../../../pairs/statistics/joinPages';
import type { OtherCounts } from '../../../pairs/statistics/others';
import { type Statistics, statisticsOf } from '../../../pairs/statistics/statistics';
import type { CsvLayout } from '../../rowIndex';
import { textsIn } from '../columns/columnProgram';
import { CsvRecords } from '../containers/csvRecords';
import { asQueried } from '../search/asQueried';
import { PartBytes } from '../search/partBytes';
import type { SearchPart } from '../search/searchPlan';

/** Rows to measure: all rows of some parts. */
interface RowsQuestion {
  readonly kind: 'rows';
  /** The open file, which all threads of the process share. */
  readonly fd: number;
  /** Names the file in errors. */
  readonly name: string;
  readonly csv: { readonly head: string; readonly layout: CsvLayout } | null;
  readonly parts: readonly SearchPart[];
  /** The index of each row in the file, in the order of the parts. */
  readonly rows: Int32Array;
  readonly reading: Reading;
}

/** Measured pages, to be turned into statistics. */
interface EndQuestion {
  readonly kind: 'end';
  readonly pages: readonly MeasuredPage[];
  readonly others: OtherCounts;
}

export type MeasureQuestion = RowsQuestion | EndQuestion;

/** `changed` if the bytes are not those of the index. */
export type MeasureAnswer =
  | { readonly kind: 'rows'; readonly page: MeasuredPage }
  | { readonly kind: 'end'; readonly statistics: Statistics }
  | { readonly kind: 'changed' };

/** Answers questions one after the other. */
export class MeasureProgram {
  private readonly bytes = new PartBytes();

  answer(question: MeasureQuestion): MeasureAnswer {
    if (question.kind === 'rows') return this.measured(question);
    return { kind: 'end', statistics: statisticsOf(joinPages(question.pages), question.others) };
  }

  private measured({ fd, name, csv, parts, rows, reading }: RowsQuestion): MeasureAnswer {
    const records = csv && new CsvRecords(csv.head, csv.layout, name);
    const measures = new PageMeasures();
    let next = 0;
    for (const part of parts) {
      const bytes = part.kind === 'text' ? null : this.bytes.of(fd, name, part);
      if (part.kind !== 'text' && bytes === null) return { kind: 'changed' };
      const texts = part.kind === 'text' || bytes === null ? [textOf(part)] : textsIn(part, bytes, records);
      for (const text of texts) measures.add(at(rows, next++), asQueried(text, readRow(text, reading), reading));
    }
    return { kind: 'rows', page: measures.page };
  }
}

/** Buffers of an answer that are handed over and not copied. */
export function transferOf(answer: MeasureAnswer): ArrayBuffer[] {
  return answer.kind === 'rows' ? buffersOf(answer.page) : [];
}

function textOf(part: SearchPart): string {
  return part.kind === 'text' ? part.text : '';
}
