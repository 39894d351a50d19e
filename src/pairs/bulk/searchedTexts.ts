import { checkedRow } from '../checkedRow';
import type { PairOrJudged, PairResult } from '../readPair';
import type { RowText } from './mapTexts';
import type { SearchField } from './textSearch';

/** Whether a text of a row belongs to a field. A judged answer is chosen if its label is good, else rejected. */
export function isInField(
  { side, role }: Pick<RowText, 'side' | 'role'>,
  field: SearchField,
  row: PairOrJudged,
): boolean {
  if (field === 'all') return true;
  if (field === 'system') return role === 'system';
  if (side === 'completion')
    return row.kind === 'judged' && (field === 'chosen') === row.answer.label && field !== 'prompt';
  return side === field;
}

/**
 * The texts of a row that a search looks at. A list of answers has no chosen one, so its answers belong to both. A row
 * that holds no pair has no fields: it is searched as it is written, if all fields are.
 */
export function textsOfRow(result: PairResult, line: string, field: SearchField): readonly string[] {
  switch (result.kind) {
    case 'pair':
      return (['prompt', 'chosen', 'rejected'] as const).flatMap((side) =>
        result.pair[side].flatMap(({ role, content }) => (isInField({ side, role }, field, result) ? content : [])),
      );
    case 'judged':
      return (['prompt', 'completion'] as const).flatMap((side) =>
        result.answer[side].flatMap(({ role, content }) => (isInField({ side, role }, field, result) ? content : [])),
      );
    case 'list': {
      const { prompt, answers } = checkedRow(result);
      const turns = [
        ...(field === 'chosen' || field === 'rejected' ? [] : prompt),
        ...(field === 'prompt' ? [] : answers.flatMap((answer) => answer.turns)),
      ];
      return turns.flatMap(({ role, content }) => (field === 'system' && role !== 'system' ? [] : content));
    }
    case 'blank':
      return [];
    default:
      return field === 'all' ? [line] : [];
  }
}
