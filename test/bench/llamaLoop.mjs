// Generates tokens with llama.cpp (node-llama-cpp) to compare its speed with Margin's.
//
// stdin   {"package": folder of node-llama-cpp, "model": a GGUF file, "prompts", "tokens", "threads"}
// stdout  {"rate": tokens a second of greedy answers after the first token, of all but the first prompt}
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { package: folder, model: modelPath, prompts, tokens, threads } = JSON.parse(readFileSync(0, 'utf8'));
const { getLlama } = await import(pathToFileURL(join(folder, 'dist/index.js')).href);
const llama = await getLlama({
  gpu: false,
  build: 'never',
  skipDownload: true,
  logLevel: 'error',
  maxThreads: threads,
});
const model = await llama.loadModel({ modelPath });
const context = await model.createContext({ contextSize: 1024, threads });
const sequence = context.getSequence();
let [drawn, seconds] = [0, 0];
for (const [i, prompt] of prompts.entries()) {
  await sequence.clearHistory();
  const ids = model.tokenize(prompt);
  let [count, start] = [0, 0];
  for await (const token of sequence.evaluate(ids, { temperature: 0, yieldEogToken: true })) {
    if (token !== undefined && ++count === 1) start = performance.now();
    if (count === tokens) break;
  }
  // The first answer warms up, as Margin's does.
  if (i === 0) continue;
  seconds += (performance.now() - start) / 1000;
  drawn += count - 1;
}
console.log(JSON.stringify({ rate: drawn / seconds }));
process.exit(0);
