import { createInterface } from 'node:readline';
import type { Output } from './output';

/** Asks on a terminal; without one the answer is no. @param question `Send them?` */
export async function agrees(output: Output, question: string): Promise<boolean> {
  if (process.stdin.isTTY !== true) return false;
  output.say(`${question} (y/N)`);
  const lines = createInterface({ input: process.stdin });
  try {
    for await (const line of lines) return /^y(es)?$/i.test(line.trim());
    return false;
  } finally {
    lines.close();
  }
}
