import { describe, expect, it } from 'vitest';
import { estimateKey } from '../../../../src/host/trainForm/estimateKey';
import { parseTrainConfig } from '../../../../src/run/trainConfig';

const config = (keys: object) =>
  parseTrainConfig(JSON.stringify({ model_name_or_path: 'm', train_file: 'd.jsonl', ...keys }), '/data/x.train.json');

describe('the estimate of a config', () => {
  it('stays for an edit that changes neither time nor memory, and goes for one that does', () => {
    const key = estimateKey(config({}));
    expect(estimateKey(config({ learning_rate: 1e-4, seed: 7, run_name: 'a' }))).toBe(key);
    expect(estimateKey(config({ per_device_train_batch_size: 2 }))).not.toBe(key);
    expect(estimateKey(config({ use_peft: true }))).not.toBe(key);
    expect(estimateKey(config({ train_file: 'e.jsonl' }))).not.toBe(key);
  });
});
