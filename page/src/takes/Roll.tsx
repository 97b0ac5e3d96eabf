import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { MeterMap } from "../music/meter";
import { texts } from "../texts";
import type { Palette } from "../timeline/palette";
import { musicOf, musics, type Take, type TakeMusic } from "./memory";
import { drawRoll, type Scale } from "./picture";

const HEIGHT = 128;

/** The picture, drawn once somebody can see it. */
export function Roll({ take, scale, colours }: { take: Take; scale: Scale; colours: Palette }) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useSignal(0);
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

  return (
    <div class="roll" ref={box} style={{ height: `${HEIGHT}px` }}>
      {typeof music === "string" ? (
        <p class="trouble" role="alert">
          {music}
        </p>
      ) : (
        <>
          <canvas ref={canvas} role="img" aria-label={music ? inWords(music, take) : texts.takes.reading} />
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
  return texts.takes.roll(take.bars, take.notes, parts, hits);
}
