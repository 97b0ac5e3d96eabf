import { useEffect, useRef } from "preact/hooks";
import { texts } from "../texts";
import type { Take } from "./memory";
import { bars, choose, chosen, eachPlace, goTo, placeNow, play, plays, stop } from "./player";
import { SoundLine } from "./SoundLine";
import { Where } from "./Where";

/** What is heard, from where, and which take is the next or the last beside it. */
export function PlayerBar({ takes }: { takes: readonly Take[] }) {
  const id = chosen.value;
  const take = takes.find((one) => one.id === id);
  // Beside it are those of its own cue.
  const beside = takes.filter((one) => one.cue === take?.cue);
  const at = beside.findIndex((one) => one.id === id);
  const other = (step: number) => {
    const to = beside[(at + step + beside.length) % beside.length];
    if (to) choose(to.id);
  };
  return (
    <section class="panel player" aria-label={texts.takes.audition}>
      <div class="player-keys">
        <button
          type="button"
          class={`round ${plays.value ? "rolling" : ""}`}
          aria-label={plays.value ? texts.takes.stopSound : texts.takes.playSound}
          disabled={!take}
          onClick={() => (plays.value ? stop() : id && void play(id))}
        >
          <Sign playing={plays.value} />
        </button>
        <button
          type="button"
          class="tool"
          aria-label={texts.takes.previous}
          disabled={beside.length < 2}
          onClick={() => other(-1)}
        >
          ‹
        </button>
        <button
          type="button"
          class="tool"
          aria-label={texts.takes.next}
          disabled={beside.length < 2}
          onClick={() => other(1)}
        >
          ›
        </button>
        <p class="player-take" aria-live="polite">
          {take ? (
            <>
              <b>{take.id}</b>
              <span class="quiet"> {texts.takes.ofCue(at + 1, beside.length, take.cue || texts.takes.noCue)}</span>
            </>
          ) : (
            <span class="quiet hint">{texts.takes.chooseOne}</span>
          )}
        </p>
      </div>
      {bars.value > 0 && <Position />}
      <div class="player-sound">
        <Where />
        <SoundLine />
      </div>
    </section>
  );
}

/** Where it is, and a way to go elsewhere; moved by each frame without anything being made anew. */
function Position() {
  const slider = useRef<HTMLInputElement>(null);
  const words = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let shown = "";
    const stop = eachPlace((place) => {
      const [input, label] = [slider.current, words.current];
      if (!input || !label) return;
      input.value = String(place);
      const text = texts.takes.bar(Math.min(Math.floor(place) + 1, Math.max(1, bars.peek())), bars.peek());
      if (text === shown) return;
      shown = text;
      label.textContent = text;
      input.setAttribute("aria-valuetext", text);
    });
    return () => void stop();
  }, []);
  return (
    <div class="player-place">
      <input
        ref={slider}
        type="range"
        min="0"
        max={bars.value}
        step="0.01"
        // Until it is drawn: a slider that is told nothing stands in the middle, or at the end.
        defaultValue={String(placeNow())}
        aria-label={texts.takes.place}
        onInput={(event) => goTo(Number(event.currentTarget.value))}
        onKeyDown={(event) => {
          // A hundredth of a bar is for the pointer: keys go by bars.
          const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
          if (!step) return;
          event.preventDefault();
          goTo(Math.min(bars.peek() - 0.01, Math.max(0, Math.floor(Number(event.currentTarget.value) + 0.001) + step)));
        }}
      />
      <span ref={words} class="quiet small" aria-hidden="true" />
    </div>
  );
}

export function Sign({ playing }: { playing: boolean }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true">
      <path d={playing ? "M4 4h8v8H4z" : "M4 2.5v11L13 8z"} />
    </svg>
  );
}
