import { parseTrainConfig } from '../../../src/run/trainConfig';
import { runVersion } from '../../../src/run/types';
import type { Metrics, RunConfig, RunEvent, RunState } from '../../../src/run/types';

export function runConfig(change: Partial<RunConfig> = {}): RunConfig {
  const config = parseTrainConfig(
    '{"model_name_or_path": "model", "train_file": "pairs.jsonl"}',
    '/home/ada/sample.train.json',
  );
  return {
    version: runVersion,
    name: 'sample',
    created: new Date(2026, 10, 23, 15, 42).getTime(),
    config,
    data: { path: config.train_file, size: 1, sha256: 'aa' },
    guard: null,
    marks: [],
    model: [],
    versions: { margin: '0' },
    ...change,
  };
}

export function runState(change: Partial<RunState> = {}): RunState {
  return {
    version: runVersion,
    status: 'running',
    pid: process.pid,
    machine: null,
    heartbeat: Date.now(),
    step: 3,
    steps: 10,
    rows_read: null,
    eta: 1.5,
    pairs_per_second: 12,
    tokens_per_second: 900,
    best: null,
    memory: 1e8,
    error: null,
    ...change,
  };
}

export function trainEvent(step: number, metrics: Metrics): RunEvent {
  return { t: 1000 + step, step, kind: 'train', metrics };
}
