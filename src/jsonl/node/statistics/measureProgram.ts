import { at } from '../../../base/pure/must';
import { readRow } from '../../../pairs/readRow';
import type { Reading } from '../../../pairs/reading';
import { buffersOf, type MeasuredPage, PageMeasures } from '../../../pairs/statistics/measuredPage';
import { joinPages } from '../../../pairs/statistics/joinPages';
import type { OtherCounts } from '../../../pairs/statistics/others';
import { type Statistics, statisticsOf } from '../../../pairs/statistics/statistics';
import { type AskedRows, textsOfAsked } from '../columns/askedRows';
import { asQueried } from '../search/asQueried';
import { PartBytes } from '../search/partBytes';

/** Rows to measure. */
interface RowsQuestion extends AskedRows {
  readonly kind: 'rows';
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

  private measured({ rows, reading, ...asked }: RowsQuestion): MeasureAnswer {
    const texts = textsOfAsked(asked, this.bytes);
    if (texts === null) return { kind: 'changed' };
    const measures = new PageMeasures();
    for (const [i, text] of texts.entries())
      measures.add(at(rows, i), asQueried(text, readRow(text, reading), reading));
    return { kind: 'rows', page: measures.page };
  }
}

/** Buffers of an answer that are handed over and not copied. */
export function transferOf(answer: MeasureAnswer): ArrayBuffer[] {
  return answer.kind === 'rows' ? buffersOf(answer.page) : [];
}
