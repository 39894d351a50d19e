import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { MarginError } from '../../../../src/base/pure/marginError';
import { type BridgedModel, type BridgedRequest, ModelBridge } from '../../../../src/host/rounds/modelBridge';
import { requestText } from '../../../../src/host/rounds/plannedRequests';
import { readDrafts } from '../../../../src/run/rounds/lines';
import { readRounds } from '../../../../src/run/rounds/record';
import { CommandLine } from '../../cli/commandLine';
import type { Ended } from '../../cli/program';

const program = new CommandLine();
const base = resolve('media/sample/model');
const folder = (name: string): string => join(program.folder, '.margin', 'rounds', name);
const draft = (name: string): string[] => [
  ...['draft', name, '--model', base, '--prompt', 'What is 2 plus 2?', '--k', '2', '--temperature', '1'],
  ...['--max_new_tokens', '40', '--endpoint', 'vscode-lm', '--endpoint_model', 'copilot-x', '--json'],
];

async function bridged(answer: BridgedModel): Promise<{ readonly bridge: ModelBridge; readonly address: string }> {
  const bridge = new ModelBridge(answer);
  onTestFinished(() => bridge.close());
  const address = await bridge.listen();
  return { bridge, address };
}

/** `margin` as the extension host starts it. */
function run({ bridge, address }: Awaited<ReturnType<typeof bridged>>, argv: readonly string[]): Promise<Ended> {
  vi.stubEnv('MARGIN_EDITOR_MODELS', address);
  vi.stubEnv('MARGIN_ENDPOINT_KEY', bridge.key);
  return program.runHere([...argv]);
}

describe('a language model of VS Code', () => {
  it('drafts through the extension host: nothing before a person agrees, then with its id and without a seed', async () => {
    const asked: BridgedRequest[] = [];
    const model = await bridged((request) => {
      asked.push(request);
      return Promise.resolve({ text: `four ${asked.length}`, tokens: 2 });
    });
    const look = await run(model, draft('editor'));
    expect([look.code, asked]).toEqual([1, []]);
    const planned = look.json()[0]?.['request'] as Parameters<typeof requestText>[0];
    expect(planned).toMatchObject({ endpoint: 'the language model copilot-x of VS Code', requests: 2 });
    expect(planned.first).not.toHaveProperty('seed');
    expect(requestText(planned)).toContain('The model takes no seed');
    const { code, err } = await run(model, [...draft('editor'), '--yes']);
    expect(code, err).toBe(0);
    expect(asked[0]).toEqual({
      messages: [{ role: 'user', content: 'What is 2 plus 2?' }],
      options: { temperature: 1, top_p: 1, max_tokens: 40 },
    });
    const { lines, damaged } = await readDrafts(join(folder('editor'), 'round-1', 'drafts.jsonl'));
    expect(damaged).toBe(0);
    expect(lines).toMatchObject([
      { model: 'vscode-lm', checkpoint: 'copilot-x', seed: null, tokens: 2 },
      { draft: 1, seed: null },
    ]);
    const policy = { model: 'vscode-lm', checkpoint: 'copilot-x' };
    expect(await readRounds(folder('editor'))).toMatchObject({ base, rounds: [{ policy }] });
  });

  it('that a person has not allowed ends the drafting with what VS Code said', async () => {
    const refusal = new MarginError('editor-model', 'Margin may not use it: you did not allow it.');
    const model = await bridged(() => Promise.reject(refusal));
    const { code, err } = await run(model, [...draft('refused'), '--yes']);
    expect(code).toBe(1);
    expect(err).toContain('you did not allow it');
    expect(model.bridge.failure).toBe(refusal);
  });

  it('is asked from VS Code only', async () => {
    const { code, err } = await program.runHere(draft('none'));
    expect([code, err]).toEqual([1, expect.stringContaining('Only VS Code can ask the language model copilot-x')]);
  });

  it('answers nobody without its key, and stops when nobody waits', async () => {
    const ended = vi.fn<() => void>();
    const { bridge, address } = await bridged(
      (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            ended();
            reject(new Error('cancelled'));
          });
        }),
    );
    const ask = (key: string, signal: AbortSignal | null = null): Promise<Response> =>
      fetch(`${address}/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
        body: JSON.stringify({ model: 'copilot-x', messages: [{ role: 'user', content: 'a' }] }),
        signal,
      });
    expect((await ask('guessed')).status).toBe(401);
    await expect(ask(bridge.key, AbortSignal.timeout(200))).rejects.toThrow();
    await vi.waitFor(() => expect(ended).toHaveBeenCalledOnce());
    expect(bridge.failure).toBeNull();
  });
});
