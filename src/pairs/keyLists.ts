import { wordsOf } from './sideColumns';

/** Keys, words joined by `_`, under which the tools of the field keep the question. */
const question = new Set([
  'question', 'questions', 'instruction', 'instructions', 'input', 'inputs', 'query', 'queries', 'request', 'problem',
  'messages', 'message', 'conversation', 'conversations', 'dialogue', 'dialog', 'dialogs', 'chat', 'post',
  'user', 'human', 'user_prompt', 'user_message', 'user_input', 'user_query', 'user_question',
  'prompt', 'prompts', 'prompt_messages',
]);

/** Keys that hold what a question stands on; they hold the question itself only where there is no other prompt. */
const context = new Set([
  'context', 'contexts', 'history', 'chat_history', 'conversation_history', 'dialogue_history', 'passage', 'document', 'article',
]);

/** Other keys that hold what a model should see or say. */
const other = new Set([
  'system', 'system_prompt', 'system_message', 'system_instruction', 'sys', 'persona', 'images', 'image', 'image_path', 'image_url',
  'image_urls', 'videos', 'video', 'audios', 'audio', 'tools', 'tool', 'functions', 'function', 'documents', 'files', 'attachments',
  'completion', 'completions', 'response', 'responses', 'output', 'outputs', 'answer', 'answers', 'reply', 'replies',
  'prefix', 'suffix', 'assistant', 'demonstration', 'demonstrations', 'few_shot', 'examples', 'chat_template_kwargs',
]);

/** Keys that may hold a question, or say something about a row: they count where the pair has no prompt of its own. */
const maybe = new Set([
  '', 'title', 'body', 'task', 'topic', 'description', 'source', 'src', 'source_sentence', 'sentence', 'statement', 'premise', 'story', 'paragraph',
  'info', 'name', 'subject', 'goal', 'scenario', 'situation', 'claim', 'code', 'url',
]);

/** Words of keys that say something about a row and are nothing that a model reads. */
const about = new Set([
  'id', 'ids', 'uid', 'uuid', 'guid', 'idx', 'index', 'number', 'row', 'hash', 'key', 'sha', 'score', 'scores', 'rating', 'ratings', 'reward',
  'rewards', 'rank', 'ranks', 'ranking', 'margin', 'strength', 'confidence', 'agreement', 'weight', 'weights', 'label', 'labels', 'model', 'models',
  'generator', 'generation', 'annotator', 'annotators', 'annotations', 'judge', 'worker', 'source', 'sources', 'dataset', 'origin', 'subset', 'split',
  'category', 'categories', 'domain', 'type', 'tag', 'tags', 'lang', 'language', 'locale', 'metadata', 'meta', 'created', 'updated',
  'timestamp', 'date', 'time', 'url', 'link', 'license', 'licence', 'version', 'status', 'difficulty', 'length', 'tokens', 'count', 'num', 'turns',
  'logp', 'logps', 'logprob', 'logprobs', 'perplexity', 'temperature', 'seed', 'batch', 'round', 'epoch',
]);

/** Words that leave a key's meaning: `question_text`, `raw_input`. */
const manner = new Set(['text', 'content', 'contents', 'string', 'str', 'raw', 'full', 'formatted', 'list', 'json', 'en']);

/** What a key that a format does not read holds by its name. */
export type KeyKind = 'question' | 'context' | 'content' | 'maybe' | 'about' | 'unknown';

export function kindOfKey(key: string): KeyKind {
  const words = wordsOf(key);
  const name = words.filter((word) => !manner.has(word)).join('_');
  if (question.has(name)) return 'question';
  if (context.has(name)) return 'context';
  if (other.has(name)) return 'content';
  if (maybe.has(name)) return 'maybe';
  return words.some((word) => about.has(word)) ? 'about' : 'unknown';
}
