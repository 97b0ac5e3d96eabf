import { texts } from "../texts";
import type { Palette } from "../timeline/palette";
import type { Take } from "./memory";
import { Sign } from "./PlayerBar";
import { colourOf, type Scale } from "./picture";
import { chosen, play, plays, stop } from "./player";
import { Roll } from "./Roll";

const WHEN = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** One take: its picture, what is known of it, and what may be done with it. */
export function TakeCard({ take, scale, colours }: { take: Take; scale: Scale; colours: Palette }) {
  const status = texts.takes.status[take.status] ?? take.status.toLowerCase();
  const sounds = plays.value && chosen.value === take.id;
  return (
    <li>
      <article class={`panel take ${chosen.value === take.id ? "chosen" : ""}`} aria-labelledby={`take-${take.id}`}>
        <header>
          <button
            type="button"
            class={`round ${sounds ? "rolling" : ""}`}
            aria-label={sounds ? texts.takes.stop(take.id) : texts.takes.play(take.id)}
            onClick={() => (sounds ? stop() : void play(take.id))}
          >
            <Sign playing={sounds} />
          </button>
          <h3 id={`take-${take.id}`}>
            <span class="sr-only">{texts.takes.take("")}</span>
            {take.id}
          </h3>
          {take.parent && <span class="quiet">{texts.takes.of(take.parent)}</span>}
          <span class="marks">
            {take.kept && <span class="badge">{texts.takes.kept}</span>}
            <span class={`badge ${take.status.toLowerCase()}`}>{status}</span>
          </span>
        </header>
        <Roll take={take} scale={scale} colours={colours} />
        <p class="prompt">{take.prompt}</p>
        <p class="quiet small">
          {texts.takes.facts(take.bars, take.notes, take.model.bundle, take.seed)}
          {" · "}
          <time dateTime={take.made}>{WHEN.format(new Date(take.made))}</time>
        </p>
        <Parts take={take} scale={scale} />
      </article>
    </li>
  );
}

function Parts({ take, scale }: { take: Take; scale: Scale }) {
  return (
    <details>
      <summary>{texts.takes.parts(take.parts.length, take.locks.length)}</summary>
      <ul class="take-parts">
        {take.parts.map((part) => (
          <li key={part}>
            <span class={`stem-mark stem-${colourOf(scale, part) + 1}`} aria-hidden="true" />
            {part}
          </li>
        ))}
      </ul>
    </details>
  );
}
