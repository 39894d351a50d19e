/** The tools that `package.json` declares for chat agents. */
export const toolNames = ['margin_query', 'margin_stats', 'margin_suspects', 'margin_convert'] as const;

export type ToolName = (typeof toolNames)[number];
