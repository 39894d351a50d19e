import type { RoundRecord } from '../../run/rounds/types';
import type { AskedDraft } from './askDraft';
import { endpointFlags, endpointOf } from './endpointFlags';

/** The flags of `margin draft` for what a person has asked for. One seed decides on prompts and answers. */
export function draftFlags(asked: AskedDraft): readonly string[] {
  const { policy, endpoint, prompts, count, choice, k, temperature, seed, heldOut } = asked;
  const source =
    prompts.kind === 'typed'
      ? // A prompt may begin with dashes.
        prompts.prompts.map((text) => `--prompt=${text}`)
      : ['--prompts', prompts.file, ...(prompts.filter === '' ? [] : [`--filter=${prompts.filter}`])];
  return [
    ...[`--${policy.kind}`, policy.folder],
    ...(endpoint === null ? [] : ['--endpoint', endpoint.url, ...endpointFlags(endpoint)]),
    ...source,
    ...(count === null ? [] : ['--count', String(count)]),
    ...['--choice', choice, '--prompt_seed', String(seed)],
    ...['--k', String(k), '--temperature', String(temperature), '--seed', String(seed)],
    ...(heldOut === null ? [] : ['--held_out', heldOut]),
  ];
}

/**
 * The flags with which a drafting that was stopped goes on: `margin draft` takes the same settings only.
 *
 * @returns null for typed prompts, which no file has
 */
export function sameDraftFlags({ round, policy, prompts, drafts }: RoundRecord): readonly string[] | null {
  const { file, filter, count, seed, choice } = prompts;
  if (file === null) return null;
  const { model, checkpoint } = policy;
  // Later rounds draft with the model that the round before trained.
  const from = checkpoint === null ? ['--model', model] : ['--run', model, '--checkpoint', stepOf(checkpoint)];
  const drafter = endpointOf(policy);
  return [
    ...(drafter ? ['--endpoint', drafter.url, '--endpoint_model', drafter.model] : round === 1 ? from : []),
    ...['--prompts', file],
    ...(filter === null ? [] : [`--filter=${filter}`]),
    ...(count === null ? [] : ['--count', String(count)]),
    ...['--choice', choice, '--prompt_seed', String(seed)],
    ...['--k', String(drafts.k), '--temperature', String(drafts.temperature), '--top_p', String(drafts.top_p)],
    ...['--max_new_tokens', String(drafts.max_new_tokens), '--seed', String(drafts.seed)],
  ];
}

/** `50` of `step-000050`. */
function stepOf(checkpoint: string): string {
  return String(Number(checkpoint.replace(/^step-/, '')));
}
