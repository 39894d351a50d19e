import type { Target } from './target';
import { trl } from './trl';

/** TRL's rows as CSV. A chat becomes JSON text in its cells, which Margin reads as a chat. */
export const csv: Target = {
  ...trl,
  id: 'csv',
  label: 'CSV: prompt, chosen, rejected',
  file: 'csv',
  purpose: 'spreadsheets; chats and lists become JSON text, and no cell has a type',
  tool: 'CSV',
  link: 'https://www.rfc-editor.org/rfc/rfc4180',
};

/** TRL's rows as Parquet, with lists of messages as lists of structs, as `datasets` writes them. */
export const parquet: Target = {
  ...trl,
  id: 'parquet',
  label: 'Parquet: prompt, chosen, rejected',
  file: 'parquet',
  purpose: 'the Hugging Face Hub and large data sets, with TRL’s rows',
  tool: 'Parquet',
  link: 'https://huggingface.co/docs/hub/datasets-usage',
};
