import { isRecord } from '../../base/pure/isRecord';
import type { JsonObject } from '../json';
import { problem } from '../problem';
import type { JudgedFormat } from './judged';
import { ratedAnswer, siblingOf } from './openWebUiChat';
import { withValueAt } from '../own/keyPath';
import { inOrderOf } from './format';
import { perRow } from './perRow';

const facts = {
  tool: 'Open WebUI',
  link: 'https://docs.openwebui.com/features/evaluation/',
  keys: ['data', 'meta', 'snapshot'],
  about: ['id', 'user_id', 'user', 'version', 'type', 'created_at', 'updated_at'],
} as const;

const blankChat = {
  messages: {
    q: { id: 'q', parentId: null, childrenIds: ['a'], role: 'user', content: '' },
    a: { id: 'a', parentId: 'q', childrenIds: [], role: 'assistant', content: '' },
  },
};

/**
 * `{"data": {"rating": 1, "model_id": "m"}, "meta": {"message_id": "a"}, "snapshot": {"chat": {"chat": {"history":
 * {"messages": {…}}}}}}`: a feedback of Open WebUI's export. `rating` is 1 for a thumb up and −1 for one down; the
 * prompt is the conversation before the rated message.
 */
export const openWebUi: JudgedFormat = {
  ...facts,
  id: 'open-webui-feedback',
  label: 'data.rating, meta.message_id, snapshot.chat (Open WebUI feedback)',
  detect: (value) => isFeedback(value) && (ratedAnswer(value) === null || siblingOf(value) === null),
  refuse: (value) => {
    if (ratedAnswer(value) === null) return problem('error', 'no-snapshot', 'snapshot', noSnapshot);
    return ratingOf(value) === null ? problem('warning', 'no-verdict', null, noRating) : null;
  },
  read: (value) => {
    const rated = ratedAnswer(value);
    return {
      style: 'chat',
      prompt: rated?.prompt.read(value) ?? [],
      completion: rated?.answer.read(value) ?? [],
      label: ratingOf(value) === 1,
    };
  },
  write: (value, { prompt, completion, label }) => {
    const rated = ratedAnswer(value);
    const row = rated ? rated.answer.write(rated.prompt.write(value, prompt), completion) : value;
    return ratingOf(value) === (label ? 1 : -1) ? row : withRating(row, label ? 1 : -1);
  },
  blank: (neighbour) =>
    inOrderOf(neighbour, {
      data: { rating: 1 },
      meta: { message_id: 'a' },
      snapshot: { chat: { chat: { history: blankChat } } },
    }),
};

/**
 * The same feedback on one of two answers to a question, as in the arena or after one regeneration: a thumb up means
 * that the rated answer won, a thumb down that the other one did, as Open WebUI's leaderboard counts it.
 */
export const openWebUiPair = perRow({
  ...facts,
  id: 'open-webui-comparison',
  label: 'data.rating, snapshot.chat with two answers (Open WebUI feedback)',
  layoutOf: (value) => {
    const [rated, other] = isFeedback(value) ? [ratedAnswer(value), siblingOf(value)] : [null, null];
    const rating = ratingOf(value);
    if (rated === null || other === null) return null;
    if (rating === null) return problem('warning', 'no-verdict', null, noRating);
    return {
      prompt: [rated.prompt],
      answers: [rated.answer, other.answer],
      better: rating === 1 ? 0 : 1,
      tie: '',
      flip: () => withRating(value, rating === 1 ? -1 : 1),
      notes: [],
    };
  },
  blank: {
    data: { rating: 1 },
    meta: { message_id: 'a' },
    snapshot: {
      chat: {
        chat: {
          history: {
            messages: {
              q: { ...blankChat.messages.q, childrenIds: ['a', 'b'] },
              a: blankChat.messages.a,
              b: { ...blankChat.messages.a, id: 'b' },
            },
          },
        },
      },
    },
  },
});

const noSnapshot =
  'The feedback has no snapshot of its chat with the rated message: export the feedbacks again as an administrator.';
const noRating = 'The feedback has no rating of 1 or -1, so the row is not a judged answer. It is left out.';

/** Whether a row is a feedback, even an incomplete one. */
function isFeedback({ data, meta, snapshot, type }: JsonObject): boolean {
  return isRecord(data) && 'rating' in data && isRecord(meta) && (isRecord(snapshot) || type === 'rating');
}

function ratingOf({ data }: JsonObject): 1 | -1 | null {
  const rating = isRecord(data) ? Number(data['rating']) : 0;
  return rating === 1 || rating === -1 ? rating : null;
}

function withRating(value: JsonObject, rating: 1 | -1): JsonObject {
  const old = isRecord(value['data']) ? value['data']['rating'] : rating;
  return withValueAt(value, ['data', 'rating'], typeof old === 'string' ? String(rating) : rating);
}
