import { resolve } from 'node:path';
import { openGenerateSession } from '../engine/generateSession';
import type { GenerateOptions, GenerateSession } from '../engine/types';
import { MarginError } from '../pairs/marginError';
import { deviceNames } from '../run/types';
import { choice, flag, number, parseArguments, required, text, UsageError } from './args';
import type { Arguments } from './args';
import type { Command, Surroundings } from './command';
import { openModel } from './openModel';
import type { OpenModel } from './openModel';
import { readTurns } from './readTurns';

export const generate: Command = {
  summary: 'answer a prompt, or chat, with a model or an adapter on it',
  help: `margin generate --model DIR [--adapter DIR] --prompt TEXT
margin generate --model DIR [--adapter DIR] < QUESTIONS

Streams the answer to stdout. With a chat template the prompt is a user's turn, else the text to go on with. Without
--prompt each line of stdin is a turn of one conversation; on a terminal that is a chat, ended by Ctrl+D.

  --model DIR           model folder (Hugging Face layout), .gguf file, or an adapter’s folder
  --adapter DIR         PEFT adapter on it
  --prompt TEXT         one prompt
  --max_new_tokens N    default 256
  --temperature T       0 (default) always takes the likeliest token; 0.7 to 1 varies
  --top_p P             draws among the likeliest tokens of this total probability; default 1
  --seed N              fixes what is drawn; default 0
  --device D            cpu (default), webgpu, cuda or dml
  --json                {"prompt", "completion", "tokens"} a turn instead of the stream

Exit code: 0 ok, 1 failed, 2 wrong usage.`,

  async run(argv, surroundings) {
    const args = parseArguments(argv, {
      help: 'flag', json: 'flag', model: 'value', adapter: 'value', prompt: 'value', max_new_tokens: 'value', temperature: 'value', top_p: 'value', seed: 'value', device: 'value',
    });
    if (args.positionals.length > 0) throw new UsageError(`what is ${args.positionals.join(' ')}? Give the text with --prompt.`);
    const adapter = text(args, 'adapter');
    const [folder, options] = [resolve(surroundings.cwd, required(args, 'model')), readOptions(args)];
    const model = await openModel(folder, adapter === null ? null : resolve(surroundings.cwd, adapter), choice(args, 'device', deviceNames));
    const session = await openGenerateSession(model);
    try {
      await converse(new Conversation(session, model, options), args, surroundings);
    } finally {
      await session.release();
    }
    return 0;
  },
};

function readOptions(args: Arguments): Omit<GenerateOptions, 'stopIds'> {
  return {
    maxNewTokens: number(args, 'max_new_tokens', 256, { min: 1, integer: true }),
    temperature: number(args, 'temperature', 0, { min: 0 }),
    topP: number(args, 'top_p', 1, { min: 0, max: 1 }),
    seed: number(args, 'seed', 0, { min: 0, integer: true }),
  };
}

async function converse(conversation: Conversation, args: Arguments, { output }: Surroundings): Promise<void> {
  const prompt = text(args, 'prompt');
  const json = flag(args, 'json');
  for await (const turn of prompt === null ? readTurns(process.stdin, output) : [prompt]) {
    if (output.closed) return;
    const answer = await conversation.answer(turn, (piece) => (json ? undefined : output.write(piece)), () => output.closed);
    if (json) output.json({ prompt: turn, completion: answer.text, tokens: answer.tokens });
    else output.line('');
  }
}

/** What was said so far; with a chat template each answer sees it all, without one each prompt stands alone. */
class Conversation {
  private readonly turns: { role: string; content: string }[] = [];

  constructor(
    private readonly session: GenerateSession,
    private readonly model: OpenModel,
    private readonly options: Omit<GenerateOptions, 'stopIds'>,
  ) {}

  async answer(prompt: string, show: (piece: string) => void, cancelled: () => boolean): Promise<{ text: string; tokens: number }> {
    this.turns.push({ role: 'user', content: prompt });
    const { tokenizer } = this.model;
    const ids = this.promptIds(prompt);
    if (ids.length === 0) throw new MarginError('empty-prompt', 'The prompt has no tokens; give some text.');
    const drawn: number[] = [];
    let said = '';
    for await (const id of this.session.generate(ids, { ...this.options, stopIds: this.model.stopIds })) {
      if (cancelled()) break;
      drawn.push(id);
      const text = tokenizer.decode(drawn);
      // A character may take several tokens; until its last one it decodes to U+FFFD.
      if (text.endsWith('\ufffd')) continue;
      show(text.slice(said.length));
      said = text;
    }
    const text = tokenizer.decode(drawn);
    show(text.slice(said.length));
    this.turns.push({ role: 'assistant', content: text });
    return { text, tokens: drawn.length };
  }

  private promptIds(prompt: string): number[] {
    const { tokenizer } = this.model;
    const { chat } = tokenizer;
    return chat ? tokenizer.encode(chat.render(this.turns, true), false) : tokenizer.encode(prompt, true);
  }
}
