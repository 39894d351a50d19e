import { MarginError } from '../../base/pure/marginError';

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const chatPath = '/chat/completions';

/** Where an OpenAI-compatible server answers chats. */
export interface EndpointAddress {
  readonly url: URL;
  readonly model: string;
  /** Sent as a bearer token; null: none. */
  readonly key: string | null;
}

/**
 * Checks an address that a person gave, such as `http://localhost:8080/v1`. A key goes over plain HTTP to this machine
 * only.
 *
 * @throws MarginError `bad-endpoint`
 */
export function endpointAddress(given: string, model: string, key: string | null): EndpointAddress {
  const refuse = (what: string): never => {
    throw new MarginError('bad-endpoint', `${given} ${what}`, { endpoint: given });
  };
  if (!URL.canParse(given)) return refuse('is no address: give one such as http://localhost:8080/v1.');
  const url = new URL(given);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return refuse('must begin with http:// or https://.');
  if (url.username !== '' || url.password !== '')
    return refuse('has a name or password in it: leave it out, and give the key in MARGIN_ENDPOINT_KEY.');
  if (key !== null && url.protocol === 'http:' && !loopback.test(url.hostname))
    return refuse('would get the key over plain HTTP, where others can read it: use https://, or leave the key out.');
  if (key !== null && !/^[\x21-\x7e]+$/.test(key)) return refuse('cannot get a key with spaces or other signs.');
  if (!url.pathname.endsWith(chatPath)) url.pathname = `${url.pathname.replace(/\/+$/, '')}${chatPath}`;
  return { url, model, key };
}
