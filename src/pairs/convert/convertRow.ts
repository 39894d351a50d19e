import { must } from '../../base/pure/must';
import type { PairOrJudged, PairResult } from '../readPair';
import { convertList } from './convertList';
import { withExtraColumns } from './extraColumns';
import { leftOut } from './loss';
import type { ConvertOptions, Target, Written } from './target';

/**
 * The rows of a target that a row becomes, and the parts of the row that they do not carry.
 *
 * `{"prompt": "2 + 2?", "chosen": "4", "rejected": "5", "id": 7}` becomes for `kto`
 * `{"prompt": "2 + 2?", "completion": "4", "label": true, "id": 7}` and the same with "5" and false.
 */
export function convertRow(result: PairResult, target: Target, options: ConvertOptions): Written {
  if (result.kind === 'blank') return { rows: [], losses: [] };
  if (result.kind === 'not-json') return leftOut('no-pair', 'not JSON');
  if (result.kind === 'not-a-pair') return leftOut('no-pair', must(result.problems[0], 'the problem').code);
  const write = (row: PairOrJudged): Written => {
    const written = target.write(row, options);
    return written.rows.length === 0 ? written : withExtraColumns(written, row, target);
  };
  return result.kind === 'list' ? convertList(result, write) : write(result);
}
