import { texts } from "../texts";
import { midiOf, stemsOf, type Take } from "./memory";
import { making, record, whyNoWave } from "./record";
import { soundfont } from "./soundfont";

/** The ways in which a take leaves the page. */
export function Outs({ take }: { take: Take }) {
  const words = texts.takes;
  return (
    <div class="take-outs">
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
