import { text as readAll } from 'node:stream/consumers';
import { MarginError } from '../../base/pure/marginError';
import { endpointAddress } from '../../rounds/endpoint/endpointAddress';
import { type ChatRequest, EndpointClient } from '../../rounds/endpoint/endpointClient';
import { editorModelPolicy } from '../../run/rounds/types';
import { agrees } from '../agrees';
import { type Arguments, flag, number, required, text, UsageError } from '../args';
import type { Output } from '../output';

/** The options of {@link endpointClient} and {@link confirmRequests}. */
export const endpointOptions = {
  endpoint_model: 'value',
  endpoint_timeout: 'value',
  key_stdin: 'flag',
  price_in: 'value',
  price_out: 'value',
  yes: 'flag',
} as const;

export const endpointHelp = `  --endpoint_model M    The name of the model at the endpoint.
  --endpoint_timeout S  Seconds in which a request must be answered; default 120.
  --key_stdin           Reads the key of the endpoint from stdin. Otherwise it comes from the environment variable
                        MARGIN_ENDPOINT_KEY; without one, no key is sent. It goes to the host of URL only.
  --price_in P          The price of a million tokens that are read, to say what the requests cost; with --price_out.
  --price_out P         The price of a million tokens that are written.
  --yes                 Sends without asking. Otherwise the first request is shown in full, with how many there are, and
                        nothing is sent before you agree.`;

/** The characters of a token of English text, about. */
const charactersPerToken = 4;
const maxKeyLength = 4096;

/**
 * A client for an endpoint. The key is never an argument, which other users of the machine could see.
 *
 * @param url the address, or `vscode-lm` for a language model of VS Code
 * @throws UsageError; MarginError `bad-endpoint`; `no-editor-model`
 */
export async function endpointClient(url: string, args: Arguments, output: Output): Promise<EndpointClient> {
  const model = required(args, 'endpoint_model');
  if (url === editorModelPolicy) return editorModelClient(args, output);
  const timeoutMs = 1000 * number(args, 'endpoint_timeout', 120, { min: 1, max: 86_400 });
  const address = endpointAddress(url, model, flag(args, 'key_stdin') ? await keyOfStdin() : keyOfEnvironment());
  return new EndpointClient(address, { timeoutMs, onWait: (line) => output.say(line) });
}

/** A client for a language model of VS Code, whose extension host answers at an address of its own. */
function editorModelClient(args: Arguments, output: Output): EndpointClient {
  const model = required(args, 'endpoint_model');
  const bridge = process.env.MARGIN_EDITOR_MODELS;
  if (bridge === undefined)
    throw new MarginError(
      'no-editor-model',
      `Only VS Code can ask the language model ${model}: draft from the Round tab.`,
      { model },
    );
  const timeoutMs = 1000 * number(args, 'endpoint_timeout', 120, { min: 1, max: 86_400 });
  const address = endpointAddress(bridge, model, keyOfEnvironment());
  return new EndpointClient(address, { timeoutMs, onWait: (line) => output.say(line), editorModel: model });
}

function keyOfEnvironment(): string | null {
  const key = process.env.MARGIN_ENDPOINT_KEY?.trim();
  return key === undefined || key === '' ? null : key;
}

async function keyOfStdin(): Promise<string> {
  const key = (await readAll(process.stdin)).trim();
  if (key !== '' && key.length <= maxKeyLength) return key;
  throw new UsageError('--key_stdin: stdin has no key');
}

/** Requests that are about to be sent. */
export interface PlannedRequests {
  readonly client: EndpointClient;
  readonly requests: readonly ChatRequest[];
}

/** What some requests take at most. Tokens that are read are estimated from the characters. */
export interface RequestsPrice {
  readonly requests: number;
  readonly tokens_in: number;
  readonly tokens_out: number;
  /** In the currency of the prices; null if no price was given. */
  readonly price: number | null;
}

/** @throws UsageError */
export function priceOf(requests: readonly ChatRequest[], args: Arguments): RequestsPrice {
  const characters = requests.reduce(
    (sum, { messages }) => sum + messages.reduce((length, { content }) => length + content.length, 0),
    0,
  );
  const tokensIn = Math.ceil(characters / charactersPerToken);
  const tokensOut = requests.reduce((sum, { max_tokens: most }) => sum + most, 0);
  const given = ['price_in', 'price_out'].filter((name) => text(args, name) !== null);
  if (given.length === 1) throw new UsageError('give both --price_in and --price_out, or neither');
  const rate = (name: string): number => number(args, name, 0, { min: 0 });
  const price = (rate('price_in') * tokensIn + rate('price_out') * tokensOut) / 1e6;
  return {
    requests: requests.length,
    tokens_in: tokensIn,
    tokens_out: tokensOut,
    price: given.length > 0 ? price : null,
  };
}

/**
 * Shows the first request in full, how many there are and what they cost, and asks whether to send them.
 *
 * @throws MarginError `not-confirmed`
 */
export async function confirmRequests(
  { client, requests }: PlannedRequests,
  args: Arguments,
  output: Output,
): Promise<void> {
  const [first] = requests;
  if (first === undefined) return;
  const price = priceOf(requests, args);
  if (flag(args, 'json')) output.json({ request: { endpoint: client.name, first, ...price } });
  output.say(`The first of ${price.requests.toLocaleString('en')} requests to ${client.name}:`);
  output.say(JSON.stringify(first, null, 2));
  const cost = price.price === null ? '' : `, ${price.price.toFixed(4)} at the given prices`;
  output.say(
    `In all about ${price.tokens_in.toLocaleString('en')} tokens to read, and at most ${price.tokens_out.toLocaleString('en')} to write${cost}. ${aboutKey(client)}`,
  );
  if (flag(args, 'yes') || (await agrees(output, 'Send them?'))) return;
  throw new MarginError('not-confirmed', 'Nothing was sent. Give --yes to send the requests.');
}

function aboutKey({ address: { key }, isSeeded }: EndpointClient): string {
  if (!isSeeded) return 'It takes no seed, so another run gives other answers.';
  return key === null ? 'No key is sent.' : 'The key is sent to this host only.';
}
