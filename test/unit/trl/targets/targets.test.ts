import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { builtInTemplates } from '../../../../src/trl/targets/builtIn';
import { findTarget, findTargets, targetsPath } from '../../../../src/trl/targets/findTargets';
import { newHandle, readHandle, writeHandle } from '../../../../src/trl/targets/handle';
import { startLines } from '../../../../src/trl/targets/startScript';
import { asTemplate, checkedSetting, filled, filledCommand, shellWord } from '../../../../src/trl/targets/template';
import { isTrusted, trust } from '../../../../src/trl/targets/trust';
import { temporaryFolder } from '../../run/temporaryFolder';

const runner = join(import.meta.dirname, 'standInRunner.cjs');

async function workspace(targets: unknown): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, '.margin', 'runs', 'a run'), { recursive: true });
  await writeFile(targetsPath(folder), JSON.stringify(targets));
  return folder;
}

beforeEach(async () => void vi.stubEnv('XDG_CACHE_HOME', await temporaryFolder()));
afterEach(() => void vi.unstubAllEnvs());

describe('a target', () => {
  it('has settings and changes of a template, and is seen from the folders below', async () => {
    const folder = await workspace({
      cluster: { template: 'slurm', settings: { partition: 'gpu', gpus: 8 }, change: { poll: 10 } },
    });
    const found = await findTarget(join(folder, '.margin', 'runs', 'a run'), 'cluster');
    expect(found).toMatchObject({ kind: 'slurm', settings: { partition: 'gpu', gpus: '8' }, template: { poll: 10 } });
    expect((await findTargets(folder)).map(({ name }) => name)).toContain('slurm');
  });

  it('counts as untested when its template is changed', async () => {
    const folder = await workspace({ a: { template: 'slurm' }, b: { template: 'slurm', change: { poll: 3 } } });
    expect((await findTarget(folder, 'a')).template.tested).toBe(true);
    expect((await findTarget(folder, 'b')).template.tested).toBe(false);
  });

  it('is named in the error for a name that is nearly right', async () => {
    const error = await findTarget(await temporaryFolder(), 'slrum').catch((one: unknown) => one);
    expect(error).toMatchObject({
      code: 'unknown-target',
      message: expect.stringContaining('Did you mean slurm?') as string,
    });
  });

  it.each([
    [{ local: { template: 'slurm' } }, 'name of this machine'],
    [{ a: { template: 'pbs' } }, 'needs a template'],
    [{ a: { template: 'slurm', settings: { queue: 'x' } } }, 'the setting queue'],
    [{ a: { template: 'slurm', settings: { partition: '--wrap=reboot' } } }, 'must not begin with a dash'],
    [{ a: { template: 'slurm', settings: { partition: 'x\n#SBATCH --uid=0' } } }, 'one line'],
    [{ a: { template: 'slurm', change: { submit: 'sbatch x' } } }, 'list of texts in submit'],
    [{ a: { template: 'slurm', change: { job: '(' } } }, 'regular expression in job'],
    [{ a: { template: 'slurm', change: { files: { '../x.sh': [] } } } }, 'name ../x.sh'],
  ])('%j is refused', async (targets, why) => {
    await expect(findTargets(await workspace(targets))).rejects.toThrow(why);
  });

  it('of a file is used only after the user allowed it, and again only as it was', async () => {
    const folder = await workspace({ mine: { template: 'slurm', settings: { partition: 'gpu' } } });
    const target = await findTarget(folder, 'mine');
    expect(await isTrusted(target)).toBe(false);
    await trust(target);
    expect(await isTrusted(target)).toBe(true);
    expect(await isTrusted({ ...target, settings: { partition: 'other' } })).toBe(false);
    expect(await isTrusted({ ...target, template: { ...target.template, cancel: ['reboot'] } })).toBe(false);
    expect(await isTrusted(await findTarget(folder, 'slurm'))).toBe(true);
  });
});

describe('a template', () => {
  it.each(builtInTemplates.map((template) => [template.name, template] as const))(
    '%s has a value for each placeholder, and a phase for each kind of end',
    (_, template) => {
      expect(asTemplate(structuredClone(template))).toEqual(template);
      const values = { ...template.settings, run: '/r', folder: '/r', name: 'r', job: '1', nodes: '1', body: ':' };
      const all = { ...values, project: '/p', runs: "'/r'", last: '0', index: '0' };
      for (const command of [template.submit, template.status, template.cancel, ...template.send, ...template.fetch])
        expect(filledCommand(command, all).length).toBeGreaterThan(0);
      for (const line of Object.values(template.files).flat()) filled(line, all);
      expect(Object.values(template.phases)).toEqual(expect.arrayContaining(['running', 'done', 'failed']));
    },
  );

  it('leaves out what has an empty setting, and quotes words for a shell', () => {
    expect(filledCommand(['a', '--p={p}', '{r|sh}'], { p: '', r: "it's" })).toEqual(['a', `'it'\\''s'`]);
    expect(() => filled('{x}', {})).toThrow('placeholder {x}');
    expect(shellWord('$(id)')).toBe(`'$(id)'`);
    expect(checkedSetting('gpus', 8)).toBe('8');
  });
});

describe('a handle', () => {
  it('is read back, and refused if its job could be an option or its template is wrong', async () => {
    const folder = await temporaryFolder();
    const target = await findTarget(folder, 'slurm');
    await writeHandle(folder, { ...newHandle(target), job: '12_3' });
    expect(await readHandle(folder)).toMatchObject({ job: '12_3', phase: 'waiting', target: { name: 'slurm' } });
    await writeHandle(folder, { ...newHandle(target), job: '--all' });
    await expect(readHandle(folder)).rejects.toThrow('not the id of a job');
    await expect(readHandle(await temporaryFolder())).rejects.toThrow('is on no target');
  });
});

describe.skipIf(process.platform === 'win32')('a start script', () => {
  it('asks the trainer to save and stop when the target wants its machine back', async () => {
    const folder = join(await temporaryFolder(), `it's a run`);
    await mkdir(join(folder, 'trl'), { recursive: true });
    const job = { command: [process.execPath, runner, '1000', '50'], environment: { A: `'"$x` }, nodes: 1 };
    const lines = [...startLines(job, 'ssh', { folder, setup: 'echo "setup: $A"' }), 'exit "$code"'];
    await writeFile(join(folder, 'trl', 'start.sh'), lines.join('\n'));
    const bash = spawn('bash', [join(folder, 'trl', 'start.sh')], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(bash, 'exit');
    let printed = '';
    bash.stdout.on('data', (text: Buffer) => (printed += text.toString()));
    const events = (): Promise<string> => readFile(join(folder, 'events.jsonl'), 'utf8');
    await vi.waitFor(async () => expect(await events()).toContain('"step":2'), { timeout: 60_000 });
    bash.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(await events()).toContain('"kind":"checkpoint"');
    expect(printed).toContain(`setup: '"$x`);
    expect(await readFile(join(folder, 'trl', 'exit-code.txt'), 'utf8')).toBe('0\n');
  }, 90_000);

  it('starts the launcher on each machine with its number, and where the first one is', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'trl'));
    await writeFile(join(folder, 'accelerate'), '#!/bin/bash\necho "$@"\n', { mode: 0o755 });
    // Starts two tasks, as srun on two machines.
    const srun = '#!/bin/bash\nfor SLURM_NODEID in 0 1; do export SLURM_NODEID; "$@"; done\n';
    await writeFile(join(folder, 'srun'), srun, { mode: 0o755 });
    const command = ['accelerate', 'launch', '--config_file', 'accelerate.yaml', 'runner.py', 'job.json'];
    const job = { command, environment: {}, nodes: 2 };
    const lines = startLines(job, 'slurm', { folder, setup: `PATH='${folder}':$PATH; export SLURM_JOB_ID=7` });
    const printed = execFileSync('bash', ['-c', lines.join('\n')], { encoding: 'utf8', env: process.env });
    const start = 'launch --config_file accelerate.yaml --machine_rank';
    const rest = `--main_process_ip ${hostname()} --main_process_port 20007 runner.py job.json`;
    expect(printed.trim().split('\n')).toEqual([`${start} 0 ${rest}`, `${start} 1 ${rest}`]);
    expect(() => startLines(job, 'ssh', { folder })).toThrow('takes one machine');
  });
});
