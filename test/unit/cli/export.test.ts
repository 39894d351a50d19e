import { existsSync } from 'node:fs';
import { cp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { writeSafetensors } from '../../../src/model/safetensors';
import { finishedRun } from '../export/exported';
import { temporaryFolder } from '../run/temporaryFolder';
import { sampleFolder } from '../train/sampleRun';
import { CommandLine } from './commandLine';

const program = new CommandLine();

describe('margin export', () => {
  it('lists the files that it wrote, with --json as JSON', async () => {
    const [run, folder] = [await finishedRun(), await temporaryFolder()];
    const spoken = await program.run(['export', run, '--format', 'peft', '--out', 'a', '--step', '2'], folder);
    expect([spoken.code, spoken.out]).toEqual([
      0,
      expect.stringMatching(
        /^.*a:\n  README\.md · .* MB\n  adapter_config\.json · .* MB\n  adapter_model\.safetensors · .* MB\n$/,
      ),
    ]);
    const merged = await program.runHere(
      ['export', run, '--format', 'merged', '--out', 'b', '--max_shard_size', '1.5MB', '--dtype', 'bfloat16', '--json'],
      folder,
    );
    expect(merged.code, merged.err).toBe(0);
    const { out, format, files } = merged.json().at(-1) ?? {};
    expect([out, format]).toEqual([join(folder, 'b'), 'merged']);
    expect(files).toContainEqual({ name: 'model-00002-of-00002.safetensors', bytes: expect.any(Number) });
    expect((await openCheckpoint(join(folder, 'b'))).model.modelType).toBe('llama');
  });

  it('exits with 1 and one sentence if it fails, and leaves nothing behind', async () => {
    const folder = await temporaryFolder();
    await cp(join(sampleFolder, 'model'), join(folder, 'model'), { recursive: true });
    const { code, err, json } = await program.runHere(
      ['export', 'model', '--format', 'gguf', '--out', 'out', '--json'],
      folder,
    );
    expect([code, err]).toEqual([1, expect.stringContaining('Export it with --format merged')]);
    expect(json().at(-1)).toMatchObject({ error: { code: 'no-adapter' } });
    expect(await readdir(folder)).toEqual(['model']);
  });

  it('leaves nothing behind after Ctrl+C', async () => {
    const folder = await temporaryFolder();
    await cp(join(sampleFolder, 'model'), join(folder, 'model'), { recursive: true });
    // A large tensor that is only copied, so that the export can be stopped in the middle.
    const big = { name: 'vision_tower.weight', shape: [30_000, 2000], data: new Float32Array(6e7) };
    await writeSafetensors(join(folder, 'model', 'more.safetensors'), [big]);
    await writeFile(
      join(folder, 'model', 'model.safetensors.index.json'),
      JSON.stringify({ weight_map: { a: 'model.safetensors', b: 'more.safetensors' } }),
    );
    const running = program.start(
      ['export', 'model', '--format', 'merged', '--out', 'out', '--dtype', 'float16', '--json'],
      folder,
    );
    running.child.stdout?.once('data', () => running.child.kill('SIGINT'));
    const { code, err } = await running.ended;
    expect([code, err]).toEqual([1, expect.stringMatching(/Stopped; .*out was not written/)]);
    expect(await readdir(folder)).toEqual(['model']);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});
