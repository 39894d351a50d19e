import { modelLabel } from '../base/node/modelLabel';
import { ggufFile } from './names';
import type { ExportFormat, ExportOptions } from './options';
import type { Source } from './source';
import type { Point, TrainingFacts } from './trainingFacts';

/** Metrics that say how a step was computed, not how the model is. */
const ofNoInterest: ReadonlySet<string> = new Set([
  'epoch',
  'learning_rate',
  'grad_norm',
  'num_tokens',
  'tokens',
  'pairs_per_second',
  'tokens_per_second',
]);

/**
 * README.md as the Hub reads it (huggingface.co/docs/hub/model-cards): YAML front matter, then what a person wants to
 * know.
 */
export function modelCard(
  source: Source,
  facts: TrainingFacts | null,
  { format, version }: Pick<ExportOptions, 'format' | 'version'>,
): string {
  const base = modelLabel(source.base);
  const what: Readonly<Record<ExportFormat, string>> = {
    peft: `A PEFT LoRA adapter for ${base}.`,
    merged: source.adapter
      ? `${base} with a LoRA adapter merged into its weights.`
      : facts
        ? `${base}, all weights trained.`
        : `${base}.`,
    gguf: `A GGUF LoRA adapter for ${base}, for llama.cpp.`,
  };
  const sections = [
    frontMatter(source, facts, format),
    `# ${source.name}`,
    `${what[format]} Written by Margin ${version}${facts ? `, trained with Margin ${facts.versions.margin ?? ''}`.trimEnd() : ''}.`,
    `## Use\n\n${fenced(...usage(source, format))}`,
    ...(facts ? trainingSections(source, facts) : []),
  ];
  return `${sections.join('\n\n')}\n`;
}

function frontMatter(source: Source, facts: TrainingFacts | null, format: ExportFormat): string {
  const trained = source.origin?.config.config;
  const objectives = (trained?.loss_type ?? []).filter((name) => name !== trained?.trainer && name !== 'sigmoid');
  const tags = [
    'margin',
    ...(trained ? [trained.trainer, ...objectives] : []),
    ...(source.adapter ? ['lora'] : []),
    ...(format === 'gguf' ? ['gguf'] : []),
  ];
  const library = { peft: 'peft', merged: 'transformers', gguf: null }[format];
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

/** A JSON text is a YAML one. */
const quoted = (text: string): string => JSON.stringify(text);

function usage({ base, name, checkpoint: { model } }: Source, format: ExportFormat): [language: string, code: string] {
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
  }
}

const fenced = (language: string, code: string): string => `\`\`\`${language}\n${code}\n\`\`\``;

function trainingSections({ origin }: Source, { data, evalFile, settings, train, held }: TrainingFacts): string[] {
  const rows =
    data.rows === null ? 'rows not counted, for the file has changed since' : `${data.rows.toLocaleString('en')} rows`;
  return [
    `## Training data\n\n\`${data.name}\`: ${rows}, ${data.bytes.toLocaleString('en')} bytes, SHA-256 \`${data.sha256}\`.${evalFile === null ? '' : ` Measured on \`${evalFile}\`.`}`,
    `## Settings\n\nStep ${origin?.step ?? 0} of the run. Names are TRL’s and PEFT’s; what is not here has Margin’s default.\n\n${table(
      ['setting', 'value'],
      settings.map(([key, value]) => [`\`${key}\``, `\`${cell(value)}\``]),
    )}`,
    ...pointSection('Metrics in training', train),
    ...pointSection('Metrics of the evaluation', held),
  ];
}

function pointSection(title: string, point: Point | null): string[] {
  if (!point) return [];
  const shown = Object.entries(point.metrics).filter(([name]) => !ofNoInterest.has(name.replace(/^eval_/, '')));
  return [
    `## ${title}\n\nAt step ${point.step}.\n\n${table(
      ['metric', 'value'],
      shown.map(([name, value]) => [`\`${name}\``, String(Number(value.toPrecision(5)))]),
    )}`,
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A bar would end the cell. */
const cell = (value: unknown): string =>
  (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('|', '\\|');
