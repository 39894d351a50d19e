import { asQueried } from '../../../../src/jsonl/node/search/asQueried';
import { readPair } from '../../../../src/pairs/readPair';
import { detectAll } from '../../../../src/pairs/reading';
import { type MeasuredPage, PageMeasures } from '../../../../src/pairs/statistics/measuredPage';
import { MarkTallies } from '../../../../src/pairs/statistics/others';
import { type Statistics, statisticsOf } from '../../../../src/pairs/statistics/statistics';

/** What is measured of rows. @param first index of the first row */
export function measured(rows: readonly object[], first = 0): MeasuredPage {
  const measures = new PageMeasures();
  for (const [i, row] of rows.entries()) {
    const line = JSON.stringify(row);
    measures.add(first + i, asQueried(line, readPair(line, detectAll), detectAll));
  }
  return measures.page;
}

export function statistics(rows: readonly object[]): Statistics {
  return statisticsOf(measured(rows), { marks: new MarkTallies().counts, tokens: 'No model is known.' });
}
