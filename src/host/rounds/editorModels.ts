import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { editorModelPolicy } from '../../run/rounds/types';
import { pickOne } from '../quickSteps';
import type { Endpoint } from './endpointKeys';
import { type BridgedAnswer, type BridgedRequest, ModelBridge } from './modelBridge';

/** How long extensions may take to name their models. */
const offerMs = 5000;
const title = 'Margin: Language Models of VS Code';
const why = 'Margin drafts answers to your prompts with this model. Each request was announced and counted before.';

/** The language models that VS Code offers, such as those of Copilot. None where its API is absent. */
export class EditorModels {
  /** Whether there is one now. */
  async isOffered(): Promise<boolean> {
    return (await offered()).length > 0;
  }

  /** @returns null if the person closed the list */
  async ask(): Promise<Endpoint | null> {
    const models = await offered();
    const items = models.map(({ id, name, vendor, family, maxInputTokens }) => ({
      label: name,
      description: `${vendor} · ${family}`,
      id,
      detail: `reads ${maxInputTokens.toLocaleString('en')} tokens · takes no seed`,
    }));
    const picked = await pickOne(items, { title, placeHolder: 'Which model drafts answers?' });
    return picked ? this.endpoint(picked.id) : null;
  }

  /** A model that drafts already, for more drafts. */
  endpoint(id: string): Endpoint {
    return { url: editorModelPolicy, model: id, key: null, prices: null };
  }

  /**
   * Lets a process ask a model while some work goes on.
   *
   * @param work gets the variables that the process needs
   * @throws MarginError `no-editor-model`; `editor-model` with what VS Code says, such as a missing consent; those of
   *   the work
   */
  async serve<T>(id: string, work: (env: Readonly<Record<string, string>>) => Promise<T>): Promise<T> {
    const model = (await offered()).find((one) => one.id === id);
    if (!model)
      throw new MarginError('no-editor-model', `VS Code does not offer the language model ${id} now.`, { id });
    const bridge = new ModelBridge((request, signal) => ask(model, request, signal));
    try {
      return await work({ MARGIN_EDITOR_MODELS: await bridge.listen(), MARGIN_ENDPOINT_KEY: bridge.key });
    } catch (error) {
      // The process knows only that a request failed. What VS Code said is the reason.
      throw bridge.failure ?? error;
    } finally {
      bridge.close();
    }
  }
}

async function offered(): Promise<readonly vscode.LanguageModelChat[]> {
  // An editor that is built on VS Code may lack the API.
  const { lm } = vscode as Partial<typeof vscode>;
  if (lm?.selectChatModels === undefined) return [];
  // Extensions with models are started first. One that does not answer must not keep the person waiting.
  const ending = new AbortController();
  const late = sleep(offerMs, [], { signal: ending.signal }).catch(() => []);
  const models = await Promise.race([lm.selectChatModels(), late]);
  ending.abort();
  return models;
}

async function ask(
  model: vscode.LanguageModelChat,
  { messages, options }: BridgedRequest,
  signal: AbortSignal,
): Promise<BridgedAnswer> {
  const { User, Assistant } = vscode.LanguageModelChatMessage;
  const turns = messages.map(({ role, content }) => (role === 'assistant' ? Assistant(content) : User(content)));
  const cancelling = new vscode.CancellationTokenSource();
  signal.addEventListener('abort', () => cancelling.cancel());
  try {
    const response = await model.sendRequest(turns, { justification: why, modelOptions: options }, cancelling.token);
    let text = '';
    for await (const part of response.text) text += part;
    return { text, tokens: await model.countTokens(text) };
  } catch (error) {
    throw signal.aborted ? new vscode.CancellationError() : plainError(model, error);
  } finally {
    cancelling.dispose();
  }
}

/** What a failure means, in a sentence. */
function plainError({ name, id }: vscode.LanguageModelChat, error: unknown): MarginError {
  const said = error instanceof Error ? error.message : String(error);
  const code = error instanceof vscode.LanguageModelError ? error.code : '';
  const { NoPermissions, Blocked, NotFound } = vscode.LanguageModelError;
  const reasons: Readonly<Record<string, string>> = {
    [NoPermissions().code]:
      `Margin may not use ${name}: you did not allow it. Draft again and allow it, or choose another model.`,
    [Blocked().code]: `${name} answers no more requests now: its quota is used up, or a filter refused the prompt.`,
    [NotFound().code]: `${name} is gone: VS Code does not offer it any more.`,
  };
  const reason = reasons[code] ?? `${name} did not answer.`;
  return new MarginError('editor-model', `${reason} VS Code says: ${said}`, { id, code });
}
