// The synthesiser as the page has it: its worker, what it knows, and what comes of it.

import type { TempoPoint } from "../music/tempo";
import type { FromSynth, ToSynth } from "./words";

/** What plays a run of a take is told each block of it. */
export type Block = Extract<FromSynth, { say: "block" }>;

export class Synth {
  private readonly worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  private readonly learning = new Map<string, { readonly done: Promise<void>; heard(why: string): void }>();
  private loaded: { go(): void; fail(why: Error): void } | null = null;
  private recorded: { go(file: Blob): void; fail(why: Error): void } | null = null;
  private run = 0;
  /** Called with what sounds in the run that was begun last. */
  onBlock: (block: Block) => void = () => {};
  /** Called with the reason when the SoundFont cannot be played, also later than it was loaded. */
  onBroken: (why: string) => void = () => {};
  /** Called with how much of a file is made, 0 to 1. */
  onRecording: (share: number) => void = () => {};

  constructor() {
    this.worker.onmessage = ({ data }: MessageEvent<FromSynth>) => this.heard(data);
    this.worker.onerror = ({ message }) => {
      const error = new Error(message);
      this.loaded?.fail(error);
      this.recorded?.fail(error);
      this.onBroken(message);
    };
  }

  /** Play with that SoundFont from now on. Throws, in the library's words, where it cannot. */
  load(file: ArrayBuffer): Promise<void> {
    return new Promise((go, fail) => {
      this.loaded = { go, fail };
      this.say({ say: "load", file }, [file]);
    });
  }

  /** Know a take. `midi` brings its file, and is asked once. */
  learn(id: string, tempo: readonly TempoPoint[], midi: () => Promise<ArrayBuffer>): Promise<void> {
    const known = this.learning.get(id);
    if (known) return known.done;
    let heard: (why: string) => void = () => {};
    const answered = new Promise<void>((go, fail) => {
      heard = (why) => (why ? fail(new Error(why)) : go());
    });
    const done = midi().then((file) => {
      this.say({ say: "learn", id, midi: file, tempo }, [file]);
      return answered;
    });
    this.learning.set(id, { done, heard });
    done.catch(() => this.learning.delete(id));
    return done;
  }

  /** Know none but these any more. */
  forget(but: readonly string[]): void {
    for (const id of this.learning.keys()) if (!but.includes(id)) this.learning.delete(id);
    this.say({ say: "forget", but });
  }

  /** Play a take that is known. What came of an earlier run is heard no more. */
  begin(id: string, from: number, rate: number): void {
    this.say({ say: "begin", id, run: ++this.run, from, rate });
  }

  /** Make what sounds until that frame of the run. */
  until(frame: number): void {
    this.say({ say: "until", run: this.run, frame });
  }

  hush(): void {
    this.run++;
    this.say({ say: "hush" });
  }

  /** A take that is known, as a WAV file; one at a time. */
  record(id: string, seconds: number): Promise<Blob> {
    return new Promise((go, fail) => {
      this.recorded = { go, fail };
      this.say({ say: "record", id, seconds });
    });
  }

  private say(word: ToSynth, moved: Transferable[] = []): void {
    this.worker.postMessage(word, moved);
  }

  private heard(word: FromSynth): void {
    if (word.say === "block") {
      if (word.run === this.run) this.onBlock(word);
    } else if (word.say === "loaded") this.loaded?.go();
    else if (word.say === "refused") {
      this.loaded?.fail(new Error(word.why));
      this.onBroken(word.why);
    } else if (word.say === "learned") this.learning.get(word.id)?.heard(word.why);
    else if (word.say === "recording") this.onRecording(word.share);
    else if (word.file) this.recorded?.go(word.file);
    else this.recorded?.fail(new Error(word.why));
  }
}
