import { resolve } from 'node:path';
import { pairKey } from '../jsonl/pairKey';
import { readPairs } from '../jsonl/readPairs';
import { MarginError } from '../base/pure/marginError';
import type { Pair } from '../pairs/pair';
import { whatTrainerSees, type SeenAnswer, type SeenToken, type TrainerView } from '../reward/trainerView';
import { flag, maxLength, number, onePositional, parseArguments, required } from './args';
import type { Command } from './command';
import { openModel } from './openModel';

export const tokens: Command = {
  summary: 'what the trainer sees of a pair: its tokens, and where they are cut',
  help: `margin tokens FILE.jsonl --model DIR [--line N] [--max_length N]

The tokens of the pair on a line: the prompt, then each answer as it is trained, and what max_length takes from its end.

  --model DIR       model folder (Hugging Face layout), .gguf file, or an adapter’s folder
  --line N          default 1
  --max_length N    longest prompt + answer in tokens; default 1024, null for no limit
  --json            line, key, prompt, chosen and rejected ({kept, lost, losesEos, mismatched}), shared, leftOut; a token is {id, text}

Exit code: 0 ok, 1 failed or no pair on that line, 2 wrong usage.`,

  async run(argv, { output, cwd }) {
    const args = parseArguments(argv, { help: 'flag', json: 'flag', model: 'value', line: 'value', max_length: 'value' });
    const file = resolve(cwd, onePositional(args, 'FILE.jsonl'));
    const line = number(args, 'line', 1, { min: 1, integer: true });
    const asked = maxLength(args);
    const model = resolve(cwd, required(args, 'model'));
    const pair = await pairOn(file, line);
    const { tokenizer, checkpoint } = await openModel(model, null, 'cpu');
    const view = whatTrainerSees(pair, tokenizer, { maxLength: Math.min(asked ?? Infinity, checkpoint.model.maxPositions) });
    if (flag(args, 'json')) output.json({ line, key: pairKey(pair), ...view });
    else output.line(sentences(view));
    return 0;
  },
};

async function pairOn(file: string, line: number): Promise<Pair> {
  for await (const row of readPairs(file)) {
    if (row.line !== line) continue;
    if (row.result.kind === 'pair') return row.result.pair;
    throw new MarginError('not-a-pair', `${file}:${line}: ${row.result.reason}`, { file, line });
  }
  throw new MarginError('no-such-line', `${file} has no line ${line}.`, { file, line });
}

function sentences({ prompt, chosen, rejected, shared, leftOut }: TrainerView): string {
  const answer = (name: string, { kept, lost, losesEos, mismatched }: SeenAnswer): string[] => [
    `${name}: ${kept.length} tokens${shared > 0 && !leftOut ? `, the first ${shared} shared` : ''}${mismatched ? '; begins before the end of its prompt' : ''}`,
    `  ${textOf(kept)}`,
    ...(lost.length === 0 ? [] : [`  lost: ${lost.length} tokens${losesEos ? ', its end among them' : ''}`, `  ${textOf(lost)}`]),
  ];
  return [
    `prompt: ${prompt.length} tokens${leftOut ? '; fills max_length by itself, so the pair is left out' : ''}`,
    `  ${textOf(prompt)}`,
    ...answer('chosen', chosen),
    ...answer('rejected', rejected),
  ].join('\n');
}

/** Tokens side by side, with line breaks spelled out. */
const textOf = (seen: readonly SeenToken[]): string => seen.map(({ text }) => text.replaceAll('\n', '\\n')).join('│');
