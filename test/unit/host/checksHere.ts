import { CheckProgram } from '../../../src/host/pairEditor/node/checkProgram';
import { questionOf } from '../../../src/host/pairEditor/node/checkThreads';
import type { RowChecker } from '../../../src/host/pairEditor/pageWork';

const program = new CheckProgram();

/** Checks rows without a thread. */
export const checksHere: RowChecker = {
  ahead: 2,
  check: (file, page, asked) =>
    file.lend(async (fd) => {
      const answer = program.answer({ ...(await questionOf(file, page, asked)), fd });
      if (answer === 'changed') throw file.changed();
      return answer;
    }),
};
