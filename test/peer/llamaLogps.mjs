// Log-probs of tokens as llama.cpp (node-llama-cpp) computes them, and its tokenization of texts.
//
// stdin   {"package": folder of node-llama-cpp, "requests": [{"model": a GGUF file, "lora": a GGUF adapter or null,
//         "sequences": lists of token ids, "texts"}]}
// stdout  for each request {"logps": for each sequence the log-prob of each token after the first,
//         "ids": of each text, "template": its chat template or null}
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { package: folder, requests } = JSON.parse(readFileSync(0, 'utf8'));
const { getLlama } = await import(pathToFileURL(join(folder, 'dist/index.js')).href);
const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, logLevel: 'error', maxThreads: 2 });

async function answer({ model: modelPath, lora, sequences, texts }) {
  const model = await llama.loadModel({ modelPath });
  const options = lora === null ? {} : { lora: { adapters: [{ filePath: lora }] } };
  const context = await model.createContext({ contextSize: 256, threads: 2, ...options });
  const sequence = context.getSequence();
  const logps = [];
  for (const ids of sequences) logps.push(await logpsOf(sequence, ids));
  await context.dispose();
  return {
    logps,
    ids: texts.map((text) => model.tokenize(text, true)),
    template: model.fileInfo.metadata.tokenizer.chat_template ?? null,
  };
}

async function logpsOf(sequence, ids) {
  await sequence.clearHistory();
  const input = ids.map((id, i) => (i < ids.length - 1 ? [id, { generateNext: { logits: true } }] : id));
  const outputs = await sequence.controlledEvaluate(input);
  const logps = ids.slice(1).map((id, i) => logSoftmax(outputs[i].next.logits, id));
  return logps;
}

function logSoftmax(logits, id) {
  const values = [...logits.values()];
  const max = values.reduce((a, b) => Math.max(a, b));
  return logits.get(id) - max - Math.log(values.reduce((sum, value) => sum + Math.exp(value - max), 0));
}

const answers = [];
for (const request of requests) answers.push(await answer(request));
console.log(JSON.stringify(answers));
process.exit(0);
