import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { MeterMap } from "../music/meter";
import { texts } from "../texts";
import type { Palette } from "../timeline/palette";
import { Anew } from "./Anew";
import { musicOf, musics, type Take, type TakeMusic } from "./memory";
import { drawRoll, type Scale } from "./picture";
import { drawPlace, eachPlace, play } from "./player";
import { anew } from "./rectangle";

const HEIGHT = 128;

/** The picture, drawn once somebody can see it. */
export function Roll({ take, scale, colours }: { take: Take; scale: Scale; colours: Palette }) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useSignal(0);
  const head = useRef<HTMLDivElement>(null);
  const music = musics.value.get(take.id);

  useEffect(() => {
    const element = box.current as HTMLElement;
    const size = new ResizeObserver(([entry]) => (width.value = Math.floor(entry?.contentRect.width ?? 0)));
    size.observe(element);
    const seen = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) void musicOf(take.id);
      },
      { rootMargin: "400px" },
    );
    seen.observe(element);
    return () => {
      size.disconnect();
      seen.disconnect();
    };
  }, [take.id, width]);

  useEffect(() => {
    const sheet = canvas.current;
    if (!sheet || typeof music !== "object" || !width.value) return;
    const dots = devicePixelRatio || 1;
    sheet.width = width.value * dots;
    sheet.height = HEIGHT * dots;
    const ctx = sheet.getContext("2d") as CanvasRenderingContext2D;
    ctx.setTransform(dots, 0, 0, dots, 0, 0);
    drawRoll(ctx, music, scale, colours, width.value, HEIGHT);
  }, [music, scale, colours, width.value]);

  // The playhead is a layer of its own, and stands at the same bar and beat in every take of the cue.
  useEffect(() => {
    if (typeof music !== "object") return;
    const meter = new MeterMap(music.timeline.meter);
    const stop = eachPlace((place) => {
      if (!head.current) return;
      const x = (meter.tickAt(Math.min(place, music.bars)) / scale.end) * width.peek();
      head.current.style.transform = `translateX(${x.toFixed(2)}px)`;
    });
    return () => void stop();
  }, [music, scale, width]);
  // Another width is another place for it.
  useEffect(drawPlace, [width.value]);

  const from = (event: MouseEvent) => {
    if (typeof music !== "object") return;
    const tick = (event.offsetX / width.peek()) * scale.end;
    if (tick < music.end) void play(take.id, new MeterMap(music.timeline.meter).barsAt(tick));
  };

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys go through the slider of the place.
    // biome-ignore lint/a11y/noStaticElementInteractions: as above.
    <div class="roll" ref={box} style={{ height: `${HEIGHT}px` }} title={texts.takes.rollHint} onClick={from}>
      {typeof music === "string" ? (
        <p class="trouble" role="alert">
          {music}
        </p>
      ) : (
        <>
          <canvas ref={canvas} role="img" aria-label={music ? inWords(music, take) : texts.takes.reading} />
          {music && <Anew take={take} music={music} scale={scale} />}
          <div class="take-head" ref={head} aria-hidden="true" />
          {!music && <p class="quiet reading">{texts.takes.reading}</p>}
        </>
      )}
    </div>
  );
}

function inWords(music: TakeMusic, take: Take): string {
  const meter = new MeterMap(music.timeline.meter);
  const parts = music.parts.map((part) => texts.takes.rollPart(part.name, part.notes.length)).join(", ");
  const hits = music.hits.map((hit) => texts.takes.rollHit(hit.name, meter.barAt(hit.tick).index + 1)).join(", ");
  const written = anew(take).map((one) => texts.takes.rollAnew(one.first, one.last, one.parts.join(", ")));
  return [texts.takes.roll(take.bars, take.notes, parts, hits), ...written].join(" ");
}
