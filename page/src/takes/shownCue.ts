// Of which cue the takes are shown: of one, of all, or of the one at the host's place.

import { computed, signal } from "@preact/signals";
import { eachFrame } from "../place";
import { options, remember } from "../route";
import { told } from "../store";
import { cueAt } from "./cueAt";

/** In the hash, in place of a cue's name. */
export const HOST = "@host";

/** A cue's name, HOST, or nothing for all. */
export const wanted = computed(() => options.value.cue ?? "");
const atHost = signal("");
/** The cue whose takes are shown; null for all, "" where the host is in none. */
export const shownCue = computed(() => (wanted.value === HOST ? atHost.value : wanted.value || null));

export function show(cue: string): void {
  remember({ cue });
}

/** Look where the host is, for as long as somebody does. What comes back stops it. */
export function followHost(): () => void {
  return eachFrame((tick) => {
    atHost.value = cueAt(told.takes.peek().cues, tick);
  });
}
