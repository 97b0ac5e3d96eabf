import { useSignal } from "@preact/signals";
import { act, told } from "../store";
import { texts } from "../texts";
import { choose, driver, goTo, inAddress, learning, leave, quoted, tapped, throwIn, WHENS, when } from "./choices";

/** When what is called comes. */
export function Whens() {
  return (
    <fieldset class="whens">
      <legend>{texts.perform.when}</legend>
      {WHENS.map((one) => (
        <label key={one} class={when.value === one ? "on" : ""}>
          <input type="radio" name="when" value={one} checked={when.value === one} onChange={() => choose(one)} />
          {texts.perform.whens[one]}
        </label>
      ))}
    </fieldset>
  );
}

function Pad(props: {
  name: string;
  hint?: string;
  target: string;
  action: () => void;
  kind: "state" | "stinger";
  holds?: boolean;
  coming?: boolean;
  keyName?: string | undefined;
}) {
  const bound = driver(props.target);
  const classes = ["pad", "learnable", props.kind];
  if (props.holds) classes.push("holds");
  if (props.coming) classes.push("coming");
  if (told.midi.value.learning === props.target) classes.push("waits");
  return (
    <button
      type="button"
      class={classes.join(" ")}
      aria-pressed={props.kind === "state" ? props.holds : undefined}
      title={bound ? texts.learn.bound(bound) : undefined}
      onClick={tapped(props.target, props.action)}
    >
      <span class="pad-name">{props.name}</span>
      {props.coming && <span class="pad-note">{texts.perform.coming}</span>}
      {!props.coming && props.hint && <span class="pad-note hint">{props.hint}</span>}
      {props.keyName && (
        <span class="kbd pad-key" aria-hidden="true">
          {props.keyName}
        </span>
      )}
      {bound && <span class="bound" aria-hidden="true" />}
    </button>
  );
}

export const STINGER_KEYS = "qwertyuio";

/** States and the timeline, each to be called with one tap. */
export function StatePads() {
  const { known, holding, coming } = told.states.value;
  const names = Object.keys(known);
  return (
    <section class="panel states" aria-label={texts.perform.states}>
      <h2>{texts.perform.states}</h2>
      <div class="pads">
        <Pad
          name={texts.perform.timelineState}
          hint={texts.perform.timelineStateHint}
          target="/hitpoint/state/return"
          action={leave}
          kind="state"
          holds={holding === ""}
          coming={coming?.name === ""}
          keyName="0"
        />
        {names.map((name, index) => (
          <Pad
            key={name}
            name={name}
            hint={known[name] ?? ""}
            target={`/hitpoint/state/go ${quoted(name)} ${when.value}`}
            action={() => goTo(name)}
            kind="state"
            holds={holding === name}
            coming={coming?.name === name}
            keyName={index < 9 ? String(index + 1) : undefined}
          />
        ))}
        <NewState />
      </div>
    </section>
  );
}

function NewState() {
  const open = useSignal(false);
  const name = useSignal("");
  const words = useSignal("");
  if (!open.value) {
    return (
      <button type="button" class="pad new" onClick={() => (open.value = true)}>
        <span class="pad-name">+ {texts.perform.addState}</span>
      </button>
    );
  }
  const save = async (event: Event) => {
    event.preventDefault();
    if (!(await act("/hitpoint/state/define", name.value.trim(), words.value.trim()))) return;
    open.value = false;
    name.value = words.value = "";
  };
  return (
    <form class="new-state" onSubmit={save}>
      <label>
        {texts.perform.stateName}
        <input
          value={name.value}
          required
          maxLength={60}
          // biome-ignore lint/a11y/noAutofocus: the person has just asked for this form.
          autoFocus
          onInput={(event) => (name.value = event.currentTarget.value)}
        />
      </label>
      <label>
        {texts.perform.stateWords}
        <input
          value={words.value}
          required
          placeholder={texts.perform.stateWordsExample}
          onInput={(event) => (words.value = event.currentTarget.value)}
        />
      </label>
      <div class="row">
        <button type="submit" class="primary">
          {texts.perform.save}
        </button>
        <button type="button" onClick={() => (open.value = false)}>
          {texts.learn.cancel}
        </button>
      </div>
    </form>
  );
}

export function StingerPads() {
  const stingers = told.stingers.value;
  return (
    <section class="panel stingers" aria-label={texts.perform.stingers}>
      <h2>{texts.perform.stingers}</h2>
      {stingers.length === 0 && <p class="quiet">{texts.perform.noStingers}</p>}
      <div class="pads">
        {stingers.map((name, index) => (
          <Pad
            key={name}
            name={name}
            target={`/hitpoint/stinger/${inAddress(name)} ${when.value}`}
            action={() => throwIn(name)}
            kind="stinger"
            keyName={STINGER_KEYS[index]?.toUpperCase()}
          />
        ))}
      </div>
    </section>
  );
}

/** What learning waits for, and what can be let go. */
export function LearnBar() {
  const { learning: target, unbound } = told.midi.value;
  const last = useSignal("");
  if (target && last.value !== target) last.value = target;
  if (!learning.value) return null;
  const done = () => {
    learning.value = false;
    last.value = "";
    if (target) void act("/hitpoint/midi/cancel");
  };
  const bound = last.value ? driver(last.value) : "";
  return (
    <div class="learn-bar" role="status">
      <span class="learn-words">
        {target ? texts.learn.waiting(target) : texts.learn.choose}
        {!target && bound && (
          <>
            {" "}
            <b>{last.value}</b> {texts.learn.bound(bound)}.
          </>
        )}
        {!target && !bound && unbound && <span class="quiet"> {texts.learn.last(unbound)}</span>}
      </span>
      {target && (
        <button type="button" onClick={() => act("/hitpoint/midi/cancel")}>
          {texts.learn.cancel}
        </button>
      )}
      {bound && (
        <button
          type="button"
          aria-label={texts.learn.forgetLabel(last.value)}
          onClick={() => act("/hitpoint/midi/forget", last.value)}
        >
          {texts.learn.forget}
        </button>
      )}
      <button type="button" class="primary" onClick={done}>
        {texts.learn.done}
      </button>
    </div>
  );
}
