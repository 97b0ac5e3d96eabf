// A small piano roll of a whole take: all parts in one picture, so that several are compared at a glance.

import { MeterMap } from "../music/meter";
import type { Palette } from "../timeline/palette";
import { barStep } from "../timeline/scale";
import type { TakeMusic } from "./memory";

/** What takes side by side have in common, so that the same place is the same moment and key in each. */
export interface Scale {
  /** The last tick. */
  readonly end: number;
  readonly low: number;
  readonly high: number;
  /** Names of the parts; a part's place is its colour. */
  readonly parts: readonly string[];
}

/** The scale of takes that are shown together. `names`: their parts, also of those whose notes are not read yet. */
export function scaleOf(musics: readonly TakeMusic[], names: readonly string[]): Scale {
  let [end, low, high] = [1, 127, 0];
  for (const music of musics) {
    end = Math.max(end, music.end);
    for (const part of music.parts) {
      for (const [, pitch] of part.notes) {
        if (pitch < low) low = pitch;
        if (pitch > high) high = pitch;
      }
    }
  }
  if (low > high) [low, high] = [48, 72];
  return { end, low: low - 1, high: high + 1, parts: [...new Set(names)] };
}

/** The colour of a part: its place among eight. */
export function colourOf(scale: Scale, part: string): number {
  return Math.max(0, scale.parts.indexOf(part)) % 8;
}

/** A row a part, each with its own notes between its lowest and its highest; into a box of that size. */
export function drawRows(
  ctx: CanvasRenderingContext2D,
  music: TakeMusic,
  parts: readonly string[],
  scale: Scale,
  colours: Palette,
  width: number,
  height: number,
): void {
  const x = (tick: number) => (tick / music.end) * width;
  const tall = height / parts.length;
  ctx.clearRect(0, 0, width, height);
  const meter = new MeterMap(music.timeline.meter);
  const first = meter.bar(0);
  const step = barStep(x(first.end - first.start), 8);
  ctx.fillStyle = colours.line;
  for (let bar = 0; bar < music.bars; bar += step) ctx.fillRect(Math.round(x(meter.bar(bar).start)), 0, 1, height);
  for (let row = 1; row < parts.length; row++) ctx.fillRect(0, Math.round(row * tall), width, 1);
  for (const part of music.parts) {
    const top = parts.indexOf(part.name) * tall;
    const pitches = part.notes.map(([, pitch]) => pitch);
    const [low, high] = [Math.min(...pitches), Math.max(...pitches)];
    const y = (pitch: number) => top + 4 + (1 - (pitch - low) / Math.max(1, high - low)) * (tall - 10);
    ctx.fillStyle = colours.stems[colourOf(scale, part.name)] as string;
    for (const [tick, pitch, duration] of part.notes)
      ctx.fillRect(x(tick), y(pitch), Math.max(1.5, x(duration) - 0.5), 2);
  }
}

/** Draw it into a box of that size, in CSS's pixels. */
export function drawRoll(
  ctx: CanvasRenderingContext2D,
  music: TakeMusic,
  scale: Scale,
  colours: Palette,
  width: number,
  height: number,
): void {
  const x = (tick: number) => (tick / scale.end) * width;
  const row = height / (scale.high - scale.low + 1);
  const tall = Math.max(2, Math.min(6, row));
  const y = (pitch: number) => height - (pitch - scale.low + 0.5) * row;
  ctx.clearRect(0, 0, width, height);
  const meter = new MeterMap(music.timeline.meter);
  const first = meter.bar(0);
  const step = barStep(x(first.end - first.start), 26);
  ctx.font = "10px system-ui, sans-serif";
  ctx.textBaseline = "top";
  for (let bar = 0; bar < music.bars; bar += step) {
    const at = Math.round(x(meter.bar(bar).start));
    ctx.fillStyle = colours.line;
    ctx.fillRect(at, 0, 1, height);
    ctx.fillStyle = colours.muted;
    ctx.fillText(String(bar + 1), at + 3, 2);
  }
  const strikes = new Set(music.hits.map((hit) => hit.tick));
  const struck: [number, number][] = [];
  for (const part of music.parts) {
    ctx.fillStyle = colours.stems[colourOf(scale, part.name)] as string;
    for (const [tick, pitch, duration, velocity] of part.notes) {
      ctx.globalAlpha = 0.5 + (0.5 * velocity) / 127;
      ctx.fillRect(x(tick), y(pitch) - tall / 2, Math.max(1.5, x(duration) - 0.5), tall);
      if (strikes.has(tick)) struck.push([tick, pitch]);
    }
  }
  ctx.globalAlpha = 1;
  ctx.fillStyle = colours.hit;
  for (const [tick, pitch] of struck) ctx.fillRect(x(tick) - 1, y(pitch) - tall / 2 - 1, 3, tall + 2);
  for (const hit of music.hits) {
    const at = Math.min(width - 1.5, Math.max(0, x(hit.tick)));
    ctx.fillRect(at, 0, 1.5, height);
    ctx.beginPath();
    ctx.moveTo(at - 4, 0);
    ctx.lineTo(at + 5, 0);
    ctx.lineTo(at + 0.75, 7);
    ctx.fill();
  }
}
