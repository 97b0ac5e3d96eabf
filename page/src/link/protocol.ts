// What the daemon tells and takes, as daemon/hitpoint/page/API.md has it.

import type { Ramp } from "../music/tempo";

export type ControlName = "intensity" | "density" | "valence" | "arousal" | "tension";
export type Controls = Readonly<Record<ControlName, number | null>>;
export type Switch = "mute" | "solo" | "lock";

export interface Daemon {
  readonly there: boolean;
  readonly why: string;
}

export interface TransportState {
  readonly rolling: boolean;
  readonly tick: number;
  readonly at: number;
  readonly loop: { readonly start: number; readonly end: number } | null;
  /** False where the loop has been left behind. */
  readonly turns: boolean;
}

export interface Marker {
  readonly id: string | number;
  readonly tick: number;
  readonly name: string;
}

export interface Region {
  readonly id: string | number;
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

export interface Timeline {
  readonly frame_rate: string;
  readonly tempo: readonly { tick: number; seconds: number; bpm: number; ramp: Ramp }[];
  readonly meter: readonly { tick: number; bar: number; numerator: number; denominator: number }[];
  readonly markers: readonly Marker[];
  readonly regions: readonly Region[];
}

export interface HitPoint {
  readonly tick: number;
  readonly name: string;
  readonly kind: "entrance" | "turn" | "hit" | "stop" | "end";
  readonly cue: string;
}

export interface Spotting {
  readonly cues: readonly { name: string; start: number; end: number | null }[];
  readonly hits: readonly HitPoint[];
  readonly unread: readonly { tick: number; name: string; reason: string }[];
}

export interface Landing {
  readonly tick: number;
  readonly planned_ticks: number | null;
  readonly landed_ticks: number | null;
  readonly landed_ms: number | null;
  readonly landed_frames: number | null;
}

export type Stage = "rest" | "planned" | "writing" | "ready" | "playing";

export interface BarState {
  readonly stage: Stage;
  readonly by: "model" | "fallback" | "back-up" | "";
  readonly start: number;
  readonly end: number;
  /** Null where nothing plays. */
  readonly controls: Controls | null;
  readonly cue: string;
}

export interface Part {
  readonly order: number;
  readonly stem: string;
  readonly instrument: string | number;
  readonly mute: boolean;
  readonly solo: boolean;
  readonly lock: boolean;
  readonly sounds: boolean;
}

/** A cue that takes can be made of. */
export interface CueToMake {
  readonly name: string;
  /** Ticks of the host's timeline; null where it is not there. */
  readonly start: number | null;
  /** Null where nothing ends it. */
  readonly end: number | null;
  /** Takes that were made of it as it is now; counted only while some are kept ready. */
  readonly there: number;
}

/** What takes are made of, and what is being made. */
export interface Making {
  readonly cues: readonly CueToMake[];
  /** Where there are none, what to do. */
  readonly none: string;
  /** So many takes are kept ready of each cue. */
  readonly ready: number;
  readonly run: { readonly cue: string; readonly done: number; readonly count: number } | null;
  /** A take that is written from another, `of`. */
  readonly one: { readonly what: "vary" | "infill" | "add"; readonly of: string } | null;
  /** The cue of which one is made ready. */
  readonly preparing: string;
  readonly wrong: readonly { readonly cue: string; readonly why: string }[];
  readonly made: number;
}

export interface States {
  readonly known: Readonly<Record<string, string>>;
  readonly holding: string;
  readonly coming: { readonly name: string; readonly tick: number; readonly place: string } | null;
  readonly frozen_bar: number | null;
}

export interface Midi {
  readonly bindings: readonly { source: string; target: string; how: string }[];
  readonly learning: string;
  readonly unbound: string;
}

/** How it is running; only what the page shows is named here. */
export interface Status {
  readonly leader?: string;
  readonly why?: string;
  readonly leads_seconds?: number | null;
  readonly tempo_bpm?: number;
  readonly bundle?: string;
  readonly output?: string;
  readonly ports?: readonly string[];
  readonly offsets_ms?: Readonly<Record<string, number>>;
  readonly inputs?: readonly string[];
  readonly sources?: readonly Readonly<Record<string, unknown>>[];
  readonly clock?: Readonly<Record<string, string | number | null>>;
  readonly processes?: Readonly<Record<string, number>>;
  readonly restarts?: Readonly<Record<string, number>>;
  readonly restart_seconds?: Readonly<Record<string, number | null>>;
  readonly hosts?: readonly Readonly<Record<string, unknown>>[];
  readonly played?: Readonly<Record<string, unknown>>;
  readonly play?: Readonly<Record<string, number>>;
  readonly answer_seconds?: number;
  readonly bars_by_model?: number;
  readonly bars_by_fallback?: number;
  readonly troubles?: readonly string[];
  readonly [other: string]: unknown;
}

export interface State {
  readonly daemon: Daemon;
  readonly transport: TransportState;
  readonly timeline: Timeline;
  readonly spotting: Spotting;
  readonly landings: Readonly<Record<string, Landing>>;
  readonly controls: Controls;
  readonly curves: Readonly<Partial<Record<ControlName, readonly (readonly [number, number])[]>>>;
  readonly bars: Readonly<Record<string, BarState>>;
  readonly written: Readonly<Record<string, number>>;
  readonly parts: Readonly<Record<string, Part>>;
  readonly stems: Readonly<Record<string, Readonly<Record<Switch, boolean>>>>;
  readonly direction: string;
  readonly loop_varies: boolean;
  readonly states: States;
  readonly stingers: readonly string[];
  readonly midi: Midi;
  readonly audition: { readonly take: string; readonly second: number; readonly at: number };
  readonly status: Status;
  readonly takes: Making;
  readonly page: {
    readonly address: string;
    readonly lan: boolean;
    readonly clients: number;
    readonly dropped: number;
  };
  readonly osc: { readonly host: string; readonly port: number };
}

/** tick, pitch, duration, velocity. */
export type NoteRow = readonly [number, number, number, number];

export interface BarNotes {
  readonly revision: number;
  readonly parts: Readonly<Record<string, { readonly by: string; readonly notes: readonly NoteRow[] }>>;
}

export interface Finding {
  readonly check: string;
  readonly health: "ok" | "warn" | "fail";
  readonly found: string;
  readonly advice: string;
}

export interface Answer {
  readonly type: "answer";
  readonly id: number | null;
  readonly ok: boolean;
  readonly error?: string;
  readonly value?: readonly unknown[];
  readonly bars?: Readonly<Record<string, BarNotes>>;
  readonly findings?: readonly Finding[];
  readonly models?: readonly string[];
  readonly now?: number;
}

export type Message =
  | { readonly type: "hello"; readonly api: number; readonly hitpoint: string; readonly build: string; now: number }
  | { readonly type: "state"; readonly version: number; readonly now: number; readonly state: State }
  | {
      readonly type: "change";
      readonly from: number;
      readonly version: number;
      readonly now: number;
      readonly set: Readonly<Record<string, unknown>>;
      readonly gone: readonly string[];
    }
  | { readonly type: "beat"; readonly now: number }
  | { readonly type: "goodbye"; readonly why: string }
  | Answer;

export type Request =
  | { readonly do: string; readonly args?: readonly (number | string | boolean)[] }
  | { readonly ask: "notes"; readonly first: number; readonly last: number }
  | { readonly ask: "doctor" }
  | { readonly ask: "models" }
  | { readonly ask: "clock" };
