import { MarginError } from '../../base/pure/marginError';
import { must } from '../../base/pure/must';
import { Answerer } from '../../engine/answers';
import { draftFolder } from '../../engine/draftFolder';
import { openGenerateSession } from '../../engine/generateSession';
import { openLazily, openScoreSession } from '../../engine/scoreSession';
import type { GeneratedToken, GenerateSession, ScoreSession } from '../../engine/types';
import { withWeightCheck } from '../../model/finite';
import type { Message } from '../../pairs/pair';
import { answerRewards } from '../../reward/answerReward';
import { type FoundSource, findSource } from './chatSource';
import type { FairTurns } from './fairTurns';
import type { ChatAnswer, ChatModelFacts, ChatReward, ChatSettings, ChatSource } from './messages';

/** Milliseconds of one answer: its own work only. */
interface Clock {
  total: number;
  first: number | null;
}

/** A model that answers conversations, and values answers if it has a reference. */
export class ChatModel {
  private readonly policy: ScoreSession;
  private readonly reference: ScoreSession | null;

  private constructor(
    private readonly source: FoundSource,
    private readonly session: GenerateSession,
    private readonly turns: FairTurns,
  ) {
    const { policy, reference } = source;
    // Valuing needs two sessions more, so they wait for the first answer that is valued.
    this.policy = openLazily(() => openScoreSession(policy));
    this.reference = reference && openLazily(async () => openScoreSession(await reference.options()));
  }

  /** @param turns shared by the models of a process @throws MarginError as {@link findSource} and opening a session */
  static async open(asked: ChatSource, turns: FairTurns): Promise<ChatModel> {
    const source = await findSource(asked);
    const { policy } = source;
    // The 8-bit copy is one of the file's weights.
    const drafts = policy.weights === undefined ? await draftFolder(policy.checkpoint) : undefined;
    return new ChatModel(source, await openGenerateSession({ ...policy, draftFolder: drafts }), turns);
  }

  get facts(): ChatModelFacts {
    const { tokenizer, policy, reference } = this.source;
    return {
      hasTemplate: tokenizer.chat !== null,
      context: policy.checkpoint.model.maxPositions,
      beta: reference && reference.beta,
    };
  }

  /**
   * @param show gets the pieces of the answer; each is whole characters
   * @param signal ends the answer before its next token
   * @throws MarginError as {@link Answerer.answer} and the session; `bad-weight`
   */
  async answer(
    messages: readonly Message[],
    { temperature, topP, seed, maxNewTokens, stop }: ChatSettings,
    show: (piece: string) => void,
    signal: AbortSignal,
  ): Promise<ChatAnswer> {
    const { policy, tokenizer, stopIds } = this.source;
    const clock: Clock = { total: 0, first: null };
    const sampling = temperature > 0 ? { sampling: { temperature, topK: 0, topP, seed } } : {};
    const answerer = new Answerer(
      timed(this.session, this.turns, clock),
      { checkpoint: policy.checkpoint, tokenizer, stopIds },
      { maxNewTokens, stopStrings: stop, ...sampling },
    );
    const answers = await withWeightCheck([policy.checkpoint], () =>
      answerer.answer([messages], (piece) => piece !== '' && show(piece), signal),
    );
    const { text, tokens, finishReason } = must(answers[0], 'the answer');
    const finish = signal.aborted ? 'cancelled' : finishReason;
    const first = clock.first ?? clock.total;
    return { text, tokens, finish, firstSeconds: first / 1000, seconds: clock.total / 1000 };
  }

  /** @throws MarginError `no-reference`, and as `answerRewards` */
  async score(prompt: readonly Message[], text: string): Promise<ChatReward> {
    const { policy, reference } = this;
    const { tokenizer, policy: options, reference: known } = this.source;
    if (reference === null || known === null)
      throw new MarginError('no-reference', 'The model has no reference, so its answers have no implicit reward.');
    const maxLength = options.checkpoint.model.maxPositions;
    const models = { tokenizer, policy, reference, beta: known.beta, maxLength };
    const { result } = await this.turns.take(() => answerRewards(models, [{ prompt, text }]));
    return must(result[0], 'the reward of the answer');
  }

  async release(): Promise<void> {
    await this.session.release();
    await this.policy.release();
    await this.reference?.release();
  }
}

/** A session whose tokens take their turn beside those of other answers. */
function timed(session: GenerateSession, turns: FairTurns, clock: Clock): GenerateSession {
  async function* inTurn(tokens: AsyncIterable<GeneratedToken>): AsyncGenerator<GeneratedToken> {
    const iterator = tokens[Symbol.asyncIterator]();
    for (;;) {
      const { result, ms } = await turns.take(() => iterator.next());
      clock.total += ms;
      clock.first ??= clock.total;
      if (result.done) return;
      yield result.value;
    }
  }
  return {
    generate: (prompts, options) => inTurn(session.generate(prompts, options)),
    release: () => session.release(),
  };
}
