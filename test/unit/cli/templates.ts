import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyOf } from '../model/files';

const turn = (extra: string): string =>
  `{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}${extra}<|im_end|>\n{% endfor %}` +
  `{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}`;

const calls = (written: string): string =>
  turn(`{% for c in m.tool_calls or [] %}{{ c.function.name }}(${written}){% endfor %}`);

/** Chat templates that behave like well-known ones, with the turns of the sample model. */
export const templates = {
  /** Roles must alternate, as in those of Mistral and Gemma. */
  alternating: `{% for m in messages %}{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Roles must alternate') }}{% endif %}{% endfor %}${turn('')}`,
  /** Iterates over the arguments of tool calls. */
  items: calls('{% for k, v in c.function.arguments | items %}{{ k }}={{ v }} {% endfor %}'),
  /** Writes arguments as JSON. */
  tojson: calls('{{ c.function.arguments | tojson }}'),
} as const;

/** The sample model with another chat template, or with none. */
export async function sampleWith(template: string | null): Promise<string> {
  const folder = await copyOf(join('media', 'sample', 'model'));
  const file = join(folder, 'tokenizer_config.json');
  const config: unknown = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify({ ...(config as object), chat_template: template }));
  return folder;
}
