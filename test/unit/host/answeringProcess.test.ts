import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { MarginError } from '../../../src/base/pure/marginError';
import { AnsweringProcess } from '../../../src/host/answeringProcess';
import { temporaryFolder } from '../run/temporaryFolder';

/** A program that gives news and echoes each question; it never answers "wait". */
const program = `process.on('message', ({ id, asked }) => {
  process.send({ id, news: 'thinking' });
  if (asked !== 'wait') process.send({ id, found: [asked, process.argv[2], process.pid] });
});
process.on('disconnect', () => process.exit(0));
`;

type Found = readonly [asked: string, argument: string, pid: number];

async function opened(idleMs = 60_000): Promise<AnsweringProcess<string, Found>> {
  const script = join(await temporaryFolder(), 'program.cjs');
  await writeFile(script, program);
  const died = (reason: string): MarginError => new MarginError('died', reason);
  const answering = new AnsweringProcess<string, Found>({ argv: [script, '--flag'], idleMs, died });
  onTestFinished(() => answering.close());
  return answering;
}

it('a program gives news before its answer, and stays for the next question', async () => {
  const answering = await opened();
  const news: string[] = [];
  const [asked, argument, pid] = await answering.ask('a', (one) => news.push(one));
  expect([asked, argument, news]).toEqual(['a', '--flag', ['thinking']]);
  expect((await answering.ask('b'))[2]).toBe(pid);
});

it('a program that is closed refuses its questions with the reason, and the next one starts another', async () => {
  const answering = await opened();
  const [, , pid] = await answering.ask('a');
  const waiting = answering.ask('wait');
  const cancelled = new Error('cancelled');
  answering.close(cancelled);
  const again = answering.ask('b');
  await expect(waiting).rejects.toBe(cancelled);
  // The end of the first process does not touch the questions of the second.
  expect((await again)[2]).not.toBe(pid);
});

it('a program without questions ends after a while', async () => {
  const answering = await opened(50);
  const [, , pid] = await answering.ask('a');
  const isAlive = (): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  await expect.poll(isAlive, { timeout: 20_000 }).toBe(false);
  expect((await answering.ask('b'))[2]).not.toBe(pid);
});
