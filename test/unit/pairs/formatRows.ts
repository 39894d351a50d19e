export const user = (content: string): object => ({ role: 'user', content });
export const assistant = (content: string): object => ({ role: 'assistant', content });
const part = (role: string, value: string): object => ({ role, content: [{ type: 'text', value }], loss_weight: 1 });

/** A row of each format, whose question is Q, whose better answer is a, and whose worse answer is b. */
export const formatRows: Readonly<Record<string, object>> = {
  'explicit-plain': { prompt: 'Q', chosen: ' a', rejected: ' b', prompt_id: 'x' },
  'explicit-conversational': {
    prompt: [user('Q')],
    chosen: [assistant('a')],
    rejected: [assistant('b')],
    score_chosen: 1,
  },
  'implicit-conversational': { chosen: [user('Q'), assistant('a')], rejected: [user('Q'), assistant('b')] },
  'hh-transcript': { chosen: '\n\nHuman: Q\n\nAssistant: a', rejected: '\n\nHuman: Q\n\nAssistant: b' },
  'implicit-plain': { chosen: 'Q: a', rejected: 'Q: b' },
  'whole-conversations': {
    prompt: [user('Q')],
    chosen: [user('Q'), assistant('a')],
    rejected: [user('Q'), assistant('b')],
  },
  'json-text': {
    chosen: JSON.stringify({ messages: [user('Q'), assistant('a')] }),
    rejected: JSON.stringify({ messages: [user('Q'), assistant('b')] }),
    id: 1,
  },
  'axolotl-prompt-pairs': { system: 'S', prompt: 'Q', chosen: 'a', rejected: 'b' },
  'axolotl-ultra': {
    system: 'S',
    prompt: 'Q',
    chosen: [user('Q'), assistant('a')],
    rejected: [user('Q'), assistant('b')],
  },
  'messages-ranking': {
    messages: [user('P'), assistant('x'), user('Q')],
    chosen: assistant('a'),
    rejected: assistant('b'),
  },
  'mixed-messages': { prompt: 'Q', chosen: assistant('a'), rejected: assistant('b') },
  'llama-factory-sharegpt': {
    conversations: [
      { from: 'human', value: 'P' },
      { from: 'gpt', value: 'x' },
      { from: 'human', value: 'Q' },
    ],
    chosen: { from: 'gpt', value: 'a' },
    rejected: { from: 'gpt', value: 'b' },
  },
  'openai-preference': {
    input: { messages: [user('Q')], tools: [], parallel_tool_calls: true },
    preferred_output: [assistant('a')],
    non_preferred_output: [assistant('b')],
  },
  torchtune: {
    chosen_conversations: [user('Q'), assistant('a')],
    rejected_conversations: [user('Q'), assistant('b')],
  },
  'llama-factory-v1': {
    chosen_messages: [part('user', 'Q'), part('assistant', 'a')],
    rejected_messages: [part('user', 'Q'), part('assistant', 'b')],
  },
  'ms-swift-rejected-messages': {
    messages: [user('Q'), assistant('a')],
    rejected_messages: [user('Q'), assistant('b')],
  },
  'ms-swift-rejected-response': { messages: [user('Q'), assistant('a')], rejected_response: 'b' },
  'ms-swift-sharegpt': {
    conversations: [
      { from: 'human', value: 'Q' },
      { from: 'gpt', value: 'a' },
    ],
    rejected_response: 'b',
  },
  openpipe: { messages: [user('Q'), assistant('a')], rejected_message: assistant('b') },
  'ms-swift-query': { system: 'S', query: 'Q', response: 'a', rejected_response: 'b', history: [['P', 'x']] },
  'nemo-aligner': {
    prompt: '<extra_id_0>System\nS\n<extra_id_1>User\nQ\n<extra_id_1>Assistant\n',
    chosen_response: 'a\n<extra_id_1>',
    rejected_response: 'b\n<extra_id_1>',
    chosen_reward: 4,
  },
  'chosen-response': { system: 'S', instruction: 'Q', chosen_response: 'a', rejected_response: 'b' },
  helpsteer2: { prompt: 'Q', response_1: 'b', response_2: 'a', preference_strength: 2 },
  helpsteer3: { context: [user('Q')], response1: 'a', response2: 'b', overall_preference: -3 },
  'pku-safe-rlhf': { prompt: 'Q', response_0: 'b', response_1: 'a', better_response_id: 1, safer_response_id: 0 },
  shp: { history: 'Q', human_ref_A: 'b', human_ref_B: 'a', labels: 0, score_A: 3 },
  'lmsys-arena': {
    conversation_a: [user('Q'), assistant('b')],
    conversation_b: [user('Q'), assistant('a')],
    winner: 'model_b',
  },
  'arena-55k': {
    id: 1,
    model_a: 'm',
    model_b: 'n',
    prompt: '["Q"]',
    response_a: '["b"]',
    response_b: '["a"]',
    winner_model_a: 0,
    winner_model_b: 1,
    winner_tie: 0,
  },
  'summarize-from-feedback': {
    info: { id: 'i', post: 'Q', title: 'T', subreddit: 's' },
    summaries: [
      { text: ' b', policy: 'p' },
      { text: ' a', policy: 'q' },
    ],
    choice: 1,
    worker: 'w',
    extra: { confidence: 8 },
  },
  'webgpt-comparisons': { question: { full_text: 'Q' }, answer_0: 'b', score_0: -0.5, answer_1: 'a', score_1: 0.5 },
  'alpaca-farm': { instruction: 'Q', input: 'I', output_1: 'b', output_2: 'a', preference: 2 },
  'nemo-rl': {
    context: [user('P'), assistant('x'), user('Q')],
    completions: [
      { rank: 1, completion: [assistant('b')] },
      { rank: 0, completion: [assistant('a')] },
    ],
    task_name: 't',
  },
  'h2o-llm-studio': { id: 1, parent_id: null, system: 'S', instruction: 'Q', answer: 'a', rejected_answer: 'b' },
  'argilla-v2': {
    id: 'r',
    fields: { prompt: 'Q', 'reply-1': 'b', 'reply-2': 'a' },
    metadata: {},
    suggestions: { preference: { value: 'reply-1', score: null, agent: 'm' } },
    responses: { preference: [{ value: 'reply-2', user_id: 'u' }] },
    vectors: {},
    _server_id: 's',
  },
  'argilla-v2-table': {
    id: 'r',
    status: 'completed',
    instruction: 'Q',
    'generation-0': 'b',
    'generation-1': 'a',
    'generation-0-rating.responses': [2, 1],
    'generation-0-rating.responses.status': ['submitted', 'submitted'],
    'generation-1-rating.responses': [5, 4],
    'generation-1-rating.responses.status': ['submitted', 'discarded'],
  },
  'label-studio': {
    id: 1,
    data: { prompt: 'Q', answer1: 'b', answer2: 'a', source: 's' },
    annotations: [
      {
        id: 2,
        result: [{ from_name: 'c', to_name: 'c', type: 'pairwise', value: { selected: 'right' } }],
        was_cancelled: false,
      },
    ],
    predictions: [],
  },
  'label-studio-min': {
    prompt: 'Q',
    answerA: 'a',
    answerB: 'b',
    id: 1,
    comparison: [{ selected: 'left' }],
    annotator: 1,
    annotation_id: 2,
    lead_time: 3.5,
  },
  'open-webui-comparison': openWebUiRow(-1, 'b'),
  'promptfoo-table': {
    description: '',
    vars: ['Q'],
    outputs: [
      { prompt: 'Q', text: 'b', pass: false, score: 0 },
      { prompt: 'Q', text: 'a', pass: true, score: 1 },
    ],
    test: {},
  },
  'argilla-v1': {
    prompt: 'Q',
    'response-1': 'b',
    'response-2': 'a',
    preference: [{ user_id: 'u', value: 2, status: 'submitted' }],
  },
  'stack-exchange-paired': { question: 'Q', response_j: 'a', response_k: 'b' },
  'llama-factory-output-list': { instruction: 'Q', input: 'I', output: ['a', 'b'] },
  'llama-factory-alpaca': {
    instruction: 'Q',
    input: 'I',
    system: 'S',
    history: [['P', 'x']],
    chosen: 'a',
    rejected: 'b',
  },
  'sharegpt-lists': {
    system: 'S',
    chosen: [
      { from: 'human', value: 'Q' },
      { from: 'gpt', value: 'a' },
    ],
    rejected: [
      { from: 'human', value: 'Q' },
      { from: 'gpt', value: 'b' },
    ],
  },
  'amazon-nova': {
    schemaVersion: 'bedrock-conversation-2024',
    system: [{ text: 'S' }],
    messages: [
      { role: 'user', content: [{ text: 'P' }] },
      { role: 'assistant', content: [{ text: 'x' }] },
      { role: 'user', content: [{ text: 'Q' }] },
      {
        role: 'assistant',
        candidates: [
          { content: [{ text: 'b' }], preferenceLabel: 'non-preferred' },
          { content: [{ text: 'a' }], preferenceLabel: 'preferred' },
        ],
      },
    ],
  },
  'gemini-preference': {
    system_instruction: { parts: [{ text: 'S' }] },
    contents: [
      { role: 'user', parts: [{ text: 'P' }] },
      { role: 'model', parts: [{ text: 'x' }] },
      { role: 'user', parts: [{ text: 'Q' }] },
    ],
    completions: [
      { score: 0, completion: { role: 'model', parts: [{ text: 'b' }] } },
      { score: 1, completion: { role: 'model', parts: [{ text: 'a' }] } },
    ],
  },
  spin: { generated: [user('Q'), assistant('b')], real: [user('Q'), assistant('a')] },
  'step-dpo': { prompt: 'Q', initial_reason_steps: '', chosen: 'a', rejected: 'b', answer: '4' },
  'two-answers-winner': { prompt: 'Q', completion_a: 'b', completion_b: 'a', winner: 'b' },
  'named-sides': {
    system: 'S',
    history: [['P', 'x']],
    question: 'Q',
    response_chosen: 'a',
    response_rejected: 'b',
  },
  'orca-question': { system: 'S', question: 'Q', chosen: 'a', rejected: 'b' },
  'openrlhf-input': { input: 'Q', chosen: 'a', rejected: 'b' },
};

/** A feedback of Open WebUI's export, on an answer to Q; `other` answers the same question. */
export function openWebUiRow(rating: number, content: string, other: string | null = 'a'): object {
  const q = { id: 'q', parentId: null, childrenIds: other === null ? ['m'] : ['m', 'n'], role: 'user', content: 'Q' };
  const m = { id: 'm', parentId: 'q', childrenIds: [], role: 'assistant', content, model: 'x', done: true };
  const messages = other === null ? { q, m } : { q, m, n: { ...m, id: 'n', content: other, model: 'y' } };
  return {
    id: 'f',
    user_id: 'u',
    version: 0,
    type: 'rating',
    data: { rating, model_id: 'x', ...(other !== null && { sibling_model_ids: ['y'] }), reason: '', comment: '' },
    meta: { arena: other !== null, chat_id: 'c', message_id: 'm', message_index: 2 },
    snapshot: { chat: { id: 'c', title: 'T', chat: { history: { messages, currentId: 'm' }, messages: [q, m] } } },
    created_at: 1,
    updated_at: 1,
  };
}
