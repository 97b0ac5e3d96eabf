import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { told } from "../store";
import { texts } from "../texts";
import { generate, keepReady, stopMaking, written } from "./making";
import { memory } from "./memory";
import { followHost, HOST, show, shownCue, wanted } from "./shownCue";

const MOST_OF_EACH = 16;
const READY = [0, 1, 2, 3, 4, 6, 8];

/** Of which cue takes are shown, and have more of it made. */
export function MakeBar() {
  const count = useSignal(3);
  const { cues, none, run, one, wrong, ready, preparing } = told.takes.value;
  useEffect(() => (wanted.value === HOST ? followHost() : undefined), [wanted.value]);
  const names = cues.map((cue) => cue.name);
  const others = [...new Set(memory.value?.takes.map((take) => take.cue))].filter((cue) => cue && !names.includes(cue));
  const cue = shownCue.value;
  const ask = (event: Event) => {
    event.preventDefault();
    written.value = null;
    if (!run && cue !== "") void generate(cue, count.value);
  };
  const of = cue === null ? texts.takes.everyCue : cue || texts.takes.noCueHere;
  const prepared = cues.reduce((sum, one) => sum + Math.min(one.there, ready), 0);
  return (
    <section class="panel maker" aria-label={texts.takes.make}>
      <form onSubmit={ask}>
        <label>
          {texts.takes.cue}
          <select value={wanted.value} onChange={(event) => show(event.currentTarget.value)}>
            <option value="">{texts.takes.allCues}</option>
            <option value={HOST}>{texts.takes.hostCue}</option>
            {[...names, ...others].map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        {cues.length > 0 && (
          <>
            <label>
              {texts.takes.howMany}
              <input
                type="number"
                min="1"
                max={MOST_OF_EACH}
                value={count.value}
                onChange={(event) => {
                  const many = Math.round(Number(event.currentTarget.value)) || 1;
                  count.value = Math.min(MOST_OF_EACH, Math.max(1, many));
                  event.currentTarget.value = String(count.value);
                }}
              />
            </label>
            <button type="submit" class="tool" aria-disabled={!!run || cue === ""}>
              {texts.takes.makeOf(count.value, of)}
            </button>
            <label class="maker-ready" title={texts.takes.readyHint}>
              {texts.takes.ready}
              <select value={ready} onChange={(event) => void keepReady(Number(event.currentTarget.value))}>
                {READY.map((many) => (
                  <option key={many} value={many}>
                    {many || texts.takes.readyNone}
                  </option>
                ))}
              </select>
            </label>
          </>
        )}
      </form>
      {none && <p>{none}</p>}
      {ready > 0 && <p class="quiet small">{texts.takes.readyNow(prepared, ready * cues.length, preparing)}</p>}
      {(run || one) && (
        <div class="maker-run">
          {run && <progress max={run.count} value={run.done} aria-label={texts.takes.progress} />}
          <p role="status">
            {run && texts.takes.running(run.done, run.count, run.cue)}
            {run && one && " "}
            {one && texts.takes.writingOne[one.what](one.of)}
          </p>
          <button type="button" class="tool" onClick={() => void stopMaking()}>
            {texts.takes.stopMaking}
          </button>
        </div>
      )}
      {wrong.length > 0 && (
        <div role="alert">
          <ul class="maker-wrong">
            {wrong.map(({ cue, why }) => (
              <li key={cue}>{texts.takes.wrong(cue, why)}</li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
