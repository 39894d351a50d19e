import { errorCode, errorMessage } from '../base/pure/marginError';

/** A question from the process that started this one. */
interface Asked<Question> {
  readonly id: number;
  readonly asked: Question;
}

/**
 * Answers questions from the channel to the process that started this one (`host/answeringProcess.ts`), and ends with
 * it.
 *
 * @param answer may give news before it answers
 */
export function answerParent<Question, News>(
  answer: (question: Question, tell: (news: News) => void) => Promise<unknown>,
): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', ({ id, asked }: Asked<Question>) => {
    const send = (reply: object): void => void process.send?.({ id, ...reply });
    answer(asked, (news) => send({ news })).then(
      (found) => send({ found }),
      (error: unknown) => send({ code: errorCode(error) ?? null, message: errorMessage(error) }),
    );
  });
}
