import type { ListFields } from './listPane';
import type { RowFields } from './rowFields';
import { ScoreField } from './scoreField';
import { strings } from './strings';
import { at } from '../../src/base/pure/must';

/** The fields of the answers of a list. @param revision the one that the person sees */
export function listFields(fields: RowFields, row: number, revision: number): ListFields {
  return {
    text: ({ index: answer, turns }, turn, shown) => {
      const { role, content } = at(turns, turn);
      return fields.add({
        ...{ id: `answer-${answer}-${turn}`, text: content, label: strings.field(`answer ${answer + 1}`, role) },
        ...{ shown, rendered: false, revision },
        edit: (text) => ({ kind: 'answer', row, answer, turn, content: text }),
      });
    },
    score: ({ index: answer, value }, measure) =>
      new ScoreField({
        ...{ id: `score-${answer}`, measure, value },
        opened: (field) => fields.opened(field),
        closed: (next) => fields.left(next === undefined ? null : { kind: 'rate', row, answer, value: next }, revision),
      }).element,
  };
}
