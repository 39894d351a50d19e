import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { ChatTabs } from '../../src/host/chat/chatTabs';
import { fileCommands } from '../../src/host/commands/files';
import { sweepCommands } from '../../src/host/commands/sweeps';
import { TokenRewardsTab } from '../../src/host/tokenRewards/tokenRewardsTab';
import { RateTest } from '../../src/host/trainForm/rateTest';
import { type Starting, starting } from './starting';
import { until } from './until';

const nextStep = /has no ONNX Runtime .* install the package of Margin for your platform/s;
const refused = { code: 'no-runtime', message: nextStep };
const onTarget = { backend: 'trl', target: 'mine', use_peft: true };

describe('what starts a training', () => {
  let output: vscode.LogOutputChannel;
  let at: Starting;
  let cache: string | undefined;

  beforeEach(async () => {
    output = vscode.window.createOutputChannel('starting test', { log: true });
    at = await starting(await mkdtemp(join(tmpdir(), 'margin-starting-')), output);
    // Here it is written which targets the person trusts.
    cache = process.env['XDG_CACHE_HOME'];
    process.env['XDG_CACHE_HOME'] = join(at.folder, 'cache');
  });
  afterEach(async () => {
    if (cache === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = cache;
    at.dispose();
    output.dispose();
    await rm(at.folder, { recursive: true });
  });

  describe('in a package without ONNX Runtime, says so before it asks anything, with the next step:', () => {
    afterEach(() => deepEqual(at.notices.asked, []));

    it('a run', async () => {
      await rejects(
        at.starter.start(await at.config({}), () => undefined),
        refused,
      );
      equal(existsSync(join(at.folder, 'runs')), false);
    });

    it('a run that is resumed, queued or scored', async () => {
      const run = await at.stopped({});
      for (const work of ['resume', 'queue', 'score'] as const) await rejects(at.starter[work](run), refused);
      deepEqual(await readdir(run), ['config.json']);
    });

    it('a sweep, and the scoring of a file', async () => {
      await rejects(sweepCommands(at.services)['margin.sweep'](await at.config({})), refused);
      await rejects(async () => fileCommands(at.services)['margin.score'](undefined), refused);
    });

    it('a chat, and rewards of tokens', async () => {
      const { extension, notices } = at;
      await rejects(new ChatTabs({ extension, notices } as never).open(null), refused);
      const tab = new TokenRewardsTab({ extension, notices } as never);
      await rejects(tab.showPair(await at.stopped({}), null, {} as never), refused);
    });

    it('the test of learning rates', async () => {
      const file = await at.config({});
      const test = new RateTest(at.extension, file.fsPath, () => undefined);
      try {
        test.start((await vscode.workspace.openTextDocument(file)).getText());
        await until('the test has failed', () => test.state.kind === 'failed');
        match(JSON.stringify(test.state), /has no ONNX Runtime/);
      } finally {
        test.dispose();
      }
    });
  });

  describe('on a target of the folder that is not trusted yet, shows its commands and asks:', () => {
    beforeEach(async () => {
      await mkdir(join(at.folder, '.margin'));
      const mine = { template: 'slurm', settings: { partition: 'gpu' } };
      await writeFile(join(at.folder, '.margin', 'targets.json'), JSON.stringify({ mine }));
    });
    function wasAsked(times: number): void {
      equal(at.notices.asked.length, times);
      const last = at.notices.asked.at(-1);
      match(last?.question ?? '', /^Train on mine\? This target comes from a file of this folder/);
      match(last?.detail ?? '', /sbatch --parsable/);
    }

    it('Resume', async () => {
      const run = await at.stopped(onTarget);
      await at.starter.resume(run);
      wasAsked(1);
      // Nothing was started, and nothing is remembered.
      deepEqual(await readdir(run), ['config.json']);
      equal(existsSync(join(at.folder, 'cache')), false);
      await at.starter.resume(run);
      wasAsked(2);
    });

    it('Sweep…', async () => {
      await sweepCommands(at.services)['margin.sweep'](await at.config(onTarget));
      wasAsked(1);
      equal(existsSync(join(at.folder, 'runs')), false);
    });

    it('and goes on, and asks no more, once the person allowed it', async () => {
      const run = await at.stopped(onTarget);
      const [asked] = [at.notices.asked];
      ok(await at.starter.allowsTargetOf(await at.config({ backend: 'margin' })));
      equal(asked.length, 0);
      at.notices.answer = 'Trust This Target';
      // The stand-in of the package has no program to start.
      await at.starter.resume(run).catch(() => undefined);
      wasAsked(1);
      ok(await at.starter.allowsTargetOf(await at.config(onTarget)));
      wasAsked(1);
      await writeFile(
        join(at.folder, '.margin', 'targets.json'),
        JSON.stringify({ mine: { template: 'slurm', settings: { partition: 'other' } } }),
      );
      at.notices.answer = undefined;
      equal(await at.starter.allowsTargetOf(await at.config(onTarget)), false);
      wasAsked(2);
    });
  });
});
