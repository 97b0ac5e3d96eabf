// The take memory, as the page's process reads it: the list, and the music of those that are looked at.

import { signal } from "@preact/signals";
import type { HitPoint, NoteRow, Timeline } from "../link/protocol";
import { complain } from "../store";
import { texts } from "../texts";

/** What was asked of the take that it is a variation of. */
export interface Asked {
  /** Names. */
  readonly parts?: readonly string[];
  /** From 1: "5-8", "3,5-6". */
  readonly bars?: string;
}

export interface Take {
  readonly id: string;
  /** UTC, ISO 8601. */
  readonly made: string;
  readonly cue: string;
  readonly prompt: string;
  readonly seed: string;
  readonly bars: number;
  readonly parts: readonly string[];
  readonly notes: number;
  readonly rating: number | null;
  readonly note: string;
  readonly kept: boolean;
  readonly locks: readonly string[];
  readonly status: string;
  readonly parent: string | null;
  /** Of a variation. */
  readonly asked: Asked;
  readonly model: { readonly bundle: string };
}

export interface Memory {
  /** The newest first. */
  readonly takes: readonly Take[];
  /** Its file's name. */
  readonly file: string;
  /** How to get takes, where there are none. */
  readonly none: string;
  /** What Undo takes back; `gone` where its take is forgotten by it. */
  readonly last: { readonly kind: string; readonly take: string; readonly gone: boolean } | null;
  /** Whom a part can be added for. */
  readonly players: readonly string[];
}

export interface TakePart {
  readonly name: string;
  readonly stem: string;
  readonly drums: boolean;
  readonly notes: readonly NoteRow[];
}

export interface TakeMusic {
  readonly id: string;
  readonly bars: number;
  /** The tick at which its last bar ends. */
  readonly end: number;
  readonly timeline: Timeline;
  readonly hits: readonly HitPoint[];
  readonly parts: readonly TakePart[];
}

/** Null until it was read once. */
export const memory = signal<Memory | null>(null);
/** Why it cannot be read now, in the daemon's words. */
export const trouble = signal("");
/** By id: the music of those that were looked at; a text says why one cannot be read. */
export const musics = signal<ReadonlyMap<string, TakeMusic | string>>(new Map());

const LOOK_SECONDS = 10;
/** Read at once: the rest of the browser's connections are for what a person does. */
const AT_ONCE = 2;
let last = "";
/** Looks that were begun; and of these the one that what is shown is no older than. */
let looks = 0;
let shown = 0;
const reading = new Map<string, Promise<TakeMusic | null>>();
const queue: (() => void)[] = [];
let busy = 0;

/** The text of an answer. Throws what the daemon says is wrong, in its words. */
async function answered(path: string, how?: RequestInit): Promise<string> {
  const answer = await fetch(new URL(`api/takes${path}`, document.baseURI), how).catch(() => null);
  if (!answer) throw new TypeError(texts.connection.notConnected);
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}

/** Read the list. */
export async function look(): Promise<void> {
  const mine = ++looks;
  const text = await answered("").catch((error: Error) => error);
  // Of several that are under way at once, one that was begun earlier may be answered later: it knows less.
  if (mine < shown) return;
  shown = mine;
  try {
    if (text instanceof Error) throw text;
    trouble.value = "";
    if (text === last) return;
    const found: Memory = JSON.parse(text);
    last = text;
    memory.value = found;
    // What was purged is forgotten here, too.
    if ([...musics.peek().keys()].some((id) => !isThere(id))) {
      musics.value = new Map([...musics.peek()].filter(([id]) => isThere(id)));
    }
  } catch (error) {
    // That nobody answers, the frame says; what was read last is still shown.
    if (!(error instanceof TypeError) || !memory.peek()) trouble.value = String((error as Error).message);
  }
}

/** Look now and then, for as long as somebody does. What comes back stops it. */
export function keepLooking(): () => void {
  const again = () => {
    if (!document.hidden) void look();
  };
  again();
  const timer = setInterval(again, LOOK_SECONDS * 1000);
  document.addEventListener("visibilitychange", again);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", again);
  };
}

/** A take's music; null where it cannot be read, which `musics` says. */
export function musicOf(id: string): Promise<TakeMusic | null> {
  const known = musics.peek().get(id);
  if (known && typeof known !== "string") return Promise.resolve(known);
  let read = reading.get(id);
  if (!read) {
    read = turn()
      .then(() => answered(`/${id}/music`))
      .then((text) => remembered(id, JSON.parse(text) as TakeMusic))
      .catch((error: Error) => remembered(id, error.message))
      .finally(() => {
        reading.delete(id);
        busy--;
        queue.shift()?.();
      });
    reading.set(id, read);
  }
  return read;
}

/** Ask that something be changed; null where it was refused, which is shown in the daemon's words. `keepalive`: it is
 * asked even if the page is gone by then. */
export async function changed<T>(path: string, said: object, keepalive = false): Promise<T | null> {
  const headers = { "Content-Type": "application/json" };
  try {
    return JSON.parse(await answered(path, { method: "POST", headers, body: JSON.stringify(said), keepalive }));
  } catch (error) {
    complain((error as Error).message);
    return null;
  }
}

/** Rate a take, note something, or both. True when it was done. */
export async function rate(id: string, said: { rating?: number; note?: string }): Promise<boolean> {
  return put(await changed<Take>(`/${id}/rate`, said));
}

/** Have variations leave a part as it is, or no more. */
export async function lock(id: string, part: string, on: boolean): Promise<boolean> {
  return put(await changed<Take>(`/${id}/lock`, { parts: [part], on }));
}

/** Take back the last change of anyone's; null where there is none to take back. A take is forgotten only where the
 * list that is shown says that it would be. */
export async function undo(): Promise<{ undone: string; take: string } | null> {
  const step = memory.peek()?.last;
  const undone = await changed<{ undone: string; take: string }>("/undo", step?.gone ? { forget: step.take } : {});
  // Also where it was refused: the list is an old one then.
  await look();
  return undone;
}

/** Have a take written into the DAW's arrangement; null where it cannot be, which is said. */
export async function keep(id: string): Promise<{ bar: number; note: string } | null> {
  const kept = await changed<{ bar: number; note: string }>(`/${id}/keep`, { parts: [] });
  if (kept) await look();
  return kept;
}
/** Where a take's MIDI file is. */
export function midiOf(id: string): string {
  return `api/takes/${id}/midi`;
}

/** Where the MIDI files of a take's stems are, in one zip file. */
export function stemsOf(id: string): string {
  return `api/takes/${id}/stems`;
}

function put(take: Take | null): boolean {
  const now = memory.peek();
  if (!take || !now) return false;
  memory.value = { ...now, takes: now.takes.map((one) => (one.id === take.id ? take : one)) };
  last = "";
  // A look that is under way may have been before it.
  shown = looks + 1;
  // What Undo would take back is another now.
  void look();
  return true;
}

function isThere(id: string): boolean {
  return memory.peek()?.takes.some((take) => take.id === id) ?? true;
}

function remembered(id: string, music: TakeMusic | string): TakeMusic | null {
  // It was purged while it was read.
  if (!isThere(id)) return null;
  musics.value = new Map(musics.peek()).set(id, music);
  return typeof music === "string" ? null : music;
}

async function turn(): Promise<void> {
  if (busy >= AT_ONCE) await new Promise<void>((go) => queue.push(go));
  busy++;
}
