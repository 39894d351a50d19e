import { resolve } from 'node:path';
import { pairKey } from '../jsonl/node/pairKey';
import { readPairs } from '../jsonl/node/readPairs';
import { MarginError } from '../base/pure/marginError';
import type { TextTokenizer } from '../model/tokenizer';
import { FileCheck } from '../pairs/fileCheck';
import type { Reading } from '../pairs/reading';
import { pairOfJudged } from '../pairs/judged';
import { whyNoPairs } from '../pairs/pairsIn';
import type { PairResult } from '../pairs/readPair';
import { rowErrors } from '../reward/rowErrors';
import { rowProblem, sentenceOf } from '../reward/rowError';
import {
  trainerView,
  judgedTrainerView,
  type JudgedView,
  type AnswerView,
  type TokenView,
  type TrainerView,
} from '../reward/trainerView';
import { flag, maxLength, number, onePositional, parseArguments, required } from './args';
import { withIgnored } from './ignoredOption';
import { lineProblems } from './checkRows';
import { columnsHelp, readingOption } from './columnsOption';
import { pairRuleHelp, pairRuleOptions } from './pairRuleOptions';
import type { Command } from './command';
import { findingLine, type Finding } from './findings';
import { openModel } from '../engine/openModel';
import { type UsableRow, usableRows } from './tokenCheck';

export const tokens: Command = {
  summary: 'show the tokens of a row, and what max_length cuts',
  help: `margin tokens FILE --model DIR [--line N] [--max_length N] [--columns MAP]

Prints the tokens of the pair or judged answer on a line: the prompt, then each answer as the trainer gets it, and the
tokens that max_length cuts off. A list of answers is printed as the pairs that it becomes. Prints the findings
about the whole file to stderr, as check does.

  --model DIR       The model: a folder in Hugging Face layout, a .gguf file, or the folder of an adapter.
  --line N          The line of the row; default 1.
  --max_length N    The longest prompt + answer in tokens; default 1024, null for no limit.
${columnsHelp}
${pairRuleHelp}
  --json            Prints one JSON object per pair: line, key, prompt, chosen, rejected (each {kept, lost, losesEos,
                    mismatched}), shared, leftOut, findings. A token is {id, text}. A judged answer has completion and
                    label instead of chosen, rejected and shared.

Exit code: 0 success; 1 failed, or no usable row on that line; 2 wrong usage.`,

  async run(argv, surroundings) {
    const { output, cwd } = surroundings;
    const args = parseArguments(argv, {
      help: 'flag',
      json: 'flag',
      model: 'value',
      line: 'value',
      max_length: 'value',
      columns: 'value',
      ...pairRuleOptions,
      data_format: 'value',
    });
    const given = onePositional(args, 'FILE');
    const file = resolve(cwd, given);
    const line = number(args, 'line', 1, { min: 1, integer: true });
    const asked = maxLength(args);
    const model = resolve(cwd, required(args, 'model'));
    const reading = await withIgnored(file, await readingOption(args, file, surroundings), surroundings);
    const { rows, findings } = await rowsOn(file, line, reading);
    const { tokenizer, checkpoint } = await openModel(model, null, 'cpu');
    const longest = Math.min(asked ?? Infinity, checkpoint.model.maxPositions);
    if (!flag(args, 'json')) for (const found of findings) output.say(findingLine(given, found));
    for (const [i, row] of rows.entries()) {
      const view = viewOf(row, `${file}:${line}`, tokenizer, longest);
      if (flag(args, 'json')) {
        const key = pairKey(row.kind === 'pair' ? row.pair : pairOfJudged(row.answer));
        output.json({ line, key, ...view, findings });
      } else {
        if (rows.length > 1) output.line(`pair ${i + 1} of ${rows.length}`);
        output.line('completion' in view ? judgedSentences(view) : sentences(view));
      }
    }
    return 0;
  },
};

/**
 * What a trainer reads from the row on a line, and the findings about the whole file. It reads all lines for the
 * findings. An error in a later line is a finding too.
 *
 * @throws MarginError `not-a-pair` | `no-such-line`, and those of {@link readPairs} up to the line
 */
async function rowsOn(
  file: string,
  line: number,
  reading: Reading,
): Promise<{ readonly rows: readonly UsableRow[]; readonly findings: readonly Finding[] }> {
  const check = new FileCheck('line', reading.levels);
  const findings: Finding[] = [];
  let rows: readonly UsableRow[] | null = null;
  try {
    for await (const { line: current, result } of readPairs(file, { reading })) {
      if (current === line) rows = usable(result, file, line);
      if (result.kind !== 'blank') lineProblems(current, result, check, reading);
    }
  } catch (error) {
    if (rows === null || !(error instanceof MarginError)) throw error;
    const { code, message } = error;
    findings.push({ file, line: null, column: null, severity: 'error', code, field: null, message });
  }
  if (rows === null) throw new MarginError('no-such-line', `${file} has no line ${line}.`, { file, line });
  const ofFile = check.finish().map((found): Finding => ({ file, line: null, column: null, ...found }));
  return { rows, findings: [...findings, ...ofFile] };
}

/** @throws MarginError `not-a-pair` with the reason */
function usable(result: PairResult, file: string, line: number): readonly UsableRow[] {
  const [error] = rowErrors(result);
  const rows = error ? [] : usableRows(result);
  if (rows.length > 0) return rows;
  const reason = error ? sentenceOf(error) : (whyNoPairs(result) ?? 'The line holds no pair.');
  throw new MarginError('not-a-pair', `${file}:${line}: ${reason}`, { file, line });
}

/** @throws MarginError with the position of the row, if the template or the tokenizer refuses it */
function viewOf(row: UsableRow, place: string, tokenizer: TextTokenizer, maxLength: number): TrainerView | JudgedView {
  try {
    return row.kind === 'pair'
      ? trainerView(row.pair, tokenizer, { maxLength })
      : judgedTrainerView(row.answer, tokenizer, { maxLength });
  } catch (error) {
    const problem = rowProblem(error);
    throw new MarginError(problem.code, `${place}: ${sentenceOf(problem)}`, { field: problem.field });
  }
}

function promptSentences(prompt: readonly TokenView[], leftOut: boolean): string[] {
  return [
    `prompt: ${tokenCount(prompt)}${leftOut ? '; it fills max_length, so the row is left out' : ''}`,
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

function answerSentences(name: string, { kept, lost, losesEos, mismatched }: AnswerView, shared: string): string[] {
  return [
    `${name}: ${tokenCount(kept)}${shared}${mismatched ? '; changes the last tokens of its prompt' : ''}`,
    `  ${textOf(kept)}`,
    ...(lost.length === 0
      ? []
      : [`  lost: ${tokenCount(lost)}${losesEos ? ', including its end token' : ''}`, `  ${textOf(lost)}`]),
  ];
}

const tokenCount = ({ length }: readonly TokenView[]): string => `${length} token${length === 1 ? '' : 's'}`;

function sentences({ prompt, chosen, rejected, shared, leftOut }: TrainerView): string {
  const common = shared > 0 && !leftOut ? `, the first ${shared} shared` : '';
  return [
    ...promptSentences(prompt, leftOut),
    ...answerSentences('chosen', chosen, common),
    ...answerSentences('rejected', rejected, common),
  ].join('\n');
}

/** The texts of tokens with a bar between them. Line breaks are written as `\\n`. */
const textOf = (seen: readonly TokenView[]): string => seen.map(({ text }) => text.replaceAll('\n', '\\n')).join('│');
