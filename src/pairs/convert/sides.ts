import { callsTools } from '../formats/messages';
import { textOf } from '../formats/text';
import { transcriptText } from '../formats/transcript';
import type { JsonObject } from '../json';
import type { Message, PairStyle } from '../pair';
import type { PairOrJudged } from '../readPair';
import { type ConversionLoss, loss } from './loss';
import type { ConvertOptions } from './target';

/** The prompt of a row and its answers: the better and the worse one of a pair, or the one that was judged. */
export interface Sides<Side> {
  readonly prompt: Side;
  readonly answers: readonly Side[];
}

/** The turns and tools of a row, whether it is a pair or a judged answer. */
export interface RowTurns extends Sides<readonly Message[]> {
  readonly style: PairStyle;
  /** Empty for a row without tools, because a chat template treats an empty list in the same way. */
  readonly tools: readonly unknown[];
}

/** The prompt and the answers of a row. */
export function turnsOf(row: PairOrJudged): RowTurns {
  if (row.kind === 'judged') {
    const { style, prompt, completion, tools = [] } = row.answer;
    return { style, prompt, answers: [completion], tools };
  }
  const { style, prompt, chosen, rejected, tools = [] } = row.pair;
  return { style, prompt, answers: [chosen, rejected], tools };
}

/** Whether a row becomes a chat, under the style that a person chose. */
export function becomesChat({ style }: RowTurns, options: ConvertOptions): boolean {
  return (options.style ?? (style === 'chat' ? 'chat' : 'plain')) === 'chat';
}

/** Why a row cannot be a chat; null if it can. */
export function chatRefusal({ prompt }: RowTurns): ConversionLoss | null {
  return prompt.some(({ content }) => content.trim() !== '') ? null : loss('no-prompt');
}

/** The loss of a row that becomes a chat because the target has no other style. */
export function styleLosses({ style }: RowTurns): ConversionLoss[] {
  if (style === 'chat') return [];
  return [loss(style === 'plain' ? 'plain-to-chat' : 'transcript-to-chat')];
}

/**
 * The texts of a row as plain text, unchanged. A chat has such texts if it is one question and each answer is one turn.
 */
export function plainSides(row: RowTurns): Sides<string> | ConversionLoss {
  const { style, prompt, answers } = row;
  if (style === 'plain') return { prompt: textOf(prompt), answers: answers.map(textOf) };
  if (style === 'transcript') return transcriptSides(row);
  const [first, ...more] = prompt.filter(({ role }) => role !== 'system');
  if (more.length > 0 || (first !== undefined && first.role !== 'user')) return loss('history');
  if (first === undefined) return loss('no-prompt');
  if (prompt.length > 1) return loss('system');
  return answerRefusal(answers) ?? { prompt: textOf(prompt), answers: answers.map(textOf) };
}

/** Why a row does not fit a target whose answers are single assistant turns without tool calls; null if it fits. */
export function answerRefusal(answers: readonly (readonly Message[])[]): ConversionLoss | null {
  for (const turns of answers) {
    if (turns.length !== 1) return loss('answer-turns', `an answer of ${turns.length} turns`);
    if (turns[0]?.role !== 'assistant') return loss('answer-turns', `an answer of the role ${turns[0]?.role}`);
  }
  return answers.flat().some(callsTools) ? loss('tool-calls') : null;
}

/** The loss of a row's tools, for a target without them. */
export function toolLosses({ tools }: RowTurns): ConversionLoss[] {
  return tools.length > 0 ? [loss('tools')] : [];
}

/** Messages with all their fields. A message that only calls tools has no content, as in TRL's documentation. */
export function whole(turns: readonly Message[]): JsonObject[] {
  return turns.map(({ role, content, ...rest }) => ({
    role,
    ...(content === '' && callsTools(rest) ? {} : { content }),
    ...rest,
  }));
}

/** Messages with only role and content. */
export function bare(turns: readonly Message[]): { readonly role: string; readonly content: string }[] {
  return turns.map(({ role, content }) => ({ role, content }));
}

const without = new Set(['', '[]', '{}', 'null']);

/** The fields that {@link bare} leaves out and that are not empty, each once. */
export function fieldLosses({ prompt, answers }: RowTurns): ConversionLoss[] {
  const names = [prompt, ...answers].flat().flatMap((message) =>
    Object.entries(message)
      .filter(([key, value]) => key !== 'role' && key !== 'content' && !without.has(JSON.stringify(value) ?? ''))
      .map(([key]) => key),
  );
  return [...new Set(names)].map((name) => loss('field', name));
}

function transcriptSides({ prompt, answers }: RowTurns): Sides<string> {
  const [chosen = [], rejected = []] = answers;
  const texts = transcriptText({ prompt, chosen, rejected });
  return { prompt: texts.prompt, answers: [texts.chosen, texts.rejected] };
}
