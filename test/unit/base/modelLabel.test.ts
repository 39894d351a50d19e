import { expect, it } from 'vitest';
import { modelLabel } from '../../../src/base/node/modelLabel';

it.each([
  ['/data/models--HuggingFaceTB--SmolLM2-135M/snapshots/12fd', 'HuggingFaceTB/SmolLM2-135M'],
  ['HuggingFaceTB/SmolLM2-135M', 'HuggingFaceTB/SmolLM2-135M'],
  ['/data/my model', 'my model'],
  ['/data/llama.Q4_K_M.gguf', 'llama.Q4_K_M'],
])('calls the model at %s %s', (path, label) => expect(modelLabel(path)).toBe(label));
