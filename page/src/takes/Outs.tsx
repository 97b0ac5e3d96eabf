import { useSignal } from "@preact/signals";
import { texts } from "../texts";
import { keep, midiOf, stemsOf, type Take } from "./memory";
import { making, record, whyNoWave } from "./record";
import { soundfont } from "./soundfont";

/** The ways in which a take leaves the page. */
export function Outs({ take }: { take: Take }) {
  const words = texts.takes;
  return (
    <div class="take-outs">
      <Keep take={take} />
      <a class="tool" href={midiOf(take.id)} download aria-label={words.midiOf(take.id)}>
        {words.midi}
      </a>
      <a class="tool" href={stemsOf(take.id)} download aria-label={words.stemsOf(take.id)}>
        {words.stems}
      </a>
      <Wave take={take} />
    </div>
  );
}

function Keep({ take }: { take: Take }) {
  const words = texts.takes;
  const busy = useSignal(false);
  const said = useSignal("");
  const ask = async () => {
    if (busy.value) return;
    busy.value = true;
    said.value = "";
    const done = await keep(take.id);
    busy.value = false;
    if (done) said.value = [words.keptAt(done.bar), done.note].filter(Boolean).join(" ");
  };
  return (
    <>
      <p class="quiet small" role="status">
        {said.value}
      </p>
      <button
        type="button"
        class="tool"
        aria-disabled={busy.value}
        aria-label={busy.value ? words.keepingOf(take.id) : words.keepInDawOf(take.id)}
        title={words.keepInDawHint}
        onClick={ask}
      >
        {busy.value ? words.keeping : words.keepInDaw}
      </button>
    </>
  );
}

function Wave({ take }: { take: Take }) {
  const words = texts.takes;
  const mine = making.value?.of === take.id ? making.value : null;
  const why = whyNoWave.value;
  return (
    // Not disabled: a person who cannot have it is told why, and one who waits keeps their place.
    <button
      type="button"
      class="tool"
      aria-disabled={!!why || !!making.value}
      aria-label={mine ? words.wavMakingOf(take.id, mine.share) : words.wavOf(take.id)}
      title={why ? words.wavNot(why) : words.wavWith(soundfont.value?.name ?? "")}
      onClick={() => void record(take)}
    >
      {mine ? words.wavMaking(mine.share) : words.wav}
    </button>
  );
}
