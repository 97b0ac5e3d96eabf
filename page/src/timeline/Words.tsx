import { useSignal } from "@preact/signals";
import { hits, meterMap } from "../place";
import { act, told } from "../store";
import { texts } from "../texts";
import { off } from "./draw";

/** What to play where no marker says anything. */
export function Direction() {
  const words = useSignal<string | null>(null);
  const give = async (event: Event) => {
    event.preventDefault();
    if (words.value === null) return;
    if (await act("/hitpoint/cue/generate", words.value)) words.value = null;
  };
  return (
    <form class="direction" onSubmit={give}>
      <label class="sr-only" for="direction">
        {texts.timeline.direction}
      </label>
      <input
        id="direction"
        placeholder={texts.timeline.directionHint}
        value={words.value ?? told.direction.value}
        onInput={(event) => (words.value = event.currentTarget.value)}
        onBlur={() => {
          if (words.value === told.direction.value) words.value = null;
        }}
      />
      <button type="submit" class="tool" disabled={words.value === null || words.value === told.direction.value}>
        {texts.timeline.give}
      </button>
    </form>
  );
}

export function Legend() {
  const stages = ["planned", "writing", "ready", "playing"] as const;
  return (
    <ul class="legend" aria-label={texts.timeline.legend}>
      {stages.map((stage) => (
        <li key={stage}>
          <span class={`swatch ${stage}`} aria-hidden="true" />
          {texts.timeline.stages[stage]}
        </li>
      ))}
      <li>
        <span class="swatch fallback" aria-hidden="true" />
        {texts.timeline.fallback}
      </li>
    </ul>
  );
}

function place(tick: number): string {
  const { bar, beat, tick: rest } = meterMap.value.placeAt(tick);
  return `${bar}|${beat}|${rest}`;
}

/** The hits and how far each is off, in words. */
export function HitTable() {
  const landings = told.landings.value;
  const unread = told.spotting.value.unread;
  return (
    <section class="panel table-card" aria-label={texts.timeline.hits}>
      <h2>{texts.timeline.hits}</h2>
      {hits.value.length === 0 ? (
        <p class="quiet">{texts.timeline.noHits}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{texts.timeline.hitTable.name}</th>
              <th scope="col">{texts.timeline.hitTable.place}</th>
              <th scope="col">{texts.timeline.hitTable.kind}</th>
              <th scope="col">{texts.timeline.hitTable.off}</th>
            </tr>
          </thead>
          <tbody>
            {hits.value.map((hit) => {
              const landing = landings[String(hit.tick)];
              const ticks = landing?.landed_ticks ?? landing?.planned_ticks ?? null;
              return (
                <tr key={hit.tick}>
                  <th scope="row">{hit.name}</th>
                  <td class="number">{place(hit.tick)}</td>
                  <td>{texts.timeline.kinds[hit.kind]}</td>
                  <td class={`number ${ticks === null ? "" : Math.abs(ticks) <= 1 ? "good" : "wrong"}`}>
                    {landing ? off(landing) : texts.timeline.notYet}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {unread.length > 0 && (
        <>
          <h3>{texts.timeline.unread}</h3>
          <ul class="plain">
            {unread.map((one) => (
              <li key={one.tick}>
                <b>{one.name}</b> ({place(one.tick)}): {one.reason}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** The plan ahead, in words. */
export function PlanTable() {
  const bars = Object.entries(told.bars.value).sort(([a], [b]) => Number(a) - Number(b));
  return (
    <section class="panel table-card" aria-label={texts.timeline.planTable}>
      <h2>{texts.timeline.planTable}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{texts.timeline.bar}</th>
            <th scope="col">{texts.timeline.state}</th>
            <th scope="col">{texts.timeline.by}</th>
            <th scope="col">{texts.timeline.cue}</th>
          </tr>
        </thead>
        <tbody>
          {bars.map(([bar, now]) => (
            <tr key={bar}>
              <th scope="row">{bar}</th>
              <td>
                <span class={`swatch ${now.stage}`} aria-hidden="true" />
                {texts.timeline.stages[now.stage]}
              </td>
              <td>{now.by === "back-up" ? texts.timeline.fallback : now.by || texts.timeline.notYet}</td>
              <td>{now.cue}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
