import { expect, it } from 'vitest';
import { OnDemand } from '../../../../src/host/parts/onDemand';

it('makes nothing until it is asked, and then once', async () => {
  let made = 0;
  const parts = new OnDemand(async () => ++made);
  parts.whenMade(() => undefined);
  expect([parts.known, made]).toEqual([null, 0]);
  expect(await Promise.all([parts.get(), parts.get()])).toEqual([1, 1]);
  expect([parts.known, await parts.get()]).toEqual([1, 1]);
});

it('tells who waits for it before who asks has it, and later ones at once', async () => {
  const told: string[] = [];
  const parts = new OnDemand(async () => 'parts');
  parts.whenMade((made) => told.push(`first ${made}`));
  told.push(`asked ${await parts.get()}`);
  parts.whenMade((made) => told.push(`second ${made}`));
  expect(told).toEqual(['first parts', 'asked parts', 'second parts']);
});

it('keeps an error, because half of it may be there', async () => {
  let tries = 0;
  const parts = new OnDemand(async () => {
    throw new Error(`try ${++tries}`);
  });
  await expect(parts.get()).rejects.toThrow('try 1');
  await expect(parts.get()).rejects.toThrow('try 1');
  expect(parts.known).toBeNull();
});
