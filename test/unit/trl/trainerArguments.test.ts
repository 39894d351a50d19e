import { describe, expect, it } from 'vitest';
import { keys } from '../../../src/run/keys/keys';
import { checkTrainConfig, parseTrainConfig } from '../../../src/run/trainConfig';
import type { TrainConfig } from '../../../src/run/types';
import { accelerateYaml } from '../../../src/trl/accelerate';
import { requirementsOf } from '../../../src/trl/requirements';
import { keyFates, trainerArguments } from '../../../src/trl/trainerArguments';

const required = { backend: 'trl', model_name_or_path: 'model', train_file: 'pairs.jsonl' };
const config = (more: object = {}): TrainConfig =>
  parseTrainConfig(JSON.stringify({ ...required, ...more }), '/data/x.train.json');
const problems = (more: object): readonly string[] =>
  checkTrainConfig(JSON.stringify({ ...required, ...more }), '/data/x.train.json').problems.map(
    ({ message }) => message,
  );

describe('the keys of a run of TRL', () => {
  it('each has a fate', () => {
    expect(Object.keys(keyFates).sort()).toEqual(keys.map(({ name }) => name).sort());
  });

  it('each that is an argument changes the arguments of some trainer', () => {
    const others: Readonly<Record<string, unknown>> = {
      loss_type: ['ipo'],
      loss_weights: [0.5],
      f_divergence_type: 'forward_kl',
      lr_scheduler_type: 'cosine',
      metric_for_best_model: 'rewards/margins',
      greater_is_better: true,
      device: 'cuda',
      mixed_precision: 'bf16',
    };
    for (const [name, fate] of Object.entries(keyFates)) {
      if (fate !== 'argument') continue;
      const base = (['dpo', 'kto', 'cpo', 'orpo'] as const).map((trainer) => ({
        ...config({ metric_for_best_model: 'loss', eval_file: 'e.jsonl', eval_steps: 5 }),
        trainer,
      }));
      const value = base.map((one) => (one as unknown as Record<string, unknown>)[name])[0];
      const plain = typeof value === 'boolean' ? !value : typeof value === 'number' ? value + 3 : 0.25;
      const changed = base.map((one) => ({ ...one, [name]: name in others ? others[name] : plain }));
      const differs = base.some(
        (one, i) =>
          JSON.stringify(trainerArguments(one, true)) !== JSON.stringify(trainerArguments(changed[i] ?? one, true)),
      );
      expect(differs, name).toBe(true);
    }
  });

  it.each([
    [{ cdpo_label_smoothing: 0.1 }, 'cdpo_label_smoothing does not work with backend: trl'],
    [{ sync_ref_model: true }, 'sync_ref_model does not work with backend: trl'],
    [{ adapter_name_or_path: 'a', use_peft: true, ref_model: 'base' }, 'ref_model does not work with backend: trl'],
    [{ eval_file: 'e.jsonl', guard_file: 'g.txt' }, 'guard_file does not work with backend: trl'],
    [{ eval_file: 'e.jsonl', sample_prompts_file: 'g.txt' }, 'sample_prompts_file does not work with backend: trl'],
    [{ per_token_metrics: true }, 'per_token_metrics does not work with backend: trl'],
    [{ reward_steps: 5 }, 'reward_steps does not work with backend: trl'],
    [
      { load_best_model_at_end: true, eval_file: 'e.jsonl', eval_steps: 5 },
      'load_best_model_at_end does not work with backend: trl',
    ],
    [{ device: 'webgpu' }, 'device "webgpu" is not one of TRL’s'],
    [{ model_name_or_path: 'm.gguf' }, 'backend: trl needs a model folder'],
    [{ dtype: 'bfloat16', use_peft: true }, 'dtype "bfloat16" does not work with backend: trl on the CPU'],
    [{ mixed_precision: 'bf16' }, 'mixed_precision "bf16" needs device: cuda'],
    [{ load_in_4bit: true, use_peft: true }, 'load_in_4bit (QLoRA) needs device: cuda'],
    [{ num_processes: 2 }, 'num_processes above 1 needs a distributed_type'],
    [{ distributed_type: 'FSDP' }, 'distributed_type "FSDP" needs device: cuda'],
    [{ distributed_type: 'MULTI_CPU', num_processes: 3, num_machines: 2 }, 'must be a multiple of num_machines'],
    [{ trainer: 'cpo', max_length: null }, 'max_length must be a number'],
  ])('%o is refused by name', (more, message) => {
    expect(problems(more).join('\n')).toContain(message);
  });

  it('are refused with Margin’s own trainer', () => {
    expect(problems({ backend: 'margin', load_in_4bit: true }).join()).toContain('load_in_4bit needs backend: trl');
    expect(problems({ backend: 'margin', target: 'cluster' }).join()).toContain('target needs backend: trl');
  });
});

describe('what TRL gets', () => {
  it('each trainer gets its own arguments only', () => {
    expect(trainerArguments(config({ loss_type: ['sigmoid', 'sft'], loss_weights: [1, 0.1] }), false)).toMatchObject({
      loss_type: ['sigmoid', 'sft'],
      loss_weights: [1, 0.1],
      truncation_mode: 'keep_start',
      eval_strategy: 'no',
      bf16: false,
      use_cpu: true,
      report_to: 'none',
    });
    const simpo = trainerArguments(
      config({ trainer: 'cpo', loss_type: 'simpo', cpo_alpha: 0, simpo_gamma: 1.4, beta: 2.5 }),
      false,
    );
    expect(simpo).toMatchObject({ loss_type: 'simpo', cpo_alpha: 0, simpo_gamma: 1.4, beta: 2.5 });
    expect(simpo).not.toHaveProperty('loss_weights');
    expect(trainerArguments(config({ trainer: 'orpo' }), false)).not.toHaveProperty('loss_type');
  });

  it('evaluations are at eval_steps, and the best one by a metric with eval_', () => {
    const keysOf = { eval_file: 'e.jsonl', eval_steps: 5, metric_for_best_model: 'rewards/accuracies' };
    expect(trainerArguments(config(keysOf), true)).toMatchObject({
      eval_strategy: 'steps',
      eval_steps: 5,
      metric_for_best_model: 'eval_rewards/accuracies',
      greater_is_better: true,
    });
  });

  it('accelerate gets processes, machines and what splits the model', () => {
    const many = {
      device: 'cuda',
      distributed_type: 'DEEPSPEED',
      zero_stage: 3,
      num_processes: 16,
      num_machines: 2,
      main_process_ip: 'node-1',
      main_process_port: 29500,
      mixed_precision: 'bf16',
    };
    const yaml = accelerateYaml(config(many));
    for (const line of ['zero_stage: 3', 'zero3_init_flag: true', 'num_machines: 2', 'main_process_ip: "node-1"'])
      expect(yaml).toContain(line);
    expect(accelerateYaml(config({ device: 'cuda', distributed_type: 'FSDP', num_processes: 2 }))).toContain(
      'fsdp_version: 2',
    );
  });

  it('a host cannot add lines to accelerate’s file', () => {
    const yaml = accelerateYaml(config({ distributed_type: 'MULTI_CPU', main_process_ip: 'a\nuse_cpu: false' }));
    expect(yaml).toContain('main_process_ip: "a\\nuse_cpu: false"');
  });

  it('every package is pinned', () => {
    const text = requirementsOf({ load_in_4bit: true, distributed_type: 'DEEPSPEED' });
    expect(
      text
        .trimEnd()
        .split('\n')
        .filter((line) => !/^[a-z]+==[\d.]+$/.test(line)),
    ).toEqual([]);
  });
});
