import { defaultPairRule, pairRuleNames, tieChoices } from '../../pairs/pairRule';
import { trainerNames } from '../objectives';
import { dtypes } from '../types';
import type { KeyTable } from './key';

/** Which model is trained, on which data, and where the run folder goes. */
export const dataKeys = {
  trainer: {
    type: { kind: 'choice', of: trainerNames },
    default: 'dpo',
    text: 'The TRL trainer to follow. `dpo` trains on pairs with a reference model; `kto` trains on single answers labelled good or bad (prompt, completion, label). `cpo` (also for SimPO) and `orpo` need no reference model: they are cheaper, but nothing keeps the model close to its start. They leave out rows whose prompt fills `max_length`, for which TRL’s loss is NaN.',
  },
  model_name_or_path: {
    type: { kind: 'path' },
    default: undefined,
    text: 'The model to train. Give a folder in Hugging Face layout (config.json, tokenizer.json, *.safetensors), a .gguf file (any part of a split one) or a blob of Ollama, a model’s folder in the Hugging Face cache (models--org--name; the run keeps the snapshot that `main` names at its start), or an adapter’s folder to train that adapter further. Margin downloads nothing, so a Hub name works only as a folder on this disk.',
  },
  adapter_name_or_path: {
    type: { kind: 'path' },
    default: null,
    nullable: true,
    text: 'The folder of a PEFT adapter to start from, for example the result of an earlier run. It needs `use_peft: true`; rank, alpha and target modules are those of the adapter. Null starts with a new adapter.',
  },
  dtype: {
    type: { kind: 'choice', of: dtypes },
    default: 'auto',
    text: 'The data type that frozen weights are stored in; Margin always computes in float32 and stores trained weights in float32. `auto` maps the model’s files into memory as they are, which needs the least memory. `float32` (TRL’s default) converts a float16 or bfloat16 model once, which saves the conversion in each step but maps two to seven times as much memory; `bfloat16` and `float16` round a float32 model to half its size. Converted weights are kept in the user’s cache folder.',
  },
  train_file: {
    type: { kind: 'path' },
    default: undefined,
    text: 'The file of preference pairs to train on: JSON Lines, JSON, CSV, TSV or Parquet, also packed with gzip or zstd. With `trainer: kto` its rows are single answers (prompt, completion, label). A number `weight` in a row multiplies the loss of that row; this is Margin’s own.',
  },
  eval_file: {
    type: { kind: 'path' },
    default: null,
    nullable: true,
    text: 'A file of pairs to evaluate on, as for `train_file`; the model is never trained on them. Rewards on it show whether the model generalises or memorises. `margin split` makes one; a run checks its proof, `NAME.split.json`, if it lies beside the files.',
  },
  columns: {
    type: { kind: 'columns' },
    default: null,
    nullable: true,
    text: 'Margin’s own: which key of the rows of `train_file` and `eval_file` holds what, if their format is not one that Margin detects: `{"prompt": "question", "chosen": "good.text", "rejected": "bad.text"}`, or `completion` and `label` for single answers. The values are key paths; `system`, `history`, `query` (a text after the prompt), `tools` and `weight` may be given too. Texts are turns of a chat; with `"style": "plain"` they are not. Null detects the format of each row.',
  },
  pair_rule: {
    type: { kind: 'choice', of: pairRuleNames },
    default: null,
    nullable: true,
    text: 'Margin’s own: which pairs a row with a list of scored or ranked answers becomes. `best-worst` takes the best and the worst answer; `best-all` the best with each other one; `neighbours` each with the next worse one; `gap` each two whose scores or ranks differ by `pair_gap` or more. Null reads each format as the editor does: as `best-worst`, but RewardBench 2 as `best-all` with ties kept. More pairs of a prompt weigh that prompt more; the notes of a run say how many were made.',
  },
  pair_gap: {
    type: { kind: 'number', above: 0 },
    default: defaultPairRule.gap,
    text: 'Margin’s own: the least difference of two scores or ranks for `pair_rule: gap`.',
  },
  pair_ties: {
    type: { kind: 'choice', of: tieChoices },
    default: defaultPairRule.ties,
    text: 'Margin’s own: what two answers of a list with the same score or rank become. `drop` makes no pair. `keep` makes a tie, which is scored but not trained on. `both` makes two pairs, one each way, which pull the margin towards 0.',
  },
  data_format: {
    type: { kind: 'text' },
    default: null,
    nullable: true,
    text: 'The format of all rows of `train_file` and `eval_file`, by its id in `margin formats --json`, if the detected one is wrong. Null detects the format of each row. This is Margin’s own.',
  },
  use_marks: {
    type: { kind: 'boolean' },
    default: false,
    text: 'Margin’s own: apply what reviewers said in `NAME.marks.jsonl` beside `train_file` and `eval_file`, as *Margin: Apply Marks* would, without changing the files. Pairs that were judged the other way round are swapped, pairs with two bad answers and ties are left out, and the strength of a verdict becomes the `weight` (slightly 0.5, clearly 1, strongly 1.5). Where reviewers disagree the row stays as it is; a flag or a skip alone changes nothing. The notes of a run count each; `margin score FILE` reads the file without marks.',
  },
  test_split_size: {
    type: { kind: 'number', min: 0, below: 1 },
    default: 0,
    text: 'The fraction of prompts of `train_file` to hold out for evaluation if there is no `eval_file`. 0.1 is usual; 0 holds out none. All pairs of a prompt stay together, and the choice depends on the prompt’s text and `seed`; TRL’s split does neither. `margin split` also keeps near duplicates together.',
  },
  output_dir: {
    type: { kind: 'path' },
    default: '.margin/runs',
    text: 'The folder in which each run gets a folder of its own. TRL’s default is `trainer_output`; Margin uses a hidden folder beside the config, and the side bar looks for runs there.',
  },
  run_name: {
    type: { kind: 'text' },
    default: null,
    nullable: true,
    text: 'The name of the run, which is part of its folder’s name. Null takes the file name of the config.',
  },
} as const satisfies Partial<KeyTable>;
