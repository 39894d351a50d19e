import { Session, type Profiler } from 'node:inspector/promises';

/**
 * Measures with V8's sampling profiler how much of a thread's time goes to TypeScript, including garbage collection.
 * The rest goes to ONNX Runtime, whose runs block the thread that calls them.
 *
 * @returns the share, 0 to 1
 */
export async function scriptShare(work: () => Promise<unknown>): Promise<number> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  await work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  return shareOf(profile);
}

/** True for a script's file except ONNX Runtime's. There, and in functions without a file, native code is running. */
const isScript = (url: string): boolean => /^(file|node):/.test(url) && !/onnxruntime-(node|common)/.test(url);
/** Waiting, and the call that started the sampling. */
const unrelated = new Set(['(idle)', 'dispatch']);

function shareOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): number {
  const frames = new Map(nodes.map((node) => [node.id, node.callFrame]));
  let [script, all] = [0, 0];
  samples.forEach((id, i) => {
    const { functionName = '', url = '' } = frames.get(id) ?? {};
    if (unrelated.has(functionName)) return;
    const time = timeDeltas[i] ?? 0;
    all += time;
    if (isScript(url) || functionName === '(garbage collector)') script += time;
  });
  return script / all;
}
