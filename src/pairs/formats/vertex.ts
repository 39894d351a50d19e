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

const kind: CloudTurns = { parts: 'parts', assistant: 'model' };
type Path = readonly [string, ...(string | number)[]];

/** One turn whose parts are under a path. */
function turnAt(path: Path, role: 'system' | 'assistant'): Part {
  return {
    shape: 'other',
    keys: [path[0]],
    fits: (value) => isTextParts(valueAt(value, path)),
    read: (value) => [{ role, content: partsText(valueAt(value, path)) }],
    write: (value, turns) => withValueAt(value, path, withPartsText(valueAt(value, path), textOf(turns))),
    blank: () => ({}),
  };
}

/** `{"contents": [{"role": "user", "parts": [{"text": "2 + 2?"}]}]}`. */
const contents: Part = {
  shape: 'other',
  keys: ['contents'],
  fits: ({ contents: list }) => isCloudTurns(list, kind),
  read: ({ contents: list }) => (isCloudTurns(list, kind) ? readCloudTurns(list, kind) : []),
  write: (value, turns) => {
    const list = value['contents'];
    return { ...value, contents: writeCloudTurns(isCloudTurns(list, kind) ? list : [], turns, kind) };
  },
  blank: () => ({ contents: [{ role: 'user', parts: [{ text: '' }] }] }),
};

const completion = (index: 0 | 1): Part => turnAt(['completions', index, 'completion', 'parts'], 'assistant');

/**
 * `{"contents": [{"role": "user", "parts": [{"text": "2 + 2?"}]}], "completions": [{"score": 1, "completion": {"role":
 * "model", "parts": [{"text": "4"}]}}, {"score": 0, "completion": …}]}`: preference tuning of Gemini. The higher score
 * is the better answer.
 */
export const vertex = verdictFormat({
  id: 'gemini-preference',
  label: 'contents, completions [score, completion], system_instruction (Gemini)',
  tool: 'Gemini',
  link: 'https://docs.cloud.google.com/vertex-ai/generative-ai/docs/models/gemini-preference-tuning-prepare',
  prompt: [
    optional(turnAt(['system_instruction', 'parts'], 'system')),
    optional(turnAt(['systemInstruction', 'parts'], 'system')),
    contents,
  ],
  answers: [completion(0), completion(1)],
  verdict: ['completions'],
  better,
  tie: () => 'Both completions have the same score',
  flip: (value) => {
    const [one, other] = completionsOf(value).map(({ score }) => score);
    return {
      ...value,
      completions: completionsOf(value).map((item, i) => ({ ...item, score: i === 0 ? other : one })),
    };
  },
  blank: {
    completions: [1, 0].map((score) => ({ score, completion: { role: 'model', parts: [{ text: '' }] } })),
  },
});

function better(value: JsonObject): Better {
  const [one, other] = completionsOf(value).map(({ score }) => score);
  if (typeof one !== 'number' || typeof other !== 'number' || completionsOf(value).length !== 2) return null;
  return one === other ? 'tie' : one > other ? 0 : 1;
}

function completionsOf({ completions }: JsonObject): readonly JsonObject[] {
  return Array.isArray(completions) ? completions.filter(isRecord) : [];
}
