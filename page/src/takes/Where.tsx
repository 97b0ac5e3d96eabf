import { told } from "../store";
import { texts } from "../texts";
import { hearIn, plays, where } from "./player";
import { silence } from "./ports";

/** Where takes are heard. */
export function Where() {
  const words = texts.takes.where;
  const other = told.audition.value.take;
  return (
    <div class="player-where">
      <fieldset class="choice" aria-label={words.label}>
        {(["browser", "ports"] as const).map((name) => (
          <button
            key={name}
            type="button"
            class="tool"
            aria-pressed={where.value === name}
            title={words.hints[name]}
            onClick={() => hearIn(name)}
          >
            {words.names[name]}
          </button>
        ))}
      </fieldset>
      {other && !(plays.value && where.value === "ports") && (
        <button type="button" class="tool" onClick={() => void silence()}>
          {words.silence(other)}
        </button>
      )}
    </div>
  );
}
