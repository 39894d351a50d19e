import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleFiles } from './files';
import { corpus } from './corpus';
import { pretrain } from './pretrain';

/** Training text for the model; 1,600 steps see it about four times. */
const corpusTokens = 870_000;
const seed = 20_261;

/** `makeSample.js [--check]`: writes media/sample, or compares everything but the trained weights with what is there. */
async function main(folder: string, check: boolean): Promise<void> {
  const texts = corpus(seed, corpusTokens);
  const files = sampleFiles(seed, texts);
  if (check) {
    const stale = Object.entries(files).filter(([name, text]) => readFileSync(join(folder, name), 'utf8') !== text);
    console.log(stale.length === 0 ? 'The sample is current.' : `Not as generated: ${stale.map(([name]) => name).join(', ')}`);
    process.exitCode = stale.length === 0 ? 0 : 1;
    return;
  }
  mkdirSync(join(folder, 'model'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  await pretrain(join(folder, 'model'), texts, seed, (line) => console.log(line));
}

void main('media/sample', process.argv.includes('--check'));
