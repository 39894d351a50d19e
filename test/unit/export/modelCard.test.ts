import { createHash } from 'node:crypto';
import { appendFile, cp, readFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRunConfig, runPaths } from '../../../src/run/folder';
import { temporaryFolder } from '../run/temporaryFolder';
import { sampleFolder } from '../train/sampleRun';
import { exported, finishedRun, keptRun } from './exported';

/** A run whose card has every section. */
const richRun = keptRun({
  eval_file: join(sampleFolder, 'heldout.jsonl'),
  loss_type: ['sigmoid', 'sft'],
  loss_weights: [1, 0.5],
  rank_pattern: { 'q_proj|k_proj': 2 },
});

const card = async (folder: string): Promise<string> => readFile(join(folder, 'README.md'), 'utf8');

describe('a model card', () => {
  it('shows data, settings and the metrics of its step', async () => {
    const run = await richRun();
    const { data } = await readRunConfig(run);
    const text = await card(await exported({ path: run, step: 2 }));
    expect(text).toMatch(
      /^---\nbase_model: "model"\nlibrary_name: peft\npipeline_tag: text-generation\ntags:\n- margin\n- dpo\n- sft\n- lora\n/,
    );
    const hash = createHash('sha256')
      .update(await readFile(data.path))
      .digest('hex');
    expect(text).toContain(
      `\`heldout.jsonl\`: 100 rows, ${data.size.toLocaleString('en')} bytes, SHA-256 \`${hash}\`. Evaluated on \`heldout.jsonl\`.`,
    );
    expect(text).toContain('Written by Margin 9.9.9, trained with Margin 1.2.3.');
    for (const line of [
      '| `trainer` | `dpo` |',
      '| `beta` | `0.1` |',
      '| `loss_weights` | `[1,0.5]` |',
      '| `max_steps` | `4` |',
      '| `lora_r` | `4` |',
      '| `rank_pattern` | `{"q_proj\\|k_proj":2}` |',
    ])
      expect(text).toContain(line);
    expect(text).not.toMatch(/`(desirable_weight|num_train_epochs|output_dir)`/);
    expect(text).toMatch(
      /## Training metrics\n\nAt step 2\.\n\n\| metric \| value \|\n\| --- \| --- \|\n\| `loss` \| [\d.]+ \|/,
    );
    expect(text).toContain('PeftModel.from_pretrained(base');
  });

  it('of the last step has the last evaluation, and no path of this machine', async () => {
    const run = await richRun();
    for (const format of ['peft', 'merged', 'gguf'] as const) {
      const text = await card(await exported({ path: run }, { format }));
      expect(text).toMatch(/## Evaluation metrics\n\nAt step 4\.[^]*`eval_rewards\/margins`/);
      for (const path of [tmpdir(), homedir(), process.cwd()]) expect(text).not.toContain(path);
    }
  });

  it('does not count rows of a file that is no longer the one trained on', async () => {
    const run = await finishedRun();
    const { data } = await readRunConfig(run);
    await appendFile(data.path, '{}\n');
    expect(await card(await exported({ path: run }))).toContain('rows not counted, because the file has changed since');
  });

  it('of an adapter without a known run says what it is and how to load it', async () => {
    const run = await richRun();
    const adapter = join(await temporaryFolder(), 'found');
    await cp(runPaths.checkpoint(run, 4), adapter, { recursive: true });
    const text = await card(await exported({ path: adapter }));
    expect(text).toContain('# found\n\nA PEFT LoRA adapter for model. Written by Margin 9.9.9.');
    expect(text).not.toContain('## Settings');
  });
});
