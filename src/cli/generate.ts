import { resolve } from 'node:path';
import { openGenerateSession } from '../engine/generateSession';
import type { ChatTurn } from '../model/chatTemplate';
import { withWeightCheck } from '../model/finite';
import { MarginError } from '../base/pure/marginError';
import { deviceNames } from '../run/types';
import { Answerer, type Answer, type AnswerOptions } from '../engine/answers';
import { choice, flag, number, parseArguments, required, text, texts, UsageError } from './args';
import type { Arguments, OptionKind } from './args';
import type { Command } from './command';
import { draftFolder } from '../engine/draftFolder';
import { interruption } from './interruption';
import { openModel } from '../engine/openModel';
import type { Output } from './output';
import { readTurns } from './readTurns';

const known: Readonly<Record<string, OptionKind>> = {
  help: 'flag',
  json: 'flag',
  model: 'value',
  adapter: 'value',
  prompt: 'texts',
  max_new_tokens: 'value',
  temperature: 'value',
  top_k: 'value',
  top_p: 'value',
  stop_strings: 'texts',
  seed: 'value',
  batch_size: 'value',
  device: 'value',
};

export const generate: Command = {
  summary: 'answer prompts or chat with a model',
  help: `margin generate --model DIR [--adapter DIR] --prompt TEXT [--prompt TEXT …]
margin generate --model DIR [--adapter DIR] < QUESTIONS

Streams the answer to stdout. If the model has a chat template, the prompt is a user’s turn; otherwise the model
continues its text. Without --prompt, each line of stdin is the next turn of one conversation. On a terminal this is a
chat, and Ctrl+D ends it. Ctrl+C ends an answer before its next token; a second Ctrl+C ends the program.

  --model DIR           The model: a folder in Hugging Face layout, a .gguf file, or the folder of an adapter.
  --adapter DIR         A PEFT adapter for the model.
  --prompt TEXT         A prompt. It may be given several times; each answer is then printed when it is complete.
  --batch_size N        The number of prompts that are answered at once; default 8. If it is given, each line of stdin
                        is a separate prompt, not a turn.
  --max_new_tokens N    The longest answer in tokens; default 256.
  --stop_strings TEXT   Ends the answer before this text. It may be given several times.
  --temperature T       0 (default) always takes the most likely token; 0.7 to 1 varies the answers.
  --top_k K             Samples from the K most likely tokens; default 0, all tokens.
  --top_p P             Samples from the most likely tokens with this total probability; default 1, all tokens.
  --seed N              The seed of the samples; default 0. An answer does not depend on the other prompts of its batch.
  --device D            cpu (default), webgpu, cuda or dml.
  --json                Prints one JSON object per answer: prompt, completion, tokens, finish_reason (stop or length).

The names are those of transformers’ GenerationConfig.

Exit code: 0 success; 1 failed or stopped; 2 wrong usage.`,

  async run(argv, { output, cwd }) {
    const args = parseArguments(argv, known);
    if (args.positionals.length > 0)
      throw new UsageError(`unexpected argument ${args.positionals.join(' ')}; give the text with --prompt`);
    const adapter = text(args, 'adapter');
    const [folder, options, batchSize] = [
      resolve(cwd, required(args, 'model')),
      readOptions(args),
      number(args, 'batch_size', 8, { min: 1, integer: true }),
    ];
    const stop = interruption();
    const model = await openModel(
      folder,
      adapter === null ? null : resolve(cwd, adapter),
      choice(args, 'device', deviceNames),
    );
    const session = await openGenerateSession({ ...model, draftFolder: await draftFolder(model.checkpoint) });
    const asked: Asked = { answerer: new Answerer(session, model, options), output, json: flag(args, 'json'), stop };
    try {
      const prompts = texts(args, 'prompt');
      await withWeightCheck([model.checkpoint], async () => {
        if (prompts.length > 0) await answerAll(batches(prompts, batchSize), asked);
        else if (text(args, 'batch_size') !== null)
          await answerAll(batches(readTurns(process.stdin, output, stop.signal), batchSize), asked);
        else await converse(asked);
      });
    } finally {
      await session.release();
    }
    return 0;
  },
};

interface Asked {
  readonly answerer: Answerer;
  readonly output: Output;
  readonly json: boolean;
  /** Aborted by Ctrl+C, or when nobody reads the output any more. */
  readonly stop: AbortController;
}

function readOptions(args: Arguments): AnswerOptions {
  const stopStrings = texts(args, 'stop_strings');
  if (stopStrings.includes('')) throw new UsageError('--stop_strings must not be empty');
  const temperature = number(args, 'temperature', 0, { min: 0 });
  const sampling = {
    temperature,
    topK: number(args, 'top_k', 0, { min: 0, integer: true }),
    topP: number(args, 'top_p', 1, { min: 0, max: 1 }),
    seed: number(args, 'seed', 0, { min: 0, integer: true }),
  };
  const unused = ['top_k', 'top_p'].find((name) => text(args, name) !== null);
  if (temperature === 0 && unused !== undefined)
    throw new UsageError(`--${unused} has no effect without a --temperature above 0`);
  return {
    maxNewTokens: number(args, 'max_new_tokens', 256, { min: 1, integer: true }),
    stopStrings,
    ...(temperature > 0 ? { sampling } : {}),
  };
}

/** Answers the turns of one conversation. The model sees all earlier turns. */
async function converse(asked: Asked): Promise<void> {
  const turns: ChatTurn[] = [];
  for await (const content of readTurns(process.stdin, asked.output, asked.stop.signal)) {
    turns.push({ role: 'user', content });
    const [answer] = await answersTo([turns], asked);
    if (!answer) return;
    turns.push({ role: 'assistant', content: answer.text });
  }
}

/** Answers separate prompts. */
async function answerAll(all: AsyncIterable<readonly string[]>, asked: Asked): Promise<void> {
  for await (const prompts of all) {
    const answers = await answersTo(
      prompts.map((content) => [{ role: 'user', content }]),
      asked,
    );
    if (answers.length === 0) return;
  }
}

/**
 * Prints the answers: a single one while it is generated, several when they are complete, below their prompts. Returns
 * no answers if nobody reads the output any more.
 */
async function answersTo(
  conversations: readonly (readonly ChatTurn[])[],
  { answerer, output, json, stop }: Asked,
): Promise<readonly Answer[]> {
  const streams = !json && conversations.length === 1;
  const answers = await answerer.answer(
    conversations,
    (piece) => {
      if (output.closed) stop.abort();
      if (streams) output.write(piece);
    },
    stop.signal,
  );
  if (streams) output.line('');
  if (output.closed) return [];
  if (stop.signal.aborted)
    throw new MarginError(
      'interrupted',
      `Stopped after ${answers.reduce((sum, { tokens }) => sum + tokens, 0)} tokens.`,
    );
  answers.forEach(({ text: completion, tokens, finishReason }, i) => {
    const prompt = conversations[i]?.at(-1)?.content;
    if (json) output.json({ prompt, completion, tokens, finish_reason: finishReason });
    else if (!streams) output.line(`> ${prompt}\n${completion}\n`);
  });
  return answers;
}

async function* batches(
  prompts: Iterable<string> | AsyncIterable<string>,
  size: number,
): AsyncGenerator<readonly string[]> {
  let batch: string[] = [];
  for await (const prompt of prompts) {
    batch.push(prompt);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
