import type { RowDetail } from '../../src/protocol/pairEditor';
import type { ListFields } from './listPane';
import type { RowFields } from './rowFields';
import { ScoreField } from './scoreField';
import { strings } from './strings';
import { placeOf } from './turnMenu';
import { at } from '../../src/base/pure/must';

/** The fields of the answers of a list, and the places of their turns. */
export function listFields(fields: RowFields, detail: RowDetail): ListFields {
  const { row, revision } = detail;
  return {
    place: ({ index, turns }, turn) => placeOf(detail, `answer-${index}`, at(turns, turn).role, turn, turns.length),
    text: ({ index: answer, turns }, turn, shown) => {
      const { role, content } = at(turns, turn);
      return fields.add({
        id: `answer-${answer}-${turn}`,
        text: content,
        label: strings.field(`answer ${answer + 1}`, role),
        shown,
        rendered: false,
        revision,
        edit: (text) => ({ kind: 'answer', row, answer, turn, content: text }),
      });
    },
    score: ({ index: answer, value }, measure) =>
      new ScoreField({
        id: `score-${answer}`,
        measure,
        value,
        opened: (field) => fields.opened(field),
        closed: (next) => fields.left(next === undefined ? null : { kind: 'rate', row, answer, value: next }, revision),
      }).element,
  };
}
