import { Session, type Profiler } from 'node:inspector/promises';

/**
 * The part of a piece of work's time that went into TypeScript, garbage collection included, and not into ONNX Runtime,
 * whose runs block the thread they are called from: by V8's sampling of that thread.
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

/** A script's file, but for ONNX Runtime's own: there, and in functions without a file, a native run is under way. */
const isScript = (url: string): boolean => /^(file|node):/.test(url) && !/onnxruntime-(node|common)/.test(url);
/** Waiting, and the call by which the sampling itself was started. */
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
