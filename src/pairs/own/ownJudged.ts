import { must } from '../../base/pure/must';
import { inOrderOf } from '../formats/format';
import { type JudgedFormat, unpaired } from '../formats/judged';
import { labelled, labelledMessages } from '../formats/labelled';
import { isMessageList } from '../formats/messages';
import type { JsonObject } from '../json';
import { labelLike, labelOf } from './labelWords';
import type { OwnColumns } from './ownColumns';
import { ownFacts } from './ownFacts';
import { anyTurns, promptParts } from './ownParts';
import { ownWeight } from './ownWeight';
import { rowView, type RowView } from './rowView';

/** The format of rows whose answer and label are at the paths `completion` and `label`. */
export function ownJudged(own: OwnColumns): JudgedFormat {
  const view = judgedView(own);
  const inner = innerFormats(own);
  const fitting = (value: JsonObject): JudgedFormat | undefined =>
    inner.find((format) => format.detect(view.of(value)));
  const of = (value: JsonObject): JudgedFormat => must(fitting(value), 'the format of a row that was detected');
  return {
    ...ownFacts(own),
    detect: (value) => fitting(value) !== undefined,
    read: (value) => ({ ...of(value).read(view.of(value)), ...ownWeight(own, value) }),
    write: (value, answer) => view.write(value, of(value).write(view.of(value), answer)),
    blank: (neighbour) => inOrderOf(neighbour, view.write({}, of(neighbour).blank(view.of(neighbour)))),
  };
}

function innerFormats(own: OwnColumns): readonly JudgedFormat[] {
  if (own.style === 'plain') return [unpaired];
  const completion = anyTurns('completion', 'assistant');
  const any = labelled({ ...ownFacts(own), prompt: promptParts(own), completion, labels: ['label'] });
  return holdsPrompt(own) ? [labelledMessages, any] : [any];
}

/** Whether a list of messages in `completion` holds the prompt too. */
function holdsPrompt(own: OwnColumns): boolean {
  return [own.prompt, own.query, own.system, own.history].every((path) => path === undefined);
}

/** A view whose label is true or false. A whole conversation has the name `messages`. */
function judgedView(own: OwnColumns): RowView {
  const view = rowView(own);
  return {
    of: (value) => {
      const named = view.of(value);
      const label = labelOf(named['label']);
      const row = label === null ? named : { ...named, label };
      if (!holdsPrompt(own) || !isMessageList(row['completion'])) return row;
      const { completion, ...rest } = row;
      return { ...rest, messages: completion };
    },
    write: (value, { messages, ...named }) => {
      const before = view.of(value);
      const row: JsonObject = { ...before, ...named, ...(messages === undefined ? {} : { completion: messages }) };
      return view.write(value, { ...row, label: labelLike(before['label'], row['label'] === true) });
    },
  };
}
