import { computed, effect, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { drawSoon, eachFrame, hits, meterMap, tempoMap } from "../place";
import { options, rememberSoon } from "../route";
import { act, told } from "../store";
import { texts } from "../texts";
import { drawRow, type Row, sources, type World } from "./draw";
import { Lane } from "./Lane";
import { curves, draw as drawCurve, LANES } from "./lanes";
import { keepNotes, looked, notes } from "./notes";
import { palette } from "./palette";
import { watchFingers } from "./pinch";
import { following, STEP, type Stretch, turned, within, zoomed } from "./scale";
import { Direction, HitTable, Legend, PlanTable } from "./Words";

const HEIGHTS = { ruler: 24, tempo: 46, cues: 52, plan: 26, lane: 62, part: 54 };
const BARS_AT_FIRST = 20;

/** The last tick that anything is at. */
const end = computed(() => {
  const { markers, regions } = told.timeline.value;
  const written = Object.keys(told.written.value).length;
  const last = Math.max(
    0,
    ...markers.map((one) => one.tick),
    ...regions.map((one) => one.end),
    ...told.spotting.value.cues.map((cue) => cue.end ?? cue.start),
    written ? meterMap.value.bar(Math.max(...Object.keys(told.written.value).map(Number)) - 1).end : 0,
  );
  return Math.max(last, meterMap.value.bar(15).end);
});

const parts = computed(() => Object.entries(told.parts.value).sort(([, a], [, b]) => a.order - b.order));

/** The rows from top to bottom. */
const rows = computed<readonly Row[]>(() => {
  const stems = [...new Set(parts.value.map(([, part]) => part.stem))];
  let top = 0;
  const place = <T extends { kind: keyof typeof HEIGHTS }>(row: T) => {
    const height = HEIGHTS[row.kind];
    const placed = { ...row, top, height };
    top += height;
    return placed;
  };
  return [
    place({ kind: "ruler" }),
    place({ kind: "tempo" }),
    place({ kind: "cues" }),
    place({ kind: "plan" }),
    ...LANES.map((control) => place({ kind: "lane", control })),
    ...parts.value.map(([part, { stem, sounds }]) =>
      place({ kind: "part", part, stem: stems.indexOf(stem), silent: !sounds }),
    ),
  ] as Row[];
});

const stretch = computed<Stretch>(() => {
  const meter = meterMap.value;
  const first = Math.max(1, Number(options.value.from) || 1);
  const bars = Math.max(1, Number(options.value.bars) || BARS_AT_FIRST);
  const from = meter.tickAt(first - 1);
  return within({ from, span: meter.tickAt(first - 1 + bars) - from }, end.value);
});

function look(at: Stretch): void {
  const meter = meterMap.peek();
  const { from, span } = within(at, end.peek());
  const first = meter.barsAt(from);
  rememberSoon({ from: rounded(first + 1), bars: rounded(meter.barsAt(from + span) - first) });
}

/** Fine enough that the slowest pinch of the closest view is not rounded away. */
const rounded = (bars: number) => String(Number(bars.toFixed(4)));

export function TimelineView() {
  const follow = useSignal(true);
  const pinching = useRef(false);
  const width = useSignal(0);
  const theme = useSignal(0);
  const area = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const playhead = useRef<HTMLDivElement>(null);
  const height = rows.value.reduce((sum, row) => sum + row.height, 0);
  const colours = useMemo(() => computed(() => palette(theme.value)), [theme]);

  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => (width.value = Math.floor(entry?.contentRect.width ?? 0)));
    watch.observe(area.current as HTMLElement);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const turn = () => theme.value++;
    dark.addEventListener("change", turn);
    const stopNotes = keepNotes();
    return () => {
      watch.disconnect();
      dark.removeEventListener("change", turn);
      stopNotes();
    };
  }, [theme, width]);

  useEffect(() => {
    const before = new Map<string, readonly unknown[]>();
    let size = "";
    let asked = 0;
    const paint = () => {
      asked = 0;
      const sheet = canvas.current;
      if (!sheet || !width.peek()) return;
      const ctx = sheet.getContext("2d") as CanvasRenderingContext2D;
      const dots = devicePixelRatio || 1;
      const all = rows.peek();
      const tall = all.reduce((sum, row) => sum + row.height, 0);
      if (size !== `${width.peek()}×${tall}×${dots}`) {
        size = `${width.peek()}×${tall}×${dots}`;
        sheet.width = width.peek() * dots;
        sheet.height = tall * dots;
        before.clear();
      }
      ctx.setTransform(dots, 0, 0, dots, 0, 0);
      const now = world();
      for (const row of all) {
        const key = `${row.kind}-${row.top}`;
        const from = sources(row, now);
        const last = before.get(key);
        if (last && last.length === from.length && last.every((one, index) => one === from[index])) continue;
        before.set(key, from);
        drawRow(ctx, row, now, width.peek());
      }
    };
    const world = (): World => ({
      stretch: stretch.peek(),
      tempo: tempoMap.peek(),
      meter: meterMap.peek(),
      timeline: told.timeline.peek(),
      cues: told.spotting.peek().cues,
      hits: hits.peek(),
      landings: told.landings.peek(),
      bars: told.bars.peek(),
      notes: notes.peek(),
      curves: curves.peek(),
      colours: colours.peek(),
      loop: told.transport.peek().loop,
    });
    const stop = effect(() => {
      void [rows.value, stretch.value, tempoMap.value, meterMap.value, told.timeline.value, told.spotting.value];
      void [hits.value, told.landings.value, told.bars.value, notes.value, curves.value, colours.value, width.value];
      void told.transport.value.loop;
      asked ||= requestAnimationFrame(paint);
    });
    return () => {
      stop();
      cancelAnimationFrame(asked);
    };
  }, [colours, width]);

  // The playhead is a layer of its own, moved without a stroke being drawn.
  useEffect(() => {
    let shown = "";
    const stop = eachFrame((tick) => {
      const head = playhead.current;
      if (!head || !width.peek()) return;
      if (follow.peek() && !pinching.current && told.transport.peek().rolling) {
        const next = following(stretch.peek(), tick);
        if (next !== stretch.peek()) look(next);
      }
      const { from, span } = stretch.peek();
      const x = ((tick - from) / span) * width.peek();
      const text = `translateX(${Math.min(width.peek() + 10, Math.max(-10, x)).toFixed(2)}px)`;
      if (text === shown) return;
      shown = text;
      head.style.transform = text;
    });
    const again = effect(() => {
      void [stretch.value, width.value];
      const { from, span } = stretch.peek();
      looked.value = {
        first: meterMap.peek().barAt(from).index + 1,
        last: meterMap.peek().barAt(from + span).index + 1,
      };
      drawSoon();
    });
    return () => {
      stop();
      again();
    };
  }, [follow, width]);

  const wheel = (event: WheelEvent) => {
    const { left, width: wide } = (area.current as HTMLElement).getBoundingClientRect();
    const part = (event.clientX - left) / wide;
    const sideways = event.shiftKey && !event.deltaX ? event.deltaY : event.deltaX;
    if (event.ctrlKey || event.metaKey) look(zoomed(stretch.peek(), turned(event.deltaY), part));
    else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
      follow.value = false;
      look({ ...stretch.peek(), from: stretch.peek().from + (sideways / wide) * stretch.peek().span });
    } else return;
    event.preventDefault();
  };
  useEffect(() => {
    // Not passive: a page that zooms with the timeline is of no use.
    const element = area.current as HTMLElement;
    element.addEventListener("wheel", wheel, { passive: false });
    return () => element.removeEventListener("wheel", wheel);
  });

  useEffect(
    () =>
      watchFingers(area.current as HTMLElement, {
        began: () => {
          pinching.current = true;
          return stretch.peek();
        },
        moved: (to, aside) => {
          if (aside) follow.value = false;
          look(to);
        },
        ended: () => {
          pinching.current = false;
          drawSoon();
        },
      }),
    [follow],
  );

  const zoom = (factor: number) => look(zoomed(stretch.peek(), factor, 0.5));
  const key = (event: KeyboardEvent) => {
    // Those zoom the whole page.
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { from, span } = stretch.peek();
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      follow.value = false;
      look({ from: from + span * (event.key === "ArrowLeft" ? -0.25 : 0.25), span });
    } else if (event.key === "+" || event.key === "=") zoom(1 / STEP);
    else if (event.key === "-") zoom(STEP);
    else if (event.key === "Home") look({ from: 0, span });
    else return;
    event.preventDefault();
  };

  const pan = (to: Stretch) => {
    follow.value = false;
    look(to);
  };

  return (
    <div class="timeline">
      <h1 class="sr-only">{texts.views.timeline}</h1>
      <p id="lane-help" class="sr-only">
        {texts.timeline.laneHelp}
      </p>
      <p id="timeline-help" class="sr-only">
        {texts.timeline.help}
      </p>
      <div class="toolbar">
        <Direction />
        <Legend />
        <div class="tools">
          <button
            type="button"
            class="tool"
            aria-pressed={follow.value}
            aria-label={texts.timeline.followLabel}
            onClick={() => (follow.value = !follow.value)}
          >
            {texts.timeline.follow}
          </button>
          <button type="button" class="tool" aria-label={texts.timeline.zoomOut} onClick={() => zoom(STEP)}>
            −
          </button>
          <button type="button" class="tool" aria-label={texts.timeline.zoomIn} onClick={() => zoom(1 / STEP)}>
            +
          </button>
          <button type="button" class="tool" onClick={() => look({ from: 0, span: end.peek() * 1.02 })}>
            {texts.timeline.all}
          </button>
        </div>
      </div>
      {/* biome-ignore-start lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys. */}
      {/* biome-ignore-start lint/a11y/useSemanticElements: a fieldset is of forms. */}
      <div
        class="panel sheet"
        tabIndex={0}
        role="group"
        aria-label={texts.timeline.label}
        aria-describedby="timeline-help"
        onKeyDown={key}
      >
        <div class="gutter">
          {rows.value.map((row) => (
            <div key={row.top} class={`gutter-row ${row.kind}`} style={{ height: `${row.height}px` }}>
              {row.kind === "part" && <span class={`stem-mark stem-${(row.stem % 8) + 1}`} />}
              <span class="gutter-name">
                {row.kind === "lane"
                  ? texts.controls[row.control]
                  : row.kind === "part"
                    ? row.part
                    : texts.timeline.rows[row.kind]}
              </span>
              {row.kind === "lane" && !!curves.value[row.control]?.length && (
                <button
                  type="button"
                  class="clear"
                  aria-label={texts.timeline.clearLane(texts.controls[row.control])}
                  onClick={() => drawCurve(row.control, [])}
                >
                  ×
                </button>
              )}
            </div>
          ))}
        </div>
        <div class="area" ref={area} style={{ height: `${height}px` }}>
          <canvas
            ref={canvas}
            role="img"
            aria-label={texts.timeline.canvas}
            style={{ width: `${width.value}px`, height: `${height}px` }}
          />
          <Ruler width={width.value} pan={pan} />
          {rows.value.map((row) =>
            row.kind === "lane" ? (
              <Lane key={row.control} control={row.control} top={row.top} height={row.height} stretch={stretch.value} />
            ) : null,
          )}
          <div class="playhead" ref={playhead} aria-hidden="true" />
        </div>
      </div>
      {/* biome-ignore-end lint/a11y/noNoninteractiveTabindex: see above */}
      {/* biome-ignore-end lint/a11y/useSemanticElements: see above */}
      <div class="tables">
        <HitTable />
        <PlanTable />
      </div>
    </div>
  );
}

/** A tap goes there, to the nearest beat; a drag moves what is in view. */
function Ruler({ width, pan }: { width: number; pan: (to: Stretch) => void }) {
  const grip = useRef<{ x: number; at: Stretch; moved: boolean } | null>(null);
  const down = (event: PointerEvent) => {
    if (event.button !== 0) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    grip.current = { x: event.offsetX, at: stretch.peek(), moved: false };
  };
  const move = (event: PointerEvent) => {
    const held = grip.current;
    if (!held || (!held.moved && Math.abs(event.offsetX - held.x) < 5)) return;
    held.moved = true;
    pan({ ...held.at, from: held.at.from - ((event.offsetX - held.x) / width) * held.at.span });
  };
  const up = (event: PointerEvent) => {
    const held = grip.current;
    grip.current = null;
    if (!held || held.moved) return;
    const meter = meterMap.peek();
    const tick = held.at.from + (event.offsetX / width) * held.at.span;
    const bar = meter.barAt(tick);
    const beats = bar.numerator;
    const place = bar.index + Math.round((meter.barsAt(tick) - bar.index) * beats) / beats;
    void act("/hitpoint/transport/locate", Math.round((place + 1) * 1e6) / 1e6);
  };
  const { top, height } = { top: 0, height: HEIGHTS.ruler + HEIGHTS.tempo + HEIGHTS.cues + HEIGHTS.plan };
  return (
    <div
      class="ruler-pad"
      title={texts.timeline.locate}
      style={{ top: `${top}px`, height: `${height}px` }}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={() => (grip.current = null)}
    />
  );
}
