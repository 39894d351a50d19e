import { readFileSync } from 'node:fs';
import { draftFolder } from '../../src/engine/draftFolder';
import { openGenerateSession } from '../../src/engine/generateSession';
import { openModel } from '../../src/engine/openModel';

/**
 * Generates tokens with Margin, in a process of its own.
 *
 * - stdin: `{"model", "prompts", "k", "tokens", "threads"}`; k null: one greedy answer, else k sampled ones at once
 * - stdout: `{"rate"}`, tokens a second of all prompts but the first: after the first token for a greedy answer, as for
 *   llama.cpp; of the whole answers for drafts, as for transformers
 */
interface Request {
  readonly model: string;
  readonly prompts: readonly string[];
  readonly k: number | null;
  readonly tokens: number;
  readonly threads: number;
}

async function main(): Promise<void> {
  const { model, prompts, k, tokens, threads } = JSON.parse(readFileSync(0, 'utf8')) as Request;
  const { checkpoint, tokenizer } = await openModel(model, null, 'cpu');
  const session = await openGenerateSession({
    ...{ checkpoint, adapter: null, threads, draftFolder: await draftFolder(checkpoint) },
  });
  const sampling = k === null ? {} : { sampling: { temperature: 1, topK: 0, topP: 1, seed: 0 } };
  const seeds = k === null ? {} : { seeds: Array.from({ length: k }, (_, n) => n) };
  let [drawn, seconds] = [0, 0];
  for (const [i, prompt] of prompts.entries()) {
    const ids = tokenizer.encode(prompt, false);
    const asked = Array.from({ length: k ?? 1 }, () => ids);
    let [start, count] = [performance.now(), 0];
    const none: ReadonlySet<number> = new Set();
    for await (const _ of session.generate(asked, { ...sampling, ...seeds, maxNewTokens: tokens, stopIds: none }))
      if (++count === 1 && k === null) start = performance.now();
    // The first answer opens the drafter and warms up.
    if (i === 0) continue;
    seconds += (performance.now() - start) / 1000;
    drawn += k === null ? count - 1 : count;
  }
  await session.release();
  console.log(JSON.stringify({ rate: drawn / seconds }));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
