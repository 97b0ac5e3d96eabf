// The notes of the bars that are looked at, asked for anew when their revision has changed.

import { effect, signal, untracked } from "@preact/signals";
import type { BarNotes } from "../link/protocol";
import { learn, link, told } from "../store";

/** Bars of one question, as the daemon allows. */
const AT_ONCE = 128;
const WAIT_MS = 60;

/** By bar, from 1. */
export const notes = signal<ReadonlyMap<number, BarNotes>>(new Map());
/** Bars that are looked at, from 1. */
export const looked = signal<{ readonly first: number; readonly last: number }>({ first: 1, last: 0 });

let timer: ReturnType<typeof setTimeout> | null = null;
let asking = false;

/** The stretches of bars, each no longer than may be asked for, that hold all that are wanted. */
export function stretches(wanted: readonly number[], longest = AT_ONCE): [number, number][] {
  const found: [number, number][] = [];
  for (const bar of [...wanted].sort((a, b) => a - b)) {
    const last = found.at(-1);
    // A few bars too many cost less than another question.
    if (last && bar - last[0] < longest && bar - last[1] <= 8) last[1] = bar;
    else found.push([bar, bar]);
  }
  return found;
}

/** The bars of those looked at whose notes are missing or old. */
function missing(): number[] {
  const { first, last } = looked.peek();
  const have = notes.peek();
  return Object.entries(told.written.peek())
    .filter(([bar, revision]) => {
      const at = Number(bar);
      return at >= first && at <= last && have.get(at)?.revision !== revision;
    })
    .map(([bar]) => Number(bar));
}

async function fetchMissing(): Promise<void> {
  timer = null;
  if (asking || link.there.peek() !== true) return;
  asking = true;
  try {
    for (const [first, last] of stretches(missing())) {
      const answer = await learn({ ask: "notes", first, last });
      if (!answer?.bars) return;
      const next = new Map(notes.peek());
      for (const [bar, told] of Object.entries(answer.bars)) next.set(Number(bar), told);
      notes.value = next;
    }
  } finally {
    asking = false;
  }
  if (missing().length) soon();
}

function soon(): void {
  if (timer === null) timer = setTimeout(() => void fetchMissing(), WAIT_MS);
}

/** Keep `notes` up to date for as long as somebody looks. What comes back stops it. */
export function keepNotes(): () => void {
  return effect(() => {
    const written = told.written.value;
    // Who was not there when it was asked is asked when it is back.
    void [looked.value, link.there.value, told.daemon.value.there];
    untracked(() => {
      const gone = [...notes.peek().keys()].filter((bar) => !(bar in written));
      if (gone.length) {
        const next = new Map(notes.peek());
        for (const bar of gone) next.delete(bar);
        notes.value = next;
      }
      soon();
    });
  });
}
