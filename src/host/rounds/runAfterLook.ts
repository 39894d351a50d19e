import { errorCode } from '../../base/pure/marginError';
import { pickOne } from '../quickSteps';
import type { ReadOnlyTexts } from '../readOnlyTexts';
import type { Endpoint } from './endpointKeys';
import { type PlannedRequests, requestText, takes } from './plannedRequests';
import type { RoundWork, WorkOptions } from './roundWork';

/**
 * Runs a command that may ask a model at an endpoint. What goes to it is shown before: the first request in full, with
 * count and price.
 *
 * @returns false if the person wants no request sent
 * @throws those of `RoundWork.run`
 */
export async function runAfterLook(
  work: RoundWork,
  texts: Pick<ReadOnlyTexts, 'show'>,
  endpoint: Endpoint | null,
  options: WorkOptions,
): Promise<boolean> {
  const { argv } = options;
  if (endpoint === null) {
    await work.run(options);
    return true;
  }
  const env = { ...options.env, ...(endpoint.key === null ? {} : { MARGIN_ENDPOINT_KEY: endpoint.key }) };
  const planned = await plan(work, { ...options, argv, env });
  if (planned === null) return true;
  await texts.show({ name: 'First request.txt', text: requestText(planned) });
  const send = { label: `Send ${planned.requests.toLocaleString('en')} Requests`, detail: takes(planned) };
  const picked = await pickOne([send, { label: 'Send Nothing', detail: '' }], {
    title: `Margin: ${planned.endpoint}`,
    placeHolder: 'The first request is shown in full in the editor',
  });
  if (picked?.label !== send.label) return false;
  await work.run({ ...options, argv: [...argv, '--yes'], env });
  return true;
}

/** What would be sent; null if there is nothing to ask. */
async function plan(work: RoundWork, options: WorkOptions): Promise<PlannedRequests | null> {
  let planned: PlannedRequests | null = null;
  try {
    await work.run({
      ...options,
      title: 'Counting requests',
      onLine: (line) => {
        if ('request' in line) planned = line['request'] as PlannedRequests;
      },
    });
  } catch (error) {
    if (errorCode(error) !== 'not-confirmed') throw error;
  }
  return planned;
}
