import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roundPaths } from '../../src/run/rounds/paths';
import type { Judgement } from '../../src/run/rounds/types';
import { accessibilityProblems } from './accessible';
import { Workbench } from './driver';
import { makeRounds } from './roundFolder';
import { themes } from './themes';

/** Models run, and other tests beside this one. */
const patience = 90_000;

describe('a round', () => {
  let workbench: Workbench;
  let view: Frame;
  let folder: string;
  const press = (...keys: string[]): Promise<void> => workbench.press(...keys);
  const shows = (words: string | RegExp): Promise<void> => view.getByText(words).first().waitFor();
  const where = (words: string | RegExp): Promise<void> => view.locator('.where', { hasText: words }).waitFor();
  const marked = (mark: string): ReturnType<Frame['locator']> => view.locator(`.card.${mark}`);
  const judgements = (): Judgement[] =>
    readFileSync(roundPaths.judgements(folder, 3), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Judgement)
      .filter(({ judge }) => judge === 'person');

  /** Requests to the endpoint, which says `A` to a judge and drafts another answer each time. */
  const requests: string[] = [];
  const answerRequest = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = JSON.stringify(await json(request));
    requests.push(asked);
    const content = asked.includes('A or B') ? 'A' : `Answer ${requests.length}.`;
    response.end(JSON.stringify({ choices: [{ message: { content }, finish_reason: 'stop' }] }));
  };
  const endpoint = createServer((request, response) => {
    answerRequest(request, response).catch((error: unknown) => response.destroy(new Error(String(error))));
  });
  const port = (): number => {
    const address = endpoint.address();
    return typeof address === 'object' && address ? address.port : 0;
  };
  const type = async (prompt: string, text: string): Promise<void> => {
    await workbench.page.locator('.quick-input-message', { hasText: prompt }).waitFor();
    await workbench.quickInput.fill(text);
    await press('Enter');
  };
  const nameEndpoint = async (key: string): Promise<void> => {
    await workbench.pick('A Model at an Endpoint…');
    await type('Address of an OpenAI-compatible endpoint', `http://127.0.0.1:${port()}/v1`);
    await type('Name of the model', 'far-1');
    await type('Price of a million tokens', '1 / 2');
    await workbench.pick(key);
  };

  /** With keys, because the tooltip of the first choice lies over the second one. */
  const answerSend = async (send: boolean): Promise<void> => {
    await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Send Nothing' }).waitFor();
    await workbench.quickInput.focus();
    await press(...(send ? [] : ['ArrowDown']), 'Enter');
    await workbench.quickInput.waitFor({ state: 'hidden' });
  };

  beforeAll(async () => {
    endpoint.listen(0, '127.0.0.1');
    await once(endpoint, 'listening');
    workbench = await Workbench.open({ settings: { 'margin.reviewer': 'ann' } });
    await workbench.activity('Margin').click();
  });
  afterAll(async () => {
    endpoint.close();
    await workbench?.close();
  });

  it('begins with drafts of a model, which are judged with one key each', async () => {
    await workbench.command('Margin: Next Round…');
    for (const answer of [
      'model',
      'prefs.jsonl',
      '20 prompts',
      'At Random',
      '2 answers a prompt',
      'Temperature 1',
      'Seed 0',
    ])
      await workbench.pick(answer);
    await workbench.pick('heldout.jsonl');
    view = await workbench.view('.card', patience, 'Round: model');
    await view.locator('.step.done', { hasText: 'Draft 40 answers to 20 prompts' }).waitFor({ timeout: patience });
    await view.locator('.queue').focus();
    await press('1');
    await where('prompt 2 of');
    await press('2');
    await where('prompt 3 of');
    await press('Shift+1');
    await where('prompt 4 of');
    await view.getByRole('button', { name: 'Train round 1 · 3 new pairs' }).waitFor();
  });

  it('lets a model judge the same drafts, to compare it with the person', async () => {
    await view.getByRole('button', { name: 'Judge with…' }).click();
    await workbench.pick('A Model on This Machine…');
    await workbench.pick('model');
    await view
      .locator('.judges', { hasText: /model:model.*both orders.*agrees with you/ })
      .waitFor({ timeout: patience });
  });

  it('sends drafts to a judge at an endpoint only after the first request was shown in full', async () => {
    for (const send of [false, true]) {
      await workbench.tab('Round: model').click();
      view = await workbench.view('.card', patience, 'Round: model');
      await view.getByRole('button', { name: 'Judge with…' }).click();
      await nameEndpoint('No Key');
      await workbench.page.locator('.tab', { hasText: 'First request.txt' }).first().waitFor({ timeout: patience });
      await workbench.page.locator('.view-lines', { hasText: 'requests to http://127.0.0.1' }).first().waitFor();
      expect(requests).toEqual([]);
      if (send) await workbench.shoot('round-endpoint');
      await answerSend(send);
      if (!send) await workbench.notification('Nothing was sent.');
      await workbench.clearNotifications();
    }
    await workbench.tab('Round: model').click();
    view = await workbench.view('.card', patience, 'Round: model');
    await view.locator('.judges', { hasText: /far-1.*both orders/ }).waitFor({ timeout: patience });
  });

  it('appends the judged pairs to a data set as one step, in the shape of its rows', async () => {
    await view.getByRole('button', { name: 'Append pairs…' }).click();
    await workbench.pick('prefs.jsonl');
    const pairs = await workbench.view('.pair-row', patience, 'Pairs of prefs.jsonl');
    await pairs.locator('.counts', { hasText: '605' }).waitFor();
    await workbench.notification('3 pairs of round 1 at the end of prefs.jsonl, not saved yet.');
    await workbench.clearNotifications();
    await pairs.locator('.pair-row').first().click();
    await press('Control+z');
    await pairs.locator('.counts', { hasText: '602' }).waitFor();
  });

  it('trains the round on them, measures it, and offers the next one', async () => {
    await workbench.tab('Round: model').click();
    view = await workbench.view('.card', patience, 'Round: model');
    await view.getByRole('button', { name: 'Train round 1 · 3 new pairs' }).click();
    await workbench.pick('Train with the Base as the Reference');
    await workbench.pick('Half Old Pairs');
    await workbench.pick('prefs.jsonl');
    await workbench.pick('Nobody');
    await view.locator('.step.done', { hasText: 'Measure' }).waitFor({ timeout: 2 * patience });
    await view.getByRole('button', { name: 'Next round…' }).waitFor();
    expect(await view.locator('.round-table tbody tr').count()).toBe(2);
  });

  it('drafts the next round at an endpoint, for the model that the last round trained', async () => {
    await view.getByRole('button', { name: 'Next round…' }).click();
    await nameEndpoint('No Key');
    for (const answer of ['prefs.jsonl', '20 prompts', '2 answers a prompt', 'Temperature 1', 'Seed 0'])
      await workbench.pick(answer);
    const before = requests.length;
    await workbench.page.getByText('Send 40 Requests').first().waitFor({ timeout: patience });
    await answerSend(true);
    await workbench.tab('Round: model').click();
    view = await workbench.view('.card', patience, 'Round: model');
    await shows(`policy: far-1 at 127.0.0.1:${port()}`);
    await view.locator('.step.done', { hasText: 'Draft 40 answers to 20 prompts' }).waitFor({ timeout: patience });
    expect(requests).toHaveLength(before + 40);
  });

  it('shows its steps, the line of rounds, a judge, and drafts without rewards', async () => {
    folder = makeRounds(workbench.folder, 'sample');
    await workbench.command('Margin: Open Round…');
    await workbench.pick('sample');
    view = await workbench.view('.card', patience, 'Round: sample');
    await shows('policy: round 2 · step-000420 → reference: base (model)');
    await shows('Draft 24 answers to 6 prompts');
    await shows('Drop 1 that repeat another');
    await view.locator('.round-table td', { hasText: '80.0 74–85' }).waitFor();
    await view.locator('.judges', { hasText: 'both orders: changes its mind in 17 %' }).waitFor();
    await where('prompt 1 of 6 · chosen at random (seed 7)');
    expect(await view.locator('.card').count()).toBe(4);
    expect(await view.getByText(/^reward [+−0-9]/).count()).toBe(0);
  });

  it('takes one key a decision, and goes to the next prompt', async () => {
    await view.locator('.queue').focus();
    await press('1');
    await marked('best').waitFor();
    await view.getByRole('status').filter({ hasText: 'Now the worst: Shift and its number.' }).waitFor();
    await press('Shift+4');
    await where('prompt 2 of 6');
    await press('t');
    await where('prompt 3 of 6');
    await press('b');
    await where('prompt 4 of 6');
    await press('x');
    await where('prompt 5 of 6');
    expect(judgements().map(({ verdict, by }) => [verdict, by])).toEqual(
      ['ranked', 'tie', 'all-bad', 'skipped'].map((verdict) => [verdict, 'ann']),
    );
    await view.locator('.step', { hasText: 'Judge 3 of 6' }).waitFor();
    await view.getByRole('button', { name: 'Train round 3 · 1 new pair' }).waitFor();
  });

  it('takes decisions back with U and Ctrl+Z, and shows the prompt again', async () => {
    await press('u');
    await where('prompt 4 of 6');
    await press('Control+z');
    await where('prompt 3 of 6');
    expect(
      judgements()
        .slice(-2)
        .map(({ verdict }) => verdict),
    ).toEqual(['withdrawn', 'withdrawn']);
    await view.locator('.step', { hasText: 'Judge 2 of 6' }).waitFor();
  });

  it('lets a text be edited, which is then the chosen one; clicks do what keys do', async () => {
    await view.locator('.card').nth(1).locator('.mark.best').click();
    await marked('best').waitFor();
    await press('e');
    const field = view.locator('textarea.text');
    await field.fill('Because blue light bounces around more than red light.');
    await press('Control+Enter');
    await marked('best').filter({ hasText: 'edited' }).waitFor();
    await view.locator('.card').nth(0).locator('.mark.worst').click();
    await where('prompt 4 of 6');
    expect(judgements().at(-1)).toMatchObject({
      verdict: 'ranked',
      edited: { text: 'Because blue light bounces around more than red light.' },
    });
  });

  it('shows rewards after judging, if the person wants them', async () => {
    await press('r');
    await view.getByRole('button', { name: 'Rewards shown' }).waitFor();
    expect(await view.getByText('reward −').count()).toBe(0);
    await press('2', 'Shift+3');
    await view.getByText('reward +0.50').waitFor();
    await where('prompt 4 of 6');
    await view.locator('.judges', { hasText: 'agrees with you' }).waitFor();
    await workbench.shoot('round');
    await press('k');
    await where('prompt 3 of 6');
    await press('j', 'j');
    await where('prompt 5 of 6');
  });

  it('looks right in four themes and in a narrow window', async () => {
    await press('k', 'k', 'k', 'k');
    await where('prompt 1 of 6');
    await view.getByText('reward +0.50').waitFor();
    for (const theme of themes) {
      await workbench.theme(theme);
      await view.locator('.card').first().waitFor();
      await workbench.shoot(`round-${theme.toLowerCase().replaceAll(' ', '-')}`);
      expect(await accessibilityProblems(view)).toEqual([]);
    }
    await workbench.page.setViewportSize({ width: 600, height: 900 });
    await view.locator('.card').first().waitFor();
    await workbench.shoot('round-600');
    expect(await view.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await workbench.page.setViewportSize({ width: 1280, height: 800 });
  });
});
