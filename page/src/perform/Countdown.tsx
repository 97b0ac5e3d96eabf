import { useEffect, useRef } from "preact/hooks";
import { eachFrame, nextHit } from "../place";
import { texts } from "../texts";

/** From so far away the streamer runs towards the hit: the length that film has drawn them in for a century. */
const STREAMER_SECONDS = 3;
const PUNCH_MS = 250;

/** How far it is to the next hit, and the streamer that runs towards it. Written straight into the page each frame. */
export function NextHit() {
  const root = useRef<HTMLElement>(null);
  useEffect(() => {
    const box = root.current as HTMLElement;
    const find = (name: string) => box.querySelector(`[data-part=${name}]`) as HTMLElement;
    const [name, bars, beats, seconds, streamer] = ["name", "bars", "beats", "seconds", "streamer"].map(find) as [
      HTMLElement,
      HTMLElement,
      HTMLElement,
      HTMLElement,
      HTMLElement,
    ];
    let before: { tick: number; hit: number } | null = null;
    let punched = 0;
    const write = (element: HTMLElement, text: string) => {
      if (element.textContent !== text) element.textContent = text;
    };
    const stop = eachFrame((tick) => {
      const next = nextHit(tick);
      const passed = before !== null && tick >= before.hit && before.tick < before.hit;
      before = next ? { tick, hit: next.hit.tick } : null;
      if (passed) {
        punched = performance.now();
        box.classList.add("punch");
        setTimeout(() => performance.now() - punched >= PUNCH_MS - 5 && box.classList.remove("punch"), PUNCH_MS);
      }
      box.classList.toggle("none", next === null);
      box.classList.toggle("near", next !== null && next.seconds <= STREAMER_SECONDS);
      write(name, next ? next.hit.name || texts.timeline.kinds.hit : texts.perform.noHit);
      write(bars, next ? String(next.bars) : "–");
      write(beats, next ? String(next.beats) : "–");
      write(seconds, next ? next.seconds.toFixed(1) : "–");
      const run = next ? Math.max(0, 1 - next.seconds / STREAMER_SECONDS) : 0;
      streamer.style.transform = `translateX(${(run - 1) * 100}%)`;
    });
    return () => void stop();
  }, []);

  const figure = (part: string, unit: string) => (
    <div class="figure">
      <span class="number" data-part={part}>
        –
      </span>
      <span class="unit">{unit}</span>
    </div>
  );
  return (
    <section class="next-hit none" aria-label={texts.perform.nextHit} ref={root}>
      <div class="streamer-field" aria-hidden="true">
        <div class="streamer" data-part="streamer" />
      </div>
      <div class="hit-name">
        <span class="eyebrow">{texts.perform.nextHit}</span>
        <span class="title" data-part="name">
          {texts.perform.noHit}
        </span>
      </div>
      <div class="figures">
        {figure("bars", texts.perform.bars)}
        {figure("beats", texts.perform.beats)}
        {figure("seconds", texts.perform.seconds)}
      </div>
    </section>
  );
}
