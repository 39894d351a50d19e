import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Draw } from './draw';
import { sampleFiles, seed } from './files';
import { measure } from './measure';
import type { Planted } from './plant';
import { pretrain } from './pretrain';

const folder = join('media', 'sample');
const steps = 1600;

const usage = `node dist/makeSample.js                 makes ${folder} from its seed: data, tokenizer, and a model trained from scratch
node dist/makeSample.js --check         compares the existing files with the seed, except the model's weights
node dist/makeSample.js --measure RUN   shows how well a run on the sample found the planted flips`;

async function main(argv: readonly string[]): Promise<number> {
  const [mode, run, ...more] = argv;
  if (mode === undefined) return make();
  if (mode === '--check' && run === undefined) return check();
  if (mode === '--measure' && run !== undefined && more.length === 0) return report(run);
  console.error(usage);
  return 2;
}

async function make(): Promise<number> {
  const { files, conversations } = sampleFiles();
  for (const [name, text] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  await pretrain({
    folder: join(folder, 'model'),
    conversations,
    steps,
    draw: new Draw(seed + 3),
    report: console.log,
  });
  return 0;
}

async function check(): Promise<number> {
  const different: string[] = [];
  for (const [name, text] of sampleFiles().files) {
    const found = await readFile(join(folder, name)).catch(() => null);
    if (!found?.equals(Buffer.from(text))) different.push(name);
  }
  console.log(
    different.length === 0
      ? `${folder} matches its seed`
      : `${folder}: these files do not match its seed: ${different.join(', ')}`,
  );
  return different.length === 0 ? 0 : 1;
}

async function report(run: string): Promise<number> {
  const planted: Planted = JSON.parse(await readFile(join(folder, 'planted.json'), 'utf8'));
  console.log(JSON.stringify(await measure(run, planted.flipped), null, 1));
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
