import { isRecord } from '../../base/pure/isRecord';
import type { JsonObject } from '../json';
import { valueAt, withValueAt } from '../own/keyPath';
import {
  type CloudTurns,
  isCloudTurns,
  isTextParts,
  partsText,
  readCloudTurns,
  withPartsText,
  writeCloudTurns,
} from './cloudTurns';
import { optional, type Part } from './parts';
import { textOf } from './text';
import { type Better, verdictFormat } from './verdict';

const kind: CloudTurns = { parts: 'content', assistant: 'assistant' };
const labels = ['preferred', 'non-preferred'] as const;

/** `{"system": [{"text": "Be brief."}]}`. */
const system: Part = optional({
  shape: 'other',
  keys: ['system'],
  fits: ({ system: parts }) => isTextParts(parts),
  read: ({ system: parts }) => [{ role: 'system', content: partsText(parts) }],
  write: (value, turns) => ({ ...value, system: withPartsText(value['system'], textOf(turns)) }),
  blank: () => ({}),
});

/** The messages before the last one, which holds the answers. */
const asked: Part = {
  shape: 'other',
  keys: ['messages'],
  fits: (value) => isCloudTurns(listOf(value).slice(0, -1), kind),
  read: (value) => readCloudTurns(earlier(value), kind),
  write: (value, turns) => ({
    ...value,
    messages: [...writeCloudTurns(earlier(value), turns, kind), ...listOf(value).slice(-1)],
  }),
  blank: () => ({}),
};

function candidate(index: 0 | 1): Part {
  const path = (value: JsonObject): readonly [string, ...(string | number)[]] => [
    'messages',
    listOf(value).length - 1,
    'candidates',
    index,
    'content',
  ];
  return {
    shape: 'other',
    keys: ['messages'],
    fits: (value) => candidatesOf(value).length === 2 && isTextParts(valueAt(value, path(value))),
    read: (value) => [{ role: 'assistant', content: partsText(valueAt(value, path(value))) }],
    write: (value, turns) => withValueAt(value, path(value), withPartsText(valueAt(value, path(value)), textOf(turns))),
    blank: () => ({}),
  };
}

/**
 * `{"messages": [{"role": "user", "content": [{"text": "2 + 2?"}]}, {"role": "assistant", "candidates": [{"content":
 * [{"text": "4"}], "preferenceLabel": "preferred"}, {"content": [{"text": "5"}], "preferenceLabel":
 * "non-preferred"}]}]}`: DPO of Amazon Nova.
 */
export const bedrock = verdictFormat({
  id: 'amazon-nova',
  label: 'messages, the last with candidates [content, preferenceLabel] (Amazon Nova)',
  tool: 'Amazon Nova',
  link: 'https://docs.aws.amazon.com/nova/latest/userguide/nova-dpo.html',
  about: ['schemaVersion'],
  prompt: [system, asked],
  answers: [candidate(0), candidate(1)],
  verdict: ['messages'],
  better,
  flip: (value) => {
    const [one, other] = candidatesOf(value).map(({ preferenceLabel }) => preferenceLabel);
    const turned = candidatesOf(value).map((item, i) => ({ ...item, preferenceLabel: i === 0 ? other : one }));
    return withValueAt(value, ['messages', listOf(value).length - 1, 'candidates'], turned);
  },
  blank: {
    messages: [
      { role: 'user', content: [{ text: '' }] },
      {
        role: 'assistant',
        candidates: labels.map((preferenceLabel) => ({ content: [{ text: '' }], preferenceLabel })),
      },
    ],
  },
});

function better(value: JsonObject): Better {
  const [one, other] = candidatesOf(value).map(({ preferenceLabel }) =>
    labels.findIndex((label) => label === preferenceLabel),
  );
  if (one === undefined || other === undefined || one < 0 || other < 0) return null;
  return one === other ? 'tie' : one < other ? 0 : 1;
}

function listOf({ messages }: JsonObject): readonly JsonObject[] {
  return Array.isArray(messages) ? messages.filter(isRecord) : [];
}

function earlier(value: JsonObject): readonly JsonObject[] {
  return listOf(value).slice(0, -1);
}

function candidatesOf(value: JsonObject): readonly JsonObject[] {
  const candidates = listOf(value).at(-1)?.['candidates'];
  return Array.isArray(candidates) ? candidates.filter(isRecord) : [];
}
