// The timeline's rows, each drawn by itself and only when something in it has changed.

import type { BarNotes, BarState, ControlName, HitPoint, Landing, NoteRow, Timeline } from "../link/protocol";
import { type CurvePoint, valueAt } from "../music/curve";
import type { Bar, MeterMap } from "../music/meter";
import type { TempoMap } from "../music/tempo";
import { RANGES } from "../perform/ranges";
import { texts } from "../texts";
import type { Palette } from "./palette";
import { barStep, type Stretch } from "./scale";

/** All that the rows show. */
export interface World {
  readonly stretch: Stretch;
  readonly tempo: TempoMap;
  readonly meter: MeterMap;
  readonly timeline: Timeline;
  readonly cues: readonly { name: string; start: number; end: number | null }[];
  readonly hits: readonly HitPoint[];
  readonly landings: Readonly<Record<string, Landing>>;
  readonly bars: Readonly<Record<string, BarState>>;
  readonly notes: ReadonlyMap<number, BarNotes>;
  readonly curves: Readonly<Partial<Record<ControlName, readonly CurvePoint[]>>>;
  readonly colours: Palette;
  readonly loop: { readonly start: number; readonly end: number } | null;
}

export type Row =
  | { readonly kind: "ruler"; readonly top: number; readonly height: number }
  | { readonly kind: "tempo"; readonly top: number; readonly height: number }
  | { readonly kind: "cues"; readonly top: number; readonly height: number }
  | { readonly kind: "plan"; readonly top: number; readonly height: number }
  | { readonly kind: "lane"; readonly control: ControlName; readonly top: number; readonly height: number }
  | {
      readonly kind: "part";
      readonly part: string;
      /** Place of its stem among the stems. */
      readonly stem: number;
      readonly silent: boolean;
      readonly top: number;
      readonly height: number;
    };

/** What a row is drawn from: the same things, the same picture. */
export function sources(row: Row, world: World): readonly unknown[] {
  const { stretch, meter, hits, colours, loop } = world;
  const always = [stretch, meter, hits, colours, row.top, row.height];
  switch (row.kind) {
    case "ruler":
      return [...always, loop];
    case "tempo":
      return [...always, world.tempo];
    case "cues":
      return [...always, world.timeline, world.cues, world.landings];
    case "plan":
      return [...always, world.bars];
    case "lane":
      return [...always, world.curves[row.control], world.bars];
    case "part":
      return [...always, world.notes, row.stem, row.silent];
  }
}

const FONT = "11px system-ui, sans-serif";

/** One row, in a box `width` wide whose left edge is the view's. */
export function drawRow(ctx: CanvasRenderingContext2D, row: Row, world: World, width: number): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, row.top, width, row.height);
  ctx.clip();
  ctx.clearRect(0, row.top, width, row.height);
  ctx.translate(0, row.top);
  ctx.font = FONT;
  ctx.textBaseline = "middle";
  const pen = new Pen(ctx, world, width, row.height);
  pen.grid(row.kind === "ruler" || row.kind === "part");
  if (row.kind === "ruler") pen.ruler();
  else if (row.kind === "tempo") pen.tempo();
  else if (row.kind === "cues") pen.cues();
  else if (row.kind === "plan") pen.plan();
  else if (row.kind === "lane") pen.lane(row.control);
  else pen.part(row.part, row.stem, row.silent);
  if (row.kind !== "cues") pen.hits(row.kind === "part" ? 0.85 : 0.5);
  ctx.fillStyle = world.colours.line;
  ctx.fillRect(0, row.height - 1, width, 1);
  ctx.restore();
}

const reaches = new WeakMap<ReadonlyMap<number, BarNotes>, Map<string, [number, number]>>();

/** The lowest and the highest pitch of a part in all that is known, a little apart. */
export function reach(part: string, notes: ReadonlyMap<number, BarNotes>): [number, number] {
  let known = reaches.get(notes);
  if (!known) {
    known = reachOfEach(notes);
    reaches.set(notes, known);
  }
  const found = known.get(part);
  if (!found) return [55, 65];
  const middle = (found[0] + found[1]) / 2;
  const half = Math.max(6, (found[1] - found[0]) / 2 + 1);
  return [middle - half, middle + half];
}

/** All parts at once: an hour of notes is gone through once for each change, not once for each row. */
function reachOfEach(notes: ReadonlyMap<number, BarNotes>): Map<string, [number, number]> {
  const found = new Map<string, [number, number]>();
  for (const bar of notes.values()) {
    for (const [part, written] of Object.entries(bar.parts)) {
      const [low, high] = found.get(part) ?? [127, 0];
      const pitches = written.notes.map((note) => note[1]);
      if (pitches.length) found.set(part, [Math.min(low, ...pitches), Math.max(high, ...pitches)]);
    }
  }
  return found;
}

class Pen {
  private readonly bars: readonly Bar[];
  private readonly step: number;

  constructor(
    private readonly ctx: CanvasRenderingContext2D,
    private readonly world: World,
    private readonly width: number,
    private readonly height: number,
  ) {
    const { from, span } = world.stretch;
    const first = world.meter.barAt(from);
    this.step = barStep(((first.end - first.start) / span) * width, 34);
    this.bars = this.seen(from, from + span);
  }

  /** Far out only each so many bars are gone through: nobody could tell the others apart. */
  private seen(from: number, to: number): Bar[] {
    const { meter } = this.world;
    const last = meter.barAt(to).index;
    const bars: Bar[] = [];
    const each = Math.max(1, this.step / 8);
    const first = Math.floor(meter.barAt(from).index / each) * each;
    for (let index = first; index <= last; index += each) bars.push(meter.bar(index));
    return bars;
  }

  private x(tick: number): number {
    return ((tick - this.world.stretch.from) / this.world.stretch.span) * this.width;
  }

  grid(beats: boolean): void {
    const { ctx, bars, step, height } = this;
    const { colours } = this.world;
    for (const bar of bars) {
      const x = Math.round(this.x(bar.start));
      if (bar.index % step === 0 || step === 1) {
        ctx.fillStyle = colours.line;
        ctx.fillRect(x, 0, 1, height);
      }
      const beat = (4 * 960) / bar.denominator;
      if (!beats || this.x(bar.start + beat) - this.x(bar.start) < 14) continue;
      ctx.fillStyle = colours.faint;
      for (let tick = bar.start + beat; tick < bar.end; tick += beat)
        ctx.fillRect(Math.round(this.x(tick)), 0, 1, height);
    }
  }

  ruler(): void {
    const { ctx, bars, step, height } = this;
    const { colours, loop } = this.world;
    if (loop) {
      ctx.fillStyle = colours.play;
      ctx.globalAlpha = 0.25;
      ctx.fillRect(this.x(loop.start), height - 7, this.x(loop.end) - this.x(loop.start), 6);
      ctx.globalAlpha = 1;
    }
    ctx.fillStyle = colours.muted;
    for (const bar of bars) if (bar.index % step === 0) ctx.fillText(String(bar.index + 1), this.x(bar.start) + 5, 12);
  }

  tempo(): void {
    const { ctx, width, height } = this;
    const { tempo, meter, colours } = this.world;
    const points = tempo.points;
    const all = points.map((point) => point.bpm);
    const [low, high] = all.length ? [Math.min(...all), Math.max(...all)] : [120, 120];
    const reach = Math.max(high - low, 10);
    const y = (bpm: number) => height - 8 - ((bpm - low) / reach) * (height - 26);
    ctx.strokeStyle = colours.cue;
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    const { from, span } = this.world.stretch;
    for (let x = 0; x <= width; x += 3) {
      const at = y(tempo.bpmAt(from + (x / width) * span));
      if (x === 0) ctx.moveTo(x, at);
      else ctx.lineTo(x, at);
    }
    ctx.stroke();
    ctx.fillStyle = colours.text;
    let free = Number.NEGATIVE_INFINITY;
    for (const point of points) {
      const x = this.x(point.tick) + 5;
      if (x < free || x > width || x < -40) continue;
      const text = point.bpm.toFixed(point.bpm % 1 ? 1 : 0);
      ctx.fillText(text, x, 10);
      free = x + ctx.measureText(text).width + 40;
    }
    ctx.fillStyle = colours.muted;
    for (const change of meter.changes) {
      const text = `${change.numerator}/${change.denominator}`;
      ctx.fillText(text, this.x(change.tick) + 34, 10);
    }
  }

  cues(): void {
    const { ctx, height, width } = this;
    const { colours, cues, timeline, hits, landings } = this.world;
    const lower = height - 19;
    for (const cue of cues) {
      const [from, to] = [this.x(cue.start), cue.end === null ? width + 10 : this.x(cue.end)];
      ctx.fillStyle = colours.cue;
      ctx.globalAlpha = 0.18;
      ctx.fillRect(from, lower, to - from, 18);
      ctx.globalAlpha = 1;
      ctx.fillRect(from, lower, 2, 18);
      this.label(cue.name, Math.max(from, 0) + 7, lower + 9, to - Math.max(from, 0) - 10, colours.text);
    }
    for (const region of timeline.regions) {
      ctx.strokeStyle = colours.muted;
      ctx.strokeRect(this.x(region.start), 2, this.x(region.end) - this.x(region.start), 14);
    }
    const named = new Map(hits.map((hit) => [hit.tick, hit]));
    const places = timeline.markers.map((marker) => this.x(marker.tick));
    timeline.markers.forEach((marker, index) => {
      const x = places[index] as number;
      const next = places[index + 1] ?? width + 200;
      const hit = named.get(marker.tick);
      const colour = hit ? colours.hit : colours.muted;
      ctx.fillStyle = colour;
      ctx.fillRect(Math.round(x), 0, 1.5, height);
      ctx.beginPath();
      ctx.moveTo(x - 4.5, 0);
      ctx.lineTo(x + 5.5, 0);
      ctx.lineTo(x + 0.5, 8);
      ctx.fill();
      this.label(marker.name, x + 8, 10, next - x - 14, colours.text);
      const landing = landings[String(marker.tick)];
      if (hit && landing) this.label(off(landing), x + 8, 25, next - x - 14, landed(landing, colours));
    });
  }

  plan(): void {
    const { ctx, height } = this;
    const { bars, colours } = this.world;
    for (const bar of Object.values(bars)) {
      const [from, to] = [this.x(bar.start) + 1, this.x(bar.end) - 1];
      if (to < 0 || from > this.width) continue;
      const fallback = bar.by === "fallback" || bar.by === "back-up";
      const colour = {
        rest: colours.line,
        planned: colours.planned,
        writing: colours.writing,
        ready: colours.ready,
        playing: colours.play,
      }[bar.stage];
      ctx.fillStyle = colour;
      ctx.globalAlpha = bar.stage === "rest" ? 0.5 : 1;
      ctx.fillRect(from, 5, Math.max(1, to - from), height - 11);
      ctx.globalAlpha = 1;
      if (fallback) {
        ctx.fillStyle = colours.fallback;
        ctx.fillRect(from, height - 10, Math.max(1, to - from), 4);
      }
      if (to - from > 58 && bar.stage !== "rest") {
        this.label(texts.timeline.stages[bar.stage], from + 6, 12, to - from - 8, colours.panel);
      }
    }
  }

  lane(control: ControlName): void {
    const { ctx, bars, height } = this;
    const { curves, colours, meter } = this.world;
    const [low, high] = RANGES[control];
    const y = (value: number) => height - 6 - ((value - low) / (high - low)) * (height - 12);
    if (low < 0) {
      ctx.fillStyle = colours.faint;
      ctx.fillRect(0, Math.round(y(0)), this.width, 1);
    }
    // What is planned, bar by bar: a shadow beneath what is drawn.
    ctx.fillStyle = colours.muted;
    for (const bar of Object.values(this.world.bars)) {
      const value = bar.controls?.[control];
      if (value === null || value === undefined) continue;
      const [from, to] = [this.x(bar.start), this.x(bar.end)];
      ctx.globalAlpha = 0.16;
      const [top, bottom] = [y(Math.max(value, Math.max(low, 0))), y(Math.min(value, Math.max(low, 0)))];
      ctx.fillRect(from, top, to - from, bottom - top);
      ctx.globalAlpha = 0.9;
      ctx.fillRect(from, y(value) - 0.5, to - from, 1);
    }
    ctx.globalAlpha = 1;
    const points = curves[control];
    if (!points?.length) return;
    const across = (bar: number) => this.x(meter.tickAt(bar));
    ctx.strokeStyle = colours.play;
    ctx.lineWidth = 2;
    ctx.lineJoin = "round";
    ctx.beginPath();
    ctx.moveTo(0, y(valueAt(points, meter.barsAt(this.world.stretch.from)) ?? 0));
    for (const point of points) if (across(point.bar) > 0) ctx.lineTo(across(point.bar), y(point.value));
    const end = this.world.stretch.from + this.world.stretch.span;
    ctx.lineTo(this.width, y(valueAt(points, meter.barsAt(end)) ?? 0));
    ctx.stroke();
    ctx.lineTo(this.width, y(Math.max(low, 0)));
    ctx.lineTo(0, y(Math.max(low, 0)));
    ctx.fillStyle = colours.play;
    ctx.globalAlpha = 0.14;
    ctx.fill();
    ctx.globalAlpha = 1;
    const wide = bars.length > 1 && this.step <= 4;
    for (const point of points) {
      ctx.beginPath();
      ctx.arc(across(point.bar), y(point.value), wide ? 3.5 : 2, 0, 7);
      ctx.fillStyle = colours.play;
      ctx.fill();
    }
  }

  part(name: string, stem: number, silent: boolean): void {
    const { ctx, height } = this;
    const { notes, colours, hits, meter, stretch } = this.world;
    const [low, high] = reach(name, notes);
    const tall = Math.max(2, Math.min(5, (height - 6) / (high - low)));
    const y = (pitch: number) => height - 4 - ((pitch - low) / (high - low)) * (height - 8);
    const colour = colours.stems[stem % colours.stems.length] as string;
    const strikes = new Set(hits.map((hit) => hit.tick));
    const first = meter.barAt(stretch.from).index;
    const last = meter.barAt(stretch.from + stretch.span).index + 1;
    ctx.fillStyle = silent ? colours.muted : colour;
    const struck: NoteRow[] = [];
    for (let bar = Math.max(1, first); bar <= last; bar++) {
      const written = notes.get(bar)?.parts[name];
      if (!written) continue;
      for (const note of written.notes) {
        const [tick, pitch, duration, velocity] = note;
        ctx.globalAlpha = silent ? 0.3 : 0.45 + (0.55 * velocity) / 127;
        const x = this.x(tick);
        ctx.fillRect(x, y(pitch) - tall / 2, Math.max(1.5, this.x(tick + duration) - x - 0.5), tall);
        if (strikes.has(tick)) struck.push(note);
      }
    }
    ctx.globalAlpha = 1;
    ctx.fillStyle = colours.hit;
    for (const [tick, pitch] of struck) ctx.fillRect(this.x(tick) - 1, y(pitch) - tall / 2 - 1, 4, tall + 2);
  }

  hits(strength: number): void {
    const { ctx, height } = this;
    const { hits, colours } = this.world;
    ctx.fillStyle = colours.hit;
    ctx.globalAlpha = strength;
    for (const hit of hits) {
      const x = Math.round(this.x(hit.tick));
      if (x >= 0 && x <= this.width) ctx.fillRect(x, 0, 1, height);
    }
    ctx.globalAlpha = 1;
  }

  private label(text: string, x: number, y: number, room: number, colour: string): void {
    const { ctx } = this;
    if (room < 18) return;
    ctx.fillStyle = colour;
    let shown = text;
    if (ctx.measureText(shown).width > room) {
      let length = Math.floor((text.length * room) / ctx.measureText(text).width);
      while (length > 1 && ctx.measureText(`${text.slice(0, length)}…`).width > room) length--;
      shown = `${text.slice(0, length)}…`;
    }
    ctx.fillText(shown, x, y);
  }
}

/** How far a hit is off, as heard, or before that as written. */
export function off(landing: Landing): string {
  if (landing.landed_ms !== null && landing.landed_frames !== null) {
    return `${texts.timeline.ms(landing.landed_ms)} · ${texts.timeline.frames(landing.landed_frames)}`;
  }
  return landing.planned_ticks === null ? texts.timeline.notYet : texts.timeline.ticks(landing.planned_ticks);
}

function landed(landing: Landing, colours: Palette): string {
  const off = landing.landed_ticks ?? landing.planned_ticks;
  if (off === null) return colours.muted;
  // A tick is what is promised.
  return Math.abs(off) <= 1 ? colours.ready : colours.bad;
}
