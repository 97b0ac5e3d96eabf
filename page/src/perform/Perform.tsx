import { told } from "../store";
import { texts } from "../texts";
import { NextHit } from "./Countdown";
import { driver, freeze, learning, panic, tapped, undo, vary, when } from "./choices";
import { Fader } from "./Fader";
import { LearnBar, StatePads, StingerPads, Whens } from "./Pads";
import { Parts } from "./Parts";

function Action(props: {
  is: string;
  name: string;
  hint: string;
  target: string;
  action: () => void;
  keyName: string;
  pressed?: boolean;
}) {
  const bound = driver(props.target);
  return (
    <button
      type="button"
      class={`action learnable ${props.is} ${told.midi.value.learning === props.target ? "waits" : ""}`}
      aria-pressed={props.pressed}
      title={bound ? texts.learn.bound(bound) : undefined}
      onClick={tapped(props.target, props.action)}
    >
      <span class="action-name">{props.name}</span>
      <span class="action-hint">{props.hint}</span>
      <span class="kbd" aria-hidden="true">
        {props.keyName}
      </span>
      {bound && <span class="bound" aria-hidden="true" />}
    </button>
  );
}

/** One screen for the stage. */
export function Perform({ showKeys }: { showKeys: () => void }) {
  const frozen = told.states.value.frozen_bar;
  return (
    <div class={`perform ${learning.value ? "learning" : ""}`}>
      <h1 class="sr-only">{texts.views.perform}</h1>
      <section class="panel faders" aria-label={texts.perform.controls}>
        <Fader name="intensity" big />
        <div class="small-faders">
          <Fader name="density" />
          <Fader name="valence" />
          <Fader name="arousal" />
          <Fader name="tension" />
        </div>
      </section>
      <div class="stage">
        <NextHit />
        <div class="when-row">
          <Whens />
          <div class="tools">
            <button
              type="button"
              aria-pressed={learning.value}
              class="tool"
              onClick={() => (learning.value = !learning.value)}
            >
              {texts.learn.button}
            </button>
            <button type="button" class="tool keys-button" onClick={showKeys}>
              {texts.keys.button} <kbd>?</kbd>
            </button>
          </div>
        </div>
        <LearnBar />
        <StatePads />
        <StingerPads />
      </div>
      <Parts />
      <div class="actions">
        <Action
          is="vary"
          name={texts.perform.vary}
          hint={texts.perform.varyHint}
          target={`/hitpoint/cue/vary_next ${when.value}`}
          action={vary}
          keyName="V"
        />
        <Action
          is="freeze"
          name={texts.perform.freeze}
          hint={frozen === null ? texts.perform.freezeHint : texts.perform.frozen(frozen)}
          target="/hitpoint/cue/freeze"
          action={freeze}
          keyName="F"
          pressed={frozen !== null}
        />
        <Action
          is="undo"
          name={texts.perform.undo}
          hint={texts.perform.undoHint}
          target="/hitpoint/undo"
          action={undo}
          keyName="Z"
        />
        <Action
          is="panic"
          name={texts.perform.panic}
          hint={texts.perform.panicHint}
          target="/hitpoint/panic"
          action={panic}
          keyName="P"
        />
      </div>
    </div>
  );
}
