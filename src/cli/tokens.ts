import { resolve } from 'node:path';
import { pairKey } from '../jsonl/node/pairKey';
import { readPairs } from '../jsonl/node/readPairs';
import { MarginError } from '../base/pure/marginError';
import type { TextTokenizer } from '../model/tokenizer';
import { pairOfJudged } from '../pairs/judged';
import { rowErrors } from '../reward/rowErrors';
import { rowProblem, sentenceOf } from '../reward/rowError';
import {
  whatTrainerSees,
  whatTrainerSeesOfJudged,
  type JudgedView,
  type SeenAnswer,
  type SeenToken,
  type TrainerView,
} from '../reward/trainerView';
import { flag, maxLength, number, onePositional, parseArguments, required } from './args';
import type { Command } from './command';
import { openModel } from './openModel';
import type { UsableRow } from './tokenCheck';

export const tokens: Command = {
  summary: 'what the trainer sees of a row: its tokens, and where they are cut',
  help: `margin tokens FILE.jsonl --model DIR [--line N] [--max_length N]

The tokens of the pair or judged answer on a line: the prompt, then each answer as it is trained, and what max_length
takes from its end.

  --model DIR       model folder (Hugging Face layout), .gguf file, or an adapter’s folder
  --line N          default 1
  --max_length N    longest prompt + answer in tokens; default 1024, null for no limit
  --json            line, key, prompt, chosen and rejected ({kept, lost, losesEos, mismatched}), shared, leftOut; a token is
                    {id, text}; a judged answer has completion and label instead of chosen, rejected and shared

Exit code: 0 ok, 1 failed or no usable row on that line, 2 wrong usage.`,

  async run(argv, { output, cwd }) {
    const args = parseArguments(argv, {
      help: 'flag',
      json: 'flag',
      model: 'value',
      line: 'value',
      max_length: 'value',
    });
    const file = resolve(cwd, onePositional(args, 'FILE.jsonl'));
    const line = number(args, 'line', 1, { min: 1, integer: true });
    const asked = maxLength(args);
    const model = resolve(cwd, required(args, 'model'));
    const row = await rowOn(file, line);
    const { tokenizer, checkpoint } = await openModel(model, null, 'cpu');
    const view = viewOf(row, `${file}:${line}`, tokenizer, Math.min(asked ?? Infinity, checkpoint.model.maxPositions));
    const key = pairKey(row.kind === 'pair' ? row.pair : pairOfJudged(row.answer));
    if (flag(args, 'json')) output.json({ line, key, ...view });
    else output.line('completion' in view ? judgedSentences(view) : sentences(view));
    return 0;
  },
};

async function rowOn(file: string, line: number): Promise<UsableRow> {
  for await (const row of readPairs(file)) {
    if (row.line !== line) continue;
    const { result } = row;
    const [error] = rowErrors(result);
    if (!error && (result.kind === 'pair' || result.kind === 'judged')) return result;
    const reason = error ? sentenceOf(error) : 'reason' in result ? result.reason : '';
    throw new MarginError('not-a-pair', `${file}:${line}: ${reason}`, { file, line });
  }
  throw new MarginError('no-such-line', `${file} has no line ${line}.`, { file, line });
}

/** @throws MarginError naming the place, where template or tokenizer do not take the row */
function viewOf(row: UsableRow, place: string, tokenizer: TextTokenizer, maxLength: number): TrainerView | JudgedView {
  try {
    return row.kind === 'pair'
      ? whatTrainerSees(row.pair, tokenizer, { maxLength })
      : whatTrainerSeesOfJudged(row.answer, tokenizer, { maxLength });
  } catch (error) {
    const problem = rowProblem(error);
    throw new MarginError(problem.code, `${place}: ${sentenceOf(problem)}`, { field: problem.field });
  }
}

function promptSentences(prompt: readonly SeenToken[], leftOut: boolean): string[] {
  return [
    `prompt: ${tokenCount(prompt)}${leftOut ? '; fills max_length by itself, so the row is left out' : ''}`,
    `  ${textOf(prompt)}`,
  ];
}

function judgedSentences({ prompt, completion, label, leftOut }: JudgedView): string {
  return [
    ...promptSentences(prompt, leftOut),
    ...answerSentences('completion', completion, ''),
    `label: ${label}`,
  ].join('\n');
}

function answerSentences(name: string, { kept, lost, losesEos, mismatched }: SeenAnswer, shared: string): string[] {
  return [
    `${name}: ${tokenCount(kept)}${shared}${mismatched ? '; begins before the end of its prompt' : ''}`,
    `  ${textOf(kept)}`,
    ...(lost.length === 0
      ? []
      : [`  lost: ${tokenCount(lost)}${losesEos ? ', its end among them' : ''}`, `  ${textOf(lost)}`]),
  ];
}

const tokenCount = ({ length }: readonly SeenToken[]): string => `${length} token${length === 1 ? '' : 's'}`;

function sentences({ prompt, chosen, rejected, shared, leftOut }: TrainerView): string {
  const common = shared > 0 && !leftOut ? `, the first ${shared} shared` : '';
  return [
    ...promptSentences(prompt, leftOut),
    ...answerSentences('chosen', chosen, common),
    ...answerSentences('rejected', rejected, common),
  ].join('\n');
}

/** Tokens side by side, with line breaks spelled out. */
const textOf = (seen: readonly SeenToken[]): string => seen.map(({ text }) => text.replaceAll('\n', '\\n')).join('│');
