import { must } from '../../base/pure/must';
import { columns as columnsFormat } from '../formats/columns';
import { explicitConversational } from '../formats/explicitConversational';
import { explicitPlain } from '../formats/explicitPlain';
import { type Format, inOrderOf } from '../formats/format';
import { implicitConversational } from '../formats/implicitConversational';
import { implicitPlain } from '../formats/implicitPlain';
import { jsonText } from '../formats/jsonText';
import { systemLists } from '../formats/systemLists';
import { transcript } from '../formats/transcript';
import { wholeConversations } from '../formats/wholeConversations';
import type { JsonObject } from '../json';
import { otherSideKey } from '../sideColumns';
import { keysOf } from './keyPath';
import { columnEntries, type OwnColumns } from './ownColumns';
import { ownFacts } from './ownFacts';
import { anyTurns, promptParts } from './ownParts';
import { ownWeight } from './ownWeight';
import { rowView } from './rowView';
import { swapPaths } from './swapPaths';

/** Formats of rows under TRL's names, in the order in which they are tried. */
const chats = [wholeConversations, jsonText, systemLists, explicitConversational, implicitConversational];
const texts = [transcript, implicitPlain];

/** The format of rows whose answers are at the paths `chosen` and `rejected`. */
export function ownPairs(own: OwnColumns & { readonly chosen: string; readonly rejected: string }): Format {
  const view = rowView(own);
  const inner = innerFormats(own);
  const fitting = (value: JsonObject): Format | undefined => inner.find((format) => format.detect(view.of(value)));
  const of = (value: JsonObject): Format => must(fitting(value), 'the format of a row that was detected');
  return {
    ...ownFacts(own),
    detect: (value) => fitting(value) !== undefined,
    read: (value) => ({ ...of(value).read(view.of(value)), ...ownWeight(own, value) }),
    write: (value, pair) => view.write(value, of(value).write(view.of(value), pair)),
    blank: (neighbour) => inOrderOf(neighbour, view.write({}, of(neighbour).blank(view.of(neighbour)))),
    ...swapOf(own),
  };
}

/** The formats that may read a row. They read all columns of the prompt that the person named. */
function innerFormats(own: OwnColumns): readonly Format[] {
  if (own.style === 'plain') return own.prompt === undefined ? texts : [explicitPlain];
  const any = columnsFormat({
    ...ownFacts(own),
    prompt: promptParts(own),
    chosen: anyTurns('chosen', 'assistant'),
    rejected: anyTurns('rejected', 'assistant'),
  });
  const named = (['system', 'history', 'query', 'prompt'] as const).filter((name) => own[name] !== undefined);
  return [...[...chats, ...texts].filter(({ keys }) => named.every((name) => keys.includes(name))), any];
}

/** Paths that name the sides are exchanged by their names. */
function swapOf(own: OwnColumns & { readonly chosen: string; readonly rejected: string }): Pick<Format, 'swap'> {
  if (otherSideKey(own.chosen) === own.rejected) return {};
  const others = columnEntries(own).filter(([name]) => name !== 'chosen' && name !== 'rejected');
  const stay = others.map(([, path]) => keysOf(path));
  return { swap: (value) => swapPaths(value, keysOf(own.chosen), keysOf(own.rejected), stay) };
}
