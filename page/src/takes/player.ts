// Takes heard in the browser: which one plays, and from where the next one would.

import { signal } from "@preact/signals";
import { Audition, NoteByNote, type Prepared, prepared, type Sound } from "./audition";
import { FontSound } from "./font";
import { type Memory, musicOf } from "./memory";
import { PortsSound } from "./ports";
import { broken, forgetAllBut, learn, synthesiser } from "./soundfont";
import { Tones } from "./tone";

/** The take that plays, or that Play would play. */
export const chosen = signal<string | null>(null);
export const plays = signal(false);
/** Where takes are heard: here, or at Hitpoint's ports. */
export const where = signal<"browser" | "ports">("browser");
/** Why nothing is heard: the browser wants a click first, or has no sound at all. */
export const mute = signal<"" | "blocked" | "none">("");
/** How long `chosen` is, in bars; 0 until its notes are read. */
export const bars = signal(0);

const STEP_MS = 60;
/** Struck ahead: a hidden page is woken once a second only. */
const AHEAD_SECONDS = { seen: 0.3, hidden: 1.6 };
/** A browser that lets us sound says so within this. */
const WAKE_MS = 800;
/** So long a SoundFont is waited for; until one that takes longer is here, a plain tone plays. */
const FONT_MS = 1500;

const ready = new Map<string, Prepared>();
const drawers = new Set<(bars: number) => void>();
let context: AudioContext | null = null;
let audition: Audition | null = null;
let tones: Sound | null = null;
let font: FontSound | null = null;
let ports: PortsSound | null = null;
/** Where it stands, in bars from 0. */
let stood = 0;
let timer: ReturnType<typeof setInterval> | undefined;
let asked = 0;
let wish = 0;

// A SoundFont that turns out to be damaged gives way to the plain tone, at the same place.
broken.subscribe((why) => {
  const id = chosen.peek();
  if (why && id && plays.peek() && font && audition?.isHeardWith(font)) void play(id);
});

/** Bars from 0. */
export function placeNow(): number {
  return plays.peek() && audition?.playing ? audition.bars() : stood;
}

/** Call `draw` with the place, each frame while a take plays and once whenever it is another. What comes back stops it. */
export function eachPlace(draw: (bars: number) => void): () => void {
  drawers.add(draw);
  drawPlace();
  return () => drawers.delete(draw);
}

export function drawPlace(): void {
  if (!asked) asked = requestAnimationFrame(frame);
}

function frame(): void {
  asked = 0;
  const place = placeNow();
  for (const draw of drawers) draw(place);
  if (plays.peek() && drawers.size) drawPlace();
}

/** Play a take: from `at` where that is said, else on from where the music is or stands. */
export async function play(id: string, at?: number): Promise<void> {
  const mine = ++wish;
  chosen.value = id;
  // In the very click: a browser that wants one looks no further.
  const there = where.peek();
  const woken = there === "browser" ? wake() : Promise.resolve(true);
  const take = await music(id);
  const awake = await woken;
  const sound = !take || !awake ? null : there === "ports" ? portsSound() : await soundOf(id);
  if (mine !== wish) return;
  if (take) bars.value = take.bars;
  if (!take || !sound) {
    halt();
    return;
  }
  const place = at ?? placeNow();
  if (!audition?.isHeardWith(sound)) {
    audition?.stop();
    audition = new Audition(sound);
  }
  audition.play(take, place);
  plays.value = true;
  clearInterval(timer);
  timer = setInterval(step, STEP_MS);
  step();
  drawPlace();
}

/** Stop where it is. */
export function stop(): void {
  wish++;
  stood = placeNow();
  halt();
}

/** Hear takes there from now on; one that plays goes on at the same place. */
export function hearIn(there: "browser" | "ports"): void {
  if (where.peek() === there) return;
  where.value = there;
  mute.value = "";
  const id = chosen.peek();
  if (plays.peek() && id) void play(id);
}

/** Go to a place in bars from 0, whether it plays or not. */
export function goTo(place: number): void {
  const id = chosen.peek();
  if (plays.peek() && id) void play(id, place);
  else stood = place;
  drawPlace();
}

/** Make a take the one that Play plays; one that plays gives way to it at the same place. */
export function choose(id: string): void {
  if (plays.peek()) void play(id);
  else {
    chosen.value = id;
    void music(id).then((take) => {
      if (take && chosen.peek() === id) bars.value = take.bars;
    });
  }
}

/** What is gone is not played on. */
export function forget(there: Memory): void {
  const known = new Set(there.takes.map((take) => take.id));
  forgetAllBut([...known]);
  for (const id of ready.keys()) if (!known.has(id)) ready.delete(id);
  const id = chosen.peek();
  if (id && !known.has(id)) {
    stop();
    chosen.value = null;
    stood = bars.value = 0;
  }
}

function halt(): void {
  audition?.stop();
  plays.value = false;
  clearInterval(timer);
  drawPlace();
}

function step(): void {
  if (audition?.step(document.hidden ? AHEAD_SECONDS.hidden : AHEAD_SECONDS.seen)) return;
  stop();
  stood = 0;
}

async function music(id: string): Promise<Prepared | null> {
  const known = ready.get(id);
  if (known) return known;
  const read = await musicOf(id);
  if (!read) return null;
  const made = prepared(read);
  ready.set(id, made);
  return made;
}

function portsSound(): Sound {
  ports ??= new PortsSound(() => {
    if (where.peek() !== "ports" || !plays.peek()) return;
    stop();
    // What ends with its last note, and not with its last bar, has ended all the same.
    if (stood > bars.peek() - 1) stood = 0;
  });
  return ports;
}

/** What that take is heard with now. */
async function soundOf(id: string): Promise<Sound | null> {
  const made = fontFor(id);
  const late = new Promise<null>((done) => setTimeout(() => done(null), FONT_MS));
  const first = await Promise.race([made, late]);
  if (!first) {
    // It takes over at the same place, once it is here.
    void made.then((came) => {
      if (came && plays.peek() && chosen.peek() === id && audition && !audition.isHeardWith(came)) void play(id);
    });
  }
  return first ?? tones;
}

/** The SoundFont, once it knows that take; null where there is none, or it cannot. */
async function fontFor(id: string): Promise<Sound | null> {
  const [synth, music] = await Promise.all([synthesiser(), musicOf(id)]);
  if (!synth || !music || !context) return null;
  font ??= new FontSound(context, synth);
  const known = await learn(synth, music).then(
    () => true,
    () => false,
  );
  return known ? font : null;
}

/** Have the browser sound; false where it does not, and `mute` says why. */
async function wake(): Promise<boolean> {
  if (!context) {
    try {
      context = new AudioContext({ latencyHint: "interactive" });
      tones = new NoteByNote(new Tones(context));
    } catch {
      mute.value = "none";
      return false;
    }
  }
  if (context.state !== "running") {
    // A browser that wants a click leaves this unanswered.
    await Promise.race([context.resume().catch(() => {}), new Promise((done) => setTimeout(done, WAKE_MS))]);
  }
  const awake = (context.state as string) === "running";
  mute.value = awake ? "" : "blocked";
  return awake;
}
