// The last that the daemon told, as signals: one for each field of its state. The page has no truth of its own.

import { batch, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { DaemonClock } from "./link/clock";
import { Connection, Refused } from "./link/connection";
import { patched } from "./link/patch";
import type { Answer, Message, Request, State } from "./link/protocol";
import { texts } from "./texts";

const NOTHING = { intensity: null, density: null, valence: null, arousal: null, tension: null };
/** What is so before anything was told. */
const EMPTY: State = {
  daemon: { there: true, why: "" },
  transport: { rolling: false, tick: 0, at: 0, loop: null, turns: false },
  timeline: { frame_rate: "24", tempo: [], meter: [], markers: [], regions: [] },
  spotting: { cues: [], hits: [], unread: [] },
  landings: {},
  controls: NOTHING,
  curves: {},
  bars: {},
  written: {},
  parts: {},
  stems: {},
  direction: "",
  loop_varies: false,
  states: { known: {}, holding: "", coming: null, frozen_bar: null },
  stingers: [],
  midi: { bindings: [], learning: "", unbound: "" },
  audition: { take: "", second: 0, at: 0 },
  status: {},
  takes: { cues: [], none: "", ready: 0, run: null, one: null, preparing: "", wrong: [], made: 0 },
  page: { address: "", lan: false, clients: 0, dropped: 0 },
  osc: { host: "", port: 0 },
};

type Fields = { readonly [Name in keyof State]: Signal<State[Name]> };

const fields = Object.fromEntries(Object.entries(EMPTY).map(([name, value]) => [name, signal(value)])) as Fields;
/** Each field of the daemon's state. */
export const told: { readonly [Name in keyof State]: ReadonlySignal<State[Name]> } = fields;

/** How the page stands with the daemon. */
export const link = {
  /** Null until the first word. */
  there: signal<boolean | null>(null),
  /** True when this page's files are of another build than the daemon's. */
  stale: signal(false),
  hitpoint: signal(""),
  api: signal(0),
  /** True once a whole state was told. */
  ready: signal(false),
};

export interface Toast {
  readonly id: number;
  readonly text: string;
}
/** What went wrong with what a person asked, newest last. */
export const toasts = signal<readonly Toast[]>([]);
const TOAST_SECONDS = 8;
const MOST_TOASTS = 4;

const clock = new DaemonClock();
const CLOCK_ASKED_SECONDS = 10;
let whole: State = EMPTY;
let version = -1;
let build = "";
let toastId = 0;
let connection: Connection | null = null;

/** Say in plain words that something did not go. */
export function complain(text: string): void {
  // The same words again, as from a fader, are said once.
  if (toasts.peek().some((toast) => toast.text === text)) return;
  const toast = { id: ++toastId, text };
  toasts.value = [...toasts.peek(), toast].slice(-MOST_TOASTS);
  setTimeout(() => dismiss(toast.id), TOAST_SECONDS * 1000);
}

export function dismiss(id: number): void {
  toasts.value = toasts.peek().filter((toast) => toast.id !== id);
}

/** Second of the daemon's clock. */
export function daemonNow(): number {
  return clock.at(performance.now() / 1000);
}

/** Ask the daemon to do something; what it refuses is shown in its words. True when it was done. */
export async function act(address: string, ...args: (number | string | boolean)[]): Promise<boolean> {
  return (await ask(args.length ? { do: address, args } : { do: address })) !== null;
}

/** Ask the daemon; null when it refused, which is shown. */
export async function ask(request: Request): Promise<Answer | null> {
  try {
    if (!connection) throw new Refused(texts.connection.notConnected);
    return await connection.ask(request);
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return null;
  }
}

/** Ask for what the page itself wants to show; null where that is not told now. No person asked, so none is told. */
export async function learn(request: Request): Promise<Answer | null> {
  try {
    return (await connection?.ask(request)) ?? null;
  } catch {
    return null;
  }
}

/** Open the connection, for as long as the page is open. */
export function connect(): void {
  const url = new URL("api/socket", document.baseURI);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.hash = "";
  connection = new Connection(
    () => new WebSocket(url) as never,
    {
      message: heard,
      there: (there) => {
        link.there.value = there;
        if (there) void setClock();
      },
    },
    texts.connection,
  );
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) connection?.hurry();
  });
  setInterval(() => void setClock(1), CLOCK_ASKED_SECONDS * 1000);
}

function heard(message: Exclude<Message, Answer>): void {
  if ("now" in message) clock.heard(message.now, performance.now() / 1000);
  switch (message.type) {
    case "hello":
      if (build && message.build !== build) link.stale.value = true;
      build ||= message.build;
      link.hitpoint.value = message.hitpoint;
      link.api.value = message.api;
      clock.clear();
      clock.heard(message.now, performance.now() / 1000);
      break;
    case "state":
      version = message.version;
      tell({ ...EMPTY, ...message.state });
      link.ready.value = true;
      break;
    case "change":
      try {
        if (message.from !== version) throw new Error("a difference is missing");
        tell(patched(whole, message.set, message.gone));
        version = message.version;
      } catch {
        connection?.restart();
      }
      break;
    case "goodbye":
      if (message.why) complain(message.why);
      break;
    default:
  }
}

function tell(state: State): void {
  whole = state;
  batch(() => {
    for (const name of Object.keys(EMPTY) as (keyof State)[]) (fields[name] as Signal<unknown>).value = state[name];
  });
}

/** Measure how far the daemon's clock is from ours. */
async function setClock(times = 4): Promise<void> {
  for (let turn = 0; turn < times; turn++) {
    const sent = performance.now() / 1000;
    try {
      const answer = await connection?.ask({ ask: "clock" });
      if (answer?.now !== undefined) clock.measured(sent, answer.now, performance.now() / 1000);
    } catch {
      return;
    }
  }
}
