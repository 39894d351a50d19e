import type { Key } from './key';

/** Which model is trained on which data, and where the run goes. */
export const dataKeys: readonly Key[] = [
  {
    name: 'trainer',
    type: { kind: 'choice', of: ['dpo', 'kto', 'cpo', 'orpo'] },
    default: 'dpo',
    text: 'Which of TRL’s trainers to follow. `dpo` holds pairs against a reference, the start of the run; `kto` does so with single answers judged good or bad (rows of prompt, completion, label). `cpo` (with SimPO) and `orpo` do without one: cheaper, but nothing keeps the model near its start. They too leave out rows whose prompt fills `max_length`, for which TRL’s loss is NaN.',
  },
  {
    name: 'model_name_or_path',
    type: { kind: 'path' },
    default: undefined,
    text: 'The model to train: a folder in Hugging Face layout (config.json, tokenizer.json, *.safetensors), a .gguf file (of a split model any part), a model’s folder in the Hugging Face cache (models--org--name; the run keeps to the snapshot that `main` is then), or an adapter’s folder, to go on with it on its base. Margin downloads nothing: a Hub name must be a folder on this disk.',
  },
  {
    name: 'adapter_name_or_path',
    type: { kind: 'path' },
    default: null,
    nullable: true,
    text: 'Folder of a PEFT adapter to start from, to go on with an earlier run. Needs `use_peft`; rank, alpha and modules are then the adapter’s own. Null starts a fresh adapter.',
  },
  {
    name: 'dtype',
    type: { kind: 'choice', of: ['auto', 'float32', 'float16', 'bfloat16'] },
    default: 'auto',
    text: 'What the frozen weights are kept in; Margin computes in float32 whatever it is, and trains all weights in float32 in any case. `auto` maps them from the model’s files in the precision that they have and widens each where it is used, which takes the least memory. The others are made once in the user’s cache folder: `float32` (TRL’s default) spares a narrow model the widening, at two to seven times the mapped memory; `bfloat16` and `float16` round a float32 model to half of it, as TRL does.',
  },
  {
    name: 'train_file',
    type: { kind: 'path' },
    default: undefined,
    text: 'JSONL file of preference pairs to train on, in any shape the pair editor opens; with `trainer: kto` of single answers: prompt, completion, label. A number `weight` in a row, Margin’s own, multiplies its loss.',
  },
  {
    name: 'eval_file',
    type: { kind: 'path' },
    default: null,
    nullable: true,
    text: 'JSONL file of pairs that are only measured, never trained on. Rewards on it show whether the model generalises or memorises.',
  },
  {
    name: 'test_split_size',
    type: { kind: 'number', min: 0, below: 1 },
    default: 0,
    text: 'The part of `train_file`’s prompts that is held out and only measured, where there is no `eval_file`; 0.1 is usual, 0 holds out nothing. A prompt is held out with all its pairs, by its text and `seed`, which TRL’s split does not do.',
  },
  {
    name: 'output_dir',
    type: { kind: 'path' },
    default: '.margin/runs',
    text: 'Where run folders go, one a run. TRL’s default is `trainer_output`; Margin keeps runs out of sight beside the config, where the side bar looks for them.',
  },
  {
    name: 'run_name',
    type: { kind: 'text' },
    default: null,
    nullable: true,
    text: 'Name of the run, used for its folder. Null takes the config’s file name.',
  },
];
