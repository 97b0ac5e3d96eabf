// The SoundFont that the daemon offers: what is known of it, and its being fetched when somebody first wants to hear.

import { signal } from "@preact/signals";
import { Synth } from "../sound/synth";
import { texts } from "../texts";
import { midiOf, type TakeMusic } from "./memory";

export interface SoundFontIs {
  /** Its file's name; empty where there is none. */
  readonly name: string;
  readonly bytes: number;
  readonly url: string;
  /** Why there is none, and how to get one, in the daemon's words. */
  readonly none: string;
}

/** Null until the daemon has said. */
export const soundfont = signal<SoundFontIs | null>(null);
/** How much of it is here, 0 to 1. */
export const fetched = signal(0);
/** True once takes are heard with it. */
export const ready = signal(false);
/** Why it cannot be played. */
export const broken = signal("");

let loading: Promise<Synth | null> | null = null;

/** Ask which there is. */
export async function askSoundFont(): Promise<void> {
  const answer = await fetch(new URL("api/soundfont", document.baseURI)).catch(() => null);
  if (!answer?.ok) return;
  const found: SoundFontIs = await answer.json();
  // What cannot be played stays so until it is another.
  if (found.url !== soundfont.peek()?.url && !ready.peek()) {
    broken.value = "";
    loading = null;
  }
  if (!ready.peek()) soundfont.value = found;
}

/** The synthesiser with its SoundFont, fetched once; null where there is none that can be played. */
export function synthesiser(): Promise<Synth | null> {
  loading ??= load();
  return loading;
}

/** What is purged is known no more. */
export function forgetAllBut(ids: readonly string[]): void {
  void loading?.then((synth) => synth?.forget(ids));
}

/** Have it know a take. */
export function learn(synth: Synth, music: TakeMusic): Promise<void> {
  return synth.learn(music.id, music.timeline.tempo, async () => {
    const answer = await fetch(new URL(midiOf(music.id), document.baseURI));
    if (!answer.ok) throw new Error(await answer.text());
    return answer.arrayBuffer();
  });
}

async function load(): Promise<Synth | null> {
  if (!soundfont.peek()) await askSoundFont();
  const found = soundfont.peek();
  if (!found?.url) return null;
  try {
    const synth = new Synth();
    synth.onBroken = (why) => {
      broken.value = why;
      ready.value = false;
      loading = Promise.resolve(null);
    };
    await synth.load(await contentOf(found));
    ready.value = true;
    return synth;
  } catch (error) {
    broken.value = (error as Error).message;
    return null;
  }
}

async function contentOf(font: SoundFontIs): Promise<ArrayBuffer> {
  const answer = await fetch(new URL(font.url, document.baseURI));
  if (!answer.ok || !answer.body) throw new Error(await answer.text());
  const content = new Uint8Array(font.bytes);
  const reader = answer.body.getReader();
  let at = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (at + value.length > content.length) throw new Error(texts.takes.soundfont.changed);
    content.set(value, at);
    at += value.length;
    fetched.value = at / font.bytes;
  }
  if (at < content.length) throw new Error(texts.takes.soundfont.changed);
  return content.buffer;
}
