import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { ControlName } from "../link/protocol";
import { type CurvePoint, valueAt, withoutPoint, withPoint, withStroke } from "../music/curve";
import { RANGES, shown } from "../perform/ranges";
import { meterMap } from "../place";
import { told } from "../store";
import { texts } from "../texts";
import { curves, draw, drawnNow } from "./lanes";
import type { Stretch } from "./scale";

/** What lies over a lane's picture: it takes the pen, and the keys of those who have none. */
export function Lane(props: { control: ControlName; top: number; height: number; stretch: Stretch }) {
  const { control, top, height, stretch } = props;
  const [low, high] = RANGES[control];
  const box = useRef<HTMLDivElement>(null);
  const stroke = useRef<CurvePoint[] | null>(null);
  const cursor = useSignal(0);
  const label = texts.controls[control];
  const points = curves.value[control] ?? [];
  const bar = cursor.value;
  const planned = told.bars.value[String(bar + 1)]?.controls?.[control] ?? null;
  const value = valueAt(points, bar) ?? planned;
  const drawn = points.some((point) => point.bar === bar);

  const at = (event: PointerEvent): CurvePoint => {
    const { left, top, width, height } = (box.current as HTMLDivElement).getBoundingClientRect();
    const tick = stretch.from + ((event.clientX - left) / width) * stretch.span;
    // The picture keeps 6 px above and below, so that a point at the edge can be seen whole.
    const part = 1 - (event.clientY - top - 6) / (height - 12);
    // A point is meant for the middle of its bar: half a bar back is the bar itself.
    return { bar: meterMap.peek().barsAt(Math.max(0, tick)) - 0.5, value: low + part * (high - low) };
  };
  const down = (event: PointerEvent) => {
    if (event.button !== 0) return;
    box.current?.setPointerCapture(event.pointerId);
    stroke.current = [at(event)];
    drawnNow.value = { control, points: withStroke(points, stroke.current, low, high) };
    cursor.value = Math.max(0, Math.round((stroke.current[0] as CurvePoint).bar));
  };
  const move = (event: PointerEvent) => {
    if (!stroke.current) return;
    for (const one of event.getCoalescedEvents?.() ?? []) stroke.current.push(at(one));
    stroke.current.push(at(event));
    drawnNow.value = { control, points: withStroke(points, stroke.current, low, high) };
  };
  const up = () => {
    if (!stroke.current) return;
    const done = withStroke(points, stroke.current, low, high);
    stroke.current = null;
    void draw(control, done);
  };
  const cancel = () => {
    stroke.current = null;
    drawnNow.value = null;
  };
  const key = (event: KeyboardEvent) => {
    const step = (high - low) * (event.shiftKey ? 0.01 : 0.05);
    const set = (to: number) => {
      const within = Math.round(Math.min(high, Math.max(low, to)) * 100) / 100;
      void draw(control, withPoint(points, { bar, value: within }));
    };
    const from = value ?? (low + high) / 2;
    if (event.key === "ArrowLeft") cursor.value = Math.max(0, bar - 1);
    else if (event.key === "ArrowRight") cursor.value = bar + 1;
    else if (event.key === "ArrowUp") set(from + step);
    else if (event.key === "ArrowDown") set(from - step);
    else if (event.key === "Home") cursor.value = 0;
    else if (event.key === "Delete" || event.key === "Backspace") void draw(control, withoutPoint(points, bar));
    else if (event.key === "Escape") cancel();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const one = meterMap.value.bar(bar);
  const x = (tick: number) => ((tick - stretch.from) / stretch.span) * 100;
  const y = value === null ? null : 6 + (1 - (value - low) / (high - low)) * (height - 12);
  return (
    <div
      ref={box}
      class="lane-pad"
      style={{ top: `${top}px`, height: `${height}px` }}
      role="slider"
      tabIndex={0}
      aria-label={texts.timeline.lane(label)}
      aria-describedby="lane-help"
      aria-valuemin={low}
      aria-valuemax={high}
      aria-valuenow={value ?? low}
      aria-valuetext={texts.timeline.laneValue(bar + 1, value === null ? texts.timeline.laneNone : shown(value), drawn)}
      data-lane={control}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={cancel}
      onKeyDown={key}
    >
      <div class="lane-cursor" style={{ left: `${x(one.start)}%`, width: `${x(one.end) - x(one.start)}%` }}>
        {y !== null && <span style={{ top: `${y}px` }}>{value === null ? "" : shown(value)}</span>}
      </div>
    </div>
  );
}
