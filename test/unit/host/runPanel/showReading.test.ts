import { afterEach, expect, it, vi } from 'vitest';
import { failureOf } from '../../model/files';
import { must } from '../../../../src/base/pure/must';
import { showReading } from '../../../../src/host/runPanel/rewards/showReading';
import type { RewardColumns } from '../../../../src/run/rewardColumns/rewardColumns';

afterEach(() => void vi.useRealTimers());

/** A notification: its title, what it reported, and how to cancel it. */
function notices() {
  const seen: string[] = [];
  let cancel = (): void => undefined;
  const progress = async (title: string, task: (...given: never[]) => PromiseLike<unknown>): Promise<never> => {
    seen.push(title);
    const report = (message: string, increment: number): number => seen.push(`${message} (+${increment})`);
    const token = { onCancellationRequested: (listener: () => void) => (cancel = listener as () => undefined) };
    return (await task(...([report, token] as never[]))) as never;
  };
  return { seen, cancel: () => cancel(), show: showReading({ progress: progress as never, error: () => undefined }) };
}

it('rewards that are read within a second need no notification', async () => {
  const { seen, show } = notices();
  const columns = { count: 3 } as RewardColumns;
  expect(await show('/runs/one', 20, () => Promise.resolve(columns))).toBe(columns);
  expect(seen).toEqual([]);
});

it('a longer reading says how far it is, each percent once, and can be cancelled', async () => {
  vi.useFakeTimers();
  const { seen, cancel, show } = notices();
  let told: ((part: number) => void) | null = null;
  const reading = show('/runs/one', 20, (tell, signal) => {
    told = tell;
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  });
  const failure = failureOf(reading);
  await vi.advanceTimersByTimeAsync(1000);
  const tell = must<(part: number) => void>(told, 'the reading');
  for (const part of [0.001, 0.104, 0.109, 0.5]) tell(part);
  expect(seen).toEqual(['Reading the rewards of step 20 of one for the first time', '10 % (+10)', '50 % (+40)']);
  cancel();
  expect(await failure).toMatchObject({ code: 'reading-stopped' });
});
