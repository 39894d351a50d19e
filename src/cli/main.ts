import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { complain, runCommandLine } from './commandLine';
import { Output } from './output';

const output = new Output(process.stdout, process.stderr);
const programs = dirname(realpathSync(process.argv[1] ?? '.'));
runCommandLine(process.argv.slice(2), { output, cwd: process.cwd(), programs }).then(
  async (code) => {
    await output.drain();
    process.exitCode = code;
  },
  (error: unknown) => {
    process.exitCode = complain(error, '', [], output);
  },
);
