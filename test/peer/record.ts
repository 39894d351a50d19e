import { resolve } from 'node:path';
import { openPeer } from './environment';
import { goldenFolder, recordRequest } from './goldens';
import { runPython } from './python';

/** `npm run record`: records test/golden again, after a change of the sample's model or of the runs in record.py. */
async function main(): Promise<void> {
  const peer = await openPeer(console.log);
  if ('missing' in peer) throw new Error(peer.missing);
  const names = (await runPython(
    peer.python,
    'peer/record.py',
    recordRequest(resolve(goldenFolder)),
  )) as readonly string[];
  console.log(`${names.length} runs written to ${goldenFolder}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
