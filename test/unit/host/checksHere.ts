import { identityOf } from '../../../src/host/pairEditor/node/identityOf';
import { checkRows, type RowChecker } from '../../../src/host/pairEditor/rowChecker';

/** Checks rows without a thread. */
export const checksHere: RowChecker = {
  ahead: 2,
  look: async (lines, reading) => checkRows(lines, reading, identityOf),
};
