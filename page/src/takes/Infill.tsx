import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { texts } from "../texts";
import type { Palette } from "../timeline/palette";
import { Amount } from "./Amount";
import { infill, writing } from "./making";
import { musicOf, musics, type Take, type TakeMusic } from "./memory";
import { colourOf, drawRows, type Scale } from "./picture";
import { covered, dragged, overRows, placed, type Rectangle } from "./rectangle";

/** Some bars of some parts written anew: dragged over, or named. */
export function Infill({ take, scale, colours }: { take: Take; scale: Scale; colours: Palette }) {
  const open = useSignal(false);
  const music = musics.value.get(take.id);
  const toggled = (event: Event) => {
    open.value = (event.currentTarget as HTMLDetailsElement).open;
    if (open.value) void musicOf(take.id);
    else if (dragged.peek()?.take === take.id) dragged.value = null;
  };
  return (
    <details onToggle={toggled}>
      <summary aria-label={texts.takes.infillOf(take.id)}>{texts.takes.infill}</summary>
      {open.value && typeof music === "object" && <Form take={take} music={music} scale={scale} colours={colours} />}
    </details>
  );
}

interface Shown {
  readonly take: Take;
  readonly music: TakeMusic;
  readonly scale: Scale;
  readonly colours: Palette;
}

function Form({ take, music, scale, colours }: Shown) {
  const now = useComputed<Rectangle>(() => {
    const one = dragged.value;
    return one?.take === take.id ? one : { first: 1, last: take.bars, parts: [] };
  });
  // All of it, as what is to stay was not dragged over.
  const amount = useSignal(1);
  const free = take.parts.filter((part) => !take.locks.includes(part));
  const put = (one: Rectangle) => {
    // A locked part that lies between stays as it is.
    dragged.value = {
      ...one,
      take: take.id,
      parts: take.parts.filter((p) => one.parts.includes(p) && free.includes(p)),
    };
  };
  const { first, last, parts } = now.value;
  const ask = async (event: Event) => {
    event.preventDefault();
    if (writing.value || !parts.length) return;
    if (await infill(take.id, parts, first, last, amount.value)) dragged.value = null;
  };
  const bar = (value: string) => Math.min(take.bars, Math.max(1, Math.round(Number(value)) || 1));
  return (
    <form class="infill" onSubmit={ask}>
      <p class="quiet small">{texts.takes.infillHint}</p>
      <div class="infill-grid">
        <ul>
          {take.parts.map((part) => (
            <li key={part}>
              <label>
                <input
                  type="checkbox"
                  checked={parts.includes(part)}
                  disabled={!free.includes(part)}
                  onChange={(event) =>
                    put({
                      ...now.peek(),
                      parts: event.currentTarget.checked ? [...parts, part] : parts.filter((one) => one !== part),
                    })
                  }
                />
                <span class={`stem-mark stem-${colourOf(scale, part) + 1}`} aria-hidden="true" />
                <span>{free.includes(part) ? part : texts.takes.lockedPart(part)}</span>
              </label>
            </li>
          ))}
        </ul>
        <Pad take={take} music={music} scale={scale} colours={colours} now={now.value} put={put} />
      </div>
      <div class="infill-bars">
        <label>
          {texts.takes.fromBar}
          <input
            type="number"
            min="1"
            max={take.bars}
            value={first}
            onChange={(event) => {
              const to = bar(event.currentTarget.value);
              put({ parts, first: to, last: Math.max(to, last) });
            }}
          />
        </label>
        <label>
          {texts.takes.toBar}
          <input
            type="number"
            min="1"
            max={take.bars}
            value={last}
            onChange={(event) => {
              const to = bar(event.currentTarget.value);
              put({ parts, first: Math.min(first, to), last: to });
            }}
          />
        </label>
      </div>
      <div class="infill-amount">
        <Amount amount={amount} />
      </div>
      <button type="submit" class="tool" aria-disabled={!!writing.value || !parts.length}>
        {writing.value?.what === "infill" && writing.value.of === take.id
          ? texts.takes.writing
          : texts.takes.writeBars(parts.length, first, last)}
      </button>
    </form>
  );
}

/** A row a part, all bars: a pen or a finger drags over what is to be another. Keys have the fields beside it. */
function Pad({ take, music, scale, colours, now, put }: Shown & { now: Rectangle; put: (one: Rectangle) => void }) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useSignal(0);
  const height = useSignal(0);
  const from = useRef<readonly [number, number] | null>(null);

  useEffect(() => {
    const size = new ResizeObserver(([entry]) => {
      width.value = Math.floor(entry?.contentRect.width ?? 0);
      height.value = Math.floor(entry?.contentRect.height ?? 0);
    });
    size.observe(box.current as HTMLElement);
    return () => size.disconnect();
  }, [width, height]);

  useEffect(() => {
    const sheet = canvas.current;
    if (!sheet || !width.value || !height.value) return;
    const dots = devicePixelRatio || 1;
    sheet.width = width.value * dots;
    sheet.height = height.value * dots;
    const ctx = sheet.getContext("2d") as CanvasRenderingContext2D;
    ctx.setTransform(dots, 0, 0, dots, 0, 0);
    drawRows(ctx, music, take.parts, scale, colours, width.value, height.value);
  }, [music, take.parts, scale, colours, width.value, height.value]);

  const at = (event: PointerEvent): [number, number] => {
    const { left, top, width, height } = (box.current as HTMLDivElement).getBoundingClientRect();
    return [(event.clientX - left) / width, (event.clientY - top) / height];
  };
  const move = (event: PointerEvent) => {
    if (from.current) put(covered(from.current, at(event), music, take.parts));
  };
  const boxes = now.parts.length ? overRows(now, music, take.parts) : [];
  return (
    <div
      ref={box}
      class="infill-pad"
      data-take={take.id}
      aria-hidden="true"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        box.current?.setPointerCapture(event.pointerId);
        from.current = at(event);
        move(event);
      }}
      onPointerMove={move}
      onPointerUp={() => (from.current = null)}
      onPointerCancel={() => (from.current = null)}
    >
      <canvas ref={canvas} />
      {boxes.map((one) => (
        <div key={`${one.top}`} class="anew now" style={placed(one)} />
      ))}
    </div>
  );
}
