import { errorCode, errorMessage } from '../../base/pure/marginError';
import { TokenProgram } from './tokenProgram';
import type { TokenReply, TokenRequest } from './messages';

/**
 * The tokens program: a process that shows rows as the trainer sees them. It reads requests from the channel to the
 * process that started it, and ends when that process does.
 */
const program = new TokenProgram();

process.on('disconnect', () => process.exit(0));
process.on('message', ({ id, asked }: TokenRequest) => {
  const reply = (answer: TokenReply): void => void process.send?.(answer);
  program.answer(asked).then(
    (found) => reply({ id, found }),
    (error: unknown) => reply({ id, code: errorCode(error) ?? null, message: errorMessage(error) }),
  );
});
