// Makes the sound of takes with a SoundFont, away from what the person sees. A worker rather than an audio worklet:
// browsers have those only over HTTPS or on this very machine, and a tablet on the stand has neither.

import { type BasicSoundBank, SoundBankLoader, SpessaSynthProcessor } from "spessasynth_core";
import { TempoMap } from "../music/tempo";
import { Rendering } from "./rendering";
import { type Message, messagesOf, NOTE_ON } from "./score";
import { type Block, waveOf } from "./wave";
import type { FromSynth, ToSynth } from "./words";

/** Made at once: then who asked for something else is heard. */
const BLOCK_SECONDS = 0.1;
/** Of files: what pictures are cut to. */
const FILE_RATE = 48_000;
/** What still rings after the last bar: at most so long, and not once it is softer than this. */
const TAIL_SECONDS = 8;
const SILENT = 10 ** (-80 / 20);

let bank: BasicSoundBank | null = null;
const known = new Map<string, readonly Message[]>();
let live: { readonly run: number; readonly of: Rendering; made: number; wanted: number } | null = null;
let making = false;

const say = (word: FromSynth, moved: Transferable[] = []) => postMessage(word, { transfer: moved });

addEventListener("message", ({ data }: MessageEvent<ToSynth>) => {
  if (data.say === "load") void load(data.file);
  else if (data.say === "learn") learn(data.id, data.midi, new TempoMap(data.tempo));
  else if (data.say === "hush") live = null;
  else if (data.say === "forget") forget(new Set(data.but));
  else if (data.say === "record") void record(data.id, data.seconds);
  else if (data.say === "begin") {
    begin(data.id, data.run, data.from, data.rate);
  } else if (live?.run === data.run) {
    live.wanted = Math.max(live.wanted, data.frame);
    if (!making) void make();
  }
});

async function load(file: ArrayBuffer): Promise<void> {
  try {
    // Where WebAssembly is not to be had, only compressed SoundFonts are lost.
    await new SpessaSynthProcessor(FILE_RATE).processorInitialized.catch(() => {});
    bank = SoundBankLoader.fromArrayBuffer(file);
    if (!bank.presets.length) throw new Error("no instrument is in it");
    warmUp(bank);
    say({ say: "loaded" });
  } catch (error) {
    bank = null;
    say({ say: "refused", why: reason(error) });
  }
}

/** What a browser runs for the first time it runs slowly: not when somebody waits for the first note. */
function warmUp(of: BasicSoundBank): void {
  const chord = [48, 60, 64].map((pitch) => ({ at: 0, channel: 0, kind: NOTE_ON, data: new Uint8Array([pitch, 80]) }));
  const rendering = new Rendering(of, chord, 0, FILE_RATE);
  for (let turn = 0; turn < 4; turn++) block(rendering);
}

function forget(but: ReadonlySet<string>): void {
  for (const id of known.keys()) if (!but.has(id)) known.delete(id);
}

function learn(id: string, midi: ArrayBuffer, tempo: TempoMap): void {
  try {
    known.set(id, messagesOf(midi, tempo));
    say({ say: "learned", id, why: "" });
  } catch (error) {
    say({ say: "learned", id, why: reason(error) });
  }
}

function begin(id: string, run: number, from: number, rate: number): void {
  const messages = known.get(id);
  live = null;
  if (!bank || !messages) return;
  try {
    live = { run, of: new Rendering(bank, messages, from, rate), made: 0, wanted: 0 };
  } catch (error) {
    say({ say: "refused", why: reason(error) });
  }
}

async function make(): Promise<void> {
  making = true;
  try {
    while (live && live.made < live.wanted) {
      const { run, of, made } = live;
      const { left, right } = block(of);
      live.made += left.length;
      say({ say: "block", run, frame: made, left, right }, [left.buffer, right.buffer]);
      await others();
    }
  } catch (error) {
    // What is wrong in a SoundFont may show only once it is played.
    live = null;
    say({ say: "refused", why: reason(error) });
  }
  making = false;
}

async function record(id: string, seconds: number): Promise<void> {
  try {
    const messages = known.get(id);
    if (!bank || !messages) throw new Error("the take's notes are not there");
    const of = new Rendering(bank, messages, 0, FILE_RATE);
    const blocks: Block[] = [];
    for (let at = 0; at < seconds + TAIL_SECONDS; at += BLOCK_SECONDS) {
      blocks.push(block(of));
      if (at > seconds && !of.voices && isSilent(blocks.at(-1) as Block)) break;
      if (blocks.length % 10 === 0) say({ say: "recording", share: Math.min(1, at / seconds) });
      await others();
    }
    say({ say: "recorded", file: new Blob(waveOf(blocks, FILE_RATE), { type: "audio/wav" }), why: "" });
  } catch (error) {
    say({ say: "recorded", file: null, why: reason(error) });
  }
}

function block(of: Rendering): { left: Float32Array<ArrayBuffer>; right: Float32Array<ArrayBuffer> } {
  const frames = Math.round(of.rate * BLOCK_SECONDS);
  const made = { left: new Float32Array(frames), right: new Float32Array(frames) };
  of.render(made.left, made.right);
  return made;
}

function isSilent({ left, right }: Block): boolean {
  return [left, right].every((channel) => channel.every((one) => Math.abs(one) < SILENT));
}

/** Let what was said meanwhile be heard. */
function others(): Promise<void> {
  return new Promise((go) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      go();
    };
    port2.postMessage(0);
  });
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
