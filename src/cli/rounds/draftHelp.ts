import { columnsHelp } from '../columnsOption';
import { pairRuleHelp } from '../pairRuleOptions';
import { endpointHelp } from './endpointOption';
import { roundsHelp } from './roundsOption';

export const draftHelp = `margin draft NAME (--model DIR | --run RUN [--checkpoint N|best]) (--prompts FILE | --prompt TEXT …) [--k 4]
margin draft NAME --prompts FILE               The next round, with the model of the last one.
margin draft NAME --prompt_key KEY --k N       N more drafts of one prompt.

Drafts several answers to each prompt, for the next round of training: .margin/rounds/NAME/round-K/drafts.jsonl. A
person or a judge then says which are better (margin judge), and margin round trains on the pairs. Ctrl+C or a kill
keeps what is complete; the same command goes on.

  --model DIR           The model that answers: a folder, a .gguf file, or an adapter's folder. It is the base of NAME.
  --run RUN             A run whose model answers: its folder, or its name in .margin/runs.
  --checkpoint N        The step of the run; best: its best evaluation. Default: the model that it ended with.
  --endpoint URL        An OpenAI-compatible server answers, such as http://localhost:8080/v1. --model still names the
                        model that the first round trains.
  --prompts FILE        A file of preference rows, or of rows {"prompt": …}. Held-out prompts are left out.
  --prompt TEXT         A prompt; it may be given several times.
  --filter QUERY        Only rows that margin query FILE QUERY finds.
  --count N             The number of prompts; default all.
  --choice C            random (default), or active: drafts for three times as many prompts, and keeps those whose best
                        and worst draft the policy values most alike.
  --prompt_seed N       The seed of the choice; default 0. Prompts of earlier rounds come last.
  --k N                 Drafts for each prompt; default 4.
  --seed N              The seed of the drafts; default 0. Each draft has its own, which drafts.jsonl records: margin
                        generate --seed with it makes the draft again.
  --temperature T       Default 0.8.
  --top_p P             Default 1.
  --max_new_tokens N    The longest draft; default 256.
  --batch_size N        Drafts that are made at once; default 16. A prompt is read once for all its drafts.
  --beta B              The β of implicit rewards, by which drafts are ranked; default 0.1.
  --held_out FILE       Pairs on which every round is measured, and which no round trains on.
  --guard_file FILE     A text on which every round measures the language model.
${roundsHelp}
${endpointHelp}
  --json                Prints {"progress": {"done", "total", "text"}}, then {"drafted": …}.
${columnsHelp}
${pairRuleHelp}

Exit code: 0 success; 1 failed or stopped; 2 wrong usage.`;
