// What the page and the worker that makes its sound say to each other.

import type { TempoPoint } from "../music/tempo";

export type ToSynth =
  | { readonly say: "load"; readonly file: ArrayBuffer }
  /** A take's MIDI file, and its own tempo. */
  | { readonly say: "learn"; readonly id: string; readonly midi: ArrayBuffer; readonly tempo: readonly TempoPoint[] }
  /** Those that are known but not named are gone. */
  | { readonly say: "forget"; readonly but: readonly string[] }
  /** Play that take from a second of it; nothing of an earlier run comes any more. */
  | { readonly say: "begin"; readonly id: string; readonly run: number; readonly from: number; readonly rate: number }
  /** Make what sounds until then, in frames from where the run began. */
  | { readonly say: "until"; readonly run: number; readonly frame: number }
  | { readonly say: "hush" }
  /** Make a WAV file of that take. */
  | { readonly say: "record"; readonly id: string; readonly seconds: number };

export type FromSynth =
  | { readonly say: "loaded" }
  /** The SoundFont cannot be played. */
  | { readonly say: "refused"; readonly why: string }
  | { readonly say: "learned"; readonly id: string; readonly why: string }
  | {
      readonly say: "block";
      readonly run: number;
      readonly frame: number;
      readonly left: Float32Array<ArrayBuffer>;
      readonly right: Float32Array<ArrayBuffer>;
    }
  | { readonly say: "recording"; readonly share: number }
  /** `why` says what went wrong; then there is no file. */
  | { readonly say: "recorded"; readonly file: Blob | null; readonly why: string };
