import { readFileSync } from 'node:fs';
import { draftFolder } from '../../src/engine/draftFolder';
import { openGenerateSession } from '../../src/engine/generateSession';
import { must } from '../../src/base/pure/must';
import { openModel } from '../../src/engine/openModel';

/**
 * Generates tokens with Margin, in a process of its own.
 *
 * - stdin: `{"model", "prompts", "k", "tokens", "threads"}`; k null: one greedy answer at a time, else k sampled ones
 *   of each prompt, all at once
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
    checkpoint,
    adapter: null,
    threads,
    draftFolder: await draftFolder(checkpoint),
    // As `margin draft` does where the memory suffices.
    prepack: k !== null,
  });
  const sampling = k === null ? {} : { sampling: { temperature: 1, topK: 0, topP: 1, seed: 0 } };
  const none: ReadonlySet<number> = new Set();
  const [first, ...rest] = prompts.map((prompt) => tokenizer.encode(prompt, false));
  // Drafts of all prompts are made at once, a greedy answer alone.
  const groups = k === null ? rest.map((ids) => [ids]) : [rest.flatMap((ids) => Array.from({ length: k }, () => ids))];
  let [drawn, seconds] = [0, 0];
  // The first prompt opens the drafter and warms up.
  for (const [i, asked] of [[must(first, 'a prompt')], ...groups].entries()) {
    const seeds = k === null ? {} : { seeds: [...asked.keys()] };
    let [start, count] = [performance.now(), 0];
    for await (const _ of session.generate(asked, { ...sampling, ...seeds, maxNewTokens: tokens, stopIds: none }))
      if (++count === 1 && k === null) start = performance.now();
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
