import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { texts } from "../texts";
import type { Palette } from "../timeline/palette";
import { AddPart } from "./AddPart";
import { Amount } from "./Amount";
import { Infill } from "./Infill";
import { vary, writing } from "./making";
import { lock, rate, type Take } from "./memory";
import { Outs } from "./Outs";
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
        <div class="take-keys">
          <Rating take={take} />
        </div>
        <Outs take={take} />
        <Note take={take} />
        <Parts take={take} scale={scale} />
        <Vary take={take} />
        <Infill take={take} scale={scale} colours={colours} />
        <AddPart take={take} />
      </article>
    </li>
  );
}

const RATINGS = [0, 1, 2, 3, 4, 5];

function Rating({ take }: { take: Take }) {
  return (
    <fieldset class="rating" aria-label={texts.takes.rating(take.id)}>
      {RATINGS.map((rating) => (
        <button
          key={rating}
          type="button"
          class={take.rating !== null && rating > 0 && rating <= take.rating ? "lit" : ""}
          aria-pressed={take.rating === rating}
          aria-label={texts.takes.rate(rating, take.id)}
          onClick={() => void rate(take.id, { rating })}
        >
          {rating ? (take.rating !== null && rating <= take.rating ? "★" : "☆") : "0"}
        </button>
      ))}
    </fieldset>
  );
}

/** What there is to say. It is sent when it is saved, not letter by letter: each is kept in the log. */
function Note({ take }: { take: Take }) {
  const words = useSignal(take.note);
  const input = useRef<HTMLInputElement>(null);
  // What somebody else noted meanwhile, or took back, is what is to be seen.
  useEffect(() => {
    words.value = take.note;
  }, [take.note, words]);
  const save = async (event: Event) => {
    event.preventDefault();
    // The button goes once it is saved: whoever pressed it stays here.
    input.current?.focus();
    await rate(take.id, { note: words.value });
  };
  return (
    <form class="take-note" onSubmit={save}>
      <input
        ref={input}
        value={words.value}
        maxLength={2000}
        aria-label={texts.takes.note(take.id)}
        placeholder={texts.takes.noteHint}
        onInput={(event) => (words.value = event.currentTarget.value)}
      />
      {words.value !== take.note && (
        <button type="submit" class="tool" aria-label={texts.takes.saveNote(take.id)}>
          {texts.takes.save}
        </button>
      )}
    </form>
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
            <button
              type="button"
              class="tool"
              aria-pressed={take.locks.includes(part)}
              aria-label={texts.takes.lockPart(part, take.id)}
              onClick={() => void lock(take.id, part, !take.locks.includes(part))}
            >
              {texts.takes.lock}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Another take of it. What is locked stays as it is. */
function Vary({ take }: { take: Take }) {
  const amount = useSignal(0.3);
  const keep = useSignal("");
  const ask = (event: Event) => {
    event.preventDefault();
    if (!writing.value) void vary(take.id, amount.value, keep.value);
  };
  return (
    <details>
      <summary aria-label={texts.takes.varyOf(take.id)}>{texts.takes.vary}</summary>
      <form class="vary" onSubmit={ask}>
        <Amount amount={amount} />
        <label>
          {texts.takes.keep}
          <select value={keep.value} onChange={(event) => (keep.value = event.currentTarget.value)}>
            {Object.entries(texts.takes.keeps).map(([name, words]) => (
              <option key={name} value={name}>
                {words}
              </option>
            ))}
          </select>
        </label>
        {/* Not disabled while it works: who pressed it would lose their place. */}
        <button type="submit" class="tool" aria-disabled={!!writing.value}>
          {writing.value?.what === "vary" && writing.value.of === take.id ? texts.takes.writing : texts.takes.write}
        </button>
      </form>
    </details>
  );
}
