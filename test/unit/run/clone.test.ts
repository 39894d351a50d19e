import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clonedKeys } from '../../../src/run/clone';
import { parseTrainConfig } from '../../../src/run/trainConfig';

describe('the clone of a run', () => {
  const written = {
    model_name_or_path: 'model',
    train_file: 'pairs.jsonl',
    beta: 0.25,
    loss_type: ['sigmoid', 'ipo'],
    use_peft: true,
    run_name: 'first',
  };

  it('has the keys that differ from the defaults, with paths relative to its folder, and no name', () => {
    const config = parseTrainConfig(JSON.stringify(written), '/home/ada/a.train.json');
    const { run_name: _, ...kept } = written;
    expect(clonedKeys(config, '/home/ada')).toEqual(kept);
  });

  it('reads as the same config, from any folder and for every trainer', () => {
    for (const trainer of ['dpo', 'kto', 'cpo', 'orpo'])
      for (const folder of ['/home/ada', '/home/ada/deep/er', '/']) {
        const keys = { model_name_or_path: 'model', train_file: 'pairs.jsonl', trainer, eval_file: '../held.jsonl' };
        const config = parseTrainConfig(JSON.stringify(keys), '/home/ada/a.train.json');
        const again = parseTrainConfig(JSON.stringify(clonedKeys(config, folder)), join(folder, 'a.train.json'));
        expect(again, `${trainer} in ${folder}`).toEqual(config);
      }
  });
});
