import { useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import type { ControlName } from "../link/protocol";
import { act, told } from "../store";
import { texts } from "../texts";
import { driver, learn, learning } from "./choices";
import { Mover } from "./mover";
import { RANGES, shown } from "./ranges";

/** What the cue plans for the bar that plays; null where nobody says. */
function planned(name: ControlName): number | null {
  const bars = Object.entries(told.bars.value).sort(([a], [b]) => Number(a) - Number(b));
  const now = bars.find(([, bar]) => bar.stage === "playing") ?? bars[0];
  return now?.[1].controls?.[name] ?? null;
}

/** One control by hand: drag, keys, or double tap to give it back to the cue. */
export function Fader({ name, big = false }: { name: ControlName; big?: boolean }) {
  const [low, high] = RANGES[name];
  const address = `/hitpoint/control/${name}`;
  /** What the hand says until the daemon has heard it: between the two the fader must not jump back. */
  const hand = useSignal<number | null>(null);
  const dragging = useRef(false);
  const track = useRef<HTMLDivElement>(null);
  const mover = useMemo(
    () =>
      // Giving it back goes the same way as moving it, so that a last movement never comes after it.
      new Mover<number | null>(
        (value) => (value === null ? act(address) : act(address, value)),
        () => {
          if (!dragging.current) hand.value = null;
        },
      ),
    [address, hand],
  );

  const held = hand.value ?? told.controls.value[name];
  const cue = planned(name);
  const value = held ?? cue;
  const part = (one: number) => (one - low) / (high - low);
  const label = texts.controls[name];
  const bound = driver(address);
  const waits = told.midi.value.learning === address;

  const move = (to: number) => {
    const within = Math.round(Math.min(high, Math.max(low, to)) * 1000) / 1000;
    hand.value = within;
    mover.to(within);
  };
  const release = () => {
    hand.value = null;
    mover.to(null);
  };
  const fromPointer = (event: PointerEvent) => {
    const box = (track.current as HTMLDivElement).getBoundingClientRect();
    move(high - ((event.clientY - box.top) / box.height) * (high - low));
  };
  const down = (event: PointerEvent) => {
    if (event.button !== 0) return;
    if (learning.peek()) return learn(address);
    dragging.current = true;
    track.current?.setPointerCapture(event.pointerId);
    fromPointer(event);
  };
  const up = () => {
    dragging.current = false;
    if (!mover.busy) hand.value = null;
  };
  const key = (event: KeyboardEvent) => {
    const step = (high - low) * (event.shiftKey ? 0.01 : 0.05);
    const from = value ?? (low + high) / 2;
    const to: Record<string, number> = {
      ArrowUp: from + step,
      ArrowRight: from + step,
      ArrowDown: from - step,
      ArrowLeft: from - step,
      PageUp: from + (high - low) * 0.2,
      PageDown: from - (high - low) * 0.2,
      Home: low,
      End: high,
    };
    const wanted = to[event.key];
    if (event.key === "Enter" && learning.peek()) learn(address);
    else if (event.key === "Delete" || event.key === "Backspace") release();
    else if (wanted !== undefined) move(wanted);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class={`fader ${big ? "big" : ""} ${held === null ? "auto" : ""} ${waits ? "waits" : ""}`}>
      <div class="fader-name" title={bound ? texts.learn.bound(bound) : undefined}>
        {label}
        {bound && <span class="bound" aria-hidden="true" />}
      </div>
      <div
        ref={track}
        class="track learnable"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-orientation="vertical"
        aria-valuemin={low}
        aria-valuemax={high}
        aria-valuenow={value ?? low}
        aria-valuetext={`${value === null ? "–" : shown(value)}, ${held === null ? texts.perform.byCue : texts.perform.byHand}`}
        onPointerDown={down}
        onPointerMove={(event) => dragging.current && fromPointer(event)}
        onPointerUp={up}
        onPointerCancel={up}
        onKeyDown={key}
        data-control={name}
      >
        <div class="ticks" aria-hidden="true" />
        {value !== null && (
          <>
            <div
              class="fill"
              style={{
                bottom: `${100 * Math.min(part(value), part(Math.max(low, 0)))}%`,
                height: `${100 * Math.abs(part(value) - part(Math.max(low, 0)))}%`,
              }}
            />
            {held !== null && cue !== null && <div class="cue-mark" style={{ bottom: `${100 * part(cue)}%` }} />}
            <div class="thumb" style={{ bottom: `${100 * part(value)}%` }} />
          </>
        )}
      </div>
      <div class="fader-value" aria-hidden="true">
        {value === null ? "–" : shown(value)}
      </div>
      <button
        type="button"
        class="release"
        disabled={held === null}
        aria-label={texts.perform.release(label)}
        onClick={release}
      >
        {texts.perform.auto}
      </button>
    </div>
  );
}
