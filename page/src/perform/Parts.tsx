import type { Switch } from "../link/protocol";
import { act, told } from "../store";
import { texts } from "../texts";
import { driver, inAddress, tapped } from "./choices";

const SWITCHES: readonly { is: Switch; short: string; name: string }[] = [
  { is: "mute", short: texts.perform.muteShort, name: texts.perform.mute },
  { is: "solo", short: texts.perform.soloShort, name: texts.perform.solo },
  { is: "lock", short: texts.perform.lockShort, name: texts.perform.lock },
];

function Switches({ name, on }: { name: string; on: Readonly<Record<Switch, boolean>> }) {
  return (
    <span class="switches">
      {SWITCHES.map((one) => {
        const address = `/hitpoint/part/${inAddress(name)}/${one.is}`;
        const bound = driver(address);
        return (
          <button
            key={one.is}
            type="button"
            class={`switch learnable ${one.is} ${told.midi.value.learning === address ? "waits" : ""}`}
            aria-pressed={on[one.is]}
            aria-label={texts.perform.ofPart(one.name, name)}
            title={bound ? texts.learn.bound(bound) : one.name}
            onClick={tapped(address, () => void act(address, !on[one.is]))}
          >
            {one.short}
            {bound && <span class="bound" aria-hidden="true" />}
          </button>
        );
      })}
    </span>
  );
}

/** Who plays, by stem: mute, solo, lock. */
export function Parts() {
  const parts = Object.entries(told.parts.value).sort(([, a], [, b]) => a.order - b.order);
  const stems = [...new Set(parts.map(([, part]) => part.stem))];
  const off = { mute: false, solo: false, lock: false };
  return (
    <section class="panel parts" aria-label={texts.perform.parts}>
      <h2>{texts.perform.parts}</h2>
      {parts.length === 0 && <p class="quiet">{texts.perform.noParts}</p>}
      <ul>
        {stems.map((stem) => {
          const members = parts.filter(([, part]) => part.stem === stem);
          return (
            <li key={stem} class="stem">
              {members.length > 1 && (
                <div class="part-row stem-row">
                  <span class="part-name">{stem}</span>
                  <Switches name={stem} on={told.stems.value[stem] ?? off} />
                </div>
              )}
              <ul>
                {members.map(([name, part]) => (
                  <li key={name} class={`part-row ${part.sounds ? "" : "silent"}`}>
                    <span class="part-name">
                      <span class="lamp" aria-hidden="true" />
                      {name}
                      {!part.sounds && <span class="sr-only">, {texts.perform.silent}</span>}
                    </span>
                    <Switches name={name} on={part} />
                  </li>
                ))}
              </ul>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
