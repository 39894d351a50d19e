import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { at, must } from '../../src/base/pure/must';
import { type Peer, smollm2Ggufs } from '../peer/environment';
import { spread } from './measure';

/** Types of GGUF files. The goal is for F16; the others are reported beside it. */
const kinds = ['F16', 'Q8_0', 'Q4_0'] as const;
const rounds = 3;
/** The first prompt of each process warms up. */
const prompts = [
  'The sea is',
  'Write a short story about a lighthouse keeper.',
  'A list of things to take on a journey through the mountains:',
];
const subjects = ['the sea', 'rain', 'bread', 'a train', 'the moon', 'a garden', 'a river', 'snow'];
const draftPrompts = ['The sea is', ...subjects.map((subject) => `Write a short poem about ${subject}.`)];
const tokens = 160;
const drafts = 4;
const draftTokens = 64;
const threads = cpus().length;

/** Compares one greedy answer with llama.cpp on the same file, and several drafts of a prompt with transformers. */
export async function measureGeneration(peer: Peer, say: (line: string) => void): Promise<string> {
  const llama = must(peer.llama, 'llama.cpp, which could not be installed');
  const files = await smollm2Ggufs(peer, kinds);
  const lines: string[] = [];
  for (const kind of kinds) {
    const model = at(
      Object.entries(files).filter(([name]) => name === kind),
      0,
    )[1];
    const request = { model, prompts, k: null, tokens, threads, package: llama };
    lines.push(
      await inTurn(`one answer, ${kind}, tokens/s`, 'llama.cpp', say, {
        margin: () => rateOf(process.execPath, ['dist/test/generateLoop.js'], request),
        peer: () => rateOf(process.execPath, ['test/bench/llamaLoop.mjs'], request),
      }),
    );
  }
  const request = { model: peer.smollm2.f32, prompts: draftPrompts, k: drafts, tokens: draftTokens, threads };
  for (const [atOnce, name] of [
    [false, 'transformers, a prompt at a time'],
    [true, 'transformers, all at once'],
  ] as const)
    lines.push(
      await inTurn(`${drafts} drafts of each of ${subjects.length} prompts, f32, tokens/s`, name, say, {
        margin: () => rateOf(process.execPath, ['dist/test/generateLoop.js'], request),
        peer: () => rateOf(peer.python, ['test/bench/drafts_loop.py'], { ...request, at_once: atOnce }),
      }),
    );
  return ['| | Margin | beside | ratio |', '|---|---|---|---|', ...lines].join('\n');
}

interface Sides {
  readonly margin: () => Promise<number>;
  readonly peer: () => Promise<number>;
}

async function inTurn(what: string, name: string, say: (line: string) => void, sides: Sides): Promise<string> {
  const taken: { readonly margin: number[]; readonly peer: number[] } = { margin: [], peer: [] };
  for (let round = 0; round < rounds; round++) {
    taken.margin.push(await sides.margin());
    taken.peer.push(await sides.peer());
  }
  const list = (rates: readonly number[]): string => rates.map((rate) => rate.toFixed(1)).join(' ');
  say(`  ${what}: Margin ${list(taken.margin)}, ${name} ${list(taken.peer)}`);
  const [margin, peer] = [spread(taken.margin).median, spread(taken.peer).median];
  return `| ${what} | ${margin.toFixed(1)} | ${name} ${peer.toFixed(1)} | ${(margin / peer).toFixed(2)}× |`;
}

/** The tokens a second that a program prints. It gets the request as JSON. */
async function rateOf(program: string, args: readonly string[], request: object): Promise<number> {
  const child = spawn(program, [resolve(at(args, 0))], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, HF_HUB_OFFLINE: '1', TRANSFORMERS_VERBOSITY: 'error' },
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stdin.end(JSON.stringify(request));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${at(args, 0)} failed (${code})`);
  return (JSON.parse(out) as { readonly rate: number }).rate;
}
