import { HubClient } from '../../../src/hub/hubClient';
import { hubSettings } from '../../../src/hub/hubSettings';
import type { PullOptions } from '../../../src/hub/pull';
import { parseRepo } from '../../../src/hub/repo';
import type { HubServer } from '../../hub/hubServer';

/** A model with one file of LFS, and others that Margin does not need. */
export const modelContents = {
  'config.json': '{"model_type": "llama"}',
  'tokenizer.json': '{}',
  'chat_template.jinja': '{{ messages }}',
  'model.safetensors': pattern(60_000),
  'pytorch_model.bin': pattern(20_000),
  'onnx/model.onnx': pattern(20_000),
  'README.md': '# Tiny',
};

/** Bytes that differ from place to place, so that a piece in a wrong place is found. */
export function pattern(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 255));
}

export const wantsAll: PullOptions = { revision: null, file: null, config: null, split: null };

export interface Asked {
  readonly id?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly onWait?: (text: string) => void;
}

/** A client of a test server whose cache is in a folder. */
export async function clientOf(hub: HubServer, home: string, asked: Asked = {}): Promise<HubClient> {
  const { id = 'org/tiny', env = {}, signal = new AbortController().signal, onWait = () => undefined } = asked;
  const settings = await hubSettings({ HF_ENDPOINT: hub.endpoint, ...env }, home);
  return new HubClient(settings, parseRepo(id), { signal, onWait });
}
