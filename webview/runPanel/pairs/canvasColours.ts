import type { Colours } from './scatterPaint';

/** The colours of the theme for a canvas, as they are on the screen now. */
export function canvasColours(): Colours {
  const style = getComputedStyle(document.body);
  const colour = (name: string): string => style.getPropertyValue(name).trim() || style.color;
  return {
    point: colour('--vscode-charts-blue'),
    bad: colour('--bad'),
    high: colour('--vscode-charts-yellow'),
    // Not the colour of borders, which high contrast makes as strong as the points.
    axis: `color-mix(in srgb, ${style.color} 25%, transparent)`,
    text: colour('--vscode-descriptionForeground'),
    mark: colour('--vscode-foreground'),
    background: colour('--vscode-editor-background'),
    font: style.fontFamily,
  };
}
