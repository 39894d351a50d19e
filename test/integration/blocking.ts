import { performance } from 'node:perf_hooks';

export interface BlockMonitor {
  /** Stops watching. @returns the longest block of the event loop in milliseconds */
  stop(): Promise<number>;
}

const tickMs = 5;

/**
 * Watches the extension host's event loop with a timer that should fire every 5 ms. A late timer counts only as far as
 * this process used the CPU meanwhile, so other processes do not distort the result.
 */
export function watchBlocking(): BlockMonitor {
  let longest = 0;
  let last = performance.now();
  let cpu = process.cpuUsage();
  const look = (): void => {
    const now = performance.now();
    const spent = process.cpuUsage(cpu);
    longest = Math.max(longest, Math.min(now - last - tickMs, (spent.user + spent.system) / 1000));
    last = now;
    cpu = process.cpuUsage();
  };
  const timer = setInterval(look, tickMs);
  return {
    stop: async () => {
      await new Promise((resolve) => setTimeout(resolve, tickMs));
      clearInterval(timer);
      look();
      return longest;
    },
  };
}
