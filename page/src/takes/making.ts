// Takes that are made: of cues, of takes, and those that are kept ready. What is being made, the daemon says.

import { computed, effect, signal } from "@preact/signals";
import { told } from "../store";
import { changed, look } from "./memory";

export type What = "vary" | "infill" | "add";

/** What this page has asked for and not yet got. */
const asked = signal<{ what: What; of: string } | null>(null);
/** The take of which another is being written, whoever asked. */
export const writing = computed(() => asked.value ?? told.takes.value.one);
/** The one that was written last for this page. */
export const written = signal<{ what: What; take: string; of: string } | null>(null);

/** Have takes of a cue made, or of all for null. What comes of it, `told.takes` tells. */
export async function generate(cue: string | null, count: number): Promise<void> {
  await changed("/make", { cues: cue === null ? null : [cue], count });
}

export async function stopMaking(): Promise<void> {
  await changed("/stop", {});
}

export async function keepReady(count: number): Promise<void> {
  await changed("/ready", { count });
}

/** Write a share of a take anew. */
export async function vary(id: string, amount: number, keep: string): Promise<boolean> {
  return one("vary", id, { amount, keep: keep || null });
}

/** Write a share of some bars, counted from 1, of some parts anew. */
export async function infill(
  id: string,
  parts: readonly string[],
  first: number,
  last: number,
  amount: number,
): Promise<boolean> {
  return one("infill", id, { parts, first, last, amount });
}

/** Write a part for somebody who does not play yet. */
export async function addPart(id: string, player: string): Promise<boolean> {
  return one("add", id, { player });
}

/** Seconds, at the lowest priority. True when it is there. */
async function one(what: What, of: string, said: object): Promise<boolean> {
  if (writing.peek()) return false;
  asked.value = { what, of };
  written.value = null;
  const made = await changed<{ take: string }>(`/${of}/${what}`, said);
  if (made) {
    await look();
    written.value = { what, take: made.take, of };
  }
  asked.value = null;
  return made !== null;
}

/** See each take as soon as it is there, for as long as somebody looks. What comes back stops it. */
export function seeWhatIsMade(): () => void {
  const made = computed(() => told.takes.value.made);
  let before = made.peek();
  return effect(() => {
    if (made.value === before) return;
    before = made.value;
    void look();
  });
}
