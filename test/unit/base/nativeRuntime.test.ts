import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { requireRuntime } from '../../../src/base/node/nativeRuntime';

const native = `bin/napi-v6/${process.platform}/${process.arch}`;

describe('an installation without ONNX Runtime for this platform', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'margin-no-runtime-'));
    // It hides an onnxruntime-node of a folder above, and fails as that does on a platform without files.
    const runtime = join(folder, 'node_modules/onnxruntime-node');
    mkdirSync(runtime, { recursive: true });
    writeFileSync(join(runtime, 'package.json'), '{"name": "onnxruntime-node"}');
    writeFileSync(join(runtime, 'index.js'), `require('./${native}/onnxruntime_binding.node')`);
    for (const name of ['cli.js', 'trainer.js']) cpSync(join(inject('programs'), name), join(folder, name));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const cli = (...argv: readonly string[]) =>
    spawnSync(process.execPath, [join(folder, 'cli.js'), ...argv], { encoding: 'utf8' });

  it('lists formats on the command line', () => {
    expect(cli('formats')).toMatchObject({ status: 0, stderr: '' });
  });

  it('refuses to score, and says which platform has none and what still works', () => {
    const sample = resolve('media/sample');
    const { status, stderr } = cli('score', join(sample, 'prefs.jsonl'), '--model', join(sample, 'model'));
    expect(status).toBe(1);
    expect(stderr).toContain(`no ONNX Runtime for ${process.platform}-${process.arch}`);
    expect(stderr).toContain('It can edit, check, compare and convert pairs');
  });

  it('refuses to train, sweep and draft before it makes a folder', () => {
    const sample = resolve('media/sample');
    const config = join(sample, 'sample.train.json');
    const into = ['--output_dir', join(folder, 'runs')];
    const calls = [
      ['train', config, ...into],
      ['train', config, '--queue', ...into],
      ['sweep', config, '--grid', 'beta=0.1,0.2', ...into],
      ['draft', 'n', '--model', join(sample, 'model'), '--prompt', 'a', '--rounds_dir', join(folder, 'rounds')],
    ];
    for (const call of calls) expect(cli(...call, '--json').stdout).toMatch(/^\{"error":\{"code":"no-runtime"/);
    expect(['runs', 'sweeps', 'rounds'].filter((name) => existsSync(join(folder, name)))).toEqual([]);
  });

  it('does not refuse a training with TRL, which goes on to look for its target', () => {
    const config = join(folder, 'a.train.json');
    const sample = resolve('media/sample');
    const files = { model_name_or_path: join(sample, 'model'), train_file: join(sample, 'prefs.jsonl') };
    writeFileSync(config, JSON.stringify({ ...files, backend: 'trl', target: 'nowhere' }));
    const { status, stderr } = cli('train', config, '--output_dir', join(folder, 'trl'));
    expect(status).toBe(1);
    expect(stderr).toContain('nowhere');
    expect(stderr).not.toContain('ONNX Runtime');
  });

  it('is noticed without loading anything', () => {
    expect(() => requireRuntime(folder)).toThrow(expect.objectContaining({ code: 'no-runtime' }));
    mkdirSync(join(folder, 'node_modules/onnxruntime-node', native), { recursive: true });
    writeFileSync(join(folder, 'node_modules/onnxruntime-node', native, 'onnxruntime_binding.node'), '');
    expect(() => requireRuntime(folder)).not.toThrow();
  });
});
