// Takes in the order in which they stand.

import type { Take } from "./memory";

/** Takes of one cue, the newest first. */
export interface Group {
  readonly cue: string;
  readonly takes: readonly Take[];
}

/** Takes by cue, in the order of the cues' names; those without one last. */
export function groups(takes: readonly Take[]): Group[] {
  const found = new Map<string, Take[]>();
  for (const take of takes) found.set(take.cue, [...(found.get(take.cue) ?? []), take]);
  return [...found]
    .map(([cue, of]) => ({ cue, takes: of }))
    .sort((a, b) => Number(!a.cue) - Number(!b.cue) || a.cue.localeCompare(b.cue, undefined, { numeric: true }));
}
