import { join } from 'node:path';
import { hubCacheFolder, hubHome } from '../base/node/hubCacheFolder';
import { nullIfMissing } from '../base/node/jsonFile';
import { readSmallText } from '../base/node/smallFile';
import { MarginError } from '../base/pure/marginError';

/** How the Hub is reached. */
export interface HubSettings {
  /** Its address, without a slash at the end. */
  readonly endpoint: string;
  /** The folder of the cache that it shares with Python's huggingface_hub. */
  readonly cache: string;
  /** Null: nobody is logged in. */
  readonly token: string | null;
  /** Nothing is asked of the Hub; only what the cache has is used. */
  readonly offline: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

const publicHub = 'https://huggingface.co';
const maxTokenBytes = 4096;
/** As huggingface_hub reads a switch. */
const on = /^(1|on|yes|true)$/i;

/**
 * The settings by the variables of huggingface_hub (`constants.py`): `HF_ENDPOINT`, `HF_HUB_CACHE`, `HF_HOME`,
 * `HF_HUB_OFFLINE`; the token is `HF_TOKEN`, or that of `hf auth login`.
 *
 * @throws MarginError `hub-endpoint` | `hub-token`; those of a token file that cannot be read
 */
export async function hubSettings(env: Environment, home: string): Promise<HubSettings> {
  const endpoint = endpointOf(env['HF_ENDPOINT'] || publicHub);
  const token = await tokenOf(env, home);
  if (token !== null) checkToken(token, new URL(endpoint));
  const offline = on.test(env['HF_HUB_OFFLINE'] ?? '') || on.test(env['TRANSFORMERS_OFFLINE'] ?? '');
  return { endpoint, cache: hubCacheFolder(env, home), token, offline };
}

function endpointOf(text: string): string {
  const isAddress = /^https?:\/\//.test(text) && URL.canParse(text);
  const url = isAddress ? new URL(text) : null;
  // A name or password in an address would go into messages.
  if (url?.username === '' && url.password === '' && url.search === '') return url.href.replace(/\/+$/, '');
  throw new MarginError('hub-endpoint', 'HF_ENDPOINT is no address such as https://huggingface.co.');
}

async function tokenOf(env: Environment, home: string): Promise<string | null> {
  const given = env['HF_TOKEN'] || env['HUGGING_FACE_HUB_TOKEN'];
  const path = env['HF_TOKEN_PATH'] || join(hubHome(env, home), 'token');
  const text = given || (await nullIfMissing(readSmallText(path, maxTokenBytes)));
  return text === null || text.trim() === '' ? null : text.trim();
}

/** No message shows the token or a part of it. */
function checkToken(token: string, { protocol, hostname, origin }: URL): void {
  if (!/^hf_\w+$/.test(token))
    throw new MarginError('hub-token', 'The token of the Hub does not begin with hf_. Copy it again from its page.');
  const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  if (protocol === 'https:' || isHere) return;
  throw new MarginError('hub-token', `${origin} is not encrypted, so the token is not sent there. Use https.`);
}
