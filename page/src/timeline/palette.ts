// The colours of the canvas: the style sheet's own, read anew when the desk turns dark or light.

const NAMES = [
  "text",
  "muted",
  "line",
  "faint",
  "panel",
  "raised",
  "hit",
  "cue",
  "play",
  "ready",
  "writing",
  "planned",
  "fallback",
  "bad",
] as const;
export type Palette = Readonly<Record<(typeof NAMES)[number], string>> & { readonly stems: readonly string[] };

/** The colours as they are now. `_turns` counts how often they have changed: another number, another answer. */
export function palette(_turns: number): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const named = Object.fromEntries(NAMES.map((name) => [name, read(name)])) as Record<(typeof NAMES)[number], string>;
  return { ...named, stems: [1, 2, 3, 4, 5, 6, 7, 8].map((one) => read(`stem-${one}`)) };
}
