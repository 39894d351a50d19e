import { performance } from 'node:perf_hooks';

export interface BlockMonitor {
  /** Longest time, in milliseconds, for which the event loop did not turn. */
  stop(): Promise<number>;
}

const tickMs = 5;

/**
 * Watches the extension host's event loop: a timer that should fire every 5 ms measures how late it is.
 * Lateness caused by another process using the CPU is taken off: only the CPU time this process spent in the gap
 * counts.
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
