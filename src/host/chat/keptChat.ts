import { isRecord } from '../../base/pure/isRecord';
import type { ChatAnswer, ChatSettings, ChatTurn, StepChoice } from '../../protocol/chat';
import type { ChatSource } from '../../train/chat/messages';

/** Changes when an older Margin could not read what a newer one keeps. */
const version = 1;
/** Characters of a kept chat. VS Code writes it with the state of the window. */
const mostKept = 2_000_000;
const cut = 'The window was closed before this answer was complete.';

/** A model of a chat, as it is kept. */
export interface KeptColumn {
  readonly id: number;
  readonly label: string;
  readonly detail: string;
  readonly steps: readonly StepChoice[];
  readonly source: ChatSource;
}

/** A chat that outlives its window. */
export interface KeptChat {
  readonly columns: readonly KeptColumn[];
  /** The models of all columns that have answered, also of those that were removed. */
  readonly sources: readonly (readonly [column: number, source: ChatSource])[];
  readonly settings: ChatSettings;
  readonly turns: readonly ChatTurn[];
  /** How many older turns were too long to be kept. */
  readonly dropped: number;
  /** The address of the file that gets the pairs; null: none was chosen. */
  readonly file: string | null;
}

/** A chat as text. If it is too long, its oldest turns are left out and counted. */
export function keptText(chat: KeptChat): string {
  let kept = chat;
  for (;;) {
    const text = JSON.stringify({ version, ...kept });
    if (text.length <= mostKept || kept.turns.length === 0) return text;
    const left = Math.ceil(kept.turns.length / 2);
    kept = { ...kept, turns: kept.turns.slice(left), dropped: kept.dropped + left };
  }
}

/** Reads what {@link keptText} wrote. Answers that had not ended are failed ones. @returns null for anything else */
export function readKept(text: unknown): KeptChat | null {
  if (typeof text !== 'string') return null;
  const chat = parsed(text);
  if (!isRecord(chat) || chat['version'] !== version) return null;
  const { columns, sources, settings, turns, dropped, file } = chat;
  if (!isList(columns, isColumn) || !isList(sources, isSourceOf) || !isList(turns, isTurn)) return null;
  if (!isSettings(settings) || typeof dropped !== 'number' || !(file === null || typeof file === 'string')) return null;
  return { columns, sources, settings, turns: turns.map(ended), dropped, file };
}

function ended(turn: ChatTurn): ChatTurn {
  const answers = turn.answers.map((answer): ChatAnswer => {
    const hasEnded = answer.state === 'done' || answer.state === 'failed';
    return hasEnded ? answer : { ...answer, state: 'failed', problem: cut };
  });
  return { ...turn, answers };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not what Margin wrote.
    return null;
  }
}

function isList<Item>(value: unknown, isItem: (item: unknown) => item is Item): value is readonly Item[] {
  return Array.isArray(value) && value.every(isItem);
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);
const isNumberOrNull = (value: unknown): boolean => value === null || isNumber(value);

function isSource(value: unknown): value is ChatSource {
  if (!isRecord(value)) return false;
  if (value['kind'] === 'model') return isText(value['path']) && isTextOrNull(value['adapter']);
  return value['kind'] === 'run' && isText(value['folder']) && isNumberOrNull(value['step']) && isText(value['stamp']);
}

function isSourceOf(value: unknown): value is KeptChat['sources'][number] {
  return Array.isArray(value) && value.length === 2 && isNumber(value[0]) && isSource(value[1]);
}

function isStep(value: unknown): value is StepChoice {
  return isRecord(value) && isNumberOrNull(value['step']) && isText(value['label']);
}

function isColumn(value: unknown): value is KeptColumn {
  if (!isRecord(value) || !isNumber(value['id']) || !isSource(value['source'])) return false;
  return isText(value['label']) && isText(value['detail']) && isList(value['steps'], isStep);
}

function isSettings(value: unknown): value is ChatSettings {
  if (!isRecord(value) || !isText(value['system']) || !isList(value['stop'], isText)) return false;
  return ['temperature', 'topP', 'seed', 'maxNewTokens'].every((name) => isNumber(value[name]));
}

function isTurn(value: unknown): value is ChatTurn {
  if (!isRecord(value) || !isNumber(value['id']) || !isText(value['prompt'])) return false;
  const marks = isNumberOrNull(value['chosen']) && isNumberOrNull(value['rejected']) && isTextOrNull(value['saved']);
  return marks && isList(value['answers'], isAnswer);
}

function isAnswer(value: unknown): value is ChatAnswer {
  if (!isRecord(value) || !isText(value['state']) || !isText(value['text'])) return false;
  if (!isTextOrNull(value['edited']) || !isTextOrNull(value['finish']) || !isTextOrNull(value['problem'])) return false;
  const numbers = ['column', 'seed', 'temperature', 'tokens'].every((name) => isNumber(value[name]));
  const isReward = value['reward'] === null || isRecord(value['reward']);
  return numbers && isReward && isNumberOrNull(value['firstSeconds']) && isNumberOrNull(value['rate']);
}
