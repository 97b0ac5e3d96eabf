// A take made into sound, from any place on, frame by frame. Runs anywhere; in the page, in its worker.

import { type BasicSoundBank, SpessaSynthProcessor } from "spessasynth_core";
import { CONTROLLER, type Message, NOTE_OFF, NOTE_ON, PROGRAM } from "./score";

/** What the synthesiser makes at once, at most. */
const FRAMES_AT_ONCE = 128;
/** Of its channels. */
const AT_FIRST = 16;

export class Rendering {
  private readonly synth: SpessaSynthProcessor;
  private next = 0;
  /** Frames from where it began. */
  private frame = 0;

  /** `from`: second of the take that it begins with. What sounds there already is struck. */
  constructor(
    bank: BasicSoundBank,
    private readonly messages: readonly Message[],
    private readonly from: number,
    readonly rate: number,
  ) {
    this.synth = new SpessaSynthProcessor(rate, { eventsEnabled: false, maxBufferSize: FRAMES_AT_ONCE });
    // A SoundFont of a few instruments plays all with what it has, and says nothing of it.
    this.synth.onMissingPreset = () => bank.presets[0];
    this.synth.soundBankManager.addSoundBank(bank, "the one");
    const last = messages.reduce((most, one) => Math.max(most, one.channel), 0);
    for (let channel = AT_FIRST; channel <= last; channel++) this.synth.createMIDIChannel();
    this.catchUp();
  }

  /** How many voices sound. */
  get voices(): number {
    return this.synth.voiceCount;
  }

  /** Fill these with what comes next. */
  render(left: Float32Array, right: Float32Array): void {
    for (let done = 0; done < left.length; ) {
      const now = this.frame + done;
      for (; this.next < this.messages.length; this.next++) {
        const message = this.messages[this.next] as Message;
        if (this.frameOf(message) > now) break;
        this.send(message);
      }
      const coming = this.messages[this.next];
      const until = coming ? this.frameOf(coming) - now : FRAMES_AT_ONCE;
      const frames = Math.min(FRAMES_AT_ONCE, left.length - done, until);
      this.synth.process(left, right, done, frames);
      done += frames;
    }
    this.frame += left.length;
  }

  private frameOf(message: Message): number {
    return Math.round((message.at - this.from) * this.rate);
  }

  /** All programs and controllers as they are at `from`, and what is held there. */
  private catchUp(): void {
    const set = new Map<string, Message>();
    const held = new Map<string, Message>();
    for (; this.next < this.messages.length; this.next++) {
      const message = this.messages[this.next] as Message;
      if (message.at >= this.from) break;
      const key = `${message.channel} ${message.data[0]}`;
      if (message.kind === NOTE_ON && message.data[1]) held.set(key, message);
      else if (message.kind === NOTE_ON || message.kind === NOTE_OFF) held.delete(key);
      else set.set(message.kind === CONTROLLER ? key : `${message.channel} of ${message.kind}`, message);
    }
    for (const message of [...set.values(), ...held.values()]) this.send(message);
  }

  private send({ channel, kind, data }: Message): void {
    const [first = 0, second = 0] = data;
    if (kind === NOTE_ON) this.synth.noteOn(channel, first, second);
    else if (kind === NOTE_OFF) this.synth.noteOff(channel, first);
    else if (kind === PROGRAM) this.synth.programChange(channel, first);
    else if (kind === CONTROLLER) this.synth.controllerChange(channel, first as never, second);
  }
}
