import { wordsOf } from './sideColumns';

/** Keys that common tools use for the question, with their words joined by `_`. */
const question = new Set([
  'question',
  'questions',
  'instruction',
  'instructions',
  'input',
  'inputs',
  'query',
  'queries',
  'request',
  'problem',
  'messages',
  'message',
  'conversation',
  'conversations',
  'dialogue',
  'dialog',
  'dialogs',
  'chat',
  'post',
  'user',
  'human',
  'user_prompt',
  'user_message',
  'user_input',
  'user_query',
  'user_question',
  'prompt',
  'prompts',
  'prompt_messages',
]);

/** Keys that hold the material of a question. They hold the question itself only if the row has no other prompt. */
const context = new Set([
  'context',
  'contexts',
  'history',
  'chat_history',
  'conversation_history',
  'dialogue_history',
  'passage',
  'document',
  'article',
]);

/** Other keys whose content a model should see or write. */
const other = new Set([
  'system',
  'system_prompt',
  'system_message',
  'system_instruction',
  'sys',
  'persona',
  'images',
  'image',
  'image_path',
  'image_url',
  'image_urls',
  'videos',
  'video',
  'audios',
  'audio',
  'tools',
  'tool',
  'functions',
  'function',
  'documents',
  'files',
  'attachments',
  'completion',
  'completions',
  'response',
  'responses',
  'output',
  'outputs',
  'answer',
  'answers',
  'reply',
  'replies',
  'prefix',
  'suffix',
  'assistant',
  'demonstration',
  'demonstrations',
  'few_shot',
  'examples',
  'chat_template_kwargs',
]);

/** Keys that may hold a question or metadata. They matter only if the pair has no prompt. */
const maybe = new Set([
  '',
  'title',
  'body',
  'task',
  'topic',
  'description',
  'source',
  'src',
  'source_sentence',
  'sentence',
  'statement',
  'premise',
  'story',
  'paragraph',
  'info',
  'name',
  'subject',
  'goal',
  'scenario',
  'situation',
  'claim',
  'code',
  'url',
]);

/** Words in the keys of metadata, which no model reads. */
const about = new Set([
  'id',
  'ids',
  'uid',
  'uuid',
  'guid',
  'idx',
  'index',
  'number',
  'row',
  'hash',
  'key',
  'sha',
  'score',
  'scores',
  'rating',
  'ratings',
  'reward',
  'rewards',
  'rank',
  'ranks',
  'ranking',
  'margin',
  'strength',
  'confidence',
  'agreement',
  'weight',
  'weights',
  'label',
  'labels',
  'model',
  'models',
  'generator',
  'generation',
  'annotator',
  'annotators',
  'annotations',
  'judge',
  'worker',
  'source',
  'sources',
  'dataset',
  'origin',
  'subset',
  'split',
  'category',
  'categories',
  'domain',
  'type',
  'tag',
  'tags',
  'lang',
  'language',
  'locale',
  'metadata',
  'meta',
  'created',
  'updated',
  'timestamp',
  'date',
  'time',
  'url',
  'link',
  'license',
  'licence',
  'version',
  'status',
  'difficulty',
  'length',
  'tokens',
  'count',
  'num',
  'turns',
  'logp',
  'logps',
  'logprob',
  'logprobs',
  'perplexity',
  'temperature',
  'seed',
  'batch',
  'round',
  'epoch',
]);

/** Words that do not change the meaning of a key: `question_text` and `raw_input` are `question` and `input`. */
const neutral = new Set([
  'text',
  'content',
  'contents',
  'string',
  'str',
  'raw',
  'full',
  'formatted',
  'list',
  'json',
  'en',
]);

/** What a key holds, as its name suggests; for keys that the format of a row does not read. */
export type KeyKind = 'question' | 'context' | 'content' | 'maybe' | 'about' | 'unknown';

/** The kinds of keys that were asked for; the rows of a file have few keys. */
const kinds = new Map<string, KeyKind>();
/** Bounds the memory for files where each row has other keys. */
const maxKinds = 10_000;

/** What a key holds, as its name suggests: `kindOfKey('userPrompt')` is `question`, `score_chosen` is `about`. */
export function kindOfKey(key: string): KeyKind {
  const known = kinds.get(key);
  if (known !== undefined) return known;
  if (kinds.size >= maxKinds) kinds.clear();
  const kind = kindByName(key);
  kinds.set(key, kind);
  return kind;
}

function kindByName(key: string): KeyKind {
  const words = wordsOf(key);
  const name = words.filter((word) => !neutral.has(word)).join('_');
  if (question.has(name)) return 'question';
  if (context.has(name)) return 'context';
  if (other.has(name)) return 'content';
  if (maybe.has(name)) return 'maybe';
  return words.some((word) => about.has(word)) ? 'about' : 'unknown';
}
