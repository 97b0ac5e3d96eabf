import { useEffect, useRef } from "preact/hooks";
import { playOrStop } from "../perform/choices";
import { eachFrame, meterMap, tempoMap } from "../place";
import { VIEWS, view } from "../route";
import { act, link, told } from "../store";
import { texts } from "../texts";

/** Bar, beat and tempo: written straight into the page each frame, and only when they differ. */
function Place() {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = root.current as HTMLElement;
    const [bar, beat, bpm] = [...box.querySelectorAll("b")] as [HTMLElement, HTMLElement, HTMLElement];
    const write = (element: HTMLElement, text: string) => {
      if (element.textContent !== text) element.textContent = text;
    };
    const stop = eachFrame((tick) => {
      const place = meterMap.peek().placeAt(tick);
      write(bar, String(place.bar));
      write(beat, String(place.beat));
      write(bpm, tempoMap.peek().bpmAt(tick).toFixed(1));
    });
    return () => void stop();
  }, []);
  return (
    <div class="place" ref={root}>
      <span>
        <b>1</b>
        <i aria-hidden="true">|</i>
        <b>1</b>
      </span>
      <span class="tempo">
        <b>120.0</b> {texts.transport.bpm}
      </span>
    </div>
  );
}

function TransportKeys() {
  const { rolling } = told.transport.value;
  return (
    <fieldset class="transport" aria-label={texts.transport.label}>
      <button
        type="button"
        class="round to-start"
        aria-label={texts.transport.toStart}
        title={texts.transport.toStart}
        onClick={() => act("/hitpoint/transport/locate", 1)}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M3 3h2v10H3zM13 3v10L6 8z" />
        </svg>
      </button>
      <button
        type="button"
        class={`round play ${rolling ? "rolling" : ""}`}
        aria-label={rolling ? texts.transport.stop : texts.transport.play}
        title={rolling ? texts.transport.stop : texts.transport.play}
        onClick={playOrStop}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d={rolling ? "M4 4h8v8H4z" : "M4 2.5v11L13 8z"} />
        </svg>
      </button>
    </fieldset>
  );
}

export function Header() {
  const there = link.there.value === true && told.daemon.value.there;
  const status = told.status.value;
  const leader = texts.leaders[status.leader ?? ""] ?? status.leader ?? "…";
  return (
    <header class="top">
      <div class="brand" aria-hidden="true">
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d="M2 17 9 9M18 17l-7-8" />
          <circle cx="10" cy="7.5" r="3" />
        </svg>
        {texts.name}
      </div>
      <nav aria-label={texts.viewsLabel}>
        {VIEWS.map((one) => (
          <a key={one} href={`#${one}`} aria-current={view.value === one ? "page" : undefined}>
            {texts.views[one]}
          </a>
        ))}
      </nav>
      <div class="spacer" />
      <TransportKeys />
      <Place />
      <a class={`link-state ${there ? "there" : "away"}`} href="#setup" title={status.why || undefined}>
        <span class="lamp" aria-hidden="true" />
        <span class="link-words">{there ? texts.transport.follows(leader) : "—"}</span>
      </a>
    </header>
  );
}
