import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at } from '../../src/base/pure/must';
import { seededRandom } from '../../src/base/pure/seededRandom';
import { eventLine } from '../../src/run/eventLines';
import type { RunEvent } from '../../src/run/types';

/** Replaces the events of the only run in a folder of runs with those of a long run. @returns the folder of the run */
export function makeLong(runs: string, steps: number): string {
  const folder = join(runs, at(readdirSync(runs), 0));
  const random = seededRandom(7);
  const noise = (size: number): number => size * (random() - 0.5);
  const events = Array.from({ length: steps }, (_, i): RunEvent => {
    const done = (i + 1) / steps;
    const margin = 1.4 * done ** 0.5 + noise(0.4);
    const chosen = -0.2 * done + noise(0.2);
    return {
      t: 1_700_000_000_000 + 250 * i,
      step: i + 1,
      kind: 'train',
      metrics: {
        loss: i === 500 ? 40 : 0.69 - 0.4 * done + noise(0.1),
        'rewards/chosen': chosen,
        'rewards/rejected': chosen - margin,
        'rewards/margins': margin,
        'rewards/accuracies': Math.min(1, 0.5 + 0.4 * done ** 0.3 + noise(0.1)),
        'logps/chosen': -58 - 4 * done + noise(2),
        'logps/rejected': -60 - 30 * done + noise(2),
        grad_norm: 1 + noise(0.8),
        learning_rate: 5e-5 * (1 - done),
        entropy: i === 900 ? Number.NaN : 1.3 - 0.1 * done + noise(0.05),
        num_tokens: 240 * (i + 1),
      },
    };
  });
  writeFileSync(join(folder, 'events.jsonl'), events.map((event) => `${eventLine(event)}\n`).join(''));
  const state = JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8')) as object;
  writeFileSync(join(folder, 'state.json'), JSON.stringify({ ...state, step: steps, steps }));
  return folder;
}
