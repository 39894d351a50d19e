import { isRecord } from '../../base/pure/isRecord';

/** The first request to an endpoint, and what all of them take, as `margin judge --json` prints it. */
export interface PlannedRequests {
  readonly endpoint: string;
  readonly first: unknown;
  readonly requests: number;
  readonly tokens_in: number;
  readonly tokens_out: number;
  readonly price: number | null;
}

/** The text of a person's question before requests are sent. */
export function requestText({ endpoint, first, ...rest }: PlannedRequests): string {
  return [
    `The first of ${rest.requests.toLocaleString('en')} requests to ${endpoint}, in full:`,
    '',
    JSON.stringify(first, null, 2),
    '',
    ...(isRecord(first) && !('seed' in first)
      ? [
          'The model takes no seed, so another run gives other answers. VS Code does not say whether one was cut short.',
          '',
        ]
      : []),
    takes(rest),
  ].join('\n');
}

/** What the requests take, in sentences. */
export function takes(planned: Omit<PlannedRequests, 'endpoint' | 'first'>): string {
  const { requests, tokens_in: read, tokens_out: written, price } = planned;
  const cost =
    price === null ? 'The price is not known.' : `At the given prices they cost at most ${price.toFixed(4)}.`;
  const [all, into, out] = [requests, read, written].map((count) => count.toLocaleString('en'));
  return `All ${all} requests have about ${into} tokens to read and at most ${out} to write. ${cost}`;
}
