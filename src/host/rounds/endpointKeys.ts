import * as vscode from 'vscode';
import { pickOne } from '../quickSteps';

/** A model at an OpenAI-compatible endpoint. */
export interface Endpoint {
  readonly url: string;
  readonly model: string;
  /** Null: no key is sent. */
  readonly key: string | null;
  /** Prices of a million tokens that are read and written; null if they are not known. */
  readonly prices: readonly [read: number, written: number] | null;
}

/** What is remembered of the last endpoint. Keys are in VS Code's secret storage only. */
interface Remembered {
  readonly url: string;
  readonly model: string;
  readonly prices: string;
}

const rememberedKey = 'endpoint';
const title = 'Margin: Endpoint';

/** Asks for endpoints, and keeps their keys in VS Code's secret storage, one for each server. */
export class EndpointKeys {
  constructor(
    private readonly secrets: vscode.SecretStorage,
    private readonly memory: vscode.Memento,
  ) {}

  /** @returns null if the person closed a field or list */
  async ask(): Promise<Endpoint | null> {
    const before = this.memory.get<Remembered>(rememberedKey, { url: '', model: '', prices: '' });
    const url = await input(
      'Address of an OpenAI-compatible endpoint, such as http://localhost:8080/v1',
      before.url,
      badUrl,
    );
    if (url === null) return null;
    const model = await input('Name of the model at the endpoint', before.model, (text) =>
      text.trim() === '' ? 'A model has a name.' : null,
    );
    if (model === null) return null;
    const prices = await input(
      'Price of a million tokens, read / written, such as 0.15 / 0.60. Leave it empty if it costs nothing or is unknown',
      before.prices,
      (text) => (text.trim() === '' || pricesIn(text) ? null : 'Two numbers with a slash between them, or nothing.'),
    );
    if (prices === null) return null;
    const key = await this.askKey(new URL(url).origin);
    if (key === undefined) return null;
    await this.memory.update(rememberedKey, { url, model, prices } satisfies Remembered);
    return { url, model, key, prices: pricesIn(prices) };
  }

  /** A server that drafts already, for more drafts. @returns null if the person closed a field or list */
  async again(url: string, model: string): Promise<Endpoint | null> {
    const key = await this.askKey(new URL(url).origin);
    return key === undefined ? null : { url, model, key, prices: null };
  }

  /** @returns null for no key; undefined if the person closed the list or field */
  private async askKey(origin: string): Promise<string | null | undefined> {
    const name = `margin.endpoint ${origin}`;
    const stored = await this.secrets.get(name);
    const items = [
      ...(stored === undefined ? [] : [{ label: 'Use the Stored Key', value: 'stored' as const }]),
      { label: 'Enter a Key…', description: 'kept in the secret storage of VS Code', value: 'enter' as const },
      { label: 'No Key', description: 'for a server on this machine', value: 'none' as const },
    ];
    const picked = await pickOne(items, { title, placeHolder: `The key for ${origin}. It is sent there only` });
    if (picked?.value === 'stored') return stored;
    if (picked?.value === 'none') return null;
    if (!picked) return undefined;
    const key = await vscode.window.showInputBox({
      title,
      prompt: `Key for ${origin}`,
      password: true,
      ignoreFocusOut: true,
    });
    if (key === undefined || key.trim() === '') return undefined;
    await this.secrets.store(name, key.trim());
    return key.trim();
  }
}

async function input(
  prompt: string,
  value: string,
  validateInput: (text: string) => string | null,
): Promise<string | null> {
  const text = await vscode.window.showInputBox({ title, prompt, value, validateInput, ignoreFocusOut: true });
  return text === undefined ? null : text.trim();
}

function badUrl(text: string): string | null {
  return /^https?:\/\/[^\s/]+/.test(text.trim()) && URL.canParse(text.trim())
    ? null
    : 'An address begins with http:// or https://';
}

function pricesIn(text: string): Endpoint['prices'] {
  const [read, written] = text.split('/').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (read === undefined || written === undefined || !(read >= 0) || !(written >= 0)) return null;
  return [read, written];
}
