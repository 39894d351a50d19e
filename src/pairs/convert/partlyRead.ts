import { isRecord } from '../../base/pure/isRecord';
import { repeatedTurn } from '../formats/implicitConversational';
import { isMessage, isMessageList } from '../formats/messages';
import { functionCall } from '../formats/shareGpt';
import type { JsonObject } from '../json';
import { formatKeys } from '../formatKeys';
import { mediaTypes } from '../mediaParts';
import type { PairOrJudged } from '../readPair';
import { loss, type ConversionLoss } from './loss';
import { turnsOf } from './sides';
import type { Target } from './target';

/** Keys that name a role or the type of a part, and `tools`, which a pair has too. */
const structure = new Set(['role', 'from', 'type', 'tools']);
/** A setting that the target `openai` copies from the old row. */
const openAiSettings = 'input.parallel_tool_calls';

/**
 * The values under the keys of a row's format that are not part of its pair: votes, a text that repeats no turn, and
 * other values in an object that holds turns (`input.parallel_tool_calls`, `annotations.completed_by`).
 */
export function partlyRead(row: PairOrJudged, target: Target): ConversionLoss[] {
  const { value } = row;
  const has = hasOf(row);
  const lost = formatKeys(row).flatMap((key) => insideOf(key, value[key], has));
  if (isOtherPrompt(row)) lost.push('prompt');
  const media = new Set(formatKeys(row).flatMap((key) => [...mediaTypes(value[key])]));
  return [
    ...lost.filter((key) => target.id !== 'openai' || key !== openAiSettings).map((key) => loss('column', key)),
    ...[...media].map((type) => loss('media', type)),
  ];
}

/** What a pair or judged answer contains of its row: texts, and values such as its weight or label. */
interface Has {
  readonly texts: readonly string[];
  readonly values: readonly unknown[];
}

function hasOf(row: PairOrJudged): Has {
  const { prompt, answers } = turnsOf(row);
  const values = row.kind === 'pair' ? [row.pair.weight] : [row.answer.weight, row.answer.label];
  return { texts: [...prompt, ...answers.flat()].map(({ content }) => content), values };
}

/** The keys inside an object, or inside the objects of a list, whose values the pair does not have. */
function insideOf(key: string, value: unknown, has: Has): string[] {
  if (structure.has(key) || isMessage(value) || isMessageList(value)) return [];
  // The pair holds this function call as `tool_calls`, in another form than the text.
  const objects: JsonObject[] = (Array.isArray(value) ? value : [value])
    .filter(isRecord)
    .filter(({ from }) => from !== functionCall);
  const inside = objects.flatMap((object) => Object.keys(object).filter((name) => !isRead(name, object[name], has)));
  return [...new Set(inside)].map((name) => `${key}.${name}`);
}

function isRead(key: string, value: unknown, has: Has): boolean {
  if (structure.has(key) || (value ?? null) === null || value === '') return true;
  if (typeof value === 'string') return has.texts.some((text) => text.includes(value));
  if (Array.isArray(value)) return value.every((item) => isRead('', item, has));
  if (isRecord(value)) return Object.entries(value).every(([name, item]) => isRead(name, item, has));
  return has.values.includes(value);
}

/** Whether a row has lists of messages and also a text `prompt` that differs from their turns. */
function isOtherPrompt({ value, format }: PairOrJudged): boolean {
  const { prompt } = value;
  const repeats = format.id === 'implicit-conversational' || format.id === 'axolotl-ultra';
  return repeats && typeof prompt === 'string' && prompt.trim() !== '' && repeatedTurn(value) < 0;
}
