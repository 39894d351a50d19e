import { describe, expect, it } from 'vitest';
import { draftFlags, sameDraftFlags } from '../../../../src/host/rounds/draftFlags';
import { roundRecord } from '../../run/rounds/roundSamples';

describe('the flags of margin draft', () => {
  it('name the policy, the prompts with their filter, and one seed for prompts and answers', () => {
    const asked = { count: 20, choice: 'random', k: 2, temperature: 0.7, seed: 3, heldOut: '/held.jsonl' } as const;
    const prompts = { kind: 'file', file: '/p.jsonl', filter: 'margin:<0' } as const;
    const flags = draftFlags({ ...asked, prompts, policy: { kind: 'run', folder: '/run' }, endpoint: null });
    expect(flags.join(' ')).toBe(
      '--run /run --prompts /p.jsonl --filter=margin:<0 --count 20 --choice random --prompt_seed 3 ' +
        '--k 2 --temperature 0.7 --seed 3 --held_out /held.jsonl',
    );
  });

  it('give typed prompts one by one, and no filter for all rows', () => {
    const asked = { count: null, choice: 'active', k: 2, temperature: 1, seed: 0, heldOut: null } as const;
    const policy = { kind: 'model', folder: '/m' } as const;
    const typed = draftFlags({ ...asked, policy, endpoint: null, prompts: { kind: 'typed', prompts: ['a', '--b'] } });
    expect(typed.slice(0, 4)).toEqual(['--model', '/m', '--prompt=a', '--prompt=--b']);
    const all = draftFlags({
      ...asked,
      policy,
      endpoint: null,
      prompts: { kind: 'file', file: '/p.jsonl', filter: '' },
    });
    expect(all.join(' ')).not.toContain('--filter');
  });

  it('name an endpoint beside the model that is trained, and never its key', () => {
    const asked = { count: 20, choice: 'random', k: 2, temperature: 1, seed: 0, heldOut: null } as const;
    const prompts = { kind: 'file', file: '/p.jsonl', filter: '' } as const;
    const endpoint = { url: 'http://localhost:1/v1', model: 'm-1', key: 'sk-secret', prices: [0.5, 2] } as const;
    const flags = draftFlags({ ...asked, prompts, endpoint, policy: { kind: 'model', folder: '/m' } }).join(' ');
    expect(flags).toContain(
      '--model /m --endpoint http://localhost:1/v1 --endpoint_model m-1 --price_in 0.5 --price_out 2 --prompts',
    );
    expect(flags).not.toContain('sk-secret');
    const policy = { model: 'http://localhost:1/v1', checkpoint: 'm-1' };
    expect(sameDraftFlags({ ...roundRecord, policy })?.slice(0, 4)).toEqual([
      ...['--endpoint', 'http://localhost:1/v1', '--endpoint_model', 'm-1'],
    ]);
  });

  it('are the same when a stopped drafting goes on', () => {
    expect(sameDraftFlags(roundRecord)?.join(' ')).toBe(
      '--model /m --prompts /p.jsonl --count 20 --choice random --prompt_seed 0 --k 4 --temperature 0.8 --top_p 1 ' +
        '--max_new_tokens 64 --seed 0',
    );
    const run = { ...roundRecord, policy: { model: '/run', checkpoint: 'step-000050' } };
    expect(sameDraftFlags(run)?.slice(0, 4)).toEqual(['--run', '/run', '--checkpoint', '50']);
    expect(sameDraftFlags({ ...run, round: 2 })?.[0]).toBe('--prompts');
    expect(sameDraftFlags({ ...roundRecord, prompts: { ...roundRecord.prompts, file: null } })).toBeNull();
  });
});
