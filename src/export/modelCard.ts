import { modelLabel } from '../base/node/modelLabel';
import { must } from '../base/pure/must';
import type { OutType } from '../model/gguf/writeModel';
import { ggufFile, ggufModelFile } from './names';
import type { ExportFormat, ExportOptions } from './options';
import type { RunOrigin, Source } from './source';
import type { LoggedMetrics, TrainingFacts } from './trainingFacts';

/** Metrics about the computation of a step, not about the model. */
const hiddenMetrics: ReadonlySet<string> = new Set([
  'epoch',
  'learning_rate',
  'grad_norm',
  'num_tokens',
  'tokens',
  'pairs_per_second',
  'tokens_per_second',
]);

/**
 * The text of README.md, a model card as the Hub reads it (huggingface.co/docs/hub/model-cards): YAML front matter,
 * then how to load the model and, for a run, its data, settings and metrics.
 *
 * @param facts null: no run is known
 */
export function modelCard(
  source: Source,
  facts: TrainingFacts | null,
  { format, version, outType }: Pick<ExportOptions, 'format' | 'version' | 'outType'>,
): string {
  const base = modelLabel(source.base);
  const whole = source.adapter
    ? `${base} with a LoRA adapter merged into its weights`
    : `${base}${facts ? ', all weights trained' : ''}`;
  const what: Readonly<Record<ExportFormat, string>> = {
    peft: `A PEFT LoRA adapter for ${base}.`,
    merged: `${whole}.`,
    gguf: `A GGUF LoRA adapter for ${base}, for llama.cpp.`,
    'merged-gguf': `${whole}, as one GGUF file of type ${outType.toUpperCase()} for llama.cpp.`,
  };
  const sections = [
    frontMatter(source, facts, format),
    `# ${source.name}`,
    `${what[format]} Written by Margin ${version}${facts ? `, trained with ${trainedWith(facts)}` : ''}.`,
    `## Use\n\n${fenced(...usage(source, format, outType))}`,
    ...(facts ? trainingSections(source, facts) : []),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** Margin and, where the run recorded it, its version. */
function trainedWith({ versions }: TrainingFacts): string {
  return versions.margin === undefined ? 'Margin' : `Margin ${versions.margin}`;
}

/** Trainer and objectives of a run as tags: `dpo`, and `ipo` for its loss. `sigmoid` is DPO's default. */
function trainingTags({ config: { config } }: RunOrigin): string[] {
  return [config.trainer, ...config.loss_type.filter((name) => name !== config.trainer && name !== 'sigmoid')];
}

function frontMatter(source: Source, facts: TrainingFacts | null, format: ExportFormat): string {
  const tags = [
    'margin',
    ...(source.origin ? trainingTags(source.origin) : []),
    ...(source.adapter ? ['lora'] : []),
    ...(format === 'gguf' || format === 'merged-gguf' ? ['gguf'] : []),
  ];
  const library = { peft: 'peft', merged: 'transformers', gguf: null, 'merged-gguf': null }[format];
  return [
    '---',
    `base_model: ${quoted(modelLabel(source.base))}`,
    ...(library === null ? [] : [`library_name: ${library}`]),
    'pipeline_tag: text-generation',
    'tags:',
    ...[...new Set(tags)].map((tag) => `- ${tag}`),
    ...(facts ? [`model_name: ${quoted(source.name)}`] : []),
    '---',
  ].join('\n');
}

/** Every JSON string is also a YAML string. */
const quoted = (text: string): string => JSON.stringify(text);

function usage(
  { base, name, checkpoint: { model } }: Source,
  format: ExportFormat,
  outType: OutType,
): [language: string, code: string] {
  const label = modelLabel(base);
  switch (format) {
    case 'peft':
      return [
        'python',
        `from peft import PeftModel\nfrom transformers import AutoModelForCausalLM\n\nbase = AutoModelForCausalLM.from_pretrained(${quoted(label)})\nmodel = PeftModel.from_pretrained(base, "path/to/this/folder")`,
      ];
    case 'merged':
      return [
        'python',
        'from transformers import AutoModelForCausalLM, AutoTokenizer\n\nmodel = AutoModelForCausalLM.from_pretrained("path/to/this/folder")\ntokenizer = AutoTokenizer.from_pretrained("path/to/this/folder")',
      ];
    case 'gguf':
      return [
        'sh',
        `# BASE.gguf: ${label} (${model.modelType}) as a GGUF file, of any quantisation\nllama-cli -m BASE.gguf --lora ${ggufFile(name)}`,
      ];
    case 'merged-gguf':
      return ['sh', `llama-cli -m ${ggufModelFile(name, outType)}`];
  }
}

const fenced = (language: string, code: string): string => `\`\`\`${language}\n${code}\n\`\`\``;

function trainingSections(
  { origin }: Source,
  { data, evalFile, settings, train, evaluation }: TrainingFacts,
): string[] {
  const { step } = must(origin, 'the run of the training facts');
  const rows =
    data.rows === null
      ? 'rows not counted, because the file has changed since'
      : `${data.rows.toLocaleString('en')} rows`;
  return [
    `## Training data\n\n\`${data.name}\`: ${rows}, ${data.bytes.toLocaleString('en')} bytes, SHA-256 \`${data.sha256}\`.${evalFile === null ? '' : ` Evaluated on \`${evalFile}\`.`}`,
    `## Settings\n\nStep ${step} of the run. Names are those of TRL and PEFT. A setting that is not listed has Margin’s default.\n\n${table(
      ['setting', 'value'],
      settings.map(([key, value]) => [`\`${key}\``, `\`${cell(value)}\``]),
    )}`,
    ...metricsSection('Training metrics', train),
    ...metricsSection('Evaluation metrics', evaluation),
  ];
}

function metricsSection(title: string, logged: LoggedMetrics | null): string[] {
  if (!logged) return [];
  const shown = Object.entries(logged.metrics).filter(([name]) => !hiddenMetrics.has(name.replace(/^eval_/, '')));
  return [
    `## ${title}\n\nAt step ${logged.step}.\n\n${table(
      ['metric', 'value'],
      shown.map(([name, value]) => [`\`${name}\``, String(Number(value.toPrecision(5)))]),
    )}`,
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A value as text. A vertical bar would end the table's cell, so it is escaped. */
const cell = (value: unknown): string =>
  (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('|', '\\|');
