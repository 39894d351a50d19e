import { pickOne } from '../quickSteps';
import { type Preset, presets } from '../../run/presets';

/** Asks for a preset. @returns null if the person closed the list */
export async function askPreset(): Promise<Preset | null> {
  const items = presets.map((preset) => ({
    label: preset.name,
    description: preset.about,
    detail: preset.source,
    preset,
  }));
  const placeHolder = 'Values of a published recipe; you see what changes before it is applied';
  const options = { title: 'Margin: Preset', placeHolder, matchOnDescription: true, matchOnDetail: true };
  return (await pickOne(items, options))?.preset ?? null;
}
